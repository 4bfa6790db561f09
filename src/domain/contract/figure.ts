/** Makes figures: the only door. What is added or shared keeps every origin, and the weakest provenance. */
import type { Cents } from '../money.ts'
import type { Figure, Origin, Provenance } from './types.ts'

const STRENGTH: Readonly<Record<Provenance, number>> = { contract: 0, sourced: 1, derived: 2, assumed: 3 }

/** The one that the least establishes. */
export const weakest = (a: Provenance, b: Provenance): Provenance => (STRENGTH[a] >= STRENGTH[b] ? a : b)

const make = (cents: Cents, provenance: Provenance, origins: readonly Origin[]): Figure =>
  ({ cents, provenance, origins }) as unknown as Figure

/** Nothing, which rests on nothing. */
export const nothing: Figure = make(0, 'contract', [])

/** An amount that rests on these origins. @throws RangeError when an amount other than zero rests on nothing */
export function figureOf(cents: Cents, origins: readonly Origin[]): Figure {
  if (cents === 0 && origins.length === 0) return nothing
  if (origins.length === 0) throw new RangeError('an amount that rests on nothing')
  let provenance: Provenance = 'contract'
  for (const o of origins) provenance = weakest(provenance, o.provenance)
  return make(cents, provenance, origins)
}
/** The same origins once each, in order. */
export function merged(...lists: readonly (readonly Origin[])[]): readonly Origin[] {
  const filled = lists.filter(l => l.length)
  if (filled.length <= 1) return filled[0] ?? []
  const all = [...filled[0]!]
  for (const list of filled.slice(1)) for (const o of list) if (!all.some(a => a === o || a.id === o.id)) all.push(o)
  return all
}
/** Sum. A figure of zero adds nothing, and so no origin. */
export function total(figures: Iterable<Figure>): Figure {
  let cents = 0
  const lists: (readonly Origin[])[] = []
  for (const f of figures) {
    cents += f.cents
    if (f.cents !== 0) lists.push(f.origins)
  }
  return lists.length ? figureOf(cents, merged(...lists)) : nothing
}
