import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { extremes } from './extremes.ts'

test('what is known of a sum bounds its parts', () => {
  assert.deepEqual(extremes([[1, 1, 1]], [12], 0), { lo: 0, hi: 12 })
  // a + b = 10 and b + c = 4: a is at least 6.
  assert.deepEqual(
    extremes(
      [
        [1, 1, 0],
        [0, 1, 1],
      ],
      [10, 4],
      0,
    ),
    { lo: 6, hi: 10 },
  )
})
test('the same sum twice says nothing more; sums that cannot be are seen', () => {
  const twice = [
    [1, 1],
    [1, 1],
  ]
  assert.deepEqual(extremes(twice, [5, 5], 1), { lo: 0, hi: 5 })
  assert.equal(extremes(twice, [5, 6], 1), null)
})
/** By trying everything: small sums of small whole numbers, whose extremes are whole when each unknown is in at most two sums. */
test('agrees with trying everything', () => {
  const system = fc.record({
    // Rows of a bipartite incidence matrix: totally unimodular, so that the extremes are whole.
    cells: fc.array(fc.tuple(fc.nat(1), fc.nat(1), fc.nat(4)), { minLength: 2, maxLength: 5 }),
    unknown: fc.nat(4),
  })
  fc.assert(
    fc.property(system, ({ cells, unknown }) => {
      const rows: number[][] = [0, 1, 2, 3].map(r => cells.map(([a, b]) => (a === r || b + 2 === r ? 1 : 0)))
      const sums = rows.map(row => row.reduce((sum, c, j) => sum + c * cells[j]![2], 0))
      const at = unknown % cells.length
      let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      const values: number[] = []
      const walk = (): void => {
        if (values.length === cells.length) {
          if (rows.some((row, r) => row.reduce((sum, c, j) => sum + c * values[j]!, 0) !== sums[r])) return
          lo = Math.min(lo, values[at]!)
          hi = Math.max(hi, values[at]!)
          return
        }
        for (let v = 0; v <= 12; v++) {
          values.push(v)
          walk()
          values.pop()
        }
      }
      if (cells.length <= 4) {
        walk()
        const found = extremes(rows, sums, at)!
        assert.ok(Math.abs(found.lo - lo) < 1e-6 && Math.abs(found.hi - hi) < 1e-6, JSON.stringify({ cells, at, found, lo, hi }))
      }
    }),
    { numRuns: 60 },
  )
})
