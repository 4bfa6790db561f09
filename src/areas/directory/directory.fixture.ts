/** Invented professionals in real communes, written as the import would: for tests and pictures. */

import { makeRpps } from '#domain/ids.ts'
import type { TestApp } from '../../../test/app.ts'

export interface Someone {
  family: string
  given?: string
  civility?: string
  profession?: string
  skills?: string[]
  category?: string
  active?: boolean
  places: { commune: string | null; phone?: string; mode?: string; sector?: string; name?: string; street?: string; postal?: string }[]
}
let last = 1_009_000_000
const labels: Record<string, string> = {
  '10': 'Médecin',
  '21': 'Pharmacien',
  '40': 'Chirurgien-Dentiste',
  '60': 'Infirmier',
  '70': 'Masseur-Kinésithérapeute',
  '86': 'Technicien de laboratoire médical',
  '91': 'Orthophoniste',
}

export async function importRun(t: TestApp, at = t.now): Promise<number> {
  const [run] = await t.owner(
    `insert into ref.import_run (kind, file_name, file_sha256, file_bytes, started_at, finished_at, lines, accepted, rejected, status)
     values ('rpps', 'extract.txt', repeat('0', 64), 1, $1, $1, 1, 1, 0, 'done') returning id`,
    [at],
  )
  return Number(run!.id)
}
export async function commune(
  t: TestApp,
  code: string,
  name: string,
  population: number,
  o: { postal?: string; lon?: number; lat?: number } = {},
) {
  await t.owner(
    `insert into ref.commune (code, name, department, postal_codes, population, population_year, lon, lat)
     values ($1, $2, left($1, 2), $3, $4, 2023, $5, $6) on conflict do nothing`,
    [code, name, [o.postal ?? `${code.slice(0, 2)}000`], population, o.lon ?? 2.2, o.lat ?? 48.7],
  )
}
/** Returns the RPPS number made for each. */
export async function people(t: TestApp, run: number, all: readonly Someone[]): Promise<string[]> {
  const numbers = all.map(() => makeRpps(String(++last)))
  const persons = all.map((p, i) => ({
    rpps: numbers[i],
    family_name: p.family,
    given_name: p.given ?? null,
    civility: p.civility ?? null,
    profession_code: p.profession ?? '10',
    profession: labels[p.profession ?? '10'] ?? null,
    category_code: p.category ?? 'C',
    active: p.active ?? true,
    first_seen: '2025-03-01',
    run,
  }))
  const places = all.flatMap((p, i) =>
    p.places.map((o, j) => ({
      rpps: numbers[i],
      place_key: `k${j}`,
      profession_code: p.profession ?? '10',
      mode_code: o.mode ?? 'L',
      sector_code: o.sector ?? (o.mode === 'S' ? 'SA01' : 'SA07'),
      skill_codes: p.skills ?? ((p.profession ?? '10') === '10' ? ['SM54'] : []),
      name: o.name ?? null,
      street: o.street ?? null,
      postal_code: o.postal ?? null,
      commune_code: o.commune,
      phone: o.phone ?? null,
      run,
    })),
  )
  await t.owner(
    `insert into ref.practitioner (rpps, family_name, given_name, civility, profession_code, profession, category_code, active, first_seen, run)
     select rpps, family_name, given_name, civility, profession_code, profession, category_code, active, first_seen, run
     from jsonb_populate_recordset(null::ref.practitioner, $1)`,
    [JSON.stringify(persons)],
  )
  await t.owner(
    `insert into ref.practice_place (rpps, place_key, profession_code, mode_code, sector_code, skill_codes, name, street, postal_code, commune_code, phone, run)
     select rpps, place_key, profession_code, mode_code, sector_code, skill_codes, name, street, postal_code, commune_code, phone, run
     from jsonb_populate_recordset(null::ref.practice_place, $1)`,
    [JSON.stringify(places)],
  )
  return numbers
}
/** As many people of one profession as asked, spread over the communes. */
export const many = (n: number, profession: string, communes: readonly string[], o: Partial<Someone> = {}): Someone[] =>
  Array.from({ length: n }, (_, i) => ({
    family: `${labels[profession]?.slice(0, 3).toUpperCase()}${String(i).padStart(3, '0')}`,
    given: 'CAMILLE',
    profession,
    places: [{ commune: communes[i % communes.length]!, phone: '0470000000', name: `CABINET ${i}`, street: `${i + 1} RUE DE LA GARE` }],
    ...o,
  }))
