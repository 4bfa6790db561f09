import { type Point, travelMinutes } from '../geo.ts'
import { minutesBetween, type PreparedDoctor, prepareDoctor, violationWith } from './feasible.ts'
import { levelsOf, type Placement } from './plan.ts'
import type { Budget } from './search.ts'
import { solve } from './solve.ts'
import type { Doctor, Instance, InstancePatient, Levels, Patient, Plan, Price, Profile, Reason, Violation } from './types.ts'

/** Why a patient is proposed to this doctor, or to nobody. Closer = fewer estimated minutes than the doctor proposed. */
export type Explanation = {
  patient: string
  doctor: string | null
  minutes: number | null
  /** why nobody, when `doctor` is null */
  reason: Reason | null
  /** closer doctors whom a constraint takes away, nearest first */
  impossible: { doctor: string; minutes: number | null; violation: Violation }[]
  /** closer doctors who could have taken him: their places are given to others, or his household is with another doctor */
  passed: { doctor: string; minutes: number; taken: number; places: number; full: boolean; price: Price }[]
  /** members of his household placed with the same doctor */
  together: string[]
  /** how many doctors could take him in all */
  possible: number
}

/** The answer to "why not Dr X?". The differences are plan with this pair − plan proposed. */
export type WhyNot =
  | { kind: 'proposed' }
  | { kind: 'impossible'; violation: Violation }
  /** the doctor states no place that could be given to him */
  | { kind: 'noPlace' }
  /** forcing the pair costs the others this much; `exact` = both plans are proven optimal, else best plans found */
  | { kind: 'cost'; priority: number; splits: number; minutes: number; exact: boolean }

/**
 * What bound the patient's pair: who was closer and impossible, who was closer and taken by others.
 *
 * @throws RangeError when the patient is not in the instance or not in the list
 */
export function explain(
  plan: Plan,
  instance: Instance,
  patients: readonly Patient[],
  doctors: readonly Doctor[],
  patientId: string,
): Explanation {
  return explainer(plan, instance, patients, doctors)(patientId)
}

/**
 * `explain` for many patients of one plan: what they share is worked out once. Those of one place (a commune) share the doctors by
 * distance, so that each costs one look at the doctors nearer than his own.
 */
export function explainer(
  plan: Plan,
  instance: Instance,
  patients: readonly Patient[],
  doctors: readonly Doctor[],
): (patientId: string) => Explanation {
  const byId = <T extends { id: string }>(items: readonly T[]) => new Map(items.map(item => [item.id, item]))
  const [known, rows] = [byId(patients), byId(instance.patients)]
  const pairOf = new Map(plan.pairs.map(pair => [pair.patient, pair]))
  const reasonOf = new Map(plan.unplaced.map(({ patient, reason }) => [patient, reason]))
  const prices = new Map(plan.proof.prices.map(price => [price.doctor, price]))
  const prepared = doctors.map(prepareDoctor)
  const around = byDistance(prepared)
  const taken = new Map<string, { all: number } & Partial<Record<Profile, number>>>()
  for (const { patient, doctor } of plan.pairs) {
    const counts = taken.get(doctor) ?? { all: 0 }
    const profile = rows.get(patient)?.profile
    counts.all++
    if (profile) counts[profile] = (counts[profile] ?? 0) + 1
    taken.set(doctor, counts)
  }
  const homes = new Map<string, readonly number[]>()
  for (const { members } of instance.households) for (const member of members) homes.set(instance.patients[member]!.id, members)

  const passedOver = ({ profile }: InstancePatient, { id, capacity }: Doctor, minutes: number): Explanation['passed'][number] => {
    const counts = taken.get(id) ?? { all: 0 }
    const ofProfile = counts[profile] ?? 0
    const own = capacity[profile]
    const fullProfile = own !== undefined && ofProfile >= own
    const priced = prices.get(id)
    const total = priced?.total ?? { points: 0, minutes: 0 }
    const extra = priced?.[profile] ?? { points: 0, minutes: 0 }
    return {
      doctor: id,
      minutes,
      taken: fullProfile ? ofProfile : counts.all,
      places: fullProfile ? own : capacity.total,
      full: fullProfile || counts.all >= capacity.total,
      price: { points: total.points + extra.points, minutes: total.minutes + extra.minutes },
    }
  }

  return patientId => {
    const patient = known.get(patientId)
    const row = rows.get(patientId)
    if (!patient || !row) throw new RangeError(`no patient ${patientId}`)
    const pair = pairOf.get(patientId)
    const limit = pair?.minutes ?? Number.POSITIVE_INFINITY
    const impossible: Explanation['impossible'] = []
    const passed: Explanation['passed'] = []
    for (const { ready, minutes } of around(patient.place)) {
      const { doctor } = ready
      if (minutes >= limit) break
      const violation = violationWith(patient, ready, minutes)
      if (violation) impossible.push({ doctor: doctor.id, minutes, violation })
      else passed.push(passedOver(row, doctor, minutes))
    }
    const home = (homes.get(patientId) ?? []).map(member => instance.patients[member]!.id)
    return {
      patient: patientId,
      doctor: pair?.doctor ?? null,
      minutes: pair?.minutes ?? null,
      reason: reasonOf.get(patientId) ?? null,
      impossible,
      passed,
      together: pair ? home.filter(id => id !== patientId && pairOf.get(id)?.doctor === pair.doctor) : [],
      possible: row.doctors.length,
    }
  }
}

/** The doctors of known travel from a place, nearest first, then by identifier; worked out once a place. */
function byDistance(doctors: readonly PreparedDoctor[]): (place: Point | null) => readonly { ready: PreparedDoctor; minutes: number }[] {
  const known = new Map<string, { ready: PreparedDoctor; minutes: number }[]>()
  return place => {
    if (!place) return []
    const key = `${place.lon} ${place.lat}`
    let found = known.get(key)
    if (!found) {
      found = doctors
        .flatMap(ready => (ready.doctor.place ? [{ ready, minutes: travelMinutes(place, ready.doctor.place) }] : []))
        .sort((a, b) => a.minutes - b.minutes || (a.ready.doctor.id < b.ready.doctor.id ? -1 : 1))
      known.set(key, found)
    }
    return found
  }
}

/**
 * Why this patient is not proposed to this doctor: the first constraint violated, or what imposing the pair would change for
 * everybody, by solving the whole list again with the pair imposed.
 *
 * @param budget limits of the search over households, as in `solve`
 * @throws RangeError when one of the ids is unknown
 */
export function whyNot(
  plan: Plan,
  instance: Instance,
  patients: readonly Patient[],
  doctors: readonly Doctor[],
  patientId: string,
  doctorId: string,
  budget: Partial<Budget> = {},
): WhyNot {
  const patient = find(patients, patientId, 'patient')
  const doctor = find(doctors, doctorId, 'doctor')
  if (plan.pairs.some(pair => pair.patient === patientId && pair.doctor === doctorId)) return { kind: 'proposed' }
  const violation = violationWith(patient, prepareDoctor(doctor), minutesBetween(patient.place, doctor.place))
  if (violation) return { kind: 'impossible', violation }
  return costOfForcing(plan, instance, patientId, doctorId, budget)
}

/** The cost part of `whyNot`, from the instance alone: the pair must be one of its arcs. */
export function costOfForcing(plan: Plan, instance: Instance, patientId: string, doctorId: string, budget: Partial<Budget> = {}): WhyNot {
  const forced = impose(instance, patientId, doctorId)
  const other = solve(forced, budget)
  if (!other.pairs.some(({ patient }) => patient === patientId)) return { kind: 'noPlace' }
  const levels = levelsOf(instance, toPlacement(instance, other))
  return { kind: 'cost', ...difference(levels, plan.objective), exact: plan.gap === 0 && other.gap === 0 }
}

/**
 * The same problem in which the patient has this doctor only, and enough points never to be left out: placing one more patient
 * pushes out at most one other, so one point more than anybody's is enough.
 */
function impose(instance: Instance, patientId: string, doctorId: string): Instance {
  const d = instance.doctors.findIndex(({ id }) => id === doctorId)
  const most = instance.patients.reduce((most, { priority }) => Math.max(most, priority), 0)
  const patients = instance.patients.map(row => {
    if (row.id !== patientId) return row
    const arc = row.doctors.indexOf(d)
    if (arc < 0) throw new RangeError(`${patientId} with ${doctorId} is not a pair of the instance`)
    return { ...row, priority: most + 1, doctors: [d], minutes: [row.minutes[arc]!] }
  })
  const arcs = patients.reduce((sum, { doctors }) => sum + doctors.length, 0)
  return { ...instance, sizes: { ...instance.sizes, arcs }, patients }
}

function toPlacement(instance: Instance, { pairs }: Plan): Placement {
  const doctorOf = new Map(instance.doctors.map(({ id }, d) => [id, d]))
  const placed = new Map(pairs.map(({ patient, doctor }) => [patient, doctorOf.get(doctor)!]))
  return Int32Array.from(instance.patients, ({ id }) => placed.get(id) ?? -1)
}

function difference(a: Levels, b: Levels): Levels {
  return { priority: a.priority - b.priority, splits: a.splits - b.splits, minutes: a.minutes - b.minutes }
}

function find<T extends { id: string }>(items: readonly T[], id: string, what: string): T {
  const found = items.find(item => item.id === id)
  if (!found) throw new RangeError(`no ${what} ${id}`)
  return found
}
