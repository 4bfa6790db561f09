import { type Cohorts, toCohorts } from './cohorts.ts'
import { type Instance, PROFILES } from './types.ts'

/** Profiles per doctor: the node of doctor d for profile k is `d * KINDS + k`. */
export const KINDS = PROFILES.length

/**
 * An instance in typed arrays. Node numbers, with m doctors: `d * KINDS + k` a doctor's places for a profile, then `totals + d` his total, then the outside
 * (placed nowhere), then the lists of arcs: `lists + i * KINDS + k` is one person of profile k in hand whose arcs are the list i.
 */
export type Network = {
  patients: number
  doctors: number
  cohorts: Cohorts
  /** arcs of cohort c: low[c] up to high[c]; cohorts with the same doctors and minutes share them */
  low: Int32Array
  high: Int32Array
  /** arcs of each distinct list of doctors and minutes: rows[i] up to rows[i + 1] */
  rows: Int32Array
  /** the node of each cohort's list and profile: who is there may take any of its arcs */
  list: Int32Array
  /** one arc in 32 bits, doctor above and minutes below: the search is bound by memory, not by arithmetic */
  arcs: Uint32Array
  /** the arc of cohort c to the doctor its members had before, -1 = none: one folded unit cheaper */
  keptArc: Int32Array
  kind: Uint8Array
  /** folded cost of placing a patient, minutes apart: minus his points, minus his seniority */
  base: Float64Array
  priority: Float64Array
  /** places of each doctor-and-profile node (never more than the doctor's total) and of each doctor */
  kindCapacity: Int32Array
  capacity: Int32Array
  /** one point, one minute, and one rank of seniority, in folded units */
  pointUnit: number
  minuteUnit: number
  rankUnit: number
  totals: number
  outside: number
  lists: number
  nodes: number
}

const SHIFT = 16
const MASK = 0xffff

export function arcDoctor(arc: number): number {
  return arc >>> SHIFT
}

export function arcMinutes(arc: number): number {
  return arc & MASK
}

/**
 * Builds the arrays and folds the levels without loss. An exchange of patients that improves a plan can be taken as a simple
 * cycle: it changes the seniority by less than n, the pairs kept by at most one for each cohort it visits, and the minutes by at most the cap
 * for each doctor-and-profile it visits. Units larger than these make one number compare like the levels do.
 *
 * @param kept the doctor of each patient in the plan before, -1 = none: keeping a pair is then the last level
 * @throws RangeError when the folded integers would not be exact in a double (2^53)
 */
export function toNetwork(instance: Instance, kept: Int32Array | null = null): Network {
  const { patients, doctors } = instance
  const inHousehold = new Uint8Array(patients.length)
  for (const { members } of instance.households) for (const member of members) inHousehold[member] = 1
  const cohorts = toCohorts(instance, kept, inHousehold)
  const network = allocate(patients.length, doctors.length, cohorts)
  fillCapacities(network, instance)
  const maxMinutes = fillArcs(network, instance)
  let maxPriority = 1
  patients.forEach(({ priority }, p) => {
    network.priority[p] = priority
    maxPriority = Math.max(maxPriority, priority)
  })
  if (maxMinutes > MASK || doctors.length >= MASK)
    throw new RangeError(`travel of ${maxMinutes} minutes or ${doctors.length} doctors: too large`)
  foldCosts(network, maxMinutes, kept !== null)
  assertExact(maxPriority * network.pointUnit * 4)
  return network
}

function allocate(n: number, m: number, cohorts: Cohorts): Network {
  return {
    patients: n,
    doctors: m,
    cohorts,
    low: new Int32Array(cohorts.count),
    high: new Int32Array(cohorts.count),
    list: new Int32Array(cohorts.count),
    rows: new Int32Array(cohorts.rowModel.length + 1),
    arcs: new Uint32Array(0),
    keptArc: new Int32Array(cohorts.count).fill(-1),
    kind: new Uint8Array(cohorts.count),
    base: new Float64Array(n),
    priority: new Float64Array(n),
    kindCapacity: new Int32Array(m * KINDS),
    capacity: new Int32Array(m),
    pointUnit: 1,
    minuteUnit: 1,
    rankUnit: 1,
    totals: m * KINDS,
    outside: m * KINDS + m,
    lists: m * KINDS + m + 1,
    nodes: m * KINDS + m + 1 + cohorts.rowModel.length * KINDS,
  }
}

function fillCapacities({ capacity, kindCapacity, patients }: Network, { doctors }: Instance): void {
  doctors.forEach((doctor, d) => {
    // Beyond one place more than patients, more changes nothing: keeps any stated number inside 32 bits, and a place that is always
    // left is worth nothing.
    capacity[d] = Math.min(doctor.total, patients + 1)
    PROFILES.forEach((profile, k) => {
      kindCapacity[d * KINDS + k] = Math.min(doctor[profile] ?? doctor.total, capacity[d]!)
    })
  })
}

/** One stretch of arcs for each distinct list, whoever has it. */
function fillArcs(network: Network, { patients }: Instance): number {
  const { cohorts, low, high, kind, keptArc, list, rows, lists } = network
  const { rowModel } = cohorts
  rowModel.forEach((p, row) => {
    rows[row + 1] = rows[row]! + patients[p]!.doctors.length
  })
  network.arcs = new Uint32Array(rows[rowModel.length]!)
  let maxMinutes = 0
  rowModel.forEach((p, row) => {
    const { doctors, minutes } = patients[p]!
    for (let i = 0; i < doctors.length; i++) {
      maxMinutes = Math.max(maxMinutes, minutes[i]!)
      network.arcs[rows[row]! + i] = (doctors[i]! << SHIFT) | minutes[i]!
    }
  })
  for (let c = 0; c < cohorts.count; c++) {
    const { doctors, profile } = patients[cohorts.model[c]!]!
    const row = cohorts.row[c]!
    kind[c] = PROFILES.indexOf(profile)
    list[c] = lists + row * KINDS + kind[c]!
    low[c] = rows[row]!
    high[c] = rows[row + 1]!
    const kept = cohorts.kept[c]! < 0 ? -1 : doctors.indexOf(cohorts.kept[c]!)
    if (kept >= 0) keptArc[c] = low[c]! + kept
  }
  return maxMinutes
}

function foldCosts(network: Network, maxMinutes: number, keeps: boolean): void {
  const { patients: n, doctors: m, priority, base } = network
  const visits = Math.min(n, KINDS * m) + 2
  const moves = keeps ? visits : 0
  network.rankUnit = 2 * moves + 1
  network.minuteUnit = 2 * (n * network.rankUnit + moves) + 1
  network.pointUnit = 2 * (network.minuteUnit * maxMinutes * visits + n * network.rankUnit + moves) + 1
  for (let p = 0; p < n; p++) base[p] = -priority[p]! * network.pointUnit - (n - p) * network.rankUnit
}

function assertExact(largest: number): void {
  if (largest > Number.MAX_SAFE_INTEGER) {
    throw new RangeError('points or travel caps are too large for exact sums: lower the points, or the caps')
  }
}
