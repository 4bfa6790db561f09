import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { middleInstance, withoutHouseholds } from './cases.fixture.ts'
import { type Instance, solve, verify } from './index.ts'
import { compareLevels } from './levels.ts'
import { toNetwork } from './network.ts'

/** A hundred patients of a few communes: only so many different rows, shared or copied. */
const villages = fc
  .record({ drawn: middleInstance, rows: fc.integer({ min: 1, max: 8 }), shared: fc.boolean() })
  .map(({ drawn, rows, shared }): Instance => {
    const patients = drawn.patients.map((patient, p) => {
      const { doctors, minutes } = drawn.patients[p % rows]!
      return { ...patient, doctors: shared ? doctors : [...doctors], minutes: shared ? minutes : [...minutes] }
    })
    const arcs = patients.reduce((sum, { doctors }) => sum + doctors.length, 0)
    return { ...drawn, sizes: { ...drawn.sizes, arcs }, patients }
  })

/** The same problem with nobody alike: each has a doctor of his own who has no place. */
function apart(instance: Instance): Instance {
  const n = instance.doctors.length
  const doctors = [...instance.doctors]
  const patients = instance.patients.map((patient, p) => {
    doctors.push({ id: `none${p}`, total: 0, adult: null, child: null, ald: null, home: null })
    return { ...patient, doctors: [...patient.doctors, n + p], minutes: [...patient.minutes, 1] }
  })
  const sizes = { ...instance.sizes, doctors: doctors.length, arcs: instance.sizes.arcs + patients.length }
  return { ...instance, sizes, doctors, patients }
}

const RUNS = { numRuns: 150, seed: 20260109 }

test('putting people who are alike together changes nothing: same points, minutes and people served as one by one', () => {
  fc.assert(
    fc.property(villages, drawn => {
      const instance = withoutHouseholds(drawn)
      const separate = apart(instance)
      assert.ok(toNetwork(instance).cohorts.count <= 8 * 4)
      assert.equal(toNetwork(separate).cohorts.count, instance.patients.length)
      const plan = solve(instance)
      const other = solve(separate)
      assert.deepEqual(plan.objective, other.objective)
      assert.deepEqual(verify(instance, plan), { ok: true, errors: [], certified: other.objective })
      const seniority = (ids: { patient: string }[]) =>
        ids.reduce((sum, { patient }) => sum + instance.patients.findIndex(({ id }) => id === patient), 0)
      assert.equal(seniority(plan.unplaced), seniority(other.unplaced))
    }),
    RUNS,
  )
})

test('among people who are alike the most points are served first, then the oldest request, and the older goes to the nearer doctor', () => {
  fc.assert(
    fc.property(villages, drawn => {
      const instance = withoutHouseholds(drawn)
      const plan = solve(instance)
      const minutes = new Map(plan.pairs.map(pair => [pair.patient, pair.minutes]))
      const alike = Map.groupBy(instance.patients, ({ profile, doctors, minutes }) => `${profile} ${doctors} ${minutes}`)
      for (const group of alike.values()) {
        group.forEach((younger, i) => {
          for (const older of group.slice(0, i)) {
            if (older.priority >= younger.priority) assert.ok(minutes.has(older.id) || !minutes.has(younger.id))
            if (older.priority < younger.priority) assert.ok(minutes.has(younger.id) || !minutes.has(older.id))
            if (minutes.has(older.id) && minutes.has(younger.id)) assert.ok(minutes.get(older.id)! <= minutes.get(younger.id)!)
          }
        })
      }
    }),
    RUNS,
  )
})

test('settling households loses no point, the bound holds, and few of the splits of the flow are left', () => {
  const splits = { flow: 0, plan: 0 }
  fc.assert(
    fc.property(villages, instance => {
      const flow = solve(withoutHouseholds(instance))
      const plan = solve(instance, { nodes: 5 })
      assert.equal(plan.objective.priority, flow.objective.priority)
      assert.ok(compareLevels(plan.bound, plan.objective) <= 0)
      assert.deepEqual(verify(instance, plan).errors, [])
      const doctorOf = new Map(flow.pairs.map(({ patient, doctor }) => [patient, doctor]))
      splits.plan += plan.objective.splits
      splits.flow += instance.households.reduce((sum, { members }) => {
        const doctors = new Set(members.flatMap(p => doctorOf.get(instance.patients[p]!.id) ?? []))
        return sum + Math.max(0, doctors.size - 1)
      }, 0)
    }),
    RUNS,
  )
  assert.ok(splits.plan < splits.flow / 3, `${splits.plan} splits left of ${splits.flow}`)
})
