/**
 * Assigns the whole waiting list × all doctors' capacities at once, to proven optimality, and explains it.
 *
 * `toInstance` states the mathematics, `solve` answers from them alone, `verify` checks the answer without trusting the solver,
 * `explain` (`explainer` for many) and `whyNot` say why.
 */
export { type Explanation, explain, explainer, type WhyNot, whyNot } from './explain.ts'
export { violation } from './feasible.ts'
export { toInstance } from './instance.ts'
export { type Hooks, type Phase, Stopped } from './progress.ts'
export { type Replan, replan } from './replan.ts'
export type { Budget } from './search.ts'
export { solve } from './solve.ts'
export * from './types.ts'
export { type Verdict, verify } from './verify.ts'
