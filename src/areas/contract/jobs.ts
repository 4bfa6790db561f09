/** What comes back by itself for the contract: questions of the funders whose day has passed. */
import type { Job } from '#platform/page.ts'
import { tellLateOnes } from './letters.ts'
import { tellLate } from './store.ts'

export const lateAnswers: Job = {
  name: 'contract.late-answers',
  schedule: '10 6 * * *',
  async work(ctx) {
    await ctx.inTenant(async tx => {
      for (const { reviewId, n } of await tellLate(tx, ctx.now)) await tellLateOnes({ ...ctx, tx }, reviewId, n)
    })
  },
}
