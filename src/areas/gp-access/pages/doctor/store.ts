/** What the doctor's pages read: a proposal without a name until he has said yes, his patients, his places. */
import { ageOn } from '#domain/priority.ts'
import { maybe, rows, sql, type Tx } from '#platform/db/types.ts'
import { hashToken, looksLikeToken } from '#platform/ids.ts'
import { ageBand } from '../../rules.ts'

/** The patient as the doctor may know him before he accepts: nothing that names him. */
export interface Anonymous {
  band: string
  commune: string
  ald: boolean
  homeVisit: boolean
  wheelchair: boolean
  languages: string[]
  /** Others of the same household proposed to this doctor or already his. */
  household: number
}
export async function anonymous(tx: Tx, requestId: string, membershipId: string, today: string): Promise<Anonymous | null> {
  const row = await maybe<Omit<Anonymous, 'band'> & { birthDate: string }>(
    tx,
    sql`select r.birth_date as "birthDate", (select c.name from ref.commune c where c.code = r.commune_code) as commune, r.ald, r.home_visit as "homeVisit", r.wheelchair, r.languages,
          (select count(*) from app.request o where o.household_id = r.household_id and o.id <> r.id and (o.doctor_membership_id = ${membershipId}
             or exists (select 1 from app.proposal q where q.request_id = o.id and q.membership_id = ${membershipId} and q.state = 'pending')))::int as household
        from app.request r where r.id = ${requestId}`,
  )
  if (!row) return null
  const { birthDate, ...rest } = row
  return { ...rest, band: ageBand(ageOn(birthDate, today)) }
}

export interface Mine {
  /** The accepted proposal. */
  id: string
  requestId: string
  name: string
  state: string
  appointmentOn: string | null
  acceptedAt: Date
}
/** Patients this doctor accepted and whose request is not closed yet. */
export const minePending = (tx: Tx, membershipId: string): Promise<Mine[]> =>
  rows(
    tx,
    sql`select q.id, r.id as "requestId", coalesce(r.used_name, r.birth_name) || ' ' || r.given_names as name, r.state, r.appointment_on as "appointmentOn", r.state_at as "acceptedAt"
        from app.request r join app.proposal q on q.request_id = r.id and q.state = 'accepted' where r.doctor_membership_id = ${membershipId} and r.state in ('accepted', 'appointed', 'seen') order by r.state_at`,
  )

export interface Doctor {
  membershipId: string
  name: string
  email: string | null
  /** Where the national directory says he practises, within the territory first. */
  communeCode: string | null
}
export const doctor = (tx: Tx, membershipId: string): Promise<Doctor | null> =>
  maybe(
    tx,
    sql`select m.id as "membershipId", p.name, p.email,
          (select pp.commune_code from ref.practice_place pp where pp.rpps = m.rpps and pp.commune_code is not null
             order by exists (select 1 from app.territory_commune t where t.commune_code = pp.commune_code) desc, pp.commune_code limit 1) as "communeCode"
        from app.membership m join platform.person p on p.id = m.person_id where m.id = ${membershipId} and m.ended_at is null`,
  )

/** A capacity link whatever its age: an old one is worth a new one, sent to the doctor, never shown. */
export async function oldCapacityLink(tx: Tx, token: string): Promise<{ membershipId: string } | null> {
  if (!looksLikeToken(token)) return null
  return maybe(
    tx,
    sql`select subject_id as "membershipId" from app.signed_link where token_hash = ${hashToken(token)} and purpose = 'capacity' and revoked_at is null`,
  )
}
