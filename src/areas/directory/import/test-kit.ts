/** What the tests of the import share: a directory on a fresh database, files changed byte by byte, and a fingerprint of everything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { headerLine, inventPeople, linesOf, type Person, territories } from '../../../../demo/extract.ts'
import { testDatabase } from '../../../../test/database.ts'
import { ImportRefused } from './report.ts'
import { importRpps, type RppsOptions } from './rpps.ts'

export const sudAllier = territories.filter(t => t.slug === 'sud-allier')

/** The text of an extract of these people. */
export const extractOf = (people: readonly Person[], columns: 52 | 56 = 56): string =>
  `${headerLine(columns)}\n${people.map(p => linesOf(p, columns)).join('')}`

/** 135 people of Sud Allier. Fresh objects at each call: a test may change them. */
export const people = (): Person[] => inventPeople(sudAllier, 7)

/** Communes the tests need beside those of Sud Allier: the whole list takes seconds to load and is tested apart. */
const OTHERS = [
  ['01033', 'Valserhône', '01200'],
  ['13055', 'Marseille', '13001,13002,13003'],
  ['13201', 'Marseille 1er Arrondissement', '13001'],
  ['13202', 'Marseille 2e Arrondissement', '13002'],
  ['75056', 'Paris', '75001,75016,75116'],
  ['75116', 'Paris 16e Arrondissement', '75016,75116'],
  ['03297', 'Varennes-sur-Allier', '03150'],
  ['03210', 'Saint-Gérand-de-Vaux', '03340'],
  ['03999', 'Saint-Pourçain-de-Nulle-Part', '03500'],
] as const

/** A fresh database with a few communes, or with none: then the first import loads them all. */
export async function importBench({ communes = true } = {}) {
  const db = await testDatabase()
  const folder = mkdtempSync(path.join(tmpdir(), 'trame-import-'))
  const client = new pg.Client(db.superuserConfig)
  await client.connect()
  const rows = async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) => (await client.query<R>(text, values)).rows
  if (communes) {
    const list = [...sudAllier[0]!.communes.map(c => [c.code, c.name, c.postalCode] as const), ...OTHERS]
    await rows(
      `insert into ref.commune (code, name, department, postal_codes)
       select code, name, left(code, 2), string_to_array(postal, ',') from unnest($1::text[], $2::text[], $3::text[]) c (code, name, postal)`,
      [0, 1, 2].map(i => list.map(c => c[i])),
    )
    await rows(`insert into ref.commune_alias values ('01091', '01033')`)
  }
  let n = 0
  return {
    owner: db.ownerConfig,
    folder,
    rows,
    file(content: string | Buffer): string {
      const file = path.join(folder, `PS_LibreAcces_Personne_activite_${++n}.txt`)
      writeFileSync(file, content)
      return file
    },
    import(content: string | Buffer, options: Partial<RppsOptions> = {}) {
      return importRpps(this.file(content), { owner: db.ownerConfig, ...options })
    },
    /** Changes when any row of the directory is written, even with the same values: it holds their physical version. */
    async fingerprint(): Promise<string> {
      const [row] = await rows<{ hash: string }>(`
        select md5(string_agg(t, ',' order by t)) as hash from (
          select xmin::text || ctid::text || p::text as t from ref.practitioner p
          union all select xmin::text || ctid::text || p::text from ref.practice_place p
          union all select xmin::text || ctid::text || r::text from ref.import_run r
          union all select xmin::text || ctid::text || c::text from ref.directory_change c
          union all select xmin::text || ctid::text || c::text from ref.nomenclature c
          union all select xmin::text || ctid::text || j::text from ref.import_reject j) x`)
      return row!.hash
    },
    async close() {
      await client.end()
      await db.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Runs the import and returns its refusal; fails when it was not refused. */
export async function refusal(promise: Promise<unknown>): Promise<ImportRefused> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ImportRefused) return error
    throw error
  }
  throw new Error('the import was not refused')
}
