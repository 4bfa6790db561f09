/** Communities are made by the operator, with the role that owns the database; the application's own login cannot. */
import pg from 'pg'
import { randomUUIDv7 } from '../ids.ts'

/** Makes a community; null when the slug is taken. `owner` as in `migrate`. */
export async function createCommunity(
  owner: string | pg.ClientConfig,
  c: { slug: string; name: string; demo?: boolean },
): Promise<{ id: string } | null> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>(
      'insert into platform.cpts (id, slug, name, demo) values ($1, $2, $3, $4) on conflict (slug) do nothing returning id',
      [randomUUIDv7(), c.slug, c.name, c.demo ?? false],
    )
    return rows[0] ?? null
  } finally {
    await client.end()
  }
}
