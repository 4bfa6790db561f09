/** The outbox: a message is a row written with its cause; a worker delivers it. Never personal data in its text. */
import { run, sql, type Tx } from './db/types.ts'
import { randomUUIDv7 } from './ids.ts'

export interface Message {
  /** Kind of message, e.g. `proposal`: every message has a reason. */
  reason: string
  to: { address: string; label: string }
  subject: string
  /** Plain text. */
  body: string
  /** What it is about. */
  subjectId?: string
}
/** Writes the message and wakes the worker once the transaction commits. */
export async function post(tx: Tx, now: Date, message: Message): Promise<string> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`with m as (insert into app.message (id, reason, recipient, recipient_label, subject, body, subject_id, created_at)
        values (${id}, ${message.reason}, ${message.to.address}, ${message.to.label}, ${message.subject}, ${message.body}, ${message.subjectId ?? null}, ${now}) returning 1)
        select pg_notify('trame_outbox', app.cpts_id()::text) from m`,
  )
  return id
}

/** Nothing more leaves about these things, and what was written of them is forgotten: to whom, and the text. */
export async function forget(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  await run(
    tx,
    sql`update app.message set recipient = '', recipient_label = '', body = null, lease = null, leased_until = null,
          state = case when state = 'waiting' then 'failed' else state end, error = case when state = 'waiting' then 'erased' else error end
        where subject_id = any(${[...subjectIds]}::uuid[])`,
  )
}
