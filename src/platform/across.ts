/** Work that concerns several communities at once. It is rare, it says why, and it is on record before it begins. */
import type { Database } from './db/database.ts'
import { rows, run, type SiteTx, sql, type Tx } from './db/types.ts'
import { randomUUIDv7 } from './ids.ts'

export interface Across {
  /** Every community, in a fixed order. */
  communities: readonly { id: string; demo: boolean }[]
  /** One transaction inside one community, under its own rules: nothing of another can be read in it. What leaves is what `work` returns. */
  inTenant<T>(cptsId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** One transaction outside any community, for what belongs to none. */
  inSite<T>(work: (tx: SiteTx) => Promise<T>): Promise<T>
}
export interface AcrossOptions {
  /** In English, for the operator: what for. Never a personal datum. */
  reason: string
  now: Date
  /** Codes and counts. */
  detail?: Record<string, string | number>
  /** Last in each transaction: throws when the work is no longer ours. */
  still?(tx: Tx | SiteTx): Promise<void>
}

/** Opens the doors one after the other, never two at once. The reason is written in `platform.audit_event` first, and stays if the work fails. */
export async function asPlatform<T>(
  db: Pick<Database, 'inTenant' | 'inSite'>,
  { reason, now, detail, still }: AcrossOptions,
  work: (across: Across) => Promise<T>,
): Promise<T> {
  const guarded =
    <X extends Tx | SiteTx, R>(inside: (tx: X) => Promise<R>) =>
    async (tx: X): Promise<R> => {
      const result = await inside(tx)
      await still?.(tx)
      return result
    }
  const communities = await db.inSite(
    guarded(async tx => {
      await run(
        tx,
        sql`insert into platform.audit_event (id, at, reason, detail) values (${randomUUIDv7()}, ${now}, ${reason}, ${JSON.stringify(detail ?? {})}::jsonb)`,
      )
      return rows<{ id: string; demo: boolean }>(tx, sql`select id, demo from platform.cpts order by id`)
    }),
  )
  return work({
    communities,
    inTenant: (cptsId, inside) => db.inTenant(cptsId, guarded(inside)),
    inSite: inside => db.inSite(guarded(inside)),
  })
}
