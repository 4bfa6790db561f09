/** The lines of one contract year that follow results: variable parts by their indicators, and the crisis mission by what was done. */
import { addDays, type Day } from '../calendar.ts'
import { proportion, shareOut } from '../money.ts'
import type { Context, Report } from './context.ts'
import { figureOf, merged, nothing, resized } from './figure.ts'
import { payment } from './lines.ts'
import { divide, on, piecesOf, spansOf, stepsOf } from './pieces.ts'
import { type Rated, rateOf } from './rates.ts'
import { amountOf, type ContractYear, holds } from './terms.ts'
import type { Decision, Figure, Indicator, IndicatorLine, Line, Mission, Origin, Period, Problem, Step } from './types.ts'

/** Weights are hundredths of a percent: they add up to this. */
export const WHOLE_WEIGHT = 10_000

/** A variable part: the mission's envelope × Σ weight × rate, or what the minutes of the yearly review decided. */
export function variableLine(
  ctx: Context,
  year: ContractYear,
  mission: Mission,
  report: Report,
  refuse: (p: Problem) => void,
): Line | null {
  const all = piecesOf(ctx, year, mission, 'variable', report)
  const decision = ctx.facts.decisions.findLast(x => x.mission === mission && x.year === year.year)
  if (all.length === 0 && !decision) return null
  const of = { year: year.year, heading: mission, part: 'variable' } as const
  const d = divide(ctx, year, all, ctx.start(mission))
  const fromStart = d.due !== d.envelope && d.due > 0 ? [ctx.rule('variable-from-start')] : []
  const origins = [...d.origins, ...fromStart]
  const base = on(d.due, origins)
  const steps = stepsOf(ctx, year, mission, 'variable', d)
  const counted = indicatorsOf(ctx, year, mission, base, report, refuse)
  steps.push(...counted.steps)
  // Nothing is earned without an indicator, and nothing lost: the envelope stays open until they are written.
  const earned = Math.min(counted.earned, d.due)
  if (counted.earned > d.due)
    steps.push({ origin: ctx.rule('variable-by-indicators'), data: { what: 'limit', base: counted.earned, limit: d.due }, cents: earned })
  const stillOpen = Math.min(counted.open, d.due - earned)
  const computed = { earned, open: stillOpen, lost: d.due - earned - stillOpen }
  const rule = ctx.rule('variable-by-indicators')
  if (!decision) {
    const due = earned === 0 ? nothing : on(earned, base.origins, rule)
    return {
      ...of,
      reason: d.earning.length === 0 ? 'not-started' : computed.open > 0 ? 'indicators-open' : 'indicators',
      envelope: on(d.envelope, d.whole),
      due,
      open: on(d.open + computed.open, origins, ...(computed.open === d.due ? [] : [rule])),
      lost: on(d.lost + computed.lost, origins, ...(computed.lost === 0 ? [] : [rule])),
      spans: spansOf(d.earning, earned),
      steps,
      indicators: counted.lines,
      payments: payment(of, year.until, 'balance', due, [{ origin: rule, data: { what: 'balance', due: earned, paid: 0 }, cents: earned }]),
    }
  }
  return { ...of, ...decided(ctx, year, decision, { d, base, computed: earned, steps, refuse }), indicators: counted.lines }
}

type Around = { d: ReturnType<typeof divide>; base: Figure; computed: number; steps: Step[]; refuse: (p: Problem) => void }
/** Signed minutes win: the money they fix is due, even above the envelope, which is then said. */
function decided(ctx: Context, year: ContractYear, decision: Decision, { d, base, computed, steps, refuse }: Around) {
  const { mission, cents, by, at, reason } = decision
  const origin: Origin = {
    of: 'typed',
    id: `minutes/${mission}/${year.year}`,
    provenance: 'contract',
    article: ctx.rule('decided-in-minutes').article,
    sources: [],
    note: reason,
    typed: { by, at, file: decision.file },
  }
  const beyond = Math.max(0, cents - base.cents)
  if (d.all.length === 0) refuse({ code: 'decision-without-mission', mission, year: year.year, decided: cents })
  else if (beyond > 0) refuse({ code: 'decision-above-envelope', mission, year: year.year, decided: cents, envelope: base.cents })
  steps.push({ origin, data: { what: 'decision', computed, by, at, reason }, cents })
  const due = on(cents, [origin])
  const spans = cents === 0 ? [] : d.earning.length ? spansOf(d.earning, cents) : [{ from: year.from, to: year.until, cents }]
  const of = { year: year.year, heading: mission, part: 'variable' } as const
  return {
    reason: 'decided' as const,
    envelope: beyond > 0 ? on(d.envelope + beyond, d.whole, origin) : on(d.envelope, d.whole),
    due,
    open: on(d.open, d.origins),
    lost: on(d.lost + base.cents + beyond - cents, d.origins, origin),
    spans,
    steps,
    payments: payment(of, year.until, 'balance', due, [{ origin, data: { what: 'balance', due: cents, paid: 0 }, cents }]),
  }
}

interface Counted {
  earned: number
  open: number
  lines: IndicatorLine[]
  steps: Step[]
}
/** The envelope shared out by weight, then each share times its rate. What no indicator holds, or no value measures, stays open. */
function indicatorsOf(
  ctx: Context,
  year: ContractYear,
  mission: Mission,
  base: Figure,
  report: Report,
  refuse: (p: Problem) => void,
): Counted {
  const list = ctx.indicatorsOf(mission, year.year)
  const sum = list.reduce((s, i) => s + i.weight, 0)
  const ask = base.cents > 0 && year.from <= ctx.on
  if (list.length > 0 && sum !== WHOLE_WEIGHT) refuse({ code: 'weights', mission, year: year.year, sum })
  if (list.length === 0 && ask) report({ code: 'no-indicators', mission, cents: base.cents })
  const of = Math.max(WHOLE_WEIGHT, sum)
  const shares = shareOut([...list.map(i => base.cents * i.weight), base.cents * (of - sum)], of)
  const counted: Counted = { earned: 0, open: shares.at(-1)!, lines: [], steps: [] }
  const whole = figureOf(base.cents, merged(base.origins, [ctx.rule('variable-by-indicators')]))
  for (const [n, indicator] of list.entries()) {
    const cents = shares[n]!
    const rated = rateOf(indicator, year.year, ctx.valueOf(indicator.id, year.year))
    if (rated.state === 'refused') refuse(rated.problem)
    count(ctx, counted, { indicator, rated, cents, of, whole, year: year.year })
    if (rated.state !== 'measured' && ask) {
      const why = rated.state === 'unavailable' ? rated.reason : null
      report({ code: 'value-missing', mission, indicator: indicator.id, name: indicator.name, reason: why, cents })
    }
  }
  return counted
}
type One = { indicator: Indicator; rated: Rated; cents: number; of: number; whole: Figure; year: number }
function count(ctx: Context, counted: Counted, { indicator, rated, cents, of, whole, year }: One): void {
  const origin = ctx.rule('variable-by-indicators')
  const about = { indicator: indicator.id, name: indicator.name }
  const share: Step = { origin, data: { what: 'share', ...about, weight: indicator.weight, of, base: whole.cents }, cents }
  if (rated.state !== 'measured') {
    counted.open += cents
    counted.steps.push(share)
    counted.lines.push({ ...about, base: resized(cents, whole), earned: nothing, state: rated.state, rate: null })
    return
  }
  const earned = proportion(cents, rated.rate.numerator, rated.rate.denominator)
  counted.earned += earned
  const value = ctx.valueOf(indicator.id, year)!
  counted.steps.push(share, {
    origin,
    data: { what: 'rate', ...about, base: cents, value, target: rated.target, rate: rated.rate, limited: rated.limited },
    cents: earned,
  })
  counted.lines.push({
    ...about,
    base: resized(cents, whole),
    earned: resized(earned, whole),
    state: 'measured',
    rate: rated.rate,
  })
}

/** The crisis mission: due when the thing is done, whole; open while it may be; lost when the year is over without it. */
export function crisisLine(ctx: Context, year: ContractYear, part: 'plan' | 'occurrence', report: Report): Line | null {
  const held = ctx.stretchesOf(year).filter(s => holds(s.terms, 'crisis', part))
  if (held.length === 0) return null
  const facts = ctx.facts.crisis.filter(c => c.what === part)
  const day =
    facts
      .map(c => c.day)
      .filter(at => held.some(s => s.from <= at && at < s.to))
      .sort()[0] ?? null
  const period: Period = part === 'occurrence' ? 'event' : isFirstPlan(ctx, year, facts) ? 'first-year' : 'later-year'
  const stretch = (day === null ? null : held.find(s => s.from <= day && day < s.to)) ?? held.at(-1)!
  const amount = amountOf(ctx.tables, stretch, 'crisis', part, period)
  if (!amount) {
    const { from, to } = stretch
    if (stretch.size !== null)
      report({ code: 'amount-unknown', heading: 'crisis', part, period, text: stretch.terms.text, size: stretch.size, from, to })
    return null
  }
  const of = { year: year.year, heading: 'crisis', part } as const
  const rule = ctx.rule('crisis-when-done')
  const due = day === null ? nothing : on(amount.cents, amount.origins, rule)
  const mayCome = day === null && ctx.on < held.at(-1)!.to
  const steps: Step[] = [
    {
      origin: amount.origins[0]!,
      data: {
        what: 'amount',
        heading: 'crisis',
        part,
        period,
        size: stretch.size,
        text: stretch.terms.text,
        from: stretch.from,
        to: stretch.to,
      },
      cents: amount.cents,
    },
  ]
  if (day !== null) steps.push({ origin: rule, data: { what: 'event', part, day }, cents: amount.cents })
  return {
    ...of,
    reason: day === null ? 'event-not-done' : 'event-done',
    envelope: amount,
    due,
    open: mayCome ? amount : nothing,
    lost: day === null && !mayCome ? amount : nothing,
    spans: day === null ? [] : [{ from: day, to: addDays(day, 1), cents: amount.cents }],
    steps,
    indicators: [],
    payments: payment(of, year.until, 'balance', due, [
      { origin: rule, data: { what: 'balance', due: due.cents, paid: 0 }, cents: due.cents },
    ]),
  }
}
/** The amount of the first plan holds until one is written; in years to come one is supposed written, so that no ceiling is counted twice. */
function isFirstPlan(ctx: Context, year: ContractYear, plans: readonly { day: Day }[]): boolean {
  if (plans.some(p => p.day < year.from)) return false
  const firstHeld = ctx.stretches.find(s => s.terms.missions.includes('crisis'))
  return year.from <= ctx.on || (firstHeld !== undefined && firstHeld.from >= year.from)
}
