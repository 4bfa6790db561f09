/** What comes back by itself: silences, points, forms left half-way. */
import type { Actor } from '#platform/audit.ts'
import { run, sql } from '#platform/db/types.ts'
import type { Job, JobCtx } from '#platform/page.ts'
import { expireDue } from './store/proposals.ts'
import { rescore } from './store/requests.ts'

const actorOf = ({ who, now, requestId }: JobCtx): Actor => ({ who, now, requestId })
const BATCH = 200

/** A proposal whose clock has run out is a silence: the patient is back at his place. Small transactions, so that nobody waits. */
export const expireProposals: Job = {
  name: 'gp-access.expire',
  schedule: '* * * * *',
  async work(ctx) {
    while ((await ctx.inTenant(tx => expireDue(tx, actorOf(ctx), BATCH))) === BATCH);
  },
}
/** A birthday or a new vote moves the points of whoever still waits. */
export const rescoreWaiting: Job = {
  name: 'gp-access.rescore',
  schedule: '30 2 * * *',
  async work(ctx) {
    await ctx.inTenant(tx => rescore(tx, actorOf(ctx), 'waiting'))
  },
}
/** A public form left half-way is erased two hours after it was begun. */
export const dropDrafts: Job = {
  name: 'gp-access.drop-drafts',
  schedule: '*/10 * * * *',
  async work(ctx) {
    await ctx.inTenant(tx =>
      run(
        tx,
        sql`delete from app.request_draft where expires_at <= ${ctx.now} or created_at <= ${new Date(ctx.now.getTime() - 2 * 3600_000)}`,
      ),
    )
  },
}
export const jobs: readonly Job[] = [expireProposals, rescoreWaiting, dropDrafts]
