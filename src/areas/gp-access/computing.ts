/** The worker's side of a plan: takes the community's run, reads, lets a process of its own compute, says where it is, keeps the answer; then the questions. */
import type { Actor } from '#platform/audit.ts'
import { faultOf } from '#platform/log.ts'
import type { Job, JobCtx } from '#platform/page.ts'
import { type Made, planAside, type Step, whyNotAside } from './solving.ts'
import {
  answerQuestion,
  failPlan,
  finishPlan,
  PLAN_JOB,
  planRead,
  type Taken,
  takePlan,
  takeQuestions,
  tellPlan,
} from './store/plan-runs.ts'
import { planBefore, readList } from './store/plans.ts'

/** How often a run says where it is, and finds out that it was stopped. */
export const BEAT_MS = 500
/** Beats that fail in a row (database away, job given to another worker) before the process is ended. */
const DEAF_BEATS = 10

const actorOf = ({ who, now, requestId }: JobCtx): Actor => ({ who, now, requestId })

/** Asked for by `askJob`; the schedule finds what was asked while nobody listened, and runs whose worker is gone. */
export const planJob = (computed: typeof planAside): Job => ({
  name: PLAN_JOB,
  schedule: '* * * * *',
  async work(ctx) {
    for (let run = await take(ctx); run; run = await take(ctx)) await compute(ctx, run, computed)
    await answerAll(ctx)
  },
})
export const computePlans = planJob(planAside)
const take = (ctx: JobCtx) => ctx.inTenant(tx => takePlan(tx, actorOf(ctx)))

class Stopped extends Error {
  override name = 'Stopped'
}
async function compute(ctx: JobCtx, run: Taken, computed: typeof planAside): Promise<void> {
  const from = performance.now()
  const elapsedMs = () => Math.round(performance.now() - from)
  const actor = actorOf(ctx)
  const { list, stated, before } = await ctx.inTenant(async tx => {
    const [read, before] = await Promise.all([readList(tx, run.dataAt), run.previousId ? planBefore(tx, run.previousId) : null])
    await planRead(tx, run, { patients: read.people, doctors: read.stated.length, ruleVersion: read.list.rule.version })
    return { ...read, before }
  })
  let step: Step = { phase: 'pairs', done: null }
  const stop = new AbortController()
  const beats = beating(async () => {
    if (!(await ctx.inTenant(tx => tellPlan(tx, run, step, elapsedMs())))) stop.abort(new Stopped())
  }, stop)
  let made: Made
  try {
    made = await computed(list, before, { onTell: told => (step = told), signal: stop.signal })
  } catch (error) {
    if (error instanceof Stopped) return
    if (stop.signal.aborted) throw error
    const { name, code } = faultOf(error)
    return await ctx.inTenant(tx => failPlan(tx, actor, run, [name, code].filter(Boolean).join(' ')))
  } finally {
    await beats.end()
  }
  await ctx.inTenant(tx => finishPlan(tx, actor, run, made, { stated, elapsedMs: elapsedMs() }))
}

/** Calls `beat` over and over, never twice at once; too many failures in a row abort `stop`. */
function beating(beat: () => Promise<void>, stop: AbortController): { end(): Promise<void> } {
  let failed = 0
  let last: Promise<void> | undefined
  const timer = setInterval(() => {
    last ??= beat()
      .then(
        () => {
          failed = 0
        },
        error => {
          if (++failed >= DEAF_BEATS) stop.abort(error)
        },
      )
      .finally(() => {
        last = undefined
      })
  }, BEAT_MS)
  return {
    async end() {
      clearInterval(timer)
      await last
    },
  }
}

async function answerAll(ctx: JobCtx): Promise<void> {
  const questions = await ctx.inTenant(tx => takeQuestions(tx))
  if (questions.length === 0) return
  const { list } = await ctx.inTenant(tx => readList(tx, ctx.now))
  const answers = await whyNotAside(list, questions)
  await ctx.inTenant(async tx => {
    for (const [i, question] of questions.entries()) await answerQuestion(tx, question, answers[i]!, ctx.now)
  })
  await answerAll(ctx)
}
