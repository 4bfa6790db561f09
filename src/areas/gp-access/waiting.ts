/** Whose past waits tell mine: the groups somebody belongs to, from the closest to the widest, and the interval in words. Pure. */
import type { Interval } from '#domain/waiting.ts'
import type { Say } from './words/index.ts'

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

/** « personnes de 40 à 59 ans, en ALD, de votre commune » : who was looked at. */
export function groupText(cell: string, say: Say): string {
  const [care = '*', age = '*', place = '*'] = cell.split('|')
  return [
    age === '*' ? say('wait.persons') : say(`wait.persons.${age as AgeGroup}`),
    ...(care === '*' ? [] : [say(`wait.care.${care as WaitProfile['care']}`)]),
    say(place === '*' ? 'wait.place.all' : place.startsWith('epci:') ? 'wait.place.epci' : 'wait.place.commune'),
  ].join(say.lang === 'ar' ? '، ' : ', ')
}

/** Days as one says them: the longer, the rounder. */
function span(days: number): { n: number; unit: 'days' | 'weeks' | 'months' } {
  if (days < 14) return { n: Math.max(1, days), unit: 'days' }
  if (days < 60) return { n: Math.round(days / 7), unit: 'weeks' }
  return { n: Math.round(days / 30.4), unit: 'months' }
}
export function spanText(days: number, say: Say): string {
  const { n, unit } = span(days)
  return say(`wait.${unit}`, { n })
}
function betweenText(a: number, b: number | null, say: Say): string {
  const from = spanText(a, say)
  if (b === null) return say('wait.more', { from })
  const to = spanText(b, say)
  if (from === to) return say('wait.about', { span: to })
  return say('wait.between', { from: span(a).unit === span(b).unit ? say.number(span(a).n) : from, to })
}

export interface WaitWords {
  /** The one sentence. */
  sentence: string
  /** What it rests on, and how sure. */
  rests: string[]
}
export const unknownWait = (say: Say): WaitWords => ({ sentence: say('wait.unknown'), rests: [say('wait.unknown.why')] })
/** Counted from the day the request was made; nobody is promised anything. */
export function waitWords(cell: string, { from, to, waited, served, people }: Interval, say: Say): WaitWords {
  const sentence = to
    ? say(waited > 0 ? 'wait.half.waited' : 'wait.half', { span: betweenText(from.day, to.day, say) })
    : say(waited > 0 ? 'wait.quarter.waited' : 'wait.quarter', { span: spanText(from.day, say) })
  const first = betweenText(from.earliest, from.latest, say)
  return {
    sentence,
    rests: [
      say('wait.people', { people, group: groupText(cell, say), served }),
      to
        ? say('wait.examples.two', { served, first, second: betweenText(to.earliest, to.latest, say) })
        : say('wait.examples.one', { served, first }),
      say('wait.noPromise'),
    ],
  }
}
