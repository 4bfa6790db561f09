import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { middleInstance } from './cases.fixture.ts'
import { type Phase, Stopped, solve } from './index.ts'

test('progress never goes back within a phase, and following it changes nothing in the plan', () => {
  fc.assert(
    fc.property(middleInstance, instance => {
      const told: { phase: Phase; fraction: number }[] = []
      const plan = solve(instance, { nodes: 20, onProgress: progress => told.push(progress) })
      assert.deepEqual(plan, solve(instance, { nodes: 20 }))
      assert.equal(told.find(({ phase }) => phase === 'people')?.fraction, 0)
      assert.equal(told.findLast(({ phase }) => phase === 'people')?.fraction, 1)
      told.forEach(({ phase, fraction }, i) => {
        const before = told[i - 1]
        assert.ok(fraction >= 0 && fraction <= 1)
        if (before?.phase === phase) assert.ok(fraction >= before.fraction)
        if (before?.phase === 'households') assert.equal(phase, 'households')
      })
    }),
    { numRuns: 30, seed: 20260105 },
  )
})

test('the caller ends a solve at any moment: a typed fault, nothing else', () => {
  const [instance] = fc.sample(middleInstance, { numRuns: 1, seed: 20260105 })
  let calls = 0
  solve(instance!, { nodes: 20, shouldStop: () => ++calls < 0 })
  assert.ok(calls > 3)
  for (let at = 1; at <= calls; at++) {
    let seen = 0
    assert.throws(() => solve(instance!, { nodes: 20, shouldStop: () => ++seen === at }), Stopped)
    assert.equal(seen, at)
  }
})
