/** The list's filters as they stand in the address: anything else falls back to the whole list. */
import { PROFILES } from '#domain/assignment/index.ts'
import { type Group, groups, type Sort, type Task, tasks, type WorkFilter } from '../../store/worklist.ts'

export const PAGE_SIZE = 50

const sortCodes: Record<string, Sort> = { points: 'priority', anciennete: 'seniority', etat: 'state' }
export const taskCodes: Record<Task, string> = {
  check: 'verifier',
  complete: 'completer',
  changed: 'changees',
  duplicate: 'doublons',
  expiring: 'bientot-expirees',
  returned: 'revenues',
  appointment: 'sans-rendez-vous',
  visit: 'rendez-vous-passes',
  declaration: 'sans-declaration',
}
const profileCodes = { adult: 'adulte', child: 'enfant', ald: 'ald', home: 'domicile' } as const

export function readFilter(query: URLSearchParams): { filter: WorkFilter; page: number } {
  const group = query.get('etat') ?? ''
  const task = query.get('attente') ?? ''
  const profile = query.get('profil') ?? ''
  const page = Number(query.get('page') ?? 1)
  return {
    filter: {
      group: Object.hasOwn(groups, group) ? (group as Group) : 'en-cours',
      task: tasks.find(t => taskCodes[t] === task) ?? null,
      text: (query.get('q') ?? '').normalize('NFC').replaceAll('\u0000', '').trim().slice(0, 80),
      commune: /^\d[\dAB]\d{3}$/.test(query.get('commune') ?? '') ? query.get('commune')! : '',
      profile: PROFILES.find(p => profileCodes[p] === profile) ?? null,
      sort: Object.hasOwn(sortCodes, query.get('tri') ?? '') ? sortCodes[query.get('tri')!]! : 'priority',
    },
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
  }
}

/** The filter as parameters, defaults left out. */
export function writeFilter(f: WorkFilter, page = 1): Record<string, string> {
  const sort = Object.entries(sortCodes).find(([, s]) => s === f.sort)![0]
  const all = {
    etat: f.group === 'en-cours' || f.task ? '' : f.group,
    attente: f.task ? taskCodes[f.task] : '',
    q: f.text,
    commune: f.commune,
    profil: f.profile ? profileCodes[f.profile] : '',
    tri: sort === 'points' ? '' : sort,
    page: page > 1 ? String(page) : '',
  }
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== ''))
}
export function hrefOf(path: string, f: WorkFilter, changes: Partial<WorkFilter> = {}, page = 1): string {
  const query = new URLSearchParams(writeFilter({ ...f, ...changes }, page)).toString()
  return query ? `${path}?${query}` : path
}
/** Codes for the audit: what was looked for, never the words typed. */
export const filterCodes = (f: WorkFilter) => ({
  group: f.task ? null : f.group,
  task: f.task,
  commune: f.commune || null,
  profile: f.profile,
  search: f.text !== '',
})
export { profileCodes }
