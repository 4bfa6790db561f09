import type { Network } from './network.ts'
import { arcDoctor, arcMinutes, KINDS } from './network.ts'
import { doctorsOf, type Placement } from './plan.ts'
import type { Instance } from './types.ts'

/** Minutes of each cohort to each doctor, -1 = impossible: cohort c and doctor d at `c * doctors + d`. */
export function minutesTable({ cohorts, low, high, arcs, doctors }: Network): Int32Array {
  const table = new Int32Array(cohorts.count * doctors).fill(-1)
  for (let c = 0; c < cohorts.count; c++) {
    for (let a = low[c]!; a < high[c]!; a++) table[c * doctors + arcDoctor(arcs[a]!)] = arcMinutes(arcs[a]!)
  }
  return table
}

type Room = {
  network: Network
  table: Int32Array
  place: Int32Array
  count: Int32Array
  kindCount: Int32Array
  /** who is with each doctor and in no household: those a member may change places with */
  singles: Set<number>[]
}

/** How one member comes to a doctor: into a free place, or changing places with somebody. */
type Step = { patient: number; partner: number; cost: number }

/**
 * Brings households together by exchanges between two patients, each as cheap in minutes as can be: the same people stay
 * placed, so no point is lost. A fast beginning, not an optimum.
 *
 * @returns a placement in which as many households as this finds are whole
 */
export function gather(instance: Instance, network: Network, table: Int32Array, placement: Placement): Placement {
  const room = roomOf(instance, network, table, placement)
  for (const { members } of instance.households) {
    if (doctorsOf(members, room.place).length < 2) continue
    const placed = members.filter(p => room.place[p]! >= 0)
    let best: { steps: Step[]; cost: number; doctor: number } | null = null
    for (let d = 0; d < network.doctors; d++) {
      const found = stepsTo(room, placed, d, best?.cost ?? Number.POSITIVE_INFINITY)
      if (found) best = { ...found, doctor: d }
    }
    for (const step of best?.steps ?? []) take(room, step, best!.doctor)
  }
  return room.place
}

function roomOf(instance: Instance, network: Network, table: Int32Array, placement: Placement): Room {
  const inHousehold = new Set(instance.households.flatMap(({ members }) => members))
  const room: Room = {
    network,
    table,
    place: placement.slice(),
    count: new Int32Array(network.doctors),
    kindCount: new Int32Array(network.doctors * KINDS),
    singles: instance.doctors.map(() => new Set()),
  }
  placement.forEach((d, p) => {
    if (d < 0) return
    room.count[d]!++
    room.kindCount[d * KINDS + kindOf(network, p)]!++
    if (!inHousehold.has(p)) room.singles[d]!.add(p)
  })
  return room
}

function kindOf({ kind, cohorts }: Network, p: number): number {
  return kind[cohorts.of[p]!]!
}

function minutesTo({ network, table }: Room, p: number, d: number): number {
  return table[network.cohorts.of[p]! * network.doctors + d]!
}

/** The cheapest way found to have all these patients with doctor d, when it costs less than `limit`. */
function stepsTo(room: Room, patients: number[], d: number, limit: number): { steps: Step[]; cost: number } | null {
  const steps: Step[] = []
  let cost = 0
  for (const patient of patients) if (minutesTo(room, patient, d) < 0) return null
  for (const patient of patients) {
    if (room.place[patient] === d) continue
    const step = stepTo(room, patient, d, steps)
    if (!step) return null
    steps.push(step)
    cost += step.cost
    if (cost >= limit) return null
  }
  return { steps, cost }
}

function stepTo(room: Room, patient: number, d: number, taken: Step[]): Step | null {
  const { network, place, count, kindCount, singles } = room
  const kind = kindOf(network, patient)
  const from = place[patient]!
  const nearer = minutesTo(room, patient, d) - minutesTo(room, patient, from)
  const free = taken.filter(({ partner }) => partner < 0)
  const sameKind = free.filter(step => kindOf(network, step.patient) === kind).length
  const hasKind = kindCount[d * KINDS + kind]! + sameKind < network.kindCapacity[d * KINDS + kind]!
  let best: Step | null = hasKind && count[d]! + free.length < network.capacity[d]! ? { patient, partner: -1, cost: nearer } : null
  for (const partner of singles[d]!) {
    const back = minutesTo(room, partner, from)
    if (back < 0 || taken.some(step => step.partner === partner)) continue
    if (kindOf(network, partner) !== kind) continue
    const cost = nearer + back - minutesTo(room, partner, d)
    if (!best || cost < best.cost) best = { patient, partner, cost }
  }
  return best
}

function take(room: Room, { patient, partner }: Step, d: number): void {
  const { place, count, kindCount, singles, network } = room
  const from = place[patient]!
  place[patient] = d
  if (partner >= 0) {
    place[partner] = from
    singles[d]!.delete(partner)
    singles[from]!.add(partner)
    return
  }
  const kind = kindOf(network, patient)
  count[d]!++
  count[from]!--
  kindCount[d * KINDS + kind]!++
  kindCount[from * KINDS + kind]!--
}
