/** What the server before us may have left: a living process without its Trame, or the files of a dead one. */
import { readFileSync, rmSync } from 'node:fs'
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
  let pid: number
  try {
    pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  } catch {
    return
  }
  const gone = () => !isServerOf(pid, folders.data)
  // Where the kernel passes on our end, it is already stopping: let it finish before insisting.
  if (!(await until(gone, 2_000))) {
    for (const [signal, patience] of [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5_000],
    ] as const) {
      process.kill(pid, signal)
      if (await until(gone, patience)) break
    }
    if (!gone())
      throw new PostgresFailed(`Un PostgreSQL abandonné (processus ${pid}) ne s’arrête pas\u202f: arrêtez-le, puis relancez Trame.`)
  }
  rmSync(file, { force: true })
}
