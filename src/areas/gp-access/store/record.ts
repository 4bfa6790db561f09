/** One request as the coordinator reads it: himself, those around him, what happened, who looked. Eight statements, one more when others are named. */
import type { PriorityRule } from '#domain/priority.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { post } from '#platform/messages.ts'
import { inLanguage, type Language } from '#platform/ui/languages.ts'
import type { State } from '../rules.ts'
import { sayIn } from '../words/index.ts'
import { type ByHand, changesOf } from './by-hand.ts'
import { type Proposal, proposalsOf } from './proposals.ts'
import { getRequest, householdOf, move, type Request, record, requestNumber, type Step } from './requests.ts'
import { currentRule } from './settings.ts'

export interface RequestEvent {
  id: string
  at: Date
  kind: Step['kind']
  from: State | null
  to: State | null
  reason: string | null
  who: string
}
export interface Relative {
  relation: 'household' | 'older' | 'newer'
  id: string
  number: string
  birthName: string
  usedName: string | null
  givenNames: string
  birthDate: string
  state: State
  since: Date
  doctorName: string | null
}
export interface Opening {
  at: Date
  who: string
  action: string
}
export interface RecordView {
  request: Request
  rule: PriorityRule
  changes: ByHand[]
  relatives: Relative[]
  events: RequestEvent[]
  proposals: Proposal[]
  openings: Opening[]
}

export async function recordView(tx: Tx, actor: Actor, id: string): Promise<RecordView> {
  const request = await getRequest(tx, actor, id)
  const [rule, changes, relatives, events, proposals, openings] = await Promise.all([
    currentRule(tx),
    changesOf(tx, id),
    relativesOf(tx, request),
    rows<RequestEvent>(
      tx,
      sql`select id, at, kind, from_state as "from", to_state as "to", reason, actor_label as who from app.request_event where request_id = ${id} order by at desc, id desc limit 200`,
    ),
    proposalsOf(tx, id),
    rows<Opening>(
      tx,
      sql`select at, actor_label as who, action from app.audit_event where subject_id = ${id} and action in ('request.read', 'request.export') order by at desc, id desc limit 30`,
    ),
  ])
  // Whoever is named beside him is looked at too.
  const beside = { action: 'request.named', detail: { beside: id } }
  await audit(tx, actor, ...relatives.map(r => ({ ...beside, subject: { kind: 'request', id: r.id } })))
  return { request, rule, changes, relatives, events, proposals, openings }
}

/** His household, and the request he may be the same person as (older), or those that may be him again (newer). */
function relativesOf(tx: Tx, r: Request): Promise<Relative[]> {
  return rows(
    tx,
    sql`select case when o.id = ${r.duplicateOf}::uuid then 'older' when o.duplicate_of = ${r.id}::uuid then 'newer' else 'household' end as relation,
          o.id, o.number, o.birth_name as "birthName", o.used_name as "usedName", o.given_names as "givenNames", o.birth_date as "birthDate", o.state, o.since,
          (select p.name from app.membership m join platform.person p on p.id = m.person_id where m.id = o.doctor_membership_id) as "doctorName"
        from app.request o
        where o.id <> ${r.id}::uuid and (o.household_id = ${r.householdId}::uuid or o.id = ${r.duplicateOf}::uuid or (o.duplicate_of = ${r.id}::uuid and o.state <> 'exited'))
        order by o.since, o.id`,
  )
}

/** What a request may lack; codes, so that nothing about health is ever written by hand. */
export const missingKinds = ['identity', 'commune', 'contact', 'doctor', 'situation', 'consent'] as const
export type Missing = (typeof missingKinds)[number]
/** On the coordinator's screen; the patient reads `missing.…` of words/. */
export const missingLabels: Record<Missing, string> = {
  identity: 'Nom, prénoms ou date de naissance',
  commune: 'Commune d’habitation',
  contact: 'Moyen de le joindre',
  doctor: 'Savoir s’il a déjà un médecin traitant',
  situation: 'Réponses sur sa situation',
  consent: 'Son accord',
}

export interface Site {
  baseUrl: string
  home: string
  cptsName: string
}
/** Back to the patient for what is missing. True when a message left; otherwise somebody has to call. */
export async function askToComplete(tx: Tx, actor: Actor, site: Site, id: string, missing: readonly Missing[]): Promise<boolean> {
  await move(tx, actor, id, { to: 'incomplete', reason: `missing:${missing.join(',')}` })
  const [to] = await rows<{ email: string | null; language: Language }>(tx, sql`select email, language from app.request where id = ${id}`)
  if (!to?.email) return false
  const say = sayIn(to.language)
  await post(tx, actor.now, {
    reason: 'request-incomplete',
    to: { address: to.email, label: 'Patient' },
    subject: say('mail.missing', { cpts: site.cptsName }),
    body: say('mail.missing.text', {
      missing: say.list(missing.map(m => say(`missing.${m}`))),
      url: inLanguage(`${site.baseUrl}${site.home}/suivi`, to.language),
      cpts: site.cptsName,
    }),
    subjectId: id,
  })
  return true
}

/** They are two people: the suspicion is taken off, on record. */
export async function notDuplicate(tx: Tx, actor: Actor, id: string): Promise<void> {
  const changed = await run(
    tx,
    sql`update app.request set duplicate_of = null where id = ${id} and duplicate_of is not null and state <> 'exited'`,
  )
  if (changed === 0 && (await requestNumber(tx, id))) throw conflict('Cette demande n’est pas signalée comme doublon.')
  await record(tx, actor, id, { kind: 'edit', reason: 'not_duplicate' })
  await audit(tx, actor, { action: 'request.not-duplicate', subject: { kind: 'request', id } })
}

/** Joins the household of the holder of a tracking number. */
export async function joinHousehold(tx: Tx, actor: Actor, id: string, number: string): Promise<void> {
  // In one order: two relatives joined to each other at the same instant wait, and do not block each other.
  await run(tx, sql`select 1 from app.request where id = ${id} or number = ${number} order by id for no key update`)
  const householdId = await householdOf(tx, actor, number)
  const changed = await run(
    tx,
    sql`update app.request set household_id = ${householdId} where id = ${id} and household_id is distinct from ${householdId}`,
  )
  if (changed === 0) return
  await record(tx, actor, id, { kind: 'household' })
  await audit(tx, actor, { action: 'request.household', subject: { kind: 'request', id }, detail: { household: householdId } })
}
export async function leaveHousehold(tx: Tx, actor: Actor, id: string): Promise<void> {
  const changed = await run(tx, sql`update app.request set household_id = null where id = ${id} and household_id is not null`)
  if (changed === 0 && (await requestNumber(tx, id))) throw conflict('Cette demande n’est liée à aucun foyer.')
  await record(tx, actor, id, { kind: 'household', reason: 'left' })
  await audit(tx, actor, { action: 'request.household', subject: { kind: 'request', id }, detail: { household: null } })
}
