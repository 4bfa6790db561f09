/** Each rule of test/invariants.ts bites: written behind the back of the application, what it forbids is seen, by its name. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { type TestApp, testApp } from './app.ts'
import { assertSound, broken, rules } from './invariants.ts'
import { type Side, world } from './world.ts'

let t: TestApp
let a: Side
let client: pg.Client
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t))
  client = new pg.Client(t.test.superuserConfig)
  await client.connect()
})
after(async () => {
  await client?.end()
  await t?.close()
})

/** No constraint and no trigger: only the rules are left. */
const unguarded = `
  set local session_replication_role = replica;
  drop index app.proposal_one_at_a_time;
  do $$ declare c record; begin
    for c in select conrelid::regclass as t, conname from pg_constraint where contype = 'c' and conrelid in ('app.capacity'::regclass, 'app.request'::regclass, 'app.proposal'::regclass)
    loop execute format('alter table %s drop constraint %I', c.t, c.conname); end loop;
  end $$;`
const copy = (columns: string, values: string) =>
  `insert into app.proposal (cpts_id, id, request_id, membership_id, capacity_id, profile, state, sent_at, expires_at, sent_by_label, ${columns})
   select cpts_id, gen_random_uuid(), request_id, membership_id, capacity_id, profile, state, sent_at, expires_at, sent_by_label, ${values} from app.proposal`

const breaks: Record<keyof typeof rules, () => string> = {
  'more patients than places': () => `update app.capacity set total = 0`,
  'places that do not match the acceptances': () => `update app.capacity set used = used + 1, used_adult = used_adult + 1`,
  'two proposals at once': () => `${copy('minutes', 'minutes')} where id = '${a.proposals.pending}'`,
  'proposed without a proposal': () => `update app.request set state = 'proposed' where id = '${a.requests.prioritised}'`,
  'a proposal of somebody not proposed': () => `update app.request set state = 'prioritised' where id = '${a.requests.proposed}'`,
  'accepted without an acceptance, or the reverse': () =>
    `update app.request set state = 'accepted' where id = '${a.requests.prioritised}'`,
  'a doctor who is not who accepted': () =>
    `update app.request set doctor_membership_id = '${a.spare.membershipId}' where id = '${a.requests.accepted}'`,
  'closed without a visit and a declaration of this doctor': () =>
    `update app.request set declared_on = '2026-11-01', declared_by = 'patient' where id = '${a.requests.accepted}'`,
  'an answer after the clock': () => `update app.proposal set answered_at = expires_at where id = '${a.proposals.accepted}'`,
  'a proposal that outlives its clock': () =>
    `update app.proposal set expires_at = '${t.now.toISOString()}' where id = '${a.proposals.pending}'`,
  'a withdrawn proposal whose link still answers': () =>
    `update app.proposal set state = 'withdrawn', answered_at = sent_at where id = '${a.proposals.pending}'`,
  'a proposal nobody was told of': () => `delete from app.message where subject_id = '${a.proposals.pending}'`,
  'a message of nothing': () => `update app.message set subject_id = gen_random_uuid() where subject_id = '${a.proposals.pending}'`,
  'a message neither waiting nor sent nor failed': () => `update app.message set sent_at = now() where state = 'waiting'`,
  'a duplicate with more seniority than whom it was merged into': () =>
    `update app.request set state = 'exited', exit = 'duplicate', since = since - interval '1 day' where id = '${a.requests.newer}'`,
  'points by hand that are not the sum of the changes': () => `update app.request set by_hand = 9 where id = '${a.requests.received}'`,
  'somebody who waits without anything in the meantime': () => `delete from app.interim_route where request_id = '${a.requests.received}'`,
  'a step that the diagram does not have': () =>
    `update app.request_event set from_state = 'received' where to_state = 'proposed' and request_id = '${a.requests.proposed}'`,
  'a history that does not lead where the request stands': () =>
    `delete from app.request_event where to_state = 'admissible' and request_id = '${a.requests.prioritised}'`,
  'a step without its audit line, or the reverse': () =>
    `delete from app.audit_event where action = 'request.prioritised' and subject_id = '${a.requests.prioritised}'`,
  'an answer without its audit line': () =>
    `delete from app.audit_event where action = 'proposal.accept' and subject_id = '${a.requests.accepted}'`,
  'an audit line that waits for no seal': () => `delete from app.audit_seal`,
}

describe('the rules of the list', () => {
  it('hold in a world made by the application, and the chain of the audit too', () => assertSound(t))
  for (const [rule, text] of Object.entries(breaks))
    it(`sees: ${rule}`, async () => {
      await client.query('begin')
      try {
        await client.query(unguarded)
        const { rowCount } = await client.query(text())
        assert.ok(rowCount, 'nothing was broken')
        const found = await broken({ now: t.now, owner: async (q, values) => (await client.query(q, values)).rows })
        assert.ok(
          found.some(f => f.startsWith(`${rule}:`)),
          `not seen; seen: ${found.join(', ') || 'nothing'}`,
        )
      } finally {
        await client.query('rollback')
      }
    })
  it('none is left out here', () => assert.deepEqual(Object.keys(breaks), Object.keys(rules)))
})
