/** What comes back by itself for the contract: questions of the funders whose day has passed, the comparison between communities. */

import { dayOf } from '#platform/clock.ts'
import type { Job, PlatformJob } from '#platform/page.ts'
import { tellLateOnes } from './letters.ts'
import { yearDue } from './rules.ts'
import { publishComparison, tellLate } from './store.ts'

export const lateAnswers: Job = {
  name: 'contract.late-answers',
  schedule: '10 6 * * *',
  async work(ctx) {
    await ctx.inTenant(async tx => {
      for (const { reviewId, n } of await tellLate(tx, ctx.now)) await tellLateOnes({ ...ctx, tx }, reviewId, n)
    })
  },
}

/** On the first of each month, what may be told of the last year and was not yet: a group that was too small may have grown. */
export const compareCommunities: PlatformJob = {
  name: 'contract.compare',
  schedule: '50 4 1 * *',
  once: true,
  async work(ctx) {
    const year = yearDue(dayOf(ctx.now))
    await ctx.asPlatform(`comparison of the communities of one size, ${year}`, across =>
      publishComparison(across, ctx, { year, demo: ctx.demo }),
    )
  },
}
