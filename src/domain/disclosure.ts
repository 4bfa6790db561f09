/**
 * Counts that may be published: small cells hidden, and not found again by subtraction, from totals or from another publication of
 * people partly the same. One-way tables (a total and its parts), published again and again.
 *
 * - A cell under 11 is hidden (zero too); so is a total.
 * - What is shown is rounded to the nearest ten: the difference of two publications does not tell how few people came or left.
 * - Before publishing, we attack: what do all the tables published so far, with the new one, let somebody infer of each hidden cell?
 *   He does the sums and the differences, and is told more than what is shown: the exact counts behind the rounding, and which hidden
 *   cells did not change from one publication to another. While he can place a small cell within fewer than 11 values, one more cell
 *   is hidden (the smallest shown); when nothing is left to hide, the table is not published and the previous one stands.
 *
 * Primary and complementary suppression with an audit of feasibility intervals: A. Hundepool and others, Statistical Disclosure
 * Control, Wiley 2012, ch. 4. Threshold of 11: the one of the French health-insurance open data.
 */

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

/** What can be said of a number: between `lo` and `hi`, both included. */
export interface Range {
  lo: number
  hi: number
}
/** What the attacker knows of a count that is not hidden: all of it. */
const said = (n: number): Range => ({ lo: n, hi: n })

/** A sum of unknowns, some taken away, that lies in a range. */
interface Equation {
  plus: number[]
  minus: number[]
  range: Range
}
export interface Unknowns {
  ranges: Range[]
  equations: Equation[]
  /** Unknown of a cell in a release. */
  at(release: number, cell: string): number
}
/** All that is known of the releases, as unknowns and equations. A cell that did not change is one unknown. */
export function unknowns(releases: readonly Release[]): Unknowns {
  const index = new Map<string, number>()
  const ranges: Range[] = []
  const name = (release: number, cell: string) => `${releases[release]!.counts[cell]} ${cell}`
  const rows = releases.map(({ counts, hidden }, r) =>
    Object.keys(counts).map(cell => {
      const i = index.get(name(r, cell)) ?? ranges.push({ lo: 0, hi: Number.POSITIVE_INFINITY }) - 1
      index.set(name(r, cell), i)
      if (!hidden.has(cell)) ranges[i] = said(counts[cell]!)
      return i
    }),
  )
  const totals = releases.map(r => said(totalOf(r.counts)))
  const equations: Equation[] = rows.map((plus, r) => ({ plus, minus: [], range: totals[r]! }))
  for (let a = 0; a < rows.length; a++)
    for (let b = a + 1; b < rows.length; b++) {
      const [plus, minus] = [rows[a]!.filter(i => !rows[b]!.includes(i)), rows[b]!.filter(i => !rows[a]!.includes(i))]
      equations.push({ plus, minus, range: { lo: totals[a]!.lo - totals[b]!.hi, hi: totals[a]!.hi - totals[b]!.lo } })
    }
  return { ranges, equations, at: (release, cell) => index.get(name(release, cell))! }
}

/** Narrows every range by every equation until nothing moves: the sums and differences that a patient reader can do. */
function narrow({ ranges, equations }: Unknowns): Range[] {
  const now = ranges.map(r => ({ ...r }))
  for (let moved = true, rounds = 0; moved && rounds < 100; rounds++) {
    moved = false
    for (const { plus, minus, range } of equations) {
      const lows = side(plus, i => now[i]!.lo) - side(minus, i => now[i]!.hi)
      const highs = side(plus, i => now[i]!.hi) - side(minus, i => now[i]!.lo)
      const tighten = (i: number, lo: number, hi: number) => {
        const own = now[i]!
        if (lo > own.lo + 1e-9) [own.lo, moved] = [lo, true]
        if (hi < own.hi - 1e-9) [own.hi, moved] = [hi, true]
      }
      for (const i of plus) tighten(i, range.lo - without(highs, now[i]!.hi, plus, minus, now, i), range.hi - (lows - now[i]!.lo))
      for (const i of minus) tighten(i, lows + now[i]!.hi - range.hi, without(highs, -now[i]!.lo, plus, minus, now, i) - range.lo)
    }
  }
  return now
}
const side = (list: readonly number[], value: (i: number) => number) => list.reduce((sum, i) => sum + value(i), 0)
/** The largest value of the rest of an equation; infinite ends cannot be subtracted. */
function without(highs: number, own: number, plus: number[], minus: number[], now: Range[], but: number): number {
  if (Number.isFinite(highs)) return highs - own
  return (
    side(
      plus.filter(i => i !== but),
      i => now[i]!.hi,
    ) -
    side(
      minus.filter(i => i !== but),
      i => now[i]!.lo,
    )
  )
}

export interface Leak extends Range {
  release: number
  cell: string
}
/** Small cells that somebody who has read all these releases can place within fewer than eleven values. */
export function leaks(releases: readonly Release[]): Leak[] {
  const system = unknowns(releases)
  const found = narrow(system)
  return releases.flatMap(({ counts }, release) =>
    Object.entries(counts)
      .filter(([, n]) => n < THRESHOLD)
      .map(([cell]) => ({ release, cell, ...found[system.at(release, cell)]! }))
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
