/** Local facts beside the national directory, and what an import changed seen from the territory. */
import { publicPhone } from './text.ts'

export const noteFields = ['phone', 'commune', 'stopped'] as const
export type NoteField = (typeof noteFields)[number]
export const noteWords: Record<NoteField, string> = {
  phone: 'Téléphone du cabinet',
  commune: 'Commune d’exercice',
  stopped: 'Fin d’exercice sur le territoire',
}
export interface Note {
  id: string
  rpps: string
  field: NoteField
  value: string
  source: string
  verifiedAt: string
  verifiedBy: string
}
/** What the national directory says of somebody today, inside the territory. */
export interface Official {
  phones: readonly string[]
  communes: readonly string[]
}
/** True when the two sources cannot both be right. Silence of the national directory contradicts nothing but a place. */
export function contradicts(note: Note, official: Official): boolean {
  switch (note.field) {
    case 'phone': {
      const known = official.phones.map(publicPhone).filter(p => p !== null)
      return known.length > 0 && !known.includes(note.value)
    }
    case 'commune':
      return !official.communes.includes(note.value)
    case 'stopped':
      return official.communes.length > 0
  }
}

export const movementKinds = ['arrival', 'departure', 'move', 'change', 'contradiction'] as const
export type MovementKind = (typeof movementKinds)[number]
export const movementWords: Record<MovementKind, { key: string; one: string; many: string }> = {
  arrival: { key: 'arrivees', one: 'Arrivée', many: 'Arrivées' },
  departure: { key: 'departs', one: 'Départ', many: 'Départs' },
  move: { key: 'demenagements', one: 'Déménagement', many: 'Déménagements' },
  change: { key: 'changements', one: 'Changement', many: 'Changements' },
  contradiction: { key: 'contradictions', one: 'Contradiction', many: 'Contradictions' },
}
/** A national move is an arrival or a departure for who sees one side of it only. */
export function seenFromHere(
  kind: 'arrival' | 'departure' | 'move' | 'change',
  fromHere: boolean,
  toHere: boolean,
): Exclude<MovementKind, 'contradiction'> {
  if (kind !== 'move' || fromHere === toHere) return kind
  return toHere ? 'arrival' : 'departure'
}
