import { costOf, emptyFlow, type Flow, lastIn, NONE } from './flow.ts'
import { arcDoctor, arcMinutes, KINDS, type Network } from './network.ts'
import { shortestPath } from './paths.ts'
import type { Prices } from './prices.ts'
import { fill, follow, serve } from './serve.ts'

/** What is known of a plan made before, in the terms of the network: see `toNetwork` for who kept which doctor. */
export type Before = {
  prices: Prices
  /** 1 = a patient whom that plan did not know */
  isNew: Uint8Array
}

/** Beyond this many rounds the prices of before do not fit what is there now, and solving from nothing is faster. */
const ROUNDS = 60

/**
 * The optimal flow of a network, starting from the placement of a plan made before. Everybody is put back where he was; prices
 * are brought back in line with that; then only what the change has unbalanced is moved: places lost, places gained or freed, patients come.
 *
 * @returns null when that placement, in the network as it is now, is not what any prices explain (points have changed, say): the
 * answer must then be found from nothing. What is returned is optimal whatever the plan before was worth.
 */
export function repairFlow(network: Network, before: Before): Flow | null {
  const flow = emptyFlow(network)
  putBack(flow)
  const unbalanced = balance(flow, foldPrices(flow, before.prices))
  if (!agree(flow, before.isNew)) return null
  // What is too much leaves first: these ways end outside, so none of them looks at newcomers, whose prices are not right yet.
  for (const [node, excess] of unbalanced) for (let i = 0; i < excess; i++) move(flow, node, network.outside)
  const { cohorts } = network
  for (let c = 0; c < cohorts.count; c++) {
    const size = cohorts.start[c + 1]! - cohorts.start[c]!
    if (flow.served[c]! < size && hasNew(flow, c, before.isNew)) serve(flow, c, size - flow.served[c]!)
  }
  for (const [node, excess] of unbalanced) for (let i = 0; i < -excess; i++) move(flow, network.outside, node)
  return flow
}

function move(flow: Flow, from: number, to: number): void {
  shortestPath(flow, { node: from }, to)
  follow(flow, to, 1)
}

/** All members of a cohort were with the same doctor, or with none. */
function putBack(flow: Flow): void {
  const { cohorts, keptArc } = flow.network
  for (let c = 0; c < cohorts.count; c++) {
    if (keptArc[c]! < 0) continue
    flow.served[c] = cohorts.start[c + 1]! - cohorts.start[c]!
    fill(flow, c, keptArc[c]!, flow.served[c]!)
  }
}

function hasNew({ network: { cohorts } }: Flow, c: number, isNew: Uint8Array): boolean {
  if (cohorts.kept[c]! >= 0) return true
  for (let i = cohorts.start[c]!; i < cohorts.start[c + 1]!; i++) if (isNew[cohorts.members[i]!]) return true
  return false
}

function foldPrices({ network, potential }: Flow, prices: Prices): Float64Array {
  const { doctors, totals, pointUnit, minuteUnit } = network
  for (let d = 0; d < doctors; d++) {
    potential[totals + d] = Math.max(0, prices.points[d]! * pointUnit + Math.round(prices.minutes[d]!) * minuteUnit)
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      const own = prices.kindPoints[node]! * pointUnit + Math.round(prices.kindMinutes[node]!) * minuteUnit
      potential[node] = potential[totals + d]! + Math.max(0, own)
    }
  }
  return potential
}

/**
 * Counts a place that has a price as taken, as prices say it was, and never more than there are. What that adds to or takes from the people
 * really there is to be moved: positive = so many too many at the node, negative = so many missing.
 */
function balance(flow: Flow, potential: Float64Array): [number, number][] {
  const { network, cells, count, kindCount } = flow
  const { doctors, totals, capacity, kindCapacity } = network
  const unbalanced: [number, number][] = []
  for (let d = 0; d < doctors; d++) {
    let sum = 0
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      let people = 0
      for (let cell = cells.atNode[node]!; cell !== NONE; cell = cells.nextAtNode[cell]!) people += cells.size[cell]!
      const isPriced = potential[node]! > potential[totals + d]!
      kindCount[node] = isPriced ? kindCapacity[node]! : Math.min(people, kindCapacity[node]!)
      if (people !== kindCount[node]) unbalanced.push([node, people - kindCount[node]!])
      sum += kindCount[node]!
    }
    count[d] = potential[totals + d]! > 0 ? capacity[d]! : Math.min(sum, capacity[d]!)
    if (sum !== count[d]) unbalanced.push([totals + d, sum - count[d]!])
  }
  return unbalanced
}

/** Lowers prices until every residual arc has a reduced cost ≥ 0 (Bellman and Ford, by rounds); false when they do not settle. */
function agree(flow: Flow, isNew: Uint8Array): boolean {
  const { network, potential } = flow
  for (let round = 0; round < ROUNDS; round++) {
    const byCohorts = agreeWithCohorts(flow, isNew)
    if (!agreeAmongPlaces(flow) && !byCohorts) {
      const shift = potential[network.outside]!
      for (let v = 0; v <= network.outside; v++) potential[v]! -= shift
      priceLists(flow)
      return true
    }
  }
  return false
}

/** A list of arcs costs what its cheapest arc does. */
function priceLists({ network, potential }: Flow): void {
  const { rows, lists, arcs, minuteUnit } = network
  for (let row = 0; row + 1 < rows.length; row++) {
    for (let k = 0; k < KINDS; k++) {
      let least = Number.POSITIVE_INFINITY
      for (let a = rows[row]!; a < rows[row + 1]!; a++) {
        const cost = arcMinutes(arcs[a]!) * minuteUnit + potential[arcDoctor(arcs[a]!) * KINDS + k]!
        if (cost < least) least = cost
      }
      potential[lists + row * KINDS + k] = least
    }
  }
}

function agreeWithCohorts(flow: Flow, isNew: Uint8Array): boolean {
  const { network, potential, cells, served } = flow
  const { cohorts, outside, base, arcs, low, high, minuteUnit, keptArc } = network
  let changed = false
  for (let c = 0; c < cohorts.count; c++) {
    const kind = network.kind[c]!
    // What one member of the cohort in hand costs to settle somewhere.
    let hand = served[c]! > 0 ? potential[outside]! - base[lastIn(flow, c)]! : Number.POSITIVE_INFINITY
    for (let a = low[c]!; a < high[c]!; a++) {
      const arc = arcs[a]!
      const settled = arcMinutes(arc) * minuteUnit + potential[arcDoctor(arc) * KINDS + kind]!
      if (settled < hand) hand = settled
    }
    if (keptArc[c]! >= 0) hand = Math.min(hand, costOf(flow, c, keptArc[c]!) + potential[arcDoctor(arcs[keptArc[c]!]!) * KINDS + kind]!)
    for (let cell = cells.ofCohort[c]!; cell !== NONE; cell = cells.next[cell]!) {
      const node = arcDoctor(arcs[cells.arc[cell]!]!) * KINDS + kind
      const most = hand - costOf(flow, c, cells.arc[cell]!)
      if (potential[node]! > most) {
        potential[node] = most
        changed = true
      }
    }
    const waiting = firstKnown(flow, c, isNew)
    if (waiting !== NONE && potential[outside]! > base[waiting]! + hand) {
      potential[outside] = base[waiting]! + hand
      changed = true
    }
  }
  return changed
}

/** The first member of a cohort who waits and whom the plan before knew; those who lost their doctor count as new. */
function firstKnown({ network: { cohorts }, served }: Flow, c: number, isNew: Uint8Array): number {
  if (cohorts.kept[c]! >= 0) return NONE
  for (let i = cohorts.start[c]! + served[c]!; i < cohorts.start[c + 1]!; i++) if (!isNew[cohorts.members[i]!]) return cohorts.members[i]!
  return NONE
}

function agreeAmongPlaces({ network, potential, count, kindCount }: Flow): boolean {
  const { doctors, totals, outside, capacity, kindCapacity } = network
  let changed = false
  const limit = (node: number, by: number) => {
    if (potential[node]! <= potential[by]!) return
    potential[node] = potential[by]!
    changed = true
  }
  for (let d = 0; d < doctors; d++) {
    const total = totals + d
    if (count[d]! < capacity[d]!) limit(total, outside)
    if (count[d]! > 0) limit(outside, total)
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      if (kindCount[node]! < kindCapacity[node]!) limit(node, total)
      if (kindCount[node]! > 0) limit(total, node)
    }
  }
  return changed
}
