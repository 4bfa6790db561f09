/** The same assignment problem for HiGHS (npm `highs`, WebAssembly): a general solver, given the model as sparse arrays. */
import highsModule, { type Highs, type ModelData } from 'highs'
import { type Instance, type Levels, PROFILES, type Profile } from '#domain/assignment/index.ts'

/** Patients stated to HiGHS as one row: one each, or, as our engine does, all who differ by seniority only. */
export type Rows = { patient: number; size: number }[]

/** Its types describe the CommonJS build; Node loads the ES one, whose default export is the loader itself. */
export const loadHighs = (): Promise<Highs> => (highsModule as unknown as () => Promise<Highs>)()

export const onePerPatient = ({ patients }: Instance): Rows => patients.map((_, patient) => ({ patient, size: 1 }))

/** Our aggregation handed to HiGHS: same profile, points, doctors and minutes. Only without households. */
export function onePerCohort({ patients }: Instance): Rows {
  const rows = new Map<string, Rows[number]>()
  patients.forEach(({ profile, priority, doctors, minutes }, patient) => {
    const key = `${profile} ${priority} ${doctors} ${minutes}`
    const row = rows.get(key)
    if (row) row.size++
    else rows.set(key, { patient, size: 1 })
  })
  return [...rows.values()]
}

/** Columns and rows of the problem: one column per row and doctor, the levels folded into one cost. */
export function toModel(instance: Instance, rows: Rows): ModelData {
  const { patients, doctors, households } = instance
  let longest = 0
  let sum = 1
  for (const { minutes } of patients) {
    const most = minutes.reduce((most, time) => Math.max(most, time), 0)
    longest = Math.max(longest, most)
    sum += most
  }
  const split = households.length > 0 ? sum : 0
  // One point outweighs any exchange of minutes (a cycle visits each doctor and profile once) and any number of splits.
  const point = Math.max(2 * longest * (Math.min(patients.length, PROFILES.length * doctors.length) + 2), split * patients.length) + 1
  const model = newModel(rows.map(({ size }) => size))
  const rowOf = doctors.map(doctor => {
    const total = model.row(doctor.total)
    return {
      total,
      ...Object.fromEntries(PROFILES.flatMap(profile => (doctor[profile] === null ? [] : [[profile, model.row(doctor[profile])]]))),
    }
  }) as ({ total: number } & Partial<Record<Profile, number>>)[]
  const together = householdColumns(instance, model, split)
  rows.forEach(({ patient: p, size }, row) => {
    const patient = patients[p]!
    patient.doctors.forEach((d, arc) => {
      const own = rowOf[d]![patient.profile]
      const link = together.get(`${p} ${d}`)
      const limits = [row, rowOf[d]!.total, own, link].filter(row => row !== undefined)
      model.column(
        patient.minutes[arc]! - patient.priority * point,
        size,
        limits.map(row => [row, 1]),
      )
    })
  })
  return model.data()
}

type Builder = {
  row: (upper: number) => number
  column: (cost: number, upper: number, entries: [number, number][]) => void
  data: () => ModelData
}

function newModel(rowUpper: number[]): Builder {
  const colCost: number[] = []
  const colUpper: number[] = []
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  return {
    row: upper => rowUpper.push(upper) - 1,
    column: (cost, upper, entries) => {
      for (const [row, value] of entries) {
        indices.push(row)
        values.push(value)
      }
      starts.push(indices.length)
      colCost.push(cost)
      colUpper.push(upper)
    },
    data: () => ({
      numCols: colCost.length,
      numRows: rowUpper.length,
      colCost,
      colLower: colCost.map(() => 0),
      colUpper,
      rowLower: rowUpper.map(() => Number.NEGATIVE_INFINITY),
      rowUpper,
      matrix: {
        format: 'csc',
        numRows: rowUpper.length,
        numCols: colCost.length,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(indices),
        values: Float64Array.from(values),
      },
    }),
  }
}

/** Adds, for each household, "is with doctor d" and its number of splits; returns the row that ties a patient and a doctor to them. */
function householdColumns({ households, patients }: Instance, model: Builder, cost: number): Map<string, number> {
  const links = new Map<string, number>()
  for (const { members } of households) {
    // Doctors used ≤ 1 + splits.
    const count = model.row(1)
    model.column(cost, members.length, [[count, -1]])
    for (const d of new Set(members.flatMap(member => patients[member]!.doctors))) {
      const rows = members
        .filter(member => patients[member]!.doctors.includes(d))
        .map(member => {
          const row = model.row(0)
          links.set(`${member} ${d}`, row)
          return [row, -1] as [number, number]
        })
      model.column(0, 1, [[count, 1], ...rows])
    }
  }
  return links
}

/** What HiGHS found. `ended` = it proved its answer optimal within its limit; otherwise `status` says what happened. */
export type Found = { levels: Levels; ms: number; ended: boolean; status: string }

export function runHighs(highs: Highs, instance: Instance, rows: Rows, data: ModelData, limitSeconds: number): Found {
  const isMixed = instance.households.length > 0
  const integrality = isMixed ? new Int32Array(data.numCols).fill(1) : undefined
  const from = performance.now()
  const { values, status } = highs.withModel({ ...data, integrality }, model => {
    model.options.set({ output_flag: false, time_limit: limitSeconds, ...(isMixed ? { mip_rel_gap: 0, mip_abs_gap: 0.5 } : {}) })
    model.run()
    return { values: model.getSolution().colValue, status: String(model.getModelStatus()) }
  })
  const ms = performance.now() - from
  const columns = rows.reduce((sum, { patient }) => sum + instance.patients[patient]!.doctors.length, 0)
  // The pairs are the last columns.
  return { levels: levelsOf(instance, rows, Array.from(values.slice(data.numCols - columns))), ms, ended: status === '7', status }
}

function levelsOf({ patients, households }: Instance, rows: Rows, chosen: number[]): Levels {
  const levels: Levels = { priority: 0, splits: 0, minutes: 0 }
  const place = new Map<number, number>()
  let column = 0
  for (const { patient: p } of rows) {
    const patient = patients[p]!
    patient.doctors.forEach((d, arc) => {
      const units = Math.round(chosen[column++] ?? 0)
      if (units > 0) place.set(p, d)
      levels.priority += units * patient.priority
      levels.minutes += units * patient.minutes[arc]!
    })
  }
  for (const { members } of households) {
    levels.splits += Math.max(0, new Set(members.map(member => place.get(member)).filter(d => d !== undefined)).size - 1)
  }
  return levels
}
