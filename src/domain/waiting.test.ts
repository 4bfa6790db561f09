import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Curve, curveOf, daysBetween, firstKnown, MIN_AT_RISK, MIN_SERVED, medianWait, type Wait, waitingInterval } from './waiting.ts'

const served = (to: number, from = 0): Wait => ({ from, to, served: true })
const waiting = (to: number, from = 0): Wait => ({ from, to, served: false })
const many = (n: number, make: (i: number) => Wait): Wait[] => Array.from({ length: n }, (_, i) => make(i))
/** Probability of still waiting after the last step, by the definition. */
const stillWaiting = (c: Curve) => c.steps.reduce((s, { atRisk, served }) => s * (1 - served / atRisk), 1)

test('the curve is the one of the textbooks, ties and people last seen waiting included', () => {
  // Freireich and others, Blood 21, 1963, 6-MP arm: 21 patients, 9 events; S(23) = 0.448 in every course of survival analysis.
  const events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
  const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
  const curve = curveOf([...events.map(d => served(d)), ...censored.map(d => waiting(d))])
  assert.deepEqual(curve.steps, [
    { day: 6, atRisk: 21, served: 3 },
    { day: 7, atRisk: 17, served: 1 },
    { day: 10, atRisk: 15, served: 1 },
    { day: 13, atRisk: 12, served: 1 },
    { day: 16, atRisk: 11, served: 1 },
    { day: 22, atRisk: 7, served: 1 },
    { day: 23, atRisk: 6, served: 1 },
  ])
  assert.equal(stillWaiting(curve).toFixed(3), '0.448')
})
test('the limits of the median are those of Brookmeyer and Crowley on the log(-log) scale', () => {
  // The same arm doubled, so that there are enough events. By hand for day 6: S = 36/42 = 0.857, Greenwood 6/(42·36) = 0.00397,
  // spread 1.645·0.0630/0.154 = 0.672, lower limit 0.857^exp(0.672) = 0.739, already under the 0.75 of the first quarter.
  const events = [6, 6, 6, 7, 10, 13, 16, 22, 23].flatMap(d => [served(d), served(d)])
  const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].flatMap(d => [waiting(d), waiting(d)])
  const interval = waitingInterval(curveOf([...events, ...censored]), { early: 0.25, late: 0.5 })!
  assert.equal(interval.from.day, 13)
  assert.equal(interval.to?.day, 23)
  assert.equal(interval.from.earliest, 6)
  assert.equal(interval.to?.latest, null, 'more than half may wait past the end')
})
test('leaving out who still waits makes the wait look short; counting them does not', () => {
  // Half are served on day 10 or 20; the other half have waited 40 days and still wait.
  const waits = [...many(15, () => served(10)), ...many(15, () => served(20)), ...many(40, () => waiting(40))]
  assert.equal(medianWait(curveOf(waits.filter(w => w.served))), 10)
  assert.equal(medianWait(curveOf(waits)), null)
  assert.equal(waitingInterval(curveOf(waits))!.to, null, 'too many still wait to say when three quarters are served')
})
test('who was already waiting when the observation began counts from that day on only', () => {
  const late = many(50, () => waiting(400, 300))
  const early = many(12, i => served(10 + i))
  assert.deepEqual(curveOf([...early, ...late]).steps, curveOf(early).steps)
  const lateServed = many(12, i => served(310 + i, 300))
  assert.equal(curveOf([...many(30, () => waiting(20)), ...lateServed]).steps[0]!.atRisk, 12)
})
test('fewer served than the minimum: we do not know', () => {
  const few = [...many(MIN_SERVED - 1, i => served(5 + i)), ...many(30, () => waiting(60))]
  assert.equal(waitingInterval(curveOf(few)), null)
  assert.equal(medianWait(curveOf(few)), null)
  assert.notEqual(waitingInterval(curveOf([...few.slice(0, 10), ...many(10, () => served(20))])), null)
})
test('who has waited is answered from those who waited as long', () => {
  const waits = [...many(40, () => served(3)), ...many(40, i => served(100 + i))]
  assert.equal(waitingInterval(curveOf(waits))!.from.day, 3)
  const after = waitingInterval(curveOf(waits), { waited: 50 })!
  assert.ok(after.from.day >= 100)
  assert.equal(after.served, 40)
  assert.equal(waitingInterval(curveOf(waits), { waited: 135 }), null, 'nobody left to learn from')
})
test('days with hardly anybody waiting move nothing', () => {
  const waits = [...many(MIN_AT_RISK - 1, () => served(1)), ...many(20, i => served(30 + i, 2))]
  assert.ok(waitingInterval(curveOf(waits))!.from.day >= 30)
})
test('the wider group answers when the closer one cannot', () => {
  const thin = { group: 'commune', curve: curveOf(many(5, () => served(9))) }
  const wide = { group: 'community', curve: curveOf(many(20, i => served(9 + i))) }
  assert.equal(firstKnown([thin, wide], {})?.group, 'community')
  assert.equal(firstKnown([thin], {}), null)
})
test('a started day is a day', () => {
  const at = new Date('2026-11-22T09:00:00Z')
  assert.equal(daysBetween(at, at), 1)
  assert.equal(daysBetween(at, new Date('2026-11-23T09:00:00Z')), 1)
  assert.equal(daysBetween(at, new Date('2026-11-23T09:00:01Z')), 2)
})

const anyWait = fc
  .record({ from: fc.nat(60), lasts: fc.integer({ min: 1, max: 200 }), served: fc.boolean() })
  .map(w => ({ from: w.from, to: w.from + w.lasts, served: w.served }))
test('always: bounds in order, limits around them, nothing before what was waited', () => {
  fc.assert(
    fc.property(fc.array(anyWait, { minLength: 12, maxLength: 120 }), fc.nat(150), (waits, waited) => {
      const i = waitingInterval(curveOf(waits), { waited })
      if (!i) return
      assert.ok(i.served >= MIN_SERVED && i.people >= MIN_AT_RISK)
      for (const b of [i.from, i.to]) {
        if (!b) continue
        assert.ok(b.day > waited && b.earliest <= b.day && (b.latest === null || b.latest >= b.day))
      }
      if (i.to) assert.ok(i.to.day >= i.from.day)
    }),
  )
})
test('with nobody still waiting it is the ordinary median', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2 * MIN_SERVED, maxLength: 80 }), days => {
      const sorted = [...days].sort((a, b) => a - b)
      const half = sorted[Math.ceil(sorted.length / 2) - 1]!
      // Ties aside, the first day by which half were served.
      assert.equal(medianWait(curveOf(days.map(d => served(d)))), half)
    }),
  )
})
