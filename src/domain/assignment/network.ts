import { type Instance, PROFILES } from './types.ts'

/** Profiles per doctor: the node of doctor d for profile k is `d * KINDS + k`. */
export const KINDS = PROFILES.length

/**
 * An instance in typed arrays. Node numbers, with m doctors: `d * KINDS + k` a doctor's places for a profile (d = m is nobody: a
 * forbidden arc leads there), then `totals + d` his total, then the outside (placed nowhere).
 */
export type Network = {
  patients: number
  doctors: number
  /** arcs of patient p: first[p] up to first[p + 1] */
  first: Int32Array
  /** one arc in 32 bits, doctor above and minutes below: the search is bound by memory, not by arithmetic */
  arcs: Uint32Array
  kind: Uint8Array
  /** folded cost of placing a patient, minutes apart: minus his points, minus his seniority */
  base: Float64Array
  priority: Float64Array
  /** places of each doctor-and-profile node (never more than the doctor's total) and of each doctor */
  kindCapacity: Int32Array
  capacity: Int32Array
  /** one point, and one minute, in folded units */
  pointUnit: number
  minuteUnit: number
  totals: number
  outside: number
}

const SHIFT = 16
const MASK = 0xffff

export function arcDoctor(arc: number): number {
  return arc >>> SHIFT
}

export function arcMinutes(arc: number): number {
  return arc & MASK
}

/** An arc that leads nowhere: what a forbidden arc becomes. */
export function deadArc({ doctors }: Network): number {
  return (doctors << SHIFT) >>> 0
}

/**
 * Builds the arrays and folds the levels without loss. An exchange of patients that improves a plan can be taken as a simple
 * cycle: it changes the seniority by less than n, and the minutes by at most the cap for each doctor-and-profile it visits.
 * Units larger than these make one number compare like the levels do.
 *
 * @throws RangeError when the folded integers would not be exact in a double (2^53)
 */
export function toNetwork(instance: Instance): Network {
  const { patients, doctors, sizes } = instance
  const network = allocate(patients.length, doctors.length, sizes.arcs)
  fillCapacities(network, instance)
  let maxMinutes = 0
  let maxPriority = 1
  let arc = 0
  patients.forEach((patient, p) => {
    network.first[p] = arc
    network.priority[p] = patient.priority
    network.kind[p] = PROFILES.indexOf(patient.profile)
    maxPriority = Math.max(maxPriority, patient.priority)
    patient.doctors.forEach((doctor, i) => {
      const minutes = patient.minutes[i]!
      maxMinutes = Math.max(maxMinutes, minutes)
      network.arcs[arc++] = (doctor << SHIFT) | minutes
    })
  })
  network.first[patients.length] = arc
  if (maxMinutes > MASK || doctors.length >= MASK)
    throw new RangeError(`travel of ${maxMinutes} minutes or ${doctors.length} doctors: too large`)
  foldCosts(network, maxMinutes)
  assertExact(maxPriority * network.pointUnit * 4)
  return network
}

function allocate(n: number, m: number, arcs: number): Network {
  return {
    patients: n,
    doctors: m,
    first: new Int32Array(n + 1),
    arcs: new Uint32Array(arcs),
    kind: new Uint8Array(n),
    base: new Float64Array(n),
    priority: new Float64Array(n),
    kindCapacity: new Int32Array(m * KINDS),
    capacity: new Int32Array(m),
    pointUnit: 1,
    minuteUnit: 1,
    totals: (m + 1) * KINDS,
    outside: (m + 1) * KINDS + m,
  }
}

function fillCapacities({ capacity, kindCapacity, patients }: Network, { doctors }: Instance): void {
  doctors.forEach((doctor, d) => {
    // More places than patients is the same as as many: keeps any stated number inside 32 bits.
    capacity[d] = Math.min(doctor.total, patients)
    PROFILES.forEach((profile, k) => {
      kindCapacity[d * KINDS + k] = Math.min(doctor[profile] ?? doctor.total, capacity[d]!)
    })
  })
}

function foldCosts(network: Network, maxMinutes: number): void {
  const { patients: n, doctors: m, priority, base } = network
  network.minuteUnit = 2 * n + 1
  network.pointUnit = 2 * (network.minuteUnit * maxMinutes * (Math.min(n, KINDS * m) + 2) + n) + 1
  for (let p = 0; p < n; p++) base[p] = -priority[p]! * network.pointUnit - (n - p)
}

function assertExact(largest: number): void {
  if (largest > Number.MAX_SAFE_INTEGER) {
    throw new RangeError('points or travel caps are too large for exact sums: lower the points, or the caps')
  }
}
