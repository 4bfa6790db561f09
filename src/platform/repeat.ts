/** Work that comes back for as long as the application lives: never twice at once, and a failure only delays the next time. */
import { faultOf, type Log } from './log.ts'

export interface Repeating {
  /** Asks for the next time now; during a run, for another one right after it. */
  wake(): void
  /** No further run; resolves once the current one has ended. */
  stop(): Promise<void>
}

/** Runs `work` at once, then every `ms` milliseconds after its end. `signal` tells a run that it should finish early. */
export function repeat(name: string, ms: number, log: Log, work: (signal: AbortSignal) => Promise<void>): Repeating {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let asked = false
  let failures = 0
  let running: Promise<void> = Promise.resolve()

  const run = async () => {
    asked = false
    try {
      await work(ending.signal)
      failures = 0
    } catch (error) {
      // While the database is away every run fails: said once, then each time the silence has doubled.
      failures++
      if ((failures & (failures - 1)) === 0) log.error('worker', { worker: name, failures, ...faultOf(error) })
    }
    next(asked && failures === 0 ? 0 : ms)
  }
  const next = (wait: number) => {
    clearTimeout(timer)
    if (ending.signal.aborted) return
    timer = setTimeout(start, wait)
  }
  const start = () => {
    timer = undefined
    running = run()
  }
  next(0)
  return {
    wake() {
      asked = true
      if (timer) next(0)
    },
    async stop() {
      ending.abort()
      clearTimeout(timer)
      await running
    },
  }
}
