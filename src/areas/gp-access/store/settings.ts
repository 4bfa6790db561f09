/** Clocks, caps and the voted rule of a community. */
import { type PriorityRule, startingRule } from '#domain/priority.ts'
import { maybe, run, sql, type Tx } from '#platform/db/types.ts'

export interface Settings {
  proposalHours: number
  travelMinutes: number
  farMinutes: number
  capacityDays: number
  /** Number to speak to somebody, +33…; null until the community gives one. */
  phone: string | null
}
const defaults: Settings = { proposalHours: 72, travelMinutes: 30, farMinutes: 60, capacityDays: 60, phone: null }

export async function settings(tx: Tx): Promise<Settings> {
  const row = await maybe<Settings>(
    tx,
    sql`select proposal_hours as "proposalHours", travel_minutes as "travelMinutes", far_minutes as "farMinutes", capacity_days as "capacityDays", phone from app.gp_settings`,
  )
  return row ?? defaults
}
export async function saveSettings(tx: Tx, s: Settings, now: Date): Promise<void> {
  await run(
    tx,
    sql`insert into app.gp_settings (proposal_hours, travel_minutes, far_minutes, capacity_days, phone, updated_at)
        values (${s.proposalHours}, ${s.travelMinutes}, ${s.farMinutes}, ${s.capacityDays}, ${s.phone}, ${now})
        on conflict (cpts_id) do update set proposal_hours = excluded.proposal_hours, travel_minutes = excluded.travel_minutes,
          far_minutes = excluded.far_minutes, capacity_days = excluded.capacity_days, phone = excluded.phone, updated_at = excluded.updated_at`,
  )
}

/** The rule in force. Before the first vote: the starting rule, version 0, said to be provisional. */
export async function currentRule(tx: Tx): Promise<PriorityRule> {
  const row = await maybe<{ version: number; decision: string; decidedOn: string; rule: Pick<PriorityRule, 'lines' | 'seniority'> }>(
    tx,
    sql`select version, decision, decided_on as "decidedOn", rule from app.priority_rule order by version desc limit 1`,
  )
  return row
    ? { version: row.version, decision: row.decision, decidedOn: row.decidedOn, ...row.rule }
    : { version: 0, decision: 'règle provisoire', decidedOn: '2026-01-01', ...startingRule }
}
/** Records a voted rule as the next version. */
export async function voteRule(
  tx: Tx,
  rule: Pick<PriorityRule, 'lines' | 'seniority'>,
  decision: string,
  decidedOn: string,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into app.priority_rule (version, decision, decided_on, rule, created_at)
        select coalesce(max(version), 0) + 1, ${decision}, ${decidedOn}, ${JSON.stringify({ lines: rule.lines, seniority: rule.seniority })}::jsonb, ${now} from app.priority_rule`,
  )
}
