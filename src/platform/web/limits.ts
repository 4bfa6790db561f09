/** How many public submissions one network may make. Kept in memory: a restart forgets, which harms nobody. */
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'

export class Limiter {
  private readonly clock: Clock
  private counts = new Map<string, number>()
  private minute = 0
  constructor(clock: Clock) {
    this.clock = clock
  }
  /** True while `peer` has not used up its `perMinute` tries at `what` in the current minute. */
  allows(peer: string, what: string, perMinute: number): boolean {
    const minute = Math.floor(this.clock().getTime() / 60_000)
    if (minute !== this.minute) {
      this.minute = minute
      this.counts.clear()
    }
    const key = `${network(peer)} ${what}`
    const used = (this.counts.get(key) ?? 0) + 1
    this.counts.set(key, used)
    return used <= perMinute
  }
}
/** An IPv6 customer holds a whole /64; an IPv4 one an address. */
function network(peer: string): string {
  return peer.includes(':') && !peer.includes('.') ? peer.split(':').slice(0, 4).join(':') : peer
}
/** What may be kept of a network address: enough to compare, not to find somebody. */
export const peerHash = (peer: string): string =>
  createHash('sha256')
    .update(`trame-peer ${network(peer)}`)
    .digest('base64url')
    .slice(0, 12)
