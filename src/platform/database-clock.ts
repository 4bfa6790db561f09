/**
 * One clock for every process: the database's. It is asked every half minute; in between, time is carried by what no setting of this
 * machine's clock moves. Two processes agree within the time of a round trip and half a minute's drift: a few milliseconds.
 */
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import { one, sql } from './db/types.ts'
import type { Log } from './log.ts'
import { repeat } from './repeat.ts'

const EVERY_MS = 30_000

export async function databaseClock({ db, log }: { db: Database; log: Log }): Promise<{ clock: Clock; stop(): Promise<void> }> {
  let known = { at: 0, since: 0 }
  const ask = () =>
    db.inSite(async tx => {
      const from = performance.now()
      const { at } = await one<{ at: Date }>(tx, sql`select clock_timestamp() as at`)
      // It was read somewhere between the question and the answer.
      known = { at: at.getTime(), since: (from + performance.now()) / 2 }
    })
  await ask()
  const asking = repeat('clock', EVERY_MS, log, ask)
  return { clock: () => new Date(known.at + performance.now() - known.since), stop: () => asking.stop() }
}
