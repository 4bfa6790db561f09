/** What comes back by itself: silences, points, forms left half-way. */
import type { Actor } from '#platform/audit.ts'
import type { Job, JobCtx } from '#platform/page.ts'
import { computePlans } from './computing.ts'
import { sendPlans } from './sending.ts'
import { dropOldDrafts } from './store/drafts.ts'
import { eraseOldFundFiles } from './store/fund.ts'
import { offerInterimToAll } from './store/interim.ts'
import { expireDue } from './store/proposals.ts'
import { publishWaits } from './store/publications.ts'
import { rescore } from './store/requests.ts'
import { anonymiseOld } from './store/retention.ts'
import { estimateWaits } from './store/waiting.ts'

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
/** A birthday or a new vote moves the points of whoever still waits, and a birthday what he is offered in the meantime. */
export const rescoreWaiting: Job = {
  name: 'gp-access.rescore',
  schedule: '30 2 * * *',
  async work(ctx) {
    await ctx.inTenant(async tx => {
      await rescore(tx, actorOf(ctx), 'waiting')
      await offerInterimToAll(tx, ctx.now)
    })
  },
}
/** A public form left half-way is erased two hours after it was begun. */
export const dropDrafts: Job = {
  name: 'gp-access.drop-drafts',
  schedule: '*/10 * * * *',
  async work(ctx) {
    await ctx.inTenant(tx => dropOldDrafts(tx, ctx.now))
  },
}
/** What patients are told of their wait rests on yesterday's events. */
export const estimateWaiting: Job = {
  name: 'gp-access.estimate-waits',
  schedule: '10 3 * * *',
  async work(ctx) {
    await ctx.inTenant(tx => estimateWaits(tx, actorOf(ctx)))
  },
}
/** The month that ended is published once; asked every night, so that a server stopped on the first of the month forgets nothing. */
export const publishWaiting: Job = {
  name: 'gp-access.publish-waits',
  schedule: '40 3 * * *',
  async work(ctx) {
    await ctx.inTenant(tx => publishWaits(tx, actorOf(ctx)))
  },
}
/** Two years after its end a request tells nothing of whose it was. */
export const anonymise: Job = {
  name: 'gp-access.anonymise',
  schedule: '45 2 * * *',
  async work(ctx) {
    while ((await ctx.inTenant(tx => anonymiseOld(tx, actorOf(ctx), BATCH))) === BATCH);
  },
}
/** Pseudonyms of the fund's file are kept thirty days. */
export const eraseFundFiles: Job = {
  name: 'gp-access.erase-fund-files',
  schedule: '20 2 * * *',
  async work(ctx) {
    await ctx.inTenant(tx => eraseOldFundFiles(tx, actorOf(ctx)))
  },
}
export const jobs: readonly Job[] = [
  eraseFundFiles,
  computePlans,
  sendPlans,
  expireProposals,
  rescoreWaiting,
  estimateWaiting,
  publishWaiting,
  dropDrafts,
  anonymise,
]
