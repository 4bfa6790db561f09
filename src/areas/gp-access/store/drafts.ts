/** A public form between its first and its last page: kept two hours at most, behind a link of its own. */
import { maybe, run, sql, type Tx } from '#platform/db/types.ts'
import type { Raw } from '#platform/fields.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { mintLink, revokeLinks } from '#platform/links.ts'

const LIFE_MS = 2 * 3600_000

/** Starts a draft and returns the token of its address. */
export async function startDraft(tx: Tx, now: Date, data: Raw = {}): Promise<string> {
  const id = randomUUIDv7()
  const expiresAt = new Date(now.getTime() + LIFE_MS)
  await run(
    tx,
    sql`insert into app.request_draft (id, data, created_at, expires_at) values (${id}, ${JSON.stringify(data)}::jsonb, ${now}, ${expiresAt})`,
  )
  return mintLink(tx, { purpose: 'draft', subjectId: id, now, expiresAt })
}
export async function readDraft(tx: Tx, id: string): Promise<Raw | null> {
  return (await maybe<{ data: Raw }>(tx, sql`select data from app.request_draft where id = ${id}`))?.data ?? null
}
export async function saveDraft(tx: Tx, id: string, answers: Raw): Promise<void> {
  await run(tx, sql`update app.request_draft set data = data || ${JSON.stringify(answers)}::jsonb where id = ${id}`)
}
/** Sent, or given up: nothing stays. */
export async function dropDraft(tx: Tx, id: string, now: Date): Promise<void> {
  await run(tx, sql`delete from app.request_draft where id = ${id}`)
  await revokeLinks(tx, 'draft', id, now)
}
export const dropOldDrafts = (tx: Tx, now: Date): Promise<number> => run(tx, sql`delete from app.request_draft where expires_at <= ${now}`)
