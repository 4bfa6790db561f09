/** Files of pseudonyms from the sickness fund: compared with the list in one transaction, kept thirty days, erased. No name is written. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { BadFile, type PseudonymLine, printOf, pseudonymsOf } from '#platform/pseudonyms.ts'
import { type Candidate, compare, KEPT_DAYS, type Status, type Why } from '../fund.ts'
import type { Exit, State } from '../rules.ts'
import { correct } from './edit.ts'
import { getRequest } from './requests.ts'
import { ERASED } from './retention.ts'

export interface FundFile {
  id: string
  at: Date
  by: string
  keyPrint: string
  people: number
  counts: Record<Status, number>
  eraseAt: Date
  erasedAt: Date | null
}
const columns = sql`f.id, f.at, f.by_label as by, f.key_print as "keyPrint", f.people,
  jsonb_build_object('matched', f.matched, 'probable', f.probable, 'several', f.several, 'absent', f.absent) as counts, f.erase_at as "eraseAt", f.erased_at as "erasedAt"`
export const fundFiles = (tx: Tx): Promise<FundFile[]> =>
  rows(tx, sql`select ${columns} from app.fund_file f order by f.at desc, f.id desc limit 100`)
export async function fundFile(tx: Tx, id: string): Promise<FundFile> {
  const found = await maybe<FundFile>(tx, sql`select ${columns} from app.fund_file f where f.id = ${id}`)
  if (!found) throw notFound()
  return found
}

/** Everybody a pseudonym could be computed of: those who left too, so that the fund does not write to who is known. */
async function candidatesOf(tx: Tx, key: string): Promise<Candidate[]> {
  const all = await rows<{
    id: string
    birthName: string
    usedName: string | null
    givenNames: string
    birthDate: string
    since: Date
    duplicateOf: string | null
  }>(
    tx,
    sql`select id, birth_name as "birthName", used_name as "usedName", given_names as "givenNames", birth_date as "birthDate", since, duplicate_of as "duplicateOf"
        from app.request where exit is distinct from 'duplicate' and birth_name <> ${ERASED}`,
  )
  return all.flatMap(({ id, since, duplicateOf, ...person }) => {
    try {
      return [{ id, since, duplicateOf, pseudonyms: pseudonymsOf(key, person) }]
    } catch {
      // A name without a letter of our alphabet has no pseudonym: nobody can be found by it.
      return []
    }
  })
}

/**
 * Compares the lines with the list and keeps the answers. All or nothing: throws `BadFile` when a line is of another territory, with
 * its number. The key is used here and nowhere kept. Each person found is on record.
 */
export async function compareFundFile(tx: Tx, actor: Actor, key: string, lines: readonly PseudonymLine[]): Promise<string> {
  const territory = new Set(
    (await rows<{ code: string }>(tx, sql`select commune_code as code from app.territory_commune`)).map(c => c.code),
  )
  const outside = lines.flatMap((l, i) =>
    territory.has(l.commune) ? [] : [`Ligne ${i + 3} : la commune ${l.commune} n’est pas dans le territoire.`],
  )
  if (outside.length)
    throw new BadFile(outside.length > 20 ? [...outside.slice(0, 20), `et ${outside.length - 20} autres lignes.`] : outside)
  const matches = compare(lines, await candidatesOf(tx, key))
  const count = (status: Status) => matches.filter(m => m.status === status).length
  const counts = { matched: count('matched'), probable: count('probable'), several: count('several'), absent: count('absent') }
  const id = randomUUIDv7()
  const eraseAt = new Date(actor.now.getTime() + KEPT_DAYS * 86_400_000)
  await run(
    tx,
    sql`insert into app.fund_file (id, at, by_label, key_print, people, matched, probable, several, absent, erase_at)
        values (${id}, ${actor.now}, ${actorLabel(actor.who)}, ${printOf(key)}, ${lines.length}, ${counts.matched}, ${counts.probable}, ${counts.several}, ${counts.absent}, ${eraseAt})`,
  )
  await run(
    tx,
    sql`insert into app.fund_line (file_id, no, pseudonym, commune_code, ald, status, why, request_id)
        select ${id}, n, p, c, a, s, w, r from unnest(${lines.map(l => l.strict)}::text[], ${lines.map(l => l.commune)}::text[], ${lines.map(l => l.ald)}::bool[],
          ${matches.map(m => m.status)}::text[], ${matches.map(m => m.why)}::text[], ${matches.map(m => m.requestId)}::uuid[]) with ordinality as t (p, c, a, s, w, r, n)`,
  )
  const known = matches.flatMap(m => (m.requestId ? [m.requestId] : []))
  await audit(
    tx,
    actor,
    { action: 'fund.compare', subject: { kind: 'fund_file', id }, detail: { people: lines.length, ...counts } },
    ...known.map(r => ({ action: 'request.compared', subject: { kind: 'request', id: r }, detail: { file: id } })),
  )
  return id
}

export interface FundLine {
  no: number
  pseudonym: string
  communeCode: string
  commune: string
  ald: boolean
  status: Status
  why: Why | null
  requestId: string | null
  number: string | null
  state: State | null
  exit: Exit | null
  /** The request says it too. */
  said: boolean | null
  /** The request is of another commune. */
  moved: boolean
}
/** Lines of a file, erased ones being gone; of one status, or all. */
export const fundLines = (tx: Tx, fileId: string, o: { status?: Status; limit?: number; offset?: number } = {}): Promise<FundLine[]> =>
  rows(
    tx,
    sql`select l.no, l.pseudonym, l.commune_code as "communeCode", c.name as commune, l.ald, l.status, l.why, l.request_id as "requestId", r.number, r.state, r.exit, r.ald as said,
          coalesce(r.commune_code <> l.commune_code, false) as moved
        from app.fund_line l join ref.commune c on c.code = l.commune_code left join app.request r on r.id = l.request_id
        where l.file_id = ${fileId} and (${o.status ?? null}::text is null or l.status = ${o.status ?? null})
        order by array_position(array['matched', 'probable', 'several', 'absent'], l.status), l.no limit ${o.limit ?? 100_000} offset ${o.offset ?? 0}`,
  )

/** The fund says an ALD that the request does not: noted at the coordinator's word, with the points that follow. */
export async function noteAld(tx: Tx, actor: Actor, fileId: string, requestId: string): Promise<void> {
  const line = await maybe(tx, sql`select 1 from app.fund_line where file_id = ${fileId} and request_id = ${requestId} and ald`)
  if (!line) throw notFound()
  const r = await getRequest(tx, actor, requestId, 'request.edit')
  const { changed } = await correct(tx, actor, requestId, { ...r, ald: true })
  if (changed.length === 0) throw conflict('La demande dit déjà cette ALD.')
}

/** Erases the lines of a file; its counts stay. False when they already were. */
export async function eraseFundFile(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  const marked = await run(tx, sql`update app.fund_file set erased_at = ${actor.now} where id = ${id} and erased_at is null`)
  if (marked === 0) return false
  const lines = await run(tx, sql`delete from app.fund_line where file_id = ${id}`)
  await audit(tx, actor, { action: 'fund.erase', subject: { kind: 'fund_file', id }, detail: { lines } })
  return true
}
export async function eraseOldFundFiles(tx: Tx, actor: Actor): Promise<number> {
  const old = await rows<{ id: string }>(
    tx,
    sql`select id from app.fund_file where erased_at is null and erase_at <= ${actor.now} order by id`,
  )
  for (const { id } of old) await eraseFundFile(tx, actor, id)
  return old.length
}
