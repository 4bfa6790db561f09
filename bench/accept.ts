/**
 * npm run bench -- accept [--trials 15]
 *
 * A hundred doctors' clicks at the same instant on a hundred patients, seven places. Three ways, alternating, same server, same rows:
 * ours          the product's own `accept`: conditional updates, with its history and its audit lines;
 * check first   reads how many places are left, then writes: what one writes without thinking (same writes, same history and audit);
 * serializable  check first, in SERIALIZABLE transactions tried again until they pass.
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { aCapacity, aPatient } from '#areas/gp-access/gp-access.fixture.ts'
import { stateCapacity } from '#areas/gp-access/store/capacities.ts'
import { accept, propose } from '#areas/gp-access/store/proposals.ts'
import { admit, enterRequest } from '#areas/gp-access/store/requests.ts'
import { createPerson } from '#areas/people/index.ts'
import type { Actor } from '#platform/audit.ts'
import { createCommunity } from '#platform/db/communities.ts'
import { Problem } from '#platform/errors.ts'
import { machine, median, openBench, print, spread } from './kit/kit.ts'

const CLICKS = 100
const PLACES = 7
const { values } = parseArgs({ options: { trials: { type: 'string', default: '15' } } })

const bench = await openBench(16)
const naivePool = new pg.Pool({ ...bench.owner, max: 16, pipeline: true } as pg.PoolConfig)
try {
  const { cptsId, proposals } = await hundredProposals()
  const ways = {
    ours: () => settle(proposals.map(p => bench.db.inTenant(cptsId, tx => accept(tx, actor(), p)))),
    'check first': () => settle(proposals.map(p => checkFirst(cptsId, p, 'read committed'))),
    serializable: () => settle(proposals.map(p => checkFirst(cptsId, p, 'serializable'))),
  }
  const results = Object.fromEntries(Object.keys(ways).map(w => [w, { ms: [] as number[], yes: [] as number[] }]))
  const names = Object.keys(ways) as (keyof typeof ways)[]
  for (let trial = 0; trial < Number(values.trials) + 1; trial++) {
    // The order turns so that no way always comes first.
    for (const way of [...names.slice(trial % 3), ...names.slice(0, trial % 3)]) {
      await reset(cptsId)
      const from = performance.now()
      const yes = await ways[way]()
      if (trial > 0) {
        results[way]!.ms.push(performance.now() - from)
        results[way]!.yes.push(yes)
      }
    }
  }
  print(machine())
  print(`${CLICKS} clicks at once, ${PLACES} places, ${values.trials} trials each, alternating; fsync on. Times of the whole hundred.`)
  print()
  print('way            yes said (median, range)   time ms (median, range)')
  for (const way of names) {
    const { ms, yes } = results[way]!
    print(
      `${way.padEnd(14)} ${String(median(yes)).padStart(4)}  ${spread(yes, 0).padEnd(18)} ${median(ms).toFixed(0).padStart(6)}  ${spread(ms, 0)}`,
    )
  }
  const ratio = (a: keyof typeof ways, b: keyof typeof ways) => median(results[a]!.ms.map((t, i) => t / results[b]!.ms[i]!))
  print()
  print(
    `ours / check first  ${ratio('ours', 'check first').toFixed(2)}   (wished: at most 1.2; « check first » gives away places that do not exist)`,
  )
  print(`ours / serializable ${ratio('ours', 'serializable').toFixed(2)}   (wished: at most 0.35)`)
  if (results.ours!.yes.some(y => y !== PLACES)) throw new Error('ours said a number of yes that is not the number of places')
} finally {
  await naivePool.end()
  await bench.close()
}

function actor(): Actor {
  return { who: { kind: 'system', job: 'bench' }, now: new Date(), requestId: 'bench' }
}
async function settle(all: Promise<unknown>[]): Promise<number> {
  const done = await Promise.allSettled(all)
  for (const d of done) if (d.status === 'rejected' && !(d.reason instanceof Problem) && d.reason.message !== 'full') throw d.reason
  return done.filter(d => d.status === 'fulfilled').length
}

async function hundredProposals(): Promise<{ cptsId: string; proposals: string[] }> {
  await bench.admin.query(
    `insert into ref.commune (code, name, department, postal_codes, lon, lat) values ('91377', 'Massy', '91', '{91300}', 2.28, 48.73)`,
  )
  const { id: cptsId } = (await createCommunity(bench.owner, { slug: 'bench', name: 'Bench' }))!
  return bench.db.inTenant(cptsId, async tx => {
    const created = await createPerson(tx, { name: 'Dr Bench', email: null, roles: ['doctor'], since: '2026-01-01' })
    if ('taken' in created) throw new Error('taken')
    await stateCapacity(tx, actor(), created.membershipId, aCapacity({ total: CLICKS, until: '2099-01-01' }), 'doctor')
    const proposals: string[] = []
    for (let i = 0; i < CLICKS; i++) {
      const { id } = await enterRequest(tx, actor(), aPatient({ email: null }), 'patient')
      await admit(tx, actor(), id)
      proposals.push(
        await propose(
          tx,
          actor(),
          { baseUrl: '', home: '', cptsName: '' },
          { requestId: id, membershipId: created.membershipId, minutes: 1 },
        ),
      )
    }
    return { cptsId, proposals }
  })
}
/** Back to a hundred questions without an answer. The check constraint goes away for the two others: they would break it. */
async function reset(cptsId: string): Promise<void> {
  const client = await bench.admin.connect()
  try {
    await client.query(`select set_config('app.cpts_id', $1, false)`, [cptsId])
    await client.query(
      `alter table app.capacity drop constraint if exists capacity_check; alter table app.capacity drop constraint if exists capacity_check5`,
    )
    await client.query(`update app.capacity set used = 0, used_adult = 0, total = ${PLACES}`)
    await client.query(`update app.proposal set state = 'pending', answered_at = null where state <> 'pending'`)
    await client.query(`update app.request set state = 'proposed', doctor_membership_id = null`)
  } finally {
    client.release()
  }
}
/** The same rows written as ours does, after a look at what is left instead of with a condition. */
async function checkFirst(cptsId: string, proposalId: string, isolation: 'read committed' | 'serializable'): Promise<void> {
  for (;;) {
    const c = await naivePool.connect()
    try {
      await Promise.all([c.query(`begin isolation level ${isolation}`), c.query(`select set_config('app.cpts_id', $1, true)`, [cptsId])])
      const { rows } = await c.query(
        `select p.request_id, p.membership_id, p.cpts_id, c.id as capacity_id, c.used, c.total from app.proposal p join app.capacity c on c.membership_id = p.membership_id and c.superseded_at is null where p.id = $1 and p.state = 'pending'`,
        [proposalId],
      )
      const r = rows[0]
      if (!r || r.used >= r.total) {
        await c.query('rollback')
        throw new Error('full')
      }
      await c.query(`update app.proposal set state = 'accepted', answered_at = now() where id = $1`, [proposalId])
      await c.query(`update app.capacity set used = $2, used_adult = $2 where id = $1`, [r.capacity_id, r.used + 1])
      await c.query(`update app.request set state = 'accepted', doctor_membership_id = $2, state_at = now() where id = $1`, [
        r.request_id,
        r.membership_id,
      ])
      await c.query(
        `insert into app.request_event (cpts_id, id, request_id, at, kind, from_state, to_state, actor_label) values ($1, gen_random_uuid(), $2, now(), 'transition', 'proposed', 'accepted', 'bench')`,
        [r.cpts_id, r.request_id],
      )
      await c.query(
        `insert into app.audit_event (cpts_id, id, at, actor_kind, actor_label, action, subject_kind, subject_id, request_id) values ($1, gen_random_uuid(), now(), 'system', 'bench', 'request.accepted', 'request', $2, 'bench'), ($1, gen_random_uuid(), now(), 'system', 'bench', 'proposal.accept', 'request', $2, 'bench')`,
        [r.cpts_id, r.request_id],
      )
      await c.query('commit')
      return
    } catch (error) {
      await c.query('rollback').catch(() => {})
      if ((error as { code?: string }).code !== '40001') throw error
    } finally {
      c.release()
    }
  }
}
