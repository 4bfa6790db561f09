/** Paragraphs and lists whose French spaces are put right, whatever is inside them. */
import type { Child } from '../../../platform/page.ts'
import { typo } from '../../../platform/ui/index.ts'

const right = (children: Child): Child =>
  Array.isArray(children) ? children.map(right) : typeof children === 'string' ? typo(children) : children

export const P = ({ children, muted }: { children?: Child; muted?: boolean }) => (
  <p class={muted ? 'muted' : undefined}>{right(children)}</p>
)
/** `numbered` when the order matters. */
export function List({ items, numbered }: { items: Child[]; numbered?: boolean }) {
  const lines = items.map(i => <li>{right(i)}</li>)
  return numbered ? <ol class="listed">{lines}</ol> : <ul class="listed">{lines}</ul>
}
