/**
 * A doctor who leaves, and how his patients are moved: waves, their order, their progress. Pure.
 *
 * What is lawful and least: his list is covered by professional secrecy (CSP L1110-4; outside the care team, prior consent), so it never
 * comes here. He tells counts; he writes to his patients himself; who wants to be on the list asks, with his consent, and has the
 * seniority of the announcement whenever he asks, so that nobody has to be quick. Nobody is moved without having asked.
 */

import type { Doctor, Patient } from '#domain/assignment/index.ts'
import { leaks, type Release, shown, suppress, totalOf } from '#domain/disclosure.ts'
import type { Situation } from '#domain/priority.ts'
import { frDay } from '#platform/ui/french.ts'
import { CHILD_UNDER, type State } from './rules.ts'

export const waveCriteria = ['ald', 'home', 'age75', 'pregnancy', 'child', 'everybody'] as const
export type WaveCriterion = (typeof waveCriteria)[number]
export const waveNames: Record<WaveCriterion, string> = {
  ald: 'Affection de longue durée',
  home: 'Visites à domicile',
  age75: '75 ans ou plus',
  pregnancy: 'Grossesse',
  child: `Enfants de moins de ${CHILD_UNDER} ans`,
  everybody: 'Tous les autres',
}
export interface Wave {
  id: string
  position: number
  criteria: readonly WaveCriterion[]
}
export type Moved = Pick<Situation, 'ald' | 'homeVisit' | 'pregnancy'> & { age: number }
const holds: Record<WaveCriterion, (p: Moved) => boolean> = {
  ald: p => p.ald,
  home: p => p.homeVisit,
  age75: p => p.age >= 75,
  pregnancy: p => p.pregnancy,
  child: p => p.age < CHILD_UNDER,
  everybody: () => true,
}
/** The first wave, in their order, that takes him; null: none, he waits in the list as anybody. */
export const waveOf = <W extends Wave>(p: Moved, waves: readonly W[]): W | null =>
  waves.toSorted((a, b) => a.position - b.position).find(w => w.criteria.some(c => holds[c](p))) ?? null

/** Where somebody of a wave stands: what remains to be done for him. */
export const stages = ['declared', 'accepted', 'proposed', 'waiting', 'left'] as const
export type Stage = (typeof stages)[number]
export const stageNames: Record<Stage, string> = {
  declared: 'Déclarés',
  accepted: 'Acceptés',
  proposed: 'Proposés',
  waiting: 'En attente',
  left: 'Sortis de la liste',
}
export function stageOf(state: State): Stage {
  switch (state) {
    case 'declared':
    case 'closed':
      return 'declared'
    case 'accepted':
    case 'appointed':
    case 'seen':
      return 'accepted'
    case 'proposed':
      return 'proposed'
    case 'exited':
      return 'left'
    default:
      return 'waiting'
  }
}
export type Progress = Record<Stage, number>
export const progressOf = (states: readonly State[]): Progress => {
  const count = { declared: 0, accepted: 0, proposed: 0, waiting: 0, left: 0 }
  for (const s of states) count[stageOf(s)]++
  return count
}
/** Everybody of a departure falls in exactly one group: a wave, or what is left to the ordinary list. */
export function byWave<P extends Moved, W extends Wave>(people: readonly P[], waves: readonly W[]): { wave: W | null; people: P[] }[] {
  const groups: { wave: W | null; people: P[] }[] = waves.toSorted((a, b) => a.position - b.position).map(wave => ({ wave, people: [] }))
  const rest = { wave: null, people: [] as P[] }
  for (const p of people) (groups.find(g => g.wave === waveOf(p, waves)) ?? rest).people.push(p)
  return rest.people.length ? [...groups, rest] : groups
}

/** What is left of the list and of the places once some pairs have gone: what others may still have. */
export function without(
  { patients, doctors }: { patients: readonly Patient[]; doctors: readonly Doctor[] },
  pairs: readonly { patient: string; doctor: string }[],
): { patients: Patient[]; doctors: Doctor[] } {
  const gone = new Map(pairs.map(p => [p.patient, p.doctor]))
  const taken = patients.filter(p => gone.has(p.id))
  return {
    patients: patients.filter(p => !gone.has(p.id)),
    doctors: doctors.map(d => {
      const mine = taken.filter(p => gone.get(p.id) === d.id)
      const left = { ...d.capacity, total: d.capacity.total - mine.length }
      for (const { profile } of mine) if (left[profile] !== undefined) left[profile]!--
      return { ...d, capacity: left }
    }),
  }
}

/** Days in words of an error; null when the dates of a wave are right. */
export function waveProblem(w: { startsOn: string }, d: { announcedOn: string; leavesOn: string }): string | null {
  if (w.startsOn < d.announcedOn) return 'Une vague ne peut pas commencer avant l’annonce du départ.'
  if (w.startsOn >= d.leavesOn) return 'Une vague commence avant le départ : choisissez une date plus tôt.'
  return null
}
/** Why a doctor who leaves cannot have these places, and what to do; `his`: said of him, by telephone. */
export function closedWords(leavesOn: string, today: string, his = false): string {
  const day = frDay(leavesOn, { year: true })
  const undo = his
    ? 'S’il reste, annulez d’abord son départ (« Départs »).'
    : 'Si vous restez, demandez à la coordination d’annuler ce départ.'
  return leavesOn < today
    ? `${his ? 'Il a' : 'Vous avez'} cessé ${his ? 'son' : 'votre'} activité le ${day} : plus aucune place ne peut être déclarée. ${undo}`
    : `${his ? 'Il cesse son' : 'Vous cessez votre'} activité le ${day} : ces places vaudraient au-delà. Choisissez une date jusqu’à ce jour. ${undo}`
}
/** After the departure his patients may still ask with the seniority of the announcement, so many days. */
export const LATE_DAYS = 180

/** What may be published of counts: a line rounded, or hidden; null when nothing may be (too few, or too easily found again). */
export interface Published {
  rows: { key: string; patients: number | null }[]
  total: number
}
/** `past`: counts of this doctor that were published before, by the same key. */
export function publishable(
  counts: Readonly<Record<string, number>>,
  past: readonly Readonly<Record<string, number>>[] = [],
): Published | null {
  const released: Release[] = []
  for (const p of past) {
    const hidden = suppress(p, released)
    if (hidden) released.push({ counts: p, hidden })
  }
  const hidden = suppress(counts, released)
  if (!hidden || leaks([...released, { counts, hidden }]).length > 0) return null
  return {
    rows: Object.entries(counts).map(([key, n]) => ({ key, patients: hidden.has(key) ? null : shown(n) })),
    total: shown(totalOf(counts)),
  }
}
