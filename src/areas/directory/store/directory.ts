/** Reading the directory of the community: one statement a page. Mobile numbers never leave this file. */
import { maybe, one, rows, sql, type Tx } from '#platform/db/types.ts'
import { type Need, type Note, type PartnerKind, type ProfessionCount, publicPhone } from '../rules.ts'

/** `liberal`: self-employed; `town`: also health centres and pharmacies; `all`: hospitals and the rest too. */
export type Exercise = 'town' | 'liberal' | 'all'
export interface Asked {
  text?: string
  commune?: string | null
  need?: Need | null
  exercise?: Exercise
  limit: number
  offset?: number
}
interface Line {
  id: string
  familyName: string
  place?: string
  street?: string
  communeCode?: string
  commune?: string
  /** The public number, +33…; never a mobile. */
  phone: string | null
}
export interface PersonLine extends Line {
  kind: 'person'
  givenName?: string
  civility?: string
  professionCode: string
  profession?: string
  skills: string[]
  mode?: string
  sign?: string
  extra?: string
  postalCode?: string
}
export interface PartnerLine extends Line {
  kind: 'partner'
  partnerKind: PartnerKind
  email?: string
  ambulances?: number
  vsl?: number
  source: string
  verifiedAt: string
  verifiedBy: string
}
export type DirectoryLine = PersonLine | PartnerLine
export interface DirectoryPage {
  /** Lines: one for each person and place, one for each partner. */
  total: number
  people: number
  lines: DirectoryLine[]
  professions: ProfessionCount[]
  partners: { kind: PartnerKind; n: number }[]
  communes: { code: string; name: string; n: number }[]
  /** When the national directory was last imported. */
  asOf: string | null
}

export async function directoryPage(tx: Tx, asked: Asked): Promise<DirectoryPage> {
  const need = asked.need ?? null
  const { page } = await one<{ page: DirectoryPage }>(
    tx,
    sql`select app.directory_page(${asked.text ?? ''}, ${asked.commune ?? null}, ${need ? [...need.professions] : null}, ${need?.skills ? [...need.skills] : null},
          ${need?.otherThan ? [...need.otherThan] : null}, ${[...(need?.partnerKinds ?? [])]}, ${asked.exercise ?? 'town'}, ${asked.limit}, ${asked.offset ?? 0}) as page`,
  )
  return { ...page, lines: page.lines.map(l => ({ ...l, phone: publicPhone(l.phone) })) }
}

export interface Place {
  id: number
  name: string | null
  sign: string | null
  extra: string | null
  street: string | null
  distribution: string | null
  postalCode: string | null
  commune: string | null
  inTerritory: boolean
  communeCode: string | null
  professionCode: string
  mode: string | null
  skills: string[]
  phone: string | null
}
export interface Practitioner {
  rpps: string
  familyName: string
  givenName: string | null
  civility: string | null
  profession: string | null
  professionCode: string
  active: boolean
  firstSeen: string
  places: Place[]
  /** Labels of the skills, by code. */
  skillLabels: Record<string, string>
  asOf: string | null
}
/** Somebody who practises in the territory, or of whom the community has noted something; null for anybody else. */
export async function practitioner(tx: Tx, rpps: string): Promise<Practitioner | null> {
  if (!/^\d{11}$/.test(rpps)) return null
  const found = await maybe<Practitioner>(
    tx,
    sql`select p.rpps, p.family_name as "familyName", p.given_name as "givenName", p.civility, p.profession, p.profession_code as "professionCode",
          p.active, p.first_seen as "firstSeen", coalesce(o.places, '[]') as places,
          (select coalesce(jsonb_object_agg(n.code, n.label), '{}') from ref.nomenclature n where n.kind = 'skill' and n.code in (
            select unnest(s.skill_codes) from ref.practice_place s where s.rpps = p.rpps)) as "skillLabels",
          (select max(finished_at) from ref.import_run where kind = 'rpps') as "asOf"
        from ref.practitioner p
        left join lateral (
          select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'sign', o.sign, 'extra', o.address_extra, 'street', o.street,
              'distribution', o.distribution, 'postalCode', o.postal_code, 'communeCode', o.commune_code, 'commune', coalesce(c.name, o.commune_label),
              'inTerritory', t.commune_code is not null, 'professionCode', o.profession_code, 'mode', o.mode_code, 'skills', o.skill_codes, 'phone', o.phone)
            order by t.commune_code is null, o.id) as places, bool_or(t.commune_code is not null) as here
          from ref.practice_place o
          left join ref.commune c on c.code = o.commune_code
          left join app.territory_commune t on t.commune_code = o.commune_code
          where o.rpps = p.rpps) o on true
        where p.rpps = ${rpps} and (o.here or exists (select 1 from app.directory_note n where n.rpps = p.rpps and n.withdrawn_at is null))`,
  )
  return found && { ...found, places: found.places.map(p => ({ ...p, phone: publicPhone(p.phone) })) }
}

/** What the community has noted of these people. */
export function notesOf(tx: Tx, rpps: readonly string[]): Promise<Note[]> {
  if (rpps.length === 0) return Promise.resolve([])
  return rows(
    tx,
    sql`select id, rpps, field, value, source, verified_at as "verifiedAt", verified_by as "verifiedBy"
        from app.directory_note where withdrawn_at is null and rpps = any (${[...rpps]}) order by field`,
  )
}

export interface Located {
  rpps: string
  familyName: string
  givenName: string | null
  civility: string | null
  communeCode: string
  commune: string
  lon: number | null
  lat: number | null
}
/** Self-employed people of the territory who answer a need, one line each, for other areas (capacities, plan, rota). */
export function practitionersFor(tx: Tx, need: Need): Promise<Located[]> {
  return rows(
    tx,
    sql`select distinct on (p.rpps) p.rpps, p.family_name as "familyName", p.given_name as "givenName", p.civility,
          c.code as "communeCode", c.name as commune, c.lon::float8 as lon, c.lat::float8 as lat
        from app.territory_commune t
        join ref.commune c on c.code = t.commune_code
        join ref.practice_place o on o.commune_code = t.commune_code and o.mode_code = 'L' and o.profession_code = any (${[...need.professions]})
          and (${need.skills ? [...need.skills] : null}::text[] is null or o.skill_codes && ${need.skills ? [...need.skills] : null}::text[])
        join ref.practitioner p on p.rpps = o.rpps and p.active and p.category_code is distinct from 'E'
        order by p.rpps, o.id`,
  )
}
/** Names of people of the national directory, wherever they practise. */
export async function practitionerNames(
  tx: Tx,
  rpps: readonly string[],
): Promise<Map<string, { familyName: string; givenName: string | null; civility: string | null }>> {
  const found = await rows<{ rpps: string; familyName: string; givenName: string | null; civility: string | null }>(
    tx,
    sql`select rpps, family_name as "familyName", given_name as "givenName", civility from ref.practitioner where rpps = any (${[...rpps]})`,
  )
  return new Map(found.map(f => [f.rpps, f]))
}
