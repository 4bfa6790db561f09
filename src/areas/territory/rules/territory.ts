/** Sums over the territory: pure. */
import { type AciSize, aciSize } from '#domain/size.ts'

export interface Commune {
  code: string
  name: string
  department: string
  postalCodes: string[]
  epciSiren: string | null
  epciName: string | null
  /** For a municipal district (Paris, Lyon, Marseille): the city it is part of. */
  cityCode: string | null
  population: number | null
  populationYear: number | null
  lon: number | null
  lat: number | null
}
export interface TerritoryCommune extends Commune {
  since: string
  addedBy: string
  /** False when the code is no longer in the reference list (merged commune). */
  known: boolean
  /** The commune that the code is part of now, when it was merged. */
  mergedInto: string | null
}

export interface Population {
  total: number
  /** Years of the populations summed, ascending; more than one is said on the page. */
  years: number[]
  /** Communes whose population is not known: the sum is then a minimum. */
  unknown: string[]
  /** Districts left out because their whole city is in the territory too. */
  counted: number
}

/** Sums the reference populations, never a city and its own districts together. */
export function populationOf(communes: readonly Commune[]): Population {
  const codes = new Set(communes.map(c => c.code))
  const counted = communes.filter(c => !(c.cityCode && codes.has(c.cityCode)))
  return {
    total: counted.reduce((sum, c) => sum + (c.population ?? 0), 0),
    years: [...new Set(counted.flatMap(c => c.populationYear ?? []))].sort((a, b) => a - b),
    unknown: counted.filter(c => c.population === null).map(c => c.name),
    counted: counted.length,
  }
}

/** « 2023 », « 2021 et 2023 ». */
export const yearsText = (years: readonly number[]): string => (years.length === 0 ? 'année inconnue' : years.join(' et '))

export interface SizeDecision {
  /** Null: back to the deduced size. */
  size: AciSize | null
  reason: string
  decidedOn: string
  by: string
  at: Date
}
export interface Size {
  /** The one to use everywhere. Null while the territory is empty and nothing was decided. */
  size: AciSize | null
  deduced: AciSize | null
  /** The decision that holds, when it is not the deduced size. */
  decision: SizeDecision | null
}
/** The last decision holds; without one, the size is deduced from the population. */
export function sizeOf(population: Population, decisions: readonly SizeDecision[]): Size {
  const deduced = population.counted === 0 ? null : aciSize(population.total)
  const last = decisions[0] ?? null
  const decision = last?.size ? last : null
  return { size: decision?.size ?? deduced, deduced, decision }
}

export type Search = { by: 'nothing' } | { by: 'postal-code'; code: string } | { by: 'siren'; siren: string } | { by: 'name'; text: string }
/** What was typed in the one box: five digits are a postal code, nine a SIREN, anything else a name. */
export function searchOf(typed: string): Search {
  const text = typed.normalize('NFC').trim().slice(0, 80)
  const digits = text.replace(/[\s\u00a0\u202f]/g, '')
  if (/^\d{5}$/.test(digits)) return { by: 'postal-code', code: digits }
  if (/^\d{9}$/.test(digits)) return { by: 'siren', siren: digits }
  return text.length < 2 ? { by: 'nothing' } : { by: 'name', text }
}

/**
 * A point beside each centre, where a mark does not cover the number of the circle: right, left, above or below, the first
 * that is still nearest to its own commune. The larger the population, the larger the circle, the farther the mark.
 */
export function besideCentres<C extends { lon: number; lat: number; population: number | null }>(communes: readonly C[]): C[] {
  const lons = communes.map(c => c.lon)
  const most = Math.max(1, ...communes.map(c => c.population ?? 0))
  const width = Math.max(0.02, Math.max(...lons) - Math.min(...lons))
  // A degree of longitude is about two thirds of one of latitude in France.
  const far = (a: { lon: number; lat: number }, b: { lon: number; lat: number }) => Math.hypot((a.lon - b.lon) * 0.67, a.lat - b.lat)
  return communes.map(c => {
    const d = width * (0.02 + 0.06 * Math.sqrt((c.population ?? 0) / most))
    const tries = [
      { lon: c.lon + d, lat: c.lat },
      { lon: c.lon - d, lat: c.lat },
      { lon: c.lon, lat: c.lat + d * 0.67 },
      { lon: c.lon, lat: c.lat - d * 0.67 },
    ]
    const spot = tries.find(t => communes.every(o => o === c || far(t, c) < far(t, o)))
    return { ...c, ...(spot ?? {}) }
  })
}
