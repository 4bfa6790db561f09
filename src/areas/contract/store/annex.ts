/** Amounts of the signed annex: typed once, with the paper; then they win. */
import type { Heading, Part, Period } from '#domain/contract/index.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'

export interface AnnexAmount {
  heading: Heading
  part: Part
  period: Period
  cents: number
}
export interface Annex {
  id: string
  /** The signature, amendment or renewal it belongs to. */
  eventId: string
  file: { id: string; name: string; sha256: string }
  at: Date
  by: string
  withdrawn: { at: Date; by: string; reason: string } | null
  amounts: AnnexAmount[]
}
/** Every annex, the withdrawn ones included, oldest first. */
export function annexes(tx: Tx): Promise<Annex[]> {
  return rows(
    tx,
    sql`select a.id, a.event_id as "eventId", a.at, a.by_label as by, jsonb_build_object('id', f.id, 'name', f.given_name, 'sha256', encode(f.sha256, 'hex')) as file,
          case when a.withdrawn_at is not null then jsonb_build_object('at', a.withdrawn_at, 'by', a.withdrawn_label, 'reason', a.withdrawn_reason) end as withdrawn,
          (select coalesce(jsonb_agg(jsonb_build_object('heading', m.heading, 'part', m.part, 'period', m.period, 'cents', m.cents)), '[]')
             from app.contract_amount m where m.annex_id = a.id) as amounts
        from app.contract_annex a join app.stored_file f on f.id = a.file_id and f.cpts_id = a.cpts_id
        order by a.at, a.id`,
  )
}
/** Types and locks an annex. The index refuses a second one for the same terms, whoever was faster. */
export async function lockAnnex(tx: Tx, actor: Actor, eventId: string, fileId: string, amounts: readonly AnnexAmount[]): Promise<string> {
  const id = randomUUIDv7()
  const written = await run(
    tx,
    sql`insert into app.contract_annex (id, event_id, file_id, at, by_label)
        values (${id}, ${eventId}, ${fileId}, ${actor.now}, ${actorLabel(actor.who)}) on conflict do nothing`,
  )
  if (written === 0) throw conflict('Cette annexe est déjà saisie et verrouillée. Rechargez la page pour la voir.')
  const values = amounts.map(a => sql`(${id}, ${a.heading}, ${a.part}, ${a.period}, ${a.cents})`)
  await run(tx, sql`insert into app.contract_amount (annex_id, heading, part, period, cents) values ${sql.join(values)}`)
  await audit(tx, actor, {
    action: 'contract.annex',
    subject: { kind: 'contract-annex', id },
    detail: { terms: eventId, file: fileId, lines: amounts.length, cents: amounts.reduce((n, a) => n + a.cents, 0) },
  })
  return id
}
/** Takes an annex back as a mistake, so that it can be typed again; false when it was already. */
export async function withdrawAnnex(tx: Tx, actor: Actor, eventId: string, reason: string): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.contract_annex set withdrawn_at = ${actor.now}, withdrawn_label = ${actorLabel(actor.who)}, withdrawn_reason = ${reason}
        where event_id = ${eventId} and withdrawn_at is null`,
  )
  if (done === 0) return false
  await audit(tx, actor, { action: 'contract.annex-withdraw', subject: { kind: 'contract-step', id: eventId } })
  return true
}
