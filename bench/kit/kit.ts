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
  const server = await startEmbedded({ dir })
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
