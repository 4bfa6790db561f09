import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { audit } from './audit.ts'
import { systemClock } from './clock.ts'
import { type Database, openDatabase } from './db/database.ts'
import { sql } from './db/types.ts'
import { deadRuns, retryRuns } from './dead-jobs.ts'
import { askJob, type Jobs, type JobsOptions, performOnce, startJobs } from './jobs.ts'
import { type Fields, silentLog } from './log.ts'
import type { Job, PlatformJob } from './page.ts'

let base: TestDatabase
let db: Database
let admin: pg.Client
const noe = randomUUID()
const other = randomUUID()

before(async () => {
  base = await testDatabase()
  db = openDatabase({ connection: base.appConfig })
  admin = new pg.Client(base.superuserConfig)
  await admin.connect()
  for (const [id, slug] of [
    [noe, 'noe'],
    [other, 'autre'],
  ])
    await admin.query('insert into platform.cpts (id, slug, name) values ($1, $2, $2)', [id, slug])
})
after(async () => {
  await db.close()
  await admin.end()
  await base.drop()
})

async function withJobs(list: (Job | PlatformJob)[], work: (jobs: Jobs, logged: Fields[]) => Promise<void>): Promise<void> {
  const logged: Fields[] = []
  const log = { ...silentLog, error: (event: string, fields: Fields = {}) => void logged.push({ event, ...fields }) }
  const options: JobsOptions = {
    db,
    areas: [{ name: 'test', routes: [], jobs: list }],
    clock: systemClock,
    log,
    baseUrl: 'http://localhost',
    demo: false,
  }
  const jobs = await startJobs(options)
  try {
    await work(jobs, logged)
  } finally {
    await jobs.stop(1000)
    await admin.query('delete from jobs.job')
  }
}
async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  for (const end = performance.now() + ms; !(await condition()); ) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
const count = async (text: string) => Number((await admin.query(`select count(*) from ${text}`)).rows[0].count)

test('a tick runs the job once for each community, inside it, and what it writes is there', async () => {
  const seen: string[] = []
  const job: Job = {
    name: 'test.look',
    schedule: '0 3 * * *',
    async work(ctx) {
      const here = await ctx.inTenant(async tx => {
        await audit(tx, ctx, { action: 'test.look' })
        return (await sql<{ id: string }>`select app.cpts_id() as id`.execute(tx)).rows[0]!.id
      })
      assert.equal(here, ctx.cpts.id)
      seen.push(ctx.cpts.slug)
    },
  }
  await withJobs([job], async jobs => {
    const from = performance.now()
    await jobs.tick('test.look')
    await until('both communities visited', () => seen.length === 2)
    // Woken by the announcement; polling alone would take up to five seconds.
    assert.ok(performance.now() - from < 2500, `picked up after ${performance.now() - from} ms`)
    await until('both settled', async () => (await count("jobs.job where name = 'run' and state = 'completed'")) === 2)
  })
  assert.deepEqual(seen.sort(), ['autre', 'noe'])
  assert.equal(await count("app.audit_event where action = 'test.look' and actor_kind = 'system'"), 2)
})

test('a job said once is run once for all; why it crosses communities is on record before it opens one, and stays when it fails', async () => {
  let runs = 0
  const seen: string[] = []
  const job: PlatformJob = {
    name: 'test.across',
    schedule: '0 3 * * *',
    once: true,
    async work(ctx) {
      runs++
      await ctx.asPlatform('test of work across communities', async across => {
        for (const { id } of across.communities)
          seen.push(await across.inTenant(id, async tx => (await sql<{ id: string }>`select app.cpts_id() as id`.execute(tx)).rows[0]!.id))
      })
    },
  }
  await withJobs([job], async jobs => {
    await jobs.tick('test.across')
    await until('settled', async () => (await count("jobs.job where name = 'run' and state = 'completed'")) === 1)
  })
  assert.equal(runs, 1)
  assert.deepEqual(seen.sort(), [noe, other].sort())
  const onRecord = "platform.audit_event where reason = 'test of work across communities'"
  assert.equal(await count(onRecord), 1)
  const fails: PlatformJob = {
    ...job,
    work: ctx => ctx.asPlatform('test of work across communities', () => Promise.reject(new Error('no'))),
  }
  await assert.rejects(performOnce({ db, clock: systemClock, demo: false }, fails), /no/)
  assert.equal(await count(onRecord), 2)
})

test('a job asked for by a transaction runs in its community once it has committed, and not at all when it rolls back', async () => {
  const seen: string[] = []
  let open = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const job: Job = {
    name: 'test.asked',
    schedule: '0 3 * * *',
    async work(ctx) {
      seen.push(ctx.cpts.slug)
      if (seen.length === 1) await gate
    },
  }
  await withJobs([job], async () => {
    await assert.rejects(
      db.inTenant(other, async tx => {
        await askJob(tx, 'test.asked')
        throw new Error('rolled back')
      }),
    )
    await db.inTenant(noe, async tx => {
      await askJob(tx, 'test.asked')
      await askJob(tx, 'test.unknown')
      assert.deepEqual(seen, [])
    })
    await until('asked and run', () => seen.length === 1)
    // Asked again while it runs: the run under way may have looked already, so another follows.
    await db.inTenant(noe, tx => askJob(tx, 'test.asked'))
    await new Promise(resolve => setTimeout(resolve, 500))
    open()
    await until('the second ask served', () => seen.length === 2)
  })
  assert.deepEqual(seen, ['noe', 'noe'])
})

test('a schedule is kept, replaced, and taken away with its job', async () => {
  const job = (name: string, schedule: string): Job => ({ name, schedule, async work() {} })
  const kept = async () => (await admin.query('select key, cron from jobs.schedule order by key')).rows
  await withJobs([job('test.a', '*/5 * * * *'), job('test.b', '0 4 * * *')], async () => {})
  assert.deepEqual(await kept(), [
    { key: 'test.a', cron: '*/5 * * * *' },
    { key: 'test.b', cron: '0 4 * * *' },
  ])
  await withJobs([job('test.b', '0 5 * * *')], async () => {})
  assert.deepEqual(await kept(), [{ key: 'test.b', cron: '0 5 * * *' }])
})

test('a job that always fails is tried again, then put aside with a reason that quotes nothing; the others go on', async () => {
  let tries = 0
  let fine = 0
  let cured = false
  const poison: Job = {
    name: 'test.poison',
    schedule: '0 3 * * *',
    async work() {
      tries++
      if (cured) return
      throw Object.assign(new TypeError('Mme Canari, 85 ans'), { code: 'X1' })
    },
  }
  const good: Job = {
    name: 'test.good',
    schedule: '0 3 * * *',
    async work() {
      fine++
    },
  }
  await withJobs([poison, good], async (jobs, logged) => {
    await admin.query("update jobs.queue set retry_limit = 1, retry_delay = 1, retry_backoff = false where name = 'run'")
    await jobs.tick('test.poison')
    // A second tick while the run is under way or waiting for its next attempt adds nothing.
    await jobs.tick('test.poison')
    await jobs.tick('test.good')
    await until('the good one ran everywhere', () => fine === 2)
    await until('put aside', async () => (await count("jobs.job where name = 'dead'")) === 2, 40_000)
    const { rows } = await admin.query("select data, source_output::text as reason from jobs.job where name = 'dead'")
    for (const { data, reason } of rows) {
      assert.equal(data.job, 'test.poison')
      assert.match(reason, /TypeError X1 src\/platform\/jobs\.test\.ts/)
      assert.doesNotMatch(reason, /Canari/)
    }
    assert.equal(tries, 4)
    const put = await deadRuns(db)
    assert.deepEqual(put.map(r => [r.slug, r.job]).sort(), [
      ['autre', 'test.poison'],
      ['noe', 'test.poison'],
    ])
    for (const { reason } of put) assert.match(reason, /^TypeError X1 src\/platform\/jobs\.test\.ts:\d+/)
    // The cause is gone: one is given back, by its identifier, and does its work; the other stays.
    cured = true
    const noes = put.filter(r => r.slug === 'noe')
    assert.equal(await retryRuns(db, new Date(), noes), 1)
    await until('tried again', () => tries === 5)
    assert.deepEqual(
      (await deadRuns(db)).map(r => r.slug),
      ['autre'],
    )
    assert.equal(await retryRuns(db, new Date(), noes), 1, 'again: one more line of the record, and the queue as it was')
    const { rows: lines } = await admin.query(
      "select cpts_id, actor_kind, detail from app.audit_event where action = 'job.retry' order by at limit 1",
    )
    assert.deepEqual(lines, [{ cpts_id: noe, actor_kind: 'system', detail: { job: 'test.poison', run: noes[0]!.id } }])
    assert.equal(logged.filter(line => line.event === 'job-failed').length, 4)
    assert.doesNotMatch(JSON.stringify(logged), /Canari/)
  })
})

test('a frozen worker whose run was given to another writes nothing', async () => {
  let release = () => {}
  const frozen = new Promise<void>(resolve => {
    release = resolve
  })
  let held = false
  const job: Job = {
    name: 'test.frozen',
    schedule: '0 3 * * *',
    async work(ctx) {
      if (ctx.cpts.id !== noe) return
      held = true
      await frozen
      await ctx.inTenant(tx => audit(tx, ctx, { action: 'test.frozen' }))
    },
  }
  await withJobs([job], async (jobs, logged) => {
    await jobs.tick('test.frozen')
    await until('the run is held', () => held)
    // What supervision does to a worker that no longer shows life.
    await admin.query(
      "update jobs.job set state = 'retry', retry_count = 1, start_after = now() + interval '1 hour' where data->>'cptsId' = $1",
      [noe],
    )
    release()
    await until('the stale worker gave up', () => logged.some(line => line.name === 'LeaseLost'))
  })
  assert.equal(await count("app.audit_event where action = 'test.frozen'"), 0)
})

test('stopping gives the runs under way back to the queue at once', async () => {
  const job: Job = { name: 'test.long', schedule: '0 3 * * *', work: () => new Promise(resolve => setTimeout(resolve, 20_000).unref()) }
  await withJobs([job], async jobs => {
    await jobs.tick('test.long')
    await until('one held', async () => (await count("jobs.job where name = 'run' and state = 'active'")) === 1)
    const from = performance.now()
    await jobs.stop(1000)
    assert.ok(performance.now() - from < 4000, `${performance.now() - from} ms`)
    assert.equal(await count("jobs.job where name = 'run' and state = 'active'"), 0)
    assert.equal(await count("jobs.job where name = 'run' and state = 'retry'"), 1)
  })
})

test('the application’s login works the queue and cannot change its shape', async () => {
  for (const statement of [
    'create table jobs.mine (a int)',
    'drop table jobs.schedule',
    'alter table jobs.queue add column mine int',
    'create index on jobs.job_common (data)',
    'truncate jobs.job_common',
    "insert into jobs.bam (name, version, table_name, command) values ('x', 1, 'job', 'drop schema app')",
    'select * from app.message',
  ])
    await assert.rejects(db.executeSql(statement), /permission denied|must be owner/, statement)
})
