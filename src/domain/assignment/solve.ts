import { solveDual } from './dual.ts'
import { type Flow, placementOf } from './flow.ts'
import { compareLevels, gapOf } from './levels.ts'
import { type Network, toNetwork } from './network.ts'
import { describe, levelsOf } from './plan.ts'
import { pricesOf, toProofPrices } from './prices.ts'
import { type Hooks, tell } from './progress.ts'
import { type Budget, searchHouseholds } from './search.ts'
import { solveFlow } from './serve.ts'
import { settleHouseholds } from './settle.ts'
import { restore, snapshot } from './snapshot.ts'
import type { Instance, Levels, Plan, Proof } from './types.ts'

/** Enough to prove lists of some hundreds; on longer ones the search finds little that settling has not found. */
function defaultBudget({ sizes }: Instance): Budget {
  return { nodes: 5_000, arcs: 5_000_000 + 20 * sizes.arcs }
}

/**
 * The best plan of an instance, with its proof.
 *
 * Without households, or when the best flow splits none, it is a minimum-cost flow solved to proven optimality. Households make
 * it a mixed-integer problem: solved exactly by branch and bound within a budget that is counted, never timed; when the budget
 * ends, the best plan found comes with its true bound and a gap above 0.
 *
 * @param options limits of the search over households (nodes, and arcs looked at: by default 5 000 nodes and 5 M + 20 per arc), and how the caller follows the work and may end it: see `Hooks`
 * @throws RangeError when points or caps are too large for exact integer sums; Stopped when the caller ends it
 */
export function solve(instance: Instance, options: Partial<Budget> & Hooks = {}): Plan {
  const network = toNetwork(instance)
  const flow = solveFlow(network, fraction => tell(options, 'people', fraction))
  return finish(instance, network, flow, options)
}

/** From the optimal flow, in which households may be split, to the plan. */
export function finish(instance: Instance, network: Network, flow: Flow, options: Partial<Budget> & Hooks): Plan {
  const objective = levelsOf(instance, placementOf(flow))
  if (objective.splits === 0) {
    const prices = toProofPrices(pricesOf(flow), instance)
    return toPlan(instance, flow, objective, { prices, certified: objective, by: 'prices', nodes: 0, exhausted: false })
  }
  const root = snapshot(flow)
  const prices = pricesOf(flow)
  const isProven = settleHouseholds(instance, flow, fraction => tell(options, 'households', fraction / 2))
  const settled = placementOf(flow)
  const target = levelsOf(instance, settled)
  if (isProven) {
    // As good as if nobody had a household: the prices of the flow prove it.
    const proof: Proof = { prices: toProofPrices(prices, instance), certified: target, by: 'prices', nodes: 0, exhausted: false }
    return { ...describe(instance, settled), objective: target, bound: target, gap: 0, proof }
  }
  restore(flow, root)
  const dual = solveDual(instance, network, prices, target, target.splits === 0 ? target.minutes : objective.minutes * 1.01 + 1)
  const found = searchHouseholds(instance, flow, dual, { ...defaultBudget(instance), ...options }, settled, fraction =>
    tell(options, 'households', (1 + fraction) / 2),
  )
  const reached = levelsOf(instance, found.placement)
  const proof: Proof = {
    prices: toProofPrices(dual.prices, instance),
    certified: dual.bound,
    by: found.exhausted || compareLevels(reached, dual.bound) === 0 ? 'prices' : 'search',
    nodes: found.nodes,
    exhausted: found.exhausted,
  }
  const bound = found.exhausted ? dual.bound : reached
  return { ...describe(instance, found.placement), objective: reached, bound, gap: gapOf(reached, bound), proof }
}

function toPlan(instance: Instance, flow: Flow, objective: Levels, proof: Proof): Plan {
  return { ...describe(instance, placementOf(flow)), objective, bound: objective, gap: 0, proof }
}
