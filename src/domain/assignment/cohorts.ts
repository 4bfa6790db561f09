import { type Instance, type InstancePatient, PROFILES } from './types.ts'

/**
 * Patients whom the mathematics cannot tell apart but by points and seniority: same profile, same doctors, same minutes, and
 * the same doctor in the plan before when there was one. On a real list there are some hundreds of cohorts for tens of
 * thousands of patients: places are known to the commune.
 *
 * Who is served in a cohort is its beginning, most points first, then the oldest request: exchanging two members changes
 * nothing else. So a cohort is a number of patients served and, for each doctor, how many of them go there.
 */
export type Cohorts = {
  count: number
  /** cohort of each patient */
  of: Int32Array
  /** patients by cohort, in the order in which they are served: members[start[c]] up to members[start[c + 1]] */
  members: Int32Array
  start: Int32Array
  /** a patient whose arcs are those of all */
  model: Int32Array
  /** the distinct list of doctors and minutes of each cohort, and the first patient of each list */
  row: Int32Array
  rowModel: Int32Array
  /** the doctor all members had before, -1 = none */
  kept: Int32Array
}

/**
 * @param kept doctor of each patient in the plan before, -1 = none; absent = no plan before
 * @param alone patients who are a cohort by themselves: members of households, whose choices are made one by one
 */
export function toCohorts({ patients, doctors }: Instance, kept: Int32Array | null, alone: Uint8Array): Cohorts {
  const n = patients.length
  const of = new Int32Array(n)
  const model: number[] = []
  const rowOfModel: number[] = []
  const known = new Map<number, number>()
  const { rowOf, models } = rowFinder()
  patients.forEach((patient, p) => {
    const row = rowOf(patient, p)
    const key = (row * (doctors.length + 1) + (kept ? kept[p]! + 1 : 0)) * PROFILES.length + PROFILES.indexOf(patient.profile)
    const found = alone[p] ? undefined : known.get(key)
    of[p] = found ?? model.length
    if (found !== undefined) return
    if (!alone[p]) known.set(key, model.length)
    model.push(p)
    rowOfModel.push(row)
  })
  const count = model.length
  const start = new Int32Array(count + 1)
  for (let p = 0; p < n; p++) start[of[p]! + 1]!++
  for (let c = 0; c < count; c++) start[c + 1]! += start[c]!
  const members = Int32Array.from({ length: n }, (_, p) => p).sort(
    (a, b) => of[a]! - of[b]! || patients[b]!.priority - patients[a]!.priority || a - b,
  )
  return {
    count,
    of,
    members,
    start,
    model: Int32Array.from(model),
    row: Int32Array.from(rowOfModel),
    rowModel: Int32Array.from(models),
    kept: Int32Array.from(model, p => kept?.[p] ?? -1),
  }
}

/** A number for each distinct list of doctors and minutes, and the first patient who has it. Lists that are the same object are recognised at once. */
function rowFinder(): { rowOf: (patient: InstancePatient, p: number) => number; models: number[] } {
  const byObject = new Map<number[], Map<number[], number>>()
  const byHash = new Map<number, number[]>()
  const rows: InstancePatient[] = []
  const models: number[] = []
  const rowOf = (patient: InstancePatient, p: number): number => {
    const { doctors, minutes } = patient
    const same = byObject.get(doctors) ?? new Map<number[], number>()
    byObject.set(doctors, same)
    const seen = same.get(minutes)
    if (seen !== undefined) return seen
    const hash = hashOf(doctors, minutes)
    const candidates = byHash.get(hash) ?? []
    byHash.set(hash, candidates)
    let row = candidates.find(r => areEqual(rows[r]!.doctors, doctors) && areEqual(rows[r]!.minutes, minutes))
    if (row === undefined) {
      row = rows.push(patient) - 1
      models.push(p)
      candidates.push(row)
    }
    same.set(minutes, row)
    return row
  }
  return { rowOf, models }
}

function hashOf(doctors: number[], minutes: number[]): number {
  let hash = 17
  for (let i = 0; i < doctors.length; i++) hash = (Math.imul(hash, 31) + Math.imul(doctors[i]!, 131) + minutes[i]!) | 0
  return hash
}

function areEqual(a: number[], b: number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
