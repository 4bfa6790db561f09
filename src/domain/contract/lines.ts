/** The lines of one contract year that follow time: running, fixed parts, compensation. */
import type { Day } from '../calendar.ts'
import { type Cents, proportion } from '../money.ts'
import type { Context, Report } from './context.ts'
import { daysIn, divide, on, piecesOf, spansOf, stepsOf } from './pieces.ts'
import type { ContractYear } from './terms.ts'
import type { Figure, Heading, Line, LineReason, Mission, Origin, Part, Payment, Step } from './types.ts'

type Of = { year: number; heading: Heading; part: Part }
/** A payment, unless there is nothing to pay. */
export function payment(of: Of, day: Day, kind: Payment['kind'], figure: Figure, steps: readonly Step[]): Payment[] {
  return figure.cents === 0 ? [] : [{ ...of, day, kind: figure.cents < 0 ? 'repayment' : kind, figure, steps }]
}
/** What is still to pay, or to give back, once the year is over. */
export function balance(ctx: Context, year: ContractYear, of: Of, due: Figure, paid: Cents): Payment[] {
  const cents = due.cents - paid
  if (cents === 0) return []
  const cutShort = year.until < year.to
  const origin = ctx.rule(cents < 0 && cutShort ? 'repaid-prorata' : of.heading === 'running' ? 'running-each-year' : 'fixed-from-start')
  const figure = on(cents, due.origins, origin)
  return payment(of, year.until, 'balance', figure, [{ origin, data: { what: 'balance', due: due.cents, paid }, cents }])
}

/** Fonctionnement: in full at signature, then 75 % and the balance, held until a first mission has started. */
export function runningLine(ctx: Context, year: ContractYear, report: Report): Line | null {
  const all = piecesOf(ctx, year, 'running', 'running', report)
  if (all.length === 0) return null
  const of: Of = { year: year.year, heading: 'running', part: 'running' }
  const first = year.year === 1
  const started = firstStart(ctx)
  const begun = first || (started !== null && started < year.until)
  const d = divide(ctx, year, all, begun ? year.from : null)
  const held = first || (started !== null && started <= year.from) ? [] : [ctx.rule('running-held')]
  // Held back, the year is due in full as soon as a mission starts: no day of it is lost before its end.
  const mayCome = !begun && ctx.on < year.until && !(started !== null && started >= year.until)
  const renewed = year.year > ctx.contract.years ? [ctx.rule('renewal-continues')] : []
  const due = on(begun ? d.due : 0, d.origins, ...held, ...renewed)
  const steps = stepsOf(ctx, year, 'running', 'running', d)
  const base = all[0]!.amount
  const payments: Payment[] = []
  if (first) {
    const origin = ctx.rule('running-at-signature')
    const step: Step = { origin, data: { what: 'full', base: base.cents }, cents: base.cents }
    payments.push(...payment(of, year.from, 'full', on(base.cents, base.origins, origin), [step]))
    payments.push(...balance(ctx, year, of, due, base.cents))
  } else if (begun) {
    const day = started! > year.from ? started! : year.from
    const origin = ctx.rule('running-each-year')
    const at = all.findLast(p => p.from <= day) ?? all[0]!
    const advance = proportion(at.amount.cents, ctx.tables.advancePercent, 100)
    const data = {
      what: 'advance',
      base: at.amount.cents,
      percent: ctx.tables.advancePercent,
      from: year.from,
      to: year.to,
      days: year.days,
      of: year.days,
    } as const
    payments.push(
      ...payment(of, day, 'advance', on(advance, at.amount.origins, origin, ctx.rule('advance'), ...held, ...renewed), [
        { origin, data, cents: advance },
      ]),
    )
    payments.push(...balance(ctx, year, of, due, advance))
  }
  return {
    ...of,
    reason: begun ? (year.until < year.to ? 'part-of-year' : 'whole-year') : 'no-mission-started',
    envelope: on(d.envelope, d.whole),
    due,
    open: on(mayCome ? d.envelope : 0, d.whole, ...held),
    lost: on(begun || mayCome ? 0 : d.envelope, d.whole, ...held),
    spans: spansOf(d.earning, due.cents),
    steps,
    indicators: [],
    payments,
  }
}
/** The first day on which a mission of the contract had started. */
function firstStart(ctx: Context): Day | null {
  let first: Day | null = null
  for (const { mission } of ctx.facts.missions) {
    const start = ctx.start(mission)
    if (start === null) continue
    const inContract = ctx.stretches.find(s => s.to > start && s.terms.missions.includes(mission))
    if (!inContract) continue
    const day = start > inContract.from ? start : inContract.from
    if (first === null || day < first) first = day
  }
  return first
}

/** A fixed part, or the compensation: 75 % at the start, prorated to the anniversary; then balance and 75 % at each anniversary. */
export function timedLine(ctx: Context, year: ContractYear, mission: Mission, part: 'fixed' | 'compensation', report: Report): Line | null {
  const all = piecesOf(ctx, year, mission, part, report)
  if (all.length === 0) return null
  const of: Of = { year: year.year, heading: mission, part }
  const d = divide(ctx, year, all, ctx.start(mission))
  const rules: Origin[] = part === 'compensation' ? [ctx.rule('compensation-as-fixed')] : []
  const due = on(d.due, d.origins, ...rules)
  const payments: Payment[] = []
  const begin = d.earning[0]
  if (begin) {
    const days = daysIn(begin.from, year.to)
    const { cents: base } = begin.amount
    const advance = proportion(base, ctx.tables.advancePercent * days, 100 * year.days)
    const prorata = days === year.days ? [] : [ctx.rule('prorata-days')]
    const origin = ctx.rule('fixed-from-start')
    const data = { what: 'advance', base, percent: ctx.tables.advancePercent, from: begin.from, to: year.to, days, of: year.days } as const
    const figure = on(advance, begin.amount.origins, origin, ctx.rule('advance'), ...prorata, ...rules)
    payments.push(...payment(of, begin.from, 'advance', figure, [{ origin, data, cents: advance }]))
    payments.push(...balance(ctx, year, of, due, advance))
  }
  return {
    ...of,
    reason: timeReason(year, d.earning),
    envelope: on(d.envelope, d.whole),
    due,
    open: on(d.open, d.origins, ...rules),
    lost: on(d.lost, d.origins),
    spans: spansOf(d.earning, d.due),
    steps: stepsOf(ctx, year, mission, part, d),
    indicators: [],
    payments,
  }
}
const timeReason = (year: ContractYear, earning: readonly { days: number }[]): LineReason =>
  earning.length === 0 ? 'not-started' : earning.reduce((sum, p) => sum + p.days, 0) === year.days ? 'whole-year' : 'part-of-year'
