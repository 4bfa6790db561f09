/** Communities are made by the operator, with the role that owns the database; the application's own login cannot. */
import pg from 'pg'
import { randomUUIDv7 } from '../ids.ts'

type Owner = string | pg.ClientConfig

async function asOwner<T>(owner: Owner, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(owner)
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Makes a community; null when the slug is taken. `owner` as in `migrate`. */
export function createCommunity(owner: Owner, c: { slug: string; name: string; demo?: boolean }): Promise<{ id: string } | null> {
  return asOwner(owner, async client => {
    const { rows } = await client.query<{ id: string }>(
      'insert into platform.cpts (id, slug, name, demo) values ($1, $2, $3, $4) on conflict (slug) do nothing returning id',
      [randomUUIDv7(), c.slug, c.name, c.demo ?? false],
    )
    return rows[0] ?? null
  })
}

const DONE = 'demonstration loaded'
/** Noted once the whole demonstration is there. */
export function markDemoLoaded(owner: Owner): Promise<void> {
  return asOwner(owner, async client => {
    await client.query('insert into platform.audit_event (id, reason) values ($1, $2)', [randomUUIDv7(), DONE])
  })
}
/**
 * A demonstration that was interrupted while it loaded is taken away whole, so that it can be loaded again. Nothing is touched
 * in a database that holds a community of its own, or a demonstration that was once complete. True when something was removed.
 */
export function dropUnfinishedDemo(owner: Owner): Promise<boolean> {
  return asOwner(owner, async client => {
    const exists = await client.query<{ there: boolean }>(`select to_regclass('platform.cpts') is not null as there`)
    if (!exists.rows[0]!.there) return false
    const { rows } = await client.query<{ unfinished: boolean }>(
      `select exists (select from platform.cpts) and not exists (select from platform.cpts where not demo)
              and not exists (select from platform.audit_event where reason = $1) as unfinished`,
      [DONE],
    )
    if (!rows[0]!.unfinished) return false
    await client.query('drop schema app, platform, ref, jobs cascade; drop table public.trame_migration')
    return true
  })
}
