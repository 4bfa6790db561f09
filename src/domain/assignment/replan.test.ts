import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bruteForceFrom, middleInstance, tightInstance, without, withoutHouseholds } from './cases.fixture.ts'
import { replan, solve } from './index.ts'
import type { Instance, Plan } from './types.ts'
import { verify } from './verify.ts'

const RUNS = { numRuns: 2000, seed: 20260106 }

/** What may happen to a list: some left, some came, doctors gained or lost places, somebody and a doctor no longer want each other. */
type Change = { gone: number[]; come: number[]; totals: number[]; refused: number; points: number }

const change: fc.Arbitrary<Change> = fc.record({
  gone: fc.array(fc.nat(200), { maxLength: 2 }),
  come: fc.array(fc.nat(200), { maxLength: 2 }),
  totals: fc.array(fc.constantFrom(0, 0, 0, -1, 1, -2), { minLength: 4, maxLength: 12 }),
  refused: fc.nat(20),
  points: fc.nat(20),
})

function applied(whole: Instance, { gone, come, totals, refused, points }: Change): { old: Instance; now: Instance } {
  const names = (indexes: number[]) => new Set(indexes.map(i => `p${i}`))
  const now = without(whole, names(gone))
  const doctors = now.doctors.map((doctor, d) => ({ ...doctor, total: Math.max(0, doctor.total + (totals[d % totals.length] ?? 0)) }))
  const patients = now.patients.map((patient, p) => {
    const priority = p === points ? patient.priority + 1 : patient.priority
    if (p !== refused) return { ...patient, priority }
    return { ...patient, priority, doctors: patient.doctors.slice(1), minutes: patient.minutes.slice(1) }
  })
  return { old: without(whole, names(come)), now: { ...now, doctors, patients } }
}

function before(previous: Plan, { patients, doctors }: Instance): number[] {
  const pairOf = new Map(previous.pairs.map(({ patient, doctor }) => [patient, doctor]))
  return patients.map(({ id }) => doctors.findIndex(doctor => doctor.id === pairOf.get(id)))
}

function seniority(instance: Instance, plan: Plan): number {
  const placed = new Set(plan.pairs.map(({ patient }) => patient))
  return instance.patients.reduce((sum, { id }, p) => sum + (placed.has(id) ? instance.patients.length - p : 0), 0)
}

/** Everybody in one of two villages: who has which doctor is then a choice among equals. */
const alike = fc.tuple(tightInstance, fc.boolean()).map(([drawn, isAlike]): Instance => {
  if (!isAlike) return drawn
  const patients = drawn.patients.map((patient, p) => {
    const { profile, doctors, minutes } = drawn.patients[p % 2] ?? patient
    return { ...patient, profile, doctors, minutes: minutes.map(time => time % 2) }
  })
  return { ...drawn, patients }
})

test('after any change the plan is the best one, and of all the best the one that moves the fewest', () => {
  let incremental = 0
  fc.assert(
    fc.property(alike, change, (drawn, changed) => {
      const { old, now } = applied(withoutHouseholds(drawn), changed)
      const previous = solve(old)
      const { plan, kept, moved, ...rest } = replan(previous, now)
      const best = bruteForceFrom(now, before(previous, now))
      assert.deepEqual({ ...plan.objective, seniority: seniority(now, plan), moves: moved.length }, best)
      assert.deepEqual(verify(now, plan), { ok: true, errors: [], certified: plan.objective })
      const present = new Set(now.patients.map(({ id }) => id))
      assert.equal(kept + moved.length, previous.pairs.filter(({ patient }) => present.has(patient)).length)
      if (rest.incremental) incremental++
    }),
    RUNS,
  )
  assert.ok(incremental > RUNS.numRuns * 0.97, `only ${incremental} of ${RUNS.numRuns} were found from the plan before`)
})

test('a hundred patients, one change after another: worth what a new solve finds, to the minute and to the rank', () => {
  fc.assert(
    fc.property(middleInstance, fc.array(change, { minLength: 3, maxLength: 3 }), (drawn, changes) => {
      let now = withoutHouseholds(drawn)
      let plan = solve(now)
      for (const changed of changes) {
        now = applied(now, { ...changed, come: [] }).now
        const fresh = solve(now)
        const { plan: after } = replan(plan, now)
        assert.deepEqual(after.objective, fresh.objective)
        assert.equal(seniority(now, after), seniority(now, fresh))
        assert.deepEqual(verify(now, after), { ok: true, errors: [], certified: fresh.objective })
        plan = after
      }
    }),
    { numRuns: 150, seed: 20260107 },
  )
})

test('nothing has changed: nobody moves, and the plan is the same to the letter', () => {
  fc.assert(
    fc.property(middleInstance, drawn => {
      const instance = withoutHouseholds(drawn)
      const previous = solve(instance)
      const again = replan(previous, instance)
      assert.deepEqual(again.moved, [])
      assert.deepEqual(again.plan.pairs, previous.pairs)
      assert.ok(again.incremental)
    }),
    { numRuns: 150, seed: 20260108 },
  )
})

test('with households too it is worth what a new solve finds', () => {
  fc.assert(
    fc.property(tightInstance, change, (drawn, changed) => {
      const { old, now } = applied(drawn, changed)
      const { plan } = replan(solve(old), now)
      assert.deepEqual(plan.objective, solve(now).objective)
      assert.deepEqual(verify(now, plan).errors, [])
    }),
    RUNS,
  )
})

test('points too large for one level more: solved again, pairs kept by chance, the value as good', () => {
  let remade = 0
  fc.assert(
    fc.property(tightInstance, change, (drawn, changed) => {
      const large = withoutHouseholds(drawn)
      const patients = large.patients.map(patient => ({ ...patient, priority: patient.priority * 2 ** 36 }))
      const { old, now } = applied({ ...large, patients }, changed)
      const again = replan(solve(old), now)
      assert.deepEqual(again.plan.objective, solve(now).objective)
      assert.deepEqual(verify(now, again.plan).errors, [])
      if (!again.incremental) remade++
    }),
    { numRuns: 300, seed: 20260110 },
  )
  assert.ok(remade > 100, `only ${remade} were too large`)
})
