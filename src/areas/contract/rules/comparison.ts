/** Rates compared between communities of one size: which leave, for which year, and where ours stands. What may be told: domain/comparison. */
import { addDays, type Day } from '#domain/calendar.ts'
import { levelOf, SCALE } from '#domain/comparison.ts'
import type { Value } from '#domain/contract/index.ts'
import { catalogue, type Definition, type IndicatorCode } from './indicators.ts'
import { FEWEST, type Span } from './values.ts'

/** Shares only: a number of meetings says how large a community is, a yes or a no says which one. */
export const compared: readonly Definition[] = catalogue.filter(d => d.measure === 'share')

/** Figures of the fund come in the spring: a year is compared from the first of April after it. */
const READY = '-04-01'
/** The last calendar year that may be compared on this day. */
export function yearDue(today: Day): number {
  const year = Number(today.slice(0, 4))
  return today >= `${year}${READY}` ? year - 1 : year - 2
}
/** The contract year that ended in this calendar year; its last day decides. */
export const spanEnding = (spans: readonly Span[], year: number): Span | null =>
  spans.find(s => addDays(s.to, -1).slice(0, 4) === `${year}`) ?? null

/** The level of a share that rests on eleven people at least; null when there is none to give. */
export const levelToGive = (value: Value): number | null =>
  value.state === 'measured' && value.ratio.denominator >= FEWEST && value.ratio.numerator <= value.ratio.denominator
    ? levelOf(value.ratio)
    : null

/** What is told of a group of communities, in percent. */
export interface TellingBand {
  year: number
  size: number
  code: IndicatorCode
  communities: number
  low: number | null
  middle: number
  high: number | null
}
export const percentOf = (level: number): number => SCALE[level]!

export type Standing = 'better' | 'same' | 'worse'
/** Where a rate stands beside the middle of the group; for some indicators less is better. */
export const standingOf = (own: number, band: TellingBand, d: Pick<Definition, 'better'>): Standing =>
  own === band.middle ? 'same' : own > band.middle === (d.better === 'higher') ? 'better' : 'worse'
