/** The territory in the database. */
import { DOCTOR, generalMedicine } from '#domain/professions.ts'
import type { AciSize } from '#domain/size.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { badRequest } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import type { Commune, Search, SizeDecision, TerritoryCommune } from '../rules.ts'

const columns = sql`c.code, c.name, c.department, c.postal_codes as "postalCodes", c.epci_siren as "epciSiren", c.epci_name as "epciName",
  c.city_code as "cityCode", c.population, c.population_year as "populationYear", c.lon::float8 as lon, c.lat::float8 as lat`

/** The communes of the community, in the order of their names. */
export function territory(tx: Tx): Promise<TerritoryCommune[]> {
  return rows(
    tx,
    sql`select t.commune_code as code, coalesce(c.name, t.commune_code) as name, coalesce(c.department, '') as department,
          coalesce(c.postal_codes, '{}') as "postalCodes", c.epci_siren as "epciSiren", c.epci_name as "epciName", c.city_code as "cityCode",
          c.population, c.population_year as "populationYear", c.lon::float8 as lon, c.lat::float8 as lat,
          t.since, t.added_by as "addedBy", c.code is not null as known,
          (select n.name from ref.commune_alias a join ref.commune n on n.code = a.code where a.old_code = t.commune_code and c.code is null) as "mergedInto"
        from app.territory_commune t left join ref.commune c on c.code = t.commune_code order by c.search, t.commune_code`,
  )
}
export function sizeDecisions(tx: Tx): Promise<SizeDecision[]> {
  return rows(tx, sql`select size, reason, decided_on as "decidedOn", by, at from app.contract_size order by at desc, id desc`)
}
/** Communes of ours that another community also has: its name, nothing else. */
export async function alsoClaimed(tx: Tx): Promise<Map<string, string[]>> {
  const found = await rows<{ code: string; name: string }>(
    tx,
    sql`select commune_code as code, cpts_name as name from app.communes_also_claimed()`,
  )
  const by = new Map<string, string[]>()
  for (const { code, name } of found) by.set(code, [...(by.get(code) ?? []), name])
  return by
}

/** Self-employed general practitioners in each commune of the territory that has one (national directory). */
export async function generalPractitioners(tx: Tx): Promise<Map<string, number>> {
  const found = await rows<{ code: string; n: number }>(
    tx,
    sql`select t.commune_code as code, count(distinct o.rpps) as n
        from app.territory_commune t
        join ref.practice_place o on o.commune_code = t.commune_code and o.profession_code = ${DOCTOR} and o.mode_code = 'L'
          and o.skill_codes && ${[...generalMedicine]}::text[]
        join ref.practitioner p on p.rpps = o.rpps and p.active and p.category_code is distinct from 'E'
        group by t.commune_code`,
  )
  return new Map(found.map(f => [f.code, f.n]))
}

export const FOUND_AT_MOST = 200
/** Every commune that answers a search; a shared postal code gives all of its communes. */
export async function findCommunes(tx: Tx, search: Search): Promise<Commune[]> {
  switch (search.by) {
    case 'nothing':
      return []
    case 'postal-code':
      return rows(tx, sql`select ${columns} from ref.commune c where c.postal_codes @> array[${search.code}] order by c.search`)
    case 'siren':
      return epciCommunes(tx, search.siren)
    case 'name':
      // Whole names first, then beginnings, then anywhere in the name.
      return rows(
        tx,
        sql`select ${columns} from ref.commune c, (select ref.fold(${search.text}) as t) q
            where c.search like '%' || replace(replace(replace(q.t, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
            order by c.search <> q.t, not starts_with(c.search, q.t), c.search, c.code limit ${FOUND_AT_MOST}`,
      )
  }
}
/** Communes of an intercommunal body; a city whole, not by its districts. */
export function epciCommunes(tx: Tx, siren: string): Promise<Commune[]> {
  return rows(tx, sql`select ${columns} from ref.commune c where c.epci_siren = ${siren} and c.city_code is null order by c.search`)
}
export interface Epci {
  siren: string
  name: string
  communes: number
  population: number
}
/** Intercommunal bodies by SIREN or by words of their name. */
export async function findEpci(tx: Tx, search: Search): Promise<Epci[]> {
  if (search.by !== 'siren' && search.by !== 'name') return []
  const which =
    search.by === 'siren'
      ? sql`epci_siren = ${search.siren}`
      : sql`epci_siren in (
          select e.epci_siren from (select distinct epci_siren, epci_name from ref.commune where epci_siren is not null) e
          where ref.fold(e.epci_name) like '%' || replace(replace(replace(ref.fold(${search.text}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')`
  return rows(
    tx,
    sql`select epci_siren as siren, min(epci_name) as name, count(*) as communes, coalesce(sum(population), 0)::int as population
        from ref.commune where ${which} and city_code is null group by epci_siren order by min(epci_name) limit 20`,
  )
}

/** Adds communes; says how many were new. A code that is not in the reference list is refused, and nothing is written. */
export async function addCommunes(tx: Tx, actor: Actor, codes: readonly string[]): Promise<{ added: string[]; already: number }> {
  const wanted = [...new Set(codes)]
  if (wanted.length === 0) return { added: [], already: 0 }
  const known = await rows<{ code: string }>(tx, sql`select code from ref.commune where code = any (${wanted})`)
  const unknown = wanted.filter(code => !known.some(k => k.code === code))
  if (unknown.length) throw badRequest(`Le code de commune ${unknown[0]} n’existe pas dans la liste de référence. Rien n’a été ajouté.`)
  const added = await rows<{ code: string }>(
    tx,
    sql`insert into app.territory_commune (commune_code, since, added_by)
        select code, ${dayOf(actor.now)}, ${actorLabel(actor.who)} from unnest(${wanted}::text[]) code
        on conflict do nothing returning commune_code as code`,
  )
  if (added.length) await audit(tx, actor, { action: 'territory.add', detail: { communes: added.map(a => a.code) } })
  return { added: added.map(a => a.code), already: wanted.length - added.length }
}
/** True when the commune was there. */
export async function removeCommune(tx: Tx, actor: Actor, code: string): Promise<boolean> {
  if ((await run(tx, sql`delete from app.territory_commune where commune_code = ${code}`)) === 0) return false
  await audit(tx, actor, { action: 'territory.remove', detail: { communes: [code] } })
  return true
}
/** Makes the territory exactly these communes (demonstration, command line). */
export async function setCommunes(tx: Tx, actor: Actor, codes: readonly string[]): Promise<void> {
  const gone = await rows<{ code: string }>(
    tx,
    sql`delete from app.territory_commune where not commune_code = any (${[...codes]}) returning commune_code as code`,
  )
  if (gone.length) await audit(tx, actor, { action: 'territory.remove', detail: { communes: gone.map(g => g.code) } })
  await addCommunes(tx, actor, codes)
}

export async function decideSize(tx: Tx, actor: Actor, d: { size: AciSize | null; reason: string; decidedOn: string }): Promise<void> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.contract_size (id, size, reason, decided_on, by, at)
        values (${id}, ${d.size}, ${d.reason}, ${d.decidedOn}, ${actorLabel(actor.who)}, ${actor.now})`,
  )
  await audit(tx, actor, { action: 'contract-size.decide', subject: { kind: 'contract-size', id }, detail: { size: d.size } })
}
export const isInTerritory = async (tx: Tx, code: string): Promise<boolean> =>
  (await maybe(tx, sql`select 1 from app.territory_commune where commune_code = ${code}`)) !== null
