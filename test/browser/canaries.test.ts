/** Forty texts that would run if they were taken for markup, in every text of the database and in every box of every form: Chromium runs none (R31). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { silentLog } from '#platform/log.ts'
import { openServer, type Server } from '#platform/server.ts'
import { createApp } from '#platform/web/app.ts'
import { type Person, type TestApp, testApp } from '../app.ts'
import { allAreas, type Call, calls, fill, key, query, undoing } from '../manifest.ts'
import { bundle, canaries, plant } from '../security/xss.ts'
import { type Side, world } from '../world.ts'
import { launch } from './browser.ts'

let t: TestApp
let a: Side
let browser: Browser
let planted: string[]
const servers: Server[] = []
const contexts = new Map<string, BrowserContext>()
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t))
  planted = await plant(t)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  for (const server of servers) await server.stop(0)
  await t.close()
})

/** The application on a port of its own; `keeps: false` rolls everything back after the answer. */
async function serve(o: { keeps: boolean }): Promise<string> {
  const server = await openServer({ port: 0 })
  servers.push(server)
  const baseUrl = `http://localhost:${server.port}`
  const db = o.keeps ? t.db : undoing(t.db)
  server.serve(createApp({ db, areas: allAreas(), clock: () => t.now, log: silentLog, baseUrl, demo: true }).fetch)
  return baseUrl
}
/** One window for each person. */
async function windowOf(who: string, person: Person | null): Promise<Page> {
  const found = contexts.get(who)?.pages()[0]
  if (found) return found
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  contexts.set(who, context)
  if (person) {
    const [name, value] = person.cookie.split('=') as [string, string]
    await context.addCookies([{ name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }])
  }
  await context.addInitScript(() => {
    const kept = globalThis as unknown as { reports: string[] }
    kept.reports = []
    document.addEventListener('securitypolicyviolation', e => kept.reports.push(`${e.effectiveDirective} ${e.sample} ${e.blockedURI}`))
  })
  return context.newPage()
}
/** What ran, what the content policy stopped, what became an element: nothing may. */
async function fired(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const kept = globalThis as unknown as { __xss?: unknown; reports: string[] }
    const never =
      'iframe, object, embed, base, math, video, custom-x, style, script:not([src]), meta[http-equiv=refresh], [onload], [onerror], [onfocus], [onmouseover], [ontoggle]'
    const addresses = [...document.querySelectorAll('a, area, form, [src]')].filter(e =>
      ['href', 'action', 'src'].some(name => /^(javascript|data:text|vbscript)/.test(String(e[name as keyof Element] ?? ''))),
    )
    const element = document.querySelector(never) ?? addresses[0]
    return [
      ...(kept.__xss === undefined ? [] : [`canary ${kept.__xss} ran`]),
      ...kept.reports.map(r => `refused by the content policy: ${r}`),
      ...(element ? [`became an element: ${element.outerHTML.slice(0, 120)}`] : []),
    ]
  })
}
const pages = () => calls().filter(c => c.method === 'GET' && (c.kind === 'page' || c.kind === 'site'))
const readers = ({ access }: Call): string[] => (access.kind === 'member' ? [...access.roles] : ['anonymous', 'coordinator'])
const personOf = (who: string): Person | null => (who === 'anonymous' ? null : a.people[who as keyof Side['people']])

describe('what people typed, in a browser', () => {
  it('is in every column of text', () => {
    assert.equal(canaries.length, 40)
    assert.ok(planted.length >= 40, `${planted.length} columns`)
    const must = [
      'app.message.body',
      'app.message.subject',
      'app.partner.email',
      'app.plan.result',
      'app.priority_rule.rule',
      'app.request.birth_name',
      'app.request.proxy_contact',
      'app.request_draft.data',
      'platform.cpts.name',
      'platform.person.name',
      'ref.commune.name',
      'ref.practice_place.name',
    ]
    assert.deepEqual(
      must.filter(m => !planted.includes(m)),
      [],
    )
  })
  it('never runs, on no page, for nobody', async () => {
    const base = await serve({ keeps: true })
    const wrong: string[] = []
    let shown = 0
    for (const call of pages())
      for (const who of readers(call)) {
        const page = await windowOf(who, personOf(who))
        const answer = await page.goto(base + fill(call.path, a) + query(call.path, a))
        if (answer!.status() !== 200) wrong.push(`${key(call)} as ${who}: ${answer!.status()}`)
        if ((await page.locator('body').innerText()).includes('__xss=')) shown++
        wrong.push(...(await fired(page)).map(f => `${key(call)} as ${who}: ${f}`))
      }
    assert.deepEqual(wrong, [])
    assert.ok(shown > 60, `${shown} pages showed some, as text`)
  })
  it('never runs when an island draws it', async () => {
    const page = await windowOf('anonymous', null)
    const base = await serve({ keeps: true })
    const found = canaries.map(text => ({ value: text, label: text, hint: text }))
    await page.route(`${base}/essai`, route =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><input data-suggest="/liste"><script type="module" src="/public/islands/suggest.js"></script>',
      }),
    )
    await page.route(`${base}/liste*`, route => route.fulfill({ json: found }))
    await page.goto(`${base}/essai`)
    await page.locator('input[role=combobox]').fill('mas')
    await page.locator('[role=option]').nth(39).waitFor()
    assert.equal(await page.locator('[role=option]').count(), 40)
    await page.locator('[role=option]').first().click()
    assert.deepEqual(await fired(page), [])
  })
  it('never runs when a form gives it back', async () => {
    const base = await serve({ keeps: false })
    const wrong: string[] = []
    let boxes = 0
    for (const call of pages()) {
      const who = readers(call).includes('coordinator') && call.access.kind === 'member' ? 'coordinator' : readers(call)[0]!
      const page = await windowOf(who, personOf(who))
      const address = base + fill(call.path, a) + query(call.path, a)
      await page.goto(address)
      const forms = await page.locator('form').count()
      for (let form = 0; form < forms; form++) {
        t.now = new Date(t.now.getTime() + 60_000)
        if (form > 0) await page.goto(address)
        const left = page.waitForEvent('load')
        const filled = await page.evaluate(typeInto, { form, texts: canaries.map((_, i) => bundle(i)), first: boxes })
        if (filled === 0) {
          left.catch(() => {})
          continue
        }
        await left
        boxes += filled
        wrong.push(...(await fired(page)).map(f => `${key(call)}, form ${form}: ${f}`))
      }
    }
    assert.deepEqual(wrong, [])
    assert.ok(boxes >= 80, `${boxes} boxes were filled`)
  })
})

/** In the page: the canaries in each box of a form that takes text, whatever the box asks for, then the form is sent; answers how many. */
function typeInto({ form: n, texts, first }: { form: number; texts: string[]; first: number }): number {
  const form = document.forms[n]!
  const boxes = [...form.elements].filter(
    (e): e is HTMLInputElement | HTMLTextAreaElement =>
      e instanceof HTMLTextAreaElement ||
      (e instanceof HTMLInputElement && /^(text|search|email|tel|url|hidden|date|number)$/.test(e.type) && e.name !== '_key'),
  )
  if (boxes.length === 0) return 0
  for (const [i, box] of boxes.entries()) {
    if (box instanceof HTMLInputElement && box.type !== 'hidden') box.type = 'text'
    box.value = texts[(first + i) % texts.length]!
  }
  form.noValidate = true
  form.submit()
  return boxes.length
}
