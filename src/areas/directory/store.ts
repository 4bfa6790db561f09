/** The directory in the database. */
export * from './store/directory.ts'
export * from './store/facts.ts'
export * from './store/partners.ts'
