/**
 * The list and the places as they would be. Everything is supposed to happen today: the list and the places are those of now.
 *
 * A doctor who leaves takes his places away; whoever waits for his answer or has his yes without having been seen is back in the list;
 * those he follows come into it, with today's seniority. Their number is told; what is not told of them is assumed here, and said.
 */
import { type Doctor, type Patient, PROFILES, type Profile } from '#domain/assignment/index.ts'
import { type Point, travelMinutes } from '#domain/geo.ts'
import { type PriorityRule, type Situation, situationPoints } from '#domain/priority.ts'
import { type Change, type Counted, type Followed, followedTotal } from './changes.ts'

export interface Commune {
  code: string
  name: string
  place: Point | null
  population: number | null
}
/** A doctor of the community, with places today or not. */
export interface Practising {
  id: string
  name: string
  communeCode: string | null
  place: Point | null
  /** As the engine would have him with no place left: what he takes, where he sees them. */
  without: Doctor | null
}
/** All that a simulation starts from, read once. */
export interface Basis {
  now: Date
  rule: PriorityRule
  patients: Patient[]
  doctors: Doctor[]
  practising: Practising[]
  communes: Commune[]
  /** By doctor who leaves: patients whose way with him would stop. */
  freed: Map<string, Patient[]>
  /** Usual cap of travel, in minutes. */
  travelMinutes: number
}
/** How the unknown is filled in: the middle, or one of the two ends that give the range. */
export type Guess = 'middle' | 'low' | 'high'

/** Assumed shares of the profiles in a practice, when only the number of patients is told. */
export const ASSUMED_SHARES: Record<Profile, number> = { adult: 0.62, child: 0.17, ald: 0.19, home: 0.02 }
/** Assumed age of each profile, in years: only « 75 ans ou plus » and the ages that doctors take depend on it. */
export const ASSUMED_AGES: Record<Profile, number> = { adult: 45, child: 8, ald: 67, home: 84 }

/** After every identifier of the list, so that equal patients are taken in the order of their requests. */
const orphanId = (change: number, n: number) => `~orphan-${change}-${String(n).padStart(5, '0')}`
export const isOrphan = (id: string): boolean => id.startsWith('~orphan-')
export const arrivalId = (change: number): string => `~arrival-${String(change).padStart(2, '0')}`

/** The list and the places under these changes. Never writes into `basis`. */
export function suppose(basis: Basis, changes: readonly Change[], guess: Guess = 'middle'): { patients: Patient[]; doctors: Doctor[] } {
  const leaving = new Set(changes.flatMap(c => (c.kind === 'departure' ? [c.doctor] : [])))
  const patients = [...basis.patients, ...[...leaving].flatMap(id => basis.freed.get(id) ?? [])]
  // After the last of the list, whatever the hour: the same question asked again has the answer kept from the first time.
  const since = patients.reduce((last, p) => (p.since > last ? p.since : last), `${basis.now.toISOString().slice(0, 10)}T00:00:00.000Z`)
  const doctors = new Map(basis.doctors.filter(d => !leaving.has(d.id)).map(d => [d.id, d]))
  for (const [i, change] of changes.entries()) {
    if (change.kind === 'departure') patients.push(...orphansOf(basis, change, i, { guess, since }))
    else if (change.kind === 'arrival') doctors.set(arrivalId(i), arriving(basis, change, i))
    else if (!leaving.has(change.doctor)) {
      const now = doctors.get(change.doctor) ?? basis.practising.find(p => p.id === change.doctor)?.without
      if (now) doctors.set(change.doctor, { ...now, capacity: { ...now.capacity, total: now.capacity.total + change.places } })
    }
  }
  return { patients, doctors: [...doctors.values()] }
}

const placeOf = (basis: Basis, code: string | null): Point | null => basis.communes.find(c => c.code === code)?.place ?? null

function arriving(basis: Basis, c: Extract<Change, { kind: 'arrival' }>, i: number): Doctor {
  const refused = c.profiles.length === 0 ? [] : PROFILES.filter(p => !c.profiles.includes(p))
  return {
    id: arrivalId(i),
    place: placeOf(basis, c.communeCode),
    communeCode: c.communeCode,
    capacity: { total: c.places, ...Object.fromEntries(refused.map(p => [p, 0])) },
    communes: [],
    languages: [],
    wheelchair: true,
  }
}

function orphansOf(
  basis: Basis,
  c: Extract<Change, { kind: 'departure' }>,
  i: number,
  { guess, since }: { guess: Guess; since: string },
): Patient[] {
  const counts = 'counts' in c.followed ? c.followed.counts : spread(basis, c, guess)
  let n = 0
  return counts.flatMap(({ communeCode, profile, patients }) => {
    const [place, points] = [placeOf(basis, communeCode), orphanPoints(basis.rule, profile, 'counts' in c.followed ? guess : 'middle')]
    return Array.from({ length: patients }, (): Patient => {
      return {
        id: orphanId(i, ++n),
        place,
        communeCode,
        profile,
        age: ASSUMED_AGES[profile],
        priority: points,
        since,
        household: null,
        languages: [],
        wheelchair: false,
        maxMinutes: basis.travelMinutes,
        excluded: [],
      }
    })
  })
}

/** What somebody of this profile would have said. Sure: his doctor leaves, and his profile. Assumed, for the middle and the high guess: the rest. */
export function assumedSituation(profile: Profile, guess: Guess): Situation {
  const frail = profile === 'ald' || profile === 'home'
  return {
    ald: profile === 'ald',
    homeVisit: profile === 'home',
    doctorLeft: true,
    treatment: guess === 'high' || (guess === 'middle' && frail),
    specialist: guess === 'high' && frail,
    pregnancy: false,
    reducedMobility: false,
    precarity: false,
    isolation: false,
    hospitalExit: false,
  }
}
export const orphanPoints = (rule: PriorityRule, profile: Profile, guess: Guess): number =>
  situationPoints(rule, assumedSituation(profile, guess), ASSUMED_AGES[profile]).total

/**
 * Where the patients of a practice live, when only their number is known: inhabitants of each commune, fewer with the square of the
 * minutes (a gravity model, fitted to nothing). Ends of the range: all close by (fourth power), or as the whole territory.
 */
function spread(basis: Basis, c: Extract<Change, { kind: 'departure' }>, guess: Guess): Counted[] {
  const from = basis.practising.find(p => p.id === c.doctor)?.place ?? null
  const power = { middle: 2, low: 0, high: 4 }[guess]
  const cells = basis.communes.flatMap(commune => {
    const minutes = from && commune.place ? travelMinutes(from, commune.place) : 5
    const weight = (commune.population ?? 1_000) / (minutes / 5) ** power
    return PROFILES.map(profile => ({ communeCode: commune.code, profile, weight: weight * ASSUMED_SHARES[profile] }))
  })
  const numbers = apportion(
    followedTotal(c.followed),
    cells.map(x => x.weight),
  )
  return cells.flatMap(({ communeCode, profile }, k) => (numbers[k]! > 0 ? [{ communeCode, profile, patients: numbers[k]! }] : []))
}
/** `total` shared in whole numbers according to weights, by largest remainders; equal remainders go to the first. */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  if (sum <= 0) return weights.map(() => 0)
  const exact = weights.map(w => (total * w) / sum)
  const shares = exact.map(Math.floor)
  const left = total - shares.reduce((a, b) => a + b, 0)
  const order = exact.map((x, i) => ({ i, rest: x - Math.floor(x) })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const { i } of order.slice(0, left)) shares[i]!++
  return shares
}
/** Is something of these patients a guess that changes the answer? */
export const isGuessed = (changes: readonly Change[]): boolean => changes.some(c => c.kind === 'departure')
export const knownByCommune = (f: Followed): boolean => 'counts' in f
