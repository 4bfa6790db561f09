/** What a thread of `kept-thread.ts` runs first. */
import { parentPort, workerData } from 'node:worker_threads'

const { file } = workerData as { file: string }
const { default: work } = (await import(file)) as { default: (data: unknown) => unknown }
// One after the other: the work may hold a state that two at once would mix.
let last: Promise<unknown> = Promise.resolve()
parentPort?.on('message', ({ id, data }: { id: number; data: unknown }) => {
  last = last
    .then(() => work(data))
    .then(
      answer => parentPort?.postMessage({ id, answer }),
      (fault: Error) => parentPort?.postMessage({ id, fault: fault.message }),
    )
})
