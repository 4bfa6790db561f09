/** What the directory shows the coordination beside a doctor's name: the places he stated, or that they are to be confirmed. */

import { dayOf } from '#platform/clock.ts'
import { rows, sql, type Tx } from '#platform/db/types.ts'
import { frDate, plural } from '#platform/ui/index.ts'
import { endsInTime } from './store/capacities.ts'

export interface CapacityBadge {
  tone: 'ok' | 'late' | 'neutral'
  text: string
}
/** By RPPS number; nothing for a doctor who never said. */
export async function capacityBadges(tx: Tx, rpps: readonly string[], now: Date): Promise<Map<string, CapacityBadge>> {
  const today = dayOf(now)
  const found = await rows<{ rpps: string; left: number; until: string }>(
    tx,
    sql`select m.rpps, c.total - c.used as left, c.until from app.capacity c join app.membership m on m.id = c.membership_id and m.ended_at is null
        where c.superseded_at is null and ${endsInTime} and m.rpps = any(${[...rpps]}::text[])`,
  )
  return new Map(
    found.map(f => [
      f.rpps,
      f.until < today
        ? { tone: 'late', text: `Places à confirmer depuis le ${frDate(f.until)}` }
        : f.left > 0
          ? { tone: 'ok', text: `${plural(f.left, 'place', 'places')} jusqu’au ${frDate(f.until)}` }
          : { tone: 'neutral', text: 'Plus de place déclarée' },
    ]),
  )
}
