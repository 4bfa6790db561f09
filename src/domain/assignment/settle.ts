import { arcOf, costOf, type Flow, NONE } from './flow.ts'
import { arcDoctor, KINDS, type Network } from './network.ts'
import { reroute } from './serve.ts'
import { restore, snapshot } from './snapshot.ts'
import type { Instance } from './types.ts'

/** Doctors tried for one household before the best of them is kept; how few are needed is measured by the bench. */
const TRIED = 12
/** Doctors, full of other households, from whom some are sent away for the sake of one. */
const CLEARED = 4
/** Rounds over all households; nearly everything is found in the first. */
const ROUNDS = 6

type Settling = {
  instance: Instance
  flow: Flow
  /** the doctor each household is held at, -1 = its members go where they like */
  doctor: Int32Array
  /** what holding them has cost, folded: 0 = as good as if nobody had a household */
  cost: number
  /** places taken by households that are held, and what each doctor would be worth: filled anew for each question */
  held: Int32Array
  heldKind: Int32Array
  worth: Float64Array
}

/** A doctor for a household, and what that would add at least, folded. */
type Choice = { doctor: number; least: number; there: number }

/**
 * Keeps households together at the least cost found. The flow that knows nothing of households is the start: those it splits are held
 * one after the other, each at the doctor where that costs least while everybody who is not held flows around at the optimum; then
 * households change doctor as long as the whole gains, one that is in the way being sent elsewhere. What each trial costs is exact, and
 * prices say beforehand which are worth trying.
 *
 * @param flow the optimal flow, households split; it comes back with the placement found, in which a household may still be apart
 * @returns true when that is worth as many points and minutes as the flow was: nothing can then be better
 */
export function settleHouseholds(instance: Instance, flow: Flow, tell: (fraction: number) => void): boolean {
  const { network } = flow
  const settling: Settling = {
    instance,
    flow,
    doctor: new Int32Array(instance.households.length).fill(NONE),
    cost: 0,
    held: new Int32Array(network.doctors),
    heldKind: new Int32Array(network.doctors * KINDS),
    worth: new Float64Array(network.doctors),
  }
  const households = [...instance.households.keys()].sort((a, b) => sizeOf(instance, b) - sizeOf(instance, a) || a - b)
  const isProven = () => settling.cost < network.minuteUnit / 2 && !households.some(h => splitsOf(settling, h) > 0)
  for (let round = 0; round < ROUNDS; round++) {
    bringTogether(settling, households, done => tell((round + done / 2) / ROUNDS))
    if (isProven()) break
    let gained = false
    households.forEach((h, i) => {
      if (i % 16 === 0) tell((round + (1 + i / households.length) / 2) / ROUNDS)
      if (settling.doctor[h] !== NONE && (settle(settling, h) || clear(settling, h))) gained = true
    })
    if (!gained) break
  }
  bringTogether(settling, households, () => {})
  tell(1)
  return isProven()
}

function sizeOf({ households }: Instance, h: number): number {
  return households[h]!.members.length
}

/** Holds whoever is apart; what moves around them may take others apart, who are held in their turn. */
function bringTogether(settling: Settling, households: number[], tell: (fraction: number) => void): void {
  for (let again = true; again; ) {
    again = false
    households.forEach((h, i) => {
      if (i % 16 === 0) tell(i / households.length)
      if (settling.doctor[h] === NONE && splitsOf(settling, h) > 0 && settle(settling, h)) again = true
    })
  }
}

function cohortsOf({ instance, flow }: Settling, h: number): number[] {
  return instance.households[h]!.members.map(p => flow.network.cohorts.of[p]!)
}

/** The doctor of a member, -1 = placed nowhere. */
function doctorOf(flow: Flow, c: number): number {
  const arc = arcOf(flow, c)
  return arc === NONE ? NONE : arcDoctor(flow.network.arcs[arc]!)
}

function splitsOf(settling: Settling, h: number): number {
  const doctors = new Set(cohortsOf(settling, h).map(c => doctorOf(settling.flow, c)))
  doctors.delete(NONE)
  return Math.max(0, doctors.size - 1)
}

/**
 * Holds a household where that costs least. Each trial corrects the prices, and so the choice of the next one; when no doctor can be better
 * at these prices, none is.
 *
 * @returns true when it is held at another doctor than before
 */
function settle(settling: Settling, h: number): boolean {
  const { pointUnit, minuteUnit } = settling.flow.network
  const before = settling.doctor[h]!
  const seen = new Set<number>()
  let total = 0
  let best = before
  // A household is never brought together at the price of a point: points come first.
  let least = before === NONE ? pointUnit / 2 : 0
  countHeld(settling, h)
  while (seen.size < TRIED) {
    const next = choices(settling, h, least - total - minuteUnit / 2).find(
      ({ doctor }) => !seen.has(doctor) && hasRoom(settling, h, doctor),
    )
    if (!next) break
    seen.add(next.doctor)
    total += hold(settling, h, next.doctor)
    if (total >= least) continue
    least = total
    best = next.doctor
  }
  if (settling.doctor[h] !== best) hold(settling, h, best)
  return best !== before
}

/** The doctors where prices leave hope that holding household h adds less than `limit`; the cheapest first, then where most of it is already. */
function choices({ flow, instance, worth, doctor }: Settling, h: number, limit: number): Choice[] {
  const { network, potential } = flow
  const { arcs, base, cohorts, kind, low, high } = network
  const there = new Map<number, number>()
  let free = 0
  worth.fill(0)
  for (const p of instance.households[h]!.members) {
    const c = cohorts.of[p]!
    let best = 0
    for (let a = low[c]!; a < high[c]!; a++) {
      const d = arcDoctor(arcs[a]!)
      const value = base[p]! + costOf(flow, c, a) + potential[d * KINDS + kind[c]!]!
      if (value < 0) worth[d]! += value
      if (value < best) best = value
    }
    free += best
    const at = doctorOf(flow, c)
    there.set(at, (there.get(at) ?? 0) + 1)
  }
  const now = doctor[h] === NONE ? free : worth[doctor[h]!]!
  const found: Choice[] = []
  for (let d = 0; d < network.doctors; d++) {
    const least = worth[d]! - now
    if (least < limit && d !== doctor[h]) found.push({ doctor: d, least, there: there.get(d) ?? 0 })
  }
  return found.sort((a, b) => a.least - b.least || b.there - a.there || a.doctor - b.doctor)
}

/** Places that other households hold: they give way to nobody. */
function countHeld(settling: Settling, except: number): void {
  const { held, heldKind, flow, doctor } = settling
  held.fill(0)
  heldKind.fill(0)
  doctor.forEach((d, h) => {
    if (d === NONE || h === except) return
    for (const c of cohortsOf(settling, h)) {
      if (flow.cells.ofCohort[c] === NONE) continue
      held[d]!++
      heldKind[d * KINDS + flow.network.kind[c]!]!++
    }
  })
}

/** Whether the members placed today would find places that no other household holds. */
function hasRoom(settling: Settling, h: number, d: number): boolean {
  const { flow, held, heldKind } = settling
  const { capacity, kindCapacity, kind } = flow.network
  const asked = new Int32Array(KINDS)
  for (const c of cohortsOf(settling, h)) if (flow.cells.ofCohort[c] !== NONE) asked[kind[c]!]!++
  if (held[d]! + asked.reduce((sum, places) => sum + places, 0) > capacity[d]!) return false
  return asked.every((places, k) => heldKind[d * KINDS + k]! + places <= kindCapacity[d * KINDS + k]!)
}

/**
 * Leaves the members of a household one doctor, or all their own (`NONE`), the others flowing around them.
 *
 * @returns what that adds to the cost, folded
 */
function hold(settling: Settling, h: number, d: number): number {
  const { flow } = settling
  const { network } = flow
  let added = 0
  // One after the other: the flow is at its optimum but for the one in hand.
  for (const c of cohortsOf(settling, h)) {
    const [low, high] = d === NONE ? [network.low[c]!, network.high[c]!] : arcTo(network, c, d)
    const at = arcOf(flow, c)
    flow.low[c] = low
    flow.high[c] = high
    if (d === NONE || at === NONE || at < low || at >= high) added += reroute(flow, c)
  }
  settling.doctor[h] = d
  settling.cost += added
  return added
}

/** The arc of a cohort to a doctor, as a stretch; empty when there is none. */
function arcTo({ arcs, low, high }: Network, c: number, d: number): [number, number] {
  let arc = low[c]!
  while (arc < high[c]! && arcDoctor(arcs[arc]!) !== d) arc++
  return [arc, Math.min(arc + 1, high[c]!)]
}

/**
 * Gives a household the places of others where that may be better: they are let go, it is held there, and they are settled again.
 *
 * @returns true when the whole has gained; else everything is as before
 */
function clear(settling: Settling, h: number): boolean {
  const { flow, doctor } = settling
  const wanted = choices(settling, h, -flow.network.minuteUnit / 2).slice(0, CLEARED)
  for (const { doctor: d } of wanted) {
    const others = [...doctor.keys()].filter(other => doctor[other] === d)
    const before = { flow: snapshot(flow), doctor: doctor.slice(), cost: settling.cost }
    for (const other of others) hold(settling, other, NONE)
    hold(settling, h, d)
    const bySize = others.sort((a, b) => sizeOf(settling.instance, b) - sizeOf(settling.instance, a) || a - b)
    for (const other of bySize) settle(settling, other)
    if (settling.cost < before.cost - flow.network.minuteUnit / 2 && others.every(other => doctor[other] !== NONE)) return true
    restore(flow, before.flow)
    doctor.set(before.doctor)
    settling.cost = before.cost
  }
  return false
}
