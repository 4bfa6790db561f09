/** What every line of one calculation shares: the contract read once. */
import type { Day } from '../calendar.ts'
import { ceilings } from './ceilings.ts'
import { type ContractYear, type Life, lifeOf, ruleOrigin, type Stretch, within } from './terms.ts'
import type { Ceilings, Contract, Facts, Indicator, Missing, Mission, Origin, RuleId, Tables, Terms, Value } from './types.ts'

export interface Context extends Life {
  facts: Facts
  tables: Tables
  on: Day
  /** Of one year, cut at its ends. */
  stretchesOf(year: ContractYear): readonly Stretch[]
  rule(id: RuleId): Origin
  /** The day it started, which may be before the contract: its days count from the contract on. */
  start(mission: Mission): Day | null
  indicatorsOf(mission: Mission, year: number): readonly Indicator[]
  /** What was given for an indicator and a year; more than one is a problem, and the last one given is read. */
  valueOf(indicator: string, year: number): Value | null
  /** The same for all the years under the same terms. */
  ceilings(stretch: Stretch, plan: 'first-year' | 'later-year'): Ceilings
}
/** A line under construction gathers what is missing here. */
export type Report = (missing: Missing) => void

export function contextOf(contract: Contract, facts: Facts, on: Day, tables: Tables): Context {
  const origins = new Map<RuleId, Origin>()
  const starts = new Map<Mission, Day | null>(facts.missions.map(m => [m.mission, m.started]))
  const values = new Map<string, Value[]>()
  for (const v of facts.values) {
    const years = values.get(v.indicator)
    if (years) years[v.year] = v.value
    else {
      const first: Value[] = []
      first[v.year] = v.value
      values.set(v.indicator, first)
    }
  }
  const life = lifeOf(contract)
  const byYear = new Map<number, readonly Stretch[]>()
  const limits = new Map<Terms, { 'first-year'?: Ceilings; 'later-year'?: Ceilings }>()
  const byMission = Map.groupBy(contract.indicators, i => i.mission)
  return {
    ...life,
    facts,
    tables,
    on,
    stretchesOf(year) {
      const known = byYear.get(year.year) ?? within(life.stretches, year.from, year.until)
      byYear.set(year.year, known)
      return known
    },
    rule(id) {
      const known = origins.get(id) ?? ruleOrigin(tables, contract, id)
      origins.set(id, known)
      return known
    },
    start: mission => starts.get(mission) ?? null,
    indicatorsOf: (mission, year) =>
      byMission.get(mission)?.filter(i => i.fromYear <= year && (i.toYear === null || year <= i.toYear)) ?? [],
    ceilings({ terms, size }, plan) {
      const known = limits.get(terms)?.[plan]
      if (known) return known
      const both = ceilings(terms, size, { tables, plan })
      limits.set(terms, { ...limits.get(terms), [plan]: both })
      return both
    },
    valueOf: (indicator, year) => values.get(indicator)?.[year] ?? null,
  }
}
