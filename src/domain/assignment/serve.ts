/** How a flow grows: one cohort after the other, each along a cheapest way, moving those in it. */
import { costOf, emptyFlow, type Flow, isWhole, NONE, nextIn, nodeOf } from './flow.ts'
import { arcDoctor, KINDS, type Network } from './network.ts'
import { shortestPath } from './paths.ts'

const TOLD_EVERY = 64

/** The optimal flow of the whole network. Most points first: who comes later can then rarely displace anyone. */
export function solveFlow(network: Network, tell: (fraction: number) => void = () => {}, flow = emptyFlow(network)): Flow {
  const { cohorts, priority, base } = network
  // All members of one cohort with the same points come together: they take the same way as long as it lasts.
  const batches: { c: number; from: number; to: number }[] = []
  for (let c = 0; c < cohorts.count; c++) {
    for (let from = cohorts.start[c]!; from < cohorts.start[c + 1]!; ) {
      let to = from + 1
      while (to < cohorts.start[c + 1]! && priority[cohorts.members[to]!] === priority[cohorts.members[from]!]) to++
      batches.push({ c, from, to })
      from = to
    }
  }
  batches.sort((a, b) => base[cohorts.members[a.from]!]! - base[cohorts.members[b.from]!]!)
  batches.forEach(({ c, from, to }, done) => {
    // Prices only rise here: once a member is refused, those after him are.
    if (flow.served[c] === from - cohorts.start[c]!) serve(flow, c, to - from)
    if (done % TOLD_EVERY === 0) tell(done / batches.length)
  })
  tell(1)
  return flow
}

/** Serves up to `most` further members of cohort c, as long as that is worth it, moving others when needed. */
export function serve(flow: Flow, c: number, most: number): void {
  const until = flow.served[c]! + most
  while (flow.served[c]! < until) {
    const before = flow.served[c]!
    if (!placeDirectly(flow, c, until - before)) augment(flow, c, until - before)
    if (flow.served[c] === before) return
  }
}

/** The frequent case: the cheapest node has free places, or none is worth its price. */
function placeDirectly(flow: Flow, c: number, most: number): boolean {
  const { potential, network } = flow
  const { arcs, minuteUnit, base, totals } = network
  const kind = network.kind[c]!
  let best = Number.POSITIVE_INFINITY
  let bestArc = NONE
  for (let a = flow.low[c]!; a < flow.high[c]!; a++) {
    const arc = arcs[a]!
    const key = (arc & 0xffff) * minuteUnit + potential[(arc >>> 16) * KINDS + kind]!
    if (key < best) {
      best = key
      bestArc = a
    }
  }
  flow.work += flow.high[c]! - flow.low[c]!
  // What a list costs is what its cheapest arc does: those who are on it see the same.
  if (bestArc !== NONE && isWhole(flow, c)) potential[network.list[c]!] = best
  const kept = network.keptArc[c]!
  if (kept >= 0) {
    const key = costOf(flow, c, kept) + potential[nodeOf(flow, c, kept)]!
    if (key < best) {
      best = key
      bestArc = kept
    }
  }
  const first = nextIn(flow, c)!
  if (bestArc === NONE || base[first]! + best >= 0) return true
  const node = nodeOf(flow, c, bestArc)
  const d = (node / KINDS) | 0
  const room = Math.min(network.kindCapacity[node]! - flow.kindCount[node]!, network.capacity[d]! - flow.count[d]!, most)
  if (room <= 0 || potential[node] !== 0 || potential[totals + d] !== 0) return false
  let units = 1
  const at = network.cohorts.start[c]! + flow.served[c]!
  while (units < room && base[network.cohorts.members[at + units]!]! + best < 0) units++
  flow.kindCount[node]! += units
  flow.count[d]! += units
  flow.served[c]! += units
  fill(flow, c, bestArc, units)
  return true
}

/** Sends the next members of cohort c along a cheapest way: outside when nothing is worth it. */
function augment(flow: Flow, c: number, most: number): void {
  const { base, outside, cohorts, totals } = flow.network
  const { scratch } = flow
  const first = nextIn(flow, c)!
  shortestPath(flow, { cohort: c, reach: base[first]! }, outside)
  if (scratch.parent[outside] === NONE && scratch.via[outside] === NONE) return
  // Another member takes the same way at the same cost but for his seniority, as long as there is room all along.
  let units = 1
  if (scratch.parent[outside]! >= totals) {
    const cost = scratch.reach[outside]! - base[first]!
    const room = Math.min(most, roomAlong(flow, outside))
    const at = cohorts.start[c]! + flow.served[c]!
    while (units < room && base[cohorts.members[at + units]!]! + cost < 0) units++
  }
  follow(flow, outside, units)
}

/** How many units the way found to `target` can carry. */
function roomAlong(flow: Flow, target: number): number {
  const { scratch, network, kindCount, count, cells } = flow
  const { outside, totals } = network
  let room = Number.MAX_SAFE_INTEGER
  for (let v = target; v !== NONE; v = scratch.parent[v]!) {
    const u = scratch.parent[v]!
    const c = scratch.via[v]!
    if (c !== NONE) {
      if (u === outside || v === outside) return 1
      if (u !== NONE) room = Math.min(room, cells.size[cellAt(flow, c, u)]!)
    } else if (v === outside) room = Math.min(room, network.capacity[u - totals]! - count[u - totals]!)
    else if (u === outside) return 1
    else if (u < totals) room = Math.min(room, network.kindCapacity[u]! - kindCount[u]!)
    else room = Math.min(room, kindCount[v]!)
  }
  return room
}

/**
 * Takes the only member of cohort c out of the flow after his arcs have changed, and finds the optimum again.
 *
 * @returns what that adds to the cost of the whole, folded
 */
export function reroute(flow: Flow, c: number): number {
  const { cells, network } = flow
  const cell = cells.ofCohort[c]!
  const base = network.base[network.cohorts.members[network.cohorts.start[c]!]!]!
  const hole = cell === NONE ? network.outside : nodeOf(flow, c, cells.arc[cell]!)
  const before = cell === NONE ? 0 : base + costOf(flow, c, cells.arc[cell]!)
  if (cell !== NONE) empty(flow, c, hole, 1)
  // In hand during the search, so that nobody takes him from outside a second time.
  flow.served[c] = 1
  shortestPath(flow, { cohort: c, reach: base }, hole)
  flow.served[c] = 0
  const after = flow.scratch.reach[hole]!
  follow(flow, hole, 1)
  return after - before
}

/** Follows the path back from its end, moving patients one step and each doctor's counts. */
export function follow(flow: Flow, target: number, units: number): void {
  const { scratch, network, kindCount, count } = flow
  const { outside, totals } = network
  for (let v = target; v !== NONE; ) {
    const u = scratch.parent[v]!
    const c = scratch.via[v]!
    if (c !== NONE) {
      if (u === NONE || u === outside) {
        if (v !== outside) flow.served[c]! += units
      } else {
        empty(flow, c, u, units)
        if (v === outside) flow.served[c]! -= units
      }
      if (v !== outside) fill(flow, c, scratch.viaArc[v]!, units)
    } else if (u === NONE) return
    else if (v === outside) count[u - totals]! += units
    else if (u === outside) count[v - totals]! -= units
    else if (u < totals) kindCount[u]! += units
    else kindCount[v]! -= units
    v = u
  }
}

function cellAt({ cells, network }: Flow, c: number, node: number): number {
  const d = (node / KINDS) | 0
  for (let cell = cells.ofCohort[c]!; cell !== NONE; cell = cells.next[cell]!) {
    if (arcDoctor(network.arcs[cells.arc[cell]!]!) === d) return cell
  }
  throw new Error('a cohort is not where the flow says: a bug')
}

/** Puts `units` members of cohort c on an arc. */
export function fill(flow: Flow, c: number, arc: number, units: number): void {
  const { cells } = flow
  for (let cell = cells.ofCohort[c]!; cell !== NONE; cell = cells.next[cell]!) {
    if (cells.arc[cell] !== arc) continue
    cells.size[cell]! += units
    return
  }
  const cell = cells.free[0]!
  cells.free[0] = cells.next[cell]!
  cells.cohort[cell] = c
  cells.arc[cell] = arc
  cells.size[cell] = units
  cells.next[cell] = cells.ofCohort[c]!
  cells.ofCohort[c] = cell
  const node = nodeOf(flow, c, arc)
  const first = cells.atNode[node]!
  cells.nextAtNode[cell] = first
  cells.previousAtNode[cell] = NONE
  if (first !== NONE) cells.previousAtNode[first] = cell
  cells.atNode[node] = cell
}

/** Takes `units` members of cohort c away from a node. */
export function empty(flow: Flow, c: number, node: number, units: number): void {
  const { cells } = flow
  const cell = cellAt(flow, c, node)
  cells.size[cell]! -= units
  if (cells.size[cell]! > 0) return
  if (cells.ofCohort[c] === cell) cells.ofCohort[c] = cells.next[cell]!
  else {
    let before = cells.ofCohort[c]!
    while (cells.next[before] !== cell) before = cells.next[before]!
    cells.next[before] = cells.next[cell]!
  }
  const next = cells.nextAtNode[cell]!
  const previous = cells.previousAtNode[cell]!
  if (previous === NONE) cells.atNode[node] = next
  else cells.nextAtNode[previous] = next
  if (next !== NONE) cells.previousAtNode[next] = previous
  cells.next[cell] = cells.free[0]!
  cells.free[0] = cell
}
