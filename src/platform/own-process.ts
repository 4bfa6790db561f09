/**
 * Long pure work in a process of its own, at the lowest priority: the pages of everybody else go on being answered meanwhile. A thread
 * would not do: what V8 does for it (collecting its garbage, compiling it) runs on threads it shares with the pages, at their priority.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { bareEnvironment } from './config.ts'

export interface OwnProcessOptions<Told> {
  /** What the work says on its way (second argument of the module's default function). */
  onTell?: (told: Told) => void
  /** Aborted: the process is killed wherever it is, and the promise rejects with the signal's reason once it is gone. */
  signal?: AbortSignal
}
/** What the process is sent, once. */
export interface ToProcess {
  file: string
  data: unknown
}
/** What it sends: a word on the way, then its answer or its fault. */
export type FromProcess = { told: unknown } | { answer: unknown } | { fault: Error }

const ENTRY = new URL('./own-process-entry.ts', import.meta.url)
const HOOK = new URL('./tsx-hook.ts', import.meta.url).href

/**
 * The default function of the module `file`, called with `data` in a new process; rejects with its fault. `data` and the answer are
 * copied (structured clone). The process knows none of our environment: no address of the database, no secret.
 */
export function inOwnProcess<T, Told = never>(file: URL, data: unknown, { onTell, signal }: OwnProcessOptions<Told> = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const child = fork(ENTRY, {
      env: bareEnvironment(),
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', HOOK],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    goLast(child)
    const kill = () => void child.kill('SIGKILL')
    signal?.addEventListener('abort', kill, { once: true })
    child.on('message', (message: FromProcess) => {
      if ('answer' in message) resolve(message.answer as T)
      else if ('fault' in message) reject(message.fault)
      else onTell?.(message.told as Told)
    })
    child.once('error', reject)
    // « close » and not « exit »: what it had sent has been read by then.
    child.once('close', code => {
      signal?.removeEventListener('abort', kill)
      reject(signal?.aborted ? signal.reason : new Error(`the process ended with code ${code} before answering`))
    })
    // Gone before it could read: « close » says it.
    child.send({ file: file.href, data } satisfies ToProcess, () => {})
  })
}

/** Before it has threads of its own: they take the priority of the one that begins them. */
function goLast({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // Already gone, or a system that refuses: it computes at our priority.
  }
}
