/** A thread that stays, for work whose beginning is long and which comes back; for long work that comes once, see own-process.ts. */
import { Worker } from 'node:worker_threads'

const ENTRY = new URL('./kept-thread-entry.ts', import.meta.url)

interface Waiting {
  resolve(answer: never): void
  reject(fault: Error): void
}
/**
 * The default function of the module `file`, called in one thread that stays (a compiler to load once, say). It begins with the first
 * call, answers in order, never keeps the process alive, and ends after `idleMs` without work. A fault of the thread itself rejects
 * what waited; the next call begins another.
 */
export function keptThread<In, Out>(file: URL, { idleMs = 60_000 } = {}): (data: In) => Promise<Out> {
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let next = 0
  const waiting = new Map<number, Waiting>()

  function end(fault: Error) {
    worker = undefined
    for (const w of waiting.values()) w.reject(fault)
    waiting.clear()
  }
  function begin(): Worker {
    const made = new Worker(ENTRY, { workerData: { file: file.href } })
    made.on('message', ({ id, answer, fault }: { id: number; answer: never; fault?: string }) => {
      const w = waiting.get(id)
      waiting.delete(id)
      if (fault === undefined) w?.resolve(answer)
      else w?.reject(new Error(fault))
      if (waiting.size > 0) return
      made.unref()
      idle = setTimeout(() => {
        if (worker === made) worker = undefined
        void made.terminate()
      }, idleMs)
      idle.unref()
    })
    made.once('error', (fault: Error) => worker === made && end(fault))
    made.once('exit', code => worker === made && end(new Error(`the thread ended with code ${code} before answering`)))
    return made
  }
  return data =>
    new Promise<Out>((resolve, reject) => {
      clearTimeout(idle)
      worker ??= begin()
      // While somebody waits, the process stays for the answer.
      worker.ref()
      waiting.set(++next, { resolve: resolve as never, reject })
      worker.postMessage({ id: next, data })
    })
}
