import { arcDoctor, arcMinutes, KINDS, type Network } from './network.ts'

/**
 * A minimum-cost flow that stays optimal at every step, with its dual.
 *
 * `potential[v]` is the cost of sending one more patient to node v: the price of a place. Every residual arc u → v keeps a
 * reduced cost `cost + potential[v] - potential[u] ≥ 0`, which proves that the current placement is the best for the
 * patients inserted so far. The outside has potential 0.
 */
export type Flow = {
  network: Network
  /** a branch replaces this by its own copy and makes the arcs it forbids dead */
  arcs: Uint32Array
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
  /** cost from the start, and that cost plus the price of the node: the order of the search */
  reach: Float64Array
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
const BEYOND = -3
const TOLD_EVERY = 64

/** An empty flow: nobody inserted, all prices zero. */
export function emptyFlow(network: Network): Flow {
  const nodes = network.outside + 1
  const n = network.patients
  return {
    network,
    arcs: network.arcs,
    low: network.first.slice(0, n),
    high: network.first.slice(1),
    place: new Int32Array(n).fill(NOBODY),
    potential: new Float64Array(nodes),
    kindCount: new Int32Array(network.doctors * KINDS),
    count: new Int32Array(network.doctors),
    head: new Int32Array(nodes).fill(NOBODY),
    next: new Int32Array(n).fill(NOBODY),
    previous: new Int32Array(n).fill(NOBODY),
    scratch: newScratch(network),
    work: 0,
  }
}

function newScratch({ doctors, outside }: Network): Scratch {
  const nodes = outside + 1
  const scratch = {
    reach: new Float64Array(nodes).fill(Number.POSITIVE_INFINITY),
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
  // Nobody's nodes: no cost is ever lower, so a dead arc is never taken and the inner loop needs no test.
  for (let k = 0; k < KINDS; k++) scratch.reach[doctors * KINDS + k] = Number.NEGATIVE_INFINITY
  return scratch
}

/** The node an arc of patient p leads to. */
export function nodeOf({ network }: Flow, p: number, arc: number): number {
  return arcDoctor(network.arcs[arc]!) * KINDS + network.kind[p]!
}

/** The optimal flow of the whole network. Most points first: who comes later can then rarely displace anyone. */
export function solveFlow(network: Network, tell: (fraction: number) => void = () => {}): Flow {
  const flow = emptyFlow(network)
  const order = Array.from({ length: network.patients }, (_, p) => p)
  order.sort((a, b) => network.priority[b]! - network.priority[a]! || a - b)
  order.forEach((p, done) => {
    insert(flow, p)
    if (done % TOLD_EVERY === 0) tell(done / order.length)
  })
  tell(1)
  return flow
}

/** Adds a patient who is not yet in the flow, moving others when that is worth it. */
export function insert(flow: Flow, p: number): void {
  if (!placeDirectly(flow, p)) augment(flow, p, flow.network.outside)
}

/** Finds the optimum again after the arcs of patient p have changed, p being already in the flow. */
export function reroute(flow: Flow, p: number): void {
  const arc = flow.place[p]!
  const hole = arc === NOBODY ? flow.network.outside : nodeOf(flow, p, arc)
  unlink(flow, p, hole)
  flow.place[p] = NOBODY
  augment(flow, p, hole)
}

/** The frequent case: the cheapest node has a free place, or none is worth its price. */
function placeDirectly(flow: Flow, p: number): boolean {
  const { potential, network, arcs } = flow
  const { kind, base, minuteUnit } = network
  let best = 0
  let bestArc = NOBODY
  for (let a = flow.low[p]!; a < flow.high[p]!; a++) {
    const arc = arcs[a]!
    const key = base[p]! + arcMinutes(arc) * minuteUnit + potential[arcDoctor(arc) * KINDS + kind[p]!]!
    if (key < best && arcDoctor(arc) < network.doctors) {
      best = key
      bestArc = a
    }
  }
  flow.work += flow.high[p]! - flow.low[p]!
  if (bestArc === NOBODY) {
    link(flow, p, network.outside)
    return true
  }
  const node = nodeOf(flow, p, bestArc)
  const d = (node / KINDS) | 0
  const isFree = flow.kindCount[node]! < network.kindCapacity[node]! && flow.count[d]! < network.capacity[d]!
  if (!isFree || potential[node] !== 0 || potential[network.totals + d] !== 0) return false
  flow.kindCount[node]!++
  flow.count[d]!++
  flow.place[p] = bestArc
  link(flow, p, node)
  return true
}

/** Sends patient p to `target` along a shortest path: Dijkstra over the doctors, on reduced costs. */
function augment(flow: Flow, p: number, target: number): void {
  const { scratch, network } = flow
  const { outside, totals } = network
  reset(scratch)
  relaxPatient(flow, p, NOBODY, network.base[p]!, target)
  relax(flow, outside, 0, NOBODY, p, NOBODY, target)
  for (;;) {
    const node = popMin(scratch)
    if (node === NOBODY) throw new Error('the flow has lost a path: a bug')
    if (node === target) break
    if (node === outside) scanOutside(flow, target)
    else if (node >= totals) scanTotal(flow, node, target)
    else scanKind(flow, node, target)
    // At equal cost there is nothing cheaper left to find.
    if (scratch.key[target]! <= scratch.key[node]!) break
  }
  raisePotentials(flow, scratch.key[target]!)
  follow(flow, target)
}

function scanOutside(flow: Flow, target: number): void {
  const { network, count } = flow
  const { outside, totals, doctors, base } = network
  const reach = flow.scratch.reach[outside]!
  for (let d = 0; d < doctors; d++) {
    if (count[d]! > 0) relax(flow, totals + d, reach, outside, NOBODY, NOBODY, target)
  }
  for (let q = flow.head[outside]!; q !== NOBODY; q = flow.next[q]!) relaxPatient(flow, q, outside, reach + base[q]!, target)
}

function scanTotal(flow: Flow, node: number, target: number): void {
  const { network, kindCount } = flow
  const d = node - network.totals
  const reach = flow.scratch.reach[node]!
  if (flow.count[d]! < network.capacity[d]!) relax(flow, network.outside, reach, node, NOBODY, NOBODY, target)
  for (let kind = d * KINDS; kind < (d + 1) * KINDS; kind++) {
    if (kindCount[kind]! > 0) relax(flow, kind, reach, node, NOBODY, NOBODY, target)
  }
}

function scanKind(flow: Flow, node: number, target: number): void {
  const { network, place } = flow
  const { base, arcs, minuteUnit, outside } = network
  const reach = flow.scratch.reach[node]!
  const total = network.totals + ((node / KINDS) | 0)
  if (flow.kindCount[node]! < network.kindCapacity[node]!) relax(flow, total, reach, node, NOBODY, NOBODY, target)
  for (let q = flow.head[node]!; q !== NOBODY; q = flow.next[q]!) {
    const away = reach - arcMinutes(arcs[place[q]!]!) * minuteUnit
    relax(flow, outside, away - base[q]!, node, q, NOBODY, target)
    relaxPatient(flow, q, node, away, target)
  }
}

/** Offers every doctor of patient q to the search; `start` = cost so far, q taken out of `from`, his points counted. */
function relaxPatient(flow: Flow, q: number, from: number, start: number, target: number): void {
  const { arcs } = flow
  const { reach } = flow.scratch
  const { minuteUnit, kind } = flow.network
  const k = kind[q]!
  const end = flow.high[q]!
  for (let a = flow.low[q]!; a < end; a++) {
    const arc = arcs[a]!
    const to = (arc >>> 16) * KINDS + k
    const candidate = start + (arc & 0xffff) * minuteUnit
    if (candidate < reach[to]!) relax(flow, to, candidate, from, q, a, target)
  }
  flow.work += end - flow.low[q]!
}

function raisePotentials({ scratch, potential, network }: Flow, length: number): void {
  const { key, touched, touchedCount, position } = scratch
  const { outside } = network
  const shift = position[outside] === SETTLED ? Math.max(0, length - key[outside]!) : 0
  for (let i = 0; i < touchedCount; i++) {
    const v = touched[i]!
    if (position[v] === SETTLED && key[v]! < length) potential[v]! += length - key[v]!
  }
  if (shift !== 0) for (let v = 0; v <= outside; v++) potential[v]! -= shift
}

/** Follows the path back from its end, moving each patient one step and each doctor's counts. */
function follow(flow: Flow, target: number): void {
  const { scratch, network, kindCount, count } = flow
  const { outside, totals } = network
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
    scratch.reach[v] = Number.POSITIVE_INFINITY
    scratch.key[v] = Number.POSITIVE_INFINITY
    scratch.position[v] = UNSEEN
  }
  scratch.touchedCount = 0
  scratch.size = 0
}

/** Offers a node to the search at a cost; ignored when it is no better, or not better than what the target already costs. */
function relax(flow: Flow, node: number, reach: number, parent: number, via: number, arc: number, target: number): void {
  const { scratch, potential } = flow
  const key = reach + potential[node]!
  if (!(key < scratch.key[node]!)) return
  const at = scratch.position[node]!
  if (at < 0 && at !== BEYOND) scratch.touched[scratch.touchedCount++] = node
  scratch.reach[node] = reach
  if (at < 0 && !(key < scratch.key[target]!)) {
    // Remembered all the same: whatever reaches it at a higher cost is then refused by the inner loop.
    scratch.position[node] = BEYOND
    return
  }
  scratch.key[node] = key
  scratch.parent[node] = parent
  scratch.via[node] = via
  scratch.viaArc[node] = arc
  if (at < 0) {
    siftUp(scratch, node, scratch.size++)
  } else siftUp(scratch, node, at)
}

function siftUp({ heap, key, position }: Scratch, node: number, from: number): void {
  let at = from
  while (at > 0) {
    const up = (at - 1) >> 1
    const other = heap[up]!
    if (key[other]! < key[node]!) break
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
