/**
 * One row per form submitted: sent again, it gets the first answer. What is kept is unreadable without the form's own key, which
 * only the browser that showed the form has: an answer may lead to an address with a token, and a stolen table opens nothing.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { maybe, run, sql, type Tx } from '../db/types.ts'
import { randomBytes } from '../ids.ts'

const digest = (use: string, key: string) => createHash('sha256').update(`trame ${use} ${key}`).digest()
/** The row of a key: a UUID made of its hash. */
function rowOf(key: string): string {
  const h = digest('form', key).toString('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`
}
function seal(text: string, key: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', digest('answer', key), iv)
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}
function unseal(sealed: string, key: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const cipher = createDecipheriv('aes-256-gcm', digest('answer', key), bytes.subarray(0, 12))
  cipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]).toString('utf8')
}

/** True for the first submission of this form; a second one at the same time waits for the first. */
export async function isFirst(tx: Tx, key: string, actor: string, path: string, now: Date): Promise<boolean> {
  return (
    (await run(
      tx,
      sql`insert into app.idempotency (id, actor, path, at) values (${rowOf(key)}, ${actor}, ${path}, ${now}) on conflict do nothing`,
    )) === 1
  )
}
/** Where the first submission of this form led its author; null when there is no answer, or it was somebody else's. */
export async function firstAnswer(tx: Tx, key: string, actor: string): Promise<string | null> {
  const row = await maybe<{ location: string | null }>(
    tx,
    sql`select location from app.idempotency where id = ${rowOf(key)} and actor = ${actor}`,
  )
  return row?.location ? unseal(row.location, key) : null
}
export async function keepAnswer(tx: Tx, key: string, location: string, notice: string | undefined): Promise<void> {
  await run(
    tx,
    sql`update app.idempotency set location = ${seal(location, key)}, notice = ${notice === undefined ? null : seal(notice, key)} where id = ${rowOf(key)}`,
  )
}
/** The sentence of a success, for as long as one may come back to the page it led to. */
export async function noticeOf(tx: Tx, key: string, since: Date): Promise<string | null> {
  const row = await maybe<{ notice: string }>(
    tx,
    sql`select notice from app.idempotency where id = ${rowOf(key)} and notice is not null and at > ${since}`,
  )
  return row ? unseal(row.notice, key) : null
}
