/** Which PostgreSQL: the operator's, or the embedded one, which this process then starts, watches and stops. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from './config.ts'
import { Refusal } from './errors.ts'
import type { Log } from './log.ts'
import { type Connection, DataDirectoryInUse, database, owner, startEmbedded } from './postgres/embedded.ts'
import { prepareFolders, readPassword } from './postgres/folders.ts'
import { runAs } from './postgres/identity.ts'

/** What `migrate` and imports connect with: a role that owns the database. */
export type OwnerLogin = string | Connection

export interface Engine {
  owner: OwnerLogin
  /** True when this process runs the server. */
  ours: boolean
  /** Stops the server if it is ours. */
  close(): Promise<void>
}

/** Folder of the embedded server. */
export const serverFolder = (config: Config): string => path.join(config.data, 'postgres')

/** The operator's server as it is, or the embedded one started. Throws when another Trame holds the folder. */
export async function openEngine(config: Config, log: Log): Promise<Engine> {
  if (config.databaseUrl) return given(config.databaseUrl)
  const start = () => startEmbedded({ dir: serverFolder(config) })
  let server = await start()
  let closing = false
  watch()
  return {
    owner: server.connection,
    ours: true,
    async close() {
      closing = true
      await server.stop()
    },
  }

  /** The server may be killed (out of memory): it comes back on the same socket, and the pool finds it there. */
  function watch(): void {
    void server.exited.then(async () => {
      for (let pause = 500; !closing; pause = Math.min(pause * 2, 10_000)) {
        log.error('database-stopped')
        try {
          server = await start()
          log.info('database-restarted')
          if (closing) await server.stop()
          else watch()
          return
        } catch {
          await new Promise(resolve => setTimeout(resolve, pause))
        }
      }
    })
  }
}

/** The same for a command beside the application: the server that already runs is used, else one is started for the time of the command. */
export async function joinEngine(config: Config, log: Log): Promise<Engine> {
  try {
    return await openEngine(config, log)
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error
    return { owner: await runningServer(serverFolder(config)), ours: false, async close() {} }
  }
}

const given = (url: string): Engine => ({ owner: url, ours: false, async close() {} })

/** How to connect to the server another process of ours started on this folder, once it is ready. */
async function runningServer(dir: string): Promise<Connection> {
  const folders = prepareFolders(dir, runAs())
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    const found = readAddress(path.join(folders.data, 'postmaster.pid'))
    if (found) return { ...found, user: owner, database, password: readPassword(folders) }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Refusal('Trame démarre ou s’arrête sur ce dossier de données\u202f: attendez quelques secondes, puis relancez la commande.')
}

/** PostgreSQL writes where it listens, one fact a line: process, folder, start, port, socket, address, memory, state. */
function readAddress(file: string): { host: string; port: number } | undefined {
  let lines: string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch {
    return undefined
  }
  const [, , , port, socket, address, , state] = lines
  if (state?.trim() !== 'ready') return undefined
  return { host: socket?.trim() || address?.trim() || '127.0.0.1', port: Number(port) }
}
