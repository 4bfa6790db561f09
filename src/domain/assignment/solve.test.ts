import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bruteForce, crowdedInstance, middleInstance, tightInstance, villageInstance, withoutHouseholds } from './cases.fixture.ts'
import { compareLevels } from './levels.ts'
import { solve } from './solve.ts'
import type { Instance, Plan } from './types.ts'
import { verify } from './verify.ts'

const RUNS = { numRuns: 2000, seed: 20260101 }

function seniority(instance: Instance, plan: Plan): number {
  const placed = new Set(plan.pairs.map(({ patient }) => patient))
  return instance.patients.reduce((sum, { id }, p) => sum + (placed.has(id) ? instance.patients.length - p : 0), 0)
}

test('without households the plan equals brute force on every level, seniority included, and its prices prove it', () => {
  fc.assert(
    fc.property(tightInstance, drawn => {
      const instance = withoutHouseholds(drawn)
      const plan = solve(instance)
      assert.deepEqual({ ...plan.objective, seniority: seniority(instance, plan) }, bruteForce(instance))
      assert.deepEqual(verify(instance, plan), { ok: true, errors: [], certified: plan.objective })
      assert.equal(plan.gap, 0)
    }),
    RUNS,
  )
})

test('with households the plan equals brute force on the three levels, and the check accepts it', () => {
  fc.assert(
    fc.property(fc.oneof(tightInstance, crowdedInstance), instance => {
      const plan = solve(instance)
      const { seniority: _, ...best } = bruteForce(instance)!
      assert.deepEqual(plan.objective, best)
      assert.deepEqual(plan.bound, best)
      assert.deepEqual(verify(instance, plan).errors, [])
    }),
    { ...RUNS, numRuns: 1000 },
  )
})

test('a hundred patients: the certificate proves the flow, the bound is never beaten, and a longer search is never worse', () => {
  fc.assert(
    fc.property(middleInstance, instance => {
      const flow = solve(withoutHouseholds(instance))
      assert.deepEqual(verify(withoutHouseholds(instance), flow), { ok: true, errors: [], certified: flow.objective })
      const short = solve(instance, { nodes: 20 })
      const long = solve(instance, { nodes: 100 })
      for (const plan of [short, long]) {
        assert.deepEqual(verify(instance, plan).errors, [])
        assert.equal(plan.objective.priority, flow.objective.priority)
        assert.equal(plan.gap === 0, compareLevels(plan.objective, plan.bound) === 0)
      }
      assert.ok(compareLevels(long.objective, short.objective) <= 0)
      if (!short.proof.exhausted) assert.deepEqual(long.objective, short.objective)
    }),
    { numRuns: 60, seed: 20260104 },
  )
})

test('a list nearly all in households: together at the least minutes, which prices prove for most without a search', () => {
  let proven = 0
  fc.assert(
    fc.property(villageInstance, instance => {
      const plan = solve(instance, { nodes: 2 })
      assert.deepEqual(verify(instance, plan).errors, [])
      if (plan.gap === 0) proven++
    }),
    { numRuns: 60, seed: 20260111 },
  )
  assert.ok(proven >= 37, `only ${proven} of 60`)
})
