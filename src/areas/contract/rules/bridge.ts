/** What was recorded, as the kernel of the contract reads it: one contract, and the facts it is judged on. */

import type { Day } from '#domain/calendar.ts'
import type { Contract, Facts, Indicator, Terms as NationalTerms, Ratio, TypedAmount, Value } from '#domain/contract/index.ts'
import { definitionOf, type IndicatorCode } from './indicators.ts'
import type { LifeEvent, Terms } from './life.ts'

export interface AnnexOf {
  eventId: string
  by: string
  /** Day it was typed. */
  day: Day
  file: string
  amounts: readonly Pick<TypedAmount, 'heading' | 'part' | 'period' | 'cents'>[]
}
export interface IndicatorTerms {
  code: IndicatorCode
  weight: number
  target: Ratio | null
  baseline: Ratio | null
  baselineMissing: string | null
}
export interface MoneyFacts {
  values: readonly { code: string; year: number; value: Value }[]
  /** Days on which the crisis plan was written or brought up to date (its proofs). */
  plans: readonly Day[]
  receipts: Facts['receipts']
  /** Variable parts fixed by minutes that the three parties signed. */
  decisions: Facts['decisions']
}

/** Null while no contract is signed. */
export function contractOf(
  id: string,
  events: readonly LifeEvent[],
  annexes: readonly AnnexOf[],
  indicators: readonly IndicatorTerms[],
  confirmed: Contract['confirmed'] = [],
): Contract | null {
  const agreed = events
    .flatMap(e => (e.terms ? [{ ...e, terms: e.terms }] : []))
    .sort((a, b) => (a.terms.fromDay < b.terms.fromDay ? -1 : 1))
  const first = agreed.find(e => e.kind === 'signature')
  if (!first) return null
  const terms = (e: LifeEvent & { terms: Terms }): NationalTerms => ({
    text: e.terms.agreement,
    size: e.terms.size,
    population: null,
    missions: e.terms.missions,
    compensation: e.terms.snpCompensation,
    annex: annexes
      .filter(a => a.eventId === e.id)
      .flatMap(a => a.amounts.map(m => ({ ...m, article: null, by: a.by, at: a.day, file: a.file }))),
  })
  const later = agreed.filter(e => e !== first && e.terms.fromDay > first.terms.fromDay)
  const end = events.find(e => e.kind === 'termination')
  return {
    id,
    signed: first.terms.fromDay,
    years: first.terms.years,
    terms: terms(first),
    amendments: later.map(e => ({ id: e.id, from: e.terms.fromDay, until: null, changes: terms(e) })),
    renewals: later.filter(e => e.kind === 'renewal').map(e => ({ from: e.terms.fromDay, years: e.terms.years })),
    terminated: end ? { on: end.day, reason: '' } : null,
    indicators: indicators.flatMap(indicatorOf),
    confirmed,
  }
}
function indicatorOf(t: IndicatorTerms): Indicator[] {
  const d = definitionOf(t.code)
  if (!d || t.weight === 0) return []
  return [
    {
      id: d.code,
      mission: d.mission,
      name: d.name,
      kind: d.kind,
      measure: d.measure,
      better: d.better,
      formula: 'ratio',
      weight: t.weight,
      cap: 100,
      floor: 0,
      baseline: t.baseline,
      targets: t.target
        ? [{ year: 1, target: t.target }]
        : d.measure === 'done'
          ? [{ year: 1, target: { numerator: 1, denominator: 1 } }]
          : [],
      fromYear: 1,
      toYear: null,
    },
  ]
}
export function factsOf(events: readonly LifeEvent[], money: MoneyFacts): Facts {
  const day = (mission: string, kind: LifeEvent['kind']) => events.find(e => e.kind === kind && e.mission === mission)?.day ?? null
  const missions = [...new Set(events.flatMap(e => e.mission ?? []))]
  return {
    missions: missions.map(mission => ({ mission, started: day(mission, 'mission-start'), deployed: day(mission, 'mission-deployed') })),
    values: money.values.map(v => ({ indicator: v.code, year: v.year, value: v.value })),
    crisis: money.plans.map(d => ({ what: 'plan', day: d })),
    decisions: money.decisions,
    receipts: money.receipts,
  }
}
