/**
 * The tripartite contract of a CPTS (ACI) as data: what is signed, what happened, what it brings and why.
 *
 * Every amount that comes out is a {@link Figure}: cents never travel without their provenance. Days are `YYYY-MM-DD`; a span holds its
 * first day and not its last (`to`). Contract years are numbered from 1, from one anniversary of the signature to the next.
 */
import type { Day } from '../calendar.ts'
import type { Cents } from '../money.ts'
import type { AciSize } from '../size.ts'

export type * from './results.ts'

// Where an amount comes from

/**
 * `contract`: typed from the signed annex, or decided in signed minutes. `sourced`: read in a public source. `derived`: arithmetic on
 * sourced amounts only. `assumed`: no source establishes it. From the strongest to the weakest.
 */
export const provenances = ['contract', 'sourced', 'derived', 'assumed'] as const
export type Provenance = (typeof provenances)[number]

/** Key of a public source, see sources.ts. */
export type SourceId = string

/** One thing an amount rests on: a row of the table, a rule of payment, an announced total, or what somebody typed. */
export interface Origin {
  of: 'row' | 'rule' | 'total' | 'typed'
  /** Unique among origins: `aci-2019/1/access/fixed/year`, `advance`, `annex/…`. */
  id: string
  provenance: Provenance
  /** « ACI 2019, art. 9.1 »; null when no article is known. */
  article: string | null
  sources: readonly SourceId[]
  /** In French: the calculation of a derived amount, the reason of an assumed one. */
  note: string | null
  /** Who typed it, when, and from which file; for `typed` only. */
  typed: Typed | null
}
/** The trace of what somebody typed from a signed paper. */
export interface Typed {
  by: string
  /** Day it was typed. */
  at: Day
  /** The signed paper, as the area names its files; null while it is not attached. */
  file: string | null
}

declare const figure: unique symbol
/**
 * An amount with what it rests on. Only figure.ts makes one; sums and shares keep every origin and the weakest provenance, so an
 * assumption cannot be lost on the way to the screen. Plain data: survives JSON.
 */
export interface Figure {
  readonly [figure]: true
  readonly cents: Cents
  /** The weakest of the origins. A figure of zero that rests on nothing is `contract`. */
  readonly provenance: Provenance
  readonly origins: readonly Origin[]
}

// The national texts

export type TextId = 'aci-2019' | 'avenant-2'
/** Missions of the agreement; the words of the areas where there is one. */
export const missions = ['access', 'pathways', 'prevention', 'crisis', 'quality', 'support'] as const
export type Mission = (typeof missions)[number]
/** What money is for: a mission, or the running of the community (fonctionnement). */
export type Heading = 'running' | Mission
/** Headings in the order of the agreement. */
export const headings = ['running', ...missions] as const
/**
 * `running`: fonctionnement. `fixed`, `variable`: the two parts of a mission. `compensation`: of unscheduled care, within access, outside
 * the smaller of the two ceilings. `plan`, `occurrence`: of the crisis mission.
 */
export type Part = 'running' | 'fixed' | 'variable' | 'compensation' | 'plan' | 'occurrence'
/** `year`: each contract year. `first-year`, `later-year`: of the mission. `event`: when it happens, once a year at most. */
export type Period = 'year' | 'first-year' | 'later-year' | 'event'

/** One amount of a national table, at most, for a size. */
export interface Row {
  text: TextId
  size: AciSize
  heading: Heading
  part: Part
  period: Period
  cents: Cents
  origin: Origin
}
/** A total announced by a source, to be compared with the sum of the rows. */
export interface StatedTotal {
  text: TextId
  size: AciSize
  /** With the compensation of unscheduled care, or without. */
  compensation: boolean
  cents: Cents
  /** The source itself rounds. */
  rounded: boolean
  origin: Origin
}
export interface NationalText {
  id: TextId
  /** In French. */
  name: string
  signed: Day
  inForce: Day
  origin: Origin
  /** Socle missions under this text. */
  core: readonly Mission[]
  optional: readonly Mission[]
}
export type RuleId =
  | 'running-at-signature'
  | 'running-each-year'
  | 'running-held'
  | 'advance'
  | 'fixed-from-start'
  | 'prorata-days'
  | 'variable-by-indicators'
  | 'variable-from-start'
  | 'compensation-as-fixed'
  | 'crisis-when-done'
  | 'repaid-prorata'
  | 'renewal-continues'
  | 'decided-in-minutes'
export interface Rule {
  id: RuleId
  /** In French, one sentence. */
  says: string
  origin: Origin
}
/** Months after signature within which a mission must have started, then be deployed. */
export interface Delay {
  mission: Mission
  start: number
  deployed: number
  origin: Origin
}
/** Everything national, as one value: a test, or a past date, may pass another. */
export interface Tables {
  texts: readonly NationalText[]
  rows: readonly Row[]
  totals: readonly StatedTotal[]
  rules: readonly Rule[]
  delays: readonly Delay[]
  /** Percent paid in advance: 75. */
  advancePercent: number
}

// The contract as signed

export interface Contract {
  id: string
  /** First day; anniversaries are counted from it. */
  signed: Day
  /** 5 in the agreement. */
  years: number
  terms: Terms
  amendments: readonly Amendment[]
  renewals: readonly Renewal[]
  /** The last day is `on`: nothing is due from that day on. */
  terminated: { on: Day; reason: string } | null
  indicators: readonly Indicator[]
  /** Rules of payment that somebody found written in the signed contract: they are then `contract`. */
  confirmed: readonly (Typed & { rule: RuleId; article: string | null })[]
}
/** What holds from a day on. */
export interface Terms {
  text: TextId
  /** As the contract states it; null: read from the population. */
  size: AciSize | null
  /** Inhabitants, when the contract does not state a size. */
  population: number | null
  missions: readonly Mission[]
  /** Whether the compensation of unscheduled care is in the contract. */
  compensation: boolean
  /** Amounts of the signed annex; they win over the table. */
  annex: readonly TypedAmount[]
}
export interface TypedAmount extends Typed {
  heading: Heading
  part: Part
  period: Period
  cents: Cents
  article: string | null
}
/** Changes the terms from a day on, until another amendment does, or until `until` if it is written. Its annex is added, line by line. */
export interface Amendment {
  id: string
  from: Day
  /** First day on which it no longer holds; null: to the end. */
  until: Day | null
  changes: Partial<Terms>
}
export interface Renewal {
  from: Day
  years: number
}

/** An exact number: 80 % is 80/100, 12 meetings 12/1. Whole numbers, the denominator above zero. */
export interface Ratio {
  numerator: number
  denominator: number
}
export interface Indicator {
  id: string
  mission: Mission
  /** In French. */
  name: string
  kind: 'action' | 'result'
  /** `share`: part of a whole, never above one. `count`: grows through the year. `level`: a state (a delay, a rate per inhabitant). `done`: yes or no. */
  measure: 'share' | 'count' | 'level' | 'done'
  /** Whether more is better, or less. */
  better: 'higher' | 'lower'
  /** `ratio`: achieved ÷ target (target ÷ achieved when less is better). `progress`: the way done from the baseline to the target. */
  formula: 'ratio' | 'progress'
  /** In hundredths of a percent of the mission's variable part; those of a mission's year add up to 10 000. */
  weight: number
  /** Percent of its own share that it may bring at most: 100 unless the contract says more; the mission's envelope stays the limit. */
  cap: number
  /** Percent of achievement under which it brings nothing; 0 when the contract has none. */
  floor: number
  /** Before the contract (T0); null: not available. */
  baseline: Ratio | null
  /** By contract year; the last one written holds for the years after it. For `done` the target is not read. */
  targets: readonly { year: number; target: Ratio }[]
  /** Contract years in which it counts; null: to the end. */
  fromYear: number
  toYear: number | null
}

// What happened

export interface Facts {
  missions: readonly { mission: Mission; started: Day | null; deployed: Day | null }[]
  values: readonly { indicator: string; year: number; value: Value }[]
  /** Plan written or brought up to date, crisis in which the community took part. */
  crisis: readonly { what: 'plan' | 'occurrence'; day: Day }[]
  /** Variable parts fixed in the signed minutes of a yearly review: they win over the calculation. */
  decisions: readonly Decision[]
  /** Money that came. */
  receipts: readonly { day: Day; heading: Heading; cents: Cents }[]
}
/** Never zero when it is not known. */
export type Value = { state: 'measured'; ratio: Ratio } | { state: 'done'; done: boolean } | { state: 'unavailable'; reason: string }
export interface Decision extends Typed {
  mission: Mission
  year: number
  cents: Cents
  reason: string
}
