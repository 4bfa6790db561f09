/** « Et si… » : what one supposes, the list it would make, and its effect beside today. Pure. */
export * from './changes.ts'
export * from './effect.ts'
export * from './suppose.ts'
