/**
 * What is kept of a plan: a line per patient with what decided it, the places given doctor by doctor, what is true of the whole, and who
 * changes doctor since the plan before, and why. Pure; worked out once, with the plan, in its process.
 */
import {
  type Doctor,
  type Explanation,
  explainer,
  type Hooks,
  type Instance,
  type Patient,
  type Plan,
  type Reason,
  replan,
  solve,
  violation,
} from '#domain/assignment/index.ts'
import { travelMinutes } from '#domain/geo.ts'

/** Nearer doctors named on a line, of each kind; the others are counted. */
const NAMED = 3

/** Why nobody: the engine's reason with how many doctors could, instead of which ones. */
export type KeptReason =
  | Extract<Reason, { kind: 'nobodyCan' }>
  | (Omit<Extract<Reason, { kind: 'capacity' }>, 'doctors'> & { doctors: number })
/** Why his doctor of the plan before is not his doctor any more. */
export type Moved =
  /** that doctor offers no place any more */
  | { kind: 'gone' }
  /** a constraint forbids the pair now */
  | { kind: 'impossible'; violation: Explanation['impossible'][number]['violation'] }
  /** the new one is nearer by so many minutes */
  | { kind: 'nearer'; minutes: number }
  /** that doctor's places go to others */
  | { kind: 'taken' }
  /** the whole is better so, or as good */
  | { kind: 'whole' }
/** What decided a line; what is empty is left out. */
export interface Why {
  /** Of a plan made before reasons were kept: nothing can be said. */
  unkept?: true
  reason?: KeptReason
  passed?: Explanation['passed']
  impossible?: Explanation['impossible']
  /** Nearer doctors who are not named, passed over and impossible. */
  more?: number
  together?: string[]
  moved?: Moved
}
export interface KeptLine {
  request: string
  rank: number
  doctor: string | null
  minutes: number | null
  points: number
  /** Doctor of the plan before. */
  before: string | null
  why: Why
}
/** Of those who are in both plans, how many keep their doctor, change, find one, lose theirs. */
export interface Stability {
  kept: number
  moved: number
  gained: number
  lost: number
}
/** What is true of the whole. */
export interface KeptResult extends Omit<Plan, 'pairs' | 'unplaced'> {
  placed: number
  unplaced: number
  /** null without a plan before. */
  stability: Stability | null
}
export interface KeptPlan {
  result: KeptResult
  lines: KeptLine[]
  /** Places given, by doctor. */
  given: Record<string, number>
}
/** The plan before, as it was kept. */
export interface Before {
  result: KeptResult
  /** JSON of `[request, doctor]`, null for somebody it left without; in texts, for another process to read. */
  pairs: readonly string[]
}

const pairsOf = ({ pairs }: Before) => new Map(pairs.flatMap(text => JSON.parse(text) as [string, string | null][]))

/** The best plan of a list. After another it is that one repaired: worth as much as a new one, with as few pairs moved as can be. */
export function best(instance: Instance, before: Before | null, hooks: Hooks = {}): Plan {
  if (!before) return solve(instance, hooks)
  const { result } = before
  const placed: Plan['pairs'] = []
  const unplaced: Plan['unplaced'] = []
  for (const [patient, doctor] of pairsOf(before))
    if (doctor) placed.push({ patient, doctor, minutes: 0, priority: 0 })
    else unplaced.push({ patient, reason: { kind: 'nobodyCan', eliminated: {} } })
  // Of the plan before, only who had whom and the prices are read.
  return replan({ ...result, pairs: placed, unplaced }, instance, hooks).plan
}

export function keep(
  plan: Plan,
  {
    instance,
    patients,
    doctors,
    before,
  }: { instance: Instance; patients: readonly Patient[]; doctors: readonly Doctor[]; before: Before | null },
): KeptPlan {
  const { pairs, unplaced, ...whole } = plan
  const given: Record<string, number> = {}
  for (const { doctor } of pairs) given[doctor] = (given[doctor] ?? 0) + 1
  const person = new Map(patients.map(p => [p.id, p]))
  const offer = new Map(doctors.map(d => [d.id, d]))
  const had = before && pairsOf(before)
  const why = explainer(plan, instance, patients, doctors)
  const stability: Stability = { kept: 0, moved: 0, gained: 0, lost: 0 }
  const line = (request: string, rank: number, doctor: string | null, minutes: number | null, points: number): KeptLine => {
    const was = had?.get(request)
    const kept: KeptLine = { request, rank, doctor, minutes, points, before: was ?? null, why: brief(why(request)) }
    if (was === undefined) return kept
    if (was === doctor) stability.kept += was === null ? 0 : 1
    else if (was === null) stability.gained++
    else if (doctor === null) stability.lost++
    else {
      stability.moved++
      kept.why.moved = movedBecause(person.get(request)!, minutes!, offer.get(was), given[was] ?? 0)
    }
    return kept
  }
  const points = (id: string) => person.get(id)!.priority
  const first = pairs.toSorted((a, b) => b.priority - a.priority || a.minutes - b.minutes)
  const last = unplaced.toSorted((a, b) => points(b.patient) - points(a.patient))
  const lines = [
    ...first.map((p, i) => line(p.patient, i + 1, p.doctor, p.minutes, p.priority)),
    ...last.map((u, i) => line(u.patient, first.length + i + 1, null, null, points(u.patient))),
  ]
  return { result: { ...whole, placed: pairs.length, unplaced: unplaced.length, stability: before && stability }, lines, given }
}

/** Lines written in one statement: few enough for the pages to be answered between two. */
const TOGETHER = 500
/** As texts: copying them between processes, then to the database, costs the pages nothing. */
export function* asTexts(lines: readonly KeptLine[]): Generator<string> {
  for (let i = 0; i < lines.length; i += TOGETHER) yield JSON.stringify(lines.slice(i, i + TOGETHER))
}

function brief({ reason, passed, impossible, together }: Explanation): Why {
  const more = Math.max(0, passed.length - NAMED) + Math.max(0, impossible.length - NAMED)
  return {
    ...(reason && { reason: reason.kind === 'capacity' ? { ...reason, doctors: reason.doctors.length } : reason }),
    ...(passed.length > 0 && { passed: passed.slice(0, NAMED) }),
    ...(impossible.length > 0 && { impossible: impossible.slice(0, NAMED) }),
    ...(more > 0 && { more }),
    ...(together.length > 0 && { together }),
  }
}
function movedBecause(patient: Patient, minutes: number, was: Doctor | undefined, given: number): Moved {
  if (!was || was.capacity.total === 0) return { kind: 'gone' }
  const forbidden = violation(patient, was)
  if (forbidden) return { kind: 'impossible', violation: forbidden }
  const nearer = patient.place && was.place ? travelMinutes(patient.place, was.place) - minutes : 0
  if (nearer > 0) return { kind: 'nearer', minutes: nearer }
  return { kind: given >= was.capacity.total ? 'taken' : 'whole' }
}
