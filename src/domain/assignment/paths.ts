import { costOf, type Flow, isWhole, lastIn, NONE, nextIn, nodeOf, type Scratch } from './flow.ts'
import { KINDS } from './network.ts'

/** One member more of a cohort to place (`reach` = his points and seniority), or one place to free at a node. */
export type Start = { cohort: number; reach: number } | { node: number }

const SETTLED = -2
const UNSEEN = -1
const BEYOND = -3

/**
 * Finds a cheapest way from a start to `target` (Dijkstra over the doctors, on reduced costs) and raises the prices so that it
 * costs nothing more: `parent`, `via` and `viaArc` of the scratch then tell the way, back from the target. Whoever finds no
 * better goes outside.
 */
export function shortestPath(flow: Flow, start: Start, target: number): void {
  const { scratch, network } = flow
  const { outside, totals } = network
  reset(scratch)
  if ('node' in start) relax(flow, start.node, 0, NONE, NONE, NONE, target)
  else {
    relaxCohort(flow, start.cohort, NONE, start.reach, target)
    relax(flow, outside, 0, NONE, target === outside ? NONE : start.cohort, NONE, target)
  }
  for (;;) {
    const node = popMin(scratch)
    if (node === NONE) throw new Error('the flow has lost a path: a bug')
    if (node === target) break
    if (node === outside) scanOutside(flow, target)
    else if (node > outside) scanList(flow, node, target)
    else if (node >= totals) scanTotal(flow, node, target)
    else scanKind(flow, node, target)
    // At equal cost there is nothing cheaper left to find.
    if (scratch.key[target]! <= scratch.key[node]!) break
  }
  raisePotentials(flow, scratch.key[target]!)
}

function scanOutside(flow: Flow, target: number): void {
  const { network, count } = flow
  const { outside, totals, doctors, base, cohorts } = network
  const reach = flow.scratch.reach[outside]!
  for (let d = 0; d < doctors; d++) {
    if (count[d]! > 0) relax(flow, totals + d, reach, outside, NONE, NONE, target)
  }
  for (let c = 0; c < cohorts.count; c++) {
    const next = nextIn(flow, c)
    if (next !== undefined) relaxCohort(flow, c, outside, reach + base[next]!, target)
  }
}

function scanTotal(flow: Flow, node: number, target: number): void {
  const { network, kindCount } = flow
  const d = node - network.totals
  const reach = flow.scratch.reach[node]!
  if (flow.count[d]! < network.capacity[d]!) relax(flow, network.outside, reach, node, NONE, NONE, target)
  for (let kind = d * KINDS; kind < (d + 1) * KINDS; kind++) {
    if (kindCount[kind]! > 0) relax(flow, kind, reach, node, NONE, NONE, target)
  }
}

function scanKind(flow: Flow, node: number, target: number): void {
  const { network, cells, scratch } = flow
  const { base, outside } = network
  const reach = scratch.reach[node]!
  const total = network.totals + ((node / KINDS) | 0)
  if (flow.kindCount[node]! < network.kindCapacity[node]!) relax(flow, total, reach, node, NONE, NONE, target)
  for (let cell = cells.atNode[node]!; cell !== NONE; cell = cells.nextAtNode[cell]!) {
    const c = cells.cohort[cell]!
    const away = reach - costOf(flow, c, cells.arc[cell]!)
    relax(flow, outside, away - base[lastIn(flow, c)]!, node, c, NONE, target)
    relaxCohort(flow, c, node, away, target)
  }
}

/** Offers the doctors of cohort c to the search; `start` = cost so far, the member taken out of `from`, his points counted. */
function relaxCohort(flow: Flow, c: number, from: number, start: number, target: number): void {
  const { network, barred } = flow
  const low = flow.low[c]!
  const high = flow.high[c]!
  const kept = network.keptArc[c]!
  const forbidden = barred.get(c)
  if (isWhole(flow, c)) relax(flow, network.list[c]!, start, from, c, NONE, target)
  else {
    for (let a = low; a < high; a++) if (!forbidden?.has(a)) relax(flow, nodeOf(flow, c, a), start + costOf(flow, c, a), from, c, a, target)
    flow.work += high - low
  }
  if (kept < low || kept >= high || forbidden?.has(kept)) return
  relax(flow, nodeOf(flow, c, kept), start + costOf(flow, c, kept), from, c, kept, target)
}

/** Whoever came to a list of arcs most cheaply goes on to each of its doctors. */
function scanList(flow: Flow, node: number, target: number): void {
  const { scratch, network } = flow
  const { arcs, minuteUnit, rows, lists } = network
  const { reach } = scratch
  const start = reach[node]!
  const from = scratch.parent[node]!
  const c = scratch.via[node]!
  const k = (node - lists) % KINDS
  const row = ((node - lists) / KINDS) | 0
  const end = rows[row + 1]!
  for (let a = rows[row]!; a < end; a++) {
    const arc = arcs[a]!
    const to = (arc >>> 16) * KINDS + k
    const candidate = start + (arc & 0xffff) * minuteUnit
    if (candidate < reach[to]!) relax(flow, to, candidate, from, c, a, target)
  }
  flow.work += end - rows[row]!
}

function raisePotentials({ scratch, potential, network }: Flow, length: number): void {
  const { key, touched, touchedCount, position } = scratch
  const { outside, nodes } = network
  const shift = position[outside] === SETTLED ? Math.max(0, length - key[outside]!) : 0
  for (let i = 0; i < touchedCount; i++) {
    const v = touched[i]!
    if (position[v] === SETTLED && key[v]! < length) potential[v]! += length - key[v]!
  }
  if (shift !== 0) for (let v = 0; v < nodes; v++) potential[v]! -= shift
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
  if (scratch.size === 0) return NONE
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
