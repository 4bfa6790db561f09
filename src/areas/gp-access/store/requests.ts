/** Requests: entered, found through who asks, moved from state to state by conditional updates. */
import { ageOn, type Criterion, MONTH_MS, type PriorityRule, type Situation, situationPoints } from '#domain/priority.ts'
import { hasRole, type Who } from '#platform/access.ts'
import { type Actor, audit, labelOf } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, one, type RawBuilder, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { randomBytes, randomUUIDv7 } from '#platform/ids.ts'
import type { Language } from '#platform/ui/languages.ts'
import { type Exit, type ProxyKind, type State, stateNames, statesBefore, trackingNumber } from '../rules.ts'
import { offerInterim } from './interim.ts'
import { currentRule } from './settings.ts'

/** What a person (or somebody for him) says of himself. */
export interface RequestInput extends Situation {
  birthName: string
  usedName: string | null
  givenNames: string
  /** `YYYY-MM-DD` */
  birthDate: string
  sex: 'F' | 'M' | null
  phone: string | null
  email: string | null
  communeCode: string
  preferredContact: 'phone' | 'email' | 'proxy'
  languages: string[]
  wheelchair: boolean
  farther: boolean
  proxy: { name: string; kind: ProxyKind; contact: string } | null
  consentBy: 'patient' | 'proxy' | 'coordinator'
  /** Tracking number of somebody of the same household, already read by `readNumber`. */
  householdOf: string | null
  /** Of our messages; French when nothing is said. */
  language?: Language
}

export interface Request extends Situation {
  id: string
  number: string
  state: State
  exit: Exit | null
  since: Date
  stateAt: Date
  origin: 'patient' | 'proxy' | 'coordinator' | 'import'
  proxyName: string | null
  proxyKind: ProxyKind | null
  proxyContact: string | null
  birthName: string
  usedName: string | null
  givenNames: string
  birthDate: string
  sex: 'F' | 'M' | null
  phone: string | null
  email: string | null
  preferredContact: 'phone' | 'email' | 'proxy'
  communeCode: string
  commune: string
  languages: string[]
  wheelchair: boolean
  farther: boolean
  householdId: string | null
  consentAt: Date
  consentBy: 'patient' | 'proxy' | 'coordinator'
  duplicateOf: string | null
  /** Points of the situation; seniority comes on top (domain/priority). */
  points: number
  /** Points added or taken by hand. */
  byHand: number
  ruleVersion: number | null
  doctorMembershipId: string | null
  doctorName: string | null
  appointmentOn: string | null
  seenOn: string | null
  declaredOn: string | null
  declaredBy: 'patient' | 'doctor' | 'fund' | 'coordinator' | null
  language: Language
}

export const requestColumns = sql`r.id, r.number, r.state, r.exit, r.since, r.state_at as "stateAt", r.origin, r.proxy_name as "proxyName", r.proxy_kind as "proxyKind",
  r.proxy_contact as "proxyContact", r.birth_name as "birthName", r.used_name as "usedName", r.given_names as "givenNames", r.birth_date as "birthDate", r.sex, r.phone, r.email,
  r.preferred_contact as "preferredContact", r.commune_code as "communeCode", (select c.name from ref.commune c where c.code = r.commune_code) as commune,
  r.ald, r.treatment, r.specialist, r.pregnancy, r.reduced_mobility as "reducedMobility", r.home_visit as "homeVisit", r.precarity, r.isolation, r.doctor_left as "doctorLeft",
  r.hospital_exit as "hospitalExit", r.languages, r.wheelchair, r.farther, r.household_id as "householdId", r.consent_at as "consentAt", r.consent_by as "consentBy",
  r.duplicate_of as "duplicateOf", r.points, r.by_hand as "byHand", r.rule_version as "ruleVersion", r.doctor_membership_id as "doctorMembershipId",
  (select p.name from app.membership m join platform.person p on p.id = m.person_id where m.id = r.doctor_membership_id) as "doctorName",
  r.appointment_on as "appointmentOn", r.seen_on as "seenOn", r.declared_on as "declaredOn", r.declared_by as "declaredBy", r.language`

/** The whole score in SQL, the same sum as domain/priority: stored points, those changed by hand, seniority as of `now`. */
export const scoreSql = (rule: PriorityRule, now: Date): RawBuilder<number> =>
  sql`(greatest(1, r.points + r.by_hand) + least(${rule.seniority.atMost}::int, ${rule.seniority.pointsPerMonth}::int * greatest(0, floor(date_part('epoch', ${now}::timestamptz - r.since) / ${MONTH_MS / 1000}))::int))`

/**
 * One request as far as `who` may see it: the coordination sees all of its community's; a doctor those he accepted; a patient
 * his own by his tracking link. Anything else does not exist. Each look is on record.
 */
export async function getRequest(tx: Tx, actor: Actor, id: string, purpose = 'request.read'): Promise<Request> {
  const row = await maybe<Request>(tx, sql`select ${requestColumns} from app.request r where r.id = ${id} and ${visibleTo(actor.who)}`)
  if (!row) throw notFound()
  await audit(tx, actor, { action: purpose, subject: { kind: 'request', id: row.id } })
  return row
}
function visibleTo(who: Who): RawBuilder<boolean> {
  if (hasRole(who, 'coordinator') || who.kind === 'system') return sql`true`
  if (hasRole(who, 'doctor') && who.kind === 'member') return sql`r.doctor_membership_id = ${who.membershipId}`
  if (who.kind === 'link' && who.purpose === 'tracking') return sql`r.id = ${who.subjectId}`
  if (who.kind === 'link' && who.purpose === 'proposal')
    return sql`exists (select 1 from app.proposal p where p.id = ${who.subjectId} and p.request_id = r.id and p.state = 'accepted')`
  return sql`false`
}

/** The tracking number of a request; throws 404 when there is none. */
export async function requestNumber(tx: Tx, id: string): Promise<string> {
  const row = await maybe<{ number: string }>(tx, sql`select number from app.request where id = ${id}`)
  if (!row) throw notFound()
  return row.number
}

export interface Entered {
  id: string
  number: string
  /** A request of the same person that was already there. */
  duplicateOf: string | null
}
/**
 * Enters a request. It starts as received; somebody already on the list is marked as a suspected duplicate of the older request
 * (a coordinator merges them: the public form never reveals who is on the list). Throws 409 when the household's number is unknown.
 */
export async function enterRequest(
  tx: Tx,
  actor: Actor,
  input: RequestInput,
  origin: Request['origin'],
  since: Date = actor.now,
): Promise<Entered> {
  const rule = await currentRule(tx)
  const id = randomUUIDv7()
  const number = trackingNumber(randomBytes(8))
  const householdId = input.householdOf ? await householdOf(tx, actor, input.householdOf) : null
  const points = situationPoints(rule, input, ageOn(input.birthDate, dayOf(actor.now))).total
  const { duplicateOf } = await one<{ duplicateOf: string | null }>(
    tx,
    sql`with k as (select ref.fold(${input.birthName}) || '|' || ref.fold(split_part(${input.givenNames}, ' ', 1)) || '|' || ${input.birthDate} as key),
        older as (select r.id from app.request r, k where r.match_key = k.key and r.state <> 'closed' and r.exit is distinct from 'duplicate' and r.exit is distinct from 'deceased' order by r.since, r.id limit 1)
        insert into app.request (id, number, state, since, state_at, origin, proxy_name, proxy_kind, proxy_contact, birth_name, used_name, given_names, birth_date, sex, phone, email,
          commune_code, preferred_contact, ald, treatment, specialist, pregnancy, reduced_mobility, home_visit, precarity, isolation, doctor_left, hospital_exit, languages, wheelchair, farther,
          household_id, consent_at, consent_by, duplicate_of, match_key, points, rule_version, language, created_at)
        select ${id}, ${number}, 'received', ${since}, ${actor.now}, ${origin}, ${input.proxy?.name ?? null}, ${input.proxy?.kind ?? null}, ${input.proxy?.contact ?? null}, ${input.birthName},
          ${input.usedName}, ${input.givenNames}, ${input.birthDate}::date, ${input.sex}, ${input.phone}, ${input.email}, ${input.communeCode}, ${input.preferredContact}, ${input.ald}, ${input.treatment},
          ${input.specialist}, ${input.pregnancy}, ${input.reducedMobility}, ${input.homeVisit}, ${input.precarity}, ${input.isolation}, ${input.doctorLeft}, ${input.hospitalExit}, ${input.languages}::text[],
          ${input.wheelchair}, ${input.farther}, ${householdId}::uuid, ${actor.now}, ${input.consentBy}, (select older.id from older), k.key, ${points}, ${rule.version}, ${input.language ?? 'fr'}, ${actor.now} from k
        returning duplicate_of as "duplicateOf"`,
  )
  await offerInterim(tx, actor.now, [{ id, ...input }])
  await record(tx, actor, id, { kind: 'transition', to: 'received', reason: origin })
  await audit(tx, actor, {
    action: 'request.enter',
    subject: { kind: 'request', id },
    detail: { origin, proxy: input.proxy?.kind ?? null, suspectedDuplicate: duplicateOf !== null },
  })
  return { id, number, duplicateOf }
}

/** The household of the holder of a tracking number, made when he has none yet. */
export async function householdOf(tx: Tx, actor: Actor, number: string): Promise<string> {
  const row = await maybe<{ id: string; householdId: string | null }>(
    tx,
    sql`select id, household_id as "householdId" from app.request where number = ${number} for no key update`,
  )
  if (!row) throw conflict('Aucune demande ne porte ce numéro de suivi. Vérifiez-le, ou envoyez la demande sans l’indiquer.')
  return row.householdId ?? newHousehold(tx, actor, [row.id])
}
export async function newHousehold(tx: Tx, actor: Actor, requestIds: string[]): Promise<string> {
  const id = randomUUIDv7()
  await run(tx, sql`insert into app.household (id, created_at) values (${id}, ${actor.now})`)
  await run(tx, sql`update app.request set household_id = ${id} where id = any(${requestIds}::uuid[])`)
  for (const requestId of requestIds) await record(tx, actor, requestId, { kind: 'household' })
  await audit(
    tx,
    actor,
    ...requestIds.map(r => ({ action: 'request.household', subject: { kind: 'request', id: r }, detail: { household: id } })),
  )
  return id
}

export interface Step {
  kind: 'transition' | 'contact' | 'edit' | 'merge' | 'household' | 'refusal' | 'priority'
  from?: State
  to?: State
  reason?: string
}
/** One line of the request's history on screen. */
export async function record(tx: Tx, actor: Actor, requestId: string, step: Step): Promise<void> {
  await run(
    tx,
    sql`insert into app.request_event (id, request_id, at, kind, from_state, to_state, reason, actor_label)
        values (${randomUUIDv7()}, ${requestId}, ${actor.now}, ${step.kind}, ${step.from ?? null}, ${step.to ?? null}, ${step.reason ?? null}, ${labelOf(actor)})`,
  )
}

export interface Move {
  to: State
  reason?: string
  /** With `to: 'exited'`. */
  exit?: Exit
  /** Only from these states (default: every state the rules allow). */
  from?: State[]
  /** Other columns set by the same statement. */
  set?: RawBuilder<unknown>
}
/**
 * Moves a request, in one conditional statement: from a state the rules allow, or not at all.
 * Throws 409 saying where the request stands when somebody was faster.
 */
export async function move(tx: Tx, actor: Actor, id: string, m: Move): Promise<void> {
  const from = m.from ?? statesBefore(m.to)
  const moved = await maybe<{ before: State }>(
    tx,
    sql`update app.request r set state = ${m.to}, exit = ${m.exit ?? null}, state_at = ${actor.now} ${m.set ? sql`, ${m.set}` : sql``}
        from (select id, state from app.request where id = ${id} for no key update) old
        where r.id = old.id and r.state = any(${from}::text[]) returning old.state as before`,
  )
  if (!moved) throw await stateConflict(tx, id)
  await Promise.all([
    record(tx, actor, id, { kind: 'transition', from: moved.before, to: m.to, reason: m.exit ?? m.reason }),
    audit(tx, actor, { action: `request.${m.to}`, subject: { kind: 'request', id }, detail: { from: moved.before, exit: m.exit ?? null } }),
  ])
}
export async function stateConflict(tx: Tx, id: string) {
  const last = await maybe<{ state: State; label: string; at: Date }>(
    tx,
    sql`select r.state, e.actor_label as label, e.at from app.request r join app.request_event e on e.request_id = r.id where r.id = ${id} and e.kind = 'transition' order by e.at desc, e.id desc limit 1`,
  )
  return last
    ? conflict(
        `Cette demande a changé entre-temps : « ${stateNames[last.state]} », par ${last.label}. Rechargez la page avant de continuer.`,
      )
    : notFound()
}

/** The coordinator has checked that the request is admissible: it takes its place in the list, with its points. */
export async function admit(tx: Tx, actor: Actor, id: string): Promise<void> {
  await move(tx, actor, id, { to: 'admissible' })
  await rescore(tx, actor, [id])
  await move(tx, actor, id, { to: 'prioritised' })
}
/** Points again, under the rule in force and today's age (a birthday, a changed situation, a new vote). */
export async function rescore(tx: Tx, actor: Actor, ids: readonly string[] | 'waiting'): Promise<number> {
  const rule = await currentRule(tx)
  const which =
    ids === 'waiting' ? sql`r.state in ('received', 'incomplete', 'prioritised', 'proposed')` : sql`r.id = any(${ids as string[]}::uuid[])`
  const all = await rows<Situation & { id: string; birthDate: string; points: number }>(
    tx,
    sql`select r.id, r.birth_date as "birthDate", r.points, r.ald, r.treatment, r.specialist, r.pregnancy, r.reduced_mobility as "reducedMobility", r.home_visit as "homeVisit", r.precarity,
          r.isolation, r.doctor_left as "doctorLeft", r.hospital_exit as "hospitalExit" from app.request r where ${which}`,
  )
  const changed = all
    .map(r => ({ id: r.id, before: r.points, points: situationPoints(rule, r, ageOn(r.birthDate, dayOf(actor.now))).total }))
    .filter(r => r.points !== r.before)
  if (changed.length)
    await run(
      tx,
      sql`update app.request r set points = n.points, rule_version = ${rule.version} from unnest(${changed.map(c => c.id)}::uuid[], ${changed.map(c => c.points)}::int[]) n(id, points) where r.id = n.id`,
    )
  return changed.length
}

/**
 * Two requests of one person become one: the older keeps its number and the older seniority of the two, and the newer leaves as
 * a duplicate. Contact details are not overwritten: the coordinator chooses them.
 */
export async function merge(tx: Tx, actor: Actor, newerId: string, olderId: string): Promise<void> {
  if (newerId === olderId) throw conflict('Une demande ne peut pas être réunie avec elle-même.')
  // Both at once and always in the same order: merged the other way round at the same instant, one waits for the other.
  const both = await rows<{ id: string; state: State }>(
    tx,
    sql`select id, state from app.request where id in (${newerId}, ${olderId}) order by id for no key update`,
  )
  const older = both.find(r => r.id === olderId)
  if (!older) throw notFound()
  await move(tx, actor, newerId, {
    to: 'exited',
    exit: 'duplicate',
    from: ['received', 'incomplete', 'admissible', 'prioritised'],
    set: sql`duplicate_of = ${olderId}`,
  })
  await run(
    tx,
    sql`update app.request set since = least(since, (select since from app.request where id = ${newerId})) where id = ${olderId}`,
  )
  if (older.state === 'exited') await move(tx, actor, olderId, { to: 'received', reason: 'merge' })
  await record(tx, actor, olderId, { kind: 'merge' })
  await audit(tx, actor, { action: 'request.merge', subject: { kind: 'request', id: olderId }, detail: { with: newerId } })
}
export type { Criterion }
