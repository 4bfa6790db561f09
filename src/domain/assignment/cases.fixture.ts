// Drawn cases and the judge by brute force, shared by the tests here; a fixture, because the domain itself imports nothing.
import fc from 'fast-check'
import type { Doctor, Instance, Levels, Patient, Profile } from './types.ts'
import { PROFILES } from './types.ts'

/** A few places near Toulouse, far enough apart for travel caps to matter, and one without coordinates. */
const PLACES = [null, { lon: 1.44, lat: 43.6 }, { lon: 1.5, lat: 43.62 }, { lon: 1.44, lat: 43.5 }, { lon: 1.7, lat: 43.6 }]

const place = fc.nat(7).map(index => PLACES[index] ?? PLACES[1]!)
const profile = fc.constantFrom<Profile>(...PROFILES)
const languages = fc.subarray(['fr', 'ar', 'pt'], { maxLength: 2 })

const patient = (index: number): fc.Arbitrary<Patient> =>
  fc.record({
    id: fc.constant(`p${index}`),
    place,
    communeCode: fc.constantFrom('31555', '31069'),
    profile,
    age: fc.integer({ min: 0, max: 95 }),
    priority: fc.integer({ min: 1, max: 4 }),
    since: fc.integer({ min: 1, max: 5 }).map(day => `2026-01-0${day}T08:00:00Z`),
    household: fc.constantFrom(null, 'h1', 'h2', 'h3'),
    languages: fc.constantFrom([], [], [], ['ar'], ['pt', 'ar']),
    wheelchair: fc.nat(5).map(n => n === 0),
    maxMinutes: fc.constantFrom(5, 15, 20, 30, 60),
    excluded: fc.subarray(['d0', 'd1', 'd2'], { maxLength: 1 }),
  })

const doctor = (index: number): fc.Arbitrary<Doctor> =>
  fc.record({
    id: fc.constant(`d${index}`),
    place,
    communeCode: fc.constant('31555'),
    capacity: fc
      .record({ total: fc.nat(4), limits: fc.dictionary(profile, fc.nat(2), { maxKeys: 2 }) })
      .map(({ total, limits }) => ({ total, ...limits })),
    minAge: fc.constantFrom(undefined, undefined, 16),
    maxAge: fc.constantFrom(undefined, undefined, 70),
    communes: fc.constantFrom([], [], ['31555']),
    languages,
    wheelchair: fc.boolean(),
  })

/** Up to 7 patients × 4 doctors, every constraint in play. */
export const smallCase = fc
  .record({ patients: fc.integer({ min: 0, max: 7 }), doctors: fc.integer({ min: 0, max: 4 }) })
  .chain(({ patients, doctors }) =>
    fc.record({
      patients: fc.tuple(...Array.from({ length: patients }, (_, i) => patient(i))) as fc.Arbitrary<Patient[]>,
      doctors: fc.tuple(...Array.from({ length: doctors }, (_, i) => doctor(i))) as fc.Arbitrary<Doctor[]>,
    }),
  )

/** A bare instance: arcs and capacities drawn directly, so that nearly all of them are contested. */
export const tightInstance: fc.Arbitrary<Instance> = fc
  .record({ n: fc.integer({ min: 1, max: 7 }), m: fc.integer({ min: 1, max: 4 }), groups: fc.integer({ min: 0, max: 3 }) })
  .chain(({ n, m, groups }) =>
    fc.record({
      m: fc.constant(m),
      patients: fc.array(
        fc.record({
          profile: fc.constantFrom<Profile>('adult', 'adult', 'child'),
          priority: fc.integer({ min: 1, max: 3 }),
          minutes: fc.array(fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 })), {
            minLength: m,
            maxLength: m,
          }),
          group: fc.nat(groups),
        }),
        { minLength: n, maxLength: n },
      ),
      doctors: fc.array(fc.record({ total: fc.nat(3), child: fc.constantFrom(null, null, 0, 1) }), { minLength: m, maxLength: m }),
    }),
  )
  .map(({ patients, doctors }) => {
    const households = [1, 2, 3]
      .map(group => ({ id: `h${group}`, members: patients.flatMap((p, i) => (p.group === group ? [i] : [])) }))
      .filter(({ members }) => members.length > 1)
    const rows = patients.map(({ profile, priority, minutes }, i) => {
      const possible = minutes.flatMap((time, d) => (time < 0 || (profile === 'child' && doctors[d]!.child === 0) ? [] : [d]))
      return { id: `p${i}`, profile, priority, doctors: possible, minutes: possible.map(d => minutes[d]!), eliminated: {} }
    })
    return {
      format: 'trame-assignment/1',
      units: { priority: 'points', minutes: 'minutes' },
      levels: ['max priority', 'min splits', 'min minutes', 'max seniority'],
      sizes: {
        patients: rows.length,
        doctors: doctors.length,
        arcs: rows.reduce((sum, row) => sum + row.doctors.length, 0),
        households: households.length,
      },
      doctors: doctors.map(({ total, child }, d) => ({ id: `d${d}`, total, adult: null, child, ald: null, home: null })),
      patients: rows,
      households,
    }
  })

/** Everybody in a household of two or three, every doctor possible and nearly full: what the search has to think about. */
export const crowdedInstance: fc.Arbitrary<Instance> = fc
  .record({
    sizes: fc.constantFrom([2, 2, 2], [2, 2, 3], [3, 3], [2, 3, 2], [3, 4], [2, 2, 2, 1]),
    totals: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
    child: fc.array(fc.constantFrom(null, 1, 2), { minLength: 3, maxLength: 3 }),
    minutes: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 21, maxLength: 21 }),
    children: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    rich: fc.array(
      fc.nat(9).map(n => n === 0),
      { minLength: 7, maxLength: 7 },
    ),
  })
  .map(({ sizes, totals, child, minutes, children, rich }) => {
    const n = sizes.reduce((sum, size) => sum + size, 0)
    let next = 0
    const households = sizes.map((size, h) => ({ id: `h${h}`, members: Array.from({ length: size }, () => next++) }))
    return {
      format: 'trame-assignment/1',
      units: { priority: 'points', minutes: 'minutes' },
      levels: ['max priority', 'min splits', 'min minutes', 'max seniority'],
      sizes: { patients: n, doctors: 3, arcs: 3 * n, households: households.length },
      doctors: totals.map((total, d) => ({ id: `d${d}`, total, adult: null, child: child[d]!, ald: null, home: null })),
      patients: Array.from({ length: n }, (_, p) => ({
        id: `p${p}`,
        profile: children[p] ? 'child' : 'adult',
        priority: rich[p] ? 2 : 1,
        doctors: [0, 1, 2],
        minutes: minutes.slice(3 * p, 3 * p + 3),
        eliminated: {},
      })),
      households,
    }
  })

/** The same instance, nobody in a household. */
export function withoutHouseholds(instance: Instance): Instance {
  return { ...instance, sizes: { ...instance.sizes, households: 0 }, households: [] }
}

/** Best of everything there is, by trying everything there is: the judge of the solver, kept as plain as possible. */
export function bruteForce(instance: Instance, forced?: { patient: number; doctor: number }): (Levels & { seniority: number }) | null {
  const best = bruteForceFrom(instance, null, forced)
  if (!best) return null
  const { moves: _, ...levels } = best
  return levels
}

/** The same, and among equals the fewest patients who lose the doctor they had (`before`, -1 = none). */
export function bruteForceFrom(
  instance: Instance,
  before: number[] | null,
  forced?: { patient: number; doctor: number },
): (Levels & { seniority: number; moves: number }) | null {
  const left = instance.doctors.map(doctor => ({ ...doctor }))
  const place: number[] = []
  let best: (Levels & { seniority: number; moves: number }) | null = null
  const finish = (priority: number, minutes: number, seniority: number) => {
    const moves = before?.filter((d, p) => d >= 0 && place[p] !== d).length ?? 0
    let splits = 0
    for (const { members } of instance.households) {
      splits += Math.max(0, new Set(members.map(member => place[member]!).filter(d => d >= 0)).size - 1)
    }
    const better =
      !best ||
      priority > best.priority ||
      (priority === best.priority &&
        (splits < best.splits ||
          (splits === best.splits &&
            (minutes < best.minutes ||
              (minutes === best.minutes && (seniority > best.seniority || (seniority === best.seniority && moves < best.moves)))))))
    if (better) best = { priority, splits, minutes, seniority, moves }
  }
  const walk = (p: number, priority: number, minutes: number, seniority: number) => {
    const patient = instance.patients[p]
    if (!patient) return finish(priority, minutes, seniority)
    if (forced?.patient !== p) {
      place[p] = -1
      walk(p + 1, priority, minutes, seniority)
    }
    patient.doctors.forEach((d, arc) => {
      const doctor = left[d]!
      const own = doctor[patient.profile]
      if (doctor.total === 0 || own === 0 || (forced?.patient === p && forced.doctor !== d)) return
      doctor.total--
      if (own !== null) doctor[patient.profile] = own - 1
      place[p] = d
      walk(p + 1, priority + patient.priority, minutes + patient.minutes[arc]!, seniority + instance.patients.length - p)
      doctor.total++
      doctor[patient.profile] = own
    })
  }
  walk(0, 0, 0, 0)
  return best
}

/** Around a hundred patients whose doctors are contested: too many to brute-force, enough to reach every path of the search. */
export const middleInstance: fc.Arbitrary<Instance> = fc
  .record({ n: fc.integer({ min: 60, max: 120 }), m: fc.integer({ min: 6, max: 12 }), seed: fc.nat(1_000_000) })
  .map(({ n, m, seed }) => {
    let state = seed
    // A linear congruential generator: one drawn number, a whole instance.
    const draw = (below: number) => {
      state = (state * 1103515245 + 12345) % 2147483648
      return Math.floor((state / 2147483648) * below)
    }
    const profiles: Profile[] = ['adult', 'adult', 'child', 'ald', 'home']
    const patients = Array.from({ length: n }, (_, i) => {
      const doctors = Array.from({ length: m }, (_, d) => d).filter(() => draw(3) > 0)
      const minutes = doctors.map(() => draw(40))
      return { id: `p${i}`, profile: profiles[draw(5)]!, priority: 1 + draw(6), doctors, minutes, eliminated: {} }
    })
    const households = Array.from({ length: Math.floor(n / 12) }, (_, h) => ({
      id: `h${h}`,
      members: Array.from({ length: 2 + draw(3) }, (_, i) => h * 5 + i),
    }))
    const limit = () => (draw(3) === 0 ? 1 + draw(4) : null)
    return {
      format: 'trame-assignment/1',
      units: { priority: 'points', minutes: 'minutes' },
      levels: ['max priority', 'min splits', 'min minutes', 'max seniority'],
      sizes: {
        patients: n,
        doctors: m,
        arcs: patients.reduce((sum, { doctors }) => sum + doctors.length, 0),
        households: households.length,
      },
      doctors: Array.from({ length: m }, (_, d) => ({
        id: `d${d}`,
        total: draw(Math.round((1.8 * n) / m)),
        adult: limit(),
        child: limit(),
        ald: null,
        home: limit(),
      })),
      patients,
      households,
    }
  })

/** Two hundred people of eight villages, four in five with somebody of their household, for sixteen doctors: many who are alike, few places. */
export const villageInstance: fc.Arbitrary<Instance> = fc.nat(1_000_000).map(seed => {
  let state = seed
  const draw = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
  const village = () => ({ x: draw(30), y: draw(30) })
  const villages = Array.from({ length: 8 }, village)
  const doctors = Array.from({ length: 16 }, () => ({ at: villages[draw(8)]!, total: draw(20), child: draw(4) === 0 ? 1 + draw(3) : null }))
  const patients: Instance['patients'] = []
  const households: Instance['households'] = []
  while (patients.length < 200) {
    const { x, y } = villages[draw(8)]!
    const size = draw(9) < 5 ? 2 + draw(3) : 1
    const minutes = doctors.map(({ at }) => 2 + Math.abs(at.x - x) + Math.abs(at.y - y))
    const members = Array.from({ length: size }, (_, i) => patients.length + i)
    if (size > 1) households.push({ id: `h${households.length}`, members })
    for (const p of members) {
      const profile = p - members[0]! > 1 ? 'child' : 'adult'
      patients.push({ id: `p${p}`, profile, priority: 1 + draw(5), doctors: doctors.map((_, d) => d), minutes, eliminated: {} })
    }
  }
  return {
    format: 'trame-assignment/1',
    units: { priority: 'points', minutes: 'minutes' },
    levels: ['max priority', 'min splits', 'min minutes', 'max seniority'],
    sizes: { patients: patients.length, doctors: doctors.length, arcs: patients.length * doctors.length, households: households.length },
    doctors: doctors.map(({ total, child }, d) => ({ id: `d${d}`, total, adult: null, child, ald: null, home: null })),
    patients,
    households,
  }
})

/** The same list without some of its patients. */
export function without(instance: Instance, gone: ReadonlySet<string>): Instance {
  const index = new Map<string, number>()
  const patients = instance.patients.filter(({ id }) => !gone.has(id))
  patients.forEach(({ id }, p) => {
    index.set(id, p)
  })
  const households = instance.households
    .map(({ id, members }) => ({ id, members: members.flatMap(p => index.get(instance.patients[p]!.id) ?? []) }))
    .filter(({ members }) => members.length > 1)
  const arcs = patients.reduce((sum, { doctors }) => sum + doctors.length, 0)
  return { ...instance, sizes: { ...instance.sizes, patients: patients.length, arcs, households: households.length }, patients, households }
}
