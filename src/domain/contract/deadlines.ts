/** The dates of a contract: starts and deployments of missions, anniversaries, the end, the tacit validation of the project. */
import { addMonths, type Day, daysFrom, type HolidayRegion, toWorkingDay, workingDaysBetween } from '../calendar.ts'
import { national } from './national.ts'
import { contractYears, endOf, stretches } from './terms.ts'
import type { Contract, Deadline, Facts, Mission, Origin, Tables } from './types.ts'

/** The director of the ARS has two months to oppose a project; after that it is deemed validated. */
const VALIDATION_MONTHS = 2
const validation: Origin = {
  of: 'rule',
  id: 'tacit-validation',
  provenance: 'sourced',
  article: 'CSP, art. L1434-12',
  sources: ['S13'],
  note: null,
  typed: null,
}
const agreed: Origin = {
  of: 'rule',
  id: 'contract-years',
  provenance: 'sourced',
  article: 'Contrat type de l’ACI',
  sources: ['S30', 'S59'],
  note: null,
  typed: null,
}
interface Dated {
  what: Deadline['what']
  mission?: Mission
  due: Day
  met?: Day | null
  origin: Origin
}
const deadline = ({ what, mission, due, met = null, origin }: Dated, on: Day, region: HolidayRegion): Deadline => ({
  what,
  mission: mission ?? null,
  due,
  lastWorkingDay: toWorkingDay(due, -1, region),
  met,
  state: met !== null && met <= on ? (met <= due ? 'met' : 'met-late') : on <= due ? 'running' : 'late',
  daysLeft: daysFrom(on, due),
  workingDaysLeft: on <= due ? workingDaysBetween(on, due, region) : -workingDaysBetween(due, on, region),
  origin,
})

/**
 * All the dates, by day. Months run from the signature, or from the amendment that brings the mission. Missions with a free choice have
 * none. A date that falls on a holiday is not moved (nothing says so): `lastWorkingDay` is when people can still act.
 */
export function deadlines(
  contract: Contract,
  facts: Facts,
  on: Day,
  tables: Tables = national,
  region: HolidayRegion = 'france',
): Deadline[] {
  const found: Deadline[] = []
  const add = (d: Dated) => found.push(deadline(d, on, region))
  const all = stretches(contract)
  const end = endOf(contract)
  for (const { mission, start, deployed, origin } of tables.delays) {
    const held = all.find(s => s.terms.missions.includes(mission))
    if (!held) continue
    const fact = facts.missions.find(m => m.mission === mission)
    add({ what: 'start', mission, due: addMonths(held.from, start), met: fact?.started ?? null, origin })
    add({ what: 'deployment', mission, due: addMonths(held.from, deployed), met: fact?.deployed ?? null, origin })
  }
  for (const year of contractYears(contract)) if (year.to < end) add({ what: 'anniversary', due: year.to, met: year.to, origin: agreed })
  add({ what: 'end', due: end, met: null, origin: agreed })
  return found.filter(d => d.due <= end).sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
}

/** The day from which a health project is deemed validated, unless the ARS opposed it. */
export const tacitValidation = (deposited: Day, on: Day, region: HolidayRegion = 'france'): Deadline => {
  const due = addMonths(deposited, VALIDATION_MONTHS)
  return deadline({ what: 'tacit-validation', due, met: due, origin: validation }, on, region)
}
