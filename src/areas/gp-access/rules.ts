/** Decisions of the access to a treating doctor, pure: states, side exits, profiles, who may be told what. */
import type { Profile } from '#domain/assignment/index.ts'

/** From request to closure (domain: recue → … → cloturee). The list of what may follow what is the whole rule. */
export const states = [
  'received',
  'incomplete',
  'admissible',
  'prioritised',
  'proposed',
  'accepted',
  'appointed',
  'seen',
  'declared',
  'closed',
  'exited',
] as const
export type State = (typeof states)[number]

export const stateNames: Record<State, string> = {
  received: 'Reçue',
  incomplete: 'À compléter',
  admissible: 'Recevable',
  prioritised: 'En attente d’un médecin',
  proposed: 'Proposée à un médecin',
  accepted: 'Acceptée',
  appointed: 'Rendez-vous fixé',
  seen: 'Première consultation faite',
  declared: 'Médecin traitant déclaré',
  closed: 'Close',
  exited: 'Sortie de la liste',
}

const next: Record<State, readonly State[]> = {
  received: ['incomplete', 'admissible', 'exited'],
  incomplete: ['admissible', 'exited'],
  admissible: ['prioritised', 'exited'],
  prioritised: ['incomplete', 'proposed', 'exited'],
  // A refusal, a silence or a withdrawal brings the patient back to his place; his seniority has not moved.
  proposed: ['accepted', 'prioritised', 'exited'],
  accepted: ['appointed', 'seen', 'prioritised', 'exited'],
  // Another date is another appointment.
  appointed: ['appointed', 'seen', 'prioritised', 'exited'],
  seen: ['declared', 'prioritised', 'exited'],
  declared: ['closed'],
  closed: [],
  // Somebody who left by mistake comes back with his seniority.
  exited: ['received'],
}
/** Still looking for a doctor of the list. */
export const waits = (state: State): boolean => states.indexOf(state) <= states.indexOf('proposed')
export const mayFollow = (from: State, to: State): boolean => next[from].includes(to)
export const statesBefore = (to: State): State[] => states.filter(from => mayFollow(from, to))

export const exits = [
  'out_of_territory',
  'duplicate',
  'has_doctor',
  'unreachable',
  'gave_up',
  'deceased',
  'redirected_dac',
  'redirected_mas',
] as const
export type Exit = (typeof exits)[number]
export const exitNames: Record<Exit, string> = {
  out_of_territory: 'Habite hors du territoire',
  duplicate: 'Doublon',
  has_doctor: 'A déjà un médecin traitant',
  unreachable: 'Injoignable',
  gave_up: 'Renonce',
  deceased: 'Décès',
  redirected_dac: 'Réorientée vers le DAC (situation complexe)',
  redirected_mas: 'Réorientée vers la mission accompagnement santé (droits)',
}

/** Why a doctor says no: learning without asking for a justification. */
export const refusals = ['full', 'too_far', 'profile', 'home_visits', 'known', 'leaving', 'other'] as const
export type Refusal = (typeof refusals)[number]
export const refusalNames: Record<Refusal, string> = {
  full: 'Je ne peux plus prendre de patient en ce moment',
  too_far: 'Trop loin de mon cabinet',
  profile: 'Ne correspond pas à mon exercice',
  home_visits: 'Je ne fais pas de visites à domicile',
  known: 'Situation déjà connue, prise en charge impossible',
  leaving: 'Je pars ou je réduis mon activité',
  other: 'Autre raison',
}

/**
 * Why a proposal was taken back, when it was the doctor's or the patient's own wish. Only these keep the doctor out of later plans for
 * this patient, with his no and his silence: a mistake of the coordination, a better idea, a missed appointment say nothing of the pair.
 */
export const declinedBy: readonly string[] = ['doctor_gave_up', 'doctor_asked', 'patient_declined']

export const proxyKinds = ['family', 'pharmacist', 'nurse', 'professional', 'social', 'town_hall', 'other'] as const
export type ProxyKind = (typeof proxyKinds)[number]
export const proxyNames: Record<ProxyKind, string> = {
  family: 'Un proche',
  pharmacist: 'Une pharmacie',
  nurse: 'Un infirmier ou une infirmière',
  professional: 'Un autre professionnel de santé',
  social: 'Un travailleur social',
  town_hall: 'Une mairie ou un CCAS',
  other: 'Une autre personne',
}

/** Under sixteen a child has no treating doctor of his own choosing alone: the parents choose (CSS art. L162-5-3). */
export const CHILD_UNDER = 16

/** The one profile a patient counts in: a home visit weighs more than an ALD, which weighs more than the age. */
export function profileOf(p: { homeVisit: boolean; ald: boolean }, age: number): Profile {
  return p.homeVisit ? 'home' : p.ald ? 'ald' : age < CHILD_UNDER ? 'child' : 'adult'
}
export const profileNames: Record<Profile, string> = {
  adult: 'Adulte',
  child: `Enfant de moins de ${CHILD_UNDER} ans`,
  ald: 'Patient en ALD',
  home: 'Visites à domicile',
}

/** What a doctor reads before he says yes: an age band, never an age or a name. */
export function ageBand(age: number): string {
  if (age < 3) return 'moins de 3 ans'
  if (age < CHILD_UNDER) return '3 à 15 ans'
  if (age < 40) return '16 à 39 ans'
  if (age < 60) return '40 à 59 ans'
  if (age < 75) return '60 à 74 ans'
  return '75 ans ou plus'
}

/** Characters of a tracking number: no 0/O, 1/I/L. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
/** A number such as `K7QM-42XD` from eight random bytes; 31⁸ ≈ 8·10¹¹ of them, useless without the birth date. */
export function trackingNumber(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, 8)].map(b => ALPHABET[b % ALPHABET.length]!)
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}
/** What a person typed, as stored: case, spaces and dashes forgiven; null when it cannot be one. */
export function readNumber(typed: string): string | null {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '')

  return /^[2-9A-HJKMNP-Z]{8}$/.test(plain) ? `${plain.slice(0, 4)}-${plain.slice(4)}` : null
}

/** What a doctor was told, or weighed, about somebody before he answers. */
export interface Told {
  communeCode: string
  homeVisit: boolean
  ald: boolean
  languages: readonly string[]
  wheelchair: boolean
  farther: boolean
}
/** True when a doctor asked about `before` was not asked about `after`: another place, another profile, a need he was not told of. */
export function anotherPatient(before: Told, after: Told, age: number): boolean {
  return (
    before.communeCode !== after.communeCode ||
    profileOf(before, age) !== profileOf(after, age) ||
    [...before.languages].sort().join() !== [...after.languages].sort().join() ||
    (after.wheelchair && !before.wheelchair) ||
    (before.farther && !after.farther)
  )
}
/**
 * Whether the coordination has to look at what a patient changed. What it has not admitted yet it will look at anyway; points that
 * rise were admitted by nobody; a doctor found must learn that his patient moved or needs something else.
 */
export function asksLook(c: { state: State; rose: boolean; another: boolean; household: boolean }): boolean {
  if (c.state === 'received' || c.state === 'incomplete') return false
  return c.rose || c.household || (c.another && c.state !== 'admissible' && c.state !== 'prioritised')
}
