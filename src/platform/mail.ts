/**
 * Delivers the outbox. One message: claimed in a transaction, sent outside any, its result recorded in another by the worker that
 * still holds the claim. The Message-ID follows from the row, so that the one unavoidable duplicate (a worker killed between the
 * server's 250 and our record) is recognised by the mailbox.
 */
import { createTransport } from 'nodemailer'
import type { Database } from './db/database.ts'
import { rows, run, sql, type Tx } from './db/types.ts'
import { randomUUIDv7 } from './ids.ts'
import { faultOf, type Log } from './log.ts'
import { repeat } from './repeat.ts'

export interface CourierOptions {
  db: Database
  log: Log
  /** Without it, only the messages of demonstration communities are dealt with. */
  smtpUrl?: string
  /** Sender. */
  from?: string
  /** Address of this instance: its host signs the Message-IDs. */
  baseUrl: string
  /** Milliseconds to wait after the first, second… failure of a message. */
  backoff?: readonly number[]
  /** How often messages that nothing announces (to be tried again, left by a dead worker) are looked for. */
  everyMs?: number
}
export interface Courier {
  /** Ends the exchange under way, gives the other claims back. */
  stop(): Promise<void>
}

const MINUTE = 60_000
const BACKOFF = [1, 5, 30, 120, 360, 720, 1440].map(minutes => minutes * MINUTE)
/** A dead worker's messages are another's after this long; a living one says so more often. */
const LEASE_S = 30
const RENEW_MS = 10_000
const BATCH = 20

interface Claimed {
  id: string
  recipient: string
  label: string
  subject: string
  body: string | null
  attempts: number
}
/** What became of one attempt. */
type Result =
  | { kind: 'sent' }
  /** This message, now: tried again later, then given up. */
  | { kind: 'later'; reason: string }
  /** This message, ever. */
  | { kind: 'never'; reason: string }
  /** The server itself: no message's fault, none is counted. */
  | { kind: 'unreachable'; reason: string }

/** Starts delivering: what is posted is sent at once, what failed when its time has come. */
export async function startCourier(options: CourierOptions): Promise<Courier> {
  const { db, log, everyMs = 15_000 } = options
  const post = options.smtpUrl ? smtp(options.smtpUrl, options) : undefined
  const round = repeat('mail', everyMs, log, async signal => {
    const found = await db.inSite(tx =>
      rows<{ id: string; demo: boolean }>(tx, sql`select id, demo from platform.cpts where id in (select platform.cpts_with_mail())`),
    )
    for (const { id, demo } of found) {
      // Invented people have no mailbox: their messages are read in the application.
      const send = demo ? async (): Promise<Result> => ({ kind: 'sent' }) : post?.send
      if (send && !(await deliver(options, id, demo, send, signal))) return
    }
  })
  const ear = await db.listen('trame_outbox', round.wake, round.wake)
  return {
    async stop() {
      await ear.close()
      await round.stop()
      post?.close()
    },
  }
}

/** Delivers what a community has waiting; false when the mail server does not answer (the rest waits for the next round). */
async function deliver(
  options: CourierOptions,
  cptsId: string,
  demo: boolean,
  send: (message: Claimed) => Promise<Result>,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, log } = options
  const lease = randomUUIDv7()
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.inTenant(cptsId, work)
  for (let claimed = await within(tx => claim(tx, lease)); claimed.length > 0; claimed = await within(tx => claim(tx, lease))) {
    const renewing = setInterval(() => {
      within(tx => renew(tx, lease)).catch(error => log.error('mail-lease', faultOf(error)))
    }, RENEW_MS)
    try {
      for (const message of claimed) {
        const result = signal.aborted ? undefined : await send(message)
        if (!result || result.kind === 'unreachable') {
          await within(tx => giveBack(tx, lease, result?.reason))
          if (result) log.error('mail-unreachable', { reason: result.reason })
          return false
        }
        const kept = await within(tx => record(tx, lease, message, result, demo, options.backoff ?? BACKOFF))
        // Sent, but somebody else had taken it over: the only way a message can leave twice.
        if (!kept) log.error('mail-lease-lost', { message: message.id, result: result.kind })
        else log.info('mail', { message: message.id, result: result.kind, attempts: message.attempts + 1 })
      }
    } finally {
      clearInterval(renewing)
    }
  }
  return true
}

// The server's clock decides what is due and what is expired: one clock for every process.
const waiting = sql`state = 'waiting' and coalesce(due_at, '-infinity') <= now() and coalesce(leased_until, '-infinity') <= now()`

/** Takes the oldest messages due; two workers never take the same one. */
function claim(tx: Tx, lease: string): Promise<Claimed[]> {
  return rows<Claimed>(
    tx,
    sql`update app.message set lease = ${lease}, leased_until = now() + make_interval(secs => ${LEASE_S})
        where id in (select id from app.message where ${waiting} order by created_at limit ${BATCH} for update skip locked)
        returning id, recipient, recipient_label as label, subject, body, attempts`,
  )
}
const renew = (tx: Tx, lease: string) =>
  run(tx, sql`update app.message set leased_until = now() + make_interval(secs => ${LEASE_S}) where lease = ${lease} and state = 'waiting'`)

const giveBack = (tx: Tx, lease: string, reason: string | undefined) =>
  run(
    tx,
    sql`update app.message set lease = null, leased_until = null, error = coalesce(${reason ?? null}, error)
        where lease = ${lease} and state = 'waiting'`,
  )

/** Writes the result if the claim still holds. */
async function record(
  tx: Tx,
  lease: string,
  message: Claimed,
  result: Result,
  demo: boolean,
  backoff: readonly number[],
): Promise<boolean> {
  const held = sql`id = ${message.id} and lease = ${lease} and state = 'waiting'`
  if (result.kind === 'sent')
    return (
      (await run(
        tx,
        sql`update app.message set state = 'sent', sent_at = now(), error = null, lease = null, leased_until = null,
              body = case when ${demo} then body end where ${held}`,
      )) === 1
    )
  const reason = 'reason' in result ? result.reason : null
  const pause = result.kind === 'never' ? undefined : backoff[message.attempts]
  return (
    (await run(
      tx,
      pause === undefined
        ? sql`update app.message set state = 'failed', attempts = attempts + 1, error = ${reason}, lease = null, leased_until = null where ${held}`
        : sql`update app.message set attempts = attempts + 1, error = ${reason}, lease = null, leased_until = null,
                due_at = now() + make_interval(secs => ${pause / 1000}::float8) where ${held}`,
    )) === 1
  )
}

/** Conversations with the mail server, two connections at most, kept while there is something to send. */
function smtp(url: string, options: CourierOptions) {
  const host = new URL(options.baseUrl).hostname
  const from = parseSender(options.from ?? `Trame <ne-pas-repondre@${host}>`)
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    // A server that thinks for half a minute (grey list, virus scan) is only slow.
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
  return {
    async send(message: Claimed): Promise<Result> {
      if (!isAddress(message.recipient)) return { kind: 'never', reason: 'adresse invalide' }
      try {
        await transport.sendMail({
          messageId: `<${message.id}@${host}>`,
          // One recipient, said apart from the header: nothing in a name or a subject can add another.
          envelope: { from: from.address, to: [message.recipient] },
          from,
          to: { name: oneLine(message.label), address: message.recipient },
          subject: oneLine(message.subject),
          text: message.body ?? '',
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { kind: 'sent' }
      } catch (error) {
        return judge(error as SmtpError)
      }
    },
    close: () => transport.close(),
  }
}

interface SmtpError extends Error {
  code?: string
  command?: string
  responseCode?: number
  response?: string
}
/** Before the message is named (connection, greeting, encryption, password) it is the server; after, the message. */
function judge(error: SmtpError): Result {
  const reason = oneLine(error.response ?? `${error.code ?? error.name} ${error.command ?? ''}`).slice(0, 200)
  const aboutMessage = /^(MAIL FROM|RCPT TO|DATA)$/.test(error.command ?? '') || /^(EENVELOPE|EMESSAGE)$/.test(error.code ?? '')
  if (!aboutMessage || error.code === 'EAUTH') return { kind: 'unreachable', reason }
  // 421 says that the server is closing, 552 of a mailbox that it is full; the other 5xx will not change.
  const permanent = (error.responseCode ?? 0) >= 500 && error.responseCode !== 552
  return { kind: permanent ? 'never' : 'later', reason }
}

/** An address that cannot be two, nor a header. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s<>()[\]\\,;:"@\x00-\x1f\x7f]+@[^\s<>()[\]\\,;:"@\x00-\x1f\x7f]+$/.test(text)

/** A header is one line, whatever was typed. */
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f\u0085\u2028\u2029]+/g, ' ').trim()

function parseSender(text: string): { name: string; address: string } {
  const match = /^(.*?)\s*<([^>]+)>$/.exec(text)
  return match ? { name: match[1]!, address: match[2]! } : { name: 'Trame', address: text }
}
