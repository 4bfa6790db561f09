/**
 * Sending the lines of a plan: each stands or falls alone by its own statements. A few leave with the page; many are a run that a worker
 * takes some lines at a time, each settled in the transaction of its proposal: a worker that dies loses and doubles nothing.
 */
import { violation } from '#domain/assignment/index.ts'
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { askJob } from '#platform/jobs.ts'
import { violationText } from '../explain.ts'
import { eachLine, type LineResult } from './lines.ts'
import { linesToSend } from './plan-lines.ts'
import { doctorsWithPlaces, type PlanState, waitingPatients } from './plans.ts'
import { propose } from './proposals.ts'
import type { Site } from './record.ts'
import { currentRule, settings } from './settings.ts'

/** The job that sends (`jobs.ts`). */
export const SEND_JOB = 'gp-access.send-plan'
/** Each attempt goes on where the one before ended: a sending lost this often ends its workers by itself. */
const ATTEMPTS = 5

/** Sends lines of a plan as things stand now; what it sent before counts as sent. A refusal is the line's alone. */
export async function sendLines(tx: Tx, actor: Actor, site: Site, planId: string, requests: readonly string[]): Promise<LineResult[]> {
  const people = (await linesToSend(tx, planId, requests)).flatMap(p =>
    p.doctor === null || p.minutes === null ? [] : [{ ...p, doctor: p.doctor, minutes: p.minutes }],
  )
  const [rule, caps, stated] = await Promise.all([currentRule(tx), settings(tx), doctorsWithPlaces(tx, dayOf(actor.now))])
  // Those chosen as they are now, in the list or not: the plan may rest on an older reading.
  const now = await waitingPatients(tx, { now: actor.now, rule, caps, only: people.map(p => p.id) })
  const lineOf = new Map(people.map(p => [p.id, p]))
  const waiting = new Map(now.filter(p => lineOf.get(p.id)?.state === 'prioritised').map(p => [p.id, p]))
  const offered = new Map(stated.map(({ doctor }) => [doctor.id, { ...doctor, capacity: { ...doctor.capacity } }]))
  return eachLine(tx, [...lineOf.keys()], async id => {
    const line = lineOf.get(id)!
    if (line.sent) return
    const patient = waiting.get(id)
    const doctor = offered.get(line.doctor)
    const name = line.doctorName ?? 'Le médecin'
    // Somebody who no longer waits is refused by the statement itself, which says where he stands.
    if (patient) {
      if (!doctor) throw conflict(`${name} n’a plus de places déclarées en cours.`)
      const v = violation(patient, doctor)
      if (v) throw conflict(`${name} : ${violationText(v)}`)
      if (doctor.capacity.total < 1) throw conflict(`${name} n’a plus de place.`)
    }
    await propose(tx, actor, site, { requestId: id, membershipId: line.doctor, minutes: line.minutes, planId })
    if (patient && doctor) {
      doctor.capacity.total--
      const own = doctor.capacity[patient.profile]
      if (own !== undefined) doctor.capacity[patient.profile] = own - 1
    }
  })
}

/** Many lines asked for. */
export interface Sending {
  id: string
  planId: string
  askedAt: Date
  askedLabel: string
  state: PlanState
  attempts: number
  total: number
  sent: number
  unsent: number
  endedAt: Date | null
  endedLabel: string | null
}
const columns = sql`id, plan_id as "planId", asked_at as "askedAt", asked_label as "askedLabel", state, attempts, total, sent, unsent, ended_at as "endedAt", ended_label as "endedLabel"`

/** The last sending of a plan. */
export const lastSending = (tx: Tx, planId: string): Promise<Sending | null> =>
  maybe(tx, sql`select ${columns} from app.plan_sending where plan_id = ${planId} order by asked_at desc, id desc limit 1`)

/** Asks for the lines to be sent; the sending already under way stands for it, be it another plan's. */
export async function askSending(tx: Tx, actor: Actor, planId: string, requests: readonly string[]): Promise<{ planId: string }> {
  const id = randomUUIDv7()
  const mine = await run(
    tx,
    sql`insert into app.plan_sending (id, plan_id, asked_at, asked_label, total) values (${id}, ${planId}, ${actor.now}, ${labelOf(actor)}, ${requests.length})
        on conflict (cpts_id) where state in ('waiting', 'running') do nothing`,
  )
  if (mine === 0) return one(tx, sql`select plan_id as "planId" from app.plan_sending where state in ('waiting', 'running')`)
  await run(
    tx,
    sql`insert into app.plan_sending_line (sending_id, request_id, rank)
        select ${id}::uuid, l.request_id, l.rank from app.plan_line l where l.plan_id = ${planId} and l.request_id = any(${[...requests]}::uuid[])`,
  )
  await audit(tx, actor, { action: 'plan.ask-send', subject: { kind: 'plan', id: planId }, detail: { lines: requests.length } })
  await askJob(tx, SEND_JOB)
  return { planId }
}

/** The community's sending, for a worker: one found under way lost the worker it had, and goes on where it was. */
export async function takeSending(tx: Tx, actor: Actor): Promise<Sending | null> {
  const lost = await maybe<Sending>(
    tx,
    sql`update app.plan_sending set state = 'lost', ended_at = ${actor.now} where state = 'running' and attempts >= ${ATTEMPTS} returning ${columns}`,
  )
  if (lost) await ended(tx, actor, lost)
  return maybe(
    tx,
    sql`update app.plan_sending set state = 'running', attempts = attempts + 1 where state in ('waiting', 'running') returning ${columns}`,
  )
}
const held = (s: Sending) => sql`id = ${s.id} and state = 'running' and attempts = ${s.attempts}`

/** Sends the next lines and settles them; false when none is left, or the run is no longer the worker's: stopped, or another's. */
export async function sendNext(tx: Tx, actor: Actor, site: Site, s: Sending, most: number): Promise<boolean> {
  // Held until the end of this transaction: who stops it waits for these lines, and none leaves after.
  if (!(await maybe(tx, sql`select id from app.plan_sending where ${held(s)} for update`))) return false
  const next = await rows<{ id: string }>(
    tx,
    sql`select request_id as id from app.plan_sending_line where sending_id = ${s.id} and not settled order by rank limit ${most}`,
  )
  if (next.length === 0) {
    const done = await one<Sending>(
      tx,
      sql`update app.plan_sending set state = 'finished', ended_at = greatest(asked_at, ${actor.now}) where ${held(s)} returning ${columns}`,
    )
    await ended(tx, actor, done)
    return false
  }
  const results = await sendLines(
    tx,
    { ...actor, label: s.askedLabel },
    site,
    s.planId,
    next.map(l => l.id),
  )
  const settled = results.map(r => ({ id: r.id, sentence: r.ok ? null : r.sentence }))
  const sent = results.filter(r => r.ok).length
  await run(
    tx,
    sql`update app.plan_sending_line l set settled = true, sentence = x.sentence
        from json_to_recordset(${JSON.stringify(settled)}::json) as x (id uuid, sentence text) where l.sending_id = ${s.id} and l.request_id = x.id`,
  )
  await run(tx, sql`update app.plan_sending set sent = sent + ${sent}, unsent = unsent + ${results.length - sent} where ${held(s)}`)
  if (sent > 0) await run(tx, sql`update app.plan set sent_at = ${actor.now} where id = ${s.planId}`)
  return true
}
const ended = (tx: Tx, actor: Actor, { planId, state, sent, unsent }: Sending) =>
  audit(tx, actor, { action: 'plan.send', subject: { kind: 'plan', id: planId }, detail: { sent, left: unsent, state } })

/** A fault of ours: what left has left, the rest can be asked for again. */
export async function failSending(tx: Tx, actor: Actor, s: Sending, fault: string): Promise<void> {
  const failed = await maybe<Sending>(
    tx,
    sql`update app.plan_sending set state = 'failed', fault = ${fault}, ended_at = greatest(asked_at, ${actor.now}) where ${held(s)} returning ${columns}`,
  )
  if (failed) await ended(tx, actor, failed)
}
/** Stops a sending after the lines in hand; false when it had ended. */
export async function stopSending(tx: Tx, actor: Actor, planId: string): Promise<boolean> {
  const stopped = await maybe<Sending>(
    tx,
    sql`update app.plan_sending set state = 'stopped', ended_at = ${actor.now}, ended_label = ${labelOf(actor)}
        where plan_id = ${planId} and state in ('waiting', 'running') returning ${columns}`,
  )
  if (stopped) await ended(tx, actor, stopped)
  return stopped !== null
}

/** Somebody who was not sent, and why. */
export interface Unsent {
  id: string
  number: string
  birthName: string
  usedName: string | null
  givenNames: string
  sentence: string
}
export const unsentLines = (tx: Tx, sendingId: string, limit: number): Promise<Unsent[]> =>
  rows(
    tx,
    sql`select r.id, r.number, r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames", l.sentence
        from app.plan_sending_line l join app.request r on r.id = l.request_id where l.sending_id = ${sendingId} and l.sentence is not null order by l.rank limit ${limit}`,
  )
