/** Indicators: what the contract says of each, figures from outside, and the evidence of a year. */
import type { Day } from '#domain/calendar.ts'
import type { Ratio } from '#domain/contract/index.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import type { Imported, IndicatorCode, IndicatorTerms } from '../rules.ts'

const ratio = (a: string, b: string) =>
  sql`case when ${sql.ref(b)} is not null then jsonb_build_object('numerator', ${sql.ref(a)}, 'denominator', ${sql.ref(b)}) end`

export interface ChosenIndicator extends IndicatorTerms {
  /** Of the diagnosis, the figure that the starting point was taken from. */
  baselineFigureId: string | null
  at: Date
  by: string
}
/** What holds for each indicator of the contract. */
export async function chosenIndicators(tx: Tx): Promise<ChosenIndicator[]> {
  const all = await rows<ChosenIndicator>(
    tx,
    sql`select distinct on (code) code, weight, ${ratio('target_numerator', 'target_denominator')} as target,
          ${ratio('baseline_numerator', 'baseline_denominator')} as baseline, baseline_missing as "baselineMissing", baseline_figure_id as "baselineFigureId", at, by_label as by
        from app.contract_indicator order by code, at desc, id desc`,
  )
  return all.filter(i => i.weight > 0)
}
/** `baselineFigureId`: the figure of the diagnosis that its starting point is. */
export async function chooseIndicator(tx: Tx, actor: Actor, i: IndicatorTerms, baselineFigureId: string | null = null): Promise<void> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.contract_indicator (id, code, weight, target_numerator, target_denominator, baseline_numerator, baseline_denominator, baseline_missing, baseline_figure_id, at, by_label)
        values (${id}, ${i.code}, ${i.weight}, ${i.target?.numerator ?? null}, ${i.target?.denominator ?? null}, ${i.baseline?.numerator ?? null},
          ${i.baseline?.denominator ?? null}, ${i.baselineMissing}, ${baselineFigureId}, ${actor.now}, ${actorLabel(actor.who)})`,
  )
  await audit(tx, actor, { action: 'indicator.choose', subject: { kind: 'indicator', id }, detail: { code: i.code, weight: i.weight } })
}

/** Every figure from outside, newest first: the first of a code and year holds. */
export function importedFigures(tx: Tx): Promise<Imported[]> {
  return rows(
    tx,
    sql`select g.id, g.code, g.year, ${ratio('g.numerator', 'g.denominator')} as ratio, g.unavailable, g.source, g.extracted_on as "extractedOn",
          case when f.id is not null then jsonb_build_object('id', f.id, 'name', f.given_name) end as file, g.diagnosis_figure_id as "diagnosisFigureId", g.at, g.by_label as by
        from app.contract_figure g left join app.stored_file f on f.id = g.file_id and f.cpts_id = g.cpts_id order by g.at desc, g.id desc`,
  )
}
export interface FigureInput {
  code: IndicatorCode
  year: number
  ratio: Ratio | null
  unavailable: string | null
  source: string
  extractedOn: Day
  fileId: string | null
  /** The figure of the diagnosis that it is taken from. */
  diagnosisFigureId?: string | null
}
export async function enterFigure(tx: Tx, actor: Actor, f: FigureInput): Promise<void> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.contract_figure (id, code, year, numerator, denominator, unavailable, source, extracted_on, file_id, diagnosis_figure_id, at, by_label)
        values (${id}, ${f.code}, ${f.year}, ${f.ratio?.numerator ?? null}, ${f.ratio?.denominator ?? null}, ${f.unavailable}, ${f.source}, ${f.extractedOn},
          ${f.fileId}, ${f.diagnosisFigureId ?? null}, ${actor.now}, ${actorLabel(actor.who)})`,
  )
  await audit(tx, actor, {
    action: 'indicator.figure',
    subject: { kind: 'figure', id },
    detail: { code: f.code, year: f.year, file: f.fileId },
  })
}
