/** Who is signed in: a random token in a `__Host-` cookie, its hash in the database. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Database } from '../db/database.ts'
import { run, sql, type Tx } from '../db/types.ts'
import { hashToken, looksLikeToken, newToken } from '../ids.ts'

const NAME = '__Host-trame'
/** A working day; afterwards one signs in again. */
const LIFE_MS = 12 * 3600_000

export function sessionHash(c: Context): Buffer | null {
  const token = getCookie(c, NAME)
  return token && looksLikeToken(token) ? hashToken(token) : null
}
/** Opens a session for a person; the old one, if any, is not reused. The cookie is set only once the transaction has committed. */
export async function openSession(tx: Tx, personId: string, now: Date): Promise<(c: Context) => void> {
  const token = newToken()
  const expires = new Date(now.getTime() + LIFE_MS)
  await run(
    tx,
    sql`insert into platform.session (token_hash, person_id, created_at, expires_at) values (${hashToken(token)}, ${personId}, ${now}, ${expires})`,
  )
  return c => setCookie(c, NAME, token, { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', expires })
}
/** Ends the session here and in the browser: what it kept of our pages goes too, « Back » included. */
export async function closeSession(c: Context, db: Database, now: Date): Promise<void> {
  const hash = sessionHash(c)
  if (hash)
    await db.inSite(tx => run(tx, sql`update platform.session set revoked_at = ${now} where token_hash = ${hash} and revoked_at is null`))
  deleteCookie(c, NAME, { path: '/', secure: true })
  c.header('Clear-Site-Data', '"cache", "storage"')
}
