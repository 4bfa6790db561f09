/**
 * What somebody may do while he waits for a doctor, from his age and what he said of himself. Pure; never empty.
 *
 * Sources: pharmacist's tests and antibiotics, CSP L5125-1-1 A, R5125-33-5 and arrêté of 17 June 2024 (sore throat from 10 years,
 * cystitis of women from 16 to 65); vaccination by pharmacists, nurses and midwives from 11 years, August 2023; « Mon bilan
 * prévention », the four ages; shared medication review, 65 years with a long-term illness or 75 years, national pharmacists'
 * agreement; child health centres (PMI) until 6 years, CSP L2112-2.
 */
import type { Situation } from '#domain/priority.ts'
import { sayIn } from './words/index.ts'

export const interimKinds = ['slots', 'pharmacist', 'vaccination', 'prevention', 'medication', 'child', 'midwife'] as const
export type Interim = (typeof interimKinds)[number]

const between = (age: number, from: number, to: number) => age >= from && age <= to
const rules: Record<Interim, (age: number, s: Pick<Situation, 'ald' | 'treatment' | 'pregnancy'>) => boolean> = {
  slots: () => true,
  pharmacist: age => age >= 10,
  vaccination: age => age >= 11,
  prevention: age => between(age, 18, 25) || between(age, 45, 50) || between(age, 60, 65) || between(age, 70, 75),
  medication: (age, s) => age >= 75 || (age >= 65 && (s.ald || s.treatment)),
  child: age => age < 6,
  midwife: (_, s) => s.pregnancy,
}
/** In the order shown: the most urgent need first, then the closest to his situation. */
export const interimFor = (age: number, s: Pick<Situation, 'ald' | 'treatment' | 'pregnancy'>): Interim[] =>
  interimKinds.filter(k => rules[k](age, s))

const french = sayIn('fr')
const frenchOf = (of: (k: Interim) => string) => Object.fromEntries(interimKinds.map(k => [k, of(k)])) as Record<Interim, string>
export const interimNames: Record<Interim, string> = frenchOf(k => french(`interim.${k}`))
/** General sentences: true everywhere; a community writes its own, with its number. */
export const interimTexts: Record<Interim, string> = frenchOf(k => french(`interim.${k}.text`))
export interface OwnText {
  route: Interim
  text: string | null
  phone: string | null
}
export interface InterimLine {
  route: Interim
  name: string
  /** In French: the community's own sentence, or the general one. */
  text: string
  /** The community's own sentence, when it wrote one. */
  own: string | null
  phone: string | null
  offeredAt: Date | null
  usedAt: Date | null
  usedLabel: string | null
}
/** What is shown: every route he may take, and those he has used even if they no longer concern him. */
export function interimLines(
  fitting: readonly Interim[],
  kept: readonly Pick<InterimLine, 'route' | 'offeredAt' | 'usedAt' | 'usedLabel'>[],
  own: readonly OwnText[],
): InterimLine[] {
  return interimKinds
    .filter(route => fitting.includes(route) || kept.some(k => k.route === route && k.usedAt))
    .map(route => {
      const [line, words] = [kept.find(k => k.route === route), own.find(o => o.route === route)]
      return {
        route,
        name: interimNames[route],
        text: words?.text ?? interimTexts[route],
        own: words?.text ?? null,
        phone: words?.phone ?? null,
        offeredAt: line?.offeredAt ?? null,
        usedAt: line?.usedAt ?? null,
        usedLabel: line?.usedLabel ?? null,
      }
    })
}
