import { KINDS, type Network } from './network.ts'

/**
 * A minimum-cost flow that stays optimal at every step, with its dual.
 *
 * `potential[v]` is the cost of sending one more patient to node v: the price of a place. Every residual arc u → v keeps a
 * reduced cost `cost + potential[v] - potential[u] ≥ 0`, which proves that the current placement is the best for the
 * patients inserted so far. The outside has potential 0.
 */
export type Flow = {
  network: Network
  /** own copy: a branch may forbid an arc by making it infinite */
  cost: Float64Array
  /** arcs a patient may use now: low[p] up to high[p]; a branch may narrow them */
  low: Int32Array
  high: Int32Array
  /** the arc each patient is on, -1 = placed nowhere */
  place: Int32Array
  potential: Float64Array
  kindCount: Int32Array
  count: Int32Array
  /** patients of each node as linked lists; the last list holds those who are placed nowhere */
  head: Int32Array
  next: Int32Array
  previous: Int32Array
  scratch: Scratch
  /** arcs looked at since the start: the deterministic measure of effort */
  work: number
}

type Scratch = {
  key: Float64Array
  parent: Int32Array
  via: Int32Array
  viaArc: Int32Array
  heap: Int32Array
  position: Int32Array
  size: number
  touched: Int32Array
  touchedCount: number
}

const NOBODY = -1
const SETTLED = -2
const UNSEEN = -1

/** An empty flow: nobody inserted, all prices zero. */
export function emptyFlow(network: Network): Flow {
  const nodes = (KINDS + 1) * network.doctors + 1
  const n = network.patients
  return {
    network,
    cost: network.cost.slice(),
    low: network.first.slice(0, n),
    high: network.first.slice(1),
    place: new Int32Array(n).fill(NOBODY),
    potential: new Float64Array(nodes),
    kindCount: new Int32Array(network.doctors * KINDS),
    count: new Int32Array(network.doctors),
    head: new Int32Array(nodes).fill(NOBODY),
    next: new Int32Array(n).fill(NOBODY),
    previous: new Int32Array(n).fill(NOBODY),
    scratch: newScratch(nodes),
    work: 0,
  }
}

function newScratch(nodes: number): Scratch {
  return {
    key: new Float64Array(nodes).fill(Number.POSITIVE_INFINITY),
    parent: new Int32Array(nodes),
    via: new Int32Array(nodes),
    viaArc: new Int32Array(nodes),
    heap: new Int32Array(nodes),
    position: new Int32Array(nodes).fill(UNSEEN),
    size: 0,
    touched: new Int32Array(nodes),
    touchedCount: 0,
  }
}

/** The optimal flow of the whole network. Most points first: who comes later can then rarely displace anyone. */
export function solveFlow(network: Network): Flow {
  const flow = emptyFlow(network)
  const order = Array.from({ length: network.patients }, (_, p) => p)
  order.sort((a, b) => network.priority[b]! - network.priority[a]! || a - b)
  for (const p of order) insert(flow, p)
  return flow
}

/** Adds a patient who is not yet in the flow, moving others when that is worth it. */
export function insert(flow: Flow, p: number): void {
  const outside = flow.potential.length - 1
  if (placeDirectly(flow, p)) return
  augment(flow, shortestPath(flow, p, outside))
}

/** Finds the optimum again after the arcs or costs of patient p have changed, p being already in the flow. */
export function reroute(flow: Flow, p: number): void {
  const arc = flow.place[p]!
  const hole = arc === NOBODY ? flow.potential.length - 1 : flow.network.node[arc]!
  unlink(flow, p, hole)
  flow.place[p] = NOBODY
  augment(flow, shortestPath(flow, p, hole))
}

/** The frequent case: the cheapest node has a free place, or none is worth its price. */
function placeDirectly(flow: Flow, p: number): boolean {
  const { cost, potential, network } = flow
  let best = 0
  let bestArc = NOBODY
  for (let a = flow.low[p]!; a < flow.high[p]!; a++) {
    const key = cost[a]! + potential[network.node[a]!]!
    if (key < best) {
      best = key
      bestArc = a
    }
  }
  flow.work += flow.high[p]! - flow.low[p]!
  if (bestArc === NOBODY) {
    link(flow, p, potential.length - 1)
    return true
  }
  const node = network.node[bestArc]!
  const d = (node / KINDS) | 0
  if (potential[node] !== 0 || flow.kindCount[node]! >= network.kindCapacity[node]! || flow.count[d]! >= network.capacity[d]!) return false
  flow.kindCount[node]!++
  flow.count[d]!++
  flow.place[p] = bestArc
  link(flow, p, node)
  return true
}

/** Dijkstra over the doctors on reduced costs, from patient p to `target`; updates the prices and returns the target. */
function shortestPath(flow: Flow, p: number, target: number): number {
  const { scratch, potential, network } = flow
  const outside = potential.length - 1
  const totals = network.doctors * KINDS
  reset(scratch)
  relaxPatient(flow, p, NOBODY, 0, target)
  relax(scratch, outside, 0, NOBODY, p, NOBODY)
  for (;;) {
    const node = popMin(scratch)
    if (node === NOBODY) throw new Error('the flow has lost a path: a bug')
    if (node === target) break
    const g = scratch.key[node]! - potential[node]!
    if (node === outside) scanOutside(flow, g, target)
    else if (node >= totals) scanTotal(flow, node, g)
    else scanKind(flow, node, g, target)
  }
  raisePotentials(flow, scratch.key[target]!)
  return target
}

function scanOutside(flow: Flow, g: number, target: number): void {
  const { network, scratch, potential, count } = flow
  const outside = potential.length - 1
  const totals = network.doctors * KINDS
  for (let d = 0; d < network.doctors; d++) {
    if (count[d]! > 0) relax(scratch, totals + d, g + potential[totals + d]!, outside, NOBODY, NOBODY)
  }
  for (let q = flow.head[outside]!; q !== NOBODY; q = flow.next[q]!) relaxPatient(flow, q, outside, g, target)
}

function scanTotal(flow: Flow, node: number, g: number): void {
  const { network, scratch, potential, kindCount } = flow
  const d = node - network.doctors * KINDS
  if (flow.count[d]! < network.capacity[d]!) relax(scratch, potential.length - 1, g, node, NOBODY, NOBODY)
  for (let kind = d * KINDS; kind < (d + 1) * KINDS; kind++) {
    if (kindCount[kind]! > 0) relax(scratch, kind, g + potential[kind]!, node, NOBODY, NOBODY)
  }
}

function scanKind(flow: Flow, node: number, g: number, target: number): void {
  const { network, scratch, potential, cost, place } = flow
  const outside = potential.length - 1
  const total = network.doctors * KINDS + ((node / KINDS) | 0)
  if (flow.kindCount[node]! < network.kindCapacity[node]!) relax(scratch, total, g + potential[total]!, node, NOBODY, NOBODY)
  for (let q = flow.head[node]!; q !== NOBODY; q = flow.next[q]!) {
    const without = g - cost[place[q]!]!
    relax(scratch, outside, without, node, q, NOBODY)
    relaxPatient(flow, q, node, without, target)
  }
}

/** Offers every doctor of patient q to the search; `base` = cost so far, q taken out of `from`. */
function relaxPatient(flow: Flow, q: number, from: number, base: number, target: number): void {
  const { scratch, cost, potential } = flow
  const { key } = scratch
  const node = flow.network.node
  const end = flow.high[q]!
  for (let a = flow.low[q]!; a < end; a++) {
    const to = node[a]!
    const candidate = base + cost[a]! + potential[to]!
    if (candidate < key[to]! && candidate < key[target]!) relax(scratch, to, candidate, from, q, a)
  }
  flow.work += end - flow.low[q]!
}

function raisePotentials({ scratch, potential }: Flow, length: number): void {
  const { key, touched, touchedCount, position } = scratch
  const outside = potential.length - 1
  const shift = position[outside] === SETTLED ? Math.max(0, length - key[outside]!) : 0
  for (let i = 0; i < touchedCount; i++) {
    const v = touched[i]!
    if (position[v] === SETTLED && key[v]! < length) potential[v]! += length - key[v]!
  }
  if (shift !== 0) for (let v = 0; v <= outside; v++) potential[v]! -= shift
}

/** Follows the path back from its end, moving each patient one step and each doctor's counts. */
function augment(flow: Flow, target: number): void {
  const { scratch, network, kindCount, count } = flow
  const outside = flow.potential.length - 1
  const totals = network.doctors * KINDS
  for (let v = target; v !== NOBODY; ) {
    const u = scratch.parent[v]!
    const q = scratch.via[v]!
    if (q !== NOBODY) {
      if (u !== NOBODY) unlink(flow, q, u)
      flow.place[q] = scratch.viaArc[v]!
      link(flow, q, v)
    } else if (v === outside) count[u - totals]!++
    else if (u === outside) count[v - totals]!--
    else if (u < totals) kindCount[u]!++
    else kindCount[v]!--
    v = u
  }
}

function link(flow: Flow, p: number, node: number): void {
  const first = flow.head[node]!
  flow.next[p] = first
  flow.previous[p] = NOBODY
  if (first !== NOBODY) flow.previous[first] = p
  flow.head[node] = p
}

function unlink(flow: Flow, p: number, node: number): void {
  const next = flow.next[p]!
  const previous = flow.previous[p]!
  if (previous === NOBODY) flow.head[node] = next
  else flow.next[previous] = next
  if (next !== NOBODY) flow.previous[next] = previous
}

function reset(scratch: Scratch): void {
  for (let i = 0; i < scratch.touchedCount; i++) {
    const v = scratch.touched[i]!
    scratch.key[v] = Number.POSITIVE_INFINITY
    scratch.position[v] = UNSEEN
  }
  scratch.touchedCount = 0
  scratch.size = 0
}

function relax(scratch: Scratch, node: number, key: number, parent: number, via: number, arc: number): void {
  if (!(key < scratch.key[node]!)) return
  const at = scratch.position[node]!
  if (at === SETTLED) return
  scratch.key[node] = key
  scratch.parent[node] = parent
  scratch.via[node] = via
  scratch.viaArc[node] = arc
  if (at === UNSEEN) {
    scratch.touched[scratch.touchedCount++] = node
    siftUp(scratch, node, scratch.size++)
  } else siftUp(scratch, node, at)
}

function siftUp({ heap, key, position }: Scratch, node: number, from: number): void {
  let at = from
  while (at > 0) {
    const up = (at - 1) >> 1
    const other = heap[up]!
    if (key[other]! <= key[node]!) break
    heap[at] = other
    position[other] = at
    at = up
  }
  heap[at] = node
  position[node] = at
}

function popMin(scratch: Scratch): number {
  if (scratch.size === 0) return NOBODY
  const { heap, key, position } = scratch
  const top = heap[0]!
  position[top] = SETTLED
  const last = heap[--scratch.size]!
  if (scratch.size === 0) return top
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= scratch.size) break
    if (child + 1 < scratch.size && key[heap[child + 1]!]! < key[heap[child]!]!) child++
    if (key[heap[child]!]! >= key[last]!) break
    heap[at] = heap[child]!
    position[heap[at]!] = at
    at = child
  }
  heap[at] = last
  position[last] = at
  return top
}
