/** Local facts about professionals, and what the imports of the national directory changed in the territory. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { isUuid, randomUUIDv7 } from '#platform/ids.ts'
import { contradicts, type MovementKind, type Note, type NoteField, publicPhone, seenFromHere } from '../rules.ts'

export interface NoteFacts {
  rpps: string
  field: NoteField
  value: string
  source: string
  verifiedAt: string
}
/** A new fact takes the place of the one before, which stays on record. */
export async function addNote(tx: Tx, actor: Actor, n: NoteFacts): Promise<void> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`update app.directory_note set withdrawn_at = ${actor.now} where rpps = ${n.rpps} and field = ${n.field} and withdrawn_at is null`,
  )
  await run(
    tx,
    sql`insert into app.directory_note (id, rpps, field, value, source, verified_at, verified_by, at)
        values (${id}, ${n.rpps}, ${n.field}, ${n.value}, ${n.source}, ${n.verifiedAt}, ${actorLabel(actor.who)}, ${actor.now})`,
  )
  await audit(tx, actor, {
    action: 'directory-note.add',
    subject: { kind: 'directory-note', id },
    detail: { field: n.field, rpps: n.rpps },
  })
}
export async function withdrawNote(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const done = await run(tx, sql`update app.directory_note set withdrawn_at = ${actor.now} where id = ${id} and withdrawn_at is null`)
  if (done) await audit(tx, actor, { action: 'directory-note.withdraw', subject: { kind: 'directory-note', id } })
  return done === 1
}

export interface Run {
  id: number
  finishedAt: Date
  people: number
}
export function directoryRuns(tx: Tx): Promise<Run[]> {
  return rows(tx, sql`select id, finished_at as "finishedAt", people from ref.import_run where kind = 'rpps' order by id desc limit 12`)
}

export interface Movement {
  id: string
  kind: MovementKind
  rpps: string
  familyName: string
  givenName: string | null
  civility: string | null
  professionCode: string
  profession: string | null
  skills: string[]
  from: string | null
  to: string | null
  /** What a change is made of: counts of places, and whether the person's own data changed. */
  detail?: { places_added?: number; places_removed?: number; places_changed?: number; person?: boolean }
  /** Practises in the territory today: has a page. */
  here: boolean
  /** For a contradiction: the local fact and what the national directory says. */
  note?: Note
  official?: { phones: string[]; communes: { code: string; name: string }[] }
}
type ChangeRow = Omit<Movement, 'kind' | 'note' | 'official'> & {
  kind: 'arrival' | 'departure' | 'move' | 'change'
  fromHere: boolean
  toHere: boolean
}
/** What one import changed, seen from the territory. */
export async function movementsOf(tx: Tx, run: number): Promise<Movement[]> {
  const found = await rows<ChangeRow>(
    tx,
    sql`with here as materialized (select commune_code as code from app.territory_commune)
        select c.id::text as id, c.kind, c.rpps, p.family_name as "familyName", p.given_name as "givenName", p.civility,
          c.profession_code as "professionCode", p.profession, coalesce(o.skills, '{}') as skills,
          c.detail, coalesce(f.name, c.commune_from) as "from", coalesce(t.name, c.commune_to) as "to", coalesce(o.here, false) as here,
          coalesce(c.commune_from in (select code from here), false) as "fromHere", coalesce(c.commune_to in (select code from here), false) as "toHere"
        from ref.directory_change c
        join ref.practitioner p on p.rpps = c.rpps
        left join ref.commune f on f.code = c.commune_from
        left join ref.commune t on t.code = c.commune_to
        left join lateral (select max(s.skill_codes) as skills, bool_or(s.commune_code in (select code from here)) as here
          from ref.practice_place s where s.rpps = c.rpps) o on true
        where c.run = ${run} and (c.commune_from in (select code from here) or c.commune_to in (select code from here) or (c.kind = 'change' and o.here))
        order by p.search, c.id`,
  )
  return found.map(({ fromHere, toHere, ...m }) => ({ ...m, kind: seenFromHere(m.kind, fromHere, toHere) }))
}
/** Local facts that today's national directory contradicts. */
export async function contradictions(tx: Tx): Promise<Movement[]> {
  const found = await rows<Omit<Movement, 'kind' | 'note' | 'official'> & { note: Note; official: NonNullable<Movement['official']> }>(
    tx,
    sql`select n.id::text as id, n.rpps, p.family_name as "familyName", p.given_name as "givenName", p.civility, p.profession_code as "professionCode",
          p.profession, coalesce(o.skills, '{}') as skills, null as "from", said.name as "to", coalesce(o.here, false) as here,
          jsonb_build_object('id', n.id, 'rpps', n.rpps, 'field', n.field, 'value', n.value, 'source', n.source,
            'verifiedAt', n.verified_at, 'verifiedBy', n.verified_by) as note,
          jsonb_build_object('phones', coalesce(o.phones, '[]'), 'communes', coalesce(o.communes, '[]')) as official
        from app.directory_note n
        join ref.practitioner p on p.rpps = n.rpps
        left join ref.commune said on n.field = 'commune' and said.code = n.value
        left join lateral (
          select max(s.skill_codes) as skills, true as here, jsonb_agg(distinct s.phone) filter (where s.phone is not null) as phones,
            jsonb_agg(distinct jsonb_build_object('code', s.commune_code, 'name', c.name)) as communes
          from ref.practice_place s
          join app.territory_commune t on t.commune_code = s.commune_code
          left join ref.commune c on c.code = s.commune_code
          where s.rpps = n.rpps having count(*) > 0) o on true
        where n.withdrawn_at is null order by p.search, n.id`,
  )
  return found
    .map(m => ({
      ...m,
      kind: 'contradiction' as const,
      official: { ...m.official, phones: [...new Set(m.official.phones.flatMap(p => publicPhone(p) ?? []))] },
    }))
    .filter(m => contradicts(m.note, { phones: m.official.phones, communes: m.official.communes.map(c => c.code) }))
}
export const communeName = async (tx: Tx, code: string): Promise<string> =>
  (await maybe<{ name: string }>(tx, sql`select name from ref.commune where code = ${code}`))?.name ?? code
