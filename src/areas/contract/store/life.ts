/** What was recorded of the contract's life. */
import { type Actor, actorLabel, audit } from '#platform/audit.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { giveFile } from '#platform/files.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import type { LifeEvent, Party, Step, Terms } from '../rules.ts'

export interface Signatory {
  party: Party
  name: string
}
export interface Recorded extends LifeEvent {
  note: string | null
  file: { id: string; name: string; type: string; bytes: number; sha256: string } | null
  signatories: Signatory[]
  at: Date
  by: string
  withdrawn: { at: Date; by: string; reason: string } | null
}

/** Every step, the withdrawn ones included, in the order of their days. */
export function recordedSteps(tx: Tx): Promise<Recorded[]> {
  return rows(
    tx,
    sql`select e.id, e.kind, e.mission, e.day, e.note, e.at, e.by_label as by,
          case when t.event_id is not null then jsonb_build_object('fromDay', t.from_day, 'agreement', t.agreement, 'size', t.size, 'sizeReason', t.size_reason,
            'years', t.years, 'missions', t.missions, 'snpCompensation', t.snp_compensation) end as terms,
          case when f.id is not null then jsonb_build_object('id', f.id, 'name', f.given_name, 'type', f.type, 'bytes', length(f.bytes), 'sha256', encode(f.sha256, 'hex')) end as file,
          (select coalesce(jsonb_agg(jsonb_build_object('party', s.party, 'name', s.name) order by array_position(array['community', 'fund', 'agency'], s.party)), '[]')
             from app.contract_signatory s where s.event_id = e.id) as signatories,
          case when e.withdrawn_at is not null then jsonb_build_object('at', e.withdrawn_at, 'by', e.withdrawn_label, 'reason', e.withdrawn_reason) end as withdrawn
        from app.contract_event e
        left join app.contract_terms t on t.event_id = e.id and t.cpts_id = e.cpts_id
        left join app.stored_file f on f.id = e.file_id and f.cpts_id = e.cpts_id
        order by e.day, e.at, e.id`,
  )
}
/** Those that hold: what `lifeOf` takes. */
export const holding = (steps: readonly Recorded[]): Recorded[] => steps.filter(s => !s.withdrawn)

export interface StepInput extends Step {
  note: string | null
  fileId: string | null
  signatories?: Signatory[]
}
/** Records a step. A second signature or a mission started twice is refused by the index, whoever was faster. */
export async function recordStep(tx: Tx, actor: Actor, s: StepInput): Promise<string> {
  const id = randomUUIDv7()
  const written = await run(
    tx,
    sql`insert into app.contract_event (id, kind, mission, day, note, file_id, at, by_label)
        values (${id}, ${s.kind}, ${s.mission}, ${s.day}, ${s.note}, ${s.fileId}, ${actor.now}, ${actorLabel(actor.who)}) on conflict do nothing`,
  )
  if (written === 0)
    throw conflict('Cette étape vient d’être enregistrée par quelqu’un d’autre. Rechargez la page du contrat pour la voir.')
  if (s.terms) await writeTerms(tx, id, s.terms)
  for (const { party, name } of s.signatories ?? [])
    await run(tx, sql`insert into app.contract_signatory (event_id, party, name) values (${id}, ${party}, ${name})`)
  await audit(tx, actor, {
    action: `contract.${s.kind}`,
    subject: { kind: 'contract-step', id },
    detail: {
      day: s.day,
      mission: s.mission,
      file: s.fileId,
      ...(s.terms && { size: s.terms.size, missions: s.terms.missions, from: s.terms.fromDay }),
    },
  })
  return id
}
const writeTerms = (tx: Tx, eventId: string, t: Terms) =>
  run(
    tx,
    sql`insert into app.contract_terms (event_id, from_day, agreement, size, size_reason, years, missions, snp_compensation)
        values (${eventId}, ${t.fromDay}, ${t.agreement}, ${t.size}, ${t.sizeReason}, ${t.years}, ${t.missions}, ${t.snpCompensation})`,
  )

/** Takes a step back as a mistake; false when it was already, or does not exist. */
export async function withdrawStep(tx: Tx, actor: Actor, id: string, reason: string): Promise<boolean> {
  const done = await run(
    tx,
    sql`update app.contract_event set withdrawn_at = ${actor.now}, withdrawn_label = ${actorLabel(actor.who)}, withdrawn_reason = ${reason}
        where id = ${id} and withdrawn_at is null`,
  )
  if (done === 0) return false
  await audit(tx, actor, { action: 'contract.withdraw', subject: { kind: 'contract-step', id } })
  return true
}

/** A file of the contract's own, and of nothing else: the rows that name it decide, not its identifier. */
export async function contractFile(tx: Tx, actor: Actor, id: string) {
  const ours = await maybe(
    tx,
    sql`select 1 from app.contract_event where file_id = ${id} union all select 1 from app.contract_annex where file_id = ${id}
        union all select 1 from app.contract_figure where file_id = ${id} union all select 1 from app.contract_confirmation where file_id = ${id}
        union all select 1 from app.ledger_entry where book = 'proofs' and payload::jsonb #>> '{said,file,id}' = ${id} limit 1`,
  )
  return ours ? giveFile(tx, actor, id) : null
}
