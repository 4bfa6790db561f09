/** The same cents in both calendars: contract years, from anniversary to anniversary, and civil years, in which budgets are kept. */
import { type Day, daysFrom, earliest, latest, yearOf } from '../calendar.ts'
import { split } from '../money.ts'
import { figureOf, nothing, total } from './figure.ts'
import type { CivilYear, Figure, Line, Statement } from './types.ts'

/** Each due amount over the days that earn it, each payment in the civil year of its day. Both sums are those of the statement. */
export function civilYears(statement: Statement): CivilYear[] {
  const found = new Map<number, { parts: CivilYear['parts'][number][]; paid: Figure[] }>()
  const of = (civil: number) => found.get(civil) ?? found.set(civil, { parts: [], paid: [] }).get(civil)!
  for (const { lines } of statement.years) for (const line of lines) for (const cut of cutByYear(line)) of(yearOf(cut.from)).parts.push(cut)
  for (const p of statement.payments) of(yearOf(p.day)).paid.push(p.figure)
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([civil, { parts, paid }]) => ({
      civil,
      earned: total(parts.map(p => p.earned)),
      paid: paid.length ? total(paid) : nothing,
      parts,
    }))
}
function cutByYear(line: Line): CivilYear['parts'][number][] {
  return line.spans.flatMap(span => {
    const cuts = civilCuts(span.from, span.to)
    const cents = split(
      span.cents,
      cuts.map(c => daysFrom(c.from, c.to)),
    )
    return cuts.map((c, i) => ({
      year: line.year,
      heading: line.heading,
      part: line.part,
      ...c,
      earned: figureOf(cents[i]!, line.due.origins),
    }))
  })
}
function civilCuts(from: Day, to: Day): { from: Day; to: Day }[] {
  const cuts: { from: Day; to: Day }[] = []
  for (let year = yearOf(from); `${year}-01-01` < to; year++)
    cuts.push({ from: latest(from, `${year}-01-01`), to: earliest(to, `${year + 1}-01-01`) })
  return cuts
}
