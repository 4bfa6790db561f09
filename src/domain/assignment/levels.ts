import type { Instance, Levels } from './types.ts'

/** More minutes than any plan can add up to: one split outweighs them all, as the order of the levels says. */
export function splitUnit({ patients }: Instance): number {
  let total = 1
  for (const { minutes } of patients) {
    let longest = 0
    for (const time of minutes) if (time > longest) longest = time
    total += longest
  }
  return total
}

/**
 * Reads a bound: every plan with `points` points has `splits × unit + minutes ≥ rest`.
 *
 * @returns the levels no plan can beat, lexicographically
 */
export function toBound(points: number, rest: number, unit: number): Levels {
  const splits = Math.max(0, Math.ceil((rest - (unit - 1)) / unit))
  return { priority: points, splits, minutes: Math.max(0, Math.ceil(rest - splits * unit)) }
}

/** Negative when `a` is the better plan, 0 when they are worth the same. */
export function compareLevels(a: Levels, b: Levels): number {
  return b.priority - a.priority || a.splits - b.splits || a.minutes - b.minutes
}

/** 0 when the objective reaches its bound on every level; else the relative distance at the first level that differs. */
export function gapOf(objective: Levels, bound: Levels): number {
  if (objective.priority !== bound.priority) return (bound.priority - objective.priority) / Math.max(1, bound.priority)
  if (objective.splits !== bound.splits) return (objective.splits - bound.splits) / Math.max(1, objective.splits)
  return (objective.minutes - bound.minutes) / Math.max(1, objective.minutes)
}
