import { type Flow, solveFlow } from './flow.ts'
import { compareLevels, gapOf } from './levels.ts'
import { arcDoctor, toNetwork } from './network.ts'
import { describe, levelsOf, type Placement } from './plan.ts'
import { pricesOf, toProofPrices } from './prices.ts'
import type { Instance, Plan } from './types.ts'

/**
 * The best plan of an instance, with its proof.
 *
 * Without households it is a minimum-cost flow, solved to proven optimality.
 *
 * @throws RangeError when points or caps are too large for exact integer sums
 */
export function solve(instance: Instance): Plan {
  const flow = solveFlow(toNetwork(instance))
  const placement = placementOf(flow)
  const objective = levelsOf(instance, placement)
  const certified = { priority: objective.priority, splits: 0, minutes: objective.minutes }
  const by = compareLevels(objective, certified) === 0 ? 'prices' : 'search'
  return {
    ...describe(instance, placement),
    objective,
    bound: certified,
    gap: gapOf(objective, certified),
    proof: { prices: toProofPrices(pricesOf(flow), instance), certified, by, nodes: 0, exhausted: false },
  }
}

function placementOf({ place, network }: Flow): Placement {
  return place.map(arc => (arc < 0 ? -1 : arcDoctor(network.arcs[arc]!)))
}
