/** Opens pages one after the other at two widths in two colours, and holds each to what every page promises. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page, Response } from 'playwright-core'
import { openStage, type Stage } from './browser.ts'
import { type Place, places } from './places.ts'
import { signInAs } from './scenes.ts'
import { axe, overflow, type Visitor, visitor, wrongWith } from './visitor.ts'

const SLUG = 'sud-allier'
const MAX_SCRIPT = 30_000
const MAX_SHIFT = 0.02

export interface Weight {
  route: string
  html: number
  htmlGzip: number
  scriptGzip: number
  /** Largest of the two widths. */
  shift: number
}

/** The walk as tests, one a page; the table of weights is printed at the end. */
export function walk(title: string, concerns: (p: Place) => boolean): void {
  let stage: Stage
  let all: Place[]
  const visitors = new Map<string, Visitor>()
  const weights: Weight[] = []
  before(async () => {
    stage = await openStage()
    all = (await places(stage, SLUG)).filter(concerns)
  })
  after(async () => {
    print(title, weights)
    for (const v of visitors.values()) await v.close()
    await stage?.close()
  })
  /** One window for each person; a new one every time would download everything again, and say nothing more. */
  async function windowOf(as: string | null): Promise<Visitor> {
    const found = visitors.get(as ?? '')
    if (found) return found
    const v = await visitor(stage)
    if (as) await signInAs(stage, v, SLUG, as)
    await v.page.addInitScript(watchShifts)
    visitors.set(as ?? '', v)
    return v
  }

  describe(title, () => {
    it('every page at 375 and 1280 px, light and dark', async t => {
      assert.ok(all.length > 0)
      for (const place of all)
        await t.test(place.route, async () => {
          const v = await windowOf(place.as)
          const weight: Weight = { route: place.route, html: 0, htmlGzip: 0, scriptGzip: 0, shift: 0 }
          const wrong = [...(await look(v, place, 1280, weight)), ...(await look(v, place, 375, weight))]
          wrong.push(...(await between(v.page)))
          // What a person with low vision sees at 400 %, and everybody's page at 200 %.
          if (place.posture !== 'desk') wrong.push(...(await reflow(v.page)))
          weights.push(weight)
          if (weight.scriptGzip > MAX_SCRIPT) wrong.push(`${weight.scriptGzip} bytes of JavaScript`)
          if (weight.shift > MAX_SHIFT) wrong.push(`the page moves while it loads: ${weight.shift.toFixed(3)}`)
          assert.deepEqual([...new Set(wrong)], [])
        })
    })
  })
  async function look(v: Visitor, place: Place, width: number, weight: Weight): Promise<string[]> {
    const { page } = v
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width, height: width < 600 ? 740 : 860 })
    const scripts: Promise<number>[] = []
    const listen = (r: Response) => {
      if (r.request().resourceType() === 'script') scripts.push(r.body().then(zipped))
    }
    page.on('response', listen)
    const answer = await page.goto(place.address)
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    page.off('response', listen)
    assert.equal(answer?.status(), 200, `${place.address} answers ${answer?.status()}`)
    const html = await answer.body()
    weight.html = html.length
    weight.htmlGzip = zipped(html)
    weight.scriptGzip = Math.max(
      weight.scriptGzip,
      (await Promise.all(scripts)).reduce((sum, n) => sum + n, 0),
    )
    weight.shift = Math.max(weight.shift, await page.evaluate(() => (globalThis as unknown as { shifts: number }).shifts))
    const wrong = await wrongWith(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await drawn(page)
    const dark = await axe(page, ['color-contrast'])
    return [
      ...v.faults.splice(0),
      ...stage.faults.splice(0),
      ...wrong.map(w => `${width} px: ${w}`),
      ...dark.map(w => `${width} px, dark: ${w}`),
    ]
  }
}

/** Between a phone and a desk: a half window, a tablet, a small laptop. */
async function between(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of [620, 768, 1024, 1160]) {
    await page.setViewportSize({ width, height: 800 })
    found.push(...(await overflow(page)).map(w => `${width} px: ${w}`))
  }
  return found
}

async function reflow(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 600 })
  const narrow = (await overflow(page)).map(w => `320 px: ${w}`)
  await page.setViewportSize({ width: 375, height: 740 })
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32 } })
  await drawn(page)
  const large = (await overflow(page)).map(w => `letters at 200 %: ${w}`)
  await session.send('Page.setFontSizes', { fontSizes: { standard: 16 } })
  await session.detach()
  return [...narrow, ...large]
}
/** Two pictures later, and once nothing moves any more, colours and lines have settled. */
const drawn = (page: Page) =>
  page.evaluate(async () => {
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await Promise.all(document.getAnimations().map(a => a.finished))
  })

const zipped = (body: Uint8Array) => gzipSync(body, { level: 6 }).length

/** Runs in the page before anything else. */
function watchShifts() {
  const kept = globalThis as unknown as { shifts: number }
  kept.shifts = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) kept.shifts += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}

function print(title: string, weights: Weight[]): void {
  const kb = (n: number) => (n / 1000).toFixed(1).padStart(7)
  const line = (w: Weight) => `${kb(w.html)} ${kb(w.htmlGzip)} ${kb(w.scriptGzip)} ${w.shift.toFixed(3).padStart(7)}  ${w.route}`
  console.log(`${title}\n   HTML    gzip      JS   shift  (kB; JS gzip)\n${weights.map(line).join('\n')}`)
  const worst = (what: keyof Weight) => weights.toSorted((a, b) => Number(b[what]) - Number(a[what]))[0]
  for (const what of ['html', 'scriptGzip', 'shift'] as const) console.log(`worst ${what}: ${worst(what)?.[what]} ${worst(what)?.route}`)
}
