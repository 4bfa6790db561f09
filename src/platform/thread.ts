/** Long pure work in a thread of its own: the pages of everybody else go on being answered meanwhile. */
import { Worker } from 'node:worker_threads'

export interface ThreadOptions<Told> {
  /** What the work says on its way (second argument of the module's default function). */
  onTell?: (told: Told) => void
  /** Aborted: the thread is ended wherever it is, and the promise rejects with the signal's reason once it is gone. */
  signal?: AbortSignal
}
/** What a thread sends: a word on the way, or its answer. */
export type FromThread = { told: unknown } | { answer: unknown }

/** The default function of the module `file`, called with `data` in a new thread; rejects with its fault. */
export function inThread<T, Told = never>(file: URL, data: unknown, { onTell, signal }: ThreadOptions<Told> = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const worker = new Worker(new URL('./thread-entry.ts', import.meta.url), { workerData: { file: file.href, data } })
    const end = () => void worker.terminate()
    signal?.addEventListener('abort', end, { once: true })
    worker.on('message', (message: FromThread) => ('answer' in message ? resolve(message.answer as T) : onTell?.(message.told as Told)))
    worker.once('error', reject)
    worker.once('exit', code => {
      signal?.removeEventListener('abort', end)
      reject(signal?.aborted ? signal.reason : new Error(`the thread ended with code ${code} before answering`))
    })
  })
}
