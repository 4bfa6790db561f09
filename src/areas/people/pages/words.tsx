/** Paragraphs and lists whose French spaces are put right, whatever is inside them. */
import type { Child } from '#platform/page.ts'
import { typo } from '#platform/ui/index.ts'

const right = (children: Child): Child =>
  Array.isArray(children) ? children.map(right) : typeof children === 'string' ? typo(children) : children

export const P = ({ children, muted }: { children?: Child; muted?: boolean }) => (
  <p class={muted ? 'muted' : undefined}>{right(children)}</p>
)
export const List = ({ items }: { items: Child[] }) => (
  <ul class="listed">
    {items.map(i => (
      <li>{right(i)}</li>
    ))}
  </ul>
)
