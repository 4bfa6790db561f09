/** Where each heading of a contract year stands on the day of reading: acquired, expected, payable, received. */
import { type Day, daysFrom, earliest } from '../calendar.ts'
import { proportion } from '../money.ts'
import { figureOf, total } from './figure.ts'
import { type Facts, type Figure, headings, type Line, type Standing, type Statement } from './types.ts'

/**
 * acquired + expected = due; envelope = acquired + expected + open + lost. `payable` and `received` are of the days of that contract year
 * up to the day of reading, whichever year they settle.
 */
export function standings(statement: Statement, facts: Facts, year: number): Standing[] {
  const found = statement.years.find(y => y.year === year)
  if (!found) return []
  const inYear = (day: Day) => day >= found.from && day < found.to && day <= statement.on
  return headings.flatMap((heading): Standing[] => {
    const lines = found.lines.filter(l => l.heading === heading)
    if (lines.length === 0) return []
    const acquired = lines.map(l => acquiredOn(l, statement.on))
    const rest = lines.map((l, i) => figureOf(l.due.cents - acquired[i]!.cents, l.due.origins))
    return [
      {
        heading,
        envelope: total(lines.map(l => l.envelope)),
        acquired: total(acquired),
        expected: total(rest),
        open: total(lines.map(l => l.open)),
        lost: total(lines.map(l => l.lost)),
        payable: total(statement.payments.filter(p => p.heading === heading && inYear(p.day)).map(p => p.figure)),
        received: facts.receipts.filter(r => r.heading === heading && inYear(r.day)).reduce((sum, r) => sum + r.cents, 0),
      },
    ]
  })
}
/** Of a due amount, what the days passed have earned. */
function acquiredOn(line: Line, on: Day): Figure {
  let cents = 0
  for (const s of line.spans) {
    const passed = Math.max(0, daysFrom(s.from, earliest(on, s.to)))
    cents += proportion(s.cents, passed, daysFrom(s.from, s.to))
  }
  return figureOf(cents, line.due.origins)
}
