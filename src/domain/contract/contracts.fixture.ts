/** Contracts to start from: the four that are dated in the sources, and random ones. */
import fc from 'fast-check'
import { addDays, type Day, dayNumber, dayOf } from '../calendar.ts'
import { national } from './national.ts'
import { contractYears } from './terms.ts'
import {
  type Amendment,
  type Contract,
  type Facts,
  type Indicator,
  type Mission,
  missions,
  type Terms,
  type TextId,
  type TypedAmount,
  type Value,
} from './types.ts'

export const six: readonly Mission[] = missions
export const five: readonly Mission[] = missions.filter(m => m !== 'crisis')

export function termsOf(over: Partial<Terms> = {}): Terms {
  return { text: 'aci-2019', size: 1, population: null, missions: five, compensation: true, annex: [], ...over }
}
export function contractOf(over: Partial<Omit<Contract, 'terms'>> & { terms?: Partial<Terms> } = {}): Contract {
  const { terms, ...rest } = over
  return {
    id: 'c',
    signed: '2020-06-17',
    years: 5,
    amendments: [],
    renewals: [],
    terminated: null,
    indicators: [],
    confirmed: [],
    ...rest,
    terms: termsOf(terms),
  }
}
export const factsOf = (over: Partial<Facts> = {}): Facts => ({
  missions: [],
  values: [],
  crisis: [],
  decisions: [],
  receipts: [],
  ...over,
})
export const started = (day: Day, which: readonly Mission[] = five): Facts['missions'] =>
  which.map(mission => ({ mission, started: day, deployed: null }))

export function indicatorOf(over: Partial<Indicator> & { id: string }): Indicator {
  return {
    mission: 'access',
    name: `Indicateur ${over.id}`,
    kind: 'result',
    measure: 'count',
    better: 'higher',
    formula: 'ratio',
    weight: 10_000,
    cap: 100,
    floor: 0,
    baseline: null,
    targets: [{ year: 1, target: { numerator: 100, denominator: 1 } }],
    fromYear: 1,
    toYear: null,
    ...over,
  }
}
export const measured = (indicator: string, year: number, numerator: number, denominator = 1): Facts['values'][number] => ({
  indicator,
  year,
  value: { state: 'measured', ratio: { numerator, denominator } },
})
export const typed = { by: 'Camille Ferrand', at: '2021-01-04', file: 'annexe.pdf' } as const

/** The four contracts whose date and size are published (domain sources). */
export const published = {
  'sud-allier': contractOf({ id: 'sud-allier', signed: '2020-06-17', terms: { size: 1, compensation: false } }),
  'noe-sante': contractOf({ id: 'noe-sante', signed: '2020-12-14', terms: { size: 1 } }),
  'grand-versailles': contractOf({ id: 'grand-versailles', signed: '2020-12-17', terms: { size: null, population: 265_000 } }),
  'vexin-normand': contractOf({ id: 'vexin-normand', signed: '2021-10-19', terms: { size: null, population: 32_048 } }),
} as const satisfies Record<string, Contract>

// Random contracts

const dayIn = (from: Day, to: Day) => fc.integer({ min: dayNumber(from), max: dayNumber(to) }).map(dayOf)
const size = fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const)
const taken = fc.subarray([...missions], { minLength: 1 })
const annexLine = (text: TextId): fc.Arbitrary<TypedAmount> =>
  fc
    .tuple(fc.constantFrom(...national.rows.filter(r => r.text === text)), fc.integer({ min: 0, max: 12_345_678 }))
    .map(([row, cents]) => ({ heading: row.heading, part: row.part, period: row.period, cents, article: null, ...typed }))
const terms = fc.constantFrom<TextId>('aci-2019', 'avenant-2').chain(text =>
  fc.record<Terms>({
    text: fc.constant(text),
    size,
    population: fc.constant(null),
    missions: taken,
    compensation: fc.boolean(),
    annex: fc
      .array(annexLine(text), { maxLength: 3 })
      .map(list => list.filter((a, i) => list.findIndex(b => b.heading === a.heading && b.part === a.part && b.period === a.period) === i)),
  }),
)
const ratioOf = (max: number) => fc.record({ numerator: fc.nat(max), denominator: fc.integer({ min: 1, max: 997 }) })
const indicatorsOf = (mission: Mission): fc.Arbitrary<Indicator[]> =>
  fc
    .array(
      fc.record({
        weight: fc.integer({ min: 1, max: 10_000 }),
        better: fc.constantFrom('higher' as const, 'lower' as const),
        formula: fc.constantFrom('ratio' as const, 'progress' as const),
        measure: fc.constantFrom('count' as const, 'level' as const, 'done' as const),
        cap: fc.constantFrom(100, 100, 120, 150),
        floor: fc.constantFrom(0, 0, 50, 80),
        baseline: fc.option(ratioOf(1000)),
        target: ratioOf(1000),
      }),
      { maxLength: 4 },
    )
    .map(list => {
      // Weights that add up, as a contract writes them; the cents that this leaves are what is tested.
      const whole = list.reduce((s, i) => s + i.weight, 0)
      let left = 10_000
      return list.map(({ target, ...i }, n) => {
        const weight = n === list.length - 1 ? left : Math.floor((i.weight * 10_000) / whole)
        left -= weight
        return indicatorOf({ ...i, weight, id: `${mission}-${n}`, mission, targets: [{ year: 1, target }] })
      })
    })
const valueFor = (i: Indicator): fc.Arbitrary<Value | null> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant<Value>({ state: 'unavailable', reason: 'non communiqué' }) },
    {
      weight: 6,
      arbitrary:
        i.measure === 'done'
          ? fc.boolean().map((done): Value => ({ state: 'done', done }))
          : ratioOf(1500).map((ratio): Value => ({ state: 'measured', ratio })),
    },
  )
export interface Case {
  contract: Contract
  facts: Facts
  on: Day
}
/** Amended or not, renewed or not, terminated or not, missions started any day, any indicator measured or not. */
export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    signed: dayIn('2019-09-01', '2024-03-05'),
    terms,
    amendment: fc.option(
      fc.record({ after: fc.integer({ min: 1, max: 1800 }), until: fc.option(fc.integer({ min: 1, max: 700 })), terms }),
    ),
    renewed: fc.boolean(),
    terminated: fc.option(fc.integer({ min: 1, max: 1825 }), { freq: 5 }),
    indicators: fc.tuple(...missions.filter(m => m !== 'crisis').map(indicatorsOf)).map(l => l.flat()),
    starts: fc.tuple(
      ...missions.map(mission => fc.record({ mission: fc.constant(mission), after: fc.option(fc.integer({ min: -40, max: 1900 })) })),
    ),
    crisis: fc.array(
      fc.record({ what: fc.constantFrom('plan' as const, 'occurrence' as const), after: fc.integer({ min: 0, max: 1900 }) }),
      { maxLength: 4 },
    ),
    readAfter: fc.integer({ min: 0, max: 3700 }),
  })
  .chain(r => {
    const amendments: Amendment[] = r.amendment
      ? [
          {
            id: 'a1',
            from: addDays(r.signed, r.amendment.after),
            until: r.amendment.until === null ? null : addDays(r.signed, r.amendment.after + r.amendment.until),
            changes: r.amendment.terms,
          },
        ]
      : []
    const plain: Contract = contractOf({ signed: r.signed, terms: r.terms, amendments, indicators: r.indicators })
    const renewals = r.renewed ? [{ from: contractYears(plain).at(-1)!.to, years: 5 }] : []
    const terminated = r.terminated === null ? null : { on: addDays(r.signed, r.terminated), reason: 'missions non mises en œuvre' }
    const contract: Contract = { ...plain, renewals, terminated }
    const facts = factsOf({
      missions: r.starts.map(s => ({ mission: s.mission, started: s.after === null ? null : addDays(r.signed, s.after), deployed: null })),
      crisis: r.crisis.map(c => ({ what: c.what, day: addDays(r.signed, c.after) })),
    })
    const years = contractYears(contract).map(y => y.year)
    const slots = r.indicators.flatMap(i => years.map(year => ({ i, year })))
    return fc.tuple(...slots.map(s => valueFor(s.i))).map((values): Case => {
      const given = slots.flatMap(({ i, year }, n) => (values[n] ? [{ indicator: i.id, year, value: values[n] }] : []))
      return { contract, facts: { ...facts, values: given }, on: addDays(r.signed, r.readAfter) }
    })
  })
