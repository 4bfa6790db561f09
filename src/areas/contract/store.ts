/** The contract in the database: see store/. */

export * from './store/annex.ts'
export * from './store/life.ts'
export * from './store/proofs.ts'
