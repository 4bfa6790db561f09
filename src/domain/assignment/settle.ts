import { costOf, emptyFlow, type Flow, NONE, nodeOf, placementOf, reroute, solveFlow } from './flow.ts'
import { gather, minutesTable } from './gather.ts'
import { compareLevels } from './levels.ts'
import { arcDoctor, KINDS, type Network } from './network.ts'
import { doctorsOf, levelsOf, type Placement } from './plan.ts'
import type { Instance } from './types.ts'

/** Passes over all households; nearly everything is found in the first two. */
const PASSES = 6
/** Doctors tried for a household in one pass, the most promising first. */
const TRIED = 4

type Settling = {
  instance: Instance
  network: Network
  table: Int32Array
  flow: Flow
  /** the doctor of each household, -1 = its members go where they like */
  doctor: Int32Array
  sums: Float64Array
}

/**
 * A good plan in which households stay together: each is settled with one doctor, everybody else flows around them at the
 * optimum; then households change doctors one at a time, as long as the whole gains. What each trial costs is exact.
 *
 * @param placement the optimal flow's, households split
 * @returns the best placement found; it may still split households
 */
export function settleHouseholds(instance: Instance, network: Network, placement: Placement, tell: (fraction: number) => void): Placement {
  const table = minutesTable(network)
  const gathered = gather(instance, network, table, placement)
  const flow = emptyFlow(network)
  const doctor = Int32Array.from(instance.households, ({ members }) => {
    const doctors = doctorsOf(members, gathered)
    return doctors.length === 1 ? doctors[0]! : NONE
  })
  const settling: Settling = { instance, network, table, flow, doctor, sums: sumsOf(network) }
  instance.households.forEach(({ members }, h) => {
    // Nobody of it is placed: it stays out of the way of the others, at the doctor nearest to all.
    if (doctorsOf(members, gathered).length === 0) doctor[h] = nearest(settling, members)
    for (const p of members) pin(settling, p, doctor[h]!)
  })
  solveFlow(network, fraction => tell(fraction / 2), flow)
  for (let pass = 0; pass < PASSES; pass++) {
    let gained = false
    for (let h = 0; h < doctor.length; h++) {
      if (h % 16 === 0) tell((1 + (pass + h / doctor.length) / PASSES) / 2)
      if (improve(settling, h)) gained = true
    }
    if (!gained) break
  }
  tell(1)
  const settled = placementOf(flow)
  return compareLevels(levelsOf(instance, settled), levelsOf(instance, gathered)) <= 0 ? settled : gathered
}

function nearest({ network, table }: Settling, members: number[]): number {
  let best = NONE
  let least = Number.POSITIVE_INFINITY
  for (let d = 0; d < network.doctors; d++) {
    let sum = 0
    for (const p of members)
      sum += table[network.cohorts.of[p]! * network.doctors + d]! + (table[network.cohorts.of[p]! * network.doctors + d]! < 0 ? 1e6 : 0)
    if (sum < least) {
      least = sum
      best = d
    }
  }
  return best
}

/** Leaves a member of a household one doctor, or all his own (`NONE`). */
function pin({ network, flow }: Settling, p: number, doctor: number): void {
  const c = network.cohorts.of[p]!
  flow.low[c] = network.low[c]!
  flow.high[c] = network.high[c]!
  if (doctor === NONE) return
  let arc = network.low[c]!
  while (arc < network.high[c]! && arcDoctor(network.arcs[arc]!) !== doctor) arc++
  flow.low[c] = arc
  flow.high[c] = Math.min(arc + 1, network.high[c]!)
}

/** Tries other doctors for one household; true when it changes. */
function improve(settling: Settling, h: number): boolean {
  const { doctor } = settling
  const before = doctor[h]!
  let least = costOfAll(settling, h)
  let at = before
  for (const choice of promising(settling, h)) {
    change(settling, h, choice)
    at = choice
    const cost = costOfAll(settling, h)
    if (cost >= least) continue
    least = cost
    doctor[h] = choice
  }
  if (at !== doctor[h]) change(settling, h, doctor[h]!)
  return doctor[h] !== before
}

function change(settling: Settling, h: number, choice: number): void {
  // One after the other: the flow is at its optimum but for the one in hand.
  for (const p of settling.instance.households[h]!.members) {
    pin(settling, p, choice)
    reroute(settling.flow, settling.network.cohorts.of[p]!)
  }
}

/** The doctors with whom a household would cost less at today's prices: what the first of it would really cost, and the others at least. */
function promising({ instance, network, flow, table, doctor }: Settling, h: number): number[] {
  const { potential, cells } = flow
  const placed = instance.households[h]!.members.map(p => network.cohorts.of[p]!).filter(c => cells.ofCohort[c] !== NONE)
  let now = 0
  for (const c of placed) {
    const arc = cells.arc[cells.ofCohort[c]!]!
    now += costOf(flow, c, arc) + potential[nodeOf(flow, c, arc)]!
  }
  const found: { d: number; cost: number }[] = []
  for (let d = 0; d < network.doctors; d++) {
    if (d === doctor[h]) continue
    let cost = 0
    for (const c of placed) {
      const minutes = table[c * network.doctors + d]!
      cost += minutes < 0 ? Number.POSITIVE_INFINITY : minutes * network.minuteUnit + potential[d * KINDS + network.kind[c]!]!
    }
    if (Number.isFinite(cost) && (cost < now || doctor[h] === NONE)) found.push({ d, cost })
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, doctor[h] === NONE ? 4 * TRIED : TRIED)
    .map(({ d }) => d)
}

/** The cost of the flow, a split of household h outweighing any minutes its move may change. */
function costOfAll({ flow, network, instance, sums }: Settling, h: number): number {
  const { cells, served } = flow
  const { cohorts } = network
  let cost = 0
  for (let c = 0; c < cohorts.count; c++) {
    cost += sums[cohorts.start[c]! + served[c]!]! - sums[cohorts.start[c]!]!
    for (let cell = cells.ofCohort[c]!; cell !== NONE; cell = cells.next[cell]!)
      cost += cells.size[cell]! * costOf(flow, c, cells.arc[cell]!)
  }
  const doctors = new Set<number>()
  for (const p of instance.households[h]!.members) {
    const cell = cells.ofCohort[network.cohorts.of[p]!]!
    if (cell !== NONE) doctors.add(arcDoctor(network.arcs[cells.arc[cell]!]!))
  }
  return cost + (Math.max(1, doctors.size) - 1) * (network.pointUnit / 16)
}

/** Sums of what placing the members of each cohort is worth, in their order: at i, what all before i are worth. */
function sumsOf({ base, cohorts }: Network): Float64Array {
  const sums = new Float64Array(base.length + 1)
  for (let i = 0; i < base.length; i++) sums[i + 1] = sums[i]! + base[cohorts.members[i]!]!
  return sums
}
