/** Signed links: their holder does one thing without an account. GET shows, POST acts; only the hash is stored. */
import type { Purpose } from './access.ts'
import { maybe, run, sql, type Tx } from './db/types.ts'
import { hashToken, looksLikeToken, newToken, randomUUIDv7 } from './ids.ts'

export interface SignedLink {
  id: string
  purpose: Purpose
  subjectId: string
  expiresAt: Date
  usedAt: Date | null
  revokedAt: Date | null
}

/** Makes a link for `subject`; returns the token to put in the address, which is never readable again. */
export async function mintLink(tx: Tx, o: { purpose: Purpose; subjectId: string; now: Date; expiresAt: Date }): Promise<string> {
  const token = newToken()
  await run(
    tx,
    sql`insert into app.signed_link (id, token_hash, purpose, subject_id, created_at, expires_at)
        values (${randomUUIDv7()}, ${hashToken(token)}, ${o.purpose}, ${o.subjectId}, ${o.now}, ${o.expiresAt})`,
  )
  return token
}
/** The link of this token and purpose, whatever its state; null when there is none in this community. */
export async function findLink(tx: Tx, token: string, purpose: Purpose): Promise<SignedLink | null> {
  if (!looksLikeToken(token)) return null
  return maybe<SignedLink>(
    tx,
    sql`select id, purpose, subject_id as "subjectId", expires_at as "expiresAt", used_at as "usedAt", revoked_at as "revokedAt"
        from app.signed_link where token_hash = ${hashToken(token)} and purpose = ${purpose}`,
  )
}
export async function markUsed(tx: Tx, linkId: string, now: Date): Promise<boolean> {
  return (await run(tx, sql`update app.signed_link set used_at = ${now} where id = ${linkId} and used_at is null`)) === 1
}
/** Withdraws every link of one purpose about one thing. */
export async function revokeLinks(tx: Tx, purpose: Purpose, subjectId: string, now: Date): Promise<number> {
  return run(
    tx,
    sql`update app.signed_link set revoked_at = ${now} where purpose = ${purpose} and subject_id = ${subjectId} and revoked_at is null`,
  )
}
