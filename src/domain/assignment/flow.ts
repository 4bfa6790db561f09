import { arcDoctor, arcMinutes, KINDS, type Network } from './network.ts'
import type { Placement } from './plan.ts'

/**
 * A minimum-cost flow that stays optimal at every step, with its dual.
 *
 * `potential[v]` is the cost of sending one more patient to node v: the price of a place. Every residual arc u → v keeps a
 * reduced cost `cost + potential[v] - potential[u] ≥ 0`, which proves that the current placement is the best for the
 * patients inserted so far. The outside has potential 0.
 */
export type Flow = {
  network: Network
  /** arcs a cohort may use now: low[c] up to high[c]; a branch may narrow them */
  low: Int32Array
  high: Int32Array
  /** arcs of a cohort that a branch forbids besides */
  barred: Map<number, Set<number>>
  /** how many of each cohort are placed: its first members */
  served: Int32Array
  potential: Float64Array
  kindCount: Int32Array
  count: Int32Array
  cells: Cells
  scratch: Scratch
  /** arcs looked at since the start: the deterministic measure of effort */
  work: number
}

/** A cell is a cohort on one of its arcs and how many of its members are there; listed by cohort and by node. */
export type Cells = {
  cohort: Int32Array
  arc: Int32Array
  size: Int32Array
  /** next cell of the same cohort, or next free cell */
  next: Int32Array
  nextAtNode: Int32Array
  previousAtNode: Int32Array
  /** first cell of each cohort, first cell of each node, first free cell */
  ofCohort: Int32Array
  atNode: Int32Array
  free: Int32Array
}

export const NONE = -1
/** What a search for a cheapest way remembers, kept from one to the next so that nothing is allocated. */
export type Scratch = {
  /** cost from the start, and that cost plus the price of the node: the order of the search */
  reach: Float64Array
  key: Float64Array
  /** how a node was reached: from which node, by which cohort, on which of its arcs */
  parent: Int32Array
  via: Int32Array
  viaArc: Int32Array
  heap: Int32Array
  position: Int32Array
  size: number
  touched: Int32Array
  touchedCount: number
}

/** An empty flow: nobody inserted, all prices zero. */
export function emptyFlow(network: Network): Flow {
  return {
    network,
    low: network.low.slice(),
    high: network.high.slice(),
    barred: new Map(),
    served: new Int32Array(network.cohorts.count),
    potential: new Float64Array(network.nodes),
    kindCount: new Int32Array(network.doctors * KINDS),
    count: new Int32Array(network.doctors),
    cells: newCells(network),
    scratch: newScratch(network),
    work: 0,
  }
}

function newCells({ patients, cohorts, outside }: Network): Cells {
  return {
    cohort: new Int32Array(patients),
    arc: new Int32Array(patients),
    size: new Int32Array(patients),
    next: Int32Array.from({ length: patients }, (_, cell) => (cell + 1 < patients ? cell + 1 : NONE)),
    nextAtNode: new Int32Array(patients),
    previousAtNode: new Int32Array(patients),
    ofCohort: new Int32Array(cohorts.count).fill(NONE),
    atNode: new Int32Array(outside + 1).fill(NONE),
    free: Int32Array.of(patients > 0 ? 0 : NONE),
  }
}

/** The node an arc of cohort c leads to. */
export function nodeOf({ network }: Flow, c: number, arc: number): number {
  return arcDoctor(network.arcs[arc]!) * KINDS + network.kind[c]!
}

/** What an arc costs cohort c, points and seniority apart. */
export function costOf({ network }: Flow, c: number, arc: number): number {
  return arcMinutes(network.arcs[arc]!) * network.minuteUnit - (network.keptArc[c] === arc ? 1 : 0)
}

/** The patient of cohort c who would be served next, and the one who would be dropped first; undefined when there is none. */
export function nextIn({ network: { cohorts }, served }: Flow, c: number): number | undefined {
  const at = cohorts.start[c]! + served[c]!
  return at < cohorts.start[c + 1]! ? cohorts.members[at] : undefined
}
export function lastIn({ network: { cohorts }, served }: Flow, c: number): number {
  return cohorts.members[cohorts.start[c]! + served[c]! - 1]!
}

/** Nothing seen yet. */
function newScratch({ nodes }: Network): Scratch {
  return {
    reach: new Float64Array(nodes).fill(Number.POSITIVE_INFINITY),
    key: new Float64Array(nodes).fill(Number.POSITIVE_INFINITY),
    parent: new Int32Array(nodes),
    via: new Int32Array(nodes),
    viaArc: new Int32Array(nodes),
    heap: new Int32Array(nodes),
    position: new Int32Array(nodes).fill(NONE),
    size: 0,
    touched: new Int32Array(nodes),
    touchedCount: 0,
  }
}

/** A cohort that may use all its arcs. */
export function isWhole({ low, high, barred, network }: Flow, c: number): boolean {
  return low[c] === network.low[c] && high[c] === network.high[c] && !barred.has(c)
}

/** The arc the only member of cohort c is on, -1 = placed nowhere. */
export function arcOf({ cells }: Flow, c: number): number {
  const cell = cells.ofCohort[c]!
  return cell === NONE ? NONE : cells.arc[cell]!
}

/** Where each patient goes. In a cohort the older requests go to the nearer doctors, after those who keep theirs. */
export function placementOf(flow: Flow): Placement {
  const { network, cells, served } = flow
  const { cohorts } = network
  const placement = new Int32Array(network.patients).fill(NONE)
  for (let c = 0; c < cohorts.count; c++) {
    const taken: number[] = []
    for (let cell = cells.ofCohort[c]!; cell !== NONE; cell = cells.next[cell]!) taken.push(cell)
    const rank = (cell: number) => (cells.arc[cell] === network.keptArc[c] ? -1 : arcMinutes(network.arcs[cells.arc[cell]!]!))
    taken.sort((a, b) => rank(a) - rank(b) || cells.arc[a]! - cells.arc[b]!)
    const members = cohorts.members.slice(cohorts.start[c]!, cohorts.start[c]! + served[c]!).sort()
    let at = 0
    for (const cell of taken) {
      for (let i = 0; i < cells.size[cell]!; i++) placement[members[at++]!] = arcDoctor(network.arcs[cells.arc[cell]!]!)
    }
  }
  return placement
}
