/** One Trame per data folder: the lock that the starting process takes and keeps as long as it lives. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { identity, isAlive } from './process.ts'
import { DataDirectoryInUse } from './refusals.ts'

type Holder = { pid: number; identity: string }

/** Takes the lock of `dir` or throws `DataDirectoryInUse`; returns what gives it back. */
export function takeLock(dir: string): () => void {
  const file = path.join(dir, 'lock')
  const mine: Holder = { pid: process.pid, identity: identity(process.pid) }
  // Written aside then linked, never created empty and then filled: whoever reads the lock always reads its holder.
  const draft = `${file}.${process.pid}.${crypto.randomUUID()}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        linkSync(draft, file)
        return () => release(file, mine)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = read(file)
      if (!holder) continue
      if (holds(holder)) throw new DataDirectoryInUse(dir, holder.pid)
      clear(file, holder)
    }
    throw new DataDirectoryInUse(dir, read(file)?.pid ?? 0)
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    // A power cut may leave it empty: nobody alive can hold a lock that names nobody.
    return { pid: 0, identity: '' }
  }
}

function holds(holder: Holder): boolean {
  return isAlive(holder.pid) && holder.identity === identity(holder.pid)
}

/**
 * Removes a dead holder's lock. Two starts may judge it dead at the same time, and the slower one must not remove the lock that
 * the faster one has just taken: it is moved away first, looked at again, and put back if it turns out to be somebody's.
 */
function clear(file: string, dead: Holder): void {
  const away = `${file}.${process.pid}.${crypto.randomUUID()}`
  try {
    renameSync(file, away)
  } catch {
    return
  }
  const moved = read(away)
  if (moved && (moved.pid !== dead.pid || moved.identity !== dead.identity)) {
    try {
      linkSync(away, file)
    } catch {
      // A third one took it meanwhile; PostgreSQL's own lock is the second barrier.
    }
  }
  rmSync(away, { force: true })
}

function release(file: string, mine: Holder): void {
  const holder = read(file)
  if (holder?.pid === mine.pid && holder.identity === mine.identity) rmSync(file, { force: true })
}
