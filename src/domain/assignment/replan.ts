import { type Network, toNetwork } from './network.ts'
import { readPrices } from './prices.ts'
import { type Hooks, tell } from './progress.ts'
import { repairFlow } from './repair.ts'
import type { Budget } from './search.ts'
import { solveFlow } from './serve.ts'
import { finish, solve } from './solve.ts'
import type { Instance, Plan } from './types.ts'

/** The plan after a change, and what the change did to the pairs of the plan before. */
export type Replan = {
  plan: Plan
  /** pairs of the plan before that stay as they were */
  kept: number
  /** who had a pair, is still on the list, and now has another doctor, or none (`to` null) */
  moved: { patient: string; from: string; to: string | null }[]
  /** who had none and has one */
  placed: { patient: string; to: string }[]
  /** true = found from the plan before; false = that plan was too far from this list, and everything was solved again */
  incremental: boolean
}

/**
 * The best plan of a list that has changed since `previous`: patients came or left, a doctor's places changed. It is worth exactly
 * what `solve` finds, with the same certificate. Without households, or when no household is split, it moves nobody who need not move:
 * of all plans equal on points, splits, minutes and seniority, none keeps more pairs of the plan before. With households in the way pairs kept
 * are preferred, not proven the most; nor with points so large that exact sums have no room for that last level.
 *
 * @param previous any plan made earlier, of whatever list; patients and doctors are recognised by their ids
 * @param instance the whole list as it is now, from `toInstance`
 * @param options as for `solve`
 * @throws RangeError as `solve`; Stopped when the caller ends it
 */
export function replan(previous: Plan, instance: Instance, options: Partial<Budget> & Hooks = {}): Replan {
  const doctorOf = new Map(instance.doctors.map(({ id }, d) => [id, d]))
  const pairOf = new Map(previous.pairs.map(({ patient, doctor }) => [patient, doctor]))
  const waited = new Set(previous.unplaced.map(({ patient }) => patient))
  const kept = Int32Array.from(instance.patients, ({ id }) => doctorOf.get(pairOf.get(id) ?? '') ?? -1)
  const isNew = Uint8Array.from(instance.patients, ({ id }, p) => (kept[p]! < 0 && !waited.has(id) ? 1 : 0))
  const network = networkKeeping(instance, kept)
  if (!network) {
    const plan = solve(instance, options)
    return { plan, ...compare(previous, instance, plan), incremental: false }
  }
  const repaired = repairFlow(network, { prices: readPrices(previous.proof.prices, instance, doctorOf), isNew })
  const flow = repaired ?? solveFlow(network, fraction => tell(options, 'people', fraction))
  const plan = finish(instance, network, flow, options)
  return { plan, ...compare(previous, instance, plan), incremental: repaired !== null }
}

/** The network in which keeping a pair is the last level; null when points and caps leave no room for one level more in exact sums. */
function networkKeeping(instance: Instance, kept: Int32Array): Network | null {
  try {
    return toNetwork(instance, kept)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function compare(previous: Plan, instance: Instance, plan: Plan): Pick<Replan, 'kept' | 'moved' | 'placed'> {
  const present = new Set(instance.patients.map(({ id }) => id))
  const before = new Set(previous.pairs.map(({ patient }) => patient))
  const after = new Map(plan.pairs.map(({ patient, doctor }) => [patient, doctor]))
  const still = previous.pairs.filter(({ patient }) => present.has(patient))
  const moved = still
    .filter(({ patient, doctor }) => after.get(patient) !== doctor)
    .map(({ patient, doctor }) => ({ patient, from: doctor, to: after.get(patient) ?? null }))
  const placed = plan.pairs.filter(({ patient }) => !before.has(patient)).map(({ patient, doctor }) => ({ patient, to: doctor }))
  return { kept: still.length - moved.length, moved, placed }
}
