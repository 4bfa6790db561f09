/** The whole application on a database of its own, asked over HTTP and answered in HTML: what area tests use. */
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Role } from '#platform/access.ts'
import { type Database, openDatabase } from '#platform/db/database.ts'
import { type AnyTx, run, sql, type Tx } from '#platform/db/types.ts'
import { hashToken, newToken, randomUUIDv7 } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import type { Area } from '#platform/page.ts'
import { createApp } from '#platform/web/app.ts'
import { type TestDatabase, testDatabase } from './database.ts'

export interface Person {
  personId: string
  membershipId: string
  name: string
  /** Cookie header of a session of theirs. */
  cookie: string
}
export interface Community {
  id: string
  slug: string
  name: string
}
export interface Reply {
  status: number
  location: string | null
  html: string
  headers: Headers
  /** The answer as it came: a downloaded file. */
  bytes: Uint8Array
  /** Text of the page, tags dropped, white space folded. */
  text: string
}
export interface TestApp {
  db: Database
  test: TestDatabase
  /** Moves by itself only when a test says so. */
  now: Date
  community(slug?: string, name?: string): Promise<Community>
  /** Somebody with these roles in the community, already signed in. */
  person(c: Community, roles: Role[], o?: { name?: string; rpps?: string; email?: string }): Promise<Person>
  get(path: string, as?: Person | null): Promise<Reply>
  /** Submits a form (a fresh idempotency key unless `_key` is given). */
  post(path: string, fields: Record<string, string | string[] | File>, as?: Person | null, headers?: Record<string, string>): Promise<Reply>
  /** One statement inside a community, as the application would. */
  within<T>(c: Community, work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement as the owner of the database: reference data, tampering. */
  owner(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export const BASE = 'http://localhost:3000'

export async function testApp(areas: readonly Area[], o: { now?: Date; demo?: boolean } = {}): Promise<TestApp> {
  const test = await testDatabase()
  const db = openDatabase({ connection: test.appConfig, size: 8 })
  const owner = new pg.Pool({ ...test.superuserConfig, max: 2 })
  owner.on('error', () => {})
  let now = o.now ?? new Date('2026-11-22T09:00:00Z')
  const app = createApp({ db, areas, clock: () => now, log: silentLog, baseUrl: BASE, demo: o.demo ?? false })

  async function reply(request: Request): Promise<Reply> {
    const response = await app.request(request)
    const bytes = new Uint8Array(await response.arrayBuffer())
    const html = new TextDecoder().decode(bytes)
    return {
      status: response.status,
      location: response.headers.get('location'),
      html,
      headers: response.headers,
      bytes,
      text: textOf(html),
    }
  }
  return {
    db,
    test,
    get now() {
      return now
    },
    set now(at: Date) {
      now = at
    },
    async community(
      slug = `c-${newToken()
        .slice(0, 8)
        .toLowerCase()
        .replace(/[^a-z0-9]/g, 'x')}x`,
      name = `CPTS ${slug}`,
    ) {
      const id = randomUUIDv7()
      await owner.query('insert into platform.cpts (id, slug, name, demo) values ($1, $2, $3, $4)', [id, slug, name, o.demo ?? false])
      return { id, slug, name }
    },
    async person(c, roles, p = {}) {
      const personId = randomUUIDv7()
      const membershipId = randomUUIDv7()
      const name = p.name ?? `${roles[0]} ${personId.slice(-4)}`
      const token = newToken()
      const email = p.email ?? `p${personId.slice(-12)}@exemple.fr`
      await owner.query('insert into platform.person (id, name, email) values ($1, $2, $3)', [personId, name, email])
      await owner.query(
        `insert into platform.session (token_hash, person_id, created_at, expires_at) values ($1, $2, $3, $3::timestamptz + interval '1 year')`,
        [hashToken(token), personId, now],
      )
      await db.inTenant(c.id, tx =>
        run(
          tx,
          sql`insert into app.membership (id, person_id, roles, rpps, since) values (${membershipId}, ${personId}, ${roles}, ${p.rpps ?? null}, ${now.toISOString().slice(0, 10)})`,
        ),
      )
      return { personId, membershipId, name, cookie: `__Host-trame=${token}` }
    },
    get: (path, as) => reply(new Request(BASE + path, { headers: as ? { cookie: as.cookie } : {} })),
    post(path, fields, as, headers = {}) {
      // As a browser does: a form with a file travels in parts.
      const body = Object.values(fields).some(v => v instanceof File) ? new FormData() : new URLSearchParams()
      if (!('_key' in fields)) body.set('_key', randomUUIDv7())
      for (const [name, value] of Object.entries(fields)) for (const v of [value].flat()) body.append(name, v as string)
      return reply(
        new Request(BASE + path, {
          method: 'POST',
          body,
          headers: { origin: BASE, ...(as ? { cookie: as.cookie } : {}), ...headers },
        }),
      )
    },
    within: (c, work) => db.inTenant(c.id, work),
    owner: async (text, values) => (await owner.query(text, values)).rows,
    async close() {
      await db.close()
      await owner.end()
      await test.drop()
    },
  }
}

export const textOf = (html: string): string =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()

/** A fixed UUID made from a word: readable test data. */
export function uuidOf(word: string): string {
  const h = createHash('sha256').update(word).digest('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-7${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`
}
export type { AnyTx }
