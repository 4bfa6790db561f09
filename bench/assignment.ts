import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import highsModule, { type Highs, type ModelData } from 'highs'
import {
  type Doctor,
  type Instance,
  type Levels,
  type Patient,
  PROFILES,
  type Profile,
  solve,
  toInstance,
  verify,
} from '../src/domain/assignment/index.ts'

/** mulberry32: a seed gives the same territory on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

type Commune = { code: string; lon: number; lat: number; weight: number }

/**
 * A made-up CPTS: one town, a few market towns, many villages with log-normal-like populations over about 60 × 60 km; patients and
 * practices are near the centre of their commune, practices more often in the larger ones.
 */
function territory(patients: number, doctors: number, withHouseholds: boolean, seed: number): { patients: Patient[]; doctors: Doctor[] } {
  const random = seeded(seed)
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1))
  const communes: Commune[] = Array.from({ length: Math.max(12, Math.round(doctors / 3)) }, (_, i) => ({
    code: String(31000 + i),
    lon: 1.2 + random() * 0.75,
    lat: 43.4 + random() * 0.54,
    weight: i === 0 ? 30 : Math.exp(2.2 * random() ** 2),
  }))
  const draw = (power: number) => pick(communes, commune => commune.weight ** power, random)
  const around = ({ lon, lat }: Commune) => ({ lon: lon + (random() - 0.5) * 0.03, lat: lat + (random() - 0.5) * 0.02 })
  return {
    patients: listPatients(patients, withHouseholds, () => draw(1), around, random, between),
    doctors: Array.from({ length: doctors }, (_, i) => {
      const commune = draw(1.2)
      return {
        id: `D${i}`,
        place: around(commune),
        communeCode: commune.code,
        // About 80 % of the list can be taken in all, so that points decide who.
        capacity: {
          total: between(0, Math.max(2, Math.round((1.6 * patients) / doctors))),
          ...(random() < 0.25 ? { child: between(0, 3) } : {}),
          ...(random() < 0.5 ? { home: between(0, 2) } : {}),
        },
        ...(random() < 0.1 ? { minAge: 6 } : {}),
        communes: random() < 0.05 ? communes.filter(() => random() < 0.4).map(({ code }) => code) : [],
        languages: ['fr', ...['en', 'ar', 'pt', 'es'].filter(() => random() < 0.3)],
        wheelchair: random() < 0.75,
      }
    }),
  }
}

function listPatients(
  count: number,
  withHouseholds: boolean,
  draw: () => Commune,
  around: (commune: Commune) => { lon: number; lat: number },
  random: () => number,
  between: (low: number, high: number) => number,
): Patient[] {
  const patients: Patient[] = []
  let households = 0
  while (patients.length < count) {
    const commune = draw()
    const place = around(commune)
    // Households of 2 to 5 make a quarter of the patients: 0.087 × 3.5 ≈ 0.25 × (0.087 × 3.5 + 0.913).
    const size = withHouseholds && random() < 0.087 ? between(2, 5) : 1
    const household = size > 1 ? `H${households++}` : null
    const languages = random() < 0.06 ? [['en', 'ar', 'pt', 'es'][between(0, 3)]!] : []
    const maxMinutes = [20, 30, 30, 45][between(0, 3)]!
    for (let member = 0; member < size && patients.length < count; member++) {
      const age = household ? (member < 2 ? between(20, 60) : between(0, 17)) : between(0, 95)
      const ald = random() < 0.15 + age / 400
      const home = age > 75 && random() < 0.3
      const profile: Profile = home ? 'home' : ald ? 'ald' : age < 16 ? 'child' : 'adult'
      patients.push({
        id: `P${patients.length}`,
        place,
        communeCode: commune.code,
        profile,
        age,
        priority: 1 + (ald ? between(2, 5) : 0) + (home ? 4 : 0) + (age >= 70 ? 3 : 0) + between(0, 3),
        since: new Date(Date.UTC(2025, 0, 1) + between(0, 500 * 24 * 60) * 60_000).toISOString(),
        household,
        languages,
        wheelchair: random() < 0.03,
        maxMinutes,
        excluded: [],
      })
    }
  }
  return patients
}

function pick<T>(items: readonly T[], weight: (item: T) => number, random: () => number): T {
  let at = random() * items.reduce((sum, item) => sum + weight(item), 0)
  for (const item of items) {
    at -= weight(item)
    if (at <= 0) return item
  }
  return items.at(-1)!
}

/** Columns and rows of the same problem for HiGHS: one 0-1 column per arc, the levels folded into one cost. */
function toHighs(instance: Instance): ModelData {
  const { patients, doctors, households } = instance
  const longest = patients.reduce((most, { minutes }) => Math.max(most, ...minutes), 0)
  const splits = households.length > 0 ? patients.reduce((sum, { minutes }) => sum + Math.max(0, ...minutes), 1) : 0
  // One point outweighs any exchange of minutes (a cycle visits each doctor and profile once) and any number of splits.
  const point = Math.max(2 * longest * (Math.min(patients.length, PROFILES.length * doctors.length) + 2), splits * patients.length) + 1
  const model = newModel(patients.length)
  const rowOf = doctors.map(doctor => {
    const total = model.row(doctor.total)
    return {
      total,
      ...Object.fromEntries(PROFILES.flatMap(profile => (doctor[profile] === null ? [] : [[profile, model.row(doctor[profile])]]))),
    }
  }) as ({ total: number } & Partial<Record<Profile, number>>)[]
  const together = householdColumns(instance, model, splits)
  patients.forEach((patient, p) => {
    patient.doctors.forEach((d, arc) => {
      const own = rowOf[d]![patient.profile]
      const link = together(p, d)
      model.column(patient.minutes[arc]! - patient.priority * point, 1, [
        [p, 1],
        [rowOf[d]!.total, 1],
        ...(own === undefined ? [] : [[own, 1] as [number, number]]),
        ...(link === null ? [] : [[link, 1] as [number, number]]),
      ])
    })
  })
  return model.data()
}

type Builder = {
  row: (upper: number) => number
  column: (cost: number, upper: number, entries: [number, number][]) => void
  data: () => ModelData
}

function newModel(patients: number): Builder {
  const rowUpper = Array.from({ length: patients }, () => 1)
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

/** Adds, for each household, "is with doctor d" and its number of splits; returns the row that ties an arc to them. */
function householdColumns({ households, patients }: Instance, model: Builder, cost: number): (p: number, d: number) => number | null {
  const rows = new Map<string, number>()
  for (const { members } of households) {
    const count = model.row(1)
    model.column(cost, members.length, [[count, -1]])
    for (const d of new Set(members.flatMap(member => patients[member]!.doctors))) {
      const links = members
        .filter(member => patients[member]!.doctors.includes(d))
        .map(member => {
          const row = model.row(0)
          rows.set(`${member} ${d}`, row)
          return [row, -1] as [number, number]
        })
      model.column(0, 1, [[count, 1], ...links])
    }
  }
  return (p, d) => rows.get(`${p} ${d}`) ?? null
}

type Timed = { levels: Levels; ms: number; status: string }

function runHighs(highs: Highs, instance: Instance, data: ModelData, limitSeconds: number): Timed {
  const isMixed = instance.households.length > 0
  const integrality = isMixed ? new Int32Array(data.numCols).fill(1) : undefined
  const from = performance.now()
  const { values, status } = highs.withModel({ ...data, integrality }, model => {
    model.options.set({ output_flag: false, time_limit: limitSeconds, ...(isMixed ? { mip_rel_gap: 0, mip_abs_gap: 0.5 } : {}) })
    model.run()
    return { values: model.getSolution().colValue, status: String(model.getModelStatus()) }
  })
  const ms = performance.now() - from
  // The arcs are the last columns.
  return { levels: levelsOf(instance, Array.from(values.slice(data.numCols - instance.sizes.arcs))), ms, status }
}

function levelsOf({ patients, households }: Instance, chosen: number[]): Levels {
  const levels: Levels = { priority: 0, splits: 0, minutes: 0 }
  const place = new Map<number, number>()
  let column = 0
  patients.forEach((patient, p) => {
    patient.doctors.forEach((d, arc) => {
      if (Math.round(chosen[column++]!) !== 1) return
      place.set(p, d)
      levels.priority += patient.priority
      levels.minutes += patient.minutes[arc]!
    })
  })
  for (const { members } of households) {
    levels.splits += Math.max(0, new Set(members.map(member => place.get(member)).filter(d => d !== undefined)).size - 1)
  }
  return levels
}

/** What is done by hand: most points first, then seniority, each to the nearest doctor who still has a place. */
function greedy(instance: Instance): Levels & { placed: number } {
  const left = instance.doctors.map(doctor => ({ ...doctor }))
  const offset: number[] = [0]
  for (const { doctors } of instance.patients) offset.push(offset.at(-1)! + doctors.length)
  const chosen = new Array<number>(instance.sizes.arcs).fill(0)
  const order = instance.patients.map((_, p) => p).sort((a, b) => instance.patients[b]!.priority - instance.patients[a]!.priority || a - b)
  let placed = 0
  for (const p of order) {
    const { doctors, minutes, profile } = instance.patients[p]!
    const open = doctors.map((_, arc) => arc).filter(arc => left[doctors[arc]!]!.total > 0 && left[doctors[arc]!]![profile] !== 0)
    if (open.length === 0) continue
    const arc = open.reduce((best, arc) => (minutes[arc]! < minutes[best]! ? arc : best))
    const doctor = left[doctors[arc]!]!
    doctor.total--
    const own = doctor[profile]
    if (own !== null) doctor[profile] = own - 1
    chosen[offset[p]! + arc] = 1
    placed++
  }
  return { ...levelsOf(instance, chosen), placed }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

/** Slope of log(time) against log(size), least squares. */
function exponent(points: { size: number; ms: number }[]): number {
  const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const)
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

function text({ priority, splits, minutes }: Levels): string {
  return `${priority} points, ${splits} splits, ${minutes} min`
}

function compare(highs: Highs, patients: number, doctors: number, pairs: number, withHouseholds: boolean, limitSeconds: number) {
  const list = territory(patients, doctors, withHouseholds, 2026)
  const built = performance.now()
  const instance = toInstance(list.patients, list.doctors)
  const stating = performance.now() - built
  const data = toHighs(instance)
  const ours: number[] = []
  const theirs: Timed[] = []
  let plan = solve(instance)
  for (let pair = 0; pair < pairs; pair++) {
    const from = performance.now()
    plan = solve(instance)
    ours.push(performance.now() - from)
    theirs.push(runHighs(highs, instance, data, limitSeconds))
  }
  const verdict = verify(instance, plan)
  const ms = median(ours)
  const other = median(theirs.map(({ ms }) => ms))
  const { levels, status } = theirs.at(-1)!
  const isSame =
    levels.priority === plan.objective.priority && levels.splits === plan.objective.splits && levels.minutes === plan.objective.minutes
  const byHand = greedy(instance)
  console.log(
    `\n${patients} patients × ${doctors} doctors, ${instance.sizes.arcs} arcs, ${instance.sizes.households} households, ${pairs} pair(s)`,
  )
  console.log(`  ours   ${ms.toFixed(0)} ms  ${text(plan.objective)}  (stating the instance: ${stating.toFixed(0)} ms, not counted)`)
  console.log(
    `         ${plan.pairs.length} placed, bound ${text(plan.bound)}, gap ${plan.gap}, proof ${verdict.ok ? 'checked' : verdict.errors[0]}, ${plan.proof.nodes} nodes`,
  )
  console.log(`  highs  ${other.toFixed(0)} ms  ${text(levels)}  (model status ${status}, 7 = optimal)`)
  console.log(`  ratio  ${(ms / other).toFixed(3)}   same value at each level: ${isSame ? 'yes' : 'NO'}`)
  console.log(`  greedy ${byHand.placed} placed, ${text(byHand)}`)
  return { arcs: instance.sizes.arcs, patients, ms, isSame }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter(arg => arg !== '--'),
    options: { sizes: { type: 'string', default: '625x38,1250x75,2500x150,5000x300' }, pairs: { type: 'string' } },
  })
  const cpu = cpus()
  console.log(`${cpu[0]?.model.trim()}, ${cpu.length} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, node ${process.version}`)
  console.log(
    'Compared: the same assignment problem (points, then minutes), solved by Trame and by HiGHS compiled to WebAssembly (npm highs),',
  )
  console.log(
    'a general solver given the model as sparse arrays with both levels folded into one cost; one warm-up of ours, then in turns.',
  )
  // Its types describe the CommonJS build; Node loads the ES one, whose default export is the loader itself.
  const loadHighs = highsModule as unknown as () => Promise<Highs>
  const highs = await loadHighs()
  const points = values.sizes.split(',').map(size => {
    const [patients = 0, doctors = 0] = size.split('x').map(Number)
    return compare(highs, patients, doctors, Number(values.pairs ?? (patients >= 4000 ? 1 : 3)), false, 300)
  })
  if (points.length > 1) {
    console.log(
      `\nexponent of ours over ${points.length} sizes: ${exponent(points.map(({ arcs, ms }) => ({ size: arcs, ms }))).toFixed(2)} in arcs, ${exponent(points.map(({ patients, ms }) => ({ size: patients, ms }))).toFixed(2)} in patients (doctors growing alike)`,
    )
  }
  console.log('\nWith households it is a mixed-integer problem; HiGHS is stopped after 30 s, ours after its counted budget:')
  compare(highs, 150, 15, 1, true, 30)
  compare(highs, 1000, 100, 1, true, 30)
  console.log(`\npeak memory of this process, both solvers: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
  if (points.some(({ isSame }) => !isSame)) process.exitCode = 1
}

await main()
