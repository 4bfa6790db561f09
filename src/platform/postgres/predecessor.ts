/** What the server before us may have left: a living process without its Trame, or the files of a dead one. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Folders } from './folders.ts'
import { isServerOf, until } from './process.ts'
import { PostgresFailed } from './refusals.ts'

/**
 * Called under the start lock, so no living Trame owns this server. One that still runs lost its Trame and is told to stop;
 * files naming a dead process (kill -9, power cut) are removed, since the number may belong to somebody else by now.
 */
export async function retirePredecessor(folders: Folders): Promise<void> {
  const file = path.join(folders.data, 'postmaster.pid')
  const pid = readPid(file)
  if (pid !== undefined) await end(pid, folders.data)
  rmSync(file, { force: true })
  // The socket has a lock of its own, which names the process too.
  for (const name of readdirSync(folders.socket)) if (name.startsWith('.s.PGSQL.')) rmSync(path.join(folders.socket, name), { force: true })
}

function readPid(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10)
  } catch {
    return undefined
  }
}

/** Waits for the end of the server of `data`, if that process is it, and insists. */
async function end(pid: number, data: string): Promise<void> {
  const gone = () => !isServerOf(pid, data)
  // Where the kernel passes on our end, it is already stopping: let it finish before insisting.
  if (await until(gone, 2_000)) return
  for (const [signal, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended meanwhile, or is somebody else's: the next look tells.
    }
    if (await until(gone, patience)) return
  }
  throw new PostgresFailed(`Un PostgreSQL abandonné (processus ${pid}) ne s’arrête pas\u202f: arrêtez-le, puis relancez Trame.`)
}
