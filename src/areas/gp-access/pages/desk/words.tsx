/** How the desk says a request: names, ages, flags, states. Yes/no facts only. */

import type { Situation } from '#domain/priority.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { frList, NBSP, plural, Tag, type Tone } from '#platform/ui/index.ts'
import { languageName, type SituationKey, situationKeys } from '../../fields.ts'
import { type Exit, exitNames, proxyNames, refusalNames, type State, stateNames } from '../../rules.ts'
import { type Missing, missingLabels } from '../../store/record.ts'

export interface Named {
  birthName: string
  usedName: string | null
  givenNames: string
}
/** Family name first, as on a list. */
export const nameOf = (p: Named): string => `${p.usedName ?? p.birthName} ${p.givenNames}`
export const birthNameOf = (p: Named & { sex?: string | null }): string | null =>
  p.usedName && p.usedName !== p.birthName ? `${p.sex === 'F' ? 'née' : p.sex === 'M' ? 'né' : 'né(e)'} ${p.birthName}` : null
export const ageText = (age: number): string => (age < 2 ? plural(age, 'an', 'an') : `${age}${NBSP}ans`)

export const flagNames: Record<SituationKey, string> = {
  ald: 'ALD',
  homeVisit: 'Visites à domicile',
  hospitalExit: 'Sortie d’hôpital',
  pregnancy: 'Grossesse',
  treatment: 'Traitement quotidien',
  specialist: 'Suivi par un spécialiste',
  reducedMobility: 'Se déplace difficilement',
  isolation: 'Isolement',
  precarity: 'C2S ou AME',
  doctorLeft: 'Médecin parti',
}
const shortFlags: [SituationKey, string][] = [
  ['ald', 'ALD'],
  ['homeVisit', 'visites'],
  ['pregnancy', 'grossesse'],
  ['hospitalExit', 'sortie d’hôpital'],
]
/** What one needs at a glance in a list. */
export function flagsOf(r: Situation & { wheelchair: boolean; languages: readonly string[]; inHousehold: boolean }): string[] {
  return [
    ...shortFlags.filter(([key]) => r[key]).map(([, label]) => label),
    ...(r.wheelchair ? ['fauteuil'] : []),
    ...r.languages.map(l => languageName(l).toLowerCase()),
    ...(r.inHousehold ? ['foyer'] : []),
  ]
}
/** Everything he said, in words. */
export const saidOf = (s: Situation): string[] => situationKeys.filter(k => s[k]).map(k => flagNames[k])

/** « 12 jours », « 5 mois », « 2 ans et 1 mois ». */
export function waitedFor(since: Date, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 86_400_000))
  if (days === 0) return 'aujourd’hui'
  if (days < 60) return plural(days, 'jour', 'jours')
  return `${Math.floor(days / 30.4)}${NBSP}mois`
}

const tones: Record<State, Tone> = {
  received: 'wait',
  incomplete: 'wait',
  admissible: 'neutral',
  prioritised: 'neutral',
  proposed: 'wait',
  accepted: 'ok',
  appointed: 'ok',
  seen: 'ok',
  declared: 'ok',
  closed: 'ok',
  exited: 'stop',
}
/** The state in one or two words, for a column. */
const short: Partial<Record<State, string>> = {
  admissible: 'En attente',
  prioritised: 'En attente',
  proposed: 'Proposée',
  appointed: 'Rendez-vous',
  seen: 'Vue',
  declared: 'Déclarée',
}
export const ShortState = ({ state, exit }: { state: State; exit?: Exit | null }) => (
  <Tag tone={tones[state]}>{exit ? exitNames[exit] : (short[state] ?? stateNames[state])}</Tag>
)
export const StateTag = ({ state, exit }: { state: State; exit?: Exit | null }) => (
  <Tag tone={tones[state]}>{exit ? exitNames[exit] : stateNames[state]}</Tag>
)

/** A code kept with an event, in words; a sentence stays itself. */
export function reasonText(reason: string | null): string | null {
  if (!reason) return null
  if (reason.startsWith('changed:')) return changedText(reason.slice(8).split(','))
  if (reason.startsWith('missing:'))
    return `Il manque : ${reason
      .slice(8)
      .split(',')
      .map(m => missingLabels[m as Missing].toLowerCase())
      .join(', ')}`
  return reasons[reason] ?? exitNames[reason as Exit] ?? refusalNames[reason as keyof typeof refusalNames] ?? reason
}
const reasons: Record<string, string> = {
  patient: 'par le patient',
  proxy: 'par la personne qui l’aide',
  coordinator: 'par la coordination',
  import: 'par une liste importée',
  refused: 'après un refus',
  expired: 'après un silence',
  merge: 'après réunion de deux demandes',
  withdrawn: 'proposition retirée',
  other_doctor: 'un autre médecin convient mieux',
  patient_declined: 'le patient préfère un autre médecin',
  doctor_asked: 'le médecin l’a demandé',
  unreachable_pair: 'ils n’ont pas pu se joindre',
  not_duplicate: 'Ce n’est pas un doublon',
  left: 'a quitté le foyer',
  doctor_gave_up: 'le médecin y renonce',
  changed: 'sa situation a changé',
  erased: 'demande effacée par le patient',
  no_show: 'le patient n’est pas venu',
  doctor_leaves: 'le médecin quitte son cabinet',
  departure: 'Son médecin a annoncé son départ',
  'declared:patient': 'Déclaration confirmée par le patient',
  'declared:doctor': 'Déclaration confirmée par le médecin',
  'declared:fund': 'Déclaration confirmée par l’Assurance maladie',
  'declared:coordinator': 'Déclaration confirmée par la coordination',
}
export const proxyText = (kind: keyof typeof proxyNames | null, name: string | null): string | null =>
  kind ? `${proxyNames[kind]}${name ? `, ${name}` : ''}` : null

/** An identifier of a path, or 404: what is no identifier is nobody's. */
export function idOf(value: string): string {
  if (!isUuid(value)) throw notFound()
  return value
}

const fieldNames: Record<string, string> = {
  birthName: 'nom de naissance',
  usedName: 'nom utilisé',
  givenNames: 'prénoms',
  birthDate: 'date de naissance',
  sex: 'sexe',
  phone: 'téléphone',
  email: 'adresse électronique',
  communeCode: 'commune',
  preferredContact: 'moyen de le joindre',
  languages: 'langue',
  wheelchair: 'accès en fauteuil',
  farther: 'éloignement accepté',
  household: 'foyer',
  language: 'langue des messages',
}
/** Which answers changed; what they were stays out of the history. */
const changedText = (keys: string[]): string => frList([...new Set(keys.map(k => fieldNames[k] ?? 'situation'))])
