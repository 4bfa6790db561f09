/** A priority changed by hand: a record with its reason, the sum on the request in the same transaction, and the way back. */
import { ageOn, type PriorityRule, priority, type Situation } from '#domain/priority.ts'
import { hasRole } from '#platform/access.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { type State, waits } from '../rules.ts'
import { record, requestNumber } from './requests.ts'
import { currentRule } from './settings.ts'

export interface ByHand {
  id: string
  points: number
  reason: string
  at: Date
  by: string
  undoneAt: Date | null
  undoneBy: string | null
}
const columns = sql`c.id, c.points, c.reason, c.at, c.by_label as by, c.undone_at as "undoneAt", c.undone_label as "undoneBy"`
export const changesOf = (tx: Tx, requestId: string): Promise<ByHand[]> =>
  rows(tx, sql`select ${columns} from app.priority_change c where c.request_id = ${requestId} order by c.at desc, c.id desc`)
export const lastChanges = (tx: Tx, limit = 100): Promise<(ByHand & { requestId: string; number: string })[]> =>
  rows(
    tx,
    sql`select ${columns}, c.request_id as "requestId", r.number from app.priority_change c join app.request r on r.id = c.request_id order by c.at desc, c.id desc limit ${limit}`,
  )

/** What is needed to judge a priority, and no more: no name, no address. */
export interface PriorityView {
  id: string
  number: string
  state: State
  age: number
  since: Date
  rule: PriorityRule
  points: ReturnType<typeof priority>
  changes: ByHand[]
}
/** For the coordination and nurses; each look is on record. */
export async function priorityView(tx: Tx, actor: Actor, id: string): Promise<PriorityView> {
  const r = hasRole(actor.who, 'coordinator', 'nurse')
    ? await maybe<Situation & { id: string; number: string; state: State; birthDate: string; since: Date; byHand: number }>(
        tx,
        sql`select id, number, state, birth_date as "birthDate", since, by_hand as "byHand", ald, treatment, specialist, pregnancy, reduced_mobility as "reducedMobility", home_visit as "homeVisit",
              precarity, isolation, doctor_left as "doctorLeft", hospital_exit as "hospitalExit" from app.request where id = ${id}`,
      )
    : null
  if (!r) throw notFound()
  await audit(tx, actor, { action: 'request.read', subject: { kind: 'request', id } })
  const [rule, changes] = await Promise.all([currentRule(tx), changesOf(tx, id)])
  const age = ageOn(r.birthDate, dayOf(actor.now))
  return {
    id,
    number: r.number,
    state: r.state,
    age,
    since: r.since,
    rule,
    points: priority(rule, r, age, r.since, actor.now, r.byHand),
    changes,
  }
}
/** The request of a tracking number; null when there is none. */
export const requestOf = (tx: Tx, number: string): Promise<{ id: string } | null> =>
  maybe(tx, sql`select id from app.request where number = ${number}`)

export const signed = (points: number): string => (points > 0 ? `+${points}` : `−${-points}`)

/** Throws 409 when the patient no longer waits, or when all changes together would pass a hundred points. */
export async function changePriority(tx: Tx, actor: Actor, id: string, points: number, reason: string): Promise<void> {
  await move(tx, id, points)
  const change = randomUUIDv7()
  const label = actorLabel(actor.who)
  await run(
    tx,
    sql`insert into app.priority_change (id, request_id, points, reason, at, by_label) values (${change}, ${id}, ${points}, ${reason}, ${actor.now}, ${label})`,
  )
  await record(tx, actor, id, { kind: 'priority', reason: `${signed(points)} : ${reason}` })
  await audit(tx, actor, { action: 'priority.change', subject: { kind: 'request', id }, detail: { change, points } })
}
/** Takes a change back, once. */
export async function undoChange(tx: Tx, actor: Actor, id: string, changeId: string): Promise<void> {
  const change = await maybe<{ points: number }>(
    tx,
    sql`update app.priority_change set undone_at = ${actor.now}, undone_label = ${actorLabel(actor.who)} where id = ${changeId} and request_id = ${id} and undone_at is null returning points`,
  )
  if (!change) {
    if (await maybe(tx, sql`select id from app.priority_change where id = ${changeId} and request_id = ${id}`))
      throw conflict('Ce changement a déjà été annulé. Rechargez la page.')
    throw notFound()
  }
  await move(tx, id, -change.points)
  await record(tx, actor, id, { kind: 'priority', reason: `${signed(change.points)} : annulé` })
  await audit(tx, actor, { action: 'priority.undo', subject: { kind: 'request', id }, detail: { change: changeId, points: change.points } })
}
/** The sum on the request, in one conditional statement. */
async function move(tx: Tx, id: string, points: number): Promise<void> {
  const changed = await run(
    tx,
    sql`update app.request set by_hand = by_hand + ${points}::int where id = ${id} and state in ('received', 'incomplete', 'admissible', 'prioritised', 'proposed') and by_hand + ${points}::int between -100 and 100`,
  )
  if (changed === 1) return
  await requestNumber(tx, id)
  const { state } = (await maybe<{ state: State }>(tx, sql`select state from app.request where id = ${id}`))!
  throw conflict(
    waits(state)
      ? 'Tous les changements à la main réunis ne peuvent pas dépasser 100 points. Annulez-en un d’abord.'
      : 'Cette personne n’attend plus dans la liste : sa priorité ne change plus rien.',
  )
}
