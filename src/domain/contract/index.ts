/**
 * The kernel of the tripartite contract. Pure: the day of reading is an argument, the national tables too (`national` by default).
 *
 *     compute(contract, facts, on)                → Statement    every line, its steps, its payments, what is missing, what is wrong
 *     ceilings(terms, options)                    → Ceilings     the two ceilings, computed and announced
 *     deadlines(contract, facts, on)              → Deadline[]   starts, deployments, anniversaries, end
 *     civilYears(statement)                       → CivilYear[]  the same cents by calendar year
 *     standings(statement, facts, year)           → Standing[]   acquired, expected, received by heading
 *     leftToEarn(contract, facts, levers, on)     → LeftToEarn   what is missing, by when, with which action, best euro per hour first
 *     project(contract, facts, levers, scenario, on) → Projection  the end of the year: pessimistic, trend, plan
 *     check(contract, facts)                      → Problem[]    also in every Statement
 *     sayStep, sayProblem, sayMissing…            → French sentences, one for each code
 */
export type * from './results.ts'
export type * from './types.ts'
export { headings, missions, provenances } from './types.ts'
