/** The record of every write and of every look at a patient's data, in the transaction of what it records. */

import { roleNames, type Who } from './access.ts'
import { run, sql, type Tx } from './db/types.ts'
import { randomUUIDv7 } from './ids.ts'

export interface AuditLine {
  /** `<thing>.<verb>`, e.g. `request.read`, `proposal.accept`. */
  action: string
  subject?: { kind: string; id: string }
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
      sql`(${randomUUIDv7()}::uuid, ${actor.now}::timestamptz, ${who.kind}, ${actorId}::uuid, ${label}, ${l.action}, ${l.subject?.kind ?? null}, ${l.subject?.id ?? null}::uuid, ${JSON.stringify(l.detail ?? {})}::jsonb, ${actor.requestId})`,
  )
  await run(
    tx,
    sql`insert into app.audit_event (id, at, actor_kind, actor_id, actor_label, action, subject_kind, subject_id, detail, request_id) values ${sql.join(values)}`,
  )
}
