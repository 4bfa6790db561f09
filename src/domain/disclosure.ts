/**
 * Counts that may be published: small cells hidden, and not found again by subtraction, from totals or from another publication of
 * people partly the same. One-way tables (a total and its parts), published again and again.
 *
 * - A cell under 11 is hidden (zero too); so is a total.
 * - What is shown is rounded to the nearest ten: the difference of two publications does not tell how few people came or left.
 * - Before publishing, we attack: what do all the tables published so far, with the new one, let somebody infer of each hidden cell?
 *   He does every sum and difference (linear programming: extremes.ts), and is told more than what is shown: the exact counts behind
 *   the rounding, and which hidden cells did not change from one publication to another. While he can place a small cell within fewer
 *   than 11 values, one more cell is hidden (the smallest shown); when nothing is left to hide, the table is not published and the
 *   previous one stands.
 *
 * Primary and complementary suppression with an audit of feasibility intervals: A. Hundepool and others, Statistical Disclosure
 * Control, Wiley 2012, ch. 4. Threshold of 11: the one of the French health-insurance open data.
 */

import { extremes } from './extremes.ts'

export const THRESHOLD = 11
export const ROUND_TO = 10
/** An attacker must hesitate between at least this many values of a small cell. */
export const DOUBT = 11

export type Counts = Readonly<Record<string, number>>
/** A published table: exact counts, kept apart, and the cells that were hidden. */
export interface Release {
  counts: Counts
  hidden: ReadonlySet<string>
}
export const totalOf = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0)
/** What is shown of a count that may be. */
export const shown = (n: number): number => Math.floor((n + ROUND_TO / 2) / ROUND_TO) * ROUND_TO

/** Whether a share can be told by itself: neither part, nor what is left of it, nor the whole is a small number of people. */
export function tellable({ numerator, denominator }: { numerator: number; denominator: number }): boolean {
  const small = (n: number) => n > 0 && n < THRESHOLD
  return !small(numerator) && !small(denominator - numerator) && !small(denominator)
}

/** What can be said of a number: between `lo` and `hi`, both included. */
export interface Range {
  lo: number
  hi: number
}
export interface Leak extends Range {
  release: number
  cell: string
}

/**
 * What somebody can infer who knows every shown cell and every total exactly, and which hidden cells did not change: one unknown for a
 * hidden cell as long as its count is the same, one sum for each release. Unknowns that stand in the same releases are alike: only
 * whether one has companions matters, so that a handful of small linear programs answer for all cells.
 */
export function leaks(releases: readonly Release[]): Leak[] {
  const unknown = new Map<string, number>()
  const standsIn: Set<number>[] = []
  const shownElsewhere = new Set<string>()
  const name = (release: number, cell: string) => `${releases[release]!.counts[cell]} ${cell}`
  for (const [r, { counts, hidden }] of releases.entries())
    for (const cell of Object.keys(counts)) if (!hidden.has(cell)) shownElsewhere.add(name(r, cell))
  const sums = releases.map(({ counts }, r) => {
    let left = totalOf(counts)
    for (const [cell, n] of Object.entries(counts)) {
      // Shown here, or shown elsewhere with the count it has here: known.
      if (shownElsewhere.has(name(r, cell))) {
        left -= n
        continue
      }
      const i = unknown.get(name(r, cell)) ?? standsIn.push(new Set()) - 1
      unknown.set(name(r, cell), i)
      standsIn[i]!.add(r)
    }
    return left
  })
  const alike = standsIn.map(set => [...set].join())
  const kinds = [...new Set(alike)]
  const inferred = new Map<string, Range>()
  const rangeOf = (i: number): Range => {
    const alone = alike.filter(kind => kind === alike[i]).length === 1
    const known = inferred.get(alike[i]!)
    if (known) return known
    // The cell itself, then everything else by kind.
    const others = alone ? kinds.filter(kind => kind !== alike[i]) : kinds
    const columns = [alike[i]!, ...others].map(kind => kind.split(',').map(Number))
    const rows = releases.map((_, r) => columns.map(c => (c.includes(r) ? 1 : 0)))
    const found = extremes(rows, sums, 0)!
    const range = { lo: Math.ceil(found.lo - 1e-6), hi: Math.floor(found.hi + 1e-6) }
    inferred.set(alike[i]!, range)
    return range
  }
  return releases.flatMap(({ counts }, release) =>
    Object.entries(counts)
      .filter(([, n]) => n < THRESHOLD)
      .map(([cell, n]): Leak => {
        const i = unknown.get(name(release, cell))
        return { release, cell, ...(i === undefined ? { lo: n, hi: n } : rangeOf(i)) }
      })
      .filter(({ lo, hi }) => hi - lo + 1 < DOUBT),
  )
}

/** Which cells to hide so that no small cell, of this table or of the past ones, can be found; null: do not publish. */
export function suppress(counts: Counts, past: readonly Release[]): Set<string> | null {
  if (totalOf(counts) < THRESHOLD) return null
  const hidden = new Set(Object.keys(counts).filter(cell => counts[cell]! < THRESHOLD))
  const rest = Object.keys(counts)
    .filter(cell => !hidden.has(cell))
    .sort((a, b) => counts[a]! - counts[b]! || (a < b ? -1 : 1))
  for (;;) {
    if (leaks([...past, { counts, hidden }]).length === 0) return hidden
    const next = rest.shift()
    if (next === undefined) return null
    hidden.add(next)
  }
}
