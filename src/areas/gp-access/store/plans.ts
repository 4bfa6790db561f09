/** The plan: the whole list and all the places as the engine wants them, and its answer kept with identifiers only. */
import { type Doctor, type Patient, toInstance } from '#domain/assignment/index.ts'
import type { PriorityRule } from '#domain/priority.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { asTexts, type Before, best, type KeptResult, keep } from '../kept.ts'
import { patientsOf, point, toPatient, type WaitingRow } from '../patients.ts'
import { declinedBy } from '../rules.ts'
import type { List, Made, Phase } from '../solving.ts'
import { type Capacity, currentCapacities } from './capacities.ts'
import { currentRule, type Settings, settings } from './settings.ts'

export interface PlanInput {
  patients: Patient[]
  doctors: Doctor[]
  rule: PriorityRule
}
/**
 * Everybody who waits and every place left, as of `now`: pending proposals hold their place. Identifiers are request and membership ids.
 * Under the rule in force, or under `voted` (a past version, to replay a plan).
 */
export async function planInput(tx: Tx, now: Date, voted?: PriorityRule): Promise<PlanInput> {
  const [rule, caps, doctors] = await Promise.all([voted ?? currentRule(tx), settings(tx), doctorsWithPlaces(tx, dayOf(now))])
  const patients = await waitingPatients(tx, { now, rule, caps })
  return { patients, doctors: doctors.map(d => d.doctor), rule }
}

/** Everybody who waits as the engine wants him, or those of `only` whatever their state. */
export async function waitingPatients(
  tx: Tx,
  { now, rule, caps, only }: { now: Date; rule: PriorityRule; caps: Settings; only?: string | readonly string[] },
): Promise<Patient[]> {
  const today = dayOf(now)
  const waiting = await rows<WaitingRow>(tx, waitingSql(only))
  return waiting.map(w => toPatient(w, { now, today, rule, caps }))
}
const waitingSql = (only?: string | readonly string[]) =>
  sql`select r.id, r.birth_date as "birthDate", r.since, r.commune_code as "communeCode", c.lon::float8 as lon, c.lat::float8 as lat, r.household_id as "householdId", r.languages, r.wheelchair, r.farther, r.by_hand as "byHand",
        r.ald, r.treatment, r.specialist, r.pregnancy, r.reduced_mobility as "reducedMobility", r.home_visit as "homeVisit", r.precarity, r.isolation, r.doctor_left as "doctorLeft", r.hospital_exit as "hospitalExit",
        (select array_agg(distinct q.membership_id::text) from app.proposal q where q.request_id = r.id
          and (q.state in ('refused', 'expired') or (q.state = 'withdrawn' and q.reason = any(${declinedBy}::text[])))) as excluded
      from app.request r left join ref.commune c on c.code = r.commune_code where ${only ? sql`r.id = any(${[only].flat()}::uuid[])` : sql`r.state = 'prioritised'`} order by r.since, r.id`

/** People in one text: few enough for the pages to be answered between two. */
const TOGETHER = 500
/** The list and the places as another process takes them: who waits stays the texts PostgreSQL made, so that reading thousands costs the pages nothing. */
export async function readList(tx: Tx, now: Date): Promise<{ list: List; people: number; stated: DoctorWithPlaces[] }> {
  const [rule, caps, stated, parts] = await Promise.all([
    currentRule(tx),
    settings(tx),
    doctorsWithPlaces(tx, dayOf(now)),
    rows<{ text: string; people: number }>(
      tx,
      sql`select json_agg(x order by x.since, x.id)::text as text, count(*)::int as people
          from (select w.*, row_number() over (order by w.since, w.id) / ${TOGETHER}::int as part from (${waitingSql()}) w) x group by x.part order by x.part`,
    ),
  ])
  return {
    list: { waiting: parts.map(p => p.text), doctors: stated.map(d => d.doctor), rule, caps, now, today: dayOf(now) },
    people: parts.reduce((sum, p) => sum + p.people, 0),
    stated,
  }
}

export interface DoctorWithPlaces {
  doctor: Doctor
  stated: Capacity
}
/** The statements in force as the engine wants them: what is used or waiting for an answer is no longer offered. */
export async function doctorsWithPlaces(tx: Tx, today: string): Promise<DoctorWithPlaces[]> {
  const [capacities, places] = await Promise.all([
    currentCapacities(tx, today),
    rows<{ membershipId: string; profile: Patient['profile']; n: number }>(
      tx,
      sql`select membership_id as "membershipId", profile, count(*)::int as n from app.proposal where state = 'pending' group by 1, 2`,
    ),
  ])
  const communes = new Map(
    (
      await rows<{ code: string; lon: number | null; lat: number | null }>(
        tx,
        sql`select code, lon::float8 as lon, lat::float8 as lat from ref.commune where code = any(${capacities.map(c => c.communeCode)}::text[])`,
      )
    ).map(c => [c.code, c]),
  )
  return capacities.map(c => {
    const held = (profile: Patient['profile']) => places.find(p => p.membershipId === c.membershipId && p.profile === profile)?.n ?? 0
    const left = (limit: number | null, used: number, profile: Patient['profile']) =>
      limit === null ? {} : { [profile]: Math.max(0, limit - used - held(profile)) }
    const doctor: Doctor = {
      id: c.membershipId,
      place: point(communes.get(c.communeCode) ?? { lon: null, lat: null }),
      communeCode: c.communeCode,
      capacity: {
        total: Math.max(0, c.total - c.used - c.pending),
        ...left(c.adult, c.usedAdult, 'adult'),
        ...left(c.child, c.usedChild, 'child'),
        ...left(c.ald, c.usedAld, 'ald'),
        ...left(c.home, c.usedHome, 'home'),
      },
      ...(c.minAge !== null && { minAge: c.minAge }),
      ...(c.maxAge !== null && { maxAge: c.maxAge }),
      communes: c.communes,
      languages: c.languages,
      wheelchair: c.wheelchair,
    }
    return { doctor, stated: c }
  })
}

export type PlanState = 'waiting' | 'running' | 'finished' | 'stopped' | 'failed' | 'lost'
/** A plan and the run that computes it: who asked, when, where it is, how it ended. */
export interface KeptPlan {
  id: string
  createdAt: Date
  createdLabel: string | null
  ruleVersion: number
  /** People and doctors considered; as counted when it was asked, until it is read. */
  patients: number
  doctors: number
  state: PlanState
  previousId: string | null
  /** Instant of the list it rests on; null before it is read. */
  dataAt: Date | null
  startedAt: Date | null
  attempts: number
  phase: Phase | null
  done: number | null
  elapsedMs: number | null
  estimateMs: number | null
  endedAt: Date | null
  /** Who stopped it. */
  endedLabel: string | null
  /** null until it is finished. */
  result: KeptResult | null
  sentAt: Date | null
}
const columns = sql`id, created_at as "createdAt", created_label as "createdLabel", rule_version as "ruleVersion", patients, doctors, state, previous_id as "previousId", data_at as "dataAt",
  started_at as "startedAt", attempts, phase, done, elapsed_ms as "elapsedMs", estimate_ms as "estimateMs", ended_at as "endedAt", ended_label as "endedLabel", result, sent_at as "sentAt"`
export const getPlan = (tx: Tx, id: string): Promise<KeptPlan | null> => maybe(tx, sql`select ${columns} from app.plan where id = ${id}`)
/** The one that waits for a worker or is being computed. */
export const openPlan = (tx: Tx): Promise<KeptPlan | null> =>
  maybe(tx, sql`select ${columns} from app.plan where state in ('waiting', 'running')`)
/** The last finished one. */
export const lastPlan = (tx: Tx): Promise<KeptPlan | null> =>
  maybe(tx, sql`select ${columns} from app.plan where state = 'finished' order by created_at desc, id desc limit 1`)

export interface PlanSummary extends Pick<KeptPlan, 'id' | 'createdAt' | 'createdLabel' | 'state' | 'patients' | 'sentAt'> {
  placed: number | null
  gap: number | null
}
export const lastPlans = (tx: Tx, limit = 20): Promise<PlanSummary[]> =>
  rows(
    tx,
    sql`select id, created_at as "createdAt", created_label as "createdLabel", state, patients, sent_at as "sentAt", (result ->> 'placed')::int as placed, (result ->> 'gap')::float8 as gap
        from app.plan order by created_at desc, id desc limit ${limit}`,
  )

/** Solves the list as it stands, here and now, and keeps the answer: for small lists away from any page. */
export async function makePlan(tx: Tx, actor: Actor): Promise<string> {
  const { list, stated } = await readList(tx, actor.now)
  const patients = patientsOf(list)
  const { doctors, rule } = list
  const previous = await lastPlan(tx)
  const before = previous && (await planBefore(tx, previous.id))
  const instance = toInstance(patients, doctors)
  const kept = keep(best(instance, before), { instance, patients, doctors, before })
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.plan (id, created_at, created_by, created_label, rule_version, patients, doctors, previous_id, data_at, started_at, attempts, ended_at, state, result)
        values (${id}, ${actor.now}, ${memberOf(actor)}, ${actorLabel(actor.who)}, ${rule.version}, ${patients.length}, ${doctors.length}, ${previous?.id ?? null},
          ${actor.now}, ${actor.now}, 1, ${actor.now}, 'finished', ${JSON.stringify(kept.result)}::jsonb)`,
  )
  await keepRows(tx, actor, id, { ...kept, lines: [...asTexts(kept.lines)] }, stated)
  return id
}
/** The rows of a plan whose own row was just written, and its audit line. */
export async function keepRows(tx: Tx, actor: Actor, id: string, made: Made, stated: readonly DoctorWithPlaces[]): Promise<void> {
  const doctors = stated.map(({ doctor, stated: s }) => ({
    id: doctor.id,
    capacity: s.id,
    places: doctor.capacity.total,
    given: made.given[doctor.id] ?? 0,
  }))
  await run(
    tx,
    sql`insert into app.plan_doctor (plan_id, membership_id, capacity_id, places, given)
        select ${id}::uuid, id, capacity, places, given from json_to_recordset(${JSON.stringify(doctors)}::json) as x (id uuid, capacity uuid, places int, given int)`,
  )
  for (const lines of made.lines)
    await run(
      tx,
      sql`insert into app.plan_line (plan_id, request_id, rank, membership_id, minutes, points, before_id, why)
          select ${id}::uuid, request, rank, doctor, minutes, points, before, why
          from json_to_recordset(${lines}::json) as x (request uuid, rank int, doctor uuid, minutes int, points int, before uuid, why jsonb)`,
    )
  await audit(tx, actor, {
    action: 'plan.make',
    subject: { kind: 'plan', id },
    detail: { placed: made.result.placed, unplaced: made.result.unplaced },
  })
}
export const memberOf = (actor: Actor): string | null => (actor.who.kind === 'member' ? actor.who.membershipId : null)

/** A finished plan as the next one needs it. */
export async function planBefore(tx: Tx, planId: string): Promise<Before | null> {
  const { result } = (await getPlan(tx, planId)) ?? {}
  if (!result) return null
  const lines = await rows<{ text: string }>(
    tx,
    sql`select json_agg(json_build_array(request_id, membership_id))::text as text from app.plan_line where plan_id = ${planId} group by rank / ${TOGETHER}::int`,
  )
  return { result, pairs: lines.map(l => l.text) }
}
/** Who is proposed to whom, those with most points first. */
export const planPairs = (tx: Tx, planId: string): Promise<{ patient: string; doctor: string; minutes: number; priority: number }[]> =>
  rows(
    tx,
    sql`select request_id as patient, membership_id as doctor, minutes, points as priority from app.plan_line where plan_id = ${planId} and membership_id is not null order by rank`,
  )
export async function planSent(tx: Tx, actor: Actor, id: string, sent: number, left: number): Promise<void> {
  await run(tx, sql`update app.plan set sent_at = ${actor.now} where id = ${id}`)
  await audit(tx, actor, { action: 'plan.send', subject: { kind: 'plan', id }, detail: { sent, left } })
}

export interface PlanDoctor {
  id: string
  name: string
  commune: string | null
  lon: number | null
  lat: number | null
}
export const planDoctors = (tx: Tx, ids: readonly string[]): Promise<PlanDoctor[]> =>
  rows(
    tx,
    sql`select m.id, p.name, c.name as commune, c.lon::float8 as lon, c.lat::float8 as lat
        from app.membership m join platform.person p on p.id = m.person_id
        left join app.capacity k on k.membership_id = m.id and k.superseded_at is null left join ref.commune c on c.code = k.commune_code
        where m.id = any(${[...ids]}::uuid[]) order by p.name, m.id`,
  )
