/** Lines of what is offered in the meantime: written on entry, completed when age or situation change, marked when used. */
import { ageOn, type Situation } from '#domain/priority.ts'
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { notFound } from '#platform/errors.ts'
import { type Interim, type InterimLine, interimFor, interimLines, type OwnText } from '../interim.ts'

type Said = Pick<Situation, 'ald' | 'treatment' | 'pregnancy'> & { id: string; birthDate: string }

/** Writes the lines that are missing; those already there keep their date. */
export async function offerInterim(tx: Tx, now: Date, people: readonly Said[]): Promise<number> {
  const lines = people.flatMap(p => interimFor(ageOn(p.birthDate, dayOf(now)), p).map(route => ({ id: p.id, route })))
  if (lines.length === 0) return 0
  return run(
    tx,
    sql`insert into app.interim_route (request_id, route, offered_at)
        select l.id, l.route, ${now} from unnest(${lines.map(l => l.id)}::uuid[], ${lines.map(l => l.route)}::text[]) l(id, route) on conflict do nothing`,
  )
}
/** Everybody who waits, birthdays included; whoever waited before this existed gets his lines too. */
export async function offerInterimToAll(tx: Tx, now: Date): Promise<number> {
  const all = await rows<Said>(
    tx,
    sql`select id, birth_date as "birthDate", ald, treatment, pregnancy from app.request where state in ('received', 'incomplete', 'admissible', 'prioritised', 'proposed')`,
  )
  return offerInterim(tx, now, all)
}

/** What somebody sees while he waits: never empty. */
export async function interimOf(tx: Tx, r: Said, now: Date): Promise<InterimLine[]> {
  const [kept, own] = await Promise.all([
    rows<Pick<InterimLine, 'route' | 'offeredAt' | 'usedAt' | 'usedLabel'>>(
      tx,
      sql`select route, offered_at as "offeredAt", used_at as "usedAt", used_label as "usedLabel" from app.interim_route where request_id = ${r.id}`,
    ),
    ownTexts(tx),
  ])
  return interimLines(interimFor(ageOn(r.birthDate, dayOf(now)), r), kept, own)
}
export const ownTexts = (tx: Tx): Promise<OwnText[]> => rows(tx, sql`select route, text, phone from app.interim_text`)

/** Said by the patient or noted for him; taken back likewise. Said twice, it keeps its first date. */
export async function markInterim(tx: Tx, actor: Actor, requestId: string, route: Interim, used: boolean): Promise<void> {
  const label = labelOf(actor)
  const changed = await run(
    tx,
    used
      ? sql`insert into app.interim_route as i (request_id, route, offered_at, used_at, used_label) select id, ${route}, ${actor.now}, ${actor.now}, ${label} from app.request where id = ${requestId}
            on conflict (cpts_id, request_id, route) do update set used_at = coalesce(i.used_at, excluded.used_at), used_label = coalesce(i.used_label, excluded.used_label)`
      : sql`update app.interim_route set used_at = null, used_label = null where request_id = ${requestId} and route = ${route}`,
  )
  if (changed === 0) throw notFound()
  await audit(tx, actor, { action: used ? 'interim.use' : 'interim.undo', subject: { kind: 'request', id: requestId }, detail: { route } })
}

export interface InterimCount {
  route: Interim
  offered: number
  used: number
}
/** Of those who wait now: to how many each route is offered, how many used it. */
export const interimCounts = (tx: Tx): Promise<InterimCount[]> =>
  rows(
    tx,
    sql`select i.route, count(*)::int as offered, count(i.used_at)::int as used from app.interim_route i join app.request r on r.id = i.request_id
        where r.state in ('received', 'incomplete', 'admissible', 'prioritised', 'proposed') group by i.route`,
  )

export async function saveOwnTexts(tx: Tx, actor: Actor, texts: readonly OwnText[]): Promise<void> {
  const label = labelOf(actor)
  await run(
    tx,
    sql`insert into app.interim_text as o (route, text, phone, updated_at, updated_by)
        select x.route, x.text, x.phone, ${actor.now}, ${label} from unnest(${texts.map(x => x.route)}::text[], ${texts.map(x => x.text)}::text[], ${texts.map(x => x.phone)}::text[]) x(route, text, phone)
        on conflict (cpts_id, route) do update set text = excluded.text, phone = excluded.phone, updated_at = excluded.updated_at, updated_by = excluded.updated_by
        where (o.text, o.phone) is distinct from (excluded.text, excluded.phone)`,
  )
  await audit(tx, actor, { action: 'interim.texts', detail: { own: texts.filter(x => x.text ?? x.phone).length } })
}
