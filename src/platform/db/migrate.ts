/**
 * Forward-only migrations: the files of `migrations/`, in order, in one transaction, under a lock.
 * A landed file is never edited (its checksum is kept); a database newer than the code is refused.
 */
import { createHash, createHmac } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { Refusal } from '../errors.ts'

export const migrationsFolder: string = path.resolve(import.meta.dirname, '../../../migrations')
const LOCK = 7_726_263 // any constant: one migration at a time per database

export interface Migrated {
  applied: string[]
  /** How to connect as the application's own role on the same server. */
  web: pg.PoolConfig
}

/**
 * Brings the database of `owner` (a role that may create roles and schemas) to this code's schema.
 * Throws `Refusal` with a sentence for the operator; then nothing was changed.
 */
export async function migrate(owner: string | pg.PoolConfig): Promise<Migrated> {
  const config: pg.ClientConfig = typeof owner === 'string' ? { connectionString: owner } : owner
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, ...config })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw new Refusal(`La base de données ne répond pas (${(error as Error).message}). Vérifiez DATABASE_URL.`)
  }
  try {
    await checkServer(client)
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    const password = await inTurn(client, () => createRoles(client))
    const applied = await applyAll(client)
    await client.query('commit')
    return {
      applied,
      web: {
        host: client.host,
        port: client.port,
        database: client.database,
        user: 'trame_web',
        password,
        ssl: client.ssl,
      } as pg.PoolConfig,
    }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    await client.end()
  }
}

async function checkServer(client: pg.Client) {
  const { rows } = await client.query<{ version: number; may: boolean }>(
    `select current_setting('server_version_num')::int as version, (rolsuper or rolcreaterole) as may from pg_roles where rolname = current_user`,
  )
  const { version, may } = rows[0]!
  if (version < 150_000)
    throw new Refusal(`Trame demande PostgreSQL 15 ou plus récent ; ce serveur est en version ${Math.floor(version / 10_000)}.`)
  if (!may)
    throw new Refusal('Le rôle de DATABASE_URL doit pouvoir créer des rôles (CREATEROLE) : Trame sépare ses droits en plusieurs rôles.')
}

/**
 * Roles belong to the whole server, and a lock to one database: two databases of one server that migrate at once meet here. PostgreSQL
 * makes the second wait, then refuses what the first has just written; asked again it finds it done.
 */
async function inTurn<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  for (let again = 20; ; again--) {
    await client.query('savepoint turn')
    try {
      return await work()
    } catch (error) {
      const { code, message } = error as pg.DatabaseError
      const met = code === '42710' || code === '23505' || /^tuple concurrently updated/.test(message)
      if (!met || again === 0) throw error
      await client.query('rollback to savepoint turn')
    }
  }
}

/** Least privilege: one login that owns nothing, and one role per kind of work that it takes for one transaction. */
async function createRoles(client: pg.Client): Promise<string | undefined> {
  // The password of trame_web follows from the owner's, so that every process finds the same without storing one.
  const secret = client.password
  const password = secret ? createHmac('sha256', secret).update('trame_web').digest('base64url') : undefined
  const { rows } = await client.query<{ rolname: string }>(`select rolname from pg_roles where rolname like 'trame\\_%'`)
  const has = new Set(rows.map(r => r.rolname))
  for (const role of ['trame_tenant', 'trame_site', 'trame_import'])
    if (!has.has(role)) await client.query(`create role ${role} nologin noinherit`)
  if (!has.has('trame_web')) {
    await client.query('create role trame_web login noinherit')
    await client.query('grant trame_tenant, trame_site to trame_web')
    await client.query('grant trame_tenant, trame_site, trame_import to current_user')
  }
  if (password) await client.query(`alter role trame_web password ${client.escapeLiteral(password)}`)
  const { rows: db } = await client.query<{ current_database: string }>('select current_database()')
  await client.query(`grant connect on database ${client.escapeIdentifier(db[0]!.current_database)} to trame_web`)
  return password
}

async function applyAll(client: pg.Client): Promise<string[]> {
  await client.query(
    `create table if not exists public.trame_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  )
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from public.trame_migration')
  const done = new Map(rows.map(r => [r.name, r.checksum]))
  const files = (await fs.readdir(migrationsFolder)).filter(f => f.endsWith('.sql')).sort()
  const unknown = [...done.keys()].filter(name => !files.includes(name))
  if (unknown.length)
    throw new Refusal(
      `Cette base de données vient d’une version plus récente de Trame (${unknown[0]}). Mettez le programme à jour ; rien n’a été changé.`,
    )
  const applied: string[] = []
  for (const name of files) {
    const text = await fs.readFile(path.join(migrationsFolder, name), 'utf8')
    const checksum = createHash('sha256').update(text).digest('hex')
    if (done.has(name)) {
      if (done.get(name) !== checksum)
        throw new Refusal(
          `La migration ${name} a été modifiée après avoir été appliquée. Rétablissez le fichier d’origine ; rien n’a été changé.`,
        )
      continue
    }
    try {
      await client.query(text)
    } catch (error) {
      throw new Error(`migration ${name}: ${(error as Error).message}`, { cause: error })
    }
    await client.query('insert into public.trame_migration (name, checksum) values ($1, $2)', [name, checksum])
    applied.push(name)
  }
  return applied
}
