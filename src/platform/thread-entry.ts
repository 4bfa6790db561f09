/** What a thread of `thread.ts` runs first. */
import { parentPort, workerData } from 'node:worker_threads'

const { file, data } = workerData as { file: string; data: unknown }
const { default: work } = (await import(file)) as { default: (data: unknown) => unknown }
parentPort?.postMessage(await work(data))
