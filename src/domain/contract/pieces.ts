/** A yearly amount over the days of one contract year: days that earn it, days that still may, days that no longer can. */
import { type Day, dayNumber, latest } from '../calendar.ts'
import { type Cents, shareOut } from '../money.ts'
import type { Context, Report } from './context.ts'
import { figureOf, merged } from './figure.ts'
import { amountOf, type ContractYear, holds } from './terms.ts'
import type { Figure, Heading, Line, Origin, Part, Step } from './types.ts'

export interface Piece {
  from: Day
  to: Day
  days: number
  amount: Figure
}
/** From a day on (null: not known yet), the days count; before it they do not. */
export interface Divided {
  envelope: Cents
  due: Cents
  open: Cents
  lost: Cents
  /** The pieces of the year with their whole amounts; of them, those that earn. */
  all: readonly Piece[]
  earning: readonly Piece[]
  /** What the envelope rests on. */
  whole: readonly Origin[]
  /** What its division rests on. */
  origins: readonly Origin[]
}
export const daysIn = (from: Day, to: Day): number => Math.max(0, dayNumber(to) - dayNumber(from))

/** The amounts of a part under the terms of each stretch of the year. What has no amount is reported, and not counted as zero. */
export function piecesOf(ctx: Context, year: ContractYear, heading: Heading, part: Part, report: Report): Piece[] {
  const pieces: Piece[] = []
  for (const stretch of ctx.stretchesOf(year)) {
    if (!holds(stretch.terms, heading, part)) continue
    const amount = amountOf(ctx.tables, stretch, heading, part, 'year')
    const { from, to } = stretch
    if (amount) pieces.push({ from, to, days: daysIn(from, to), amount })
    else if (stretch.size !== null)
      report({ code: 'amount-unknown', heading, part, period: 'year', text: stretch.terms.text, size: stretch.size, from, to })
  }
  return pieces
}
/** What is left of the pieces from a day on. */
const cut = (pieces: readonly Piece[], day: Day): Piece[] =>
  pieces.flatMap(p => {
    const from = latest(p.from, day)
    return from < p.to ? [from === p.from ? p : { ...p, from, days: daysIn(from, p.to) }] : []
  })
const weightOf = (pieces: readonly Piece[]) => pieces.reduce((sum, p) => sum + p.amount.cents * p.days, 0)

/** Divides the year at the start of the mission: due from it, lost before it; without a start, lost up to today and open from today. */
export function divide(ctx: Context, year: ContractYear, all: readonly Piece[], start: Day | null): Divided {
  const earning = start === null ? [] : start <= (all[0]?.from ?? start) ? all : cut(all, start)
  const mayEarn = start === null ? cut(all, ctx.on) : []
  const weights = [weightOf(earning), weightOf(mayEarn)]
  const [due, open, lost] = shareOut([...weights, weightOf(all) - weights[0]! - weights[1]!], year.days) as [Cents, Cents, Cents]
  const amounts = merged(...all.map(p => p.amount.origins))
  const prorata = merged(amounts, [ctx.rule('prorata-days')])
  const whole = all.length === 1 && all[0]!.days === year.days
  const undivided = whole && [due, open, lost].filter(cents => cents !== 0).length <= 1
  return {
    envelope: due + open + lost,
    due,
    open,
    lost,
    all,
    earning,
    whole: whole ? amounts : prorata,
    origins: undivided ? amounts : prorata,
  }
}
/** One step for each amount, one for each part of the year. */
export function stepsOf(ctx: Context, year: ContractYear, heading: Heading, part: Part, d: Divided): Step[] {
  return (d.earning.length ? d.earning : d.all).flatMap(({ from, to, days, amount }): Step[] => {
    const stretch = ctx.stretches.find(s => s.from <= from && from < s.to)!
    const data = { what: 'amount', heading, part, period: 'year', size: stretch.size, text: stretch.terms.text, from, to } as const
    const step: Step = { origin: amount.origins[0]!, data, cents: amount.cents }
    if (days === year.days || d.earning.length === 0) return [step]
    const [cents] = shareOut([amount.cents * days], year.days) as [Cents]
    return [step, { origin: ctx.rule('prorata-days'), data: { what: 'prorata', base: amount.cents, from, to, days, of: year.days }, cents }]
  })
}
/** The due amount over the days that earn it, to the cent. */
export function spansOf(earning: readonly Piece[], due: Cents): Line['spans'] {
  if (due === 0 || earning.length === 0) return []
  if (earning.length === 1) return [{ from: earning[0]!.from, to: earning[0]!.to, cents: due }]
  const weights = earning.map(p => p.amount.cents * p.days)
  const whole = weights.reduce((a, b) => a + b, 0)
  // The product of a weight and the amount must stay exact.
  const scale = Math.max(1, Math.ceil(whole / 2 ** 24))
  const scaled = weights.map(w => Math.round(w / scale))
  const parts = shareOut(
    scaled.map(w => w * due),
    scaled.reduce((a, b) => a + b, 0),
  )
  return earning.map((p, i) => ({ from: p.from, to: p.to, cents: parts[i]! }))
}
/** A figure on the origins of the divided year and of the rules used. */
export const on = (cents: Cents, origins: readonly Origin[], ...rules: readonly Origin[]): Figure =>
  figureOf(cents, rules.length ? merged(origins, rules) : origins)
