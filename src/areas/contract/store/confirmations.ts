/** Rules of payment that the signed contract says: confirmed with their article and the paper, taken back with a reason. */

import type { RuleId } from '#domain/contract/index.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'

export interface Confirmation {
  id: string
  rule: RuleId
  article: string
  file: { id: string; name: string }
  at: Date
  by: string
  withdrawn: { at: Date; by: string; reason: string } | null
}
/** Every confirmation, the withdrawn ones included, oldest first. */
export const confirmations = (tx: Tx): Promise<Confirmation[]> =>
  rows(
    tx,
    sql`select c.id, c.rule, c.article, jsonb_build_object('id', f.id, 'name', f.given_name) as file, c.at, c.by_label as by,
          case when c.withdrawn_at is not null then jsonb_build_object('at', c.withdrawn_at, 'by', c.withdrawn_label, 'reason', c.withdrawn_reason) end as withdrawn
        from app.contract_confirmation c join app.stored_file f on f.id = c.file_id and f.cpts_id = c.cpts_id order by c.at, c.id`,
  )
/** Confirms a rule. The index refuses a second confirmation, whoever was faster. */
export async function confirmRule(tx: Tx, actor: Actor, c: { rule: RuleId; article: string; fileId: string }): Promise<string> {
  const id = randomUUIDv7()
  const written = await run(
    tx,
    sql`insert into app.contract_confirmation (id, rule, article, file_id, at, by_label)
        values (${id}, ${c.rule}, ${c.article}, ${c.fileId}, ${actor.now}, ${actorLabel(actor.who)}) on conflict do nothing`,
  )
  if (written === 0) throw conflict('Cette règle est déjà confirmée. Retirez d’abord la confirmation si elle comporte une erreur.')
  await audit(tx, actor, { action: 'rule.confirm', subject: { kind: 'confirmation', id }, detail: { rule: c.rule, file: c.fileId } })
  return id
}
/** Takes a confirmation back: the rule is assumed again. False when it was already, or does not exist. */
export async function withdrawConfirmation(tx: Tx, actor: Actor, id: string, reason: string): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.contract_confirmation set withdrawn_at = ${actor.now}, withdrawn_label = ${actorLabel(actor.who)}, withdrawn_reason = ${reason}
        where id = ${id} and withdrawn_at is null`,
  )
  if (done) await audit(tx, actor, { action: 'rule.withdraw', subject: { kind: 'confirmation', id } })
  return done > 0
}
