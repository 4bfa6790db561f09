/**
 * The list that each territory's fund would send: some of those who wait, a few written otherwise, and people who asked for nothing.
 * Invented, made into pseudonyms as the fund's program does, compared by the coordination two days ago.
 */
import { compareFundFile } from '#areas/gp-access/store/fund.ts'
import type { Actor } from '#platform/audit.ts'
import { rows, sql, type Tx } from '#platform/db/types.ts'
import { type Identity, pseudonymsOf, readKey } from '#platform/pseudonyms.ts'
import { Maker, type Territory } from './extract.ts'
import type { Setup } from './life.ts'
import { families, men, title, women } from './names.ts'

const DAY = 86_400_000
const ALPHABET = [...'23456789ABCDEFGHJKMNPQRSTUVWXYZ']
const KNOWN = 45
const UNKNOWN = 38

export async function fundLife(tx: Tx, territory: Territory, coordinator: Setup['coordinator'], now: Date, seed: number): Promise<void> {
  const make = new Maker(seed)
  const key = readKey(Array.from({ length: 28 }, () => make.pick(ALPHABET)).join(''))!
  const communes = new Set(territory.communes.map(c => c.code))
  const waiting = await rows<Identity & { communeCode: string; ald: boolean }>(
    tx,
    sql`select birth_name as "birthName", used_name as "usedName", given_names as "givenNames", birth_date as "birthDate", commune_code as "communeCode", ald
        from app.request where exit is distinct from 'duplicate' and birth_name <> '—' order by ald desc, since, number`,
  )
  const line = (p: Identity, commune: string) => ({ ...pseudonymsOf(key, p), commune, ald: true })
  const known = waiting
    .filter(p => communes.has(p.communeCode) && (p.ald || make.chance(0.04)))
    .slice(0, KNOWN)
    .map((p, i) => line(i % 9 === 8 ? otherwise(p) : p, p.communeCode))
  const unknown = Array.from({ length: UNKNOWN }, () =>
    line(
      {
        birthName: title(make.pick(families)),
        usedName: null,
        givenNames: title(make.pick(make.chance(0.5) ? women : men)),
        birthDate: new Date(now.getTime() - (30 + make.int(60)) * 365.25 * DAY - make.int(365) * DAY).toISOString().slice(0, 10),
      },
      make.pick(territory.communes).code,
    ),
  )
  const actor: Actor = { who: coordinator, now: new Date(now.getTime() - 2 * DAY), requestId: 'demo' }
  await compareFundFile(
    tx,
    actor,
    key,
    [...known, ...unknown].toSorted((a, b) => (a.strict! < b.strict! ? -1 : 1)),
  )
}
/** As another file writes him: day and month exchanged, or under another name. */
function otherwise(p: Identity): Identity {
  const [year, month, day] = p.birthDate.split('-') as [string, string, string]
  return Number(day) <= 12 && day !== month
    ? { ...p, birthDate: `${year}-${day}-${month}` }
    : { ...p, birthName: `${p.birthName}-Autre`, usedName: p.birthName }
}
