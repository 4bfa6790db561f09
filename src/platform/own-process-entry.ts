/** What a process of `own-process.ts` runs first. It ends by itself: once it listens no more and all it said is written, nothing holds it. */
import { readdirSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import type { FromProcess, ToProcess } from './own-process.ts'

goLast()
const parent = process.ppid
const send = (message: FromProcess) => process.send?.(message)
/** Whoever asked may have been killed: nobody would hear, and nothing else would end a computation that never gives its turn. */
const tell = (told: unknown) => {
  if (process.ppid !== parent) process.exit(1)
  send({ told })
}
process.once('message', async ({ file, data }: ToProcess) => {
  try {
    const { default: work } = (await import(file)) as { default: (data: unknown, tell: (told: unknown) => void) => unknown }
    send({ answer: await work(data, tell) })
  } catch (error) {
    send({ fault: error as Error })
  }
})

/** On Linux a priority is a thread's own: those that began before our parent had lowered ours, on a busy machine, are told too. */
function goLast(): void {
  try {
    if (process.platform === 'linux')
      for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), constants.priority.PRIORITY_LOW)
  } catch {
    // One of them has ended meanwhile: the others keep the priority they have.
  }
}
