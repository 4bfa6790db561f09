/** Import of the communes: base list from `@etalab/decoupage-administratif`, centres from a file of coordinates. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { departmentOf, isCommuneCode } from '#domain/ids.ts'
import { type ImportConnection, importTransaction, type Owner } from './connection.ts'
import { ImportRefused } from './report.ts'

/**
 * What `@etalab/decoupage-administratif` 6.0.0 holds, by its own documentation: communes of the code officiel géographique of
 * 1 January 2026 (release « Mise à jour COG 2026 »), municipal populations of reference 2023 (INSEE, 8680726 and 8680702 for
 * overseas; release 5.3.0 « Update pop 2023 »), of 2017 for Mayotte (INSEE, 3291775).
 */
export const POPULATION_YEAR = 2023
export const POPULATION_YEAR_MAYOTTE = 2017

/** Communes sent to the database at a time. */
const PART = 3000

export interface CommunesReport {
  status: 'done' | 'unchanged'
  communes: number
  withCentre: number
  /** Communes, former codes and removals written. */
  rowsWritten: number
  /** Codes of the file that are nowhere in the list. */
  unknownCodes: number
}

interface Commune {
  code: string
  name: string
  department: string
  postalCodes: string[]
  epciSiren: string | null
  epciName: string | null
  cityCode: string | null
  population: number | null
  populationYear: number | null
}

interface EtalabCommune {
  code: string
  nom: string
  type: 'commune-actuelle' | 'commune-deleguee' | 'commune-associee' | 'arrondissement-municipal'
  commune?: string
  chefLieu?: string
  anciensCodes?: string[]
  departement?: string
  codesPostaux?: string[]
  population?: number
}

/**
 * Fills `ref.commune` and `ref.commune_alias` with the list that comes with the program (no network), and keeps the centres
 * already known. Writes only what differs: run again it writes nothing. Takes a second the first time.
 */
export function loadCommunes(owner: Owner, signal?: AbortSignal): Promise<CommunesReport> {
  return importTransactionOf(owner, signal, async connection => {
    const { communes, aliases } = await readBaseList()
    return mergeBaseList(connection, communes, aliases)
  })
}

/**
 * Adds to the list what a file knows: a CSV `code,lon,lat` (degrees, WGS 84), or the JSON of `https://geo.api.gouv.fr/communes`
 * (`[{code, nom, codesPostaux, centre: {coordinates: [lon, lat]}, population, codeEpci}]`). The base list is loaded first.
 * Throws `ImportRefused` when the file is neither; then nothing is changed.
 */
export async function importCommunes(source: string, options: { owner: Owner; signal?: AbortSignal; now?: Date }): Promise<CommunesReport> {
  if (!existsSync(source))
    throw new ImportRefused('file', 'Le fichier ne peut pas être ouvert\u202f: il n’existe pas. Vérifiez le chemin. Rien n’a été changé.')
  const bytes = await readFile(source)
  const centres = parseCentres(bytes)
  const started = options.now ?? new Date()
  return importTransactionOf(options.owner, options.signal, async connection => {
    const { communes, aliases } = await readBaseList()
    const base = await mergeBaseList(connection, communes, aliases)
    const values = [centres.map(c => c.code), centres.map(c => c.lon), centres.map(c => c.lat)]
    const changed = await connection.query(
      `update ref.commune c set lon = round(f.lon, 5), lat = round(f.lat, 5) from unnest($1::text[], $2::numeric[], $3::numeric[]) f (code, lon, lat)
        where c.code = f.code and (c.lon, c.lat) is distinct from (round(f.lon, 5), round(f.lat, 5))`,
      values,
    )
    const { rows } = await connection.query<{ known: string; centres: string }>(
      `select (select count(*) from unnest($1::text[]) f (code) join ref.commune using (code)) as known, (select count(lon) from ref.commune) as centres`,
      [values[0]],
    )
    const written = base.rowsWritten + (changed.rowCount ?? 0)
    if (written > 0)
      await connection.query(
        `insert into ref.import_run (kind, file_name, file_sha256, file_bytes, started_at, finished_at, lines, accepted, rejected, changes, status)
         values ('communes', $1, $2, $3, $4, clock_timestamp(), $5, $6, $7, $8, 'done')`,
        [
          path.basename(source),
          createHash('sha256').update(bytes).digest('hex'),
          bytes.length,
          started,
          centres.length,
          rows[0]!.known,
          centres.length - Number(rows[0]!.known),
          written,
        ],
      )
    return {
      status: written > 0 ? 'done' : 'unchanged',
      communes: base.communes,
      withCentre: Number(rows[0]!.centres),
      rowsWritten: written,
      unknownCodes: centres.length - Number(rows[0]!.known),
    }
  })
}

async function importTransactionOf(
  owner: Owner,
  signal: AbortSignal | undefined,
  work: (connection: ImportConnection) => Promise<CommunesReport>,
): Promise<CommunesReport> {
  let report!: CommunesReport
  await importTransaction(owner, signal, async connection => {
    report = await work(connection)
    return report.status === 'done'
  })
  return report
}

async function readBaseList(): Promise<{ communes: Commune[]; aliases: Map<string, string> }> {
  const resolve = createRequire(import.meta.url).resolve
  const read = async (file: string) => JSON.parse(await readFile(resolve(`@etalab/decoupage-administratif/data/${file}.json`), 'utf8'))
  const list = (await read('communes')) as EtalabCommune[]
  const epci = new Map<string, { code: string; nom: string }>()
  for (const body of (await read('epci')) as { code: string; nom: string; membres: { code: string }[] }[])
    for (const member of body.membres) epci.set(member.code, body)
  const communes: Commune[] = []
  const aliases = new Map<string, string>()
  for (const c of list) {
    const present = c.type === 'commune-actuelle'
    if (present || c.type === 'arrondissement-municipal') {
      const department = c.departement ?? departmentOf(c.code)
      const cityCode = present ? null : (c.commune ?? null)
      const body = epci.get(cityCode ?? c.code)
      const populationYear = c.population == null ? null : department === '976' ? POPULATION_YEAR_MAYOTTE : POPULATION_YEAR
      communes.push({
        code: c.code,
        name: c.nom,
        department,
        postalCodes: c.codesPostaux ?? [],
        epciSiren: body?.code ?? null,
        epciName: body?.nom ?? null,
        cityCode,
        population: c.population ?? null,
        populationYear,
      })
    } else if (c.chefLieu) aliases.set(c.code, c.chefLieu)
    for (const old of c.anciensCodes ?? []) if (present) aliases.set(old, c.code)
  }
  for (const { code } of communes) aliases.delete(code)
  return { communes, aliases }
}

async function mergeBaseList(connection: ImportConnection, communes: Commune[], aliases: Map<string, string>): Promise<CommunesReport> {
  let written = 0
  const statement = async (text: string, values: unknown[]) => {
    written += (await connection.query(text, values)).rowCount ?? 0
  }
  // In parts: the whole list as one text would double the memory of an import that has to load it first.
  for (let from = 0; from < communes.length; from += PART)
    await statement(
      `insert into ref.commune (code, name, department, postal_codes, epci_siren, epci_name, city_code, population, population_year)
     select code, name, department, array(select jsonb_array_elements_text("postalCodes")), "epciSiren", "epciName", "cityCode", population, "populationYear"
       from jsonb_to_recordset($1::jsonb) as c (code text, name text, department text, "postalCodes" jsonb, "epciSiren" text, "epciName" text, "cityCode" text, population int, "populationYear" int)
     on conflict (code) do update set (name, department, postal_codes, epci_siren, epci_name, city_code, population, population_year) =
       (excluded.name, excluded.department, excluded.postal_codes, excluded.epci_siren, excluded.epci_name, excluded.city_code, excluded.population, excluded.population_year)
     where (ref.commune.name, ref.commune.department, ref.commune.postal_codes, ref.commune.epci_siren, ref.commune.epci_name, ref.commune.city_code, ref.commune.population, ref.commune.population_year)
       is distinct from (excluded.name, excluded.department, excluded.postal_codes, excluded.epci_siren, excluded.epci_name, excluded.city_code, excluded.population, excluded.population_year)`,
      [JSON.stringify(communes.slice(from, from + PART))],
    )
  await statement('delete from ref.commune where code <> all ($1::text[])', [communes.map(c => c.code)])
  await statement(
    `insert into ref.commune_alias (old_code, code) select * from unnest($1::text[], $2::text[]) a (old_code, code)
      where code in (select code from ref.commune)
     on conflict (old_code) do update set code = excluded.code where ref.commune_alias.code <> excluded.code`,
    [[...aliases.keys()], [...aliases.values()]],
  )
  await statement('delete from ref.commune_alias where old_code <> all ($1::text[])', [[...aliases.keys()]])
  const { rows } = await connection.query<{ centres: string }>('select count(lon) as centres from ref.commune')
  return {
    status: written > 0 ? 'done' : 'unchanged',
    communes: communes.length,
    withCentre: Number(rows[0]!.centres),
    rowsWritten: written,
    unknownCodes: 0,
  }
}

interface Centre {
  code: string
  lon: number
  lat: number
}

const neither = (line: number | null) =>
  new ImportRefused(
    'file',
    `${line === null ? 'Ce fichier' : `Ligne ${line}\u202f: le fichier`} n’est ni un CSV «\u202fcode,lon,lat\u202f», ni la liste des communes de geo.api.gouv.fr. Rien n’a été changé.`,
    line,
  )

function parseCentres(bytes: Buffer): Centre[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ImportRefused('encoding', 'Le fichier n’est pas en UTF-8. Rien n’a été changé.')
  }
  return text.trimStart().startsWith('[') ? parseJson(text) : parseCsv(text)
}

const centre = (code: unknown, lon: unknown, lat: unknown): Centre | null =>
  typeof code === 'string' &&
  isCommuneCode(code) &&
  typeof lon === 'number' &&
  typeof lat === 'number' &&
  Math.abs(lon) <= 180 &&
  Math.abs(lat) <= 90
    ? { code, lon, lat }
    : null

function parseJson(text: string): Centre[] {
  let list: { code?: unknown; centre?: { coordinates?: unknown[] } }[]
  try {
    list = JSON.parse(text)
  } catch {
    throw neither(null)
  }
  const found = list.filter(c => c?.centre).map(c => centre(c.code, c.centre?.coordinates?.[0], c.centre?.coordinates?.[1]))
  if (found.length === 0 || found.includes(null)) throw neither(null)
  return found as Centre[]
}

function parseCsv(text: string): Centre[] {
  const lines = text.split(/\r?\n/)
  if (lines[0] !== 'code,lon,lat') throw neither(1)
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(1).map((line, i) => {
    const [code, lon, lat, ...more] = line.split(',')
    const found = more.length === 0 && lon && lat ? centre(code, Number(lon), Number(lat)) : null
    if (!found) throw neither(i + 2)
    return found
  })
}
