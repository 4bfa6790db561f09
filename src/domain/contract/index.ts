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

export { type CeilingOptions, ceilings } from './ceilings.ts'
export { check, covers } from './check.ts'
export { civilYears } from './civil.ts'
export { deadlines, tacitValidation } from './deadlines.ts'
export { compute, computeYear, contractOn } from './engine.ts'
export { figureOf, merged, nothing, total, weakest } from './figure.ts'
export { leftToEarn, project, yearOn } from './left.ts'
export { national } from './national.ts'
export { isRatio, rateOf, targetOf } from './rates.ts'
export * from './readable.ts'
export * from './sentences.ts'
export { type Source, sources } from './sources.ts'
export { standings } from './standing.ts'
export { amountOf, type ContractYear, contractYears, endOf, signedEnd, sizeOf, termsOn } from './terms.ts'
export type * from './types.ts'
export { headings, missions, provenances } from './types.ts'
export { WHOLE_WEIGHT } from './variable.ts'
