/**
 * Proposals: a patient, a doctor, a clock. One at a time per patient (unique index), never above the doctor's places
 * (conditional update), and after a no or a silence the patient is back at his exact place. Whoever touches a proposal holds its
 * request first, and always with the same lock (`for no key update`): nobody waits for somebody who waits for him.
 */
import type { Profile } from '#domain/assignment/index.ts'
import { ageOn } from '#domain/priority.ts'
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, one, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { mintLink, revokeLinks } from '#platform/links.ts'
import { post } from '#platform/messages.ts'
import { profileOf, type Refusal, type State } from '../rules.ts'
import { endsInTime, returnPlace } from './capacities.ts'
import { move, record, stateConflict } from './requests.ts'
import { settings } from './settings.ts'

/** After a yes the same link serves for the first visit and the declaration. */
const LINK_AFTER_YES_MS = 120 * 24 * 3600_000

export interface Proposal {
  id: string
  requestId: string
  membershipId: string
  doctorName: string
  profile: Profile
  minutes: number | null
  state: 'pending' | 'accepted' | 'refused' | 'expired' | 'withdrawn'
  reason: string | null
  sentAt: Date
  expiresAt: Date
  answeredAt: Date | null
  sentByLabel: string
}
const columns = sql`q.id, q.request_id as "requestId", q.membership_id as "membershipId", p.name as "doctorName", q.profile, q.minutes, q.state, q.reason, q.sent_at as "sentAt",
  q.expires_at as "expiresAt", q.answered_at as "answeredAt", q.sent_by_label as "sentByLabel"`
const source = sql`from app.proposal q join app.membership m on m.id = q.membership_id join platform.person p on p.id = m.person_id`

export const proposalsOf = (tx: Tx, requestId: string): Promise<Proposal[]> =>
  rows(tx, sql`select ${columns} ${source} where q.request_id = ${requestId} order by q.sent_at desc`)
export const getProposal = (tx: Tx, id: string): Promise<Proposal | null> => maybe(tx, sql`select ${columns} ${source} where q.id = ${id}`)
export const pendingOf = (tx: Tx, membershipId: string): Promise<Proposal[]> =>
  rows(tx, sql`select ${columns} ${source} where q.membership_id = ${membershipId} and q.state = 'pending' order by q.expires_at`)

export interface ToPropose {
  requestId: string
  membershipId: string
  /** Estimated travel, for the record. */
  minutes: number | null
  planId?: string | null
}
/**
 * Sends a patient to a doctor: proposal, clock, signed link, message without personal data; one transaction.
 * Throws 409 when the patient is already proposed or has moved on, or the doctor has no statement in force.
 */
export async function propose(
  tx: Tx,
  actor: Actor,
  site: { baseUrl: string; home: string; cptsName: string },
  p: ToPropose,
): Promise<string> {
  const id = randomUUIDv7()
  const [{ proposalHours }, about, doctor] = await Promise.all([
    settings(tx),
    maybe<{ birthDate: string; ald: boolean; homeVisit: boolean }>(
      tx,
      sql`select birth_date as "birthDate", ald, home_visit as "homeVisit" from app.request where id = ${p.requestId}`,
    ),
    maybe<{ capacityId: string; name: string; email: string | null }>(
      tx,
      sql`select c.id as "capacityId", p.name, p.email from app.capacity c join app.membership m on m.id = c.membership_id and m.ended_at is null join platform.person p on p.id = m.person_id
          where c.membership_id = ${p.membershipId} and c.superseded_at is null and c.until >= ${dayOf(actor.now)} and ${endsInTime}`,
    ),
  ])
  if (!about) throw notFound()
  if (!doctor)
    throw conflict('Ce médecin n’a plus de places déclarées en cours. Demandez-lui de les confirmer, ou choisissez un autre médecin.')
  const expiresAt = new Date(actor.now.getTime() + proposalHours * 3600_000)
  const profile = profileOf(about, ageOn(about.birthDate, dayOf(actor.now)))
  await move(tx, actor, p.requestId, { to: 'proposed' })
  const inserted = await run(
    tx,
    sql`insert into app.proposal (id, request_id, membership_id, capacity_id, plan_id, profile, minutes, sent_at, expires_at, sent_by_label)
        values (${id}, ${p.requestId}, ${p.membershipId}, ${doctor.capacityId}, ${p.planId ?? null}, ${profile}, ${p.minutes}, ${actor.now}, ${expiresAt}, ${labelOf(actor)})
        on conflict do nothing`,
  )
  if (inserted === 0) throw await stateConflict(tx, p.requestId)
  const token = await mintLink(tx, {
    purpose: 'proposal',
    subjectId: id,
    now: actor.now,
    expiresAt: new Date(expiresAt.getTime() + LINK_AFTER_YES_MS),
  })
  await audit(tx, actor, {
    action: 'proposal.send',
    subject: { kind: 'request', id: p.requestId },
    detail: { proposal: id, doctor: p.membershipId, minutes: p.minutes },
  })
  if (doctor.email)
    await post(tx, actor.now, {
      reason: 'proposal',
      to: { address: doctor.email, label: doctor.name },
      subject: `${site.cptsName} : un patient cherche un médecin traitant`,
      body: `Bonjour,\n\nUn patient de votre secteur cherche un médecin traitant. Trente secondes suffisent pour répondre, par oui ou par non :\n\n${site.baseUrl}${site.home}/proposition/${token}\n\nSans réponse dans ${proposalHours} heures, la proposition s’éteint et le patient est proposé à un autre médecin. Votre silence ne vous est pas compté.\n\n${site.cptsName}`,
      subjectId: id,
    })
  return id
}

/**
 * The doctor says yes. One statement: the place is taken on condition that one is left, then the proposal and the request follow
 * on condition that both still wait. Of a hundred at once exactly as many pass as there are places, and those who come too late
 * have written nothing. Throws 409 with the reason otherwise.
 */
export async function accept(tx: Tx, actor: Actor, proposalId: string): Promise<{ requestId: string }> {
  const done = await one<{ pending: boolean; place: boolean; requestId: string | null }>(
    tx,
    sql`with q as (select q.id, q.request_id, q.membership_id, q.profile from app.proposal q join app.request r on r.id = q.request_id
                where q.id = ${proposalId} and q.state = 'pending' and q.expires_at > ${actor.now} for no key update of r),
        c as (update app.capacity c set used = c.used + 1, used_adult = c.used_adult + (q.profile = 'adult')::int, used_child = c.used_child + (q.profile = 'child')::int,
                used_ald = c.used_ald + (q.profile = 'ald')::int, used_home = c.used_home + (q.profile = 'home')::int
              from q where c.membership_id = q.membership_id and c.superseded_at is null and c.until >= ${dayOf(actor.now)} and ${endsInTime} and c.used < c.total
                and case q.profile when 'adult' then c.adult is null or c.used_adult < c.adult when 'child' then c.child is null or c.used_child < c.child
                                   when 'ald' then c.ald is null or c.used_ald < c.ald else c.home is null or c.used_home < c.home end
              returning c.id as capacity_id, q.id, q.request_id, q.membership_id),
        p as (update app.proposal p set state = 'accepted', answered_at = ${actor.now}, capacity_id = c.capacity_id from c where p.id = c.id and p.state = 'pending' returning p.request_id, p.membership_id),
        r as (update app.request r set state = 'accepted', state_at = ${actor.now}, doctor_membership_id = p.membership_id from p where r.id = p.request_id and r.state = 'proposed' returning r.id)
        select exists (select from q) as pending, exists (select from c) as place, (select id from r) as "requestId"`,
  )
  if (!done.requestId) {
    if (done.pending && !done.place)
      throw conflict(
        'Vous n’avez plus de place déclarée pour ce profil : la réponse n’a pas été enregistrée. Déclarez d’abord de nouvelles places, puis acceptez.',
      )
    throw await answered(tx, proposalId, actor.now)
  }
  const subject = { kind: 'request', id: done.requestId }
  await Promise.all([
    record(tx, actor, done.requestId, { kind: 'transition', from: 'proposed', to: 'accepted' }),
    audit(
      tx,
      actor,
      { action: 'request.accepted', subject, detail: { from: 'proposed' } },
      { action: 'proposal.accept', subject, detail: { proposal: proposalId } },
    ),
  ])
  return { requestId: done.requestId }
}
/** The doctor says no, with a reason from the list; the patient is back in the list at once. */
export async function refuse(tx: Tx, actor: Actor, proposalId: string, reason: Refusal): Promise<{ requestId: string }> {
  const p = await maybe<{ requestId: string }>(
    tx,
    sql`with r as (select r.id from app.request r join app.proposal q on q.request_id = r.id where q.id = ${proposalId} for no key update of r)
        update app.proposal set state = 'refused', reason = ${reason}, answered_at = ${actor.now}
        where id = ${proposalId} and request_id = (select id from r) and state = 'pending' and expires_at > ${actor.now} returning request_id as "requestId"`,
  )
  if (!p) throw await answered(tx, proposalId, actor.now)
  await move(tx, actor, p.requestId, { to: 'prioritised', from: ['proposed'], reason: 'refused' })
  await audit(tx, actor, {
    action: 'proposal.refuse',
    subject: { kind: 'request', id: p.requestId },
    detail: { proposal: proposalId, reason },
  })
  return p
}
/** Why an answer cannot be taken, said to the doctor without blaming him. */
async function answered(tx: Tx, proposalId: string, now: Date) {
  const p = await getProposal(tx, proposalId)
  if (!p) return notFound()
  if (p.state === 'accepted') return conflict('Vous avez déjà accepté ce patient. Merci ; la suite est sur cette page.')
  if (p.state === 'refused') return conflict('Vous avez déjà répondu non à cette proposition. Merci de votre réponse.')
  if (p.state === 'withdrawn')
    return conflict('Cette proposition a été retirée : le patient n’attend plus votre réponse. Vous n’avez rien à faire.')
  if (p.state === 'expired' || p.expiresAt <= now)
    return conflict('Le délai de réponse est passé : le patient est de nouveau dans la liste. Vous n’avez rien à faire.')
  return conflict('La réponse n’a pas pu être enregistrée. Réessayez.')
}

export interface Withdrawn {
  id: string
  membershipId: string
  was: 'pending' | 'accepted'
}
/** The coordinator takes a proposal back, or the patient left: the doctor's link stops answering. Null when there was none. */
export async function withdraw(tx: Tx, actor: Actor, requestId: string, reason: string): Promise<Withdrawn | null> {
  const p = await maybe<Withdrawn & { capacityId: string; profile: Profile }>(
    tx,
    sql`update app.proposal q set state = 'withdrawn', reason = ${reason}, answered_at = ${actor.now} from (select id, state from app.proposal where request_id = ${requestId} and state in ('pending', 'accepted') for no key update) old
        where q.id = old.id returning q.id, q.membership_id as "membershipId", q.capacity_id as "capacityId", q.profile, old.state as was`,
  )
  if (!p) return null
  if (p.was === 'accepted') {
    // Nothing stays of this doctor: a declaration for him must not close the request of the next one.
    await returnPlace(tx, p.capacityId, p.profile)
    await run(
      tx,
      sql`update app.request set doctor_membership_id = null, appointment_on = null, seen_on = null, declared_on = null, declared_by = null where id = ${requestId} and state not in ('accepted', 'appointed', 'seen', 'declared', 'closed')`,
    )
  }
  await revokeLinks(tx, 'proposal', p.id, actor.now)
  await audit(tx, actor, { action: 'proposal.withdraw', subject: { kind: 'request', id: requestId }, detail: { proposal: p.id, reason } })
  return p
}
/** The doctor learns that he has nothing to answer any more; never why. */
export async function tellWithdrawn(
  tx: Tx,
  actor: Actor,
  site: { baseUrl: string; home: string; cptsName: string },
  p: Withdrawn | null,
): Promise<void> {
  if (!p) return
  const doctor = await maybe<{ name: string; email: string | null }>(
    tx,
    sql`select p.name, p.email from app.membership m join platform.person p on p.id = m.person_id where m.id = ${p.membershipId}`,
  )
  if (!doctor?.email) return
  await post(tx, actor.now, {
    reason: 'proposal.withdrawn',
    to: { address: doctor.email, label: doctor.name },
    subject: `${site.cptsName} : une proposition est retirée`,
    body: `Bonjour,\n\nUne proposition de patient que nous vous avions faite est retirée. ${
      p.was === 'accepted' ? 'La place que vous lui gardiez vous est rendue.' : 'Vous n’avez pas à y répondre.'
    } Merci de votre aide.\n\n${site.cptsName}`,
    subjectId: p.id,
  })
}

/** Proposals whose clock has run out: silence is an answer, and costs the doctor nothing. Returns how many. */
export async function expireDue(tx: Tx, actor: Actor, limit = 500): Promise<number> {
  const due = await rows<{ id: string; requestId: string }>(
    tx,
    sql`with due as materialized (select q.id from app.proposal q join app.request r on r.id = q.request_id where q.state = 'pending' and q.expires_at <= ${actor.now}
          order by q.id limit ${limit} for no key update of r skip locked)
        update app.proposal set state = 'expired', answered_at = ${actor.now} where id in (select id from due) and state = 'pending' returning id, request_id as "requestId"`,
  )
  for (const p of due) {
    await move(tx, actor, p.requestId, { to: 'prioritised', from: ['proposed'], reason: 'expired' })
    await audit(tx, actor, { action: 'proposal.expire', subject: { kind: 'request', id: p.requestId }, detail: { proposal: p.id } })
  }
  return due.length
}

/** The first visit is arranged, or held; the declaration is confirmed. Closed needs the last two. */
export async function appoint(tx: Tx, actor: Actor, requestId: string, day: string): Promise<void> {
  await move(tx, actor, requestId, { to: 'appointed', set: sql`appointment_on = ${day}` })
}
export async function seen(tx: Tx, actor: Actor, requestId: string, day: string): Promise<void> {
  await move(tx, actor, requestId, { to: 'seen', set: sql`seen_on = ${day}` })
  const { declared } = await one<{ declared: boolean }>(
    tx,
    sql`select declared_on is not null as declared from app.request where id = ${requestId}`,
  )
  if (declared) await close(tx, actor, requestId)
}
/** A declaration confirmed before the visit is kept and closes the request on the day of the visit, not before. */
export async function declare(
  tx: Tx,
  actor: Actor,
  requestId: string,
  day: string,
  by: 'patient' | 'doctor' | 'fund' | 'coordinator',
): Promise<void> {
  const r = await maybe<{ state: string }>(
    tx,
    sql`update app.request set declared_on = ${day}, declared_by = ${by} where id = ${requestId} and state in ('accepted', 'appointed', 'seen') and declared_on is null returning state`,
  )
  if (!r) throw await stateConflict(tx, requestId)
  await record(tx, actor, requestId, { kind: 'edit', reason: `declared:${by}` })
  await audit(tx, actor, { action: 'request.declare', subject: { kind: 'request', id: requestId }, detail: { by } })
  if (r.state === 'seen') await close(tx, actor, requestId)
}
async function close(tx: Tx, actor: Actor, requestId: string): Promise<void> {
  await move(tx, actor, requestId, { to: 'declared' })
  await move(tx, actor, requestId, { to: 'closed' })
}

/** Any side exit: the proposal, if any, is withdrawn first; the place is given back. */
export async function leave(
  tx: Tx,
  actor: Actor,
  requestId: string,
  exit: import('../rules.ts').Exit,
  reason?: string,
): Promise<Withdrawn | null> {
  await move(tx, actor, requestId, { to: 'exited', exit, reason })
  return withdraw(tx, actor, requestId, exit)
}
/** Back in the list, at the same seniority (the doctor gave up, the patient did not come). */
export async function putBack(
  tx: Tx,
  actor: Actor,
  requestId: string,
  reason: string,
  from: State[] = ['proposed', 'accepted', 'appointed', 'seen'],
): Promise<Withdrawn | null> {
  await move(tx, actor, requestId, {
    to: 'prioritised',
    from,
    reason,
  })
  return withdraw(tx, actor, requestId, reason)
}
