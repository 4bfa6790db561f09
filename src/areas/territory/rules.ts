/** Decisions and sums of the territory: pure. */
export * from './rules/diagnosis.ts'
export * from './rules/figures.ts'
export * from './rules/places.ts'
export * from './rules/territory.ts'
