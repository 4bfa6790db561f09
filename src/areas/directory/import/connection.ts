/**
 * The importer's own connection: one transaction as `trame_import`, COPY in, and a stop that reaches a statement under way.
 * Imports run from the command line or a worker, never in a request, hence not through platform/db's pool.
 */
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { ImportRefused } from './report.ts'

export type Owner = string | pg.PoolConfig

/** One import at a time per database, whatever its kind. */
const LOCK = 7_726_270

export interface ImportConnection {
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>>
  /** `copy … from stdin`: `feed` is given a function that sends bytes and resolves when more may be sent. */
  copy(text: string, feed: (send: (bytes: Buffer) => Promise<void>) => Promise<void>): Promise<void>
}

const aborted = () => new ImportRefused('aborted', 'Import arrêté à votre demande. Rien n’a été changé.')

/**
 * Runs `work` in one transaction with the rights of `trame_import`. Commits when it resolves to true, rolls back otherwise.
 * Throws `ImportRefused` `busy` when another import is under way, `aborted` when `signal` fires before the commit.
 */
export async function importTransaction(
  owner: Owner,
  signal: AbortSignal | undefined,
  work: (connection: ImportConnection) => Promise<boolean>,
): Promise<void> {
  if (signal?.aborted) throw aborted()
  const config: pg.ClientConfig = typeof owner === 'string' ? { connectionString: owner } : owner
  const client = new pg.Client({ ...config, application_name: 'trame-import' })
  client.on('error', () => {}) // the statement under way rejects with the reason
  await client.connect()
  let copying: { destroy(error: Error): void } | undefined
  let committing = false
  const stop = () => {
    if (committing) return
    copying?.destroy(aborted())
    void cancel(config, (client as unknown as { processID: number }).processID)
  }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await client.query('begin')
    await client.query('set local role trame_import')
    const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [LOCK])
    if (!rows[0]!.free)
      throw new ImportRefused('busy', 'Un autre import est en cours. Attendez qu’il se termine, puis recommencez. Rien n’a été changé.')
    const write = await work({
      query: (text, values) => {
        if (signal?.aborted) throw aborted()
        return client.query(text, values)
      },
      async copy(text, feed) {
        const stream = client.query(copyFrom(text, { highWaterMark: 1 << 20 }))
        copying = stream
        let failed: Error | undefined
        const ended = new Promise<void>((resolve, reject) => {
          stream.once('finish', resolve)
          stream.once('error', error => {
            failed = error
            reject(error)
          })
        })
        ended.catch(() => {})
        try {
          await feed(
            bytes =>
              new Promise((resolve, reject) => {
                if (failed || signal?.aborted) return reject(failed ?? aborted())
                stream.write(bytes, error => (error ? reject(error) : resolve()))
              }),
          )
          stream.end()
          await ended
        } catch (error) {
          stream.destroy(error as Error)
          await ended.catch(() => {})
          throw error
        } finally {
          copying = undefined
        }
      },
    })
    if (signal?.aborted) throw aborted()
    committing = write
    await client.query(write ? 'commit' : 'rollback')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw signal?.aborted && !committing ? aborted() : error
  } finally {
    signal?.removeEventListener('abort', stop)
    await client.end().catch(() => {})
  }
}

/** A statement under way is stopped from another connection; when that cannot be done it ends by itself and is rolled back. */
async function cancel(config: pg.ClientConfig, pid: number): Promise<void> {
  const other = new pg.Client(config)
  other.on('error', () => {})
  try {
    await other.connect()
    await other.query('select pg_cancel_backend($1)', [pid])
  } catch {
    // Nothing more can be done; the transaction is not committed.
  } finally {
    await other.end().catch(() => {})
  }
}

/** Gives the planner a first idea of tables, outside any transaction, with the rights of the owner; autovacuum refines it. */
export async function analyse(owner: Owner, tables: readonly string[]): Promise<void> {
  const client = new pg.Client(typeof owner === 'string' ? { connectionString: owner } : owner)
  await client.connect()
  try {
    await client.query('set default_statistics_target = 25')
    await client.query(`analyze ${tables.join(', ')}`)
  } finally {
    await client.end()
  }
}
