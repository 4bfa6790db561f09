/** Published waits: frozen month by month, each checked against those before it. Pages read these rows and nothing else. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { shown, THRESHOLD } from '#domain/disclosure.ts'
import { WINDOW_DAYS } from '#domain/waiting.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { type Breakdown, breakdowns, type KeptCounts, type PublishedTable, tableOf } from '../published.ts'
import { pastWaits } from './waiting.ts'

export interface Publication {
  /** `YYYY-MM-01`: the last month counted. */
  month: string
  publishedAt: Date
  people: number
  tables: PublishedTable[]
}
const columns = sql`month, published_at as "publishedAt", people, tables`
export const lastPublication = (tx: Tx): Promise<Publication | null> =>
  maybe(tx, sql`select ${columns} from app.publication order by month desc limit 1`)
export const publicationOf = (tx: Tx, month: string): Promise<Publication | null> =>
  maybe(tx, sql`select ${columns} from app.publication where month = ${month}`)
export const publicationMonths = async (tx: Tx): Promise<string[]> =>
  (await rows<{ month: string }>(tx, sql`select month from app.publication order by month desc limit 36`)).map(r => r.month)

/** The month before the one of `day`, as its first day. */
export function monthBefore(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  return month === 1 ? `${year - 1}-12-01` : `${year}-${String(month - 1).padStart(2, '0')}-01`
}
/** The instant when a month ends in Paris. */
export function endOfMonth(month: string): Date {
  const [year, m] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))]
  const first = new Date(Date.UTC(year, m, 1))
  // One or two hours before midnight UTC, by the season.
  for (const hours of [2, 1]) {
    const at = new Date(first.getTime() - hours * 3600_000)
    if (dayOf(at) === first.toISOString().slice(0, 10)) return at
  }
  return first
}

/**
 * Publishes the month before, as its events told it on its last day; once. False when it already was, when too few people are
 * counted, or when no table may be shown.
 */
export async function publishWaits(tx: Tx, actor: Actor): Promise<boolean> {
  const month = monthBefore(dayOf(actor.now))
  if (await publicationOf(tx, month)) return false
  const at = endOfMonth(month)
  const communes = await territoryCommunes(tx)
  const inside = new Set(communes.map(c => c.code))
  // The same people in every table: otherwise two totals would differ by a few of them.
  const waits = (await pastWaits(tx, at)).filter(w => inside.has(w.commune))
  const oldest = dayOf(new Date(at.getTime() - WINDOW_DAYS * 86_400_000))
  // Those that count some of the same people.
  const past = await rows<{ tables: PublishedTable[]; counts: Partial<Record<Breakdown, KeptCounts>> }>(
    tx,
    sql`select tables, counts from app.publication where month >= date_trunc('month', ${oldest}::date) and month < ${month} order by month desc`,
  )
  const tables: PublishedTable[] = []
  const counts: Partial<Record<Breakdown, KeptCounts>> = {}
  for (const by of breakdowns) {
    const known = past.flatMap(p => p.counts[by] ?? [])
    const made = tableOf(
      by,
      month,
      waits,
      communes,
      known.filter((k, i) => known.findIndex(x => x.month === k.month) === i),
    )
    if (made) {
      tables.push(made.table)
      counts[by] = made.kept
      continue
    }
    // The last one stands: showing it again tells nothing new.
    const standing = past.find(p => p.tables.some(t => t.by === by))
    if (!standing) continue
    tables.push(standing.tables.find(t => t.by === by)!)
    counts[by] = standing.counts[by]!
  }
  if (waits.length < THRESHOLD || tables.length === 0) return false
  const written = await run(
    tx,
    sql`insert into app.publication (month, published_at, people, tables, counts)
        values (${month}, ${actor.now}, ${shown(waits.length)}, ${JSON.stringify(tables)}::jsonb, ${JSON.stringify(counts)}::jsonb) on conflict do nothing`,
  )
  if (written === 1)
    await audit(tx, actor, {
      action: 'waiting.publish',
      detail: { month, tables: tables.length, renewed: tables.filter(t => t.month === month).length },
    })
  return written === 1
}
