/** Where the addresses written in a message lead. */
import type { Ctx } from '#platform/page.ts'
import type { Site } from '../store/record.ts'

export const siteOf = (ctx: Pick<Ctx, 'baseUrl' | 'home' | 'cpts'>): Site => ({
  baseUrl: ctx.baseUrl,
  home: ctx.home,
  cptsName: ctx.cpts.name,
})
