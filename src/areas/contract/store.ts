/** The contract in the database: see store/. */
export * from './store/life.ts'
