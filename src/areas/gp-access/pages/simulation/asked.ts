/** The changes of an address: those it holds already, and the one that was just asked for with one of the forms. */
import type { Errors, Raw } from '#platform/fields.ts'
import { type Basis, type Change, MAX_CHANGES, readChanges, writeChange } from '../../simulation/index.ts'
import { type Asked, arrivalForm, departureForm, followedOf, forms, placesForm } from './fields.ts'

export interface Address {
  changes: Change[]
  /** The form whose answers were refused, with what was typed. */
  refused: { form: Asked; raw: Raw; errors: Errors } | null
}
/** Doctors who leave, before anything is read: what would stop with them is read at once. */
export const leavingOf = (query: URLSearchParams): string[] => {
  const parsed = query.get('faire') === 'depart' ? departureForm.parse(query) : null
  const asked = parsed?.ok ? [parsed.value.doctor] : []
  return [...readChanges(query).flatMap(c => (c.kind === 'departure' ? [c.doctor] : [])), ...asked].filter(isId)
}
const isId = (id: string) => /^[0-9a-f-]{36}$/.test(id)

/** Only what this community has: a doctor or a commune of elsewhere is left out. */
export function addressOf(query: URLSearchParams, basis: Basis): Address {
  const doctors = new Map(basis.practising.map(p => [p.id, p]))
  const communes = new Set(basis.communes.map(c => c.code))
  const known = (c: Change) =>
    c.kind === 'arrival'
      ? communes.has(c.communeCode)
      : doctors.has(c.doctor) &&
        (c.kind === 'places' || 'patients' in c.followed || c.followed.counts.every(x => communes.has(x.communeCode)))
  const held = readChanges(query).filter(known)
  const form = query.get('faire') ?? ''
  if (!Object.hasOwn(forms, form)) return { changes: held, refused: null }
  const { raw } = forms[form as Asked].parse(query)
  const added = { depart, arrivee, places }[form as Asked](query, basis)
  if ('errors' in added) return { changes: held, refused: { form: form as Asked, raw, errors: added.errors } }
  if (!known(added))
    return { changes: held, refused: { form: form as Asked, raw, errors: { '': 'Cette réponse n’est pas dans la liste.' } } }
  if (held.length >= MAX_CHANGES)
    return {
      changes: held,
      refused: { form: form as Asked, raw, errors: { '': `${MAX_CHANGES} hypothèses à la fois au plus. Retirez-en une d’abord.` } },
    }
  // In the order of the address, so that opening it again gives the same answer.
  return { changes: readChanges(new URLSearchParams([...held, added].map(writeChange))), refused: null }
}
type Added = Change | { errors: Errors }

function depart(query: URLSearchParams, basis: Basis): Added {
  const parsed = departureForm.parse(query)
  if (!parsed.ok) return parsed
  const { doctor, on, ...rest } = parsed.value
  const followed = followedOf(rest, basis.communes)
  return 'errors' in followed ? followed : { kind: 'departure', doctor, on, followed }
}
function arrivee(query: URLSearchParams): Added {
  const parsed = arrivalForm.parse(query)
  if (!parsed.ok) return parsed
  const { commune, count, profiles } = parsed.value
  return { kind: 'arrival', communeCode: commune, places: count, profiles }
}
function places(query: URLSearchParams, basis: Basis): Added {
  const parsed = placesForm.parse(query)
  if (!parsed.ok) return parsed
  const { doctor, count } = parsed.value
  if (basis.practising.find(p => p.id === doctor)?.communeCode === null)
    return { errors: { doctor: 'On ne sait pas encore où il consulte : saisissez d’abord ses places, même zéro.' } }
  return { kind: 'places', doctor, places: count }
}
