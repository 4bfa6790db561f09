/** The coordinator's list: filters, points, what waits for him. A page of it costs three statements: rule, counts, rows. */
import type { Profile } from '#domain/assignment/index.ts'
import type { PriorityRule, Situation } from '#domain/priority.ts'
import { one, type RawBuilder, rows, sql, type Tx } from '#platform/db/types.ts'
import { CHILD_UNDER, type Exit, type State } from '../rules.ts'
import { scoreSql } from './requests.ts'

/** The chips above the list: states that are worked together. */
export const groups = {
  'en-cours': ['received', 'incomplete', 'admissible', 'prioritised', 'proposed', 'accepted', 'appointed', 'seen', 'declared'],
  recues: ['received'],
  'a-completer': ['incomplete'],
  'en-attente': ['admissible', 'prioritised'],
  proposees: ['proposed'],
  acceptees: ['accepted'],
  'rendez-vous': ['appointed'],
  vues: ['seen', 'declared'],
  closes: ['closed'],
  sorties: ['exited'],
} as const satisfies Record<string, readonly State[]>
export type Group = keyof typeof groups

/** What waits for the coordinator: each code is a filter of the list. */
export const tasks = ['check', 'complete', 'changed', 'duplicate', 'expiring', 'returned', 'appointment', 'visit', 'declaration'] as const
export type Task = (typeof tasks)[number]
/** Days after which nothing having happened is the coordinator's business. */
export const patience = {
  appointmentDays: 7,
  declarationDays: 30,
  returnedDays: 7,
  statementDays: 7,
  expiringHours: 24,
  checkHours: 48,
} as const

export type Sort = 'priority' | 'seniority' | 'state'
export interface WorkFilter {
  group: Group
  task: Task | null
  /** Words of a name, or a tracking number. */
  text: string
  commune: string
  profile: Profile | null
  sort: Sort
}
export interface Asked {
  rule: PriorityRule
  now: Date
  today: string
}

export interface WorkRow extends Situation {
  id: string
  number: string
  state: State
  exit: Exit | null
  since: Date
  stateAt: Date
  birthName: string
  usedName: string | null
  givenNames: string
  birthDate: string
  communeCode: string
  commune: string
  wheelchair: boolean
  languages: string[]
  inHousehold: boolean
  suspected: boolean
  score: number
  doctorName: string | null
  appointmentOn: string | null
  expiresAt: Date | null
  phone: string | null
  email: string | null
  origin: string
  total: number
}

const daysAgo = (now: Date, days: number) => new Date(now.getTime() - days * 24 * 3600_000)

/** The requests of a task, as a condition on `r`. */
function taskSql(task: Task, { now, today }: Pick<Asked, 'now' | 'today'>): RawBuilder<boolean> {
  switch (task) {
    case 'check':
      return sql`(r.state = 'received' and r.duplicate_of is null)`
    case 'complete':
      return sql`(r.state = 'incomplete')`
    case 'changed':
      return sql`(r.state not in ('closed', 'exited') and exists (select 1 from app.patient_change x where x.request_id = r.id and x.look and x.looked_at is null))`
    case 'duplicate':
      return sql`(r.duplicate_of is not null and r.state in ('received', 'incomplete', 'admissible', 'prioritised'))`
    case 'expiring':
      return sql`(r.state = 'proposed' and exists (select 1 from app.proposal q where q.request_id = r.id and q.state = 'pending'
        and q.expires_at <= ${new Date(now.getTime() + patience.expiringHours * 3600_000)}::timestamptz))`
    case 'returned':
      return sql`(r.state = 'prioritised' and r.state_at > ${daysAgo(now, patience.returnedDays)}::timestamptz
        and exists (select 1 from app.proposal q where q.request_id = r.id and q.state in ('refused', 'expired') and q.answered_at = r.state_at))`
    case 'appointment':
      return sql`(r.state = 'accepted' and r.state_at < ${daysAgo(now, patience.appointmentDays)}::timestamptz)`
    case 'visit':
      return sql`(r.state = 'appointed' and r.appointment_on < ${today}::date)`
    case 'declaration':
      return sql`(r.state = 'seen' and r.seen_on < ${today}::date - ${patience.declarationDays}::int)`
  }
}
/** Since when, or until when, a request of a task waits: the clock that orders the column. */
const clockOf: Record<Task, RawBuilder<Date>> = {
  check: sql`r.state_at`,
  complete: sql`r.state_at`,
  changed: sql`(select min(x.at) from app.patient_change x where x.request_id = r.id and x.look and x.looked_at is null)`,
  duplicate: sql`r.state_at`,
  expiring: sql`(select min(q.expires_at) from app.proposal q where q.request_id = r.id and q.state = 'pending')`,
  returned: sql`r.state_at`,
  appointment: sql`r.state_at`,
  visit: sql`r.appointment_on::timestamptz`,
  declaration: sql`r.seen_on::timestamptz`,
}

/** The profile of rules.profileOf, in SQL. */
const profileSql = (today: string) =>
  sql`case when r.home_visit then 'home' when r.ald then 'ald' when r.birth_date > ${today}::date - make_interval(years => ${CHILD_UNDER}) then 'child' else 'adult' end`

function whereSql(f: WorkFilter, a: Asked): RawBuilder<boolean> {
  const conditions = [f.task ? taskSql(f.task, a) : sql`r.state = any(${[...groups[f.group]]}::text[])`]
  // Every word of the search is somewhere in the names or the number; % and _ are ordinary characters.
  if (f.text)
    conditions.push(
      sql`ref.fold(r.birth_name || ' ' || coalesce(r.used_name, '') || ' ' || r.given_names || ' ' || r.number || ' ' || replace(r.number, '-', ''))
          like all (select '%' || replace(replace(replace(w, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' from unnest(string_to_array(ref.fold(${f.text}), ' ')) w)`,
    )
  if (f.commune) conditions.push(sql`r.commune_code = ${f.commune}`)
  if (f.profile) conditions.push(sql`${profileSql(a.today)} = ${f.profile}`)
  return sql`${sql.join(conditions, sql` and `)}`
}
const orderSql: Record<Sort, RawBuilder<unknown>> = {
  priority: sql`score desc, r.since, r.id`,
  seniority: sql`r.since, r.id`,
  state: sql`r.state_at desc, r.id`,
}

/** One slice of the list, each row with the total of the whole. Everybody is ordered by little; only the slice is read in full. */
export function workList(tx: Tx, f: WorkFilter, a: Asked, limit: number, offset: number): Promise<WorkRow[]> {
  return rows(
    tx,
    sql`with slice as materialized (
          select r.id, ${scoreSql(a.rule, a.now)} as score, count(*) over () as total
          from app.request r where ${whereSql(f, a)} order by ${orderSql[f.sort]} limit ${limit} offset ${offset})
        select r.id, r.number, r.state, r.exit, r.since, r.state_at as "stateAt", r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames",
          r.birth_date as "birthDate", r.commune_code as "communeCode", c.name as commune, r.ald, r.treatment, r.specialist, r.pregnancy, r.reduced_mobility as "reducedMobility",
          r.home_visit as "homeVisit", r.precarity, r.isolation, r.doctor_left as "doctorLeft", r.hospital_exit as "hospitalExit", r.wheelchair, r.languages,
          r.household_id is not null as "inHousehold", (r.duplicate_of is not null and r.state <> 'exited') as suspected, s.score,
          coalesce(d.name, w.name) as "doctorName", r.appointment_on as "appointmentOn", w.expires_at as "expiresAt", r.phone, r.email, r.origin, s.total
        from slice s join app.request r on r.id = s.id join ref.commune c on c.code = r.commune_code
        left join lateral (select p.name from app.membership m join platform.person p on p.id = m.person_id where m.id = r.doctor_membership_id) d on true
        left join lateral (select q.expires_at, p.name from app.proposal q join app.membership m on m.id = q.membership_id join platform.person p on p.id = m.person_id
          where q.request_id = r.id and q.state = 'pending') w on true
        order by ${orderSql[f.sort]}`,
  )
}

export interface Waiting {
  task: Task | 'statement'
  n: number
  /** The earliest clock of them. */
  at: Date
}
export interface Overview {
  states: Partial<Record<State, number>>
  /** Communes of the requests under way. */
  communes: { code: string; name: string; n: number }[]
  /** Ordered by clock: what was due first stands first. */
  waiting: Waiting[]
}
/** How many in each state, in each commune, and what waits; one statement whatever the size of the list. */
export async function overview(tx: Tx, a: Pick<Asked, 'now' | 'today'>): Promise<Overview> {
  const lines = tasks.map(
    task =>
      sql`select ${task}::text as task, count(*)::int as n, min(${clockOf[task]}) as at from app.request r where ${taskSql(task, a)} having count(*) > 0`,
  )
  const row = await one<{
    states: Overview['states'] | null
    communes: Overview['communes'] | null
    waiting: { task: Waiting['task']; n: number; at: string }[] | null
  }>(
    tx,
    sql`with counted as materialized (select state, commune_code, count(*)::int as n from app.request group by state, commune_code)
        select (select json_object_agg(state, n) from (select state, sum(n)::int as n from counted group by state) s) as states,
          (select json_agg(x order by x.name) from (select c.code, c.name, sum(r.n)::int as n from counted r join ref.commune c on c.code = r.commune_code
             where r.state = any(${[...groups['en-cours']]}::text[]) group by c.code, c.name) x) as communes,
          (select json_agg(w) from (${sql.join(lines, sql` union all `)} union all
             select 'statement', count(*)::int, min(c.until)::timestamptz from app.capacity c join app.membership m on m.id = c.membership_id and m.ended_at is null
             where c.superseded_at is null and c.until < ${a.today}::date + ${patience.statementDays}::int
               and not exists (select from app.departure d where d.membership_id = c.membership_id and d.cancelled_at is null) having count(*) > 0) w) as waiting`,
  )
  const waiting = (row.waiting ?? []).map(w => ({ ...w, at: new Date(w.at) }))
  return { states: row.states ?? {}, communes: row.communes ?? [], waiting: waiting.toSorted((x, y) => due(x) - due(y)) }
}
/** When a task became, or becomes, late. */
export function due(w: Waiting): number {
  const day = 24 * 3600_000
  switch (w.task) {
    case 'expiring':
    case 'visit':
    case 'statement':
      return w.at.getTime()
    case 'appointment':
      return w.at.getTime() + patience.appointmentDays * day
    case 'declaration':
      return w.at.getTime() + patience.declarationDays * day
    case 'complete':
      return w.at.getTime() + 7 * day
    case 'check':
    case 'changed':
    case 'duplicate':
    case 'returned':
      return w.at.getTime() + patience.checkHours * 3600_000
  }
}

/** The named requests, for a confirmation page; those of another community are simply not there. */
export function someRequests(
  tx: Tx,
  ids: readonly string[],
): Promise<Pick<WorkRow, 'id' | 'number' | 'state' | 'exit' | 'birthName' | 'usedName' | 'givenNames' | 'email' | 'doctorName'>[]> {
  return rows(
    tx,
    sql`select r.id, r.number, r.state, r.exit, r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames", r.email,
          coalesce((select p.name from app.membership m join platform.person p on p.id = m.person_id where m.id = r.doctor_membership_id),
            (select p.name from app.proposal q join app.membership m on m.id = q.membership_id join platform.person p on p.id = m.person_id where q.request_id = r.id and q.state = 'pending')) as "doctorName"
        from app.request r where r.id = any(${[...ids]}::uuid[]) order by r.birth_name, r.given_names, r.id`,
  )
}

/** The badges of the menu: one cheap statement. */
export function badges(tx: Tx, a: Pick<Asked, 'now' | 'today'>): Promise<{ requests: number; waiting: number }> {
  const any = tasks.map(task => taskSql(task, a))
  return one(
    tx,
    sql`select count(*) filter (where r.state not in ('closed', 'exited'))::int as requests, count(*) filter (where ${sql.join(any, sql` or `)})::int as waiting from app.request r`,
  )
}
