/** Two plans side by side, today's and the one supposed: what each person, each commune and each profile gains or loses. Pure. */
import { type Doctor, type Patient, type Plan, PROFILES, type Profile } from '#domain/assignment/index.ts'
import { travelMinutes } from '#domain/geo.ts'
import { type Commune, isOrphan } from './suppose.ts'

export interface Both<T> {
  before: T
  after: T
}
/** One side: the list, the places, and the plan made of them. */
export interface Side {
  patients: readonly Patient[]
  doctors: readonly Doctor[]
  plan: Plan
}
/** In whole minutes, over those who are placed. */
export interface Travel {
  median: number
  max: number
}
export interface Group<K> {
  key: K
  /** In the list. */
  waiting: Both<number>
  /** Of them, those whom the plan leaves without a doctor. */
  left: Both<number>
}
export interface CommuneEffect extends Group<string> {
  name: string
  population: number | null
  /** Minutes to the nearest place still free before any plan; null: none can be reached. */
  nearest: Both<number | null>
}
/** Orphans of one commune and profile, and where the plan would send them; `doctor` null: nowhere yet. */
export interface Flow {
  communeCode: string
  profile: Profile
  doctor: string | null
  minutes: number | null
  patients: number
}
export interface Effect {
  waiting: Both<number>
  placed: Both<number>
  points: Both<number>
  travel: Both<Travel | null>
  places: Both<number>
  doctors: Both<number>
  communes: CommuneEffect[]
  profiles: Group<Profile>[]
  /** People of today's list: those who would find a doctor, those who no longer would. */
  found: { patient: string; doctor: string; minutes: number }[]
  lost: { patient: string; doctor: string; minutes: number }[]
  /** Placed on both sides, with another doctor. */
  moved: number
  orphans: { patients: number; placed: number; flows: Flow[] }
  /** Inhabitants within `COVERED_MINUTES` of a place still free. */
  covered: Both<number> & { of: number }
}
export const COVERED_MINUTES = 15

export function effectOf(before: Side, after: Side, communes: readonly Commune[]): Effect {
  const both = <T>(of: (side: Side) => T): Both<T> => ({ before: of(before), after: of(after) })
  const pairs = both(side => new Map(side.plan.pairs.map(p => [p.patient, p])))
  const today = new Set(before.patients.map(p => p.id))
  const [was, is] = [pairs.before, pairs.after]
  const byCommune = communeEffects(before, after, communes)
  const inReach = (which: 'before' | 'after') =>
    byCommune.reduce((sum, c) => (c.nearest[which] !== null && c.nearest[which] <= COVERED_MINUTES ? sum + (c.population ?? 0) : sum), 0)
  return {
    waiting: both(s => s.patients.length),
    placed: both(s => s.plan.pairs.length),
    points: both(s => s.plan.objective.priority),
    travel: both(s => travelOf(s.plan)),
    places: both(s => s.doctors.reduce((sum, d) => sum + d.capacity.total, 0)),
    doctors: both(s => s.doctors.filter(d => d.capacity.total > 0).length),
    communes: byCommune,
    profiles: groups(before, after, PROFILES, p => p.profile),
    found: after.plan.pairs.filter(p => today.has(p.patient) && !was.has(p.patient)),
    lost: before.plan.pairs.filter(p => !is.has(p.patient)),
    moved: before.plan.pairs.filter(p => is.has(p.patient) && is.get(p.patient)!.doctor !== p.doctor).length,
    orphans: orphanFlows(after),
    covered: { before: inReach('before'), after: inReach('after'), of: communes.reduce((sum, c) => sum + (c.population ?? 0), 0) },
  }
}

/** The middle of an even number is the upper one: a journey that somebody makes. */
function travelOf({ pairs }: Plan): Travel | null {
  if (pairs.length === 0) return null
  const minutes = pairs.map(p => p.minutes).sort((a, b) => a - b)
  return { median: minutes[Math.floor(minutes.length / 2)]!, max: minutes.at(-1)! }
}
function groups<K>(before: Side, after: Side, keys: readonly K[], keyOf: (p: Patient) => K): Group<K>[] {
  const count = (side: Side) => {
    const placed = new Set(side.plan.pairs.map(p => p.patient))
    const waiting = new Map<K, number>()
    const left = new Map<K, number>()
    for (const p of side.patients) {
      const key = keyOf(p)
      waiting.set(key, (waiting.get(key) ?? 0) + 1)
      if (!placed.has(p.id)) left.set(key, (left.get(key) ?? 0) + 1)
    }
    return { waiting, left }
  }
  const [b, a] = [count(before), count(after)]
  return keys.map(key => ({
    key,
    waiting: { before: b.waiting.get(key) ?? 0, after: a.waiting.get(key) ?? 0 },
    left: { before: b.left.get(key) ?? 0, after: a.left.get(key) ?? 0 },
  }))
}
function communeEffects(before: Side, after: Side, communes: readonly Commune[]): CommuneEffect[] {
  const nearest = (c: Commune, { doctors }: Side): number | null => {
    const minutes = doctors.flatMap(d => (c.place && d.place && d.capacity.total > 0 ? [travelMinutes(c.place, d.place)] : []))
    return minutes.length ? Math.min(...minutes) : null
  }
  const known = new Map(communes.map(c => [c.code, c]))
  // People of the list may live outside the communes of the territory: they are counted under their own.
  const codes = [...new Set([...known.keys(), ...[...before.patients, ...after.patients].map(p => p.communeCode)])]
  return groups(before, after, codes, p => p.communeCode).map(g => {
    const c = known.get(g.key) ?? { code: g.key, name: g.key, place: null, population: null }
    return { ...g, name: c.name, population: c.population, nearest: { before: nearest(c, before), after: nearest(c, after) } }
  })
}
function orphanFlows({ patients, plan }: Side): Effect['orphans'] {
  const to = new Map(plan.pairs.map(p => [p.patient, p]))
  const flows = new Map<string, Flow>()
  const orphans = patients.filter(p => isOrphan(p.id))
  for (const { id, communeCode, profile } of orphans) {
    const pair = to.get(id)
    const key = `${communeCode} ${profile} ${pair?.doctor ?? ''}`
    const flow = flows.get(key)
    if (flow) flow.patients++
    else flows.set(key, { communeCode, profile, doctor: pair?.doctor ?? null, minutes: pair?.minutes ?? null, patients: 1 })
  }
  return { patients: orphans.length, placed: orphans.filter(p => to.has(p.id)).length, flows: [...flows.values()] }
}

/** Communes that gain (fewer people left without a doctor) and those that lose, the most touched first. */
export const difference = (g: Group<unknown>): number => g.left.after - g.left.before
export const touched = <G extends Group<unknown>>(all: readonly G[]): G[] =>
  all.filter(g => difference(g) !== 0).toSorted((x, y) => Math.abs(difference(y)) - Math.abs(difference(x)))

/** From the lowest to the highest of several answers: what an estimate may be. */
export interface Range {
  low: number
  high: number
}
export const rangeOf = (all: readonly number[]): Range => ({ low: Math.min(...all), high: Math.max(...all) })
