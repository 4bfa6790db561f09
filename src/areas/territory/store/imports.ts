/** Files of figures: kept first, read again and shown, then written or given up. */
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { BadLine } from '#platform/csv-columns.ts'
import { readCsv } from '#platform/csv-read.ts'
import { maybe, one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { Refusal } from '#platform/errors.ts'
import { keepBytes } from '#platform/files.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { frNumber } from '#platform/ui/french.ts'
import { MAX_LINES, type ReadLine, readFigures } from '../import/figures.ts'
import { cellKey, type Planned, planned } from '../rules.ts'
import { figures, writeFigures } from './diagnosis.ts'

export interface FigureImport {
  id: string
  at: Date
  by: string
  file: { id: string; name: string }
  /** Null while it waits for a decision. */
  closed: { at: Date; by: string; how: 'written' | 'given-up'; written: number | null; refused: number | null } | null
  /** Its figures that count today. */
  standing: number
}
const columns = sql`i.id, i.at, i.by_label as by, jsonb_build_object('id', f.id, 'name', f.given_name) as file,
  case when i.closed_at is not null then jsonb_build_object('at', i.closed_at, 'by', i.closed_label, 'how', i.closed_how, 'written', i.written, 'refused', i.refused) end as closed,
  (select count(*) from app.diagnosis_figure g where g.import_id = i.id and g.withdrawn_at is null) as standing`
const from = sql`app.diagnosis_import i join app.stored_file f on f.id = i.file_id and f.cpts_id = i.cpts_id`

export const figureImports = (tx: Tx): Promise<FigureImport[]> =>
  rows(tx, sql`select ${columns} from ${from} order by i.at desc, i.id desc limit 100`)
export const figureImportOf = (tx: Tx, id: string): Promise<FigureImport | null> =>
  maybe(tx, sql`select ${columns} from ${from} where i.id = ${id}`)

/** A line that can be written, with what it would change. */
export interface PlannedLine extends ReadLine, Planned {}
export interface Reading {
  lines: PlannedLine[]
  bad: BadLine[]
}
/** What the bytes say and would change today. Throws `Refusal` when they are no such file. */
export async function readImport(tx: Tx, bytes: Uint8Array, now: Date): Promise<Reading> {
  const table = readCsv(bytes)
  if (table.lines.length === 0) throw new Refusal('Il n’y a aucune ligne sous les titres des colonnes.')
  if (table.lines.length > MAX_LINES)
    throw new Refusal(
      `Le fichier compte ${frNumber(table.lines.length)} lignes\u202f: coupez-le, ${frNumber(MAX_LINES)} au plus à la fois.`,
    )
  const codes = await rows<{ code: string }>(tx, sql`select commune_code as code from app.territory_commune`)
  const { good, bad } = readFigures(table, { today: dayOf(now), territory: new Set(codes.map(c => c.code)) })
  const there = Map.groupBy(await figures(tx), cellKey)
  const coming = Map.groupBy(
    good.map(g => g.figure),
    cellKey,
  )
  return {
    lines: good.map(g => {
      const key = cellKey(g.figure)
      return { ...g, ...planned(g.figure, there.get(key) ?? [], coming.get(key)) }
    }),
    bad,
  }
}
/** The bytes of the file of an import. */
export const importBytes = async (tx: Tx, id: string): Promise<Uint8Array> =>
  (await one<{ bytes: Buffer }>(tx, sql`select f.bytes from ${from} where i.id = ${id}`)).bytes

/** Keeps a file that can be read, to be decided upon. Throws `Refusal` when it cannot. */
export async function startImport(
  tx: Tx,
  actor: Actor,
  name: string,
  bytes: Uint8Array,
): Promise<{ id: string; fileId: string; reading: Reading }> {
  const reading = await readImport(tx, bytes, actor.now)
  const kept = await keepBytes(tx, actor, name, bytes)
  if (!kept.ok) throw new Refusal(kept.error)
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.diagnosis_import (id, file_id, at, by_label) values (${id}, ${kept.file.id}, ${actor.now}, ${labelOf(actor)})`,
  )
  await audit(tx, actor, {
    action: 'diagnosis.import',
    subject: { kind: 'diagnosis-import', id },
    detail: { lines: reading.lines.length, bad: reading.bad.length },
  })
  return { id, fileId: kept.file.id, reading }
}

/** Closes it, whoever comes first; false when it was closed already. */
async function close(
  tx: Tx,
  actor: Actor,
  id: string,
  how: 'written' | 'given-up',
  n: { written: number; refused: number } | null,
): Promise<boolean> {
  const closed = await run(
    tx,
    sql`update app.diagnosis_import set closed_at = ${actor.now}, closed_label = ${labelOf(actor)}, closed_how = ${how}, written = ${n?.written ?? null}, refused = ${n?.refused ?? null}
        where id = ${id} and closed_at is null`,
  )
  return closed > 0
}
export const giveUpImport = async (tx: Tx, actor: Actor, id: string): Promise<boolean> => {
  if (!(await close(tx, actor, id, 'given-up', null))) return false
  await audit(tx, actor, { action: 'diagnosis.give-up', subject: { kind: 'diagnosis-import', id } })
  return true
}

export type Written = { ok: true; written: number; same: number; refused: number } | { ok: false; why: 'closed' | 'bad' }
/** Writes the good lines, or nothing when one is bad and `partial` is not asked. The file is read again: what it would change may have changed. */
export async function commitImport(tx: Tx, actor: Actor, id: string, partial: boolean): Promise<Written> {
  const found = await maybe<{ fileId: string; open: boolean; bytes: Buffer }>(
    tx,
    sql`select i.file_id as "fileId", i.closed_at is null as open, f.bytes from ${from} where i.id = ${id} for update of i`,
  )
  if (!found?.open) return { ok: false, why: 'closed' }
  const { lines, bad } = await readImport(tx, found.bytes, actor.now)
  if (bad.length && !partial) return { ok: false, why: 'bad' }
  const fresh = lines.filter(l => l.effect !== 'same').map(l => l.figure)
  const written = (await writeFigures(tx, actor, fresh, { fileId: found.fileId, importId: id })).length
  await close(tx, actor, id, 'written', { written, refused: bad.length })
  return { ok: true, written, same: lines.length - written, refused: bad.length }
}
