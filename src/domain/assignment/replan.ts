import type { Hooks } from './progress.ts'
import type { Budget } from './search.ts'
import { solve } from './solve.ts'
import type { Instance, Plan } from './types.ts'

/** The plan after a change, and what the change did to the pairs of the plan before. */
export type Replan = {
  plan: Plan
  /** pairs of the plan before whose patient and doctor are still there: kept, or moved one by one as listed */
  kept: number
  /** who had a pair and has another, or none (`to` null) */
  moved: { patient: string; from: string; to: string | null }[]
  /** who had none and has one */
  placed: { patient: string; to: string }[]
}

/**
 * The best plan of a list that has changed since `previous`: patients came or left, a doctor's places changed.
 *
 * @param previous any plan made earlier; patients and doctors are recognised by their ids
 * @param instance the whole list as it is now, from `toInstance`
 * @throws RangeError as `solve`; Stopped when the caller ends it
 */
export function replan(previous: Plan, instance: Instance, options: Partial<Budget> & Hooks = {}): Replan {
  return compare(previous, instance, solve(instance, options))
}

function compare(previous: Plan, instance: Instance, plan: Plan): Replan {
  const present = new Set(instance.patients.map(({ id }) => id))
  const before = new Map(previous.pairs.map(({ patient, doctor }) => [patient, doctor]))
  const after = new Map(plan.pairs.map(({ patient, doctor }) => [patient, doctor]))
  const still = previous.pairs.filter(({ patient }) => present.has(patient))
  const moved = still
    .filter(({ patient, doctor }) => after.get(patient) !== doctor)
    .map(({ patient, doctor }) => ({ patient, from: doctor, to: after.get(patient) ?? null }))
  const placed = plan.pairs.filter(({ patient }) => !before.has(patient)).map(({ patient, doctor }) => ({ patient, to: doctor }))
  return { plan, kept: still.length - moved.length, moved, placed }
}
