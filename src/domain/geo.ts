/** Where a place is, in degrees (WGS 84). */
export type Point = { lon: number; lat: number }

const EARTH_KM = 6371.0088
const RADIANS = Math.PI / 180

/**
 * Great-circle distance between two points.
 *
 * @returns kilometres, on a sphere of the mean Earth radius (6 371.0088 km): at most 0.5 % away from the ellipsoid.
 */
export function distanceKm(a: Point, b: Point): number {
  const dLat = (b.lat - a.lat) * RADIANS
  const dLon = (b.lon - a.lon) * RADIANS
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Assumed: a road is about 1.3 times as long as the straight line. */
const DETOUR = 1.3
/** Assumed: parking, walking to the car and to the practice, whatever the distance. Also the time within one commune. */
const FLOOR_MINUTES = 5
/** Assumed door-to-door car speeds, km/h by road kilometre: town streets, then departmental roads, then fast roads. */
const SPEEDS: readonly { upToKm: number; kmh: number }[] = [
  { upToKm: 5, kmh: 30 },
  { upToKm: 20, kmh: 50 },
  { upToKm: Number.POSITIVE_INFINITY, kmh: 75 },
]

/**
 * Travel time by car between two places: an ESTIMATE, not a route.
 *
 * Straight-line distance × 1.3, driven at 30 km/h for the first 5 km, 50 km/h up to 20 km, 75 km/h beyond, plus a fixed
 * 5 minutes, rounded up. All four figures are assumptions in the usual range for French roads, fitted to nothing and
 * measured on nothing: no traffic, no river, no mountain, no public transport. Two people of one commune, whose place is
 * the commune's centre, are at the 5-minute floor. It is symmetrical and never decreases with distance.
 *
 * @returns whole minutes, at least 5
 * @throws RangeError when a coordinate is not a finite longitude or latitude
 */
export function travelMinutes(a: Point, b: Point): number {
  assertPoint(a)
  assertPoint(b)
  const roadKm = distanceKm(a, b) * DETOUR
  let hours = 0
  let from = 0
  for (const { upToKm, kmh } of SPEEDS) {
    hours += Math.max(0, Math.min(roadKm, upToKm) - from) / kmh
    from = upToKm
  }
  // A hair less before rounding up, so that a→b and b→a cannot differ by the last bit of a floating-point sum.
  return FLOOR_MINUTES + Math.max(0, Math.ceil(hours * 60 - 1e-9))
}

function assertPoint({ lon, lat }: Point): void {
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) throw new RangeError(`not a point: lon ${lon}, lat ${lat}`)
}
