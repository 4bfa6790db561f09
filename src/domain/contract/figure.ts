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
/** Another amount that rests on exactly the same. */
export const resized = (cents: Cents, { provenance, origins }: Figure): Figure =>
  cents !== 0 && origins.length === 0 ? figureOf(cents, origins) : make(cents, provenance, origins)
/** Below this many origins, looking through them is quicker than a set. */
const FEW = 10
/** The same origins once each, in order. */
export function merged(...lists: readonly (readonly Origin[])[]): readonly Origin[] {
  let all: readonly Origin[] = []
  let own: Origin[] | null = null
  let seen: Set<string> | null = null
  for (const list of lists) {
    if (list.length === 0 || list === all) continue
    if (all.length === 0) {
      all = list
      continue
    }
    for (const o of list) {
      if (seen ? seen.has(o.id) : all.some(a => a === o || a.id === o.id)) continue
      if (own === null) {
        own = [...all]
        all = own
      }
      own.push(o)
      if (seen) seen.add(o.id)
      else if (own.length > FEW) seen = new Set(own.map(a => a.id))
    }
  }
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
