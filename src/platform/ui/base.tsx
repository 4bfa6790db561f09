/** What every component shares: the tones, the shapes that carry a state without its colour, the mark. */
import type { Child } from 'hono/jsx'
import { typo } from './french.ts'

export type Tone = 'ok' | 'wait' | 'late' | 'stop' | 'neutral'
export interface Link {
  label: string
  href: string
}

/** French spaces for plain text, also between nodes; leaves the nodes as they are. */
export const t = (child: Child): Child => (typeof child === 'string' ? typo(child) : Array.isArray(child) ? child.map(t) : child)
/** Class names, the false ones dropped. */
export const cx = (...names: (string | false | null | undefined)[]) => names.filter(Boolean).join(' ') || undefined
/** A word safe for an `id`, in any alphabet: two titles of a page keep two ids. */
export const slug = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()

const SHAPES: Record<Tone, Child> = {
  ok: <path d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0Zm2.6 3.4L5.2 7 3.5 5.3 2.3 6.5l2.9 2.9 4.6-4.8z" />,
  wait: <path d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0Zm0 1.6v8.8a4.4 4.4 0 1 0 0-8.8Z" />,
  late: <path d="M6 .3 12 11.7H0ZM5.2 4.4v3.4h1.6V4.4Zm0 4.3v1.5h1.6V8.7Z" />,
  stop: <path d="M1 0h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H1a1 1 0 0 1-1-1V1a1 1 0 0 1 1-1Zm1.5 5v2h7V5Z" />,
  neutral: <path d="M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0Zm0 1.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8Z" />,
}
/** The shape of a state: tick, half disc, triangle, bar, ring. Always beside a word. */
export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg class="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" fill-rule="evenodd">
      {SHAPES[tone]}
    </svg>
  )
}

/** Four warp threads, one weft: over, under, over, under. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark" viewBox="0 0 28 28" width={size} height={size} aria-hidden="true">
      <path class="warp" d="M2 1h4v8H2zM2 19h4v8H2zM9 1h4v26H9zM16 1h4v8h-4zM16 19h4v8h-4zM23 1h4v26h-4z" />
      <path class="weft" d="M0 11h8v6H0zM14 11h8v6h-8z" />
    </svg>
  )
}
