/** A patient erases his request: what told whose it was is gone at once; a figure and an audit without anybody stay. */
import { type Actor, audit } from '#platform/audit.ts'
import { one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { randomBytes } from '#platform/ids.ts'
import { revokeLinks } from '#platform/links.ts'
import { forget } from '#platform/messages.ts'
import { type State, trackingNumber } from '../rules.ts'
import { leave, tellWithdrawn } from './proposals.ts'
import type { Site } from './record.ts'
import { ERASED } from './retention.ts'

/** Where a reason written by hand was. */
const FORGOTTEN = 'Motif effacé avec la demande'

/**
 * Forgets who it was. A request still under way leaves the list first: its proposal is withdrawn, the place given back, the doctor
 * told without a reason. The statement that erases holds only for what is not erased yet: twice, the second one throws 409.
 * Stays: the month, the commune, the year of birth, the steps; the audit, whose subject is nobody's any more.
 */
export async function erase(tx: Tx, actor: Actor, site: Site, id: string): Promise<void> {
  const { state } = await one<{ state: State }>(tx, sql`select state from app.request where id = ${id} for no key update`)
  const gone = state === 'exited' || state === 'closed' || state === 'declared' ? null : await leave(tx, actor, id, 'gave_up', 'erased')
  const proposals = await rows<{ id: string }>(tx, sql`select id from app.proposal where request_id = ${id}`)
  await forget(tx, [id, ...proposals.map(p => p.id)])
  const erased = await run(
    tx,
    sql`update app.request set birth_name = ${ERASED}, used_name = null, given_names = ${ERASED}, birth_date = date_trunc('year', birth_date)::date, sex = null, phone = null, email = null,
          proxy_name = null, proxy_contact = null, proxy_kind = null, match_key = '', number = ${trackingNumber(randomBytes(8))}, since = date_trunc('month', since), language = 'fr',
          ald = false, treatment = false, specialist = false, pregnancy = false, reduced_mobility = false, home_visit = false, precarity = false, isolation = false, doctor_left = false,
          hospital_exit = false, languages = '{}', wheelchair = false, farther = false, household_id = null, duplicate_of = null, points = 0, by_hand = 0
        where id = ${id} and birth_name <> ${ERASED}`,
  )
  if (erased === 0) throw conflict('Cette demande est déjà effacée.')
  await run(tx, sql`update app.request set duplicate_of = null where duplicate_of = ${id} and state <> 'exited'`)
  await run(tx, sql`select app.forget_reasons(${id})`)
  await run(tx, sql`select app.forget_in_plans(${id})`)
  await run(tx, sql`update app.priority_change set reason = ${FORGOTTEN} where request_id = ${id}`)
  await run(tx, sql`update app.interim_route set used_at = null, used_label = null where request_id = ${id}`)
  await run(tx, sql`delete from app.patient_change where request_id = ${id}`)
  await run(tx, sql`delete from app.fund_line where request_id = ${id}`)
  await revokeLinks(tx, 'tracking', id, actor.now)
  await audit(tx, actor, { action: 'request.erase', subject: { kind: 'request', id } })
  await tellWithdrawn(tx, actor, site, gone)
}
