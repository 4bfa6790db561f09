/** A new rule: who stands where today, and voting it on the version that was seen. Past versions stay, to replay past plans. */
import { ageOn, type PriorityRule, type Situation } from '#domain/priority.ts'
import { type Actor, audit } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, rows, run, sql, type Tx } from '#platform/db/types.ts'
import { conflict } from '#platform/errors.ts'
import { differences, type Standing, type Voted } from '../standing.ts'
import { rescore } from './requests.ts'
import { currentRule } from './settings.ts'

/** Everybody in the list who waits for a doctor. Numbers, no names. */
export async function standings(tx: Tx, now: Date): Promise<Standing[]> {
  const today = dayOf(now)
  const all = await rows<Situation & { id: string; number: string; birthDate: string; since: Date; byHand: number }>(
    tx,
    sql`select id, number, birth_date as "birthDate", since, by_hand as "byHand", ald, treatment, specialist, pregnancy, reduced_mobility as "reducedMobility", home_visit as "homeVisit", precarity,
          isolation, doctor_left as "doctorLeft", hospital_exit as "hospitalExit" from app.request where state in ('admissible', 'prioritised')`,
  )
  return all.map(({ birthDate, ...r }) => ({ ...r, age: ageOn(birthDate, today) }))
}

/** The rule of a version, as it was voted; null when there is none. Version 0 is the starting rule. */
export async function ruleOf(tx: Tx, version: number): Promise<PriorityRule | null> {
  const row = await maybe<{ decision: string; decidedOn: string; rule: Voted }>(
    tx,
    sql`select decision, decided_on as "decidedOn", rule from app.priority_rule where version = ${version}`,
  )
  return row && { version, decision: row.decision, decidedOn: row.decidedOn, ...row.rule }
}
export const ruleHistory = (tx: Tx): Promise<{ version: number; decision: string; decidedOn: string; rule: Voted }[]> =>
  rows(tx, sql`select version, decision, decided_on as "decidedOn", rule from app.priority_rule order by version desc`)

/** Votes `rule` as the version after `seen`, and gives everybody who waits his points under it. 409 when another was voted meanwhile. */
export async function adoptRule(
  tx: Tx,
  actor: Actor,
  o: { rule: Voted; seen: number; decision: string; decidedOn: string },
): Promise<{ version: number; rescored: number }> {
  const before = await currentRule(tx)
  if (before.version !== o.seen) throw conflict('Une autre règle a été votée entre-temps. Rechargez la page et comparez de nouveau.')
  const version = o.seen + 1
  // The key settles two votes at the same instant: the second writes nothing.
  const written = await run(
    tx,
    sql`insert into app.priority_rule (version, decision, decided_on, rule, created_at)
        values (${version}, ${o.decision}, ${o.decidedOn}, ${JSON.stringify({ lines: o.rule.lines, seniority: o.rule.seniority })}::jsonb, ${actor.now}) on conflict do nothing`,
  )
  if (written === 0) throw conflict('Une autre règle a été votée entre-temps. Rechargez la page et comparez de nouveau.')
  const rescored = await rescore(tx, actor, 'waiting')
  await audit(tx, actor, {
    action: 'rule.adopt',
    detail: { version, decidedOn: o.decidedOn, lines: differences(before, o.rule).length, rescored },
  })
  return { version, rescored }
}
