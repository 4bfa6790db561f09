/** What doctors said they can take, and how much of it is left. */
import type { Profile } from '#domain/assignment/index.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { maybe, type RawBuilder, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'

export interface CapacityInput {
  communeCode: string
  total: number
  /** A profile absent or null is bounded by the total only; 0 is refused. */
  adult: number | null
  child: number | null
  ald: number | null
  home: number | null
  minAge: number | null
  maxAge: number | null
  communes: string[]
  languages: string[]
  wheelchair: boolean
  /** Last day it holds, `YYYY-MM-DD`. */
  until: string
}
export interface Capacity extends CapacityInput {
  id: string
  membershipId: string
  doctorName: string
  rpps: string | null
  commune: string
  used: number
  usedAdult: number
  usedChild: number
  usedAld: number
  usedHome: number
  /** Proposals waiting for his answer. */
  pending: number
  statedAt: Date
  statedBy: 'doctor' | 'coordinator'
}

const columns = sql`c.id, c.membership_id as "membershipId", p.name as "doctorName", m.rpps, c.commune_code as "communeCode", (select x.name from ref.commune x where x.code = c.commune_code) as commune,
  c.total, c.adult, c.child, c.ald, c.home, c.used, c.used_adult as "usedAdult", c.used_child as "usedChild", c.used_ald as "usedAld", c.used_home as "usedHome",
  c.min_age as "minAge", c.max_age as "maxAge", c.communes, c.languages, c.wheelchair, c.until, c.stated_at as "statedAt", c.stated_by as "statedBy",
  (select count(*) from app.proposal q where q.membership_id = c.membership_id and q.state = 'pending')::int as pending`

/** Holds of a statement `c` that ends before its doctor leaves: places that outlive him are nobody's to give. */
export const endsInTime = sql`not exists (select from app.departure d where d.membership_id = c.membership_id and d.cancelled_at is null and d.leaves_on < c.until)`
/** The last day of practice that a doctor announced, `YYYY-MM-DD`; null when he stays. */
export const lastDayOf = async (tx: Tx, membershipId: string): Promise<string | null> =>
  (
    await maybe<{ leavesOn: string }>(
      tx,
      sql`select leaves_on as "leavesOn" from app.departure where membership_id = ${membershipId} and cancelled_at is null`,
    )
  )?.leavesOn ?? null

/**
 * A doctor's new statement; it replaces the former one, whose accepted patients are his already and do not count again. Places that
 * would outlive his departure are refused, with the day he leaves; « none » may be said at any time.
 */
export async function stateCapacity(
  tx: Tx,
  actor: Actor,
  membershipId: string,
  input: CapacityInput,
  by: Capacity['statedBy'],
): Promise<{ id: string } | { leavesOn: string }> {
  const id = randomUUIDv7()
  const inTime = sql`(${input.total}::int = 0 or not exists (select from app.departure d where d.membership_id = ${membershipId} and d.cancelled_at is null and d.leaves_on < ${input.until}::date))`
  const supersede = () =>
    run(
      tx,
      sql`update app.capacity set superseded_at = ${actor.now} where membership_id = ${membershipId} and superseded_at is null and ${inTime}`,
    )
  const insert = () =>
    run(
      tx,
      sql`insert into app.capacity (id, membership_id, commune_code, total, adult, child, ald, home, min_age, max_age, communes, languages, wheelchair, until, stated_at, stated_by)
          select ${id}, ${membershipId}, ${input.communeCode}, ${input.total}::int, ${input.adult}::int, ${input.child}::int, ${input.ald}::int, ${input.home}::int, ${input.minAge}::int, ${input.maxAge}::int,
            ${input.communes}::text[], ${input.languages}::text[], ${input.wheelchair}::boolean, ${input.until}::date, ${actor.now}::timestamptz, ${by} where ${inTime} on conflict do nothing`,
    )
  // The doctor by his link and the coordination on the telephone at the same instant: both are kept, the last one is in force.
  for (;;) {
    await supersede()
    if ((await insert()) > 0) break
    const leavesOn = input.total > 0 ? await lastDayOf(tx, membershipId) : null
    if (leavesOn && leavesOn < input.until) return { leavesOn }
  }
  await audit(tx, actor, {
    action: 'capacity.state',
    subject: { kind: 'capacity', id },
    detail: { doctor: membershipId, total: input.total, until: input.until },
  })
  return { id }
}

/** The statements in force on `today`, doctors still members and not leaving before its end. */
export async function currentCapacities(tx: Tx, today: string): Promise<Capacity[]> {
  return rows(
    tx,
    sql`select ${columns} ${source} where c.superseded_at is null and c.until >= ${today} and ${endsInTime} order by p.name, c.id`,
  )
}
/** Every doctor's last statement, expired ones too (the coordinator sees who to ask again). */
export async function lastCapacities(tx: Tx): Promise<Capacity[]> {
  return rows(tx, sql`select ${columns} ${source} where c.superseded_at is null order by c.until, p.name`)
}
export async function capacityOf(tx: Tx, membershipId: string): Promise<Capacity | null> {
  return maybe(tx, sql`select ${columns} ${source} where c.superseded_at is null and c.membership_id = ${membershipId}`)
}
const source = sql`from app.capacity c join app.membership m on m.id = c.membership_id and m.ended_at is null join platform.person p on p.id = m.person_id`

const usedColumn: Record<Profile, RawBuilder<unknown>> = {
  adult: sql`used_adult`,
  child: sql`used_child`,
  ald: sql`used_ald`,
  home: sql`used_home`,
}
/** Gives a place back (the patient left before the first visit). A superseded statement keeps its history and is left alone. */
export async function returnPlace(tx: Tx, capacityId: string, profile: Profile): Promise<void> {
  await run(
    tx,
    sql`update app.capacity set used = used - 1, ${usedColumn[profile]} = ${usedColumn[profile]} - 1 where id = ${capacityId} and ${usedColumn[profile]} > 0`,
  )
}

/** A doctor of the community, with his last statement when he made one. */
export interface DoctorPlaces {
  membershipId: string
  name: string
  email: string | null
  capacity: Capacity | null
  /** When he was last asked, and the question is still open. */
  askedAt: Date | null
  /** His last day of practice, when he announced it. */
  leavesOn: string | null
}
/** Every doctor: those who never said anything are to be asked first. */
export async function doctorsPlaces(tx: Tx, now: Date): Promise<DoctorPlaces[]> {
  const [doctors, stated] = await Promise.all([
    rows<Omit<DoctorPlaces, 'capacity'>>(
      tx,
      sql`select m.id as "membershipId", p.name, p.email,
            (select max(l.created_at) from app.signed_link l where l.purpose = 'capacity' and l.subject_id = m.id and l.expires_at > ${now} and l.revoked_at is null) as "askedAt",
            (select d.leaves_on from app.departure d where d.membership_id = m.id and d.cancelled_at is null) as "leavesOn"
          from app.membership m join platform.person p on p.id = m.person_id where m.ended_at is null and 'doctor' = any(m.roles) order by p.name, m.id`,
    ),
    lastCapacities(tx),
  ])
  return doctors.map(d => {
    const capacity = stated.find(c => c.membershipId === d.membershipId) ?? null
    return { ...d, capacity, askedAt: d.askedAt && capacity && capacity.statedAt > d.askedAt ? null : d.askedAt }
  })
}
