/** The plan: the whole list and all the places as the engine wants them, and its answer kept with identifiers only. */
import { type Doctor, type Patient, type Plan, solve, toInstance } from '../../../domain/assignment/index.ts'
import { ageOn, type PriorityRule, priority, type Situation } from '../../../domain/priority.ts'
import { type Actor, audit } from '../../../platform/audit.ts'
import { dayOf } from '../../../platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '../../../platform/db/types.ts'
import { randomUUIDv7 } from '../../../platform/ids.ts'
import { declinedBy, profileOf, type State } from '../rules.ts'
import { type Capacity, currentCapacities } from './capacities.ts'
import { currentRule, type Settings, settings } from './settings.ts'

export interface PlanInput {
  patients: Patient[]
  doctors: Doctor[]
  rule: PriorityRule
}
interface Waiting extends Situation {
  id: string
  birthDate: string
  since: Date
  communeCode: string
  lon: number | null
  lat: number | null
  householdId: string | null
  languages: string[]
  wheelchair: boolean
  farther: boolean
  excluded: string[] | null
  byHand: number
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
  const waiting = await rows<Waiting>(
    tx,
    sql`select r.id, r.birth_date as "birthDate", r.since, r.commune_code as "communeCode", c.lon::float8 as lon, c.lat::float8 as lat, r.household_id as "householdId", r.languages, r.wheelchair, r.farther, r.by_hand as "byHand",
          r.ald, r.treatment, r.specialist, r.pregnancy, r.reduced_mobility as "reducedMobility", r.home_visit as "homeVisit", r.precarity, r.isolation, r.doctor_left as "doctorLeft", r.hospital_exit as "hospitalExit",
          (select array_agg(distinct q.membership_id::text) from app.proposal q where q.request_id = r.id
            and (q.state in ('refused', 'expired') or (q.state = 'withdrawn' and q.reason = any(${declinedBy}::text[])))) as excluded
        from app.request r left join ref.commune c on c.code = r.commune_code where ${only ? sql`r.id = any(${[only].flat()}::uuid[])` : sql`r.state = 'prioritised'`} order by r.since, r.id`,
  )
  return waiting.map((w): Patient => {
    const age = ageOn(w.birthDate, today)
    return {
      id: w.id,
      place: point(w),
      communeCode: w.communeCode,
      profile: profileOf(w, age),
      age,
      priority: priority(rule, w, age, w.since, now, w.byHand).total,
      since: w.since.toISOString(),
      household: w.householdId,
      languages: w.languages,
      wheelchair: w.wheelchair,
      maxMinutes: w.farther ? caps.farMinutes : caps.travelMinutes,
      excluded: w.excluded ?? [],
    }
  })
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
const point = (p: { lon: number | null; lat: number | null }) => (p.lon === null || p.lat === null ? null : { lon: p.lon, lat: p.lat })

/** The engine's answer, with what it rested on. */
export interface KeptResult extends Plan {
  /** See solving.ts; absent in a plan kept without it. */
  rests?: string
}
export interface KeptPlan {
  id: string
  createdAt: Date
  ruleVersion: number
  patients: number
  doctors: number
  /** null while it is being computed. */
  result: KeptResult | null
  sentAt: Date | null
}
/** Solves the list as it stands and keeps the answer. */
export async function makePlan(tx: Tx, actor: Actor): Promise<string> {
  const { patients, doctors, rule } = await planInput(tx, actor.now)
  const result = solve(toInstance(patients, doctors))
  return keepPlan(tx, actor, { patients: patients.length, doctors: doctors.length, rule, result })
}
export async function keepPlan(
  tx: Tx,
  actor: Actor,
  p: { patients: number; doctors: number; rule: PriorityRule; result: KeptResult },
): Promise<string> {
  const id = await startPlan(tx, actor, p)
  await finishPlan(tx, actor, id, p.result)
  return id
}
/** A plan about to be computed, without its answer. */
export async function startPlan(tx: Tx, actor: Actor, p: { patients: number; doctors: number; rule: PriorityRule }): Promise<string> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.plan (id, created_at, created_by, rule_version, patients, doctors, result)
        values (${id}, ${actor.now}, ${actor.who.kind === 'member' ? actor.who.membershipId : null}, ${p.rule.version}, ${p.patients}, ${p.doctors}, 'null'::jsonb)`,
  )
  return id
}
/** Keeps the answer; false when no such plan waits for one. */
export async function finishPlan(tx: Tx, actor: Actor, id: string, result: KeptResult): Promise<boolean> {
  if ((await run(tx, sql`update app.plan set result = ${JSON.stringify(result)}::jsonb where id = ${id} and result = 'null'::jsonb`)) === 0)
    return false
  await audit(tx, actor, {
    action: 'plan.make',
    subject: { kind: 'plan', id },
    detail: { pairs: result.pairs.length, unplaced: result.unplaced.length },
  })
  return true
}
export async function planSent(tx: Tx, actor: Actor, id: string, sent: number, left: number): Promise<void> {
  await run(tx, sql`update app.plan set sent_at = ${actor.now} where id = ${id}`)
  await audit(tx, actor, { action: 'plan.send', subject: { kind: 'plan', id }, detail: { sent, left } })
}
const columns = sql`id, created_at as "createdAt", rule_version as "ruleVersion", patients, doctors, result, sent_at as "sentAt"`
export const getPlan = (tx: Tx, id: string): Promise<KeptPlan | null> => maybe(tx, sql`select ${columns} from app.plan where id = ${id}`)
export const lastPlan = (tx: Tx): Promise<KeptPlan | null> =>
  maybe(tx, sql`select ${columns} from app.plan order by created_at desc, id desc limit 1`)

export interface PlanLine extends Omit<KeptPlan, 'result'> {
  pairs: number | null
  gap: number | null
}
export const lastPlans = (tx: Tx, limit = 20): Promise<PlanLine[]> =>
  rows(
    tx,
    sql`select id, created_at as "createdAt", rule_version as "ruleVersion", patients, doctors, sent_at as "sentAt",
          case when jsonb_typeof(result) = 'object' then jsonb_array_length(result -> 'pairs') end as pairs, (result ->> 'gap')::float8 as gap
        from app.plan order by created_at desc, id desc limit ${limit}`,
  )

/** The people of a plan, by request: who they are, where they live, where they stand now. */
export interface PlanPerson {
  id: string
  number: string
  birthName: string
  usedName: string | null
  givenNames: string
  communeCode: string
  commune: string
  lon: number | null
  lat: number | null
  householdId: string | null
  state: State
  /** Sent by this very plan. */
  sent: boolean
}
export const planPeople = (tx: Tx, planId: string, ids: readonly string[]): Promise<PlanPerson[]> =>
  rows(
    tx,
    sql`select r.id, r.number, r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames", r.commune_code as "communeCode", c.name as commune,
          c.lon::float8 as lon, c.lat::float8 as lat, r.household_id as "householdId", r.state, exists (select 1 from app.proposal q where q.request_id = r.id and q.plan_id = ${planId}) as sent
        from app.request r join ref.commune c on c.code = r.commune_code where r.id = any(${[...ids]}::uuid[])`,
  )
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
