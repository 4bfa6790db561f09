/** Identifiers and tokens: the only place of the platform that draws randomness. */
import crypto from 'node:crypto'

let lastMs = 0
let counter = 0
/**
 * Time-ordered identifier of a row (RFC 9562, version 7; its method 1: a counter in the twelve bits after the time). Each one made
 * by this process sorts after the one before it, within a millisecond too and when the clock is set back: what happened in
 * order reads in order.
 */
export function randomUUIDv7(): string {
  const drawn = (crypto as unknown as { randomUUIDv7(): string }).randomUUIDv7()
  const ms = Number.parseInt(drawn.slice(0, 8) + drawn.slice(9, 13), 16)
  if (ms > lastMs) {
    lastMs = ms
    // Half of the counter stays free for what follows in the same millisecond.
    counter = Number.parseInt(drawn.slice(15, 18), 16) & 0x7ff
  } else if (++counter > 0xfff) {
    lastMs++
    counter = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${drawn.slice(18)}`
}

export const randomBytes = (n: number): Buffer => crypto.randomBytes(n)

/** A secret for a cookie or a link: 256 bits, URL-safe. Only its hash is stored. */
export const newToken = (): string => crypto.randomBytes(32).toString('base64url')
export const hashToken = (token: string): Buffer => crypto.createHash('sha256').update(token).digest()
/** True for what `newToken` makes; anything else is not worth a query. */
export const looksLikeToken = (value: string): boolean => /^[\w-]{43}$/.test(value)

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isUuid = (value: string): boolean => uuid.test(value)
