/** Figures of the diagnosis: written once, never overwritten; which source is used is a decision on record. */
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import type { Cell, Choice, Figure, FigureInput } from '../rules.ts'

const columns = sql`g.id, g.code, g.level, g.place, g.year, g.source, g.extracted_on as "extractedOn", g.import_id as "importId", g.at, g.by_label as by,
  case when g.numerator is not null then jsonb_build_object('kind', 'ratio', 'numerator', g.numerator, 'denominator', g.denominator)
       when g.thousandths is not null then jsonb_build_object('kind', 'alone', 'thousandths', g.thousandths)
       else jsonb_build_object('kind', 'missing', 'reason', g.unavailable) end as worth,
  case when f.id is not null then jsonb_build_object('id', f.id, 'name', f.given_name) end as file,
  case when g.withdrawn_at is not null then jsonb_build_object('at', g.withdrawn_at, 'by', g.withdrawn_label, 'reason', g.withdrawn_reason) end as withdrawn`
const from = sql`app.diagnosis_figure g left join app.stored_file f on f.id = g.file_id and f.cpts_id = g.cpts_id`

/** Every figure ever written, or those of one indicator; withdrawn ones too, newest first. `wide` leaves out the communes. */
export const figures = (tx: Tx, o: { code?: string; wide?: boolean } = {}): Promise<Figure[]> =>
  rows(
    tx,
    sql`select ${columns} from ${from} where (${o.code ?? null}::text is null or g.code = ${o.code ?? null}) and not (${o.wide ?? false} and g.level = 'commune')
        order by g.at desc, g.id desc`,
  )
/** One figure of this community; null when there is none. */
export const figureOf = (tx: Tx, id: string): Promise<Figure | null> => maybe(tx, sql`select ${columns} from ${from} where g.id = ${id}`)
export const choices = (tx: Tx): Promise<Choice[]> =>
  rows(tx, sql`select code, level, place, year, source, reason, at, by_label as by from app.diagnosis_choice order by at, id`)

/** Writes what is not there yet; answers the identifiers of those written. A figure already there, even just now, is left out. */
export async function writeFigures(
  tx: Tx,
  actor: Actor,
  all: readonly FigureInput[],
  o: { fileId: string | null; importId: string | null },
): Promise<string[]> {
  if (all.length === 0) return []
  const given = all.map(({ worth: w, extractedOn, ...f }) => ({
    ...f,
    id: randomUUIDv7(),
    extracted_on: extractedOn,
    numerator: w.kind === 'ratio' ? w.numerator : null,
    denominator: w.kind === 'ratio' ? w.denominator : null,
    thousandths: w.kind === 'alone' ? w.thousandths : null,
    unavailable: w.kind === 'missing' ? w.reason : null,
  }))
  const written = await rows<{ id: string }>(
    tx,
    sql`insert into app.diagnosis_figure (id, code, level, place, year, numerator, denominator, thousandths, unavailable, source, extracted_on, file_id, import_id, at, by_label)
        select id, code, level, place, year, numerator, denominator, thousandths, unavailable, source, extracted_on, ${o.fileId}::uuid, ${o.importId}::uuid, ${actor.now}::timestamptz, ${labelOf(actor)}
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
          as g (id uuid, code text, level text, place text, year smallint, numerator integer, denominator integer, thousandths bigint, unavailable text, source text, extracted_on date)
        on conflict do nothing returning id`,
  )
  const [only] = written
  if (only)
    await audit(tx, actor, {
      action: 'diagnosis.write',
      subject: o.importId ? { kind: 'diagnosis-import', id: o.importId } : { kind: 'diagnosis-figure', id: only.id },
      detail: { figures: written.length, codes: [...new Set(all.map(f => f.code))], file: o.fileId },
    })
  return written.map(w => w.id)
}
/** Takes figures back as a mistake: they stay, with who and why, and no longer count. Answers how many. */
export async function withdrawFigures(tx: Tx, actor: Actor, which: { id: string } | { importId: string }, reason: string): Promise<number> {
  const what = 'id' in which ? sql`id = ${which.id}` : sql`import_id = ${which.importId}`
  const done = await run(
    tx,
    sql`update app.diagnosis_figure set withdrawn_at = ${actor.now}, withdrawn_label = ${labelOf(actor)}, withdrawn_reason = ${reason}
        where ${what} and withdrawn_at is null`,
  )
  if (done)
    await audit(tx, actor, {
      action: 'diagnosis.withdraw',
      subject: 'id' in which ? { kind: 'diagnosis-figure', id: which.id } : { kind: 'diagnosis-import', id: which.importId },
      detail: { figures: done },
    })
  return done
}
/** Which source the community uses for a figure; null: back to the latest extraction. */
export async function chooseSource(tx: Tx, actor: Actor, c: Cell & { source: string | null; reason: string }): Promise<void> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.diagnosis_choice (id, code, level, place, year, source, reason, at, by_label)
        values (${id}, ${c.code}, ${c.level}, ${c.place}, ${c.year}, ${c.source}, ${c.reason}, ${actor.now}, ${labelOf(actor)})`,
  )
  await audit(tx, actor, {
    action: 'diagnosis.choose',
    subject: { kind: 'diagnosis-choice', id },
    detail: { code: c.code, level: c.level, year: c.year, chosen: c.source !== null },
  })
}
