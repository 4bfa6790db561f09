import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { euros } from '../money.ts'
import { anyCase, contractOf, factsOf, five, indicatorOf, measured, started, typed } from './contracts.fixture.ts'
import { computeYear } from './engine.ts'
import { leftToEarn, project, yearOn } from './left.ts'
import type { Facts, Lever } from './types.ts'

const meetings = indicatorOf({
  id: 'meetings',
  mission: 'pathways',
  name: 'Réunions pluriprofessionnelles',
  weight: 5000,
  targets: [{ year: 1, target: { numerator: 20, denominator: 1 } }],
})
const listed = indicatorOf({
  id: 'listed',
  mission: 'pathways',
  name: 'Annuaire',
  weight: 3000,
  measure: 'share',
  targets: [{ year: 1, target: { numerator: 90, denominator: 100 } }],
})
const procedure = indicatorOf({ id: 'procedure', mission: 'pathways', name: 'Procédure écrite', weight: 2000, measure: 'done' })
const contract = contractOf({ indicators: [meetings, listed, procedure] })
const facts: Facts = factsOf({
  missions: started('2020-06-17', five),
  values: [
    measured('meetings', 1, 10),
    measured('listed', 1, 45, 100),
    { indicator: 'procedure', year: 1, value: { state: 'done', done: false } },
  ],
})
const lever = (over: Partial<Lever> & { id: string; indicator: string }): Lever => ({
  name: over.id,
  units: 1,
  hours: 2,
  by: null,
  ...over,
})
const on = '2021-01-15'

describe('what is missing to earn the rest', () => {
  it('is ordered by euro per hour of work, each with its day', () => {
    const left = leftToEarn(
      contract,
      facts,
      [
        lever({ id: 'soirée', indicator: 'meetings', units: 4, hours: 10 }),
        lever({ id: 'écrire', indicator: 'procedure', hours: 5, by: '2021-03-31' }),
      ],
      on,
    )!
    // pathways, variable, size 1: 25 000 €.
    assert.deepEqual(
      left.opportunities.filter(o => o.mission === 'pathways').map(o => [o.name, o.kind, o.gain.cents, o.perHour, o.by]),
      [
        ['écrire', 'action', euros(5_000), euros(1_000), '2021-03-31'],
        ['soirée', 'action', euros(2_500), euros(250), '2021-06-16'],
        ['Annuaire', 'no-action', euros(3_750), null, '2021-06-16'],
      ],
    )
    assert.deepEqual(left.opportunities.map(o => o.unitsMissing).slice(0, 3), [1, 10, 45])
    assert.equal(left.remaining.cents, euros(5_000 + 6_250 + 3_750))
    assert.equal(left.remaining.provenance, 'assumed')
  })
  it('brings nothing beyond the target, after the last day, or where the minutes have decided', () => {
    const names = (f: Facts, levers: Lever[]) => leftToEarn(contract, f, levers, on)!.opportunities.map(o => o.name)
    const more = lever({ id: 'encore', indicator: 'meetings', units: 100 })
    assert.equal(leftToEarn(contract, facts, [more], on)!.opportunities.find(o => o.name === 'encore')!.gain.cents, euros(6_250))
    assert.ok(!names(facts, [{ ...more, by: '2021-01-14' }]).includes('encore'))
    assert.ok(
      !names({ ...facts, decisions: [{ mission: 'pathways', year: 1, cents: 1, reason: '', ...typed }] }, [more]).includes('encore'),
    )
    assert.equal(leftToEarn(contract, facts, [], '2031-01-01'), null)
  })
  it('also says to start a mission, and to measure what is not', () => {
    const left = leftToEarn(contract, factsOf({ missions: started('2020-06-17', ['pathways']) }), [], on)!
    const kinds = new Set(left.opportunities.map(o => o.kind))
    assert.ok(kinds.has('start-mission') && kinds.has('measure'))
    const prevention = left.opportunities.find(o => o.kind === 'start-mission' && o.mission === 'prevention')!
    assert.equal(prevention.gain.cents, Math.round((10_000_00 * 153) / 365))
  })
  it('no action alone brings more than all that is left, whatever the contract', () => {
    fc.assert(
      fc.property(anyCase, ({ contract: any, facts: f, on: day }) => {
        // A target that goes against the direction wanted is refused elsewhere.
        const c = { ...any, indicators: any.indicators.filter(i => i.formula === 'ratio' || i.measure === 'done') }
        const levers = c.indicators.map((i, n) => lever({ id: `l${n}`, indicator: i.id, units: 1 + n, hours: n % 3 ? n : null }))
        const left = leftToEarn(c, f, levers, day)
        if (!left) return
        const perHour = left.opportunities.map(o => o.perHour ?? -1)
        assert.deepEqual(
          perHour,
          [...perHour].sort((a, b) => b - a),
        )
        for (const o of left.opportunities) assert.ok(o.gain.cents > 0 && o.gain.cents <= left.remaining.cents && o.daysLeft >= 0)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the end of the year', () => {
  const levers = [lever({ id: 'soirée', indicator: 'meetings', units: 4 }), lever({ id: 'écrire', indicator: 'procedure' })]
  const due = (s: 'pessimistic' | 'trend' | 'plan') => {
    const p = project(contract, facts, levers, s, on)!
    return p.year.lines.find(l => l.heading === 'pathways' && l.part === 'variable')!.due.cents
  }
  it('stays as it is, goes on at the same pace, or follows the plan', () => {
    assert.equal(due('pessimistic'), euros(25_000 * (0.5 * 0.5 + 0.3 * 0.5)))
    // 213 days of 365 passed: 10 meetings become 17.
    assert.equal(due('trend'), euros(25_000 * (0.5 * (17 / 20) + 0.3 * 0.5)))
    assert.equal(due('plan'), euros(25_000 * (0.5 * (14 / 20) + 0.3 * 0.5 + 0.2)))
  })
  it('says what it supposes of each indicator, and does not invent what nobody measured', () => {
    const unmeasured = { ...facts, values: facts.values.filter(v => v.indicator !== 'listed') }
    assert.deepEqual(
      project(contract, unmeasured, levers, 'trend', on)!.supposed.map(x => [x.indicator, x.because]),
      [
        ['meetings', 'same-pace'],
        ['listed', 'not-known'],
        ['procedure', 'as-today'],
      ],
    )
  })
  it('pessimistic is the statement of today; trend and plan are never below it', () => {
    fc.assert(
      fc.property(anyCase, ({ contract: c, facts: f, on: day }) => {
        const year = yearOn(c, day)
        if (!year) return
        const higher = c.indicators.filter(i => (i.better === 'higher' && i.formula === 'ratio') || i.measure === 'done')
        const only = { ...c, indicators: higher }
        const [low, trend, plan] = (['pessimistic', 'trend', 'plan'] as const).map(
          s =>
            project(
              only,
              f,
              higher.map(i => lever({ id: i.id, indicator: i.id })),
              s,
              day,
            )!,
        )
        assert.equal(low!.year.due.cents, computeYear(only, f, year.year, day)!.due.cents)
        assert.ok(trend!.year.due.cents >= low!.year.due.cents && plan!.year.due.cents >= low!.year.due.cents)
      }),
      { numRuns: 60 },
    )
  })
})
