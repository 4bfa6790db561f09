import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { euros } from '../money.ts'
import { ceilings } from './ceilings.ts'
import { civilYears } from './civil.ts'
import { anyCase, contractOf, factsOf, five, indicatorOf, measured, published, six, started, termsOf, typed } from './contracts.fixture.ts'
import { compute, computeYear } from './engine.ts'
import { goldenFailures } from './golden.fixture.ts'
import { national } from './national.ts'
import { standings } from './standing.ts'
import type { Facts, Heading, Line, Part, Statement } from './types.ts'

const lineOf = (s: Statement, year: number, heading: Heading, part: Part): Line =>
  s.years.find(y => y.year === year)!.lines.find(l => l.heading === heading && l.part === part)!
const paid = (s: Statement, heading: Heading, part: Part) =>
  s.payments.filter(p => p.heading === heading && p.part === part).map(p => [p.day, p.kind, p.figure.cents])
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

describe('what the sources announce', () => {
  it('comes out of the tables', () => assert.deepEqual(goldenFailures(national), []))
  it('is shown twice: with the compensation of unscheduled care, and without', () => {
    const allier = ceilings(published['sud-allier'].terms, 1)
    assert.equal(allier.withoutCompensation.computed!.cents, euros(185_000))
    assert.equal(allier.withCompensation.computed!.cents, euros(220_000))
    assert.deepEqual(
      ['withCompensation', 'withoutCompensation'].map(k => allier[k as keyof typeof allier].agreement),
      ['equal', 'equal'],
    )
  })
  it('is beside a sum of assumed amounts, and never makes it less assumed', () => {
    const { withCompensation } = ceilings(termsOf({ text: 'avenant-2', missions: six }), 4)
    assert.equal(withCompensation.computed!.provenance, 'assumed')
    assert.equal(withCompensation.stated!.figure.provenance, 'sourced')
    assert.equal(withCompensation.agreement, 'equal')
  })
  it('is not compared with a contract that takes fewer missions', () => {
    const { withCompensation } = ceilings(termsOf({ missions: ['access', 'pathways', 'prevention'] }), 3)
    assert.equal(withCompensation.stated, null)
    assert.equal(withCompensation.computed!.cents, euros(320_000))
  })
  it('says what nobody knows instead of counting it as zero: the crisis mission at size 2', () => {
    const { withCompensation } = ceilings(termsOf({ text: 'avenant-2', missions: six }), 2)
    assert.equal(withCompensation.computed, null)
    assert.deepEqual(withCompensation.unknown, [
      { heading: 'crisis', part: 'plan' },
      { heading: 'crisis', part: 'occurrence' },
    ])
    const s = compute(contractOf({ signed: '2023-01-10', terms: { text: 'avenant-2', missions: six, size: 2 } }), factsOf(), '2023-06-01')
    assert.deepEqual(
      s.years[0]!.missing.filter(m => m.code === 'amount-unknown').map(m => m.part),
      ['plan', 'occurrence'],
    )
    assert.equal(
      s.years[0]!.lines.some(l => l.heading === 'crisis'),
      false,
    )
  })
})

describe('the running part', () => {
  it('is paid in full at signature, then 75 % and the balance at each anniversary', () => {
    const s = compute(contractOf(), factsOf({ missions: started('2020-12-01') }), '2022-01-01')
    assert.deepEqual(paid(s, 'running', 'running'), [
      ['2020-06-17', 'full', euros(50_000)],
      ['2021-06-17', 'advance', euros(37_500)],
      ...['2022', '2023', '2024'].flatMap(year => [
        [`${year}-06-17`, 'balance', euros(12_500)],
        [`${year}-06-17`, 'advance', euros(37_500)],
      ]),
      ['2025-06-17', 'balance', euros(12_500)],
    ])
    assert.equal(lineOf(s, 2, 'running', 'running').due.provenance, 'sourced')
  })
  it('waits for a first mission from the second year on, then comes in full', () => {
    const s = compute(contractOf(), factsOf({ missions: started('2022-01-10', ['pathways']) }), '2022-02-01')
    assert.deepEqual(paid(s, 'running', 'running').slice(0, 3), [
      ['2020-06-17', 'full', euros(50_000)],
      ['2022-01-10', 'advance', euros(37_500)],
      ['2022-06-17', 'balance', euros(12_500)],
    ])
    assert.equal(lineOf(s, 2, 'running', 'running').due.provenance, 'assumed')
    const none = compute(contractOf(), factsOf(), '2022-02-01')
    assert.equal(lineOf(none, 2, 'running', 'running').reason, 'no-mission-started')
    assert.equal(lineOf(none, 2, 'running', 'running').open.cents, euros(50_000))
    assert.equal(lineOf(compute(contractOf(), factsOf(), '2023-01-01'), 2, 'running', 'running').lost.cents, euros(50_000))
  })
})
describe('the fixed part of a mission', () => {
  it('is 75 % at its start, prorated to the next anniversary, then balance and 75 %', () => {
    // 17 December 2020 to 17 June 2021: 182 days of 365.
    const s = compute(contractOf(), factsOf({ missions: started('2020-12-17', ['pathways']) }), '2021-01-01')
    const due = Math.round((25_000_00 * 182) / 365)
    assert.deepEqual(paid(s, 'pathways', 'fixed').slice(0, 4), [
      ['2020-12-17', 'advance', Math.round((0.75 * 25_000_00 * 182) / 365)],
      ['2021-06-17', 'balance', due - Math.round((0.75 * 25_000_00 * 182) / 365)],
      ['2021-06-17', 'advance', euros(18_750)],
      ['2022-06-17', 'balance', euros(6_250)],
    ])
    const line = lineOf(s, 1, 'pathways', 'fixed')
    assert.deepEqual([line.due.cents, line.lost.cents], [due, 25_000_00 - due])
  })
  it('not started: the days passed are lost, the others still open', () => {
    const line = lineOf(compute(contractOf(), factsOf(), '2020-12-17'), 1, 'prevention', 'fixed')
    assert.equal(line.reason, 'not-started')
    assert.deepEqual([line.due.cents, line.open.cents + line.lost.cents], [0, euros(10_000)])
    assert.equal(line.open.cents, Math.round((10_000_00 * 182) / 365))
  })
  it('counts a year of 366 days on 366', () => {
    const s = compute(contractOf({ signed: '2023-06-17' }), factsOf({ missions: started('2023-06-17') }), '2023-07-01')
    assert.equal(s.years[0]!.days, 366)
    assert.equal(lineOf(s, 1, 'pathways', 'fixed').due.cents, euros(25_000))
  })
})
describe('the variable part', () => {
  const two = [
    indicatorOf({ id: 'a', weight: 6000, targets: [{ year: 1, target: { numerator: 80, denominator: 100 } }], measure: 'share' }),
    indicatorOf({
      id: 'b',
      weight: 4000,
      better: 'lower',
      measure: 'level',
      targets: [{ year: 1, target: { numerator: 10, denominator: 1 } }],
    }),
  ]
  const facts = (...values: Facts['values']): Facts => factsOf({ missions: started('2020-06-17'), values })
  const access = (f: Facts) => lineOf(compute(contractOf({ indicators: two }), f, '2021-07-01'), 1, 'access', 'variable')
  it('is the envelope times weights and rates, both ways round', () => {
    const line = access(facts(measured('a', 1, 40, 100), measured('b', 1, 20)))
    assert.equal(line.due.cents, euros(15_000 * (0.6 * 0.5 + 0.4 * 0.5)))
    assert.deepEqual([line.open.cents, line.lost.cents], [0, euros(7_500)])
  })
  it('is never more than the envelope, however good the figures', () => {
    assert.equal(access(facts(measured('a', 1, 100, 100), measured('b', 1, 0))).due.cents, euros(15_000))
    const generous = [{ ...two[0]!, cap: 150 }, two[1]!]
    const line = lineOf(
      compute(contractOf({ indicators: generous }), facts(measured('a', 1, 100, 100), measured('b', 1, 20)), '2021-07-01'),
      1,
      'access',
      'variable',
    )
    assert.equal(line.due.cents, euros(15_000 * (0.6 * 1.25 + 0.4 * 0.5)))
    const above = lineOf(
      compute(contractOf({ indicators: generous }), facts(measured('a', 1, 100, 100), measured('b', 1, 10)), '2021-07-01'),
      1,
      'access',
      'variable',
    )
    assert.equal(above.due.cents, euros(15_000))
    assert.ok(above.steps.some(s => s.data.what === 'limit'))
  })
  it('does not count as zero what is not available: its share stays open', () => {
    const line = access(
      facts(measured('a', 1, 80, 100), { indicator: 'b', year: 1, value: { state: 'unavailable', reason: 'fichier non reçu' } }),
    )
    assert.deepEqual([line.due.cents, line.open.cents, line.lost.cents], [euros(9_000), euros(6_000), 0])
    assert.equal(line.reason, 'indicators-open')
  })
  it('is what the signed minutes decided, with their reason', () => {
    const decision = { mission: 'access', year: 1, cents: euros(12_345), reason: 'Année de démarrage', ...typed } as const
    const line = access({ ...facts(measured('a', 1, 0, 100)), decisions: [decision] })
    assert.equal(line.reason, 'decided')
    assert.deepEqual([line.due.cents, line.due.provenance, line.lost.cents], [euros(12_345), 'contract', euros(2_655)])
    const above = compute(contractOf({ indicators: two }), { ...facts(), decisions: [{ ...decision, cents: euros(16_000) }] }, '2021-07-01')
    assert.equal(lineOf(above, 1, 'access', 'variable').due.cents, euros(16_000))
    assert.equal(lineOf(above, 2, 'access', 'variable').reason, 'indicators-open')
    assert.ok(above.problems.some(p => p.code === 'decision-above-envelope'))
  })
  it('goes from the baseline to the target where the contract says so', () => {
    const rate = (better: 'higher' | 'lower', base: number, target: number, value: number) => {
      const i = indicatorOf({
        id: 'p',
        measure: 'level',
        better,
        formula: 'progress',
        baseline: { numerator: base, denominator: 100 },
        targets: [{ year: 1, target: { numerator: target, denominator: 100 } }],
      })
      return (
        lineOf(compute(contractOf({ indicators: [i] }), facts(measured('p', 1, value, 100)), '2021-07-01'), 1, 'access', 'variable').due
          .cents / euros(15_000)
      )
    }
    assert.equal(rate('higher', 40, 60, 50), 0.5)
    assert.equal(rate('lower', 30, 20, 25), 0.5)
    assert.equal(rate('lower', 30, 20, 35), 0)
    assert.equal(rate('lower', 30, 30, 30), 1)
    assert.equal(rate('lower', 30, 30, 31), 0)
  })
  it('takes nothing below the floor of the contract, all of it at the floor', () => {
    const i = indicatorOf({ id: 'f', floor: 50 })
    const due = (n: number) =>
      lineOf(compute(contractOf({ indicators: [i] }), facts(measured('f', 1, n)), '2021-07-01'), 1, 'access', 'variable').due.cents
    assert.deepEqual([due(49), due(50), due(100)], [0, euros(7_500), euros(15_000)])
  })
})
describe('the crisis mission', () => {
  const contract = contractOf({ signed: '2022-09-01', terms: { text: 'avenant-2', missions: six, size: 4 } })
  const at = (facts: Partial<Facts>, on = '2024-01-01') => compute(contract, factsOf(facts), on)
  it('pays the first plan, then its updates, then a crisis in the year it happens', () => {
    const s = at({
      crisis: [
        { what: 'plan', day: '2023-02-01' },
        { what: 'plan', day: '2023-10-01' },
        { what: 'occurrence', day: '2023-11-15' },
      ],
    })
    assert.deepEqual(
      [1, 2].map(y => lineOf(s, y, 'crisis', 'plan').due.cents),
      [euros(50_000), euros(25_000)],
    )
    assert.deepEqual(
      [1, 2].map(y => lineOf(s, y, 'crisis', 'occurrence').due.cents),
      [0, euros(80_000)],
    )
    assert.equal(lineOf(s, 1, 'crisis', 'plan').due.provenance, 'assumed')
    assert.equal(s.years[1]!.ceilings!.withCompensation.computed!.cents, euros(555_000))
  })
  it('does not count a plan twice in years to come', () => {
    assert.deepEqual(
      at({}, '2022-10-01').years.map(y => y.lines.find(l => l.part === 'plan')!.open.cents / 100_00),
      [500, 250, 250, 250, 250],
    )
  })
})
describe('amounts typed from the signed annex', () => {
  const annex = [{ heading: 'pathways', part: 'fixed', period: 'year', cents: euros(27_000), article: 'Annexe 2', ...typed }] as const
  it('win over the table, with who, when and the file', () => {
    const line = lineOf(
      compute(contractOf({ terms: { annex } }), factsOf({ missions: started('2020-06-17') }), '2021-01-01'),
      1,
      'pathways',
      'fixed',
    )
    assert.equal(line.due.cents, euros(27_000))
    assert.equal(line.due.provenance, 'contract')
    assert.deepEqual(
      line.due.origins.map(o => o.typed),
      [typed],
    )
    assert.equal(
      lineOf(compute(contractOf({ terms: { annex } }), factsOf(), '2021-01-01'), 1, 'pathways', 'variable').envelope.provenance,
      'assumed',
    )
  })
  it('do not survive a change of size, which they were not typed for', () => {
    const s = compute(
      contractOf({ terms: { annex }, amendments: [{ id: 'a', from: '2021-06-17', until: null, changes: { size: 2 } }] }),
      factsOf({ missions: started('2020-06-17') }),
      '2021-01-01',
    )
    assert.deepEqual(
      [1, 2].map(y => lineOf(s, y, 'pathways', 'fixed').due.cents),
      [euros(27_000), euros(35_000)],
    )
  })
  it('are not enough by themselves: a rule that no text gives is assumed until the contract confirms it', () => {
    const facts = factsOf({ missions: started('2020-12-17') })
    const due = (c: ReturnType<typeof contractOf>) => lineOf(compute(c, facts, '2021-01-01'), 1, 'pathways', 'fixed').due
    assert.equal(due(contractOf({ terms: { annex } })).provenance, 'assumed')
    const confirmed = [{ rule: 'prorata-days', article: 'art. 5', ...typed }] as const
    assert.equal(due(contractOf({ terms: { annex }, confirmed })).provenance, 'contract')
  })
})
describe('the life of a contract', () => {
  it('amended in mid-year, each part of the year keeps its amounts', () => {
    const c = contractOf({ amendments: [{ id: 'a', from: '2021-12-17', until: null, changes: { size: 2 } }] })
    const s = compute(c, factsOf({ missions: started('2020-06-17') }), '2022-01-01')
    // 183 days at 25 000 €, 182 at 35 000 €.
    assert.equal(lineOf(s, 2, 'pathways', 'fixed').due.cents, Math.round((25_000_00 * 183 + 35_000_00 * 182) / 365))
    const [advance, rest] = paid(s, 'pathways', 'fixed')
      .filter((_, i) => i === 2 || i === 3)
      .map(p => p[2] as number)
    assert.deepEqual(
      s.payments.filter(p => p.heading === 'pathways' && p.part === 'fixed' && p.year === 2).map(p => p.figure.cents)[0],
      euros(18_750),
    )
    assert.ok(advance! > 0 && rest! > 0)
  })
  it('a past year replays under the text then in force', () => {
    const c = contractOf({
      signed: '2020-12-17',
      terms: { size: 4 },
      amendments: [{ id: 'av2', from: '2022-12-17', until: null, changes: { text: 'avenant-2', missions: six } }],
    })
    const s = compute(c, factsOf({ missions: started('2020-12-17') }), '2025-01-01')
    assert.deepEqual(
      s.years.map(y => y.ceilings!.withCompensation.stated?.figure.cents),
      [450_000, 450_000, 580_000, 580_000, 580_000].map(euros),
    )
    const texts = (y: number) =>
      new Set(s.years[y]!.lines.flatMap(l => l.steps.flatMap(x => (x.data.what === 'amount' ? [x.data.text] : []))))
    assert.deepEqual([...texts(1)], ['aci-2019'])
    assert.deepEqual([...texts(2)], ['avenant-2'])
  })
  it('terminated, gives back what was advanced for the days that do not come', () => {
    const c = contractOf({ terminated: { on: '2021-08-01', reason: 'missions non mises en œuvre' } })
    const s = compute(c, factsOf({ missions: started('2020-06-17') }), '2021-09-01')
    assert.equal(s.years.length, 2)
    const days = 45
    const due = Math.round((50_000_00 * days) / 365)
    assert.deepEqual(paid(s, 'running', 'running').at(-1), ['2021-08-01', 'repayment', due - euros(37_500)])
    assert.equal(sum(s.payments.map(p => p.figure.cents)), s.due.cents)
  })
  it('renewed, continues with balance and advance, without a second payment in full', () => {
    const c = contractOf({ renewals: [{ from: '2025-06-17', years: 5 }] })
    const s = compute(c, factsOf({ missions: started('2020-06-17') }), '2025-07-01')
    assert.equal(s.end, '2030-06-17')
    assert.deepEqual(
      s.payments.filter(p => p.heading === 'running' && p.year === 6).map(p => [p.day, p.kind]),
      [
        ['2025-06-17', 'advance'],
        ['2026-06-17', 'balance'],
      ],
    )
  })
  it('signed on 29 February, has years of 365 and 366 days', () => {
    const s = compute(contractOf({ signed: '2020-02-29' }), factsOf({ missions: started('2020-02-29') }), '2021-03-01')
    assert.deepEqual(
      s.years.map(y => [y.from, y.days]),
      [
        ['2020-02-29', 365],
        ['2021-02-28', 365],
        ['2022-02-28', 365],
        ['2023-02-28', 366],
        ['2024-02-29', 365],
      ],
    )
    assert.equal(lineOf(s, 4, 'pathways', 'fixed').due.cents, euros(25_000))
  })
})

describe('whatever the contract', () => {
  it('every sum is exact to the cent, in both calendars', () => {
    fc.assert(
      fc.property(anyCase, ({ contract, facts, on }) => {
        const s = compute(contract, facts, on)
        for (const y of s.years) {
          for (const l of y.lines) {
            assert.equal(l.envelope.cents, l.due.cents + l.open.cents + l.lost.cents, `${y.year} ${l.heading} ${l.part}`)
            for (const f of [l.due, l.open, l.lost]) assert.ok(f.cents >= 0)
            assert.equal(sum(l.spans.map(x => x.cents)), l.due.cents, `spans ${l.heading} ${l.part}`)
            assert.equal(sum(l.payments.map(p => p.figure.cents)), l.due.cents, `payments ${l.heading} ${l.part}`)
            for (const x of l.spans) assert.ok(x.from >= y.from && x.to <= y.to && x.from < x.to)
            for (const p of l.payments) assert.ok(p.day >= y.from && p.day <= y.to)
          }
          assert.equal(y.due.cents, sum(y.lines.map(l => l.due.cents)))
          assert.equal(y.envelope.cents, y.due.cents + y.open.cents + y.lost.cents)
          const st = standings(s, facts, y.year)
          assert.equal(sum(st.map(x => x.acquired.cents + x.expected.cents + x.open.cents + x.lost.cents)), y.envelope.cents)
        }
        const civil = civilYears(s)
        assert.equal(sum(civil.map(c => c.earned.cents)), s.due.cents)
        assert.equal(sum(civil.map(c => c.paid.cents)), sum(s.payments.map(p => p.figure.cents)))
        assert.equal(sum(s.payments.map(p => p.figure.cents)), s.due.cents)
      }),
      { numRuns: 300 },
    )
  })
  it('one year computed alone is the same year', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 10 }), ({ contract, facts, on }, year) => {
        assert.deepEqual(computeYear(contract, facts, year, on), compute(contract, facts, on).years.find(y => y.year === year) ?? null)
      }),
      { numRuns: 50 },
    )
  })
  it('no amount of cents is outside a figure with its origins, and the weakest origin names it', () => {
    fc.assert(
      fc.property(anyCase, ({ contract, facts, on }) => {
        const s = JSON.parse(JSON.stringify(compute(contract, facts, on)))
        const strength = ['contract', 'sourced', 'derived', 'assumed']
        const walk = (v: unknown): void => {
          if (v === null || typeof v !== 'object') return
          const o = v as Record<string, unknown>
          if ('provenance' in o && 'cents' in o) {
            const origins = o.origins as { provenance: string; id: string }[]
            if (o.cents !== 0) assert.ok(origins.length > 0)
            const weakest = Math.max(0, ...origins.map(x => strength.indexOf(x.provenance)))
            assert.equal(o.provenance, strength[weakest])
            assert.equal(new Set(origins.map(x => x.id)).size, origins.length)
            return
          }
          for (const x of Object.values(o)) walk(x)
        }
        walk(s)
      }),
      { numRuns: 50 },
    )
  })
})
describe('an assumption', () => {
  it('is in every amount it entered', () => {
    const s = compute(contractOf({ terms: { size: 3 } }), factsOf({ missions: started('2020-06-17', five) }), '2021-01-01')
    assert.equal(s.due.provenance, 'assumed')
    assert.ok(s.due.origins.some(o => o.id === 'aci-2019/3/pathways/fixed/year'))
    assert.ok(s.years[0]!.due.origins.find(o => o.provenance === 'assumed')!.note)
  })
})
