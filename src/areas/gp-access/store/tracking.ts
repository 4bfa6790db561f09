/** What the patient's page reads: his request by its number and his birth date, who opened it, how to reach his doctor. */
import { type Actor, audit } from '../../../platform/audit.ts'
import { maybe, rows, sql, type Tx } from '../../../platform/db/types.ts'
import { mintLink } from '../../../platform/links.ts'
import { post } from '../../../platform/messages.ts'

/** A visit to the patient's page lasts half an hour, then the number and the birth date are asked again. */
const VISIT_MS = 30 * 60_000

export const openTracking = (tx: Tx, requestId: string, now: Date): Promise<string> =>
  mintLink(tx, { purpose: 'tracking', subjectId: requestId, now, expiresAt: new Date(now.getTime() + VISIT_MS) })

/** The request of this number and birth date; null for anything else, without saying which of the two is wrong. */
export async function findTracked(tx: Tx, number: string, birthDate: string): Promise<{ id: string } | null> {
  return maybe(tx, sql`select id from app.request where number = ${number} and birth_date = ${birthDate}`)
}

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
export const doctorContact = (tx: Tx, membershipId: string): Promise<DoctorContact | null> =>
  maybe(
    tx,
    sql`select p.name, pp.phone, nullif(concat_ws(' ', pp.street, pp.postal_code, pp.commune_label), '') as address
        from app.membership m join platform.person p on p.id = m.person_id
        left join app.capacity c on c.membership_id = m.id and c.superseded_at is null
        left join lateral (select x.phone, x.street, x.postal_code, x.commune_label from ref.practice_place x where x.rpps = m.rpps order by x.commune_code = c.commune_code desc nulls last, x.id limit 1) pp on true
        where m.id = ${membershipId}`,
  )

/** « Il y a du nouveau » : never what, never who; the page says it after the number and the birth date. */
export async function tellPatient(
  tx: Tx,
  actor: Actor,
  site: { baseUrl: string; home: string; cptsName: string },
  requestId: string,
): Promise<void> {
  const r = await maybe<{ email: string | null; number: string }>(tx, sql`select email, number from app.request where id = ${requestId}`)
  if (!r?.email) return
  await post(tx, actor.now, {
    reason: 'request.news',
    to: { address: r.email, label: `Demande ${r.number}` },
    subject: `${site.cptsName} : il y a du nouveau`,
    body: `Bonjour,\n\nVotre demande de médecin traitant a avancé. Pour savoir où elle en est, ouvrez cette page avec votre numéro de suivi et votre date de naissance :\n\n${site.baseUrl}${site.home}/suivi\n\n${site.cptsName}`,
    subjectId: requestId,
  })
  await audit(tx, actor, { action: 'message.patient', subject: { kind: 'request', id: requestId } })
}
/** Sent once, on entry: the number to keep. */
export async function acknowledge(
  tx: Tx,
  actor: Actor,
  site: { baseUrl: string; home: string; cptsName: string },
  r: { id: string; number: string; email: string | null },
): Promise<void> {
  if (!r.email) return
  await post(tx, actor.now, {
    reason: 'request.received',
    to: { address: r.email, label: `Demande ${r.number}` },
    subject: `${site.cptsName} : votre numéro de suivi`,
    body: `Bonjour,\n\nVotre demande est enregistrée. Gardez ce numéro de suivi : ${r.number}\n\nPour savoir où elle en est :\n${site.baseUrl}${site.home}/suivi\n\nCette démarche ne vous empêche pas de chercher de votre côté. Si vous trouvez un médecin, dites-le sur cette page.\n\n${site.cptsName}`,
    subjectId: r.id,
  })
}
