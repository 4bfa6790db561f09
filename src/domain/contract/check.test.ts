import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { euros } from '../money.ts'
import { check } from './check.ts'
import { contractOf, factsOf, indicatorOf, measured, six, started, typed } from './contracts.fixture.ts'
import { compute } from './engine.ts'
import { figureOf } from './figure.ts'
import { sayFigure, sayMissing, sayOrigin, sayProblem, sayStep } from './sentences.ts'
import type { Contract, Facts, Figure, Problem, ProblemCode } from './types.ts'

const share = indicatorOf({
  id: 's',
  name: 'Patients en ALD sans médecin traitant',
  measure: 'share',
  targets: [{ year: 1, target: { numerator: 80, denominator: 100 } }],
})
const problems = (over: Parameters<typeof contractOf>[0], facts: Partial<Facts> = {}): Problem[] =>
  compute(contractOf(over), factsOf(facts), '2021-07-01').problems.filter(p => p.code !== 'newer-text')
const codes = (found: readonly Problem[]) => found.map(p => p.code)

describe('what cannot be right is said, kept, and does not stop the rest', () => {
  it('a numerator above its denominator: not counted, not zero, the value in the sentence', () => {
    const facts = { missions: started('2020-06-17'), values: [measured('s', 1, 120, 100)] }
    const s = compute(contractOf({ indicators: [share] }), factsOf(facts), '2021-07-01')
    const problem = s.problems.find(p => p.code === 'numerator-above-denominator')!
    assert.match(sayProblem(problem), /Patients en ALD.*numérateur \(120\) dépasse le dénominateur \(100\)/)
    const line = s.years[0]!.lines.find(l => l.heading === 'access' && l.part === 'variable')!
    assert.deepEqual([line.due.cents, line.open.cents, line.lost.cents], [0, euros(15_000), 0])
    assert.equal(line.indicators[0]!.state, 'refused')
  })
  it('a denominator of zero, half a person, a negative count, a number beyond people', () => {
    for (const [n, d] of [
      [1, 0],
      [1.5, 10],
      [-1, 10],
      [1, -10],
      [10 ** 12, 1],
      [Number.NaN, 1],
    ] as const)
      assert.deepEqual(codes(problems({ indicators: [share] }, { values: [measured('s', 1, n, d)] })), ['not-a-ratio'], `${n}/${d}`)
  })
  it('a year with neither population nor size: its amounts are missing, the others stand', () => {
    const amendments = [{ id: 'a', from: '2021-06-17', until: '2022-06-17', changes: { size: null, population: null } }]
    const s = compute(contractOf({ amendments }), factsOf({ missions: started('2020-06-17') }), '2021-07-01')
    const problem = s.problems.find(p => p.code === 'no-population')!
    assert.match(sayProblem(problem), /du 17\/06\/2021 au 16\/06\/2022/)
    assert.deepEqual(
      s.years.map(y => y.lines.length > 0),
      [true, false, true, true, true],
    )
    assert.deepEqual(s.years[1]!.missing, [{ code: 'size-unknown', from: '2021-06-17', to: '2022-06-17' }])
    assert.equal(s.years[1]!.ceilings!.withCompensation.computed, null)
    assert.deepEqual(codes(problems({ terms: { size: null, population: 0 } })), ['no-population'])
  })
  it('a mission started before signature counts from the signature', () => {
    const facts = factsOf({ missions: [{ mission: 'access', started: '2020-01-15', deployed: null }] })
    const s = compute(contractOf(), facts, '2021-07-01')
    assert.match(
      sayProblem(s.problems.find(p => p.code === 'mission-before-signature')!),
      /15\/01\/2020, avant la signature du 17\/06\/2020/,
    )
    assert.equal(s.years[0]!.lines.find(l => l.heading === 'access' && l.part === 'fixed')!.due.cents, euros(15_000))
  })
  it('overlapping amendments: which ones, on what, between which days; the later one holds', () => {
    const amendments = [
      { id: 'av-1', from: '2021-01-01', until: '2021-12-31', changes: { size: 2 as const } },
      { id: 'av-2', from: '2021-09-01', until: null, changes: { size: 3 as const, compensation: false } },
    ]
    const found = problems({ amendments })
    assert.deepEqual(found, [
      { code: 'amendments-overlap', first: 'av-1', second: 'av-2', what: ['size'], from: '2021-09-01', to: '2021-12-31' },
    ])
    assert.match(sayProblem(found[0]!), /av-1, av-2.*la taille.*01\/09\/2021/)
    const running = compute(contractOf({ amendments }), factsOf(), '2021-10-01').years[1]!.lines[0]!
    assert.ok(running.steps.some(x => x.data.what === 'amount' && x.data.size === 3 && x.data.from === '2021-09-01'))
  })
  it('amendments that follow each other, or change other things, do not overlap', () => {
    const follow = [
      { id: 'a', from: '2021-01-01', until: null, changes: { size: 2 as const } },
      { id: 'b', from: '2022-01-01', until: null, changes: { size: 3 as const } },
    ]
    assert.deepEqual(problems({ amendments: follow }), [])
    assert.deepEqual(
      problems({
        amendments: [
          { ...follow[0]!, until: '2023-01-01' },
          { ...follow[1]!, changes: { compensation: false } },
        ],
      }),
      [],
    )
    assert.deepEqual(codes(problems({ amendments: [follow[0]!, { ...follow[1]!, from: '2021-01-01' }] })), ['amendments-overlap'])
  })
  it('thirds of the ceiling, shared between indicators, lose no cent', () => {
    const thirds = ['a', 'b', 'c'].map((id, n) => indicatorOf({ id, weight: n === 0 ? 3334 : 3333 }))
    const annex = [{ heading: 'access', part: 'variable', period: 'year', cents: euros(185_000), article: null, ...typed }] as const
    const values = thirds.map(i => measured(i.id, 1, 100))
    const s = compute(
      contractOf({ indicators: thirds, terms: { annex } }),
      factsOf({ missions: started('2020-06-17'), values }),
      '2021-07-01',
    )
    const line = s.years[0]!.lines.find(l => l.heading === 'access' && l.part === 'variable')!
    assert.deepEqual(
      line.indicators.map(i => i.base.cents),
      [6_167_900, 6_166_050, 6_166_050],
    )
    assert.equal(line.due.cents, euros(185_000))
  })
  it('each of the others has its sentence', () => {
    const indicators = [share]
    const tried: [ProblemCode, Problem[]][] = [
      ['wrong-kind-of-value', problems({ indicators }, { values: [{ indicator: 's', year: 1, value: { state: 'done', done: true } }] })],
      ['two-values', problems({ indicators }, { values: [measured('s', 1, 1, 2), measured('s', 1, 1, 3)] })],
      ['unknown-indicator', problems({}, { values: [measured('zzz', 1, 1, 2)] })],
      ['value-outside-contract', problems({ indicators }, { values: [measured('s', 9, 1, 2)] })],
      ['no-target', problems({ indicators: [{ ...share, targets: [] }] }, { values: [measured('s', 1, 1, 2)] })],
      [
        'target-against-direction',
        problems({ indicators: [{ ...share, formula: 'progress', baseline: { numerator: 90, denominator: 100 } }] }),
      ],
      ['weights', problems({ indicators: [{ ...share, weight: 9000 }] })],
      ['mission-after-end', problems({}, { missions: started('2031-01-01', ['access']) })],
      ['mission-not-in-contract', problems({}, { missions: started('2021-01-01', ['crisis']) })],
      ['mission-not-in-text', problems({ terms: { missions: six } })],
      ['deployed-before-start', problems({}, { missions: [{ mission: 'access', started: null, deployed: '2021-01-01' }] })],
      ['amendment-outside-contract', problems({ amendments: [{ id: 'a', from: '2019-01-01', until: null, changes: {} }] })],
      ['renewal-not-at-end', problems({ renewals: [{ from: '2025-07-01', years: 5 }] })],
      ['termination-outside-contract', problems({ terminated: { on: '2019-01-01', reason: '' } })],
      ['text-before-in-force', problems({ terms: { text: 'avenant-2' } })],
      ['decision-above-envelope', problems({}, { decisions: [{ mission: 'access', year: 1, cents: 9_999_999, reason: '', ...typed }] })],
      ['decision-without-mission', problems({}, { decisions: [{ mission: 'crisis', year: 1, cents: 100, reason: '', ...typed }] })],
      ['newer-text', check(contractOf(), factsOf())],
    ]
    for (const [code, found] of tried) {
      const problem = found.find(p => p.code === code)
      assert.ok(problem, `${code} among ${codes(found)}`)
      assert.match(sayProblem(problem), /^\p{Lu}|^«/u)
      assert.match(sayProblem(problem), /\.$/)
      assert.doesNotMatch(sayProblem(problem), /undefined|NaN|null/)
    }
  })
  it('a sound contract has nothing to say', () => {
    assert.deepEqual(problems({ indicators: [share] }, { missions: started('2020-12-01'), values: [measured('s', 1, 50, 100)] }), [])
    const same: Contract = contractOf({ terms: { text: 'avenant-2' }, signed: '2023-01-01' })
    assert.deepEqual(check(same, factsOf()), [])
  })
})

describe('in French', () => {
  const s = compute(
    contractOf({ indicators: [share], terms: { size: 2, text: 'avenant-2', missions: six }, signed: '2022-09-01' }),
    factsOf({ missions: started('2022-12-01', six), values: [measured('s', 1, 40, 100)], crisis: [] }),
    '2024-01-01',
  )
  it('every step, every missing thing, every origin is a sentence', () => {
    const said = [
      ...s.years.flatMap(y => [
        ...y.lines.flatMap(l => [...l.steps.map(sayStep), ...l.payments.flatMap(p => p.steps.map(sayStep))]),
        ...y.missing.map(sayMissing),
      ]),
      ...s.due.origins.map(sayOrigin),
    ]
    for (const sentence of said) assert.doesNotMatch(sentence, /undefined|NaN|null|\[object/)
    assert.ok(
      said.includes(
        '« Patients en ALD sans médecin traitant » : 40 sur 100 pour un objectif de 80 sur 100, soit 50 % de 15\u202f013,70\u00a0€ : 7\u202f506,85\u00a0€.',
      ),
    )
  })
  it('an amount never goes without its label', () => {
    assert.equal(sayFigure(s.years[0]!.due), `${sayFigure(s.years[0]!.due).split(' (')[0]} (supposé)`)
  })
})

describe('an amount without its provenance does not compile', () => {
  it('as a bare number, nor as an object that looks like one', () => {
    const show = (f: Figure) => f.cents
    // @ts-expect-error a number is not a figure
    show(100)
    // @ts-expect-error neither is what only looks like one
    show({ cents: 100, provenance: 'sourced', origins: [] })
    assert.throws(() => figureOf(100, []), RangeError)
  })
})
