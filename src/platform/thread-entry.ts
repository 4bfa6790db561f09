/** What a thread of `thread.ts` runs first. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FromThread } from './thread.ts'

const { file, data } = workerData as { file: string; data: unknown }
const { default: work } = (await import(file)) as { default: (data: unknown, tell: (told: unknown) => void) => unknown }
const send = (message: FromThread) => parentPort?.postMessage(message)
send({ answer: await work(data, told => send({ told })) })
