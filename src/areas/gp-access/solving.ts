/** Solving away from the pages: in a thread above a few hundred patients, and never inside a transaction when the database is lent. */
import { type Doctor, type Instance, type Patient, type Plan, solve, toInstance, type WhyNot, whyNot } from '#domain/assignment/index.ts'
import type { Tx } from '#platform/db/types.ts'
import { hashToken } from '#platform/ids.ts'
import { inThread } from '#platform/thread.ts'

export type Work = { kind: 'solve'; instance: Instance } | ({ kind: 'why-not' } & Question)
export interface Question {
  plan: Plan
  instance: Instance
  patients: readonly Patient[]
  doctors: readonly Doctor[]
  patient: string
  doctor: string
}
/** Below this a solve takes less time than starting a thread. */
export const IN_PROCESS = 300

export const solveAside = (instance: Instance): Promise<Plan> =>
  instance.sizes.patients <= IN_PROCESS
    ? Promise.resolve(solve(instance))
    : inThread<Plan>(worker, { kind: 'solve', instance } satisfies Work)
export const whyNotAside = (q: Question): Promise<WhyNot> =>
  q.instance.sizes.patients <= IN_PROCESS
    ? Promise.resolve(whyNot(q.plan, q.instance, q.patients, q.doctors, q.patient, q.doctor))
    : inThread<WhyNot>(worker, { kind: 'why-not', ...q } satisfies Work)

const worker = new URL('./solve-worker.ts', import.meta.url)

/**
 * What a plan rests on: who waits, who can take whom, at what distance, in which places. Points are left out (they move with
 * time): a plan is out of date when people or places have changed, not when a month has passed.
 */
export function fingerprint(patients: readonly Patient[], doctors: readonly Doctor[]): string {
  const { doctors: places, patients: waiting, households } = toInstance(patients, doctors)
  const rests = [places, waiting.map(({ id, profile, doctors, minutes }) => [id, profile, doctors, minutes]), households]
  return hashToken(JSON.stringify(rests)).toString('base64url').slice(0, 22)
}

/** Lends transactions outside a request: read and commit first, solve, then keep the answer in a second one. */
export type InTenant = <T>(cptsId: string, work: (tx: Tx) => Promise<T>) => Promise<T>

const running = new Map<string, Promise<void>>()
/** Solves after the request's transaction; `keep` says false while that transaction is not committed yet. */
export function solveLater(planId: string, instance: Instance, keep: (plan: Plan) => Promise<boolean>): void {
  const work = (async () => {
    const plan = await solveAside(instance)
    for (let pause = 5; pause < 5_000; pause *= 2) {
      await new Promise(resolve => setTimeout(resolve, pause))
      if (await keep(plan)) return
    }
  })()
  // A solve that fails leaves the plan without an answer; its page says so and offers to start again.
  running.set(
    planId,
    work.catch(() => {}).finally(() => running.delete(planId)),
  )
}
/** Resolves when the plan being computed by this process is kept, or after `ms`. */
export async function settled(planId: string, ms: number): Promise<void> {
  await Promise.race([running.get(planId), new Promise(resolve => setTimeout(resolve, ms).unref())])
}
