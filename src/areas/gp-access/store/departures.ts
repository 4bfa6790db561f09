/** Departures: announced in one transaction with all that follows, their waves, the requests of those who asked. */
import { type Doctor, type Patient, type Plan, solve, toInstance } from '#domain/assignment/index.ts'
import { ageOn } from '#domain/priority.ts'
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { randomBytes, randomUUIDv7 } from '#platform/ids.ts'
import { frDay } from '#platform/ui/french.ts'
import { byWave, LATE_DAYS, type Moved, type Wave, type WaveCriterion } from '../departure.ts'
import { readNumber, type State, trackingNumber } from '../rules.ts'
import type { Counted } from '../simulation/index.ts'
import { capacityOf, endsInTime, stateCapacity } from './capacities.ts'
import { eachLine, type LineResult } from './lines.ts'
import { doctorsWithPlaces, waitingPatients } from './plans.ts'
import { propose, putBack } from './proposals.ts'
import type { Site } from './record.ts'
import { record } from './requests.ts'
import { currentRule, settings } from './settings.ts'

export interface Departure {
  id: string
  membershipId: string
  doctorName: string
  code: string
  /** `YYYY-MM-DD` */
  leavesOn: string
  patients: number
  announcedAt: Date
  announcedBy: string
  cancelledAt: Date | null
  cancelledBy: string | null
}
const columns = sql`d.id, d.membership_id as "membershipId", p.name as "doctorName", d.code, d.leaves_on as "leavesOn", d.patients, d.announced_at as "announcedAt",
  d.announced_label as "announcedBy", d.cancelled_at as "cancelledAt", d.cancelled_label as "cancelledBy"`
const source = sql`from app.departure d join app.membership m on m.id = d.membership_id join platform.person p on p.id = m.person_id`

export interface DepartureLine extends Departure {
  asked: number
  placed: number
}
/** The nearest first; those called off last. */
export const departures = (tx: Tx): Promise<DepartureLine[]> =>
  rows(
    tx,
    sql`select ${columns}, (select count(*) from app.departure_request x where x.departure_id = d.id)::int as asked,
          (select count(*) from app.departure_request x join app.request r on r.id = x.request_id where x.departure_id = d.id and r.state in ('accepted', 'appointed', 'seen', 'declared', 'closed'))::int as placed
        ${source} order by d.cancelled_at is not null, d.leaves_on, d.id`,
  )
export const getDeparture = (tx: Tx, id: string): Promise<Departure | null> =>
  maybe(tx, sql`select ${columns} ${source} where d.id = ${id}`)
/** The one in course of a doctor. */
export const departureOf = (tx: Tx, membershipId: string): Promise<Departure | null> =>
  maybe(tx, sql`select ${columns} ${source} where d.membership_id = ${membershipId} and d.cancelled_at is null`)
/** By the code of his letter, as long as his patients may ask with it; null otherwise. */
export async function departureByCode(tx: Tx, code: string, today: string): Promise<Departure | null> {
  const number = readNumber(code)
  const d = number && (await maybe<Departure>(tx, sql`select ${columns} ${source} where d.code = ${number} and d.cancelled_at is null`))
  return d && dayAfter(d.leavesOn, LATE_DAYS) >= today ? d : null
}
const dayAfter = (day: string, n: number) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)

export const countsOf = (tx: Tx, departureId: string): Promise<(Counted & { commune: string })[]> =>
  rows(
    tx,
    sql`select k.commune_code as "communeCode", k.profile, k.patients, c.name as commune from app.departure_count k join ref.commune c on c.code = k.commune_code
        where k.departure_id = ${departureId} order by c.name, k.profile`,
  )
/** Counts told in former announcements of the same doctor, the oldest first: they may have been published. */
export async function pastCounts(tx: Tx, d: Departure): Promise<Counted[][]> {
  const past = await rows<Counted & { id: string }>(
    tx,
    sql`select k.departure_id as id, k.commune_code as "communeCode", k.profile, k.patients from app.departure_count k join app.departure o on o.id = k.departure_id
        where o.membership_id = ${d.membershipId} and o.announced_at < ${d.announcedAt} order by o.announced_at`,
  )
  return [...new Set(past.map(x => x.id))].map(id => past.filter(x => x.id === id))
}

export interface Announcement {
  membershipId: string
  leavesOn: string
  patients: number
  counts: readonly Counted[]
}
/**
 * A doctor leaves. His places close; whoever waited for his answer, or had his yes without a visit yet, is back at his place in the
 * list; the code of his letter exists. Throws 409 when he has announced it already, 404 when he is no doctor of the community.
 */
export async function announce(tx: Tx, actor: Actor, a: Announcement): Promise<{ id: string; returned: number }> {
  const id = randomUUIDv7()
  const made = await run(
    tx,
    sql`insert into app.departure (id, membership_id, code, leaves_on, patients, announced_at, announced_label)
        select ${id}, m.id, ${trackingNumber(randomBytes(8))}, ${a.leavesOn}::date, ${a.patients}, ${actor.now}, ${actorLabel(actor.who)}
        from app.membership m where m.id = ${a.membershipId} and m.ended_at is null and 'doctor' = any(m.roles) on conflict do nothing`,
  )
  if (made === 0) {
    if (await departureOf(tx, a.membershipId)) throw conflict('Son départ est déjà annoncé. Ouvrez-le dans la liste des départs.')
    throw notFound()
  }
  for (const c of a.counts)
    await run(
      tx,
      sql`insert into app.departure_count (departure_id, commune_code, profile, patients) values (${id}, ${c.communeCode}, ${c.profile}, ${c.patients})`,
    )
  const stopped = await rows<{ requestId: string }>(
    tx,
    sql`select q.request_id as "requestId" from app.proposal q join app.request r on r.id = q.request_id
        where q.membership_id = ${a.membershipId} and q.state in ('pending', 'accepted') and r.state in ('proposed', 'accepted', 'appointed') order by r.since, r.id`,
  )
  for (const { requestId } of stopped) await putBack(tx, actor, requestId, 'doctor_leaves', ['proposed', 'accepted', 'appointed'])
  const stated = await capacityOf(tx, a.membershipId)
  if (stated)
    await stateCapacity(
      tx,
      actor,
      a.membershipId,
      { ...stated, total: 0, until: a.leavesOn },
      actor.who.kind === 'member' && actor.who.membershipId === a.membershipId ? 'doctor' : 'coordinator',
    )
  await audit(tx, actor, {
    action: 'departure.announce',
    subject: { kind: 'departure', id },
    detail: { doctor: a.membershipId, leavesOn: a.leavesOn, patients: a.patients, returned: stopped.length },
  })
  return { id, returned: stopped.length }
}
/** Called off, once. Requests stay as they are: each of those people decides. */
export async function cancelDeparture(tx: Tx, actor: Actor, id: string): Promise<void> {
  const done = await run(
    tx,
    sql`update app.departure set cancelled_at = ${actor.now}, cancelled_label = ${actorLabel(actor.who)} where id = ${id} and cancelled_at is null`,
  )
  if (done === 0) throw (await getDeparture(tx, id)) ? conflict('Ce départ est déjà annulé. Rechargez la page.') : notFound()
  await audit(tx, actor, { action: 'departure.cancel', subject: { kind: 'departure', id } })
}

/** A request just entered is one of his patients'. It was entered with the seniority of the announcement. */
export async function joinDeparture(tx: Tx, actor: Actor, departureId: string, requestId: string): Promise<void> {
  await run(
    tx,
    sql`insert into app.departure_request (request_id, departure_id, joined_at) values (${requestId}, ${departureId}, ${actor.now}) on conflict do nothing`,
  )
  await record(tx, actor, requestId, { kind: 'edit', reason: 'departure' })
}

/** Somebody who asked after his letter. No name. */
export interface Mover extends Moved {
  id: string
  number: string
  state: State
  commune: string
  doctorName: string | null
  stateAt: Date
}
export async function movers(tx: Tx, departureId: string, today: string): Promise<Mover[]> {
  const all = await rows<Omit<Mover, 'age'> & { birthDate: string }>(
    tx,
    sql`select r.id, r.number, r.state, c.name as commune, r.state_at as "stateAt", r.birth_date as "birthDate", r.ald, r.home_visit as "homeVisit", r.pregnancy,
          (select p.name from app.membership m join platform.person p on p.id = m.person_id where m.id = r.doctor_membership_id) as "doctorName"
        from app.departure_request x join app.request r on r.id = x.request_id join ref.commune c on c.code = r.commune_code
        where x.departure_id = ${departureId} order by r.created_at, r.id`,
  )
  return all.map(({ birthDate, ...m }) => ({ ...m, age: ageOn(birthDate, today) }))
}

export interface WaveRow extends Wave {
  startsOn: string
  sentAt: Date | null
  doctors: { membershipId: string; name: string; groupName: string | null; left: number | null }[]
}
/** The waves of a departure in their order; `left`: places free of each doctor, null when he has no statement in force. */
export async function wavesOf(tx: Tx, departureId: string, today: string): Promise<WaveRow[]> {
  const waves = await rows<Omit<WaveRow, 'doctors'>>(
    tx,
    sql`select id, position, criteria, starts_on as "startsOn", sent_at as "sentAt" from app.departure_wave where departure_id = ${departureId} and removed_at is null order by position`,
  )
  const doctors = await rows<WaveRow['doctors'][number] & { waveId: string }>(
    tx,
    sql`select w.wave_id as "waveId", w.membership_id as "membershipId", p.name, w.group_name as "groupName",
          (select greatest(0, c.total - c.used - (select count(*) from app.proposal q where q.membership_id = m.id and q.state = 'pending'))::int from app.capacity c
             where c.membership_id = m.id and c.superseded_at is null and c.until >= ${today} and ${endsInTime}) as left
        from app.departure_wave_doctor w join app.membership m on m.id = w.membership_id join platform.person p on p.id = m.person_id
        where w.wave_id = any(${waves.map(w => w.id)}::uuid[]) order by p.name, m.id`,
  )
  return waves.map(w => ({ ...w, doctors: doctors.filter(d => d.waveId === w.id).map(({ waveId: _, ...d }) => d) }))
}
export interface WaveInput {
  criteria: readonly WaveCriterion[]
  startsOn: string
  doctors: readonly { membershipId: string; groupName: string | null }[]
}
/** Adds a wave after the others. */
export async function addWave(tx: Tx, actor: Actor, departureId: string, w: WaveInput): Promise<string> {
  const id = randomUUIDv7()
  const added = await run(
    tx,
    sql`insert into app.departure_wave (id, departure_id, position, criteria, starts_on)
        select ${id}, d.id, 1 + coalesce((select max(x.position) from app.departure_wave x where x.departure_id = d.id and x.removed_at is null), 0), ${[...w.criteria]}::text[], ${w.startsOn}::date
        from app.departure d where d.id = ${departureId} and d.cancelled_at is null on conflict do nothing`,
  )
  if (added === 0) throw conflict('Ce départ vient de changer. Rechargez la page.')
  for (const d of w.doctors)
    await run(
      tx,
      sql`insert into app.departure_wave_doctor (wave_id, membership_id, group_name) values (${id}, ${d.membershipId}, ${d.groupName}) on conflict do nothing`,
    )
  await audit(tx, actor, {
    action: 'departure.wave',
    subject: { kind: 'departure', id: departureId },
    detail: { wave: id, criteria: w.criteria.join(','), doctors: w.doctors.length },
  })
  return id
}
export async function removeWave(tx: Tx, actor: Actor, waveId: string): Promise<string> {
  const gone = await maybe<{ departureId: string }>(
    tx,
    sql`update app.departure_wave set removed_at = ${actor.now} where id = ${waveId} and removed_at is null returning departure_id as "departureId"`,
  )
  if (!gone) throw notFound()
  await audit(tx, actor, {
    action: 'departure.wave-remove',
    subject: { kind: 'departure', id: gone.departureId },
    detail: { wave: waveId },
  })
  return gone.departureId
}
export const waveDeparture = (tx: Tx, waveId: string): Promise<{ departureId: string } | null> =>
  maybe(tx, sql`select departure_id as "departureId" from app.departure_wave where id = ${waveId} and removed_at is null`)

/** Doctors of the community who share an address of the national directory: a group practice, a health centre. */
export interface Group {
  key: string
  name: string
  doctors: string[]
}
export const groups = (tx: Tx): Promise<Group[]> =>
  rows(
    tx,
    sql`select pp.structure_id as key, max(pp.name) as name, array_agg(distinct m.id::text) as doctors from app.membership m join ref.practice_place pp on pp.rpps = m.rpps
        where m.ended_at is null and 'doctor' = any(m.roles) and pp.structure_id is not null and pp.structure_id <> '' and coalesce(pp.name, '') <> ''
        group by pp.structure_id having count(distinct m.id) > 1 order by 2, 1`,
  )

export interface Sent {
  results: LineResult[]
  /** Of the wave, those for whom no chosen doctor has a place that suits. */
  unplaced: number
}
/** How a wave would be shared as things stand: the engine over its people and its places alone. */
export interface Share {
  d: Departure
  wave: WaveRow
  patients: Patient[]
  doctors: Doctor[]
  /** Names of these doctors, by membership. */
  names: [string, string][]
  plan: Plan
}
/** Throws 404 for no wave of this community, 409 when its departure is called off. */
export async function shareOf(tx: Tx, actor: Actor, waveId: string): Promise<Share> {
  const today = dayOf(actor.now)
  const found = await waveDeparture(tx, waveId)
  const d = found && (await getDeparture(tx, found.departureId))
  if (!d) throw notFound()
  if (d.cancelledAt) throw conflict('Ce départ est annulé : rien ne part.')
  const waves = await wavesOf(tx, d.id, today)
  const wave = waves.find(w => w.id === waveId)!
  const mine = byWave(await movers(tx, d.id, today), waves).find(g => g.wave?.id === waveId)!.people
  const [rule, caps, places] = await Promise.all([currentRule(tx), settings(tx), doctorsWithPlaces(tx, today)])
  const only = mine.filter(p => p.state === 'prioritised').map(p => p.id)
  const chosen = new Set(wave.doctors.map(x => x.membershipId))
  const patients = await waitingPatients(tx, { now: actor.now, rule, caps, only })
  const doctors = places.map(p => p.doctor).filter(x => x.id !== d.membershipId && (chosen.size === 0 || chosen.has(x.id)))
  const names = places.map(p => [p.doctor.id, p.stated.doctorName] as [string, string])
  return { d, wave, patients, doctors, names, plan: solve(toInstance(patients, doctors)) }
}
/**
 * Proposes those of a wave who wait to its doctors: the best sharing, then one ordinary proposal each. The places of a group are those
 * of its doctors together. Throws 409 before its day or when it is over.
 */
export async function sendWave(tx: Tx, actor: Actor, site: Site, waveId: string): Promise<Sent> {
  const { d, wave, plan } = await shareOf(tx, actor, waveId)
  if (wave.startsOn > dayOf(actor.now)) throw conflict(`Cette vague commence le ${frDay(wave.startsOn)} : rien ne part avant.`)
  const results = await eachLine(
    tx,
    plan.pairs.map(p => p.patient),
    id => {
      const pair = plan.pairs.find(p => p.patient === id)!
      return propose(tx, actor, site, { requestId: id, membershipId: pair.doctor, minutes: pair.minutes })
    },
  )
  const sent = results.filter(r => r.ok).length
  if (sent > 0) await run(tx, sql`update app.departure_wave set sent_at = ${actor.now} where id = ${waveId}`)
  await audit(tx, actor, {
    action: 'departure.send',
    subject: { kind: 'departure', id: d.id },
    detail: { wave: waveId, sent, unplaced: plan.unplaced.length },
  })
  return { results, unplaced: plan.unplaced.length }
}
