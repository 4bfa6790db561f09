/** Action sheets. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { type RawBuilder, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import type { Action } from '../rules.ts'

/** All of them, in the order of their first day. */
export const actionSheets = (tx: Tx): Promise<Action[]> => read(tx, sql``)
/** Null when there is none. */
export const actionSheet = async (tx: Tx, id: string): Promise<Action | null> => (await read(tx, sql`where id = ${id}`))[0] ?? null

async function read(tx: Tx, where: RawBuilder<unknown>): Promise<Action[]> {
  const all = await rows<Action & { budgetCents: number | string | null }>(
    tx,
    sql`select id, mission, title, owner, beneficiaries, starts_on as "startsOn", ends_on as "endsOn", budget_cents as "budgetCents", indicators, hours, units, by_label as by,
          case when closed_on is not null then jsonb_build_object('on', closed_on, 'how', closed_how, 'note', closed_note, 'by', closed_label) end as closed
        from app.action_sheet ${where} order by starts_on, ends_on, id`,
  )
  return all.map(a => ({ ...a, budgetCents: a.budgetCents === null ? null : Number(a.budgetCents) }))
}
export type ActionInput = Omit<Action, 'id' | 'by' | 'closed'>
export async function writeAction(tx: Tx, actor: Actor, a: ActionInput): Promise<string> {
  const id = randomUUIDv7()
  await run(
    tx,
    sql`insert into app.action_sheet (id, mission, title, owner, beneficiaries, starts_on, ends_on, budget_cents, indicators, hours, units, created_at, by_label)
        values (${id}, ${a.mission}, ${a.title}, ${a.owner}, ${a.beneficiaries}, ${a.startsOn}, ${a.endsOn}, ${a.budgetCents}, ${a.indicators}, ${a.hours}, ${a.units},
          ${actor.now}, ${actorLabel(actor.who)})`,
  )
  await audit(tx, actor, { action: 'action.write', subject: { kind: 'action', id }, detail: { mission: a.mission, budget: a.budgetCents } })
  return id
}
/** Ends an action; false when it had already ended. */
export async function closeAction(
  tx: Tx,
  actor: Actor,
  id: string,
  end: { on: string; how: 'done' | 'given-up'; note: string },
): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.action_sheet set closed_on = ${end.on}, closed_how = ${end.how}, closed_note = ${end.note}, closed_at = ${actor.now}, closed_label = ${actorLabel(actor.who)}
        where id = ${id} and closed_on is null`,
  )
  if (done) await audit(tx, actor, { action: 'action.close', subject: { kind: 'action', id }, detail: { how: end.how } })
  return done > 0
}
