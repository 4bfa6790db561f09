/** What the tests of people share: a desk and a tracking page of other areas, the messages that left, other moments. */

import { members } from '#platform/access.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { type NavItem, page } from '#platform/page.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { people } from './index.ts'

const desk = page({
  path: '/c/:cpts/bureau',
  title: 'Bureau',
  access: members('coordinator', 'nurse'),
  show: ctx => (ctx.who.kind === 'member' ? `le bureau de ${ctx.who.name}` : ''),
})
const tracking = page({
  path: '/c/:cpts/suivi/:token',
  title: 'Suivi',
  access: { kind: 'link', purpose: 'tracking' },
  show: ctx => (ctx.who.kind === 'link' ? ctx.who.subjectId : ''),
})
const nav = (): NavItem[] => [{ label: 'Bureau', group: 'mine', path: '/bureau', access: members('coordinator', 'nurse'), order: 1 }]

export const peopleApp = (demo = false): Promise<TestApp> =>
  testApp([people({ demo, nav }), { name: 'test', routes: [desk, tracking] }], { demo })

export interface Sent {
  recipient: string
  reason: string
  subject: string
  body: string
}
export const sent = (app: TestApp, c: Community) =>
  app.within(c, tx => rows<Sent>(tx, sql`select recipient, reason, subject, body from app.message order by created_at, id`))
export const audited = async (app: TestApp, c: Community, action: string) =>
  (await app.within(c, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.audit_event where action = ${action}`))).n
/** The path of the last link sent. */
export async function lastLink(app: TestApp, c: Community): Promise<string> {
  const body = (await sent(app, c)).at(-1)!.body
  return new URL(/https?:\S+/.exec(body)![0]).pathname + new URL(/https?:\S+/.exec(body)![0]).search
}
export const cookieOf = (headers: Headers): Person => ({ cookie: (headers.get('set-cookie') ?? '').split(';')[0]! }) as Person
export const later = async (app: TestApp, ms: number, work: () => Promise<void>) => {
  const now = app.now
  app.now = new Date(now.getTime() + ms)
  try {
    await work()
  } finally {
    app.now = now
  }
}
/** Pages differ by the keys of their forms only. */
export const sameBytes = (html: string) => html.replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22}/g, 'KEY')
export async function memberWithLink(t: TestApp, roles: Parameters<TestApp['person']>[1] = ['coordinator']) {
  const c = await t.community()
  const email = `m-${c.slug}@exemple.fr`
  const me = await t.person(c, roles, { name: 'Claire Roux', email })
  await t.post(`/c/${c.slug}/connexion`, { email })
  return { c, me, email, link: await lastLink(t, c) }
}
