/** Who is running: telling a live process from a zombie, and from another one that was given the same number. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync, realpathSync } from 'node:fs'

const linux = process.platform === 'linux'

/** State and start time from `/proc/<pid>/stat`; the name before them may hold spaces and parentheses. */
function stat(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** Is this process running? A zombie (dead, but not yet collected by its parent) is not. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (linux) {
    const found = stat(pid)
    return found !== undefined && found.state !== 'Z' && found.state !== 'X'
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * What distinguishes a process from every other that had or will have its number: after a power cut or in a restarted container
 * the same number often comes back, and a lock left by the first must not be honoured for the second.
 */
export function identity(pid: number): string {
  if (!linux) return ''
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot}/${stat(pid)?.started ?? ''}`
}

/** Is this process the PostgreSQL server of that data folder? (It makes it its current folder.) */
export function isServerOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false
  if (linux) {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
    } catch {
      return commandOf(pid).includes('postgres')
    }
  }
  if (process.platform === 'win32') return true
  return commandOf(pid).includes(data)
}

function commandOf(pid: number): string {
  if (!linux) return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** Waits until `condition` holds, looking often at first; false when `ms` have passed. */
export async function until(condition: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
    if (condition()) return true
    if (performance.now() > end) return false
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}
