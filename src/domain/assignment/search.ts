import type { Dual } from './dual.ts'
import { arcOf, type Flow, NONE, placementOf } from './flow.ts'
import { arcDoctor, arcMinutes } from './network.ts'
import { levelsOf, type Placement } from './plan.ts'
import { reroute } from './serve.ts'
import { restore, snapshot } from './snapshot.ts'
import type { Instance } from './types.ts'

/** How much the search may do, counted, never timed: the same input gives the same plan on a slow machine. */
export type Budget = { nodes: number; arcs: number }

export type Found = { placement: Placement; rest: number; nodes: number; exhausted: boolean }

/** What has been decided for a household on the way down. */
type Decision = { apart: boolean; whole: boolean; mandatory: Set<number> }

type Search = {
  instance: Instance
  flow: Flow
  dual: Dual
  budget: Budget
  points: number
  decisions: Decision[]
  /** sum of the regrets of what is decided */
  regret: number
  best: Found
  /** arcs where the search started: the limit counts from there */
  since: number
  tell: (fraction: number) => void
}

/** The flow's optimum under the decisions so far: what it is worth as a plan, and how good anything below can be. */
type State = { points: number; minutes: number; rest: number; bound: number }

/**
 * Exact branch and bound over households. A node is a flow in which some households are held together at one doctor; it bounds
 * everything below, and so do the regrets of the dual. What is no better than `incumbent`, a plan found before, is left out. Branches of a household that the flow splits: whole at each doctor, or
 * paying a split, and then member by member.
 */
export function searchHouseholds(
  instance: Instance,
  flow: Flow,
  dual: Dual,
  budget: Budget,
  incumbent: Placement,
  tell: (fraction: number) => void,
): Found {
  const decisions = instance.households.map(() => ({ apart: false, whole: false, mandatory: new Set<number>() }))
  const { priority, splits, minutes } = levelsOf(instance, incumbent)
  const rest = priority === dual.points ? splits * dual.unit + minutes : Number.POSITIVE_INFINITY
  const best: Found = { placement: incumbent, rest, nodes: 0, exhausted: false }
  const search: Search = { instance, flow, dual, budget, points: dual.points, decisions, regret: 0, best, since: flow.work, tell }
  descend(search, stateOf(search))
  return best
}

function descend(search: Search, state: State): void {
  const { best, budget, dual } = search
  best.nodes++
  search.tell(Math.max(best.nodes / budget.nodes, (search.flow.work - search.since) / budget.arcs))
  if (best.nodes >= budget.nodes || search.flow.work - search.since >= budget.arcs) best.exhausted = true
  if (isHopeless(search, state.bound)) return
  const household = openHousehold(search)
  if (household < 0 || best.exhausted) return
  const decision = search.decisions[household]!
  if (decision.apart) {
    branchOnMember(search, household)
    return
  }
  const regretOf = dual.together[household]!
  const doctors = [...regretOf.keys()].toSorted((a, b) => regretOf.get(a)! - regretOf.get(b)! || a - b)
  decision.whole = true
  tryInOrder(
    search,
    doctors,
    doctor => regretOf.get(doctor)!,
    doctor => {
      for (const member of search.instance.households[household]!.members) only(search.flow, member, doctor)
    },
    household,
  )
  decision.whole = false
  decision.apart = true
  tryInOrder(
    search,
    [0],
    () => dual.apart[household]!,
    () => {},
    household,
  )
  decision.apart = false
}

/** Goes down each branch in turn; the first few are compared by their flow before one is chosen. */
function tryInOrder(
  search: Search,
  choices: number[],
  regretOf: (choice: number) => number,
  apply: (choice: number) => void,
  household: number,
): void {
  const { flow, best } = search
  const members = search.instance.households[household]!.members
  const before = snapshot(flow)
  const before0 = search.regret
  const enter = (choice: number): State => {
    search.regret = before0 + regretOf(choice)
    apply(choice)
    return settle(search, members)
  }
  const leave = () => {
    restore(flow, before)
    search.regret = before0
  }
  const open = choices.filter(choice => !isHopeless(search, search.dual.rest + before0 + regretOf(choice)))
  const compared = open.slice(0, open.length > 1 ? COMPARED : 0).map(choice => {
    const { bound } = enter(choice)
    leave()
    return { choice, bound }
  })
  const order = [...compared.toSorted((a, b) => a.bound - b.bound).map(({ choice }) => choice), ...open.slice(compared.length)]
  for (const choice of order) {
    if (best.exhausted && Number.isFinite(best.rest)) return
    if (isHopeless(search, search.dual.rest + before0 + regretOf(choice))) continue
    descend(search, enter(choice))
    leave()
  }
}

const COMPARED = 2

/** A household already paying a split: one member with one doctor, or that member never with him. */
function branchOnMember(search: Search, household: number): void {
  const { flow, decisions } = search
  const { mandatory } = decisions[household]!
  const { members } = search.instance.households[household]!
  const member = members.find(p => arcOf(flow, cohortOf(flow, p)) !== NONE && !mandatory.has(p))
  if (member === undefined) return
  const arc = arcOf(flow, cohortOf(flow, member))
  const doctor = arcDoctor(flow.network.arcs[arc]!)
  mandatory.add(member)
  tryInOrder(
    search,
    [doctor],
    () => 0,
    () => only(flow, member, doctor),
    household,
  )
  mandatory.delete(member)
  const c = cohortOf(flow, member)
  const barred = flow.barred.get(c)
  flow.barred.set(c, new Set([...(barred ?? []), arc]))
  tryInOrder(
    search,
    [doctor],
    () => 0,
    () => {},
    household,
  )
  if (barred) flow.barred.set(c, barred)
  else flow.barred.delete(c)
}

/** Leaves a patient one doctor, or none when that doctor cannot take him. */
function only(flow: Flow, p: number, doctor: number): void {
  const c = cohortOf(flow, p)
  for (let a = flow.low[c]!; a < flow.high[c]!; a++) {
    if (arcDoctor(flow.network.arcs[a]!) !== doctor || flow.barred.get(c)?.has(a)) continue
    flow.low[c] = a
    flow.high[c] = a + 1
    return
  }
  flow.high[c] = flow.low[c]!
}

/** Members of households are cohorts of one. */
function cohortOf({ network }: Flow, p: number): number {
  return network.cohorts.of[p]!
}

/** Brings the flow back to its optimum after some patients lost arcs, and keeps it when it is the best plan so far. */
function settle(search: Search, members: number[]): State {
  const { flow } = search
  for (const p of members) {
    const c = cohortOf(flow, p)
    const arc = arcOf(flow, c)
    if (arc >= 0 && (arc < flow.low[c]! || arc >= flow.high[c]! || flow.barred.get(c)?.has(arc))) reroute(flow, c)
  }
  return stateOf(search)
}

function stateOf(search: Search): State {
  const { flow, instance, dual, best } = search
  const { network } = flow
  let points = 0
  let minutes = 0
  const { cells } = flow
  const { cohorts } = network
  for (let c = 0; c < cohorts.count; c++) {
    for (let i = cohorts.start[c]!; i < cohorts.start[c]! + flow.served[c]!; i++) points += network.priority[cohorts.members[i]!]!
    for (let cell = cells.ofCohort[c]!; cell !== NONE; cell = cells.next[cell]!) {
      minutes += cells.size[cell]! * arcMinutes(network.arcs[cells.arc[cell]!]!)
    }
  }
  let splits = 0
  let counted = 0
  instance.households.forEach((_, h) => {
    splits += splitsNow(search, h)
    counted += splitsAtLeast(search, h)
  })
  const rest = splits * dual.unit + minutes
  if (points === search.points && rest < best.rest) {
    best.rest = rest
    best.placement = placementOf(flow)
  }
  const bound =
    points < search.points ? Number.POSITIVE_INFINITY : Math.max(counted * dual.unit + minutes, Math.ceil(dual.rest + search.regret))
  return { points, minutes, rest, bound }
}

function isHopeless({ best }: Search, bound: number): boolean {
  return Math.ceil(bound) >= best.rest || bound === Number.POSITIVE_INFINITY
}

/** The household that the flow splits most beyond what is already paid; -1 when none: the flow is then the best plan below. */
function openHousehold(search: Search): number {
  let found = -1
  let most = 0
  for (let h = 0; h < search.decisions.length; h++) {
    const excess = splitsNow(search, h) - splitsAtLeast(search, h)
    if (excess > most) {
      most = excess
      found = h
    }
  }
  return found
}

function splitsNow({ instance, flow }: Search, h: number): number {
  const doctors: number[] = []
  for (const p of instance.households[h]!.members) {
    const arc = arcOf(flow, cohortOf(flow, p))
    if (arc < 0) continue
    const d = arcDoctor(flow.network.arcs[arc]!)
    if (!doctors.includes(d)) doctors.push(d)
  }
  return Math.max(0, doctors.length - 1)
}

/** Splits that every plan below pays for household h. */
function splitsAtLeast({ decisions, flow }: Search, h: number): number {
  const { apart, mandatory } = decisions[h]!
  if (!apart) return 0
  const fixed = new Set<number>()
  for (const p of mandatory) {
    const c = cohortOf(flow, p)
    if (flow.high[c]! > flow.low[c]!) fixed.add(arcDoctor(flow.network.arcs[flow.low[c]!]!))
  }
  return Math.max(1, fixed.size - 1)
}
