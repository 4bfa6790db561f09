/** Waiting lists with real geography and invented people: the communes and populations of `demo/territories.json`, everything else drawn from a seed. */
import { readFileSync } from 'node:fs'
import type { Doctor, Patient, Profile } from '#domain/assignment/index.ts'

type Commune = { code: string; population: number; lon: number; lat: number }

export type Shape = {
  /** slugs of demo/territories.json; neighbours may be taken together */
  territories: string[]
  patients: number
  doctors: number
  /** share of the patients who wait with somebody of their household, from 0 to 1 */
  households: number
  /** 'commune' = people are at the centre of their commune, as Trame knows them; 'street' = each has an address of his own */
  places: 'commune' | 'street'
  /** travel caps, one drawn per patient */
  caps: readonly number[]
  /** places of all doctors over patients: below 1, points decide who is served */
  room: number
  seed: number
}

/** mulberry32: a seed gives the same list on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

type Draw = {
  random: () => number
  between: (low: number, high: number) => number
  /** a commune, by its population to the power given: doctors settle where people are, and a little more */
  commune: (power: number) => Commune
  around: (commune: Commune) => { lon: number; lat: number }
  communes: Commune[]
}

/** Patients and doctors of a shape; the same shape gives the same people. */
export function waitingList(shape: Shape): { patients: Patient[]; doctors: Doctor[] } {
  const random = seeded(shape.seed)
  const communes = communesOf(shape.territories)
  const draw: Draw = {
    random,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    commune: power => pick(communes, ({ population }) => population ** power, random),
    // A street within about a kilometre of the centre; drawn in both cases, so that the people are the same.
    around: ({ lon, lat }) => {
      const [x, y] = [random() - 0.5, random() - 0.5]
      return shape.places === 'commune' ? { lon, lat } : { lon: lon + x * 0.03, lat: lat + y * 0.02 }
    },
    communes,
  }
  const patients = drawPatients(shape, draw)
  return { patients, doctors: Array.from({ length: shape.doctors }, (_, i) => drawDoctor(shape, draw, i)) }
}

function communesOf(slugs: string[]): Commune[] {
  const file = new URL('../../demo/territories.json', import.meta.url)
  const { territories } = JSON.parse(readFileSync(file, 'utf8')) as { territories: { slug: string; communes: Commune[] }[] }
  return slugs.flatMap(slug => {
    const found = territories.find(territory => territory.slug === slug)
    if (!found) throw new Error(`no territory ${slug}`)
    return found.communes
  })
}

const SPOKEN = ['en', 'ar', 'pt', 'es', 'uk', 'tr']

function drawPatients(shape: Shape, draw: Draw): Patient[] {
  const { random, between } = draw
  const patients: Patient[] = []
  for (let home = 0; patients.length < shape.patients; home++) {
    const commune = draw.commune(1)
    const place = draw.around(commune)
    // Households are of 2 to 5, 3.5 on average: so many homes are theirs that they make the share asked for.
    const size = shape.households > 0 && random() < shape.households / (3.5 - 2.5 * shape.households) ? between(2, 5) : 1
    const languages = random() < 0.06 ? [SPOKEN[between(0, SPOKEN.length - 1)]!] : []
    const maxMinutes = shape.caps[between(0, shape.caps.length - 1)]!
    for (let member = 0; member < size && patients.length < shape.patients; member++) {
      const age = size > 1 ? (member < 2 ? between(20, 60) : between(0, 17)) : between(0, 95)
      const ald = random() < 0.15 + age / 400
      const homeVisit = age > 75 && random() < 0.3
      const profile: Profile = homeVisit ? 'home' : ald ? 'ald' : age < 16 ? 'child' : 'adult'
      patients.push({
        id: `P${String(patients.length).padStart(6, '0')}`,
        place,
        communeCode: commune.code,
        profile,
        age,
        priority: 1 + (ald ? between(2, 5) : 0) + (homeVisit ? 4 : 0) + (age >= 70 ? 3 : 0) + between(0, 3),
        since: new Date(Date.UTC(2025, 0, 1) + between(0, 500 * 24 * 60) * 60_000).toISOString(),
        household: size > 1 ? `H${home}` : null,
        languages,
        wheelchair: random() < 0.03,
        maxMinutes,
        excluded: [],
      })
    }
  }
  // One in twenty has already refused a doctor, or been refused by one.
  for (const patient of patients) if (random() < 0.05) patient.excluded = [doctorId(between(0, shape.doctors - 1))]
  return patients
}

const doctorId = (i: number) => `D${String(i).padStart(3, '0')}`

function drawDoctor(shape: Shape, draw: Draw, i: number): Doctor {
  const { random, between } = draw
  const commune = draw.commune(1.1)
  const mean = (shape.room * shape.patients) / shape.doctors
  return {
    id: doctorId(i),
    place: draw.around(commune),
    communeCode: commune.code,
    capacity: {
      total: between(0, Math.max(2, Math.round(2 * mean))),
      ...(random() < 0.25 ? { child: between(0, Math.max(2, Math.round(mean / 4))) } : {}),
      ...(random() < 0.5 ? { home: between(0, Math.max(2, Math.round(mean / 6))) } : {}),
    },
    ...(random() < 0.1 ? { minAge: 6 } : {}),
    communes: random() < 0.05 ? draw.communes.filter(() => random() < 0.5).map(({ code }) => code) : [],
    languages: ['fr', ...SPOKEN.filter(() => random() < 0.3)],
    wheelchair: random() < 0.75,
  }
}

function pick<T>(items: readonly T[], weight: (item: T) => number, random: () => number): T {
  let at = random() * items.reduce((sum, item) => sum + weight(item), 0)
  for (const item of items) {
    at -= weight(item)
    if (at <= 0) return item
  }
  return items.at(-1)!
}
