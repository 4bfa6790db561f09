import type { Instance, Levels, Plan, Reason } from './types.ts'

/** Where each patient goes: index of the doctor, -1 = nowhere. */
export type Placement = Int32Array

/** The three levels of a placement. */
export function levelsOf(instance: Instance, placement: Placement): Levels {
  const levels: Levels = { priority: 0, splits: 0, minutes: 0 }
  instance.patients.forEach((patient, p) => {
    const d = placement[p]!
    if (d < 0) return
    levels.priority += patient.priority
    levels.minutes += patient.minutes[patient.doctors.indexOf(d)]!
  })
  for (const { members } of instance.households) levels.splits += Math.max(0, doctorsOf(members, placement).length - 1)
  return levels
}

/** The distinct doctors of some patients, in order. */
export function doctorsOf(members: readonly number[], placement: Placement): number[] {
  return [...new Set(members.map(member => placement[member]!).filter(d => d >= 0))].toSorted((a, b) => a - b)
}

/** The readable parts of a plan: pairs, who is left and why, who is apart. */
export function describe(instance: Instance, placement: Placement): Pick<Plan, 'pairs' | 'unplaced' | 'splits'> {
  const lowest = lowestServed(instance, placement)
  const pairs: Plan['pairs'] = []
  const unplaced: Plan['unplaced'] = []
  instance.patients.forEach((patient, p) => {
    const d = placement[p]!
    if (d < 0) unplaced.push({ patient: patient.id, reason: reasonOf(instance, p, lowest) })
    else {
      const minutes = patient.minutes[patient.doctors.indexOf(d)]!
      pairs.push({ patient: patient.id, doctor: instance.doctors[d]!.id, minutes, priority: patient.priority })
    }
  })
  const splits = instance.households
    .map(({ id, members }) => ({ household: id, doctors: doctorsOf(members, placement).map(d => instance.doctors[d]!.id) }))
    .filter(({ doctors }) => doctors.length > 1)
  return { pairs, unplaced, splits }
}

function lowestServed({ patients, doctors }: Instance, placement: Placement): number[] {
  const lowest = doctors.map(() => Number.POSITIVE_INFINITY)
  patients.forEach(({ priority }, p) => {
    const d = placement[p]!
    if (d >= 0) lowest[d] = Math.min(lowest[d]!, priority)
  })
  return lowest
}

function reasonOf({ patients, doctors }: Instance, p: number, lowest: number[]): Reason {
  const { doctors: possible, eliminated, priority } = patients[p]!
  if (possible.length === 0) return { kind: 'nobodyCan', eliminated }
  const least = possible.reduce((least, d) => Math.min(least, lowest[d]!), Number.POSITIVE_INFINITY)
  return {
    kind: 'capacity',
    points: priority,
    doctors: possible.map(d => doctors[d]!.id),
    lowestServed: Number.isFinite(least) ? least : null,
    eliminated,
  }
}
