/**
 * What is true of the waiting list at every instant, whoever wrote and whatever stopped in the middle. One statement over all
 * communities; each rule answers the rows that break it. Tests of faults ask it after whatever they did.
 */
import assert from 'node:assert/strict'
import { mayFollow, states } from '#areas/gp-access/rules.ts'
import { ERASED } from '#areas/gp-access/store/retention.ts'
import { seal, verifyAudit } from '#platform/audit-chain.ts'
import type { TestApp } from './app.ts'

/** Of an erased request a few counts stay, which no longer add up. */
const unerased = `r.birth_name <> '${ERASED}'`
const kept = `('accepted', 'appointed', 'seen', 'declared', 'closed')`
const steps = states.flatMap(from => states.filter(to => mayFollow(from, to)).map(to => `('${from}', '${to}')`)).join(', ')
/** How many times a step was taken, and how many times it was put on record. */
const stepsAndLines = `
  select coalesce(e.cpts_id, a.cpts_id) as cpts_id, coalesce(e.request_id, a.request_id) as id
  from (select cpts_id, request_id, to_state, count(*) n from app.request_event where kind = 'transition' group by 1, 2, 3) e
  full join (select cpts_id, subject_id as request_id, case action when 'request.enter' then 'received' else substr(action, 9) end as to_state, count(*) n
             from app.audit_event where subject_kind = 'request' and (action = 'request.enter' or action in (${states.map(s => `'request.${s}'`).join(', ')})) group by 1, 2, 3) a
    using (cpts_id, request_id, to_state)
  where e.n is distinct from a.n`
/** Each step leads from where the last one led: what enters a state less what leaves it is 1 where the request stands, 0 elsewhere. */
const brokenHistory = `
  select r.cpts_id, r.id from app.request r cross join unnest(array[${states.map(s => `'${s}'`).join(', ')}]) s (state)
    left join lateral (select count(*) filter (where e.to_state = s.state) - count(*) filter (where e.from_state = s.state) as n
      from app.request_event e where e.cpts_id = r.cpts_id and e.request_id = r.id and e.kind = 'transition') e on true
  where e.n <> (r.state = s.state)::int`
const answers = `
  select q.cpts_id, q.id from app.proposal q
    left join lateral (select count(*) filter (where a.action = 'proposal.send') as sent,
        count(*) filter (where a.action = case q.state when 'accepted' then 'proposal.accept' when 'refused' then 'proposal.refuse' when 'expired' then 'proposal.expire' when 'withdrawn' then 'proposal.withdraw' end) as said
      from app.audit_event a where a.cpts_id = q.cpts_id and a.subject_id = q.request_id and a.detail ->> 'proposal' = q.id::text) a on true
  where a.sent <> 1 or a.said <> (q.state <> 'pending')::int`

/** The name of a rule is what is wrong when it answers something. `$1` is the instant at which clocks are looked at. */
export const rules: Record<string, string> = {
  'more patients than places': `select cpts_id, id from app.capacity where used not between 0 and total or used <> used_adult + used_child + used_ald + used_home
    or used_adult > adult or used_child > child or used_ald > ald or used_home > home`,
  'places that do not match the acceptances': `select c.cpts_id, c.id from app.capacity c
    where c.used <> (select count(*) from app.proposal q where q.cpts_id = c.cpts_id and q.capacity_id = c.id and q.state = 'accepted')`,
  'two proposals at once': `select cpts_id, request_id from app.proposal where state in ('pending', 'accepted') group by cpts_id, request_id having count(*) > 1`,
  'proposed without a proposal': `select r.cpts_id, r.id from app.request r
    where r.state = 'proposed' and not exists (select from app.proposal q where q.cpts_id = r.cpts_id and q.request_id = r.id and q.state = 'pending')`,
  'a proposal of somebody not proposed': `select q.cpts_id, q.id from app.proposal q join app.request r on r.cpts_id = q.cpts_id and r.id = q.request_id
    where q.state = 'pending' and r.state <> 'proposed'`,
  'accepted without an acceptance, or the reverse': `select r.cpts_id, r.id from app.request r
    where (r.state in ${kept}) <> exists (select from app.proposal q where q.cpts_id = r.cpts_id and q.request_id = r.id and q.state = 'accepted')`,
  'a doctor who is not who accepted': `select r.cpts_id, r.id from app.request r left join app.proposal q on q.cpts_id = r.cpts_id and q.request_id = r.id and q.state = 'accepted'
    where r.doctor_membership_id is distinct from q.membership_id`,
  'closed without a visit and a declaration of this doctor': `select r.cpts_id, r.id from app.request r
    where (r.state in ('declared', 'closed') and (r.seen_on is null or r.declared_on is null))
       or (r.declared_on is not null and not exists (select from app.request_event e where e.cpts_id = r.cpts_id and e.request_id = r.id and e.reason like 'declared:%'
             and e.id > (select max(x.id::text)::uuid from app.request_event x where x.cpts_id = r.cpts_id and x.request_id = r.id and x.to_state = 'accepted')))`,
  'an answer after the clock': `select cpts_id, id from app.proposal
    where (state in ('accepted', 'refused') and answered_at >= expires_at) or (state = 'expired' and answered_at < expires_at)`,
  'a proposal that outlives its clock': `select cpts_id, id from app.proposal where state = 'pending' and expires_at <= $1::timestamptz`,
  'a withdrawn proposal whose link still answers': `select q.cpts_id, q.id from app.proposal q join app.signed_link l on l.cpts_id = q.cpts_id and l.subject_id = q.id and l.purpose = 'proposal'
    where q.state = 'withdrawn' and l.revoked_at is null`,
  'a proposal nobody was told of': `select q.cpts_id, q.id from app.proposal q
    where not exists (select from app.message m where m.cpts_id = q.cpts_id and m.subject_id = q.id) or not exists (select from app.signed_link l where l.cpts_id = q.cpts_id and l.subject_id = q.id)`,
  'a message of nothing': `select m.cpts_id, m.id from app.message m
    where m.reason = 'proposal' and not exists (select from app.proposal q where q.cpts_id = m.cpts_id and q.id = m.subject_id)`,
  'a message neither waiting nor sent nor failed': `select cpts_id, id from app.message where (state = 'sent') <> (sent_at is not null)`,
  'a duplicate with more seniority than whom it was merged into': `select r.cpts_id, r.id from app.request r left join app.request o on o.cpts_id = r.cpts_id and o.id = r.duplicate_of
    where r.exit = 'duplicate' and ${unerased} and (o.id is null or o.since > r.since)`,
  'points by hand that are not the sum of the changes': `select r.cpts_id, r.id from app.request r
    where ${unerased} and r.by_hand <> (select coalesce(sum(c.points), 0) from app.priority_change c where c.cpts_id = r.cpts_id and c.request_id = r.id and c.undone_at is null)`,
  'somebody who waits without anything in the meantime': `select r.cpts_id, r.id from app.request r
    where r.state in ('received', 'admissible', 'prioritised', 'proposed') and not exists (select from app.interim_route i where i.cpts_id = r.cpts_id and i.request_id = r.id)`,
  'a step that the diagram does not have': `select e.cpts_id, e.id from app.request_event e where e.kind = 'transition'
    and not (e.from_state is null and e.to_state = 'received') and (e.from_state, e.to_state) not in (values ${steps})`,
  'a history that does not lead where the request stands': brokenHistory,
  'a step without its audit line, or the reverse': stepsAndLines,
  'an answer without its audit line': answers,
  'an audit line that waits for no seal': `select e.cpts_id, e.id from app.audit_event e
    where not exists (select from app.audit_unsealed u where u.cpts_id = e.cpts_id and u.event_id = e.id) and not exists (select from app.audit_seal s where s.cpts_id = e.cpts_id and s.event_id = e.id)`,
}
const all = Object.entries(rules)
  .map(([rule, text]) => `select '${rule}' as rule, x.* from (${text}) x (cpts_id, id)`)
  .join('\nunion all\n')

/** What is broken in one community or in all: `rule: id`, none when all is well. */
export async function broken(t: Pick<TestApp, 'owner' | 'now'>, cptsId: string | null = null): Promise<string[]> {
  const found = await t.owner(`select rule, id from (${all}) a where $2::uuid is null or cpts_id = $2`, [t.now, cptsId])
  return found.map(r => `${r.rule}: ${r.id}`)
}
/** Every rule, and the chain of the audit. */
export async function assertSound(t: TestApp, cptsId: string | null = null, what = 'the list'): Promise<void> {
  assert.deepEqual(await broken(t, cptsId), [], what)
  for (const { id } of await t.owner('select id from platform.cpts where $1::uuid is null or id = $1', [cptsId])) {
    await seal(t.db, String(id))
    const { faults, unsealed } = await verifyAudit(t.db, String(id))
    assert.deepEqual({ faults, unsealed: unsealed.count }, { faults: [], unsealed: 0 }, `${what}: the audit chain`)
  }
}
