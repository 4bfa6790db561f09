/** The worker's side of a sending: takes the community's, sends some lines at a time, so that nobody waits behind it and a stop is heard. */
import type { Actor } from '#platform/audit.ts'
import { faultOf } from '#platform/log.ts'
import type { Job, JobCtx } from '#platform/page.ts'
import { failSending, SEND_JOB, type Sending, sendNext, takeSending } from './store/sending.ts'

/** Lines in one transaction. */
const TOGETHER = 25

const actorOf = ({ who, now, requestId }: JobCtx): Actor => ({ who, now, requestId })

/** Asked for by `askJob`; the schedule finds what was asked while nobody listened, and sendings whose worker is gone. */
export const sendPlans: Job = {
  name: SEND_JOB,
  schedule: '* * * * *',
  async work(ctx) {
    const take = () => ctx.inTenant(tx => takeSending(tx, actorOf(ctx)))
    for (let sending = await take(); sending; sending = await take()) await send(ctx, sending)
  },
}

/** PostgreSQL's connection exceptions, operator intervention, serialization failure and deadlock; and what the network says. */
const isPassing = (code: unknown): boolean => typeof code === 'string' && /^(08|53|57P|40001|40P01|E[A-Z]+$)/.test(code)

async function send(ctx: JobCtx, sending: Sending): Promise<void> {
  const site = { baseUrl: ctx.baseUrl, home: `/c/${ctx.cpts.slug}`, cptsName: ctx.cpts.name }
  try {
    while (await ctx.inTenant(tx => sendNext(tx, actorOf(ctx), site, sending, TOGETHER)));
  } catch (error) {
    const { name, code } = faultOf(error)
    // A line that was cut, or two who waited for each other: the sending stays under way, and the next minute goes on with it.
    if (isPassing(code)) throw error
    await ctx.inTenant(tx => failSending(tx, actorOf(ctx), sending, [name, code].filter(Boolean).join(' ')))
  }
}
