/** What the benches of the application share: a server of their own, a community with data, medians, the machine's line. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { type Database, openDatabase } from '#platform/db/database.ts'
import { migrate } from '#platform/db/migrate.ts'
import { type Connection, startEmbedded } from '#platform/postgres/embedded.ts'

export interface Bench {
  owner: Connection
  web: pg.PoolConfig
  db: Database
  /** As the owner of the database. */
  admin: pg.Pool
  close(): Promise<void>
}
/** A fresh embedded PostgreSQL in a temporary folder, migrated; durable as in production (fsync on). */
export async function openBench(size = 12): Promise<Bench> {
  const dir = mkdtempSync(path.join(tmpdir(), 'trame-bench-'))
  const server = await lived(dir)
  const { web } = await migrate(server.connection)
  const db = openDatabase({ connection: web, size })
  const admin = new pg.Pool({ ...server.connection, max: 4 })
  admin.on('error', () => {})
  return {
    owner: server.connection,
    web,
    db,
    admin,
    async close() {
      await db.close()
      await admin.end()
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
/**
 * A server that has lived: its journal (WAL) turns in files it already has. A new one makes each of its first files of 16 MB while
 * everybody waits, some 30 ms, which no server does any more after its first day.
 */
async function lived(dir: string): Promise<Awaited<ReturnType<typeof startEmbedded>>> {
  const young = await startEmbedded({ dir })
  const client = new pg.Client(young.connection)
  await client.connect()
  for (let megabytes = 0; megabytes < 100; megabytes++)
    await client.query(`select pg_logical_emit_message(false, '', repeat('x', 1000000))`)
  await client.end()
  // Stopping it leaves the files to be used again.
  await young.stop()
  return startEmbedded({ dir })
}
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
export const spread = (values: readonly number[], digits = 2): string =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`
export const machine = (): string =>
  `${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`
export const print = (line = ''): void => void process.stdout.write(`${line}\n`)
