/** What a thread of `thread.ts` runs first. */
import { constants, getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromThread } from './thread.ts'

// On Linux a priority is a thread's own: whoever waits for a page goes first. Elsewhere it would be the whole process's.
const low = constants.priority.PRIORITY_BELOW_NORMAL
if (process.platform === 'linux' && getPriority() < low) setPriority(low)

const { file, data } = workerData as { file: string; data: unknown }
const { default: work } = (await import(file)) as { default: (data: unknown, tell: (told: unknown) => void) => unknown }
const send = (message: FromThread) => parentPort?.postMessage(message)
send({ answer: await work(data, told => send({ told })) })
