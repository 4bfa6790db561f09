/** What is decided without the database: see rules/. */

export * from './rules/actions.ts'
export * from './rules/bridge.ts'
export * from './rules/comparison.ts'
export * from './rules/frozen.ts'
export * from './rules/indicators.ts'
export * from './rules/life.ts'
export * from './rules/minutes.ts'
export * from './rules/missions.ts'
export * from './rules/proofs.ts'
export * from './rules/review.ts'
export * from './rules/values.ts'
