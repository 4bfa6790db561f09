/** The contract in the database: see store/. */

export * from './store/actions.ts'
export * from './store/annex.ts'
export * from './store/comments.ts'
export * from './store/comparison.ts'
export * from './store/confirmations.ts'
export * from './store/indicators.ts'
export * from './store/life.ts'
export * from './store/minutes.ts'
export * from './store/money.ts'
export * from './store/proofs.ts'
export * from './store/review.ts'
