import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bruteForce, tightInstance, withoutHouseholds } from './small.fixture.ts'
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
    fc.property(tightInstance, instance => {
      const plan = solve(instance)
      const { seniority: _, ...best } = bruteForce(instance)!
      assert.deepEqual(plan.objective, best)
      assert.deepEqual(plan.bound, best)
      assert.deepEqual(verify(instance, plan).errors, [])
    }),
    RUNS,
  )
})
