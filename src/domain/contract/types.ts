/**
 * The tripartite contract of a CPTS (ACI) as data: what is signed, what happened, what it brings and why.
 *
 * Every amount that comes out is a {@link Figure}: cents never travel without their provenance. Days are `YYYY-MM-DD`; a span holds its
 * first day and not its last (`to`). Contract years are numbered from 1, from one anniversary of the signature to the next.
 */
import type { Day } from '../calendar.ts'
import type { Cents } from '../money.ts'
import type { AciSize } from '../size.ts'

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

// What comes out

/** One step of a calculation: enough to write its sentence (sentences.ts) and to do it again by hand. */
export interface Step {
  origin: Origin
  data: StepData
  /** After this step. */
  cents: Cents
}
export type StepData =
  | { what: 'amount'; heading: Heading; part: Part; period: Period; size: AciSize | null; text: TextId; from: Day; to: Day }
  /** `days` out of `of`, the days of the contract year. */
  | { what: 'prorata'; base: Cents; from: Day; to: Day; days: number; of: number }
  | { what: 'share'; indicator: string; name: string; weight: number; of: number; base: Cents }
  | {
      what: 'rate'
      indicator: string
      name: string
      base: Cents
      value: Value
      target: Ratio | null
      rate: Ratio
      limited: 'cap' | 'floor' | null
    }
  | { what: 'limit'; base: Cents; limit: Cents }
  | { what: 'event'; part: Part; day: Day }
  | { what: 'decision'; computed: Cents; by: string; at: Day; reason: string }
  | { what: 'advance'; base: Cents; percent: number; from: Day; to: Day; days: number; of: number }
  | { what: 'full'; base: Cents }
  | { what: 'balance'; due: Cents; paid: Cents }

/** Why a line has the amount it has. */
export type LineReason =
  | 'whole-year'
  | 'part-of-year'
  | 'not-started'
  | 'indicators'
  | 'indicators-open'
  | 'decided'
  | 'event-done'
  | 'event-not-done'
  | 'no-mission-started'

/** One part of one heading in one contract year. Always: envelope = due + open + lost, to the cent. */
export interface Line {
  year: number
  heading: Heading
  part: Part
  reason: LineReason
  /** What the year brings at most, under the terms of the year. */
  envelope: Figure
  /** Brought by what is known: started missions to the end of the year, measured indicators. */
  due: Figure
  /** Still to be decided: not started yet, not measured yet. */
  open: Figure
  /** Can no longer come. */
  lost: Figure
  /** The due amount, spread over the days that earn it: for civil years and for what is acquired on a day. Sum = due. */
  spans: readonly { from: Day; to: Day; cents: Cents }[]
  steps: readonly Step[]
  /** By indicator, for a variable part: base = earned + open + lost before the mission's limit. */
  indicators: readonly IndicatorLine[]
  /** Sum = due. A repayment is negative. */
  payments: readonly Payment[]
}
export interface IndicatorLine {
  indicator: string
  name: string
  /** Its part of the mission's envelope. */
  base: Figure
  /** `base` × rate; may be above `base` when its cap is. */
  earned: Figure
  state: 'measured' | 'unavailable' | 'not-measured' | 'refused'
  rate: Ratio | null
}
export interface Payment {
  day: Day
  year: number
  heading: Heading
  part: Part
  kind: 'full' | 'advance' | 'balance' | 'repayment'
  figure: Figure
  steps: readonly Step[]
}
export interface YearStatement {
  year: number
  from: Day
  to: Day
  days: number
  lines: readonly Line[]
  envelope: Figure
  due: Figure
  open: Figure
  lost: Figure
  /** Of the terms at the end of the year. */
  ceilings: Ceilings | null
  /** Not in the lines, never counted as zero: without them the sums above are « at least ». */
  missing: readonly Missing[]
}
export interface Statement {
  contract: string
  /** The day it was read. */
  on: Day
  /** First day without the contract. */
  end: Day
  years: readonly YearStatement[]
  /** Of all years, by day then heading. */
  payments: readonly Payment[]
  due: Figure
  problems: readonly Problem[]
}
export type Missing =
  | { code: 'amount-unknown'; heading: Heading; part: Part; period: Period; text: TextId; size: AciSize; from: Day; to: Day }
  | { code: 'size-unknown'; from: Day; to: Day }
  | { code: 'no-indicators'; mission: Mission; cents: Cents }
  | { code: 'value-missing'; mission: Mission; indicator: string; name: string; reason: string | null; cents: Cents }

/** One of the two ceilings: computed from the rows, beside what a source announces. */
export interface Ceiling {
  /** null when a row is unknown: see `unknown`. */
  computed: Figure | null
  parts: readonly { heading: Heading; part: Part; figure: Figure }[]
  unknown: readonly { heading: Heading; part: Part }[]
  stated: { figure: Figure; rounded: boolean } | null
  /** Of computed with stated: `rounded` when the source rounds and they differ by less than 1 000 €. */
  agreement: 'equal' | 'rounded' | 'differs' | 'unknown'
}
/** Both are always shown: communities announce one or the other. */
export interface Ceilings {
  withoutCompensation: Ceiling
  withCompensation: Ceiling
}

// What is wrong with what was given. Nothing is thrown away: the problem carries what was refused.

export type Problem =
  | { code: 'numerator-above-denominator'; indicator: string; name: string; year: number; ratio: Ratio }
  | { code: 'not-a-ratio'; indicator: string; name: string; year: number; ratio: Ratio }
  | { code: 'wrong-kind-of-value'; indicator: string; name: string; year: number }
  | { code: 'two-values'; indicator: string; name: string; year: number; count: number }
  | { code: 'unknown-indicator'; indicator: string; year: number }
  | { code: 'value-outside-contract'; indicator: string; name: string; year: number }
  | { code: 'no-target'; indicator: string; name: string; year: number }
  | { code: 'weights'; mission: Mission; year: number; sum: number }
  | { code: 'no-population'; from: Day; to: Day }
  | { code: 'mission-before-signature'; mission: Mission; started: Day; signed: Day }
  | { code: 'mission-after-end'; mission: Mission; started: Day; end: Day }
  | { code: 'mission-not-in-contract'; mission: Mission; started: Day }
  | { code: 'mission-not-in-text'; mission: Mission; text: TextId; from: Day }
  | { code: 'deployed-before-start'; mission: Mission; started: Day | null; deployed: Day }
  | { code: 'amendments-overlap'; first: string; second: string; what: readonly (keyof Terms)[]; from: Day; to: Day }
  | { code: 'amendment-outside-contract'; amendment: string; from: Day; signed: Day; end: Day }
  | { code: 'renewal-not-at-end'; from: Day; end: Day }
  | { code: 'termination-outside-contract'; on: Day; signed: Day; end: Day }
  | { code: 'text-before-in-force'; text: TextId; from: Day; inForce: Day }
  | { code: 'newer-text'; text: TextId; newer: TextId; inForce: Day }
  | { code: 'decision-above-envelope'; mission: Mission; year: number; decided: Cents; envelope: Cents }
  | { code: 'decision-without-mission'; mission: Mission; year: number; decided: Cents }
export type ProblemCode = Problem['code']

// Deadlines

export interface Deadline {
  what: 'start' | 'deployment' | 'anniversary' | 'end' | 'tacit-validation'
  mission: Mission | null
  due: Day
  /** The last working day that is not after `due`: when people can still act. */
  lastWorkingDay: Day
  /** The day it was met, if it was. */
  met: Day | null
  state: 'met' | 'met-late' | 'running' | 'late'
  /** From the day of reading to `due`; negative when it is past. */
  daysLeft: number
  workingDaysLeft: number
  origin: Origin
}

// What is left to earn, and how the year may end

/** Something that can be done; the plan of actions gives them. */
export interface Lever {
  id: string
  name: string
  indicator: string
  /** What it adds to the numerator (or takes from it, when less is better); 1 makes a `done` indicator. */
  units: number
  /** Hours of work; null: not estimated. */
  hours: number | null
  /** Not possible after this day; null: up to the end of the contract year. */
  by: Day | null
}
/** Something that would bring money before the end of the year. */
export interface Opportunity {
  kind: 'action' | 'no-action' | 'start-mission' | 'measure' | 'crisis-plan'
  mission: Mission
  indicator: string | null
  name: string
  lever: Lever | null
  /** What it would bring, alone. */
  gain: Figure
  /** What is still missing on the numerator to earn everything; null when it is not a number. */
  unitsMissing: number | null
  by: Day
  daysLeft: number
  /** Cents per hour of work; null when the hours are unknown: listed after, by gain. */
  perHour: number | null
}
export interface LeftToEarn {
  year: number
  /** What the year may still bring, at most. */
  remaining: Figure
  /** Best euro per hour first. */
  opportunities: readonly Opportunity[]
}
export type Scenario = 'pessimistic' | 'trend' | 'plan'
export interface Projection {
  scenario: Scenario
  /** The value each indicator is supposed to end the year with, and why. */
  supposed: readonly {
    indicator: string
    name: string
    value: Value
    because: 'as-today' | 'same-pace' | 'plan' | 'decided' | 'not-known'
  }[]
  year: YearStatement
}

/** A contract year seen in civil years, or the reverse: both calendars add up to the same cents. */
export interface CivilYear {
  civil: number
  /** Earned by the days of that year. */
  earned: Figure
  /** Paid in that year, by the calendar of the contract. */
  paid: Figure
  parts: readonly { year: number; heading: Heading; part: Part; earned: Figure; from: Day; to: Day }[]
}
/** One heading on a day: `acquired` = earned by the days passed, `expected` = what the year should still bring, `received` = money that came. */
export interface Standing {
  heading: Heading
  envelope: Figure
  acquired: Figure
  expected: Figure
  open: Figure
  lost: Figure
  /** What should have come by that day. */
  payable: Figure
  received: Cents
}
