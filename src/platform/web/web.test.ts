/** The guards of every route, tried on a tiny area. */
import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { after, before, describe, it } from 'node:test'
import { BASE, type TestApp, testApp, uuidOf } from '../../../test/app.ts'
import { link, members, open } from '../access.ts'
import { one, run, sql } from '../db/types.ts'
import { form, text } from '../fields.ts'
import { mintLink } from '../links.ts'
import { silentLog } from '../log.ts'
import { action, live, page } from '../page.ts'
import { createApp, inOrder } from './app.ts'

const word = form({ word: text({ label: 'Mot', max: 20 }) })
const list = page({
  path: '/c/:cpts/mots',
  title: 'Mots',
  access: members('coordinator'),
  form: word,
  show: (_, refused) => (refused ? `refus ${Object.values(refused.errors).join()} gardé ${refused.raw.word}` : 'la liste'),
  async submit(ctx, input) {
    await run(
      ctx.tx,
      sql`insert into app.message (id, reason, recipient, recipient_label, subject, created_at) values (${ctx.key()}, 'test', 'a@exemple.fr', 'A', ${input.word}, ${ctx.now})`,
    )
    if (input.word === 'interdit') return { errors: { word: 'Ce mot est interdit.' } }
    return { to: `${ctx.home}/mots`, notice: 'Mot ajouté.' }
  },
})
const answer = page({
  path: '/c/:cpts/lien/:token',
  title: 'Lien',
  access: link('proposal'),
  show: ctx => (ctx.who.kind === 'link' ? ctx.who.subjectId : 'personne'),
})
const site = page({ path: '/c/:cpts/public', title: 'Public', access: open, show: ctx => `bonjour ${ctx.who.kind}` })
const once = action({
  path: '/c/:cpts/mots/seul',
  access: members('coordinator'),
  form: word,
  from: list,
  submit: async ctx => ({ to: ctx.home }),
})

let t: TestApp
before(async () => {
  t = await testApp([{ name: 'test', routes: [list, answer, site, once] }])
})
after(() => t.close())
const count = async (c: { id: string; slug: string; name: string }) =>
  (await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.message`))).n

describe('a page', () => {
  it('opens to the roles it names, sends strangers to sign in, and does not exist for others', async () => {
    const c = await t.community()
    assert.equal((await t.get(`/c/${c.slug}/mots`, await t.person(c, ['coordinator']))).status, 200)
    assert.equal((await t.get(`/c/${c.slug}/mots`, await t.person(c, ['nurse']))).status, 404)
    const stranger = await t.get(`/c/${c.slug}/mots?x=1`)
    assert.equal(stranger.status, 303)
    assert.equal(stranger.location, `/c/${c.slug}/connexion?suite=%2Fc%2F${c.slug}%2Fmots%3Fx%3D1`)
  })
  it('is found with a slash too many, and only inside a community', async () => {
    const c = await t.community()
    const found = await t.get(`/c/${c.slug}/mots/?x=1`)
    assert.deepEqual([found.status, found.location], [308, `/c/${c.slug}/mots?x=1`])
    for (const other of ['//exemple.fr/', '/c//exemple.fr/', '/nulle-part/']) assert.equal((await t.get(other)).status, 404, other)
    assert.equal((await t.post(`/c/${c.slug}/mots/`, { word: 'x' })).status, 404)
  })
  it('does not exist for the coordinator of another community', async () => {
    const mine = await t.community()
    const theirs = await t.community()
    const me = await t.person(mine, ['coordinator'])
    assert.equal((await t.get(`/c/${theirs.slug}/mots`, me)).status, 404)
    assert.equal((await t.post(`/c/${theirs.slug}/mots`, { word: 'x' }, me)).status, 404)
    const denied = await t.within(theirs, tx =>
      one<{ n: number }>(tx, sql`select count(*) as n from app.audit_event where action = 'access.denied'`),
    )
    assert.equal(denied.n, 2, 'each refused attempt is on record')
    assert.equal(await count(theirs), 0)
  })
  it('carries the security headers and is never stored', async () => {
    const c = await t.community()
    const { headers } = await t.get(`/c/${c.slug}/public`)
    assert.match(headers.get('content-security-policy')!, /script-src 'self'/)
    assert.doesNotMatch(headers.get('content-security-policy')!, /unsafe/)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.ok(headers.get('strict-transport-security'))
  })
})

describe('a form', () => {
  it('comes back with 422, its values and nothing written', async () => {
    const c = await t.community()
    const me = await t.person(c, ['coordinator'])
    const refused = await t.post(`/c/${c.slug}/mots`, { word: 'x'.repeat(30) }, me)
    assert.equal(refused.status, 422)
    assert.match(refused.html, /gardé x{30}/)
    const late = await t.post(`/c/${c.slug}/mots`, { word: 'interdit' }, me)
    assert.equal(late.status, 422)
    assert.equal(await count(c), 0)
  })
  it('has one effect however often it is sent', async () => {
    const c = await t.community()
    const me = await t.person(c, ['coordinator'])
    const key = uuidOf(`${c.slug} once`)
    const replies = await Promise.all(Array.from({ length: 8 }, () => t.post(`/c/${c.slug}/mots`, { word: 'laine', _key: key }, me)))
    assert.deepEqual([...new Set(replies.map(r => r.status))], [303])
    assert.equal(new Set(replies.map(r => r.location)).size, 1)
    assert.equal(await count(c), 1)
    assert.match((await t.get(replies[0]!.location!, me)).text, /Mot ajouté/)
  })
  it('is refused from another origin, without a key, in another type', async () => {
    const c = await t.community()
    const me = await t.person(c, ['coordinator'])
    assert.equal((await t.post(`/c/${c.slug}/mots`, { word: 'x' }, me, { origin: 'https://ailleurs.example' })).status, 403)
    assert.equal((await t.post(`/c/${c.slug}/mots`, { word: 'x', _key: 'non' }, me)).status, 400)
    assert.equal((await t.post(`/c/${c.slug}/mots`, { word: 'x' }, me, { 'content-type': 'text/plain' })).status, 415)
    assert.equal(await count(c), 0)
  })
})

describe('a signed link', () => {
  it('opens its purpose only, until it expires', async () => {
    const c = await t.community()
    const subject = uuidOf('subject')
    const token = await t.within(c, tx =>
      mintLink(tx, { purpose: 'proposal', subjectId: subject, now: t.now, expiresAt: new Date(t.now.getTime() + 1000) }),
    )
    assert.match((await t.get(`/c/${c.slug}/lien/${token}`)).html, new RegExp(subject))
    assert.equal((await t.get(`/c/${c.slug}/lien/${token.slice(1)}a`)).status, 404)
    const other = await t.community()
    assert.equal((await t.get(`/c/${other.slug}/lien/${token}`)).status, 404)
    const before = t.now
    t.now = new Date(before.getTime() + 2000)
    assert.equal((await t.get(`/c/${c.slug}/lien/${token}`)).status, 410)
    t.now = before
  })
})

describe('a stream', () => {
  it('keeps nothing of a reader who has left, not even the pause until the next counts', async () => {
    const c = await t.community()
    const counts = live({ path: '/c/:cpts/vivant', title: 'Essai', access: open, everySeconds: 61, counts: async () => ({ n: 1 }) })
    const app = createApp({
      db: t.db,
      areas: [{ name: 'test', routes: [counts] }],
      clock: () => t.now,
      log: silentLog,
      baseUrl: BASE,
      demo: false,
    })
    type Pause = { _idleTimeout: number; _destroyed: boolean }
    const pauses: Pause[] = []
    const watch = createHook({ init: (_id, type, _by, made) => type === 'Timeout' && pauses.push(made as Pause) }).enable()
    const running = () => pauses.filter(p => p._idleTimeout === 61_000 && !p._destroyed).length
    const reader = (await app.request(`${BASE}/c/${c.slug}/vivant`)).body!.getReader()
    assert.match(new TextDecoder().decode((await reader.read()).value), /event: counts/)
    while (running() === 0) await new Promise(setImmediate)
    await reader.cancel()
    assert.equal(running(), 0)
    watch.disable()
  })
})

describe('the manifest', () => {
  it('refuses a route without access and two routes of one address', () => {
    assert.throws(() => inOrder([list, list]), /two routes/)
  })
  it('puts fixed segments before parameters', () => {
    const paths = inOrder([
      { ...site, path: '/c/:cpts/a/:id' },
      { ...site, path: '/c/:cpts/a/neuf' },
    ]).map(r => r.path)
    assert.deepEqual(paths, ['/c/:cpts/a/neuf', '/c/:cpts/a/:id'])
  })
})
