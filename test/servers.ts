/** The PostgreSQL servers of a test run, in temporary folders removed at the end. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type EmbeddedOptions, startEmbedded } from '#platform/postgres/embedded.ts'
import { takeLock } from '#platform/postgres/lock.ts'
import { ensureTemplate, type TestServer } from './database.ts'
import { throwAway } from './development-server.ts'

/** A running server whose template is migrated, ready for the test files. */
export type RunServer = { server: TestServer; stop(): Promise<void> }

const prefix = 'trame-test-'

/** Ours, on its unix socket: how Trame runs when nothing is configured. */
export function onSocket(): Promise<RunServer> {
  return start('the embedded PostgreSQL on its unix socket', {})
}

/** The machine's own if there is one, else ours; over TCP with a password: how Trame runs behind DATABASE_URL. */
export function overTcp(): Promise<RunServer> {
  const found = installedPostgres()
  if (found) return start(`this machine’s PostgreSQL ${found.major} over TCP with a password`, { tcpPort: 0, programs: found })
  return start('the embedded PostgreSQL over TCP with a password (this machine has no PostgreSQL ≥ 15 of its own)', { tcpPort: 0 })
}

async function start(name: string, options: Partial<EmbeddedOptions>): Promise<RunServer> {
  const dir = mkdtempSync(path.join(tmpdir(), prefix))
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    const embedded = await startEmbedded({ dir, settings: throwAway, ...options })
    const server = { name, superuser: embedded.superuser, owner: embedded.connection }
    const stop = async () => {
      await embedded.stop()
      remove()
    }
    try {
      await ensureTemplate(server)
    } catch (error) {
      await stop()
      throw error
    }
    return { server, stop }
  } catch (error) {
    remove()
    throw error
  }
}

/** A server installed by Debian or Ubuntu packages. */
function installedPostgres(): { bin: string; major: number; libraryPath: undefined } | undefined {
  const folder = '/usr/lib/postgresql'
  if (!existsSync(folder)) return undefined
  const majors = readdirSync(folder).map(Number)
  // The oldest that we support says more than the newest: what works there works on the others.
  const major = majors.sort((a, b) => a - b).find(each => each >= 15 && existsSync(path.join(folder, String(each), 'bin', 'postgres')))
  return major === undefined ? undefined : { bin: path.join(folder, String(major), 'bin'), major, libraryPath: undefined }
}

/** Removes the folders of runs that were killed: no living process holds their lock, and they are not being made. */
export function sweepKilledRuns(): void {
  for (const name of readdirSync(tmpdir()).filter(each => each.startsWith(prefix))) {
    const dir = path.join(tmpdir(), name)
    try {
      if (Date.now() - statSync(dir).mtimeMs < 3_600_000) continue
      takeLock(dir)
      rmSync(dir, { recursive: true, force: true })
    } catch {
      // In use, or somebody else's.
    }
  }
}
