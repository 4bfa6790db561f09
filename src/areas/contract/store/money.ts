/** Money: what came, and the whole account, worked out from what is recorded each time it is asked. */

import { accessFigures } from '#areas/gp-access/index.ts'
import type { Day } from '#domain/calendar.ts'
import { type Contract, compute, contractYears, type Facts, type Heading, type Statement } from '#domain/contract/index.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { type RawBuilder, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { catalogue, contractOf, type Evidence, factsOf, type LifeEvent, type Span, worth } from '../rules.ts'
import { annexes } from './annex.ts'
import { confirmations } from './confirmations.ts'
import { type ChosenIndicator, chosenIndicators, importedFigures } from './indicators.ts'
import { holding, recordedSteps } from './life.ts'
import { signedDecisions } from './minutes.ts'
import { listProofs } from './proofs.ts'

export interface Receipt {
  id: string
  day: Day
  heading: Heading
  cents: number
  note: string | null
  at: Date
  by: string
  withdrawn: { at: Date; by: string; reason: string } | null
}
export const receipts = (tx: Tx): Promise<Receipt[]> => readReceipts(tx, sql``)
/** Null when there is none. */
export const receiptById = async (tx: Tx, id: string): Promise<Receipt | null> => (await readReceipts(tx, sql`where id = ${id}`))[0] ?? null
function readReceipts(tx: Tx, where: RawBuilder<unknown>): Promise<Receipt[]> {
  return rows(
    tx,
    sql`select id, day, heading, cents, note, at, by_label as by,
          case when withdrawn_at is not null then jsonb_build_object('at', withdrawn_at, 'by', withdrawn_label, 'reason', withdrawn_reason) end as withdrawn
        from app.contract_receipt ${where} order by day desc, at desc, id desc`,
  )
}
export async function recordReceipt(tx: Tx, actor: Actor, r: Pick<Receipt, 'day' | 'heading' | 'cents' | 'note'>): Promise<string> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.contract_receipt (id, day, heading, cents, note, at, by_label)
        values (${id}, ${r.day}, ${r.heading}, ${r.cents}, ${r.note}, ${actor.now}, ${actorLabel(actor.who)})`,
  )
  await audit(tx, actor, {
    action: 'receipt.record',
    subject: { kind: 'receipt', id },
    detail: { heading: r.heading, cents: r.cents, day: r.day },
  })
  return id
}
/** False when it was already taken back, or does not exist. */
export async function withdrawReceipt(tx: Tx, actor: Actor, id: string, reason: string): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.contract_receipt set withdrawn_at = ${actor.now}, withdrawn_label = ${actorLabel(actor.who)}, withdrawn_reason = ${reason}
        where id = ${id} and withdrawn_at is null`,
  )
  if (done) await audit(tx, actor, { action: 'receipt.withdraw', subject: { kind: 'receipt', id } })
  return done > 0
}

export interface Account {
  contract: Contract
  facts: Facts
  statement: Statement
  spans: Span[]
  chosen: ChosenIndicator[]
  /** By contract year. */
  evidence: ReadonlyMap<number, (code: string) => Evidence>
}
/** Everything that the money rests on; null while no contract is signed. */
export async function accountOf(tx: Tx, cptsId: string, today: Day): Promise<Account | null> {
  const events: LifeEvent[] = holding(await recordedSteps(tx))
  const chosen = await chosenIndicators(tx)
  const typed = (await annexes(tx)).filter(a => !a.withdrawn)
  const contract = contractOf(
    cptsId,
    events,
    typed.map(a => ({ eventId: a.eventId, by: a.by, day: dayOf(a.at), file: a.file.name, amounts: a.amounts })),
    chosen,
    (await confirmations(tx)).flatMap(c =>
      c.withdrawn ? [] : [{ rule: c.rule, article: c.article, by: c.by, at: dayOf(c.at), file: c.file.name }],
    ),
  )
  if (!contract) return null
  const spans = contractYears(contract).map(y => ({ year: y.year, from: y.from, to: y.until }))
  const begun = spans.filter(s => s.from <= today)
  const counts = await accessFigures(tx, begun)
  const proofs = await listProofs(tx)
  const imported = await importedFigures(tx)
  const evidence = new Map(
    begun.map((s, i) => [
      s.year,
      (code: string): Evidence => ({
        counts: counts[i] ?? null,
        proofs,
        imported: imported.find(f => f.code === code && f.year === s.year) ?? null,
      }),
    ]),
  )
  const values = begun.flatMap(s => catalogue.map(d => ({ code: d.code, year: s.year, value: worth(d, s, evidence.get(s.year)!(d.code)) })))
  const plans = proofs.filter(p => p.kind === 'filed' && !p.withdrawn && p.indicators.includes('crisis-plan')).map(p => p.day)
  const facts = factsOf(events, {
    values: values.filter(v => contract.indicators.some(i => i.id === v.code)),
    plans,
    decisions: await signedDecisions(tx),
    receipts: (await receipts(tx)).filter(r => !r.withdrawn).map(r => ({ day: r.day, heading: r.heading, cents: Number(r.cents) })),
  })
  return { contract, facts, statement: compute(contract, facts, today), spans, chosen, evidence }
}
