/** What the patient's page reads: his request by its number and his birth date, who opened it, how to reach his doctor. */
import { quiet } from '#areas/directory/index.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { maybe, rows, sql, type Tx } from '#platform/db/types.ts'
import { mintLink } from '#platform/links.ts'
import { post } from '#platform/messages.ts'
import { inLanguage, type Language } from '#platform/ui/languages.ts'
import { sayIn } from '../words/index.ts'
import type { Site } from './record.ts'

/** A visit to the patient's page lasts half an hour, then the number and the birth date are asked again. */
const VISIT_MS = 30 * 60_000

export const openTracking = (tx: Tx, requestId: string, now: Date): Promise<string> =>
  mintLink(tx, { purpose: 'tracking', subjectId: requestId, now, expiresAt: new Date(now.getTime() + VISIT_MS) })

/** The request of this number and birth date; null for anything else, without saying which of the two is wrong. */
export async function findTracked(tx: Tx, number: string, birthDate: string): Promise<{ id: string } | null> {
  return maybe(tx, sql`select id from app.request where number = ${number} and birth_date = ${birthDate}`)
}

/** Whether somebody holds this tracking number. */
export const knowsNumber = async (tx: Tx, number: string): Promise<boolean> =>
  (await maybe(tx, sql`select from app.request where number = ${number}`)) !== null

export interface Opening {
  at: Date
  who: string
  action: string
}
/** Everybody who opened the file, newest first: the audit itself, not a copy of it. The patient's own visits are left out. */
export const openings = (tx: Tx, requestId: string): Promise<Opening[]> =>
  rows(
    tx,
    sql`select at, actor_label as who, action from app.audit_event
        where subject_id = ${requestId} and (action like '%.read' or action like '%.export') and not (actor_kind = 'link' and actor_id in (select id from app.signed_link where purpose = 'tracking'))
        order by at desc, id desc limit 200`,
  )

export interface DoctorContact {
  name: string
  /** Public numbers of his practice, from the national directory. */
  phone: string | null
  address: string | null
}
export async function doctorContact(tx: Tx, membershipId: string): Promise<DoctorContact | null> {
  const found = await maybe<DoctorContact>(
    tx,
    sql`select p.name, pp.phone, nullif(concat_ws(', ', pp.street, nullif(concat_ws(' ', pp.postal_code, pp.commune_label), '')), '') as address
        from app.membership m join platform.person p on p.id = m.person_id
        left join app.capacity c on c.membership_id = m.id and c.superseded_at is null
        left join lateral (select x.phone, x.street, x.postal_code, x.commune_label from ref.practice_place x where x.rpps = m.rpps order by x.commune_code = c.commune_code desc nulls last, x.id limit 1) pp on true
        where m.id = ${membershipId}`,
  )
  return found && { ...found, address: found.address && quiet(found.address).replace(/(\d{5}) /, '$1\u00a0') }
}

/** « Il y a du nouveau » : never what, never who; the page says it after the number and the birth date. In his language. */
export async function tellPatient(tx: Tx, actor: Actor, site: Site, requestId: string): Promise<void> {
  const r = await maybe<{ email: string | null; number: string; language: Language }>(
    tx,
    sql`select email, number, language from app.request where id = ${requestId}`,
  )
  if (!r?.email) return
  const say = sayIn(r.language)
  await post(tx, actor.now, {
    reason: 'request.news',
    to: { address: r.email, label: `Demande ${r.number}` },
    subject: say('mail.news', { cpts: site.cptsName }),
    body: say('mail.news.text', { cpts: site.cptsName, url: followUrl(site, r.language) }),
    subjectId: requestId,
  })
  await audit(tx, actor, { action: 'message.patient', subject: { kind: 'request', id: requestId } })
}
/** Where a number and a birth date open his page: never anything personal in the address. */
export const followUrl = (site: Pick<Site, 'baseUrl' | 'home'>, language: Language): string =>
  inLanguage(`${site.baseUrl}${site.home}/suivi`, language)

/** Sent once, on entry: the number to keep. */
export async function acknowledge(
  tx: Tx,
  actor: Actor,
  site: Site,
  r: { id: string; number: string; email: string | null; language: Language },
): Promise<void> {
  if (!r.email) return
  const say = sayIn(r.language)
  await post(tx, actor.now, {
    reason: 'request.received',
    to: { address: r.email, label: `Demande ${r.number}` },
    subject: say('mail.number', { cpts: site.cptsName }),
    body: say('mail.number.text', { cpts: site.cptsName, number: r.number, url: followUrl(site, r.language) }),
    subjectId: r.id,
  })
}
