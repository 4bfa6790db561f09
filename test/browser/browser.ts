/** A browser in front of the real application, on a copy of the demonstration: what journeys and pictures start from. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { type Browser, chromium } from 'playwright-core'
import { type Database, openDatabase } from '#platform/db/database.ts'
import { migrate } from '#platform/db/migrate.ts'
import { one, sql } from '#platform/db/types.ts'
import { emptyDatabase } from '../database.ts'

export interface Stage {
  url: string
  browser: Browser
  db: Database
  /** The owner of the database: what `migrate` and `createCommunity` take. */
  owner: string
  community(slug: string): Promise<{ id: string; slug: string; name: string }>
  /** What the application wrote as a fault since the start. */
  faults: string[]
  close(): Promise<void>
}

const root = path.join(import.meta.dirname, '..', '..')
/** A demonstration older than this has proposals about to expire: it is loaded again. */
const FRESH_MS = 2 * 3600_000
const LOCK = 7_264_002

/** Close it in `after`. */
export async function openStage(): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (let last = closers.pop(); last; last = closers.pop()) await last()
  }
  try {
    const copy = await demoDatabase()
    closers.push(copy.drop)
    const browser = await launch()
    closers.push(() => browser.close())
    const app = await startApp(copy.url)
    closers.push(app.stop)
    const db = openDatabase({ connection: (await migrate(copy.url)).web, size: 3 })
    closers.push(db.close)
    return {
      url: app.url,
      faults: app.faults,
      browser,
      db,
      owner: copy.url,
      community: slug => db.inSite(tx => one(tx, sql`select id, slug, name from platform.cpts where slug = ${slug}`)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Loaded once by the first file that asks, then copied: each file may do what it wants to its own. */
async function demoDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { superuserConfig, ownerConfig, ownerUrl, drop } = await emptyDatabase()
  await drop()
  const at = (name: string) => Object.assign(new URL(ownerUrl), { pathname: `/${name}` }).href
  const template = `demo_${sourcesHash()}`
  const name = `test_${process.pid}_browser`
  const as = async <T>(work: (admin: pg.Client) => Promise<T>): Promise<T> => {
    const admin = new pg.Client({ ...superuserConfig, database: 'postgres' })
    await admin.connect()
    try {
      return await work(admin)
    } finally {
      await admin.end()
    }
  }
  await as(async admin => {
    await admin.query('select pg_advisory_lock($1)', [LOCK])
    const { rows } = await admin.query<{ name: string; fresh: boolean | null }>(
      `select datname as name, datname = $1 and shobj_description(oid, 'pg_database')::bigint > $2 as fresh from pg_database where datname like 'demo\\_%'`,
      [template, Date.now() - FRESH_MS],
    )
    for (const old of rows.filter(r => !r.fresh)) await admin.query(`drop database ${old.name} with (force)`)
    if (!rows.some(r => r.fresh)) {
      await admin.query(`create database ${template} template template0 encoding 'UTF8' owner ${ownerConfig.user}`)
      await (await startApp(at(template))).stop()
      await admin.query(`comment on database ${template} is '${Date.now()}'`)
    }
    await admin.query(`create database ${name} template ${template} owner ${ownerConfig.user} strategy file_copy`)
  })
  return { url: at(name), drop: () => as(async admin => void (await admin.query(`drop database if exists ${name} with (force)`))) }
}

/** Changes with anything the demonstration is made of. */
function sourcesHash(): string {
  const hash = createHash('sha256')
  for (const file of globSync(['migrations/*.sql', 'demo/*', 'src/**/*.{ts,tsx}'], { cwd: root }).sort())
    if (!file.includes('.test.')) hash.update(file).update(readFileSync(path.join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

/** The application as people start it, in a process of its own on a free port. */
async function startApp(databaseUrl: string): Promise<{ url: string; faults: string[]; stop(): Promise<void> }> {
  const data = mkdtempSync(path.join(tmpdir(), 'trame-browser-'))
  const hook = pathToFileURL(path.join(root, 'src/platform/tsx-hook.ts')).href
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hook, path.join(root, 'src/main.ts')], {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, PORT: '0', DATABASE_URL: databaseUrl, TRAME_DATA: data, TRAME_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const faults: string[] = []
  let printed = ''
  const ended = new Promise<void>(resolve =>
    child.once('close', () => {
      rmSync(data, { recursive: true, force: true })
      process.off('exit', kill)
      resolve()
    }),
  )
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (text: string) => {
      if (printed.length < 50_000) printed += text
      for (const line of text.split('\n')) if (line.includes('"level":"error"')) faults.push(line)
      const found = /Ouvrez\s+(\S+)/.exec(printed)
      if (found) resolve(found[1]!)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', listen)
    void ended.then(() => reject(new Error(`the application did not start:\n${printed}`)))
  })
  return {
    url,
    faults,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
/** This machine's Chromium when it has one, else the one of our packages (Linux). `keepsPages`: « Back » may show a page kept whole, as for people. */
export async function launch(o: { keepsPages?: boolean } = {}): Promise<Browser> {
  const executablePath = installed.find(file => existsSync(file)) ?? (await packaged())
  const ignoreDefaultArgs = o.keepsPages ? ['--disable-back-forward-cache'] : []
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'], ignoreDefaultArgs })
}
async function packaged(): Promise<string> {
  if (process.platform !== 'linux')
    throw new Error('The browser journeys need Chromium or Google Chrome, and neither is installed: install one.')
  // Its libraries and fonts come with it, unless it believes that the machine has them.
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'
  try {
    const { default: sparticuz } = await import('@sparticuz/chromium')
    return await sparticuz.executablePath()
  } catch (error) {
    throw new Error('The browser journeys need Chromium, and the package @sparticuz/chromium is missing: run npm ci.', { cause: error })
  }
}
