/** The comparison between communities: who agrees, what each gave, what is told; and its publication, which crosses communities. */

import { addDays } from '#domain/calendar.ts'
import { bandOf, type Levels, mayTell, type Published } from '#domain/comparison.ts'
import { termsOn } from '#domain/contract/index.ts'
import type { Across } from '#platform/across.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { type AnyTx, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { compared, type IndicatorCode, levelToGive, percentOf, spanEnding, type TellingBand, worth } from '../rules.ts'
import { type Account, accountOf } from './money.ts'

export interface ComparisonChoice {
  agrees: boolean
  decision: string
  at: Date
  by: string
}
/** Newest first: the first one holds. */
export const comparisonChoices = (tx: Tx): Promise<ComparisonChoice[]> =>
  rows(tx, sql`select agrees, decision, at, by_label as by from app.comparison_choice order by at desc, id desc`)
/** False when that is already what holds: nothing is written. */
export async function chooseComparison(tx: Tx, actor: Actor, choice: { agrees: boolean; decision: string }): Promise<boolean> {
  const id = randomUUIDv7()
  const written = await run(
    tx,
    sql`insert into app.comparison_choice (id, agrees, decision, at, by_label)
        select ${id}, ${choice.agrees}, ${choice.decision}, ${actor.now}, ${actorLabel(actor.who)}
        where ${choice.agrees} <> coalesce((select agrees from app.comparison_choice order by at desc, id desc limit 1), false)`,
  )
  if (written)
    await audit(tx, actor, { action: 'comparison.choose', subject: { kind: 'comparison', id }, detail: { agrees: choice.agrees } })
  return written > 0
}

export interface GivenRate {
  year: number
  code: IndicatorCode
  size: number
  /** In percent, as it left. */
  percent: number
  at: Date
}
/** All that left this community. */
export async function givenRates(tx: Tx): Promise<GivenRate[]> {
  const all = await rows<Omit<GivenRate, 'percent'> & { level: number }>(
    tx,
    sql`select year, code, size, level, at from app.comparison_rate order by year desc, code`,
  )
  return all.map(({ level, ...r }) => ({ ...r, percent: percentOf(level) }))
}
/** What is told, in percent; the newest year first. */
export async function tellingBands(tx: AnyTx): Promise<TellingBand[]> {
  const all = await rows<TellingBand>(
    tx,
    sql`select year, size, code, communities, low, middle, high from platform.comparison_band order by year desc, size, code`,
  )
  const percent = (level: number | null) => (level === null ? null : percentOf(level))
  return all.map(b => ({ ...b, low: percent(b.low), middle: percentOf(b.middle), high: percent(b.high) }))
}

/** Our own levels for a calendar year, as they would leave, and our size at the end of it; null while no contract year ended in it. */
export function ownLevels(account: Account, year: number): { size: number; levels: Map<IndicatorCode, number> } | null {
  const span = spanEnding(account.spans, year)
  const evidence = span && account.evidence.get(span.year)
  if (!span || !evidence) return null
  const size = termsOn(account.contract, addDays(span.to, -1)).size
  if (size === null) return null
  const levels = new Map<IndicatorCode, number>()
  for (const d of compared) {
    const level = levelToGive(worth(d, span, evidence(d.code)))
    if (level !== null) levels.set(d.code, level)
  }
  return { size, levels }
}

interface Given {
  year: number
  size: number
  code: IndicatorCode
  level: number
}
/**
 * Publishes what may be told of a year and was not told yet. Each community is asked in a transaction of its own; only levels leave, and only
 * from those that agree at that moment. What leaves is written in the community, with its line of the record, before the group is told.
 * Answers how many bands were published.
 */
export async function publishComparison(across: Across, actor: Actor, o: { year: number; demo: boolean }): Promise<number> {
  const today = dayOf(actor.now)
  const now: (Given & { cptsId: string })[] = []
  const past: (Given & { cptsId: string })[] = []
  for (const { id, demo } of across.communities) {
    if (demo !== o.demo) continue
    await across.inTenant(id, async tx => {
      const gave = await rows<Given>(tx, sql`select year, size, code, level from app.comparison_rate`)
      past.push(...gave.map(g => ({ ...g, cptsId: id })))
      const [choice] = await comparisonChoices(tx)
      const account = choice?.agrees ? await accountOf(tx, id, today) : null
      const own = account && ownLevels(account, o.year)
      if (own) for (const [code, level] of own.levels) now.push({ year: o.year, size: own.size, code, level, cptsId: id })
    })
  }
  const told = await across.inSite(tx =>
    rows<{ year: number; size: number; code: string; low: number | null }>(
      tx,
      sql`select year, size, code, low from platform.comparison_band`,
    ),
  )
  const levelsOf = (all: typeof now, b: { year: number; size: number; code: string }): Levels =>
    new Map(all.filter(g => g.year === b.year && g.size === b.size && g.code === b.code).map(g => [g.cptsId, g.level]))
  let published = 0
  for (const { code } of compared) {
    const before = told
      .filter(b => b.code === code)
      .map((b): Published => ({ levels: levelsOf(past, b), told: b.low === null ? 'middle' : 'quarters' }))
    for (const size of [1, 2, 3, 4]) {
      const one = { year: o.year, size, code }
      if (told.some(b => b.year === one.year && b.size === size && b.code === code)) continue
      const levels = levelsOf(now, one)
      // An attack on many communities takes a tenth of a second: who asks for a page is served before the next.
      await new Promise(setImmediate)
      const may = mayTell(levels, before)
      if (!may) continue
      for (const [id, level] of levels) await across.inTenant(id, tx => give(tx, actor, { ...one, level }))
      const band = bandOf(levels.values(), may)
      const written = await across.inSite(tx =>
        run(
          tx,
          sql`insert into platform.comparison_band (year, size, code, communities, low, middle, high, published_at)
              values (${one.year}, ${size}, ${code}, ${levels.size}, ${band.low}, ${band.middle}, ${band.high}, ${actor.now}) on conflict do nothing`,
        ),
      )
      before.push({ levels, told: may })
      published += written
    }
  }
  return published
}
/** The level that leaves. A run cut before the group was told is done again, with what holds then. */
async function give(tx: Tx, actor: Actor, g: Given): Promise<void> {
  await run(
    tx,
    sql`insert into app.comparison_rate (year, code, size, level, at) values (${g.year}, ${g.code}, ${g.size}, ${g.level}, ${actor.now})
        on conflict (cpts_id, year, code) do update set size = excluded.size, level = excluded.level, at = excluded.at`,
  )
  await audit(tx, actor, { action: 'comparison.give', detail: { year: g.year, code: g.code, size: g.size, level: g.level } })
}
