/** The tables of published waits: how people are grouped, and what is shown of a group. Pure. */
import { type Counts, type Release, shown, suppress, totalOf } from '#domain/disclosure.ts'
import { curveOf, medianWait, type Wait } from '#domain/waiting.ts'
import { type AgeGroup, ageGroups } from './waiting.ts'

export const breakdowns = ['priority', 'age', 'commune'] as const
export type Breakdown = (typeof breakdowns)[number]
export const breakdownNames: Record<Breakdown, string> = { priority: 'Par priorité', age: 'Par âge', commune: 'Par commune' }

/** Points of the situation, without those of waiting: where somebody starts. */
export const priorityBands = ['0-9', '10-29', '30-49', '50+'] as const
export const priorityBand = (points: number): (typeof priorityBands)[number] =>
  points < 10 ? '0-9' : points < 30 ? '10-29' : points < 50 ? '30-49' : '50+'
const priorityLabels: Record<string, string> = {
  '0-9': 'Moins de 10 points',
  '10-29': '10 à 29 points',
  '30-49': '30 à 49 points',
  '50+': '50 points ou plus',
}
const ageLabels: Record<AgeGroup, string> = {
  '0-15': 'Moins de 16 ans',
  '16-39': '16 à 39 ans',
  '40-59': '40 à 59 ans',
  '60-74': '60 à 74 ans',
  '75+': '75 ans ou plus',
}

export interface Counted extends Wait {
  age: AgeGroup
  commune: string
  points: number
}
export interface PublishedRow {
  key: string
  label: string
  /** Rounded to ten; null: hidden. */
  people: number | null
  /** Median wait in weeks; null: hidden, or not known yet. */
  weeks: number | null
}
export interface PublishedTable {
  by: Breakdown
  /** Month of the figures, `YYYY-MM-01`: an older one stands while a newer would tell too much. */
  month: string
  people: number
  weeks: number | null
  rows: PublishedRow[]
}
/** What is kept of a table to check the next one; never shown. */
export interface KeptCounts {
  month: string
  counts: Counts
  hidden: string[]
}
export const releaseOf = (k: KeptCounts): Release => ({ counts: k.counts, hidden: new Set(k.hidden) })

const keyOf: Record<Breakdown, (w: Counted) => string> = { priority: w => priorityBand(w.points), age: w => w.age, commune: w => w.commune }
/** Rounded to weeks, so that one person more or less does not show. */
export const weeksOf = (waits: readonly Wait[]): number | null => {
  const days = medianWait(curveOf(waits))
  return days === null ? null : Math.max(1, Math.round(days / 7))
}

/** One table of the month, or null when nothing of it may be published. `communes`: every one of the territory, in the order shown. */
export function tableOf(
  by: Breakdown,
  month: string,
  waits: readonly Counted[],
  communes: readonly { code: string; name: string }[],
  past: readonly KeptCounts[],
): { table: PublishedTable; kept: KeptCounts } | null {
  const labels: [string, string][] =
    by === 'priority'
      ? priorityBands.map(k => [k, priorityLabels[k]!])
      : by === 'age'
        ? ageGroups.map(k => [k, ageLabels[k]])
        : communes.map(c => [c.code, c.name])
  const groups = new Map<string, Counted[]>(labels.map(([key]) => [key, []]))
  for (const w of waits) groups.get(keyOf[by](w))?.push(w)
  const counts: Counts = Object.fromEntries([...groups].map(([key, of]) => [key, of.length]))
  const hidden = suppress(counts, past.map(releaseOf))
  if (!hidden) return null
  return {
    table: {
      by,
      month,
      people: shown(totalOf(counts)),
      weeks: weeksOf([...groups.values()].flat()),
      rows: labels.map(([key, label]) => ({
        key,
        label,
        people: hidden.has(key) ? null : shown(counts[key]!),
        weeks: hidden.has(key) ? null : weeksOf(groups.get(key)!),
      })),
    },
    kept: { month, counts, hidden: [...hidden].sort() },
  }
}
