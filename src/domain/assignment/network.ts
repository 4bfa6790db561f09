import { type Instance, PROFILES } from './types.ts'

/** Profiles per doctor: the node of doctor d for profile k is `d * KINDS + k`. */
export const KINDS = PROFILES.length

/**
 * An instance in typed arrays. Node numbers: `d * KINDS + k` a doctor's places for a profile, `KINDS * m + d` his total,
 * `KINDS * m + m` the outside (no doctor).
 */
export type Network = {
  patients: number
  doctors: number
  /** arcs of patient p: first[p] up to first[p + 1] */
  first: Int32Array
  /** the doctor-and-profile node an arc leads to */
  node: Int32Array
  minutes: Int32Array
  priority: Float64Array
  /** what placing this patient on this arc costs: levels 1, 3 and 4 folded in one integer, negative when placing is worth it */
  cost: Float64Array
  /** places of each doctor-and-profile node (never more than the doctor's total) and of each doctor */
  kindCapacity: Int32Array
  capacity: Int32Array
  /** one point in units of `cost`, and one minute */
  pointUnit: number
  minuteUnit: number
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
  const n = patients.length
  const m = doctors.length
  const network = allocate(n, m, sizes.arcs)
  fillCapacities(network, instance)
  let maxMinutes = 0
  let maxPriority = 1
  let arc = 0
  patients.forEach((patient, p) => {
    network.first[p] = arc
    network.priority[p] = patient.priority
    maxPriority = Math.max(maxPriority, patient.priority)
    const kind = PROFILES.indexOf(patient.profile)
    patient.doctors.forEach((doctor, i) => {
      network.node[arc] = doctor * KINDS + kind
      network.minutes[arc] = patient.minutes[i]!
      maxMinutes = Math.max(maxMinutes, patient.minutes[i]!)
      arc++
    })
  })
  network.first[n] = arc
  network.minuteUnit = 2 * n + 1
  network.pointUnit = 2 * (network.minuteUnit * maxMinutes * (Math.min(n, KINDS * m) + 2) + n) + 1
  assertExact(maxPriority * network.pointUnit * 4)
  foldCosts(network)
  return network
}

function allocate(n: number, m: number, arcs: number): Network {
  return {
    patients: n,
    doctors: m,
    first: new Int32Array(n + 1),
    node: new Int32Array(arcs),
    minutes: new Int32Array(arcs),
    priority: new Float64Array(n),
    cost: new Float64Array(arcs),
    kindCapacity: new Int32Array(m * KINDS),
    capacity: new Int32Array(m),
    pointUnit: 1,
    minuteUnit: 1,
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

function foldCosts({ patients, first, priority, minutes, cost, pointUnit, minuteUnit }: Network): void {
  for (let p = 0; p < patients; p++) {
    const base = -priority[p]! * pointUnit - (patients - p)
    for (let a = first[p]!; a < first[p + 1]!; a++) cost[a] = base + minutes[a]! * minuteUnit
  }
}

function assertExact(largest: number): void {
  if (largest > Number.MAX_SAFE_INTEGER) {
    throw new RangeError('points or travel caps are too large for exact sums: lower the points, or the caps')
  }
}
