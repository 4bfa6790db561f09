import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { euros, formatEuros, proportion, shareOut, split } from './money.ts'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

describe('what is shared out', () => {
  it('adds up: thirds of 185 000 €', () => {
    assert.deepEqual(split(euros(185_000), [1, 1, 1]), [6_166_667, 6_166_667, 6_166_666])
  })
  it('adds up to the cent whatever the amount and the weights, each part within a cent of its exact share', () => {
    const weights = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 12 }).filter(w => sum(w) > 0)
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000, max: 60_000_000 }), weights, (amount, w) => {
        const parts = split(amount, w)
        assert.equal(sum(parts), amount)
        for (const [i, part] of parts.entries()) {
          assert.ok(Math.abs(part - (amount * w[i]!) / sum(w)) < 1 + 1e-6, `${part}`)
          if (w[i] === 0) assert.equal(part, 0)
        }
      }),
    )
  })
  it('gives the cents left over to the largest remainders, the first winning a tie', () => {
    assert.deepEqual(split(100, [333, 333, 334]), [33, 33, 34])
    assert.deepEqual(split(100, [1, 1, 1]), [34, 33, 33])
    assert.deepEqual(split(-100, [1, 1, 1]), [-34, -33, -33])
    assert.deepEqual(split(5, [1, 1]), [3, 2])
  })
  it('rounds the sum once, not each part', () => {
    assert.deepEqual(shareOut([14, 14, 14], 10), [2, 1, 1])
    assert.deepEqual(shareOut([4, 4], 10), [1, 0])
    assert.deepEqual(shareOut([2, 2], 10), [0, 0])
  })
  it('refuses what has no proportions', () => {
    assert.throws(() => split(100, [0, 0]), RangeError)
    assert.throws(() => shareOut([-1], 10), RangeError)
  })
})
describe('a proportion', () => {
  it('rounds half away from zero, also below it', () => {
    assert.equal(proportion(5_000_000, 75, 100), 3_750_000)
    assert.equal(proportion(1, 1, 2), 1)
    assert.equal(proportion(-1, 1, 2), -1)
    assert.equal(proportion(1, 49, 100), 0)
  })
  it('is exact where floating point is not', () => {
    assert.equal(proportion(58_000_000, 999_999_999_999, 1_000_000_000_000), 58_000_000)
    assert.equal(proportion(90_071_992_547, 600_003, 7), Number((90_071_992_547n * 600_003n * 2n + 7n) / 14n))
  })
  it('agrees with big integers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(10_000_000), fc.integer({ min: 1, max: 2 ** 40 }), (amount, n, d) => {
        const exact = (2n * BigInt(Math.abs(amount)) * BigInt(n) + BigInt(d)) / (2n * BigInt(d))
        if (exact > BigInt(Number.MAX_SAFE_INTEGER)) return
        assert.equal(Math.abs(proportion(amount, n, d)), Number(exact))
      }),
    )
  })
  it('refuses a denominator of zero and a part of a cent', () => {
    assert.throws(() => proportion(100, 1, 0), RangeError)
    assert.throws(() => proportion(0.5, 1, 2), RangeError)
    assert.throws(() => euros(Number.NaN), RangeError)
  })
})
it('is written in French, without breaking', () => {
  assert.equal(formatEuros(18_500_000), '185\u202f000\u00a0€')
  assert.equal(formatEuros(6_166_667), '61\u202f666,67\u00a0€')
  assert.equal(formatEuros(-5), '\u22120,05\u00a0€')
  assert.equal(formatEuros(123_456_789_00), '123\u202f456\u202f789\u00a0€')
})
