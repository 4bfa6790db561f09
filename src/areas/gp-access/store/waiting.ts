/** The past waits of a community, as they were known on a day, and the curves kept from them. */
import { ageOn } from '#domain/priority.ts'
import { type Curve, curveOf, daysBetween, MIN_SERVED, type Step, type Wait, WINDOW_DAYS } from '#domain/waiting.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { ageGroupOf, careOf, groupsOf, type WaitProfile } from '../waiting.ts'

/** Points of the situation are those of the request today; the rest is as of the day asked for. */
export interface PastWait extends Wait, WaitProfile {
  id: string
  since: Date
  points: number
}
interface Row {
  id: string
  since: Date
  createdAt: Date
  birthDate: string
  ald: boolean
  homeVisit: boolean
  commune: string
  epci: string | null
  points: number
  state: string
  exit: string | null
  at: Date
  acceptedAt: Date | null
}
const withDoctor = ['accepted', 'appointed', 'seen', 'declared', 'closed']
/** They were never waits: the same person twice, or somebody of another community. */
const notWaits = ['duplicate', 'out_of_territory']

/**
 * Everybody seen waiting in the twelve months before `now`, as their events told it by then: served by the last acceptance that
 * held, else seen waiting until he left, or until `now`. A request imported with an older date is seen from its import on.
 */
export async function pastWaits(tx: Tx, now: Date): Promise<PastWait[]> {
  const begin = new Date(now.getTime() - WINDOW_DAYS * 86_400_000)
  const all = await rows<Row>(
    tx,
    sql`select r.id, r.since, r.created_at as "createdAt", r.birth_date as "birthDate", r.ald, r.home_visit as "homeVisit", r.commune_code as commune, c.epci_siren as epci, r.points,
          l.to_state as state, l.reason as exit, l.at, a.at as "acceptedAt"
        from app.request r join ref.commune c on c.code = r.commune_code
        join lateral (select e.to_state, e.reason, e.at from app.request_event e where e.request_id = r.id and e.kind = 'transition' and e.at <= ${now} order by e.at desc, e.id desc limit 1) l on true
        left join lateral (select max(e.at) as at from app.request_event e where e.request_id = r.id and e.kind = 'transition' and e.to_state = 'accepted' and e.at <= ${now}
          and not exists (select 1 from app.request_event b where b.request_id = r.id and b.kind = 'transition' and b.at <= ${now} and b.to_state in ('prioritised', 'received') and (b.at, b.id) > (e.at, e.id))) a on true
        where r.created_at <= ${now} and (r.state not in ('closed', 'exited') or r.state_at >= ${begin})`,
  )
  return all.flatMap(r => {
    if (r.state === 'exited' && notWaits.includes(r.exit ?? '')) return []
    const served = r.acceptedAt !== null
    const end = r.acceptedAt ?? (r.state === 'exited' ? r.at : now)
    if (end <= begin || (!served && withDoctor.includes(r.state))) return []
    const seenFrom = r.createdAt > begin ? r.createdAt : begin
    const to = daysBetween(r.since, end)
    // Entered within the day of asking: seen from the beginning.
    const from = Math.max(0, Math.floor((seenFrom.getTime() - r.since.getTime()) / 86_400_000))
    return [
      {
        id: r.id,
        since: r.since,
        points: r.points,
        from,
        to,
        served,
        care: careOf(r),
        age: ageGroupOf(ageOn(r.birthDate, dayOf(r.since))),
        commune: r.commune,
        epci: r.epci,
      },
    ]
  })
}

/** Curves of every group that knows something. */
export function curvesOf(waits: readonly PastWait[]): Map<string, Curve> {
  const groups = new Map<string, Wait[]>()
  for (const wait of waits)
    for (const cell of groupsOf(wait)) {
      const group = groups.get(cell)
      if (group) group.push(wait)
      else groups.set(cell, [wait])
    }
  return new Map([...groups].map(([cell, of]) => [cell, curveOf(of)] as const).filter(([, curve]) => curve.served >= MIN_SERVED))
}

/** Works the curves out again; at night, and when the demonstration is made. */
export async function estimateWaits(tx: Tx, actor: Actor): Promise<number> {
  const curves = [...curvesOf(await pastWaits(tx, actor.now))]
  await run(tx, sql`delete from app.waiting_estimate`)
  if (curves.length)
    await run(
      tx,
      sql`insert into app.waiting_estimate (cell, people, served, steps, computed_at) select x.cell, x.people, x.served, x.steps, ${actor.now}
          from jsonb_to_recordset(${JSON.stringify(curves.map(([cell, c]) => ({ cell, people: c.people, served: c.served, steps: c.steps.map(s => [s.day, s.atRisk, s.served]) })))}::jsonb)
            as x(cell text, people int, served int, steps jsonb)`,
    )
  await audit(tx, actor, { action: 'waiting.estimate', detail: { cells: curves.length } })
  return curves.length
}

export interface Known {
  group: string
  curve: Curve
  computedAt: Date
}
/** The curves of somebody's groups, the closest first; one statement, five rows at most. */
export async function knownWaits(tx: Tx, profile: Omit<WaitProfile, 'epci'>): Promise<Known[]> {
  const cells = groupsOf({ ...profile, epci: '?' })
  const found = await rows<{ cell: string; people: number; served: number; steps: [number, number, number][]; computedAt: Date }>(
    tx,
    sql`select w.cell, w.people, w.served, w.steps, w.computed_at as "computedAt" from unnest(${cells}::text[]) with ordinality g(cell, n)
        join app.waiting_estimate w on w.cell = replace(g.cell, '?', coalesce((select c.epci_siren from ref.commune c where c.code = ${profile.commune}), '?')) order by g.n`,
  )
  return found.map(({ cell, people, served, steps, computedAt }) => ({
    group: cell,
    curve: { people, served, steps: steps.map(([day, atRisk, s]): Step => ({ day, atRisk, served: s })) },
    computedAt,
  }))
}
