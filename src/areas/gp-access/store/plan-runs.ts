/**
 * The run of a plan: asked (once, however many ask), taken by a worker, told where it is, ended. Each step is one conditional statement:
 * a worker that was overtaken, or whose run was stopped, changes no row.
 */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { maybe, one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { askJob } from '#platform/jobs.ts'
import type { Answer, Made, Question, Step } from '../solving.ts'
import { type DoctorWithPlaces, keepRows, memberOf } from './plans.ts'

/** The job that computes plans and answers questions about them (`jobs.ts`). */
export const PLAN_JOB = 'gp-access.plan'
/** A run lost this often with its worker is not tried again: something in it ends workers. */
const ATTEMPTS = 2
/** Plans smaller than this share of the one to come say nothing of its time: what every plan costs weighs too much in them. */
const COMPARABLE = 0.25

/** Asks for a plan; the run already waiting or under way stands for it. */
export async function askPlan(
  tx: Tx,
  actor: Actor,
  about: { patients: number; doctors: number; ruleVersion: number },
): Promise<{ id: string; mine: boolean }> {
  const id = randomUUIDv7()
  const mine = await maybe<{ id: string }>(
    tx,
    sql`insert into app.plan (id, created_at, created_by, created_label, rule_version, patients, doctors, state, result, previous_id)
        values (${id}, ${actor.now}, ${memberOf(actor)}, ${actorLabel(actor.who)}, ${about.ruleVersion}, ${about.patients}, ${about.doctors}, 'waiting', 'null'::jsonb,
          (select p.id from app.plan p where p.state = 'finished' order by p.created_at desc, p.id desc limit 1))
        on conflict (cpts_id) where state in ('waiting', 'running') do nothing returning id`,
  )
  if (!mine) {
    const open = await one<{ id: string }>(tx, sql`select id from app.plan where state in ('waiting', 'running')`)
    await audit(tx, actor, { action: 'plan.join', subject: { kind: 'plan', id: open.id } })
    return { ...open, mine: false }
  }
  await audit(tx, actor, {
    action: 'plan.ask',
    subject: { kind: 'plan', id },
    detail: { patients: about.patients, doctors: about.doctors },
  })
  await askJob(tx, PLAN_JOB)
  return { id, mine: true }
}

export interface Taken {
  id: string
  attempts: number
  previousId: string | null
  dataAt: Date
}
/**
 * The community's run, for a worker. One worker at a time has the job of a community, so a run found under way lost the worker it had:
 * it is taken again, or given up after `ATTEMPTS`.
 */
export async function takePlan(tx: Tx, actor: Actor): Promise<Taken | null> {
  const lost = await maybe<{ id: string }>(
    tx,
    sql`update app.plan set state = 'lost', ended_at = ${actor.now} where state = 'running' and attempts >= ${ATTEMPTS} returning id`,
  )
  if (lost) await audit(tx, actor, { action: 'plan.lost', subject: { kind: 'plan', id: lost.id } })
  return maybe<Taken>(
    tx,
    sql`update app.plan set state = 'running', attempts = attempts + 1, started_at = greatest(created_at, ${actor.now}), data_at = greatest(created_at, ${actor.now}),
          phase = 'read', done = null, elapsed_ms = 0
        where state in ('waiting', 'running') returning id, attempts, previous_id as "previousId", data_at as "dataAt"`,
  )
}
const held = (r: Taken) => sql`id = ${r.id} and state = 'running' and attempts = ${r.attempts}`

/** What was read, and how long plans of that size took: the middle of the last five comparable ones. */
export async function planRead(tx: Tx, r: Taken, about: { patients: number; doctors: number; ruleVersion: number }): Promise<void> {
  const size = Math.max(1, about.patients * about.doctors)
  await run(
    tx,
    sql`update app.plan set patients = ${about.patients}, doctors = ${about.doctors}, rule_version = ${about.ruleVersion},
          estimate_ms = (select (percentile_cont(0.5) within group (order by x.rate) * ${size})::int from (
            select p.elapsed_ms / (p.patients::float8 * p.doctors) as rate from app.plan p
            where p.state = 'finished' and p.elapsed_ms > 0 and p.patients::float8 * p.doctors >= ${size * COMPARABLE} order by p.created_at desc limit 5) x)
        where ${held(r)}`,
  )
}
/** Where the worker is; false when the run is no longer its: stopped, or another's. */
export async function tellPlan(tx: Tx, r: Taken, { phase, done }: Step, elapsedMs: number): Promise<boolean> {
  return (await run(tx, sql`update app.plan set phase = ${phase}, done = ${done}, elapsed_ms = ${elapsedMs} where ${held(r)}`)) === 1
}
/** Keeps the answer; false when the run is no longer the worker's. */
export async function finishPlan(
  tx: Tx,
  actor: Actor,
  r: Taken,
  made: Made,
  { stated, elapsedMs }: { stated: readonly DoctorWithPlaces[]; elapsedMs: number },
): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.plan set state = 'finished', result = ${JSON.stringify(made.result)}::jsonb, phase = null, done = null, elapsed_ms = ${elapsedMs},
          ended_at = started_at + make_interval(secs => ${elapsedMs / 1000}) where ${held(r)}`,
  )
  if (done === 0) return false
  await keepRows(tx, actor, r.id, made, stated)
  return true
}
/** The computation itself failed: trying again would fail again. */
export async function failPlan(tx: Tx, actor: Actor, r: Taken, fault: string): Promise<void> {
  if ((await run(tx, sql`update app.plan set state = 'failed', fault = ${fault}, ended_at = ${actor.now} where ${held(r)}`)) === 0) return
  await audit(tx, actor, { action: 'plan.fail', subject: { kind: 'plan', id: r.id }, detail: { fault } })
}
/** Stops a run, whoever computes it: its worker finds out within a beat and can keep nothing. False when it had ended. */
export async function stopPlan(tx: Tx, actor: Actor, id: string): Promise<boolean> {
  const stopped = await run(
    tx,
    sql`update app.plan set state = 'stopped', ended_at = ${actor.now}, ended_label = ${actorLabel(actor.who)} where id = ${id} and state in ('waiting', 'running')`,
  )
  if (stopped === 0) return false
  await audit(tx, actor, { action: 'plan.stop', subject: { kind: 'plan', id } })
  return true
}

/** « Why not this doctor? », about a line of a plan; asked again it is the same question. */
export interface AskedAbout extends Question {
  planId: string
}
export async function askWhyNot(tx: Tx, actor: Actor, q: AskedAbout): Promise<void> {
  await run(
    tx,
    sql`insert into app.plan_question as o (plan_id, request_id, membership_id, asked_at, asked_label) values (${q.planId}, ${q.request}, ${q.doctor}, ${actor.now}, ${actorLabel(actor.who)})
        on conflict (cpts_id, plan_id, request_id, membership_id) do update set attempts = 0, asked_at = excluded.asked_at, asked_label = excluded.asked_label, answer = null, answered_at = null
        where o.answer is not null or o.attempts >= ${ATTEMPTS}`,
  )
  await askJob(tx, PLAN_JOB)
}
export interface AskedQuestion {
  /** null until a worker answered. */
  answer: Answer | null
  /** Instant of the list it rests on. */
  answeredAt: Date | null
  /** Workers were lost over it: ask again. */
  givenUp: boolean
}
export const whyNotAsked = (tx: Tx, q: AskedAbout): Promise<AskedQuestion | null> =>
  maybe(
    tx,
    sql`select answer, answered_at as "answeredAt", answer is null and attempts >= ${ATTEMPTS} as "givenUp" from app.plan_question
        where plan_id = ${q.planId} and request_id = ${q.request} and membership_id = ${q.doctor}`,
  )
/** Questions without an answer, oldest first. */
export const takeQuestions = (tx: Tx, limit = 20): Promise<AskedAbout[]> =>
  rows(
    tx,
    sql`update app.plan_question set attempts = attempts + 1 where answer is null and attempts < ${ATTEMPTS}
          and (plan_id, request_id, membership_id) in (select plan_id, request_id, membership_id from app.plan_question where answer is null and attempts < ${ATTEMPTS} order by asked_at limit ${limit})
        returning plan_id as "planId", request_id as request, membership_id as doctor`,
  )
export async function answerQuestion(tx: Tx, q: AskedAbout, answer: Answer, at: Date): Promise<void> {
  await run(
    tx,
    sql`update app.plan_question set answer = ${JSON.stringify(answer)}::jsonb, answered_at = ${at}
        where plan_id = ${q.planId} and request_id = ${q.request} and membership_id = ${q.doctor} and answer is null`,
  )
}
