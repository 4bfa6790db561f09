/** What comes back by itself for people: forms already answered are forgotten. */
import { run, sql } from '#platform/db/types.ts'
import type { Job } from '#platform/page.ts'

/** A form sent again after two days is a new one; nothing is kept of the first. */
const KEPT_MS = 48 * 3600_000
export const forgetForms: Job = {
  name: 'people.forget-forms',
  schedule: '20 3 * * *',
  async work(ctx) {
    await ctx.inTenant(tx => run(tx, sql`delete from app.idempotency where at < ${new Date(ctx.now.getTime() - KEPT_MS)}`))
  },
}
