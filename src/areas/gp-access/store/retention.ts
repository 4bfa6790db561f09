/** The erasure calendar: two years after a request ended nothing is left that tells whose it was. */
import { type Actor, audit } from '#platform/audit.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomBytes } from '#platform/ids.ts'
import { forget } from '#platform/messages.ts'
import { trackingNumber } from '../rules.ts'

/** Proposed by the dossier (§7.8), announced on « Vos données »: 24 months after the end. */
export const KEPT_MONTHS = 24
/** What stands where a name was. */
export const ERASED = '—'

/**
 * Makes anonymous what ended more than 24 months ago: no name, no day of birth, no way to reach anybody, another number. What
 * counts in statistics stays (year of birth, commune, flags, dates). Returns how many; run again it finds nothing.
 */
export async function anonymiseOld(tx: Tx, actor: Actor, limit = 500): Promise<number> {
  const limitDay = new Date(actor.now)
  limitDay.setUTCMonth(limitDay.getUTCMonth() - KEPT_MONTHS)
  const old = await rows<{ id: string }>(
    tx,
    sql`select id from app.request where state in ('closed', 'exited') and state_at < ${limitDay} and birth_name <> ${ERASED} order by state_at limit ${limit} for update skip locked`,
  )
  for (const { id } of old) {
    await run(
      tx,
      sql`update app.request set birth_name = ${ERASED}, used_name = null, given_names = ${ERASED}, birth_date = date_trunc('year', birth_date)::date, sex = null, phone = null, email = null,
            proxy_name = null, proxy_contact = null, match_key = '', number = ${trackingNumber(randomBytes(8))} where id = ${id}`,
    )
    await run(tx, sql`select app.forget_in_plans(${id})`)
    await forget(tx, [id])
    await audit(tx, actor, { action: 'request.anonymise', subject: { kind: 'request', id } })
  }
  return old.length
}
