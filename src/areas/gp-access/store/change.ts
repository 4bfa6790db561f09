/** A patient, or somebody for him, says what is new: answers, points, the proposal under way, what the coordination must look at. */
import { ageOn, priority } from '#domain/priority.ts'
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import type { Language } from '#platform/ui/languages.ts'
import { anotherPatient, asksLook, type State } from '../rules.ts'
import { type Correction, correct } from './edit.ts'
import { putBack, tellWithdrawn } from './proposals.ts'
import { joinHousehold, type Site } from './record.ts'
import { getRequest, type Request, record } from './requests.ts'
import { currentRule } from './settings.ts'

/** States in which somebody may say that his situation has changed. */
export const mayChange = (state: State): boolean => !['seen', 'declared', 'closed', 'exited'].includes(state)

/** Everything but who he is: a name or a birth date is corrected by the coordination. */
export type Change = Omit<Correction, 'birthName' | 'usedName' | 'givenNames' | 'birthDate' | 'sex'> & {
  /** Tracking number of somebody he lives with, already read; null changes nothing. */
  householdOf: string | null
}
export interface Changed {
  fields: string[]
  before: number
  after: number
  /** What became of the proposal under way. */
  proposal: 'none' | 'stands' | 'withdrawn'
}

export const lockRequest = (tx: Tx, id: string): Promise<number> => run(tx, sql`select from app.request where id = ${id} for no key update`)
/**
 * Keeps what is new, in one transaction: the answers, the points under the rule in force, one line of history. Seniority does not
 * move. A pending proposal that described somebody else is withdrawn and its doctor told; the patient is back at his place.
 */
export async function changeSituation(tx: Tx, actor: Actor, site: Site, id: string, change: Change): Promise<Changed> {
  // The doctor's yes takes the same row: whoever comes second sees what the first one did.
  await lockRequest(tx, id)
  const before = await getRequest(tx, actor, id, 'request.edit')
  if (!mayChange(before.state)) throw conflict('Cette demande n’est plus dans la liste : rechargez la page pour voir où elle en est.')
  const rule = await currentRule(tx)
  const total = (r: Request) => priority(rule, r, ageOn(r.birthDate, dayOf(actor.now)), r.since, actor.now, r.byHand).total
  const { householdOf, ...answers } = change
  const { birthName, usedName, givenNames, birthDate, sex } = before
  const { changed } = await correct(tx, actor, id, { birthName, usedName, givenNames, birthDate, sex, ...answers })
  if (householdOf && householdOf !== before.number) await joinHousehold(tx, actor, id, householdOf)
  const after = await getRequest(tx, actor, id, 'request.edit')
  const household = after.householdId !== before.householdId
  const fields: string[] = [...changed, ...(household ? ['household'] : [])]
  const points = { before: total(before), after: total(after) }
  const was = before.state === 'proposed' ? 'stands' : 'none'
  if (fields.length === 0) return { fields, ...points, proposal: was }
  const another = anotherPatient(before, after, ageOn(after.birthDate, dayOf(actor.now)))
  const withdrew = before.state === 'proposed' && another
  if (withdrew) await tellWithdrawn(tx, actor, site, await putBack(tx, actor, id, 'changed', ['proposed']))
  const look = asksLook({ state: before.state, rose: after.points > before.points, another, household })
  await run(
    tx,
    sql`insert into app.patient_change (id, request_id, at, by_label, fields, points_before, points_after, withdrew, look)
        values (${randomUUIDv7()}, ${id}, ${actor.now}, ${labelOf(actor)}, ${fields}::text[], ${points.before}, ${points.after}, ${withdrew}, ${look})`,
  )
  await audit(tx, actor, { action: 'request.change', subject: { kind: 'request', id }, detail: { ...points, withdrew, look } })
  return { fields, ...points, proposal: withdrew ? 'withdrawn' : was }
}

export interface PatientChange {
  id: string
  at: Date
  by: string
  fields: string[]
  before: number
  after: number
  withdrew: boolean
  /** The coordination has not looked at it yet, and must. */
  waits: boolean
}
/** What he changed since he is on the list, the latest first. */
export const patientChanges = (tx: Tx, requestId: string): Promise<PatientChange[]> =>
  rows(
    tx,
    sql`select id, at, by_label as by, fields, points_before as before, points_after as after, withdrew, (look and looked_at is null) as waits
        from app.patient_change where request_id = ${requestId} order by at desc, id desc limit 50`,
  )
/** The coordination has seen what changed: it waits no more. Seen twice, it keeps its first date. */
export async function lookedAt(tx: Tx, actor: Actor, requestId: string): Promise<void> {
  await getRequest(tx, actor, requestId, 'request.edit')
  await run(
    tx,
    sql`update app.patient_change set looked_at = ${actor.now}, looked_label = ${labelOf(actor)} where request_id = ${requestId} and look and looked_at is null`,
  )
  await audit(tx, actor, { action: 'request.change-seen', subject: { kind: 'request', id: requestId } })
}

/** The language of our messages and of the letter. */
export async function chooseLanguage(tx: Tx, actor: Actor, id: string, language: Language): Promise<void> {
  const { before } = await one<{ before: Language }>(tx, sql`select language as before from app.request where id = ${id} for no key update`)
  if (before === language) return
  await run(tx, sql`update app.request set language = ${language} where id = ${id}`)
  await record(tx, actor, id, { kind: 'edit', reason: 'changed:language' })
  await audit(tx, actor, { action: 'request.language', subject: { kind: 'request', id }, detail: { language } })
}
