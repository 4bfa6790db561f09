/** What one supposes: a doctor leaves, another arrives, places open. Kept whole in the address, so that it can be sent and opened again. */
import { PROFILES, type Profile } from '#domain/assignment/index.ts'
import { isDay } from '#platform/fields.ts'
import { isUuid } from '#platform/ids.ts'

/** How many patients of one commune and profile. */
export interface Counted {
  communeCode: string
  profile: Profile
  patients: number
}
/** The patients of somebody who leaves: how many in all, or counted by commune and profile. */
export type Followed = { patients: number } | { counts: Counted[] }
export type Change =
  | { kind: 'departure'; doctor: string; on: string; followed: Followed }
  /** A doctor who is not here yet; no profile named: he takes all of them. */
  | { kind: 'arrival'; communeCode: string; places: number; profiles: Profile[] }
  | { kind: 'places'; doctor: string; places: number }

/** More than any address bar is asked to hold. */
export const MAX_CHANGES = 12
export const MAX_PATIENTS = 5_000
export const MAX_PLACES = 999

export const followedTotal = (f: Followed): number => ('patients' in f ? f.patients : f.counts.reduce((sum, c) => sum + c.patients, 0))

/** Words of the address, one parameter a kind. */
const words = { departure: 'depart', arrival: 'arrivee', places: 'places' } as const
const profileWords: Record<Profile, string> = { adult: 'adulte', child: 'enfant', ald: 'ald', home: 'domicile' }

/** `depart=<doctor>,2027-06-30,850` or `…,91377:120.20.30.5_91477:…` (adults, children, ALD, home visits of a commune). */
export function writeChange(c: Change): [name: string, value: string] {
  switch (c.kind) {
    case 'departure':
      return [words.departure, [c.doctor, c.on, writeFollowed(c.followed)].join(',')]
    case 'arrival':
      return [words.arrival, [c.communeCode, c.places, ...c.profiles.map(p => profileWords[p])].join(',')]
    case 'places':
      return [words.places, [c.doctor, c.places].join(',')]
  }
}
function writeFollowed(f: Followed): string {
  if ('patients' in f) return String(f.patients)
  const communes = [...new Set(f.counts.map(c => c.communeCode))]
  const count = (code: string, profile: Profile) => f.counts.find(c => c.communeCode === code && c.profile === profile)?.patients ?? 0
  return communes.map(code => `${code}:${PROFILES.map(p => count(code, p)).join('.')}`).join('_')
}
/** The address of a page with these changes. */
export const writeChanges = (changes: readonly Change[]): string => new URLSearchParams(changes.map(writeChange)).toString()

/** The changes of an address; what is not one is left out. */
export function readChanges(query: URLSearchParams): Change[] {
  const read = (kind: Change['kind']) => query.getAll(words[kind]).flatMap(text => readChange(kind, text) ?? [])
  return [...read('departure'), ...read('arrival'), ...read('places')].slice(0, MAX_CHANGES)
}
function readChange(kind: Change['kind'], text: string): Change | null {
  const [first = '', second = '', ...rest] = text.split(',')
  if (kind === 'departure') {
    const followed = readFollowed(rest.join(','))
    return isUuid(first) && isDay(second) && followed ? { kind, doctor: first, on: second, followed } : null
  }
  const places = whole(second, MAX_PLACES)
  if (!places) return null
  if (kind === 'places') return isUuid(first) ? { kind, doctor: first, places } : null
  const profiles = PROFILES.filter(p => rest.includes(profileWords[p]))
  return isCommune(first) ? { kind, communeCode: first, places, profiles } : null
}
function readFollowed(text: string): Followed | null {
  const patients = whole(text, MAX_PATIENTS)
  if (patients !== null) return { patients }
  const counts: Counted[] = []
  for (const part of text.split('_')) {
    const [communeCode = '', numbers = ''] = part.split(':')
    const each = numbers.split('.').map(n => whole(n, MAX_PATIENTS))
    if (!isCommune(communeCode) || each.length !== PROFILES.length || each.some(n => n === null)) return null
    PROFILES.forEach((profile, i) => {
      if (each[i]) counts.push({ communeCode, profile, patients: each[i]! })
    })
  }
  const total = followedTotal({ counts })
  return total > 0 && total <= MAX_PATIENTS ? { counts } : null
}
const isCommune = (code: string) => /^\d[\dAB]\d{3}$/.test(code)
/** Whole and written in digits, from 0 to `max`; else null. */
const whole = (text: string, max: number): number | null => (/^\d{1,6}$/.test(text) && Number(text) <= max ? Number(text) : null)

/** A commune as lines name it. */
export interface Named {
  code: string
  name: string
}
export type CountsRead = { ok: true; counts: Counted[] } | { ok: false; error: string }
/**
 * Lines such as « Massy ; 120 ; 20 ; 30 ; 5 » (adults, children, ALD, home visits), as typed or pasted from a spreadsheet: semicolons or
 * tabs, the name or the code of the commune, a line of titles passed over, empty cells read as zero. The first wrong line is named.
 */
export function readCounts(text: string, communes: readonly Named[], fold: (s: string) => string): CountsRead {
  const known = new Map(communes.flatMap(c => [[fold(c.name), c.code] as const, [c.code.toLowerCase(), c.code] as const]))
  const counts = new Map<string, Counted>()
  const no = (line: number, what: string): CountsRead => ({ ok: false, error: `Ligne ${line} : ${what}` })
  for (const [i, line] of text.split('\n').entries()) {
    const [name = '', ...cells] = line.split(/[;\t]/).map(cell => cell.trim())
    if (line.trim() === '' || (i === 0 && fold(name).startsWith('commune'))) continue
    const code = known.get(fold(name)) ?? known.get(name.toLowerCase())
    if (!code) return no(i + 1, `« ${name.slice(0, 40)} » n’est pas une commune du territoire.`)
    if (cells.length > PROFILES.length) return no(i + 1, 'quatre nombres au plus après la commune.')
    for (const [j, profile] of PROFILES.entries()) {
      const cell = (cells[j] ?? '').replace(/[\s\u00a0\u202f]/g, '')
      const patients = whole(cell || '0', MAX_PATIENTS)
      if (patients === null) return no(i + 1, `« ${(cells[j] ?? '').slice(0, 20)} » n’est pas un nombre de patients.`)
      const key = `${code} ${profile}`
      const sum = (counts.get(key)?.patients ?? 0) + patients
      if (sum > 0) counts.set(key, { communeCode: code, profile, patients: sum })
    }
  }
  const found = [...counts.values()]
  if (found.length === 0) return { ok: false, error: 'Écrivez au moins une commune avec ses nombres de patients.' }
  if (followedTotal({ counts: found }) > MAX_PATIENTS)
    return { ok: false, error: `Cela dépasse ${MAX_PATIENTS} patients : vérifiez les nombres.` }
  return { ok: true, counts: found }
}
