/** Identifiers and tokens: the only place of the platform that draws randomness. */
import crypto from 'node:crypto'

/** Time-ordered identifier of a row (RFC 9562, version 7). */
export const randomUUIDv7 = (): string => (crypto as unknown as { randomUUIDv7(): string }).randomUUIDv7()

export const randomBytes = (n: number): Buffer => crypto.randomBytes(n)

/** A secret for a cookie or a link: 256 bits, URL-safe. Only its hash is stored. */
export const newToken = (): string => crypto.randomBytes(32).toString('base64url')
export const hashToken = (token: string): Buffer => crypto.createHash('sha256').update(token).digest()
/** True for what `newToken` makes; anything else is not worth a query. */
export const looksLikeToken = (value: string): boolean => /^[\w-]{43}$/.test(value)

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isUuid = (value: string): boolean => uuid.test(value)
