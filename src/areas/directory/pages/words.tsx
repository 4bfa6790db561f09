/** Pieces that several pages of the directory share. */
import { hasRole, type Who } from '#platform/access.ts'
import type { Ctx } from '#platform/page.ts'
import { frDate, frNumber, frPhone, plural, SubNav } from '#platform/ui/index.ts'
import { type Need, quiet, sortedName } from '../rules.ts'
import type { DirectoryLine, Exercise } from '../store.ts'

export const RPPS_SOURCE = 'Annuaire Santé (RPPS)'
/** Members read who verified; the public reads that the community did. */
export const verifier = (who: Who, by: string): string => (who.kind === 'member' ? by : 'la coordination')

export function PhoneLink({ phone }: { phone: string }) {
  return (
    <a href={`tel:${phone}`} class="num">
      {frPhone(phone)}
    </a>
  )
}
export interface Addressed {
  place?: string | null
  name?: string | null
  sign?: string | null
  extra?: string | null
  street?: string | null
  postalCode?: string | null
  commune?: string | null
}
/** « Cabinet du Parc, 12 rue des Lilas, 91300 Massy », without what repeats itself. */
export function addressText(a: Addressed): string {
  const place = a.sign ?? a.place ?? a.name
  const lines = [
    place && quiet(place),
    a.extra && quiet(a.extra),
    a.street && quiet(a.street),
    [a.postalCode, a.commune && quiet(a.commune)].filter(Boolean).join(' '),
  ]
  return [...new Set(lines.filter(Boolean))].join(', ')
}
export const lineName = (l: DirectoryLine): string => (l.kind === 'person' ? sortedName(l) : l.familyName)

/** The pages of the directory, for who is a member. */
export function DirectoryLinks({ ctx, here }: { ctx: Ctx; here: 'list' | 'offer' | 'partners' | 'movements' }) {
  if (ctx.who.kind !== 'member') return null
  const links = [
    { id: 'list', label: 'Annuaire', path: '/annuaire', shown: true },
    { id: 'offer', label: 'L’offre', path: '/annuaire/offre', shown: true },
    { id: 'partners', label: 'Partenaires', path: '/partenaires', shown: true },
    { id: 'movements', label: 'Mouvements', path: '/annuaire/mouvements', shown: hasRole(ctx.who, 'coordinator', 'board') },
  ]
  return (
    <SubNav
      label="Pages de l’annuaire"
      items={links.filter(l => l.shown).map(l => ({ label: l.label, href: ctx.home + l.path, on: l.id === here }))}
    />
  )
}

/** What is asked, as it stands in the address. */
export interface Query {
  q: string
  need: Need | null
  commune: string | null
  exercise: Exercise
  map: boolean
  page: number
}
export const exercises: Record<Exercise, { key: string; label: string }> = {
  town: { key: '', label: 'En ville' },
  liberal: { key: 'liberal', label: 'Libéraux seulement' },
  all: { key: 'tous', label: 'Hôpitaux compris' },
}
export function addressOf(home: string, q: Partial<Query>, file = ''): string {
  const p = new URLSearchParams()
  if (q.need) p.set('besoin', q.need.key)
  if (q.commune) p.set('commune', q.commune)
  if (q.q) p.set('q', q.q)
  if (q.exercise && q.exercise !== 'town') p.set('exercice', exercises[q.exercise].key)
  if (q.map) p.set('carte', '1')
  if (q.page && q.page > 1) p.set('page', String(q.page))
  return `${home}/annuaire${file}${p.size ? `?${p}` : ''}`
}
export const asOfText = (asOf: string | null): string => (asOf ? frDate(asOf) : 'date inconnue')

/** « · 10 ambulances · 17 VSL », or nothing. */
export const vehiclesText = (l: { ambulances?: number | null; vsl?: number | null }): string =>
  [l.ambulances ? plural(l.ambulances, 'ambulance', 'ambulances') : '', l.vsl ? `${frNumber(l.vsl)}\u00a0VSL` : '']
    .filter(Boolean)
    .map(t => ` · ${t}`)
    .join('')
