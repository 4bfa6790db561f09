/** A fresh, migrated database for each test file that asks for one, on a server shared by all. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { developmentServer } from './development-server.ts'

/** How to reach a test server as its administrator, and as whom databases are owned. */
export type TestServer = {
  /** Told apart in what the run prints. */
  name: string
  superuser: Login
  owner: Login
}

export type Login = { host: string; port: number; user: string; password?: string; database: string }

export type TestDatabase = {
  name: string
  /** As the application connects: what `openDatabase({ connection })` takes. */
  appConfig: Login
  /** The role that owns everything in it and runs the migrations. */
  ownerConfig: Login
  /** The same as a URL; over a unix socket it has the form `postgres:///name?host=/folder`. */
  ownerUrl: string
  /** The server's administrator in this database: for catalogue tests, never for the code under test. */
  superuserConfig: Login
  drop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const root = path.join(import.meta.dirname, '..')
const migrations = path.join(root, 'migrations')
const migrator = path.join(root, 'src', 'platform', 'db', 'migrate.ts')

// One number per kind of work that two test files must not do at once.
const templateLock = 7_264_001

/** The migrated database to copy, and the application's login as the migration made it. */
type Template = { name: string; app: Login | undefined }

let current: Promise<{ server: TestServer; template: Template }> | undefined

/**
 * A database of its own, copied from the migrated template in a few tens of milliseconds.
 * Drop it in `after`, or write `await using db = await testDatabase()`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  current ??= prepare()
  const { server, template } = await current
  return create(server, template)
}

/** An empty database, for the tests of the migrations themselves. */
export async function emptyDatabase(): Promise<TestDatabase> {
  current ??= prepare()
  return create((await current).server, { name: 'template0', app: undefined })
}

async function prepare() {
  // The runner runs the files that use a database a second time, on another server.
  const users = process.env.TRAME_TEST_USERS
  if (users) writeFileSync(path.join(users, String(process.pid)), process.argv[1] ?? '')
  const server = await findServer()
  return { server, template: await ensureTemplate(server) }
}

/** The run's server when the runner started us, else the one kept for tests launched by hand. */
async function findServer(): Promise<TestServer> {
  const given = process.env.TRAME_TEST_PG
  if (given) return JSON.parse(given) as TestServer
  return developmentServer()
}

async function create(server: TestServer, template: Template): Promise<TestDatabase> {
  // The process number lets the development server drop what a killed test left.
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await asSuperuser(server, admin => admin.query(createSql(name, template.name, server.owner.user)))
  const drop = () => asSuperuser(server, async admin => void (await admin.query(`drop database if exists ${name} with (force)`)))
  const ownerConfig = { ...server.owner, database: name }
  return {
    name,
    appConfig: { ...(template.app ?? server.owner), database: name },
    ownerConfig,
    ownerUrl: urlOf(ownerConfig),
    superuserConfig: { ...server.superuser, database: name },
    drop,
    [Symbol.asyncDispose]: drop,
  }
}

function createSql(name: string, template: string, owner: string): string {
  return `create database ${name} template ${template} owner ${owner}${template === 'template0' ? " encoding 'UTF8'" : ''}`
}

function urlOf({ host, port, user, password, database }: Login): string {
  const at = host.startsWith('/') ? '' : `${host}:${port}`
  const url = new URL(`postgres://${at || 'localhost'}/${database}`)
  url.username = user
  if (password) url.password = password
  if (!at) {
    url.searchParams.set('host', host)
    url.searchParams.set('port', String(port))
  }
  return url.href
}

/** One statement on a connection of its own; the rows it answers. */
export async function query<Row extends pg.QueryResultRow>(login: Login, sql: string): Promise<Row[]> {
  const client = new pg.Client(login)
  // A connection cut under a statement rejects the statement: that is enough.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function asSuperuser<T>(server: TestServer, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(server.superuser)
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

/**
 * The migrated database that every other is copied from. Its name holds the hash of the migrations, so that changing one makes
 * another template; it becomes a template only once migrated, so that a half-made one is never used.
 */
export async function ensureTemplate(server: TestServer): Promise<Template> {
  const name = `template_${migrationsHash()}`
  return asSuperuser(server, async admin => {
    const found = await findTemplate(admin, name)
    if (found) return found
    // Held by this connection: if we are killed, the server releases it.
    await admin.query('select pg_advisory_lock($1)', [templateLock])
    const made = await findTemplate(admin, name)
    if (made) return made
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(createSql(name, 'template0', server.owner.user))
    const app = await migrateTemplate({ ...server.owner, database: name })
    await dropOldTemplates(admin, name)
    // Kept with the template, so that the next test need not load the migrations to know it.
    await admin.query(`comment on database ${name} is ${admin.escapeLiteral(JSON.stringify({ app }))}`)
    await admin.query(`alter database ${name} with is_template true allow_connections false`)
    return { name, app }
  })
}

async function findTemplate(admin: pg.Client, name: string): Promise<Template | undefined> {
  const { rows } = await admin.query<{ note: string | null }>(
    "select shobj_description(oid, 'pg_database') as note from pg_database where datname = $1 and datistemplate",
    [name],
  )
  const note = rows[0]?.note
  return note ? { name, app: (JSON.parse(note) as { app?: Login }).app } : undefined
}

/** Tests under way may still copy the previous ones: only those further back are dropped. */
async function dropOldTemplates(admin: pg.Client, kept: string): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    "select datname from pg_database where datname like 'template\\_%' and datistemplate and datname <> $1 order by oid desc offset 4",
    [kept],
  )
  for (const { datname } of rows) {
    try {
      await admin.query(`alter database ${datname} with is_template false`)
      await admin.query(`drop database ${datname}`)
    } catch {
      // Being copied: the next change of migrations removes it.
    }
  }
}

async function migrateTemplate(owner: Login): Promise<Login | undefined> {
  if (!existsSync(migrator)) return undefined
  const { migrate } = (await import(migrator)) as { migrate: (owner: Login) => Promise<{ web: Login }> }
  return (await migrate(owner)).web
}

/** Changes whenever a migration, the code that runs them or this file does. */
function migrationsHash(): string {
  const hash = createHash('sha256')
  for (const file of [...list(migrations), migrator, import.meta.filename])
    if (existsSync(file)) hash.update(path.basename(file)).update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

function list(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort()
}
