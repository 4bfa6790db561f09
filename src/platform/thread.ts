/** Long pure work in a thread of its own: the pages of everybody else go on being answered meanwhile. */
import { Worker } from 'node:worker_threads'

/** The default function of the module `file`, called with `data` in a new thread; rejects with its fault. */
export function inThread<T>(file: URL, data: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread-entry.ts', import.meta.url), { workerData: { file: file.href, data } })
    worker.once('message', (answer: T) => resolve(answer))
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`the thread ended with code ${code} before answering`)))
  })
}
