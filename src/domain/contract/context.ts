/** What every line of one calculation shares: the contract read once. */
import type { Day } from '../calendar.ts'
import { type ContractYear, contractYears, ruleOrigin, type Stretch, startOf, stretches } from './terms.ts'
import type { Contract, Facts, Indicator, Missing, Mission, Origin, RuleId, Tables, Value } from './types.ts'

export interface Context {
  contract: Contract
  facts: Facts
  tables: Tables
  on: Day
  years: readonly ContractYear[]
  stretches: readonly Stretch[]
  rule(id: RuleId): Origin
  start(mission: Mission): Day | null
  indicatorsOf(mission: Mission, year: number): readonly Indicator[]
  /** What was given for an indicator and a year; more than one is a problem, and the last one given is read. */
  valueOf(indicator: string, year: number): Value | null
}
/** A line under construction gathers what is missing here. */
export type Report = (missing: Missing) => void

export function contextOf(contract: Contract, facts: Facts, on: Day, tables: Tables): Context {
  const origins = new Map<RuleId, Origin>()
  const starts = new Map<Mission, Day | null>()
  const values = new Map<string, Value>()
  for (const v of facts.values) values.set(`${v.year}/${v.indicator}`, v.value)
  return {
    contract,
    facts,
    tables,
    on,
    years: contractYears(contract),
    stretches: stretches(contract),
    rule(id) {
      const known = origins.get(id) ?? ruleOrigin(tables, contract, id)
      origins.set(id, known)
      return known
    },
    start(mission) {
      if (!starts.has(mission)) starts.set(mission, startOf(contract, facts, mission))
      return starts.get(mission)!
    },
    indicatorsOf: (mission, year) =>
      contract.indicators.filter(i => i.mission === mission && i.fromYear <= year && (i.toYear === null || year <= i.toYear)),
    valueOf: (indicator, year) => values.get(`${year}/${indicator}`) ?? null,
  }
}
