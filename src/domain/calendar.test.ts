import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  addDays,
  addMonths,
  addWorkingDays,
  anniversary,
  asDay,
  dayNumber,
  dayOf,
  daysFrom,
  easter,
  holidays,
  isDay,
  isWorkingDay,
  toWorkingDay,
  weekday,
  workingDaysBetween,
} from './calendar.ts'

const anyDay = fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2400-12-31') }).map(dayOf)

describe('days', () => {
  it('are numbered as the machine numbers them', () => {
    fc.assert(
      fc.property(anyDay, day => {
        assert.equal(dayNumber(day), Date.parse(`${day}T00:00:00Z`) / 86_400_000)
        assert.equal(dayOf(dayNumber(day)), day)
        assert.equal(weekday(day), (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7)
      }),
    )
  })
  it('that do not exist are refused', () => {
    for (const wrong of ['2023-02-29', '2023-13-01', '2023-00-10', '2023-04-31', '23-04-01', '2023-4-1', 'hier', ''])
      assert.equal(isDay(wrong), false, wrong)
    assert.equal(isDay('2024-02-29'), true)
    assert.throws(() => asDay('2023-02-29'), RangeError)
  })
})
describe('months and years', () => {
  it('go to the same day, or the last of the month', () => {
    assert.equal(addMonths('2020-06-17', 18), '2021-12-17')
    assert.equal(addMonths('2021-08-31', 6), '2022-02-28')
    assert.equal(addMonths('2023-08-31', 6), '2024-02-29')
    assert.equal(addMonths('2024-01-31', -2), '2023-11-30')
  })
  it('signed on 29 February: the 28th, then the 29th again', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(n => anniversary('2020-02-29', n)),
      ['2021-02-28', '2022-02-28', '2023-02-28', '2024-02-29', '2025-02-28'],
    )
  })
  it('never go beyond the month aimed at', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -200, max: 200 }), (day, months) => {
        const to = addMonths(day, months)
        assert.ok(isDay(to))
        const index = (d: string) => Number(d.slice(0, 4)) * 12 + Number(d.slice(5, 7))
        assert.equal(index(to) - index(day), months)
      }),
    )
  })
})
describe('working days in France', () => {
  it('Easter and the days that follow it', () => {
    assert.deepEqual([2019, 2024, 2025, 2026, 2038].map(easter), ['2019-04-21', '2024-03-31', '2025-04-20', '2026-04-05', '2038-04-25'])
    const days = holidays(2026)
    assert.equal(days.size, 11)
    assert.equal(days.get('2026-04-06'), 'lundi de Pâques')
    assert.equal(days.get('2026-05-14'), 'Ascension')
    assert.equal(days.get('2026-05-25'), 'lundi de Pentecôte')
    assert.equal(holidays(2008).get('2008-05-01'), 'fête du Travail, Ascension')
  })
  it('Good Friday and 26 December are kept in Alsace and Moselle only', () => {
    assert.equal(isWorkingDay('2025-04-18'), true)
    assert.equal(isWorkingDay('2025-04-18', 'alsace-moselle'), false)
    assert.equal(isWorkingDay('2025-12-26'), true)
    assert.equal(isWorkingDay('2025-12-26', 'alsace-moselle'), false)
  })
  it('are counted without weekends and holidays', () => {
    assert.equal(addWorkingDays('2026-04-30', 1), '2026-05-04')
    assert.equal(addWorkingDays('2026-05-04', -1), '2026-04-30')
    assert.equal(workingDaysBetween('2026-04-30', '2026-05-11'), 5)
    assert.equal(workingDaysBetween('2026-05-11', '2026-04-30'), 0)
    assert.equal(toWorkingDay('2022-12-17', -1), '2022-12-16')
    assert.equal(toWorkingDay('2022-12-17', 1), '2022-12-19')
  })
  it('are those that counting one by one finds', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: 0, max: 900 }),
        fc.constantFrom('france' as const, 'alsace-moselle' as const),
        (from, n, region) => {
          let count = 0
          for (let i = 1; i <= n; i++) if (isWorkingDay(addDays(from, i), region)) count++
          assert.equal(workingDaysBetween(from, addDays(from, n), region), count)
        },
      ),
    )
  })
  it('adding n of them passes exactly n of them', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (day, n) => {
        const to = addWorkingDays(day, n)
        assert.equal(workingDaysBetween(day, to), n)
        assert.ok(isWorkingDay(to))
        assert.ok(daysFrom(day, to) >= n && addDays(day, n) <= to)
      }),
      { numRuns: 50 },
    )
  })
})
