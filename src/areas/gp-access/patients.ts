/** Who waits, as the engine wants him: profile, age, points, limits. Pure, so that another process can do it. */
import type { Patient } from '#domain/assignment/index.ts'
import { ageOn, type PriorityRule, priority, type Situation } from '#domain/priority.ts'
import { profileOf } from './rules.ts'

/** A row of the list. Instants are ISO texts when the row comes as JSON. */
export interface WaitingRow extends Situation {
  id: string
  birthDate: string
  since: Date | string
  communeCode: string
  lon: number | null
  lat: number | null
  householdId: string | null
  languages: string[]
  wheelchair: boolean
  farther: boolean
  excluded: string[] | null
  byHand: number
}
/** The list as it was read: JSON of `WaitingRow[]`, in several texts. */
export interface Read extends Reading {
  waiting: readonly string[]
}
export const patientsOf = (list: Read): Patient[] =>
  list.waiting.flatMap(text => (JSON.parse(text) as WaitingRow[]).map(row => toPatient(row, list)))
export interface Reading {
  now: Date
  /** The day of `now` in Paris, `YYYY-MM-DD`. */
  today: string
  rule: PriorityRule
  /** Longest travel, in minutes: for anybody, for who ticked « farther ». */
  caps: { travelMinutes: number; farMinutes: number }
}
export function toPatient(w: WaitingRow, { now, today, rule, caps }: Reading): Patient {
  const age = ageOn(w.birthDate, today)
  const since = new Date(w.since)
  return {
    id: w.id,
    place: point(w),
    communeCode: w.communeCode,
    profile: profileOf(w, age),
    age,
    priority: priority(rule, w, age, since, now, w.byHand).total,
    since: since.toISOString(),
    household: w.householdId,
    languages: w.languages,
    wheelchair: w.wheelchair,
    maxMinutes: w.farther ? caps.farMinutes : caps.travelMinutes,
    excluded: w.excluded ?? [],
  }
}
export const point = (p: { lon: number | null; lat: number | null }) =>
  p.lon === null || p.lat === null ? null : { lon: p.lon, lat: p.lat }
