/** Whose past waits tell mine: the groups somebody belongs to, from the closest to the widest, and the interval in words. Pure. */
import type { Interval } from '#domain/waiting.ts'
import { THIN } from '#platform/ui/french.ts'

/** What makes two people wait alike: the care they need, their age, where they live. */
export interface WaitProfile {
  care: 'home' | 'ald' | 'other'
  age: AgeGroup
  commune: string
  /** Intercommunalité, when the commune has one. */
  epci: string | null
}
export const ageGroups = ['0-15', '16-39', '40-59', '60-74', '75+'] as const
export type AgeGroup = (typeof ageGroups)[number]
export const ageGroupOf = (age: number): AgeGroup =>
  age < 16 ? '0-15' : age < 40 ? '16-39' : age < 60 ? '40-59' : age < 75 ? '60-74' : '75+'
export const careOf = (p: { homeVisit: boolean; ald: boolean }): WaitProfile['care'] => (p.homeVisit ? 'home' : p.ald ? 'ald' : 'other')

/** `care|age|place`, each or `*`, the closest first. */
export function groupsOf(p: WaitProfile): string[] {
  const own = `${p.care}|${p.age}`
  return [`${own}|${p.commune}`, ...(p.epci ? [`${own}|epci:${p.epci}`] : []), `${own}|*`, `${p.care}|*|*`, '*|*|*']
}

const ages: Record<AgeGroup, string> = {
  '0-15': 'de moins de 16 ans',
  '16-39': 'de 16 à 39 ans',
  '40-59': 'de 40 à 59 ans',
  '60-74': 'de 60 à 74 ans',
  '75+': 'de 75 ans ou plus',
}
const cares: Record<string, string> = {
  home: 'qui ont besoin de visites à domicile',
  ald: 'en ALD',
  other: 'sans ALD ni visite à domicile',
}
/** « personnes de 40 à 59 ans, en ALD, de votre commune » : who was looked at. */
export function groupText(cell: string): string {
  const [care = '*', age = '*', place = '*'] = cell.split('|')
  return [
    `personnes${age === '*' ? '' : ` ${ages[age as AgeGroup]}`}`,
    ...(care === '*' ? [] : [cares[care]!]),
    place === '*' ? 'de tout le territoire' : place.startsWith('epci:') ? 'de votre intercommunalité' : 'de votre commune',
  ].join(', ')
}

/** Days as one says them: the longer, the rounder. */
export function spanText(days: number): string {
  if (days < 14) return days < 2 ? '1 jour' : `${days} jours`
  if (days < 60) return `${Math.round(days / 7)} semaines`
  return `${Math.round(days / 30.4)} mois`
}
const betweenText = (a: number, b: number | null): string => {
  const [from, to] = [spanText(a), b === null ? null : spanText(b)]
  if (to === null) return `de ${from} à bien plus`
  if (from === to) return `environ ${to}`
  const [n, unit] = from.split(' ')
  return to.endsWith(` ${unit}`) ? `entre ${n} et ${to}` : `entre ${from} et ${to}`
}

export interface WaitWords {
  /** The one sentence. */
  sentence: string
  /** What it rests on, and how sure. */
  rests: string[]
}
export const unknownWait: WaitWords = {
  sentence: 'Nous ne savons pas encore dire combien de temps vous attendrez.',
  rests: ['Trop peu de personnes dans une situation comme la vôtre ont trouvé un médecin depuis un an. Nous préférons ne pas deviner.'],
}
/** Counted from the day the request was made; nobody is promised anything. */
export function waitWords(cell: string, { from, to, waited, served, people }: Interval): WaitWords {
  const who =
    waited > 0 ? 'Parmi les personnes qui ont déjà attendu autant que vous' : 'Parmi les personnes dans une situation comme la vôtre'
  const sentence = to
    ? `${who}, la moitié ont trouvé un médecin ${betweenText(from.day, to.day)} après leur demande ; un quart plus tôt, un quart plus tard.`
    : `${who}, un quart ont trouvé un médecin ${spanText(from.day)} après leur demande, ou plus tôt. Trop de personnes attendent encore pour dire jusqu’à quand.`
  const first = betweenText(from.earliest, from.latest)
  return {
    sentence,
    rests: [
      `D’après les douze derniers mois${THIN}: ${people} ${groupText(cell)}, vues en attente comme vous ; ${served} ont trouvé un médecin.`,
      to
        ? `Avec ${served} exemples, le premier chiffre peut être ${first}, le second ${betweenText(to.earliest, to.latest)}.`
        : `Avec ${served} exemples, ce chiffre peut être ${first}.`,
      'Ce n’est pas une promesse : cela dépend des places que les médecins ouvrent.',
    ],
  }
}
