/**
 * The server behind tests launched by hand: started by the first one, reused by the next ones, stopped after a quarter of an
 * hour without work. Imported, this file finds or starts it; run, it is it.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { DataDirectoryInUse, startEmbedded } from '#platform/postgres/embedded.ts'
import type { TestServer } from './database.ts'

const dir = path.join(import.meta.dirname, '..', 'var', 'test-pg')
const address = path.join(dir, 'address.json')
const logFile = path.join(dir, 'server.log')
const idle = 15 * 60_000

// Throw-away data: a power cut may take it all.
export const throwAway = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '100' }

/** The running development server, started if need be. */
export async function developmentServer(): Promise<TestServer> {
  const found = await reach()
  if (found) return found
  mkdirSync(dir, { recursive: true })
  const log = openSync(logFile, 'a')
  // Detached and with our own loader flags: it outlives the test that needed it first.
  const child = spawn(process.execPath, [...process.execArgv.filter(flag => !flag.startsWith('--test')), import.meta.filename], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  })
  child.unref()
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    const started = await reach()
    if (started) return started
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`The development test server did not start: see ${logFile}`)
}

/** The server at the known address, if it answers. */
async function reach(): Promise<TestServer | undefined> {
  try {
    const server = JSON.parse(readFileSync(address, 'utf8')) as TestServer
    const client = new pg.Client(server.superuser)
    await client.connect()
    await client.end()
    return server
  } catch {
    return undefined
  }
}

/** Runs the server until it has been idle for long enough. */
async function serve(): Promise<void> {
  const { writeFileSync, renameSync } = await import('node:fs')
  const embedded = await startEmbedded({ dir, settings: throwAway, log: line => console.log(line) })
  const server: TestServer = { name: 'development', superuser: embedded.superuser, owner: embedded.connection }
  const admin = new pg.Client(server.superuser)
  await admin.connect()
  await sweep(admin)
  writeFileSync(`${address}.new`, JSON.stringify(server))
  renameSync(`${address}.new`, address)
  const stop = async () => {
    rmSync(address, { force: true })
    await admin.end()
    await embedded.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  embedded.exited.then(() => process.exit(1))
  let lastUse = performance.now()
  setInterval(async () => {
    if ((await sweep(admin)) > 0) lastUse = performance.now()
    if (performance.now() - lastUse > idle) await stop()
  }, 30_000)
}

/** Drops the databases whose test process is gone; answers how many are still in use. */
async function sweep(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ datname: string }>("select datname from pg_database where datname like 'test\\_%'")
  let used = 0
  for (const { datname } of rows) {
    if (isAlive(Number(datname.split('_')[1]))) used++
    else await admin.query(`drop database if exists ${datname} with (force)`)
  }
  return used
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

if (import.meta.main)
  try {
    await serve()
  } catch (error) {
    // Two tests started one each: the other serves both.
    if (!(error instanceof DataDirectoryInUse)) throw error
  }
