import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { distanceKm, travelMinutes } from './geo.ts'

const PARIS = { lon: 2.3522, lat: 48.8566 }
const LYON = { lon: 4.8357, lat: 45.764 }

test('Paris to Lyon is about 392 km in a straight line', () => {
  assert.ok(Math.abs(distanceKm(PARIS, LYON) - 392) < 1.5)
})

test('the same place is the floor of 5 minutes, and far costs more', () => {
  assert.equal(travelMinutes(PARIS, PARIS), 5)
  // 10 km in a straight line = 13 km of road: 5 km at 30 km/h, 8 km at 50 km/h, and the floor.
  const tenKmNorth = { lon: PARIS.lon, lat: PARIS.lat + 10 / 111.195 }
  assert.equal(travelMinutes(PARIS, tenKmNorth), Math.ceil(5 + 10 + 9.6))
})

const point = fc.record({ lon: fc.double({ min: -5, max: 9, noNaN: true }), lat: fc.double({ min: 41, max: 51, noNaN: true }) })

test('travel is whole minutes, symmetrical, and never shorter for a longer distance', () => {
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      assert.ok(Number.isInteger(travelMinutes(a, b)))
      assert.equal(travelMinutes(a, b), travelMinutes(b, a))
      if (distanceKm(a, b) < distanceKm(a, c)) assert.ok(travelMinutes(a, b) <= travelMinutes(a, c))
    }),
  )
})

test('what is not a point is refused', () => {
  assert.throws(() => travelMinutes(PARIS, { lon: Number.NaN, lat: 0 }), RangeError)
  assert.throws(() => travelMinutes(PARIS, { lon: 0, lat: 91 }), RangeError)
})
