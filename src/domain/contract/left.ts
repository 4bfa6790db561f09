/** What is missing to earn the rest of the year, by when, with which action; and how the year may end. Every gain is a recalculation. */
import { addDays, type Day, daysFrom, latest } from '../calendar.ts'
import { type Cents, proportion } from '../money.ts'
import { computeYear } from './engine.ts'
import { figureOf, merged, nothing } from './figure.ts'
import { national } from './national.ts'
import { isRatio, targetOf } from './rates.ts'
import { type ContractYear, contractYears } from './terms.ts'
import type {
  Contract,
  Facts,
  Figure,
  Indicator,
  LeftToEarn,
  Lever,
  Mission,
  Opportunity,
  Projection,
  Ratio,
  Scenario,
  Tables,
  Value,
  YearStatement,
} from './types.ts'

/** The contract year of a day; null outside the contract. */
export const yearOn = (contract: Contract, on: Day): ContractYear | null =>
  contractYears(contract).find(y => y.from <= on && on < y.until) ?? null

/**
 * What the contract year of `on` may still bring, and the actions that bring it, best euro per hour first, then those whose hours are not
 * known, by gain. Each gain is that of the action alone: two actions on one indicator may bring less together. A crisis is not an action.
 *
 * @returns null outside the contract
 */
export function leftToEarn(
  contract: Contract,
  facts: Facts,
  levers: readonly Lever[],
  on: Day,
  tables: Tables = national,
): LeftToEarn | null {
  const year = yearOn(contract, on)
  if (!year) return null
  const again = (f: Facts) => computeYear(contract, f, year.year, on, tables)!
  const now = again(facts)
  const gain = (f: Facts) => difference(now, again(f))
  const lastDay = addDays(year.until, -1)
  const dated = (by: Day) => ({ by, daysLeft: daysFrom(on, by) })
  const found: Opportunity[] = []
  const indicators = indicatorsOf(contract, year.year).filter(
    i => !facts.decisions.some(d => d.mission === i.mission && d.year === year.year),
  )
  for (const i of indicators) {
    const value = givenFor(facts, i.id, year.year)
    const about = { mission: i.mission, indicator: i.id, unitsMissing: unitsMissing(i, year.year, value) }
    const own = levers.filter(l => l.indicator === i.id && (l.by === null || l.by >= on))
    let acted = false
    for (const lever of own) {
      const moved = move(i, value, lever.units)
      const figure = moved ? gain(withValue(facts, i.id, year.year, moved)) : nothing
      if (figure.cents <= 0) continue
      acted = true
      found.push({
        kind: 'action',
        ...about,
        name: lever.name,
        lever,
        gain: figure,
        ...dated(lever.by ?? lastDay),
        perHour: perHour(figure, lever),
      })
    }
    if (acted) continue
    const reached = gain(withValue(facts, i.id, year.year, atTarget(i, year.year, value)))
    if (reached.cents <= 0) continue
    const kind = value?.state === 'measured' || value?.state === 'done' ? 'no-action' : 'measure'
    found.push({ kind, ...about, name: i.name, lever: null, gain: reached, ...dated(lastDay), perHour: null })
  }
  for (const mission of toStart(now, facts)) {
    const figure = gain(starting(facts, [mission], on))
    if (figure.cents > 0)
      found.push({
        kind: 'start-mission',
        mission,
        indicator: null,
        name: mission,
        lever: null,
        gain: figure,
        unitsMissing: null,
        ...dated(lastDay),
        perHour: null,
      })
  }
  const plan = now.lines.find(l => l.part === 'plan' && l.open.cents > 0)
  if (plan)
    found.push({
      kind: 'crisis-plan',
      mission: 'crisis',
      indicator: null,
      name: 'plan',
      lever: null,
      gain: plan.open,
      unitsMissing: null,
      ...dated(lastDay),
      perHour: null,
    })
  return { year: year.year, remaining: gain(best(facts, indicators, now, year.year, on)), opportunities: found.sort(byEffort) }
}
const byEffort = (a: Opportunity, b: Opportunity) =>
  (b.perHour ?? -1) - (a.perHour ?? -1) || b.gain.cents - a.gain.cents || (a.name < b.name ? -1 : 1)
const perHour = (gain: Figure, { hours }: Lever): Cents | null => (hours !== null && hours > 0 ? Math.round(gain.cents / hours) : null)

/** What a change brings, resting on everything that changed. */
function difference(before: YearStatement, after: YearStatement): Figure {
  const cents = after.due.cents - before.due.cents
  const origins = after.lines.flatMap(l => {
    const was = before.lines.find(b => b.heading === l.heading && b.part === l.part)
    return l.due.cents === (was?.due.cents ?? 0) ? [] : [l.due.cents > 0 ? l.due.origins : l.envelope.origins]
  })
  return figureOf(cents, merged(...origins))
}
/** Everything that still depends on people: targets reached, missions started today, plan written today. */
function best(facts: Facts, indicators: readonly Indicator[], now: YearStatement, year: number, on: Day): Facts {
  let all = starting(facts, toStart(now, facts), on)
  for (const i of indicators) {
    const value = givenFor(facts, i.id, year)
    const target = atMost(i, atTarget(i, year, value))
    if (better(i, value, target)) all = withValue(all, i.id, year, target)
  }
  const plan = now.lines.find(l => l.part === 'plan' && l.open.cents > 0)?.steps[0]?.data
  // The mission may come into the contract later in the year.
  if (plan?.what === 'amount') all = { ...all, crisis: [...all.crisis, { what: 'plan', day: latest(on, plan.from) }] }
  return all
}
/** Whether the target is still ahead; an indicator beyond its target keeps its own value, which a cap above 100 % may pay. */
function better(i: Indicator, value: Value | null, target: Value): boolean {
  if (value?.state !== 'measured' || target.state !== 'measured') return true
  const difference = value.ratio.numerator * target.ratio.denominator - target.ratio.numerator * value.ratio.denominator
  return i.better === 'higher' ? difference < 0 : difference > 0
}
const toStart = (now: YearStatement, facts: Facts): Mission[] => [
  ...new Set(
    now.lines.flatMap(l =>
      l.heading !== 'running' && l.part === 'fixed' && l.open.cents > 0 && !facts.missions.some(m => m.mission === l.heading && m.started)
        ? [l.heading]
        : [],
    ),
  ),
]
const starting = (facts: Facts, which: readonly Mission[], on: Day): Facts => ({
  ...facts,
  missions: [
    ...facts.missions.filter(m => !which.includes(m.mission)),
    ...which.map(mission => ({ mission, started: on, deployed: null })),
  ],
})
const indicatorsOf = (contract: Contract, year: number) =>
  contract.indicators.filter(i => i.fromYear <= year && (i.toYear === null || year <= i.toYear))
const givenFor = (facts: Facts, indicator: string, year: number): Value | null =>
  facts.values.findLast(v => v.indicator === indicator && v.year === year)?.value ?? null
const withValue = (facts: Facts, indicator: string, year: number, value: Value): Facts => ({
  ...facts,
  values: [...facts.values.filter(v => !(v.indicator === indicator && v.year === year)), { indicator, year, value }],
})

function atTarget(i: Indicator, year: number, value: Value | null): Value {
  if (i.measure === 'done') return { state: 'done', done: true }
  return { state: 'measured', ratio: targetOf(i, year) ?? (value?.state === 'measured' ? value.ratio : { numerator: 0, denominator: 1 }) }
}
/** Beyond the target, as far as a cap above 100 % pays: it may make up for another indicator. */
function atMost(i: Indicator, target: Value): Value {
  if (target.state !== 'measured' || i.cap <= 100 || i.formula !== 'ratio') return target
  const { numerator: n, denominator: d } = target.ratio
  const beyond = i.better === 'higher' ? { numerator: n * i.cap, denominator: d * 100 } : { numerator: n * 100, denominator: d * i.cap }
  if (i.measure === 'share' && beyond.numerator > beyond.denominator) beyond.numerator = beyond.denominator
  return isRatio(beyond) ? { state: 'measured', ratio: beyond } : target
}
/** The value after some units more, or less when less is better; null when there is nothing to start from. */
function move(i: Indicator, value: Value | null, units: number): Value | null {
  if (i.measure === 'done') return units > 0 ? { state: 'done', done: true } : null
  if (value?.state !== 'measured' || !isRatio(value.ratio)) return null
  const { numerator, denominator } = value.ratio
  const moved = Math.max(0, numerator + (i.better === 'higher' ? units : -units))
  return { state: 'measured', ratio: { numerator: i.measure === 'share' ? Math.min(denominator, moved) : moved, denominator } }
}
/** On the numerator, to the target; the denominator stays. */
function unitsMissing(i: Indicator, year: number, value: Value | null): number | null {
  if (i.measure === 'done') return value?.state === 'done' && value.done ? 0 : 1
  const target = targetOf(i, year)
  if (value?.state !== 'measured' || !target || !isRatio(value.ratio) || !isRatio(target)) return null
  const wanted = (target.numerator * value.ratio.denominator) / target.denominator
  const missing = i.better === 'higher' ? Math.ceil(wanted) - value.ratio.numerator : value.ratio.numerator - Math.floor(wanted)
  return Math.max(0, missing)
}

/**
 * The end of the contract year of `on`, supposed. `pessimistic`: the figures stay as they are. `trend`: what is counted goes on at the same
 * pace, states and shares stay. `plan`: the figures of today and all the actions still possible. What nobody knows stays open in all three.
 *
 * @returns null outside the contract
 */
export function project(
  contract: Contract,
  facts: Facts,
  levers: readonly Lever[],
  scenario: Scenario,
  on: Day,
  tables: Tables = national,
): Projection | null {
  const year = yearOn(contract, on)
  if (!year) return null
  const passed = daysFrom(year.from, on) + 1
  const length = daysFrom(year.from, year.until)
  const supposed: Projection['supposed'][number][] = []
  let all = facts
  for (const i of indicatorsOf(contract, year.year)) {
    const value = givenFor(facts, i.id, year.year)
    const about = { indicator: i.id, name: i.name }
    if (facts.decisions.some(d => d.mission === i.mission && d.year === year.year)) {
      supposed.push({ ...about, value: value ?? unknown, because: 'decided' })
      continue
    }
    const own = scenario === 'plan' ? levers.filter(l => l.indicator === i.id && (l.by === null || l.by >= on)) : []
    const moved = own.length
      ? move(
          i,
          value,
          own.reduce((sum, l) => sum + l.units, 0),
        )
      : null
    if (moved) {
      supposed.push({ ...about, value: moved, because: 'plan' })
      all = withValue(all, i.id, year.year, moved)
    } else if (value === null || value.state === 'unavailable') supposed.push({ ...about, value: value ?? unknown, because: 'not-known' })
    else if (scenario === 'trend' && i.measure === 'count' && value.state === 'measured' && isRatio(value.ratio)) {
      const ratio: Ratio = { ...value.ratio, numerator: Math.max(value.ratio.numerator, proportion(value.ratio.numerator, length, passed)) }
      supposed.push({ ...about, value: { state: 'measured', ratio }, because: 'same-pace' })
      all = withValue(all, i.id, year.year, { state: 'measured', ratio })
    } else supposed.push({ ...about, value, because: 'as-today' })
  }
  return { scenario, supposed, year: computeYear(contract, all, year.year, on, tables)! }
}
const unknown: Value = { state: 'unavailable', reason: 'non mesuré' }
