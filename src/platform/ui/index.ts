/** Everything pages draw with. See README.md in this folder. */
export * from './actions.tsx'
export { cx, type Link, Mark, Shape, slug, type Tone } from './base.tsx'
export * from './document.tsx'
export * from './form.tsx'
export * from './french.ts'
export * from './layout.tsx'
export * from './pieces.tsx'
export * from './table.tsx'
