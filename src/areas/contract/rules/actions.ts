/** The plan of actions: what is done for each mission, by whom, when, for whom. */
import { type Day, earliest } from '#domain/calendar.ts'
import type { Lever } from '#domain/contract/index.ts'
import type { Mission } from './missions.ts'

/** The four who gain from what a community does (patient, list of patients, population, professional). */
export const beneficiaries = {
  patients: 'Patients',
  'patient-lists': 'Patientèles',
  population: 'Population',
  professionals: 'Professionnels',
} as const
export type Beneficiary = keyof typeof beneficiaries

export interface Action {
  id: string
  mission: Mission
  title: string
  owner: string
  beneficiaries: Beneficiary[]
  startsOn: Day
  endsOn: Day
  budgetCents: number | null
  indicators: string[]
  hours: number | null
  units: number | null
  by: string
  closed: { on: Day; how: 'done' | 'given-up'; note: string; by: string } | null
}
export type ActionState = 'planned' | 'running' | 'late' | 'done' | 'given-up'
export const actionState = (a: Pick<Action, 'startsOn' | 'endsOn' | 'closed'>, today: Day): ActionState =>
  a.closed ? a.closed.how : today < a.startsOn ? 'planned' : today > a.endsOn ? 'late' : 'running'

/**
 * Open actions that say what they add to their first indicator, and may add it by the last day of the year: what the money page weighs.
 */
export const leversOf = (actions: readonly Action[], lastDay: Day): Lever[] =>
  actions.flatMap(a =>
    !a.closed && a.units !== null && a.indicators[0] && a.startsOn <= lastDay
      ? [{ id: a.id, name: a.title, indicator: a.indicators[0], units: a.units, hours: a.hours, by: earliest(a.endsOn, lastDay) }]
      : [],
  )
