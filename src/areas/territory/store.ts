/** The territory in the database. */
export * from './store/diagnosis.ts'
export * from './store/imports.ts'
export * from './store/territory.ts'
