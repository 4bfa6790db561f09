/** A plan as its page reads it: the lines of one page, counts, places and ways added up by commune, what changed since. Nothing reads it whole but the export. */
import { dayOf } from '#platform/clock.ts'
import { one, type RawBuilder, rows, sql, type Tx } from '#platform/db/types.ts'
import type { Why } from '../kept.ts'
import type { State } from '../rules.ts'
import { doctorsWithPlaces, type KeptPlan } from './plans.ts'

/** Which lines: with a doctor, of them those still to send or who change doctor, or without any. */
export const views = ['placed', 'open', 'moved', 'unplaced'] as const
export type View = (typeof views)[number]
export interface LineFilter {
  view: View
  /** INSEE code, or '' for all. */
  commune: string
  /** Membership, or '' for all. */
  doctor: string
}
export interface PlanLine {
  id: string
  number: string
  birthName: string
  usedName: string | null
  givenNames: string
  commune: string
  householdId: string | null
  state: State
  /** Sent by this very plan. */
  sent: boolean
  points: number
  doctor: string | null
  doctorName: string | null
  doctorCommune: string | null
  minutes: number | null
  beforeName: string | null
  why: Why
}
const sentBy = (planId: string) => sql`exists (select from app.proposal q where q.request_id = r.id and q.plan_id = ${planId})`
const viewSql: Record<View, RawBuilder<boolean>> = {
  placed: sql`l.membership_id is not null`,
  open: sql`(l.membership_id is not null and r.state = 'prioritised')`,
  moved: sql`(l.before_id <> l.membership_id)`,
  unplaced: sql`l.membership_id is null`,
}
const whereSql = (planId: string, f: LineFilter) =>
  sql`l.plan_id = ${planId} and ${viewSql[f.view]} ${f.commune ? sql`and r.commune_code = ${f.commune}` : sql``} ${f.doctor ? sql`and l.membership_id = ${f.doctor}` : sql``}`
const lineColumns = (
  planId: string,
) => sql`r.id, r.number, r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames", c.name as commune, r.household_id as "householdId", r.state,
  ${sentBy(planId)} as sent, l.points, l.membership_id as doctor, p.name as "doctorName", kc.name as "doctorCommune", l.minutes, bp.name as "beforeName", l.why`
const lineSource = sql`from app.plan_line l join app.request r on r.id = l.request_id join ref.commune c on c.code = r.commune_code
  left join app.membership m on m.id = l.membership_id left join platform.person p on p.id = m.person_id
  left join app.membership bm on bm.id = l.before_id left join platform.person bp on bp.id = bm.person_id
  left join app.plan_doctor d on d.plan_id = l.plan_id and d.membership_id = l.membership_id left join app.capacity k on k.id = d.capacity_id left join ref.commune kc on kc.code = k.commune_code`

/** In the plan's order. */
export const planLines = (tx: Tx, planId: string, f: LineFilter, limit: number | null, offset = 0): Promise<PlanLine[]> =>
  rows(tx, sql`select ${lineColumns(planId)} ${lineSource} where ${whereSql(planId, f)} order by l.rank limit ${limit} offset ${offset}`)
export const planLine = (tx: Tx, planId: string, requestId: string): Promise<PlanLine | null> =>
  rows<PlanLine>(tx, sql`select ${lineColumns(planId)} ${lineSource} where l.plan_id = ${planId} and l.request_id = ${requestId}`).then(
    r => r[0] ?? null,
  )
/** The lines of a choice of requests, with a doctor; all of them still to send when none is chosen. */
export const linesToSend = (tx: Tx, planId: string, chosen: readonly string[] | 'all'): Promise<PlanLine[]> =>
  rows(
    tx,
    sql`select ${lineColumns(planId)} ${lineSource} where l.plan_id = ${planId} and l.membership_id is not null
          ${chosen === 'all' ? sql`` : sql`and l.request_id = any(${[...chosen]}::uuid[])`} order by l.rank`,
  )

export interface LineCounts {
  /** Under the filter. */
  shown: number
  /** Of the whole plan, with a doctor: still to send, sent by this plan. */
  open: number
  sent: number
}
export const lineCounts = (tx: Tx, planId: string, f: LineFilter): Promise<LineCounts> =>
  one(
    tx,
    sql`select count(*) filter (where ${whereSql(planId, f)})::int as shown,
          count(*) filter (where l.membership_id is not null and r.state = 'prioritised')::int as open, count(*) filter (where ${sentBy(planId)})::int as sent
        from app.plan_line l join app.request r on r.id = l.request_id where l.plan_id = ${planId}`,
  )
/** Names of people named on a line (a household), by request. */
export const namesOf = (
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; birthName: string; usedName: string | null; givenNames: string; householdId: string | null }[]> =>
  rows(
    tx,
    sql`select id, birth_name as "birthName", used_name as "usedName", given_names as "givenNames", household_id as "householdId" from app.request where id = any(${[...ids]}::uuid[])`,
  )
/** The people of some households who are in the plan. */
export const householdsIn = (tx: Tx, planId: string, households: readonly string[]) =>
  rows<{ id: string; birthName: string; usedName: string | null; givenNames: string; householdId: string }>(
    tx,
    sql`select r.id, r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames", r.household_id as "householdId"
        from app.request r join app.plan_line l on l.request_id = r.id and l.plan_id = ${planId} where r.household_id = any(${[...households]}::uuid[]) order by l.rank`,
  )

/** A way of the map: so many people of a commune to the doctors of another. */
export interface Way {
  from: string
  /** INSEE code of the doctors' commune; null for those without a doctor. */
  to: string | null
  count: number
}
export interface MapCommune {
  code: string
  name: string
  lon: number | null
  lat: number | null
}
/** Everybody of the plan, by commune and by commune of his doctor; and the communes named. */
export async function planWays(
  tx: Tx,
  planId: string,
): Promise<{ ways: Way[]; offers: { id: string; name: string; commune: string; places: number }[]; communes: MapCommune[] }> {
  const [ways, offers] = await Promise.all([
    rows<Way>(
      tx,
      sql`select r.commune_code as "from", k.commune_code as "to", count(*)::int as count from app.plan_line l join app.request r on r.id = l.request_id
          left join app.plan_doctor d on d.plan_id = l.plan_id and d.membership_id = l.membership_id left join app.capacity k on k.id = d.capacity_id
          where l.plan_id = ${planId} group by 1, 2 order by 3 desc, 1, 2`,
    ),
    rows<{ id: string; name: string; commune: string; places: number }>(
      tx,
      sql`select d.membership_id as id, p.name, k.commune_code as commune, d.places from app.plan_doctor d join app.capacity k on k.id = d.capacity_id
          join app.membership m on m.id = d.membership_id join platform.person p on p.id = m.person_id where d.plan_id = ${planId} order by p.name, 1`,
    ),
  ])
  const codes = [...new Set([...ways.flatMap(w => [w.from, ...(w.to ? [w.to] : [])]), ...offers.map(o => o.commune)])]
  const communes = await rows<MapCommune>(
    tx,
    sql`select code, name, lon::float8 as lon, lat::float8 as lat from ref.commune where code = any(${codes}::text[])`,
  )
  return { ways, offers, communes }
}

/** What is no longer as a plan read it. What the plan itself sent is not a change, until it comes back. */
export interface Changes {
  /** Requests that wait now and were not in the plan; that were and wait no more; that it sent and are back; corrected since. */
  arrivals: number
  departures: number
  returned: number
  corrected: number
  /** Doctors who offer places they did not, or no longer do; others whose statement changed. */
  newDoctors: number
  goneDoctors: number
  restated: number
  /** Places more or fewer, all doctors together. */
  places: number
}
export async function changesSince(tx: Tx, plan: KeptPlan, now: Date): Promise<Changes> {
  const [people, then, offered] = await Promise.all([
    one<Pick<Changes, 'arrivals' | 'departures' | 'returned' | 'corrected'>>(
      tx,
      sql`select count(*) filter (where x.waits and not x.planned)::int as arrivals, count(*) filter (where not x.waits and x.planned and not x.sent)::int as departures,
            count(*) filter (where x.waits and x.sent)::int as returned, count(*) filter (where x.waits and x.planned and not x.sent and x.corrected)::int as corrected
          from (select r.state = 'prioritised' as waits, l.request_id is not null as planned, ${sentBy(plan.id)} as sent,
                  exists (select from app.request_event e where e.request_id = r.id and e.at > ${plan.dataAt} and e.kind in ('edit', 'household', 'merge', 'priority')) as corrected
                from app.request r left join app.plan_line l on l.request_id = r.id and l.plan_id = ${plan.id} where r.state = 'prioritised' or l.request_id is not null) x`,
    ),
    rows<{ id: string; capacity: string; places: number; own: number }>(
      tx,
      sql`select d.membership_id as id, d.capacity_id as capacity, d.places,
            (select count(*) from app.proposal q where q.membership_id = d.membership_id and q.plan_id = d.plan_id and q.state in ('pending', 'accepted'))::int as own
          from app.plan_doctor d where d.plan_id = ${plan.id}`,
    ),
    doctorsWithPlaces(tx, dayOf(now)),
  ])
  const changes: Changes = { ...people, newDoctors: 0, goneDoctors: 0, restated: 0, places: 0 }
  const before = new Map(then.map(d => [d.id, d]))
  for (const { doctor, stated } of offered) {
    const was = before.get(doctor.id)
    before.delete(doctor.id)
    if (!was) {
      changes.newDoctors++
      changes.places += doctor.capacity.total
      continue
    }
    // A new statement counts afresh: what the plan sent under the former one is not taken from it.
    const same = was.capacity === stated.id
    if (!same) changes.restated++
    changes.places += doctor.capacity.total + (same ? was.own : 0) - was.places
  }
  for (const gone of before.values()) {
    changes.goneDoctors++
    changes.places -= gone.places
  }
  return changes
}
export const nothingChanged = (c: Changes): boolean => Object.values(c).every(n => n === 0)

/** How many wait: what a plan would rest on. */
export const countWaiting = (tx: Tx): Promise<number> =>
  one<{ n: number }>(tx, sql`select count(*)::int as n from app.request where state = 'prioritised'`).then(r => r.n)
