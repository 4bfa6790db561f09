/** The record of every write and of every look at a patient's data, in the transaction of what it records. */

import { roleNames, type Who } from './access.ts'
import { rows, run, sql, type Tx } from './db/types.ts'
import { randomUUIDv7 } from './ids.ts'

export interface AuditLine {
  /** `<thing>.<verb>`, e.g. `request.read`, `proposal.accept`. */
  action: string
  subject?: { kind: string; id: string }
  /** Everybody a list showed, by identifier: their page tells them how often and to whom (`shownInLists`). */
  named?: readonly string[]
  /** Codes, counts and identifiers only. */
  detail?: Record<string, string | number | boolean | null | string[]>
}
export interface Actor {
  who: Who
  now: Date
  requestId: string
  /** Instead of the usual name, when the platform knows better. */
  label?: string
}

/** Name and role as the patient will read them in « qui a ouvert mon dossier ». */
export function actorLabel(who: Who): string {
  switch (who.kind) {
    case 'member':
      return `${who.name} (${who.roles.map(r => roleNames[r].toLowerCase()).join(', ')})`
    case 'link':
      return {
        'sign-in': 'Lien de connexion',
        proposal: 'Médecin, par son lien',
        capacity: 'Médecin, par son lien',
        tracking: 'La personne elle-même, par sa page de suivi',
        draft: 'Formulaire public',
        record: 'Professionnel, par son lien',
      }[who.purpose]
    case 'system':
      return 'Trame, automatiquement'
    case 'anonymous':
      return 'Formulaire public'
  }
}

/** Who did it, as shown: what the platform knows better, or the usual name. */
export const labelOf = (actor: Actor): string => actor.label ?? actorLabel(actor.who)

export async function audit(tx: Tx, actor: Actor, ...lines: AuditLine[]): Promise<void> {
  if (lines.length === 0) return
  const { who } = actor
  const actorId = who.kind === 'member' ? who.membershipId : who.kind === 'link' ? who.linkId : null
  const label = labelOf(actor)
  const values = lines.map(
    l =>
      sql`(${randomUUIDv7()}::uuid, ${actor.now}::timestamptz, ${who.kind}, ${actorId}::uuid, ${label}, ${l.action}, ${l.subject?.kind ?? null}, ${l.subject?.id ?? null}::uuid, ${JSON.stringify(l.named ? { ...l.detail, named: [...new Set(l.named)] } : (l.detail ?? {}))}::jsonb, ${actor.requestId})`,
  )
  await run(
    tx,
    sql`insert into app.audit_event (id, at, actor_kind, actor_id, actor_label, action, subject_kind, subject_id, detail, request_id) values ${sql.join(values)}`,
  )
}

export interface ShownInLists {
  /** Name and role, as they were then. */
  who: string
  times: number
  lastAt: Date
}
/** In how many lists somebody was shown, and to whom, the latest first: the sealed lines, already summed, and those that wait for their seal. */
export const shownInLists = (tx: Tx, subjectId: string): Promise<ShownInLists[]> =>
  rows(
    tx,
    sql`select who, sum(times)::int as times, max(at) as "lastAt"
        from (select actor_label as who, times, last_at as at from app.audit_named where subject_id = ${subjectId}
              union all
              select e.actor_label, 1, e.at from app.audit_unsealed u join app.audit_event e on e.id = u.event_id
              where e.detail -> 'named' @> to_jsonb(${subjectId}::text)) shown
        group by who order by max(at) desc, who`,
  )
