/** What comes out of the contract: statements with their steps, what is missing, what is wrong, deadlines, what is left to earn. */
import type { Day } from '../calendar.ts'
import type { Cents } from '../money.ts'
import type { AciSize } from '../size.ts'
import type { Figure, Heading, Mission, Origin, Part, Period, Ratio, Terms, TextId, Value } from './types.ts'

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
  | { code: 'target-against-direction'; indicator: string; name: string; year: number }
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
