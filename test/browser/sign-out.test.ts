/** On a shared computer: after signing out, nothing of what was read is left in the browser, « Back » included (R25, R59). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { silentLog } from '#platform/log.ts'
import { openServer, type Server } from '#platform/server.ts'
import { createApp } from '#platform/web/app.ts'
import { type Person, type TestApp, testApp } from '../app.ts'
import { allAreas } from '../manifest.ts'
import { type Side, world } from '../world.ts'
import { launch } from './browser.ts'

let t: TestApp
let a: Side
let server: Server
let base: string
let browser: Browser
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t, { text: where => `serin-${where}` }))
  server = await openServer({ port: 0 })
  base = `http://localhost:${server.port}`
  server.serve(createApp({ db: t.db, areas: allAreas(), clock: () => t.now, log: silentLog, baseUrl: base, demo: true }).fetch)
  browser = await launch({ keepsPages: true })
})
after(async () => {
  await browser?.close()
  await server?.stop(0)
  await t.close()
})

async function opened(person: Person): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const [name, value] = person.cookie.split('=') as [string, string]
  await context.addCookies([{ name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }])
  return { context, page: await context.newPage() }
}
const list = () => `${base}/c/${a.slug}/demandes`
const record = () => `${list()}/${a.requests.received}`
const names = async (page: Page) => /serin-(givenNames|birthName|usedName)/i.test(await page.content())
/** What a page may keep in a browser, by name. */
const kept = (page: Page) =>
  page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    caches: await caches.keys(),
    databases: (await indexedDB.databases()).map(d => d.name),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookie: document.cookie,
  }))
const nothing = { local: [], session: [], caches: [], databases: [], workers: 0, cookie: '' }

describe('on a shared computer', () => {
  it('nothing is kept while one works', async () => {
    const { context, page } = await opened(a.people.coordinator)
    for (const address of [list(), record(), `${list()}/nouvelle`]) await page.goto(address)
    assert.deepEqual(await kept(page), nothing)
    await context.close()
  })
  it('nothing is left after signing out, whatever a page had put aside', async () => {
    const { context, page } = await opened(a.people.nurse)
    await page.goto(`${base}/c/${a.slug}`)
    await page.evaluate(async () => {
      localStorage.setItem('draft', 'serin')
      sessionStorage.setItem('draft', 'serin')
      await (await caches.open('pages')).put('/x', new Response('serin'))
      await new Promise(resolve => {
        indexedDB.open('drafts').onsuccess = resolve
      })
    })
    await signOut(page)
    assert.deepEqual(await kept(page), nothing)
    assert.deepEqual(await context.cookies(), [])
    await context.close()
  })
  it('« Back » shows the sign-in page, not what was read', async () => {
    const { context, page } = await opened(a.people.coordinator)
    await page.goto(list())
    assert.ok(await names(page), 'the list shows names')
    await page.goto(record())
    assert.ok(await names(page), 'the record too')
    await signOut(page)
    for (let n = 0; n < 2; n++) {
      await page.goBack()
      assert.equal(await names(page), false, page.url())
      assert.match(page.url(), /\/connexion\?suite=/)
    }
    await page.goForward()
    assert.equal(await names(page), false)
    await context.close()
  })
})

async function signOut(page: Page): Promise<void> {
  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate(() => (document.querySelector('form[action$="/deconnexion"]') as HTMLFormElement).requestSubmit()),
  ])
}
