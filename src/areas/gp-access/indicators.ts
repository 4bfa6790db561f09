/** What the requests say of a span of days, for who must account for it: counts, and the requests that make them. */
import { rows, sql, type Tx } from '#platform/db/types.ts'

export type AccessCount = 'found' | 'within-30' | 'ald'
export interface AccessFigures {
  /** Requests received in the span, duplicates and people from elsewhere left out; how many of them ended with a declared doctor. */
  received: number
  found: number
  /** The same, for those who said that they have a long-term illness. */
  ald: number
  aldFound: number
  /** Requests closed in the span, whenever they were received; how many thirty days at most after they were. */
  closed: number
  closedSoon: number
}
const counted = sql`coalesce(exit not in ('duplicate', 'out_of_territory'), true)`
const day = (column: ReturnType<typeof sql>) => sql`(${column} at time zone 'Europe/Paris')::date`
type Day = string | ReturnType<typeof sql>
const received = (from: Day, to: Day) => sql`${counted} and ${day(sql`since`)} >= ${from} and ${day(sql`since`)} < ${to}`
const closed = (from: Day, to: Day) => sql`state = 'closed' and ${day(sql`state_at`)} >= ${from} and ${day(sql`state_at`)} < ${to}`
const soon = sql`state_at <= since + interval '30 days'`

/** One answer for each span, in their order. `from` is the first day, `to` the day after the last one. */
export function accessFigures(tx: Tx, spans: readonly { from: string; to: string }[]): Promise<AccessFigures[]> {
  const [from, to] = [sql`s.first`, sql`s.after`]
  return rows(
    tx,
    sql`select f.* from unnest(${spans.map(s => s.from)}::date[], ${spans.map(s => s.to)}::date[]) with ordinality as s (first, after, n)
        cross join lateral (
          select count(*) filter (where ${received(from, to)}) as received,
            count(*) filter (where ${received(from, to)} and state = 'closed') as found,
            count(*) filter (where ${received(from, to)} and ald) as ald,
            count(*) filter (where ${received(from, to)} and ald and state = 'closed') as "aldFound",
            count(*) filter (where ${closed(from, to)}) as closed,
            count(*) filter (where ${closed(from, to)} and ${soon}) as "closedSoon"
          from app.request) f
        order by s.n`,
  )
}
export interface AccessEvent {
  id: string
  since: Date
  /** When it ended with a declared doctor; null when it did not, or not yet. */
  closedAt: Date | null
  /** Whether it counts in the numerator. */
  counts: boolean
}
/** The requests of a denominator, without a name: identifiers and dates. Who may open one opens it by its own page. */
export function accessEvents(
  tx: Tx,
  what: AccessCount,
  from: string,
  to: string,
  page: { limit: number; offset: number },
): Promise<AccessEvent[]> {
  const which = what === 'within-30' ? closed(from, to) : what === 'ald' ? sql`${received(from, to)} and ald` : received(from, to)
  const counts = what === 'within-30' ? soon : sql`state = 'closed'`
  return rows(
    tx,
    sql`select id, since, case when state = 'closed' then state_at end as "closedAt", ${counts} as counts
        from app.request where ${which} order by ${counts} desc, since, id limit ${page.limit} offset ${page.offset}`,
  )
}
