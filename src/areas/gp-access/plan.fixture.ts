/** Asking for a plan over HTTP, and the worker that computes it: what the tests of plans start from. */
import assert from 'node:assert/strict'
import { perform } from '#platform/jobs.ts'
import { inOwnProcess } from '#platform/own-process.ts'
import { BASE, type Community, type Person, type TestApp } from '../../../test/app.ts'
import { computePlans, planJob } from './computing.ts'

/** What the worker does when it is woken, or its schedule comes. */
export const work = (t: TestApp, c: Community, job = computePlans): Promise<void> =>
  perform({ db: t.db, clock: () => t.now, baseUrl: BASE, demo: false }, job, c.id)
/** The same worker with a process that never ends by itself. */
export const endless = planJob((_list, _before, { onTell, signal }) =>
  inOwnProcess(new URL('../../platform/own-process.fixture.ts', import.meta.url), 'forever', {
    signal,
    onTell: () => onTell?.({ phase: 'solve', done: null }),
  }),
)
/** Asks for a plan; nothing is computed yet. Its address. */
export async function asked(t: TestApp, c: Community, me: Person): Promise<string> {
  const { status, location } = await t.post(`/c/${c.slug}/plan`, {}, me)
  assert.equal(status, 303)
  return location!.split('?')[0]!
}
export async function made(t: TestApp, c: Community, me: Person): Promise<string> {
  const plan = await asked(t, c, me)
  await work(t, c)
  return plan
}
