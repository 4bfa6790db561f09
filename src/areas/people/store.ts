/** Persons and their memberships of the community of the transaction. */
import type { Role } from '#platform/access.ts'
import { maybe, one, rows, run, type SiteTx, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'

export interface Member {
  /** Of the membership. */
  id: string
  personId: string
  name: string
  email: string | null
  roles: Role[]
  rpps: string | null
  profession: string | null
  since: string
  endedAt: Date | null
}
export interface NewPerson {
  name: string
  email: string | null
  roles: readonly Role[]
  rpps?: string | null
  profession?: string | null
  /** First day of membership, `YYYY-MM-DD`. */
  since: string
}
export type Created = { personId: string; membershipId: string } | { taken: 'email' | 'rpps' }

const columns = sql`m.id, m.person_id as "personId", p.name, p.email, m.roles, m.rpps, m.profession, m.since, m.ended_at as "endedAt"`
const members = sql`app.membership m join platform.person p on p.id = m.person_id`

/**
 * Makes somebody a member. A person already known to another community by the same address is the same person; a former
 * member comes back. `taken` says what belongs to somebody who is a member now; then nothing was written.
 */
export async function createPerson(tx: Tx, o: NewPerson): Promise<Created> {
  if (o.rpps && (await memberByRpps(tx, o.rpps))) return { taken: 'rpps' }
  const person = await one<{ id: string }>(tx, sql`select platform.person_for(${randomUUIDv7()}, ${o.name}, ${o.email}) as id`)
  const membership = await maybe<{ id: string }>(
    tx,
    sql`insert into app.membership as m (id, person_id, roles, rpps, profession, since)
        values (${randomUUIDv7()}, ${person.id}, ${[...o.roles]}, ${o.rpps ?? null}, ${o.profession ?? null}, ${o.since})
        on conflict (cpts_id, person_id) do update
          set roles = excluded.roles, rpps = excluded.rpps, profession = excluded.profession, since = excluded.since, ended_at = null
          where m.ended_at is not null
        returning m.id`,
  )
  return membership ? { personId: person.id, membershipId: membership.id } : { taken: 'email' }
}

const french = new Intl.Collator('fr')
/** Everybody, former members too, by name as a French reader sorts. */
export async function listMembers(tx: Tx): Promise<Member[]> {
  const all = await rows<Member>(tx, sql`select ${columns} from ${members} order by m.id`)
  return all.sort((a, b) => french.compare(a.name, b.name))
}
/** Current members of a role; those whose first role it is come first. */
export async function listMembersByRole(tx: Tx, role: Role): Promise<Member[]> {
  return rows<Member>(
    tx,
    sql`select ${columns} from ${members} where ${role} = any(m.roles) and m.ended_at is null
        order by array_position(m.roles, ${role}), m.since, m.id`,
  )
}
/** The current member who holds this RPPS number. */
export async function memberByRpps(tx: Tx, rpps: string): Promise<Member | null> {
  return maybe<Member>(tx, sql`select ${columns} from ${members} where m.rpps = ${rpps} and m.ended_at is null`)
}
export async function memberById(tx: Tx, id: string): Promise<Member | null> {
  return maybe<Member>(tx, sql`select ${columns} from ${members} where m.id = ${id} and m.ended_at is null`)
}
export async function memberByEmail(tx: Tx, email: string): Promise<Member | null> {
  return maybe<Member>(tx, sql`select ${columns} from ${members} where p.email = ${email.toLowerCase()} and m.ended_at is null`)
}

/** Ends a membership; false when it is the community's last coordination, or has already ended. */
export async function endMembership(tx: Tx, id: string, now: Date): Promise<boolean> {
  // Two coordinators ending each other wait for one another here, and the second finds itself the last.
  await rows(tx, sql`select id from app.membership where 'coordinator' = any(roles) and ended_at is null order by id for update`)
  const ended = await run(
    tx,
    sql`update app.membership m set ended_at = ${now} where m.id = ${id} and m.ended_at is null
        and (not 'coordinator' = any(m.roles)
             or exists (select 1 from app.membership o where o.id <> m.id and 'coordinator' = any(o.roles) and o.ended_at is null))`,
  )
  return ended === 1
}
/** True when nobody else coordinates. */
export async function isLastCoordinator(tx: Tx, id: string): Promise<boolean> {
  const current = await listMembersByRole(tx, 'coordinator')
  return current.length === 1 && current[0]!.id === id
}

/** Sign-in links made for a membership since `from`. */
export async function recentLinks(tx: Tx, membershipId: string, from: Date): Promise<number> {
  const row = await one<{ n: number }>(
    tx,
    sql`select count(*) as n from app.signed_link where purpose = 'sign-in' and subject_id = ${membershipId} and created_at > ${from}`,
  )
  return row.n
}
/** A request a patient could be following: that of the latest tracking link, or the latest one the record speaks of. */
export async function latestTracked(tx: Tx): Promise<string | null> {
  const row = await maybe<{ id: string }>(
    tx,
    sql`(select subject_id as id, 1 as rank from app.signed_link where purpose = 'tracking' and revoked_at is null order by created_at desc, id desc limit 1)
        union all
        (select subject_id, 2 from app.audit_event where subject_kind = 'request' order by at desc, id desc limit 1)
        order by rank limit 1`,
  )
  return row?.id ?? null
}

export interface Letter {
  id: string
  recipient: string
  label: string
  subject: string
  body: string | null
  state: 'waiting' | 'sent' | 'failed'
  at: Date
}
/** Messages that left or are about to, newest first. */
export async function letters(tx: Tx, recipient: string | null, limit: number): Promise<{ letters: Letter[]; count: number }> {
  const which = recipient ? sql`where recipient = ${recipient}` : sql``
  const found = await rows<Letter>(
    tx,
    sql`select id, recipient, recipient_label as label, subject, body, state, coalesce(sent_at, created_at) as at
        from app.message ${which} order by created_at desc, id desc limit ${limit}`,
  )
  const { n } = await one<{ n: number }>(tx, sql`select count(*) as n from app.message ${which}`)
  return { letters: found, count: n }
}
/** Who was written to, the most recently written first. */
export async function recipients(tx: Tx, limit: number): Promise<{ recipient: string; label: string; n: number }[]> {
  return rows(
    tx,
    sql`select recipient, max(recipient_label) as label, count(*) as n from app.message
        group by recipient order by max(created_at) desc limit ${limit}`,
  )
}

export interface CommunityLine {
  slug: string
  name: string
  demo: boolean
}
export const listCommunities = (tx: SiteTx): Promise<CommunityLine[]> =>
  rows<CommunityLine>(tx, sql`select slug, name, demo from platform.cpts order by demo desc, case when demo then id::text else name end`)
export interface Persona {
  slug: string
  role: Role
  name: string
  profession: string | null
}
export const listPersonas = (tx: SiteTx): Promise<Persona[]> =>
  rows<Persona>(tx, sql`select slug, role, person_name as name, profession from platform.demo_personas()`)
