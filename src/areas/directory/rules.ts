/** Decisions of the directory, pure: words people use, texts, facts. */
export * from './rules/facts.ts'
export * from './rules/needs.ts'
export * from './rules/text.ts'
