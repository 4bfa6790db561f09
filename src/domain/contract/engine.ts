/** The whole contract, recomputed from what is signed and what happened: nothing else is read, nothing is kept between two calls. */
import type { Day } from '../calendar.ts'
import { problemsOf } from './check.ts'
import { type Context, contextOf } from './context.ts'
import { nothing, total } from './figure.ts'
import { runningLine, timedLine } from './lines.ts'
import { national } from './national.ts'
import { type ContractYear, endOf, signedEnd, sizeOf, termsOn } from './terms.ts'
import {
  type Contract,
  type Facts,
  headings,
  type Line,
  type Missing,
  missions,
  type Problem,
  type Statement,
  type Tables,
  type YearStatement,
} from './types.ts'
import { crisisLine, variableLine } from './variable.ts'

/**
 * Every contract year, line by line: what is due, why, when it is paid, what is missing.
 *
 * @param on the day of reading: what has not happened by then may still come, or is lost
 * @param tables the national tables; another value for a test, or to see what another text would bring
 */
export function compute(contract: Contract, facts: Facts, on: Day, tables: Tables = national): Statement {
  const ctx = contextOf(contract, facts, on, tables)
  const problems = problemsOf(ctx, facts, tables)
  const years = ctx.years.map(y => yearStatement(ctx, y, p => problems.push(p)))
  const order = new Map(headings.map((h, i) => [h, i]))
  const payments = years
    .flatMap(y => y.lines.flatMap(l => l.payments))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : order.get(a.heading)! - order.get(b.heading)! || a.year - b.year))
  return { contract: contract.id, on, end: ctx.end, years, payments, due: total(years.map(y => y.due)), problems }
}

/** One contract year by itself: what a change of one year's facts asks to compute again. null: the contract has no such year. */
export function computeYear(contract: Contract, facts: Facts, year: number, on: Day, tables: Tables = national): YearStatement | null {
  const ctx = contextOf(contract, facts, on, tables)
  const found = ctx.years.find(y => y.year === year)
  return found ? yearStatement(ctx, found, () => {}) : null
}

function yearStatement(ctx: Context, year: ContractYear, refuse: (p: Problem) => void): YearStatement {
  const missing: Missing[] = []
  const report = (m: Missing) => void missing.push(m)
  for (const s of ctx.stretchesOf(year)) if (s.size === null) report({ code: 'size-unknown', from: s.from, to: s.to })
  const lines: (Line | null)[] = [runningLine(ctx, year, report)]
  for (const mission of missions) {
    if (mission === 'crisis') {
      lines.push(crisisLine(ctx, year, 'plan', report), crisisLine(ctx, year, 'occurrence', report))
      continue
    }
    lines.push(timedLine(ctx, year, mission, 'fixed', report))
    if (mission === 'access') lines.push(timedLine(ctx, year, mission, 'compensation', report))
    lines.push(variableLine(ctx, year, mission, report, refuse))
  }
  const kept = lines.filter(l => l !== null)
  const sum = (of: (l: Line) => Line['due']) => (kept.length ? total(kept.map(of)) : nothing)
  const last = ctx.stretchesOf(year).at(-1)
  return {
    year: year.year,
    from: year.from,
    to: year.until,
    days: year.days,
    lines: kept,
    envelope: sum(l => l.envelope),
    due: sum(l => l.due),
    open: sum(l => l.open),
    lost: sum(l => l.lost),
    ceilings: last ? ctx.ceilings(last, planOf(kept)) : null,
    missing,
  }
}
const planOf = (lines: readonly Line[]) => {
  const step = lines.find(l => l.part === 'plan')?.steps[0]?.data
  return step?.what === 'amount' && step.period === 'later-year' ? 'later-year' : 'first-year'
}

/** What may be asked of a contract on a day, for a screen's head: its year, its terms, its end. */
export function contractOn(contract: Contract, on: Day) {
  const terms = termsOn(contract, on)
  return { terms, size: sizeOf(terms), end: endOf(contract), signedEnd: signedEnd(contract) }
}
