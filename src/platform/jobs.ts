/**
 * What happens by itself: the scheduled jobs of all areas, on the queue of pg-boss (schema `jobs`).
 * A schedule makes one « tick »; a tick makes one run per community; a run belongs to one community, one worker and one attempt.
 */
import { PgBoss, type Queue } from 'pg-boss'
import { asPlatform } from './across.ts'
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'
import { type AnyTx, maybe, one, rows, run, sql, type Tx } from './db/types.ts'
import { isUuid, randomUUIDv7 } from './ids.ts'
import { faultOf, type Log } from './log.ts'
import type { Area, Cpts, Job, JobCtx, PlatformJob, PlatformJobCtx } from './page.ts'

export interface JobsOptions {
  db: Database
  areas: readonly Area[]
  clock: Clock
  log: Log
  baseUrl: string
  demo: boolean
}
export interface Jobs {
  /** Makes one run per community now (one for all when the job says `once`), as the schedule would. */
  tick(job: string): Promise<void>
  /** Takes no new run, waits `patience` milliseconds for those under way, gives the others back to the queue. */
  stop(patience: number): Promise<void>
}

export const TICK = 'tick'
export const RUN = 'run'
/** Runs given up after all their attempts, with the reason of the last one. */
export const DEAD = 'dead'

/** A frozen or killed worker's run is another's after this long (plus one supervision). */
const HEARTBEAT_S = 15
const SUPERVISE_S = 5
/** Runs at once in this process, of different jobs: the pool of connections is the visitors' first, and a slow job holds one place. */
const WORKERS = 3
const retry = { retryLimit: 5, retryDelay: 30, retryBackoff: true, retryDelayMax: 3600 }

export interface Run {
  job: string
  /** Null: one run for all communities. */
  cptsId: string | null
}
type AnyJob = Job | PlatformJob

const ASKED = 'trame_asked'
/** An ask that finds the run before it still under way comes back this often, this many milliseconds later. */
const AGAIN = [1_000, 3_000, 10_000]
/**
 * Asks for a run of a job in this community as soon as this transaction commits; nothing is asked when it rolls back. What is to be done
 * must stand in a row: an ask that nobody hears (no worker yet, connection lost) is made good by the job's schedule.
 */
export async function askJob(tx: Tx, job: string): Promise<void> {
  await run(tx, sql`select pg_notify(${ASKED}, json_build_object('job', ${job}::text, 'cptsId', app.cpts_id())::text)`)
}

/** Starts the queue and its workers. The schema is the migrations' business: a queue of another version refuses to start. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { db, log } = options
  const jobs = new Map(options.areas.flatMap(area => area.jobs ?? []).map(job => [job.name, job]))
  const boss = new PgBoss({
    db: { executeSql: db.executeSql, listen: db.listen },
    schema: 'jobs',
    useListenNotify: true,
    // What the application's login may not do: change the schema, rebuild indexes.
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    maintenanceIntervalSeconds: 300,
  })
  boss.on('error', error => log.error('jobs', faultOf(error)))
  boss.on('warning', ({ message }) => log.error('jobs-warning', { message }))
  await boss.start()
  await prepareQueues(boss)
  await schedule(boss, [...jobs.values()])

  // Announcements wake the workers at once; the poll finds what is to be tried again.
  const worker = { pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 5, heartbeatRefreshSeconds: 5 }
  await boss.work<{ job: string }>(TICK, { ...worker, localConcurrency: 1 }, async ([tick]) => fanOut(boss, db, tick!.data.job, jobs))
  for (let n = 0; n < WORKERS; n++) {
    const id: string = await boss.work<Run>(RUN, { ...worker, localGroupConcurrency: 1 }, async ([run]) => {
      try {
        await once(options, jobs, run!.data, { id: run!.id, attempt: run!.retryCount })
      } finally {
        // Otherwise the worker would sleep after each run, however many are waiting.
        boss.notifyWorker(id)
      }
    })
  }
  const asked = await db.listen(
    ASKED,
    payload => hear(boss, jobs, payload),
    () => {},
  )
  return {
    tick: job => fanOut(boss, db, job, jobs),
    async stop(patience) {
      await asked.close()
      await boss.stop({ graceful: true, timeout: patience, close: false })
    },
  }
}

/** An ask of `askJob`: each process hears it, the queue keeps one run. */
function hear(boss: PgBoss, jobs: Map<string, AnyJob>, payload: string): void {
  const asked = JSON.parse(payload) as Run
  if (!jobs.has(asked.job) || !isUuid(asked.cptsId ?? '')) return
  const [pause, ...later] = AGAIN
  const attempt = async (wait: number | undefined): Promise<void> => {
    const made = await boss.insert(RUN, [runOf(asked)], { returnId: true })
    // The run under way may have looked for work just before this was asked.
    if (!made && wait !== undefined) setTimeout(() => void attempt(later.shift()).catch(() => {}), wait).unref()
  }
  // What cannot be put in the queue now is found by the schedule.
  void attempt(pause).catch(() => {})
}
/** A run as the queue takes it: one of a job for a community, waiting, under way or to be tried again. */
export const runOf = (data: Run) => ({ data, singletonKey: `${data.job}/${data.cptsId ?? 'all'}`, group: { id: data.job } })

/** One attempt at one run. */
async function once(options: JobsOptions, jobs: Map<string, AnyJob>, { job: name, cptsId }: Run, held: Held): Promise<void> {
  const { log } = options
  const job = jobs.get(name)
  // A job of another version of the program: not a fault.
  if (!job) return
  const started = performance.now()
  try {
    if ('once' in job) await performOnce(options, job, held)
    else if (cptsId !== null) await perform(options, job, cptsId, held)
    log.info('job', { job: name, cpts: cptsId, ms: Math.round(performance.now() - started) })
  } catch (error) {
    const fault = faultOf(error)
    log.error('job-failed', { job: name, cpts: cptsId, attempt: held.attempt + 1, ...fault })
    // The queue keeps what it is thrown: class, code and place, never the message, which may quote a row.
    throw new Error([fault.name, fault.code, fault.where].filter(Boolean).join(' '))
  }
}

async function prepareQueues(boss: PgBoss): Promise<void> {
  const common = { heartbeatSeconds: HEARTBEAT_S, expireInSeconds: 1800, notify: true }
  const queues: Queue[] = [
    { name: DEAD, deleteAfterSeconds: 90 * 86_400, retentionSeconds: 90 * 86_400 },
    { name: TICK, ...common, retryLimit: 3, retryDelay: 5, deleteAfterSeconds: 3600 },
    // Exclusive: a run that is waiting, under way or to be tried again stands for the next one too.
    { name: RUN, ...common, ...retry, policy: 'exclusive', deadLetter: DEAD, deleteAfterSeconds: 600 },
  ]
  for (const { name, policy, ...options } of queues) {
    await boss.createQueue(name, { policy, ...options })
    await boss.updateQueue(name, options)
  }
}

/** The schedules of this version of the program; those of jobs that no longer exist are taken away. */
async function schedule(boss: PgBoss, jobs: AnyJob[]): Promise<void> {
  for (const job of jobs) await boss.schedule(TICK, job.schedule, { job: job.name }, { tz: 'UTC', key: job.name, missed: 'once' })
  for (const old of await boss.getSchedules(TICK)) if (!jobs.some(job => job.name === old.key)) await boss.unschedule(TICK, old.key)
}

async function fanOut(boss: PgBoss, db: Database, job: string, jobs: Map<string, AnyJob>): Promise<void> {
  const known = jobs.get(job)
  if (known && 'once' in known) {
    await boss.insert(RUN, [runOf({ job, cptsId: null })])
    return
  }
  const all = await db.inSite(tx => rows<{ id: string }>(tx, sql`select id from platform.cpts order by id`))
  if (all.length === 0) return
  await boss.insert(
    RUN,
    all.map(({ id }) => runOf({ job, cptsId: id })),
  )
}

/** The attempt of a run, by which its worker proves that it still holds it. */
interface Held {
  id: string
  attempt: number
}

/** Runs a job for one community. Without `held` nothing is fenced: for tests and commands. */
export async function perform(options: Omit<JobsOptions, 'areas' | 'log'>, job: Job, cptsId: string, held?: Held): Promise<void> {
  const { db, clock, baseUrl } = options
  const found = await db.inSite(tx => maybe<Cpts>(tx, sql`select id, slug, name, demo from platform.cpts where id = ${cptsId}`))
  if (!found) return
  const ctx: JobCtx = {
    now: clock(),
    cpts: { ...found, demo: found.demo && options.demo },
    baseUrl,
    requestId: randomUUIDv7(),
    who: { kind: 'system', job: job.name },
    inTenant: work =>
      db.inTenant(cptsId, async tx => {
        const result = await work(tx)
        await still(tx, held)
        return result
      }),
  }
  await job.work(ctx)
}

/** Runs a job that concerns several communities; see `perform` for `held`. */
export async function performOnce(options: Pick<JobsOptions, 'db' | 'clock' | 'demo'>, job: PlatformJob, held?: Held): Promise<void> {
  const { db, clock, demo } = options
  const ctx: PlatformJobCtx = {
    now: clock(),
    requestId: randomUUIDv7(),
    who: { kind: 'system', job: job.name },
    demo,
    asPlatform: (reason, work) => asPlatform(db, { reason, now: ctx.now, detail: { job: job.name }, still: tx => still(tx, held) }, work),
    inSite: work => db.inSite(work),
  }
  await job.work(ctx)
}
/** Last in a transaction, so that nothing is written by a worker that was frozen meanwhile: it is rolled back. */
async function still(tx: AnyTx, held: Held | undefined): Promise<void> {
  if (!held) return
  const { holds } = await one<{ holds: boolean }>(tx, sql`select platform.holds_job(${RUN}, ${held.id}, ${held.attempt}) as holds`)
  if (!holds) throw new LeaseLost()
}

/** Another worker has taken the run over. */
class LeaseLost extends Error {
  override name = 'LeaseLost'
}
