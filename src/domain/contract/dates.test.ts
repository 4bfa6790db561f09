import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { civilYears } from './civil.ts'
import { contractOf, factsOf, published, six, started } from './contracts.fixture.ts'
import { deadlines, tacitValidation } from './deadlines.ts'
import { compute } from './engine.ts'
import { standings } from './standing.ts'
import type { Deadline } from './types.ts'

const of = (list: readonly Deadline[], mission: string | null, what: string) => list.find(d => d.mission === mission && d.what === what)!

describe('deadlines', () => {
  it('count down in days and in working days', () => {
    const d = of(deadlines(published['grand-versailles'], factsOf(), '2022-12-12'), 'pathways', 'deployment')
    assert.deepEqual([d.due, d.daysLeft, d.workingDaysLeft, d.state, d.lastWorkingDay], ['2022-12-17', 5, 4, 'running', '2022-12-16'])
  })
  it('are met, met late, or late from the day after', () => {
    const at = (started: string | null, on: string) =>
      of(deadlines(published['sud-allier'], factsOf({ missions: [{ mission: 'access', started, deployed: null }] }), on), 'access', 'start')
        .state
    assert.equal(at('2020-12-17', '2021-01-01'), 'met')
    assert.equal(at('2020-12-18', '2021-01-01'), 'met-late')
    assert.equal(at(null, '2020-12-17'), 'running')
    assert.equal(at(null, '2020-12-18'), 'late')
    assert.equal(at('2020-12-10', '2020-12-01'), 'running')
  })
  it('come with the amendment that brings a mission; a free choice has none', () => {
    const c = contractOf({ amendments: [{ id: 'a', from: '2022-06-17', until: null, changes: { text: 'avenant-2', missions: six } }] })
    const list = deadlines(c, factsOf(), '2022-07-01')
    assert.equal(of(list, 'crisis', 'start').due, '2022-12-17')
    assert.equal(
      list.some(d => d.mission === 'quality' || d.mission === 'support'),
      false,
    )
  })
  it('signed on the last day of August: six months later is the last of February', () => {
    assert.equal(of(deadlines(contractOf({ signed: '2021-08-31' }), factsOf(), '2021-09-01'), 'access', 'start').due, '2022-02-28')
  })
  it('a project is deemed validated two months after it was sent', () => {
    const d = tacitValidation('2021-05-03', '2021-06-01')
    assert.deepEqual([d.due, d.state, d.daysLeft], ['2021-07-03', 'running', 32])
  })
})

describe('the civil calendar', () => {
  const s = compute(contractOf(), factsOf({ missions: started('2020-06-17') }), '2021-01-01')
  it('cuts each contract year by its days', () => {
    const civil = civilYears(s)
    assert.deepEqual(
      civil.map(c => c.civil),
      [2020, 2021, 2022, 2023, 2024, 2025],
    )
    // 17 June to 31 December 2020: 198 days of 365, of 50 000 €.
    const running = civil[0]!.parts.find(p => p.heading === 'running')!
    assert.deepEqual([running.earned.cents, running.from, running.to], [Math.round((50_000_00 * 198) / 365), '2020-06-17', '2021-01-01'])
  })
  it('puts a payment in the year of its day', () => {
    const paid2025 = s.payments.filter(p => p.day.startsWith('2025')).reduce((sum, p) => sum + p.figure.cents, 0)
    assert.equal(civilYears(s).at(-1)!.paid.cents, paid2025)
  })
})
describe('where a heading stands on a day', () => {
  it('acquired by the days passed, the rest expected, and what came', () => {
    const facts = factsOf({ missions: started('2020-06-17'), receipts: [{ day: '2020-07-01', heading: 'running', cents: 50_000_00 }] })
    const s = compute(contractOf(), facts, '2020-06-27')
    const running = standings(s, facts, 1).find(x => x.heading === 'running')!
    assert.equal(running.acquired.cents, Math.round((50_000_00 * 10) / 365))
    assert.equal(running.acquired.cents + running.expected.cents, 50_000_00)
    assert.deepEqual([running.payable.cents, running.received], [50_000_00, 0])
    assert.equal(standings(compute(contractOf(), facts, '2020-07-01'), facts, 1)[0]!.received, 50_000_00)
  })
})
