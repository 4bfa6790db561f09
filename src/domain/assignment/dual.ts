import { compareLevels, splitUnit, toBound } from './levels.ts'
import { arcDoctor, arcMinutes, KINDS, type Network } from './network.ts'
import type { Prices } from './prices.ts'
import type { Instance, Levels } from './types.ts'
import { LARGEST_ENUMERATED } from './verify.ts'

/**
 * The Lagrangian dual over prices of places: what each household gains at most at given prices, and what a choice made for it
 * loses compared with that (its regret). Regrets of different households add up, which prunes the search.
 */
export type Dual = {
  prices: Prices
  points: number
  /** every plan with `points` points has splits × unit + minutes ≥ rest */
  rest: number
  bound: Levels
  unit: number
  /** per household: regret of having it whole with each doctor, and of splitting it (infinite = loses points) */
  together: Map<number, number>[]
  apart: number[]
}

const EXACT = 64
const ROUNDS = 120

type Scan = { points: number; rest: number; used: Float64Array; usedKind: Float64Array }

/**
 * Improves the prices of the flow, which know nothing of households, by subgradient steps on their minutes: the points stay
 * as the flow proved them. The rounds end when they prove `reached`, a plan found before. Prices remain multiples of 1/64 minute, so that every sum is exact and `verify` finds the same.
 */
export function solveDual(instance: Instance, network: Network, start: Prices, reached: Levels, target: number): Dual {
  const unit = splitUnit(instance)
  const alone = loners(instance)
  let prices = start
  let best = start
  let bestRest = Number.NEGATIVE_INFINITY
  let points = 0
  let pace = 1
  let idle = 0
  for (let round = 0; round < ROUNDS && instance.households.length > 0; round++) {
    const scan = evaluate(instance, network, prices, unit, alone)
    points = scan.points
    if (scan.rest > bestRest) {
      best = prices
      bestRest = scan.rest
      idle = 0
      if (compareLevels(toBound(points, bestRest, unit), reached) === 0) break
    } else if (++idle >= 6) {
      pace /= 2
      idle = 0
      prices = best
      continue
    }
    const step = (pace * Math.max(target - bestRest, 1)) / Math.max(1, norm(network, scan))
    prices = moved(network, prices, scan, step)
  }
  const final = evaluate(instance, network, best, unit, alone)
  points = final.points
  return {
    prices: best,
    points,
    rest: final.rest,
    bound: toBound(points, final.rest, unit),
    unit,
    ...regrets(instance, network, best, unit),
  }
}

function loners({ patients, households }: Instance): Uint8Array {
  const alone = new Uint8Array(patients.length).fill(1)
  for (const { members } of households) for (const member of members) alone[member] = 0
  return alone
}

/** Raises the minutes of what is asked for beyond its places, lowers the others, never below zero when no points are paid. */
function moved({ doctors, capacity, kindCapacity }: Network, from: Prices, scan: Scan, step: number): Prices {
  const prices = { ...from, minutes: from.minutes.slice(), kindMinutes: from.kindMinutes.slice() }
  const move = (points: number, minutes: number, excess: number) => {
    const next = Math.round((minutes + step * excess) * EXACT) / EXACT
    return points > 0 ? next : Math.max(0, next)
  }
  for (let d = 0; d < doctors; d++) {
    prices.minutes[d] = move(from.points[d]!, from.minutes[d]!, scan.used[d]! - capacity[d]!)
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      if (kindCapacity[node]! >= capacity[d]!) continue
      prices.kindMinutes[node] = move(from.kindPoints[node]!, from.kindMinutes[node]!, scan.usedKind[node]! - kindCapacity[node]!)
    }
  }
  return prices
}

function norm({ doctors, capacity, kindCapacity }: Network, { used, usedKind }: Scan): number {
  let sum = 0
  for (let d = 0; d < doctors; d++) {
    sum += (used[d]! - capacity[d]!) ** 2
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      if (kindCapacity[node]! < capacity[d]!) sum += (usedKind[node]! - kindCapacity[node]!) ** 2
    }
  }
  return sum
}

/** Points and minutes of a price in one number; `large` outweighs any minutes, so that comparing is lexicographic. */
type Folded = { large: number; price: Float64Array }

function fold({ doctors }: Network, prices: Prices, unit: number): Folded {
  let longest = 1
  for (let d = 0; d < doctors; d++) {
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      longest = Math.max(longest, Math.abs(prices.minutes[d]! + prices.kindMinutes[node]!))
    }
  }
  const large = 2 ** Math.ceil(Math.log2(4 * (LARGEST_ENUMERATED + 1) * (longest + unit)))
  const price = new Float64Array(doctors * KINDS)
  for (let node = 0; node < price.length; node++) {
    const d = (node / KINDS) | 0
    price[node] = (prices.points[d]! + prices.kindPoints[node]!) * large + prices.minutes[d]! + prices.kindMinutes[node]!
  }
  return { large, price }
}

function evaluate(instance: Instance, network: Network, prices: Prices, unit: number, alone: Uint8Array): Scan {
  const { doctors, capacity, kindCapacity } = network
  const folded = fold(network, prices, unit)
  const scan: Scan = { points: 0, rest: 0, used: new Float64Array(doctors), usedKind: new Float64Array(doctors * KINDS) }
  for (let d = 0; d < doctors; d++) {
    scan.points += prices.points[d]! * capacity[d]!
    scan.rest -= prices.minutes[d]! * capacity[d]!
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      scan.points += prices.kindPoints[node]! * kindCapacity[node]!
      scan.rest -= prices.kindMinutes[node]! * kindCapacity[node]!
    }
  }
  const take = (surplus: number) => {
    const points = Math.round(surplus / folded.large)
    scan.points += points
    scan.rest -= surplus - points * folded.large
  }
  for (let c = 0; c < network.cohorts.count; c++) if (alone[network.cohorts.model[c]!]) scanCohort(network, folded, c, scan, take)
  for (const { members } of instance.households) {
    if (members.length > LARGEST_ENUMERATED) for (const member of members) take(scanPatient(network, folded, member, scan))
    else take(scanHousehold(network, folded, members, unit, scan))
  }
  return scan
}

/** What each member of a cohort gains, points apart, at the doctor who suits them best; -1 = they have no doctor. */
function bestOf({ low, high, arcs, kind }: Network, { price }: Folded, c: number): { gain: number; node: number } {
  let best = Number.NEGATIVE_INFINITY
  let bestNode = -1
  for (let a = low[c]!; a < high[c]!; a++) {
    const node = (arcs[a]! >>> 16) * KINDS + kind[c]!
    const gain = -(arcs[a]! & 0xffff) - price[node]!
    if (gain > best) {
      best = gain
      bestNode = node
    }
  }
  return { gain: best, node: bestNode }
}

function scanCohort(network: Network, folded: Folded, c: number, scan: Scan, take: (surplus: number) => void): void {
  const { members, start } = network.cohorts
  const { gain, node } = bestOf(network, folded, c)
  for (let i = start[c]!; i < start[c + 1]!; i++) {
    const surplus = network.priority[members[i]!]! * folded.large + gain
    if (!(surplus > 0)) return
    use(scan, node)
    take(surplus)
  }
}

function scanPatient(network: Network, folded: Folded, p: number, scan: Scan): number {
  const { gain, node } = bestOf(network, folded, network.cohorts.of[p]!)
  const surplus = network.priority[p]! * folded.large + gain
  if (!(surplus > 0)) return 0
  use(scan, node)
  return surplus
}

function use(scan: Scan, node: number): void {
  scan.usedKind[node]!++
  scan.used[(node / KINDS) | 0]!++
}

function scanHousehold(network: Network, folded: Folded, members: number[], unit: number, scan: Scan): number {
  const { gain, doctor } = wholes(network, folded, members)
  const { best, set, parts } = partitions(gain, unit)
  for (let left = set; left > 0; left ^= parts[left]!) {
    const part = parts[left]!
    members.forEach((member, i) => {
      if (part & (1 << i)) use(scan, doctor[part]! * KINDS + network.kind[member]!)
    })
  }
  return best
}

/** For each subset of the members: the best gain of placing all of them with one doctor, and which. */
function wholes(network: Network, folded: Folded, members: number[]): { gain: Float64Array; doctor: Int32Array } {
  const sets = 1 << members.length
  const gain = new Float64Array(sets).fill(Number.NEGATIVE_INFINITY)
  const doctor = new Int32Array(sets).fill(-1)
  const sums = new Float64Array(sets)
  const gains = gainsOf(network, folded, members)
  for (let d = 0; d < network.doctors; d++) {
    for (let set = 1; set < sets; set++) {
      const sum = sums[set & (set - 1)]! + gains[(31 - Math.clz32(set & -set)) * network.doctors + d]!
      sums[set] = sum
      if (sum > gain[set]!) {
        gain[set] = sum
        doctor[set] = d
      }
    }
  }
  return { gain, doctor }
}

/** What member i gains with doctor d, at `i * doctors + d`; minus infinity = not possible. */
function gainsOf({ cohorts, low, high, arcs, kind, priority, doctors }: Network, folded: Folded, members: number[]): Float64Array {
  const gains = new Float64Array(members.length * doctors).fill(Number.NEGATIVE_INFINITY)
  members.forEach((p, i) => {
    const c = cohorts.of[p]!
    const own = priority[p]! * folded.large
    for (let a = low[c]!; a < high[c]!; a++) {
      const d = arcDoctor(arcs[a]!)
      gains[i * doctors + d] = own - arcMinutes(arcs[a]!) - folded.price[d * KINDS + kind[c]!]!
    }
  })
  return gains
}

/** The best way to cut a household into groups, each split paid: total gain, members placed, and the group of each set's first member. */
function partitions(gain: Float64Array, unit: number): { best: number; set: number; parts: Int32Array } {
  const total = new Float64Array(gain.length).fill(Number.NEGATIVE_INFINITY)
  const parts = new Int32Array(gain.length)
  total[0] = 0
  let set = 0
  for (let s = 1; s < gain.length; s++) {
    const lowest = s & -s
    for (let part = s; part > 0; part = (part - 1) & s) {
      if (!(part & lowest)) continue
      const value = gain[part]! + total[s ^ part]! - (part === s ? 0 : unit)
      if (value > total[s]!) {
        total[s] = value
        parts[s] = part
      }
    }
    if (total[s]! > total[set]!) set = s
  }
  return { best: total[set]!, set, parts }
}

function regrets(instance: Instance, network: Network, prices: Prices, unit: number): Pick<Dual, 'together' | 'apart'> {
  const folded = fold(network, prices, unit)
  const together: Dual['together'] = []
  const apart: number[] = []
  const loss = (best: number, value: number) => (best - value > folded.large / 2 ? Number.POSITIVE_INFINITY : Math.max(0, best - value))
  for (const { members } of instance.households) {
    const gains = gainsOf(network, folded, members)
    if (members.length > LARGEST_ENUMERATED) {
      together.push(new Map(possible(gains, members, network.doctors).map(d => [d, 0])))
      apart.push(0)
      continue
    }
    const { best } = partitions(wholes(network, folded, members).gain, unit)
    const whole = (d: number) => members.reduce((sum, _, i) => sum + Math.max(0, gains[i * network.doctors + d]!), 0)
    together.push(new Map(possible(gains, members, network.doctors).map(d => [d, loss(best, whole(d))])))
    apart.push(loss(best, splitGain(network, folded, members, unit)))
  }
  return { together, apart }
}

/** The doctors whom a member at least may have. */
function possible(gains: Float64Array, members: number[], doctors: number): number[] {
  return Array.from({ length: doctors }, (_, d) => d).filter(d =>
    members.some((_, i) => gains[i * doctors + d]! > Number.NEGATIVE_INFINITY),
  )
}

/** At most what a household gains when it pays at least one split: each member at his best. */
function splitGain(network: Network, folded: Folded, members: number[], unit: number): number {
  const unused: Scan = { points: 0, rest: 0, used: new Float64Array(network.doctors), usedKind: new Float64Array(network.doctors * KINDS) }
  return members.reduce((sum, member) => sum + scanPatient(network, folded, member, unused), -unit)
}
