/**
 * The least and the greatest that one of several unknowns can be, when sums of them are known and none is negative: linear
 * programming, by the simplex method on a dense tableau (G. Dantzig; Bland's rule, so that it ends). For some tens of unknowns.
 */

/** Sums: `rows[i]` holds the coefficients of each unknown, `sums[i]` what they come to. Null when nothing satisfies them. */
export function extremes(
  rows: readonly (readonly number[])[],
  sums: readonly number[],
  unknown: number,
): { lo: number; hi: number } | null {
  const start = feasible(rows, sums)
  if (!start) return null
  const cost = (sign: 1 | -1) => Array.from({ length: rows[0]?.length ?? 0 }, (_, j) => (j === unknown ? sign : 0))
  return { lo: -maximise(start, cost(-1)), hi: maximise(start, cost(1)) }
}

interface Tableau {
  /** Coefficients, then the right-hand side. */
  rows: number[][]
  basis: number[]
}
const TINY = 1e-9

function pivot({ rows, basis }: Tableau, at: number, column: number): void {
  const row = rows[at]!
  const by = row[column]!
  for (let j = 0; j < row.length; j++) row[j]! /= by
  for (const other of rows) {
    if (other === row) continue
    const times = other[column]!
    if (Math.abs(times) > TINY) for (let j = 0; j < row.length; j++) other[j]! -= times * row[j]!
  }
  basis[at] = column
}
/** Climbs from a basic solution; answers the greatest value of the cost. The costs are a last row that every pivot keeps reduced. */
function climb(t: Tableau, cost: readonly number[], columns: number): number {
  const width = t.rows[0]?.length ?? 1
  const reduced = Array.from({ length: width }, (_, j) => cost[j] ?? 0)
  t.rows.forEach((row, i) => {
    const c = cost[t.basis[i]!] ?? 0
    if (c !== 0) for (let j = 0; j < width; j++) reduced[j]! -= c * row[j]!
  })
  const all: Tableau = { rows: [...t.rows, reduced], basis: t.basis }
  for (;;) {
    const entering = reduced.findIndex((r, j) => j < columns && r > TINY)
    if (entering === -1) return -reduced.at(-1)!
    let [leaving, least] = [-1, Number.POSITIVE_INFINITY]
    t.rows.forEach((row, i) => {
      if (row[entering]! <= TINY) return
      const ratio = row.at(-1)! / row[entering]!
      if (ratio < least - TINY || (ratio < least + TINY && t.basis[i]! < t.basis[leaving]!)) [leaving, least] = [i, ratio]
    })
    if (leaving === -1) return Number.POSITIVE_INFINITY
    pivot(all, leaving, entering)
  }
}
/** A basic solution without the rows that say nothing more; null when there is none. */
function feasible(coefficients: readonly (readonly number[])[], sums: readonly number[]): Tableau | null {
  const [m, n] = [coefficients.length, coefficients[0]?.length ?? 0]
  const t: Tableau = {
    rows: coefficients.map((row, i) => {
      const sign = sums[i]! < 0 ? -1 : 1
      return [...row.map(c => sign * c), ...Array.from({ length: m }, (_, k) => (k === i ? 1 : 0)), sign * sums[i]!]
    }),
    basis: coefficients.map((_, i) => n + i),
  }
  const missing = climb(t, [...Array<number>(n).fill(0), ...Array<number>(m).fill(-1)], n + m)
  if (missing < -1e-6) return null
  for (let i = 0; i < t.rows.length; i++) {
    if (t.basis[i]! < n) continue
    const column = t.rows[i]!.findIndex((c, j) => j < n && Math.abs(c) > 1e-7)
    if (column !== -1) pivot(t, i, column)
    else {
      t.rows.splice(i, 1)
      t.basis.splice(i, 1)
      i--
    }
  }
  return { rows: t.rows.map(row => [...row.slice(0, n), row.at(-1)!]), basis: t.basis }
}
const maximise = (t: Tableau, cost: readonly number[]): number =>
  climb({ rows: t.rows.map(r => [...r]), basis: [...t.basis] }, cost, cost.length)
