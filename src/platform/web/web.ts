/** What the handlers of an application share. */
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { Area } from '../page.ts'
import type { Limiter } from './limits.ts'

export interface AppOptions {
  db: Database
  areas: readonly Area[]
  clock: Clock
  log: Log
  /** Address people type, without a final slash. */
  baseUrl: string
  demo: boolean
  /** Believe X-Forwarded-For: only behind a proxy of one's own. */
  trustProxy?: boolean
}
export type Env = {
  Variables: { requestId: string; peer: string; statements: number; sandbox?: true }
  Bindings: { incoming?: { socket: { remoteAddress?: string } } }
}
/** What handlers share. */
export interface Web extends AppOptions {
  limiter: Limiter
}

/** Connection lost, server starting or stopping, too many connections: worth another try, not a fault of the request. */
export const isUnavailable = (code: string | undefined): boolean =>
  code !== undefined && (/^(08|57P|53)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code))
