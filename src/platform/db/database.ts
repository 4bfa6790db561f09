/**
 * The only door to PostgreSQL. The login role (trame_web) has no right on schema app: rights come with
 * `set local role trame_tenant` inside `inTenant`, together with the community, and vanish with the transaction.
 */
import { createHash } from 'node:crypto'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import pg from 'pg'
import { listen } from './listen.ts'
import type { SiteTx, Tx } from './types.ts'

/** What `enter` learns of a request in its first statement. */
export interface Entry {
  cptsId: string
  cptsName: string
  demo: boolean
  personId: string | null
  personName: string | null
  membershipId: string | null
  roles: string[]
  rpps: string | null
}

export interface Database {
  /** Runs `work` in one transaction of the community `cptsId` (jobs, commands). Commits when it resolves, rolls back when it rejects. */
  inTenant<T>(cptsId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same for a request: the community by its slug, the person by the session. `entry` is null for a slug nobody has. */
  enter<T>(slug: string, sessionHash: Buffer | null, now: Date, work: (tx: Tx, entry: Entry | null) => Promise<T>): Promise<T>
  /** Outside any community. */
  inSite<T>(work: (tx: SiteTx) => Promise<T>): Promise<T>
  /** Statements of the job queue, which has its own schema and knows no community. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  /** Answers within the pool's time-out or throws. */
  ping(): Promise<void>
  /** Listens on a channel with a connection of its own, which comes back by itself; `onReady` after each (re)subscription. */
  listen(channel: string, onMessage: (payload: string) => void, onReady: () => void): Promise<{ close(): Promise<void> }>
  close(): Promise<void>
}

// A birth date has no time zone; a count fits in a double.
const types = new pg.TypeOverrides()
types.setTypeParser(1082, v => v)
types.setTypeParser(20, v => Number(v))

const names = new Map<string, string>()
/** Named statements are parsed and planned once per connection. Texts beyond a thousand (generated ones) stay unnamed. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= 1000) return known
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 20)
  names.set(text, name)
  return name
}

class OneClient implements DatabaseConnection {
  private readonly client: pg.ClientBase
  constructor(client: pg.ClientBase) {
    this.client = client
  }
  async executeQuery<R>(q: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.client.query({ name: nameOf(q.sql), text: q.sql, values: q.parameters as unknown[] })
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) }
  }
  // biome-ignore lint/correctness/useYield: streaming is not offered in pipeline mode
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('no streaming inside a transaction of the house')
  }
}
class OneClientDriver implements Driver {
  private readonly connection: OneClient
  constructor(client: pg.ClientBase) {
    this.connection = new OneClient(client)
  }
  async init() {}
  async acquireConnection() {
    return this.connection
  }
  async beginTransaction() {
    throw new Error('transactions are opened by inTenant')
  }
  async commitTransaction() {}
  async rollbackTransaction() {}
  async releaseConnection() {}
  async destroy() {}
}
const compiler = new PostgresQueryCompiler()
const adapter = new PostgresAdapter()
function handle(client: pg.ClientBase) {
  return new Kysely<Record<string, never>>({
    dialect: {
      createAdapter: () => adapter,
      createDriver: () => new OneClientDriver(client),
      createIntrospector: db => new PostgresIntrospector(db),
      createQueryCompiler: () => compiler,
    },
  })
}

/** The driver says in words only that a connection was cut or never came; PostgreSQL's class 08 says it to whoever may try again. */
function lost(error: Error & { code?: string }): never {
  // What has a name or a code of its own is somebody else's error, on a connection that happened to be lost as well.
  throw error.name === 'Error' && error.code === undefined ? Object.assign(error, { code: '08006' }) : error
}

export interface DatabaseOptions {
  connection: pg.PoolConfig
  /** Connections kept; more requests wait for one. */
  size?: number
}

/** Opens the pool. Nothing is asked of the server before the first transaction. */
export function openDatabase({ connection, size = 12 }: DatabaseOptions): Database {
  const config: pg.PoolConfig = {
    ...connection,
    types,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  }
  const pool = new pg.Pool({ ...config, pipeline: true } as pg.PoolConfig)
  // A connection that dies while idle is dropped by the pool; the next request opens another.
  pool.on('error', () => {})
  // One that dies while in use rejects what was asked of it; without a listener of its own it would end the process as well.
  pool.on('connect', client => client.on('error', () => {}))

  async function transaction<T>(
    open: (client: pg.ClientBase) => Promise<unknown>[],
    work: (client: pg.ClientBase, opened: unknown[]) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect().catch(lost)
    let broken: Error | undefined
    try {
      // Sent together (one round trip): if the first fails the others fail too, and nothing has run with rights.
      const opened = await Promise.all([client.query('begin'), ...open(client)])
      const result = await work(client, opened.slice(1))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((e: Error) => {
        broken = e
      })
      if (broken) lost(error as Error)
      throw error
    } finally {
      client.release(broken)
    }
  }
  const asTenant = 'set local role trame_tenant'

  return {
    inTenant: (cptsId, work) =>
      transaction(
        c => [c.query(asTenant), c.query({ name: 'tenant', text: `select set_config('app.cpts_id', $1, true)`, values: [cptsId] })],
        client => work(handle(client) as Tx),
      ),
    enter: (slug, session, now, work) =>
      transaction(
        c => [
          c.query(asTenant),
          c.query({
            name: 'enter',
            text: `select cpts_id as "cptsId", cpts_name as "cptsName", demo, person_id as "personId", person_name as "personName",
                          membership_id as "membershipId", roles, rpps from platform.enter($1, $2, $3)`,
            values: [slug, session, now],
          }),
        ],
        (client, [, entered]) => work(handle(client) as Tx, (entered as pg.QueryResult<Entry>).rows[0] ?? null),
      ),
    inSite: work =>
      transaction(
        c => [c.query('set local role trame_site')],
        client => work(handle(client) as SiteTx),
      ),
    async executeSql(text, values) {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        const result = await client.query(text, values)
        // A text of several statements answers with one result each; the queue reads the rows of all.
        return { rows: (Array.isArray(result) ? result : [result]).flatMap(r => r.rows as unknown[]) }
      } catch (error) {
        // A text that began a transaction leaves it open when it fails: nobody else gets that connection.
        broken = error as Error
        throw error
      } finally {
        client.release(broken)
      }
    },
    async ping() {
      await pool.query('select 1')
    },
    listen: (channel, onMessage, onReady) => listen(config, channel, onMessage, onReady),
    close: () => pool.end(),
  }
}
