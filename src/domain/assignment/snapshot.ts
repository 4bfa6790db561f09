import type { Flow } from './flow.ts'

export type Snapshot = Pick<Flow, 'served' | 'potential' | 'kindCount' | 'count' | 'low' | 'high' | 'cells'>

/** A copy of where everybody is and of what places cost, to come back to. */
export function snapshot(flow: Flow): Snapshot {
  const { served, potential, kindCount, count, low, high, cells } = flow
  return {
    served: served.slice(),
    potential: potential.slice(),
    kindCount: kindCount.slice(),
    count: count.slice(),
    low: low.slice(),
    high: high.slice(),
    cells: {
      cohort: cells.cohort.slice(),
      arc: cells.arc.slice(),
      size: cells.size.slice(),
      next: cells.next.slice(),
      nextAtNode: cells.nextAtNode.slice(),
      previousAtNode: cells.previousAtNode.slice(),
      ofCohort: cells.ofCohort.slice(),
      atNode: cells.atNode.slice(),
      free: cells.free.slice(),
    },
  }
}

/** Puts a flow back as it was when the copy was made. */
export function restore(flow: Flow, { cells, ...from }: Snapshot): void {
  for (const name of Object.keys(from) as (keyof typeof from)[]) flow[name].set(from[name])
  for (const name of Object.keys(cells) as (keyof typeof cells)[]) flow.cells[name].set(cells[name])
}
