/** Runs put aside after all their attempts: `jobs` lists them, `jobs retry` gives them back to the queue, on record in their community. */
import { PgBoss } from 'pg-boss'
import { audit } from './audit.ts'
import type { Command, CommandCtx } from './command.ts'
import type { Database } from './db/database.ts'
import { rows, run, sql } from './db/types.ts'
import { Refusal } from './errors.ts'
import { isUuid, randomUUIDv7 } from './ids.ts'
import { DEAD, RUN, type Run, runOf } from './jobs.ts'

export interface DeadRun {
  id: string
  job: string
  /** Null: of a job that is run once for all. */
  cptsId: string | null
  /** Slug of the community; null when it is gone, or when the run is of none. */
  slug: string | null
  since: Date
  /** Class, code and place of the last fault; never its message. */
  reason: string
}

/** Opens the queue as it is: nothing is scheduled, supervised nor taken from it. */
async function withQueue<T>(db: Database, work: (boss: PgBoss) => Promise<T>): Promise<T> {
  const boss = new PgBoss({
    db: { executeSql: db.executeSql },
    schema: 'jobs',
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  try {
    return await work(boss)
  } finally {
    await boss.stop({ graceful: false, close: false })
  }
}

/** The oldest first. */
export async function deadRuns(db: Database): Promise<DeadRun[]> {
  const communities = await db.inSite(tx => rows<{ id: string; slug: string }>(tx, sql`select id, slug from platform.cpts`))
  const found = await withQueue(db, async boss => ((await boss.getQueue(DEAD)) ? boss.findJobs<Run>(DEAD) : []))
  return found
    .map(({ id, data, createdOn, sourceOutput }) => ({
      id,
      job: data.job,
      cptsId: data.cptsId,
      slug: communities.find(c => c.id === data.cptsId)?.slug ?? null,
      since: createdOn,
      reason: reasonOf(sourceOutput),
    }))
    .sort((a, b) => a.since.getTime() - b.since.getTime())
}
const reasonOf = (output: unknown): string =>
  typeof output === 'object' && output !== null && 'message' in output ? String(output.message) : 'inconnue'

/**
 * Gives runs back to the queue. The line of the record comes first, the run put aside goes last: interrupted in between, doing it again
 * changes nothing more, since the queue keeps one run of a job for a community. Answers how many were put back.
 */
export async function retryRuns(db: Database, now: Date, runs: readonly DeadRun[]): Promise<number> {
  return withQueue(db, async boss => {
    let put = 0
    for (const { id, job, cptsId, slug } of runs) {
      if (cptsId === null) {
        await db.inSite(tx =>
          run(
            tx,
            sql`insert into platform.audit_event (id, at, reason, detail) values (${randomUUIDv7()}, ${now}, 'job retry', ${JSON.stringify({ job, run: id })}::jsonb)`,
          ),
        )
        await boss.insert(RUN, [runOf({ job, cptsId })])
        put++
      } else if (slug !== null) {
        const actor = { who: { kind: 'system' as const, job: 'jobs retry' }, now, requestId: randomUUIDv7() }
        await db.inTenant(cptsId, tx => audit(tx, actor, { action: 'job.retry', detail: { job, run: id } }))
        await boss.insert(RUN, [runOf({ job, cptsId })])
        put++
      }
      await boss.deleteJob(DEAD, id)
    }
    return put
  })
}

const list: Command = {
  name: 'jobs',
  usage: '',
  summary: 'Montre les travaux mis de côté après tous leurs essais, avec leur raison. Code de sortie 1 s’il y en a.',
  async run(ctx) {
    const found = await deadRuns(await ctx.db())
    for (const { id, job, cptsId, slug, since, reason } of found)
      ctx.say(
        `${id}  ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC  ${cptsId === null ? 'toutes' : (slug ?? 'communauté supprimée')}  ${job}\u202f: ${reason}`,
      )
    if (found.length === 0) ctx.say('Aucun travail mis de côté.')
    else ctx.say('Quand la cause est corrigée\u202f: npm run trame -- jobs retry, pour tous, ou jobs retry IDENTIFIANT.')
    return found.length ? 1 : 0
  },
}

const retry: Command = {
  name: 'jobs retry',
  usage: '[IDENTIFIANT]',
  summary: 'Remet dans la file les travaux mis de côté, tous ou un seul. Chacun s’inscrit au journal de sa communauté.',
  words: 1,
  async run(ctx: CommandCtx) {
    const [id] = ctx.args
    const db = await ctx.db()
    const found = (await deadRuns(db)).filter(r => !id || r.id === id)
    if (id && (!isUuid(id) || found.length === 0))
      throw new Refusal(`Aucun travail mis de côté n’a l’identifiant ${id}. La liste\u202f: npm run trame -- jobs`)
    const put = await retryRuns(db, ctx.now, found)
    ctx.say(put === 0 ? 'Aucun travail à remettre dans la file.' : `${put} remis dans la file\u202f; Trame les reprend si elle tourne.`)
    return 0
  },
}

export const jobCommands: readonly Command[] = [list, retry]
