/** Somebody in front of a page: a window of some size, and what is wrong with what it shows. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axeCore from 'axe-core'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import type { Stage } from './browser.ts'

export interface VisitorOptions {
  width?: number
  height?: number
  scheme?: 'light' | 'dark'
  touch?: boolean
  /** JavaScript, on unless false. */
  script?: boolean
}
export interface Visitor {
  context: BrowserContext
  page: Page
  /** Console errors, refusals of the content policy, exceptions, answers ≥ 500 since the last check. */
  faults: string[]
  /** Opens an address of the application. */
  open(path: string): Promise<void>
  /** Touches a link or a button that leads to a page, and waits for it. */
  follow(what: Locator): Promise<void>
  /** The page's h1, its special spaces made ordinary. */
  title(): Promise<string>
  /** Fails unless the page says so somewhere; its special spaces count as ordinary ones. */
  says(words: RegExp): Promise<void>
  /** Fails with everything that is wrong with the page as it stands. */
  check(): Promise<void>
  close(): Promise<void>
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

export async function visitor(stage: Stage, o: VisitorOptions = {}): Promise<Visitor> {
  const { width = 1280, height = width < 600 ? 740 : 860, scheme = 'light', touch = false, script = true } = o
  const context = await stage.browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    // Colours change at once: nothing is looked at half-way.
    reducedMotion: 'reduce',
    hasTouch: touch,
    isMobile: touch,
    javaScriptEnabled: script,
    deviceScaleFactor: 1,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    baseURL: stage.url,
  })
  context.setDefaultTimeout(15_000)
  const faults: string[] = []
  const page = await context.newPage()
  page.on('console', m => m.type() === 'error' && !isExpected(m.text()) && faults.push(`console: ${m.text()}`))
  page.on('pageerror', e => faults.push(`exception: ${e.message}`))
  page.on('response', r => r.status() >= 500 && faults.push(`${r.status()} ${new URL(r.url()).pathname}`))
  // Chromium drops a touch that comes before the first picture of a page; taking one of a pixel draws it.
  const painted = async () => void (await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } }))
  const examined = script ? page : await twin(stage, { width, height, scheme, touch })
  return {
    context,
    page,
    faults,
    async open(path) {
      await page.goto(path)
      await painted()
    },
    async follow(what) {
      await Promise.all([page.waitForEvent('load'), touch ? what.tap() : what.click()])
      await painted()
    },
    async says(words) {
      const shown = plain(await page.getByRole('main').innerText())
      assert.ok(words.test(shown), `${new URL(page.url()).pathname} does not say ${words}: « ${shown.slice(0, 300)}… »`)
    },
    title: async () => plain(await page.getByRole('heading', { level: 1 }).innerText()),
    async check() {
      if (examined !== page) await copyTo(examined, page)
      const found = [...faults.splice(0), ...stage.faults.splice(0), ...(await wrongWith(examined))]
      assert.deepEqual(found, [], `${new URL(page.url()).pathname} (${width} px)`)
    },
    async close() {
      await context.close()
      if (examined !== page) await examined.context().close()
    },
  }
}
/** White space as one types it. */
export const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** axe needs JavaScript: where the visitor has none, what he sees is examined in another window of the same size. */
const twin = async (stage: Stage, o: VisitorOptions): Promise<Page> => (await visitor(stage, o)).page
async function copyTo(page: Page, from: Page): Promise<void> {
  const html = await from.content()
  await page.route(from.url(), route => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }), { times: 1 })
  await page.goto(from.url())
}
/** Chromium reports an answer ≥ 400 to a navigation as an error; 404, 409 and 422 pages are pages. */
const isExpected = (text: string) => /status of 4(04|09|10|22|29)/.test(text)

/** What nobody may find on any page. */
export async function wrongWith(page: Page, o: { axe?: boolean } = {}): Promise<string[]> {
  const found = [...(await overflow(page)), ...wordsOf(await visibleText(page))]
  if (o.axe !== false) found.push(...(await axe(page)))
  return found
}

/** What axe finds wrong by these rules, or by those of WCAG 2.1 AA; a page holds one frame. */
export async function axe(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource)
  const violations = await page.evaluate(
    async runOnly => {
      const { axe } = globalThis as unknown as { axe: typeof axeCore }
      // Finding a name for every element that passes costs as much as the rules; no rule of ours reads the style sheets themselves.
      const found = await axe.run(document, { runOnly, resultTypes: ['violations'], preload: false })
      return found.violations.map(({ id, nodes }) => ({
        id,
        nodes: nodes.map(n => ({ target: n.target.join(' '), why: n.failureSummary?.split('\n')[1]?.trim() ?? '' })),
      }))
    },
    rules ? { type: 'rule' as const, values: rules } : { type: 'tag' as const, values: WCAG },
  )
  return violations.map(({ id, nodes }) => {
    const where = nodes.slice(0, 4).map(n => n.target)
    return `axe ${id}: ${where.join(' | ')} ${nodes[0]?.why ?? ''}`
  })
}

/** The page never scrolls sideways, and no table runs into what stands beside it. */
export async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth
    const wide = document.documentElement.scrollWidth - edge
    const past = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > edge + 1)
    const found =
      wide > 0
        ? [
            `${wide} px too wide: ${past
              .slice(-3)
              .map(e => `${e.tagName.toLowerCase()}.${e.className}`)
              .join(', ')}`,
          ]
        : []
    for (const table of document.querySelectorAll('main table')) {
      if (!table.checkVisibility()) continue
      // A table stands a little out of its column on each side, so that its text is in line with the rest.
      const out = 0.75 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const over = Math.round(table.getBoundingClientRect().right - table.parentElement!.getBoundingClientRect().right - out)
      if (over > 1) found.push(`a table is ${over} px wider than its column`)
    }
    return found
  })
}

/** Each run of text a person can read, names of fields and images included. */
async function visibleText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!
      // Text as somebody typed it (code, messages in plain text) keeps its own signs.
      if (parent.closest('script, style, template, code, pre, [translate=no]')) continue
      if (node.textContent!.trim()) texts.push(node.textContent!)
    }
    for (const e of document.querySelectorAll('[aria-label], [placeholder], [alt]'))
      for (const name of ['aria-label', 'placeholder', 'alt']) if (e.getAttribute(name)) texts.push(e.getAttribute(name)!)
    return texts
  })
}

const slips: [RegExp, string][] = [
  [/(\w[^.]{0,20} )[;:!?»](?=\s|$)/u, 'an ordinary space before a double sign'],
  [/« /, 'an ordinary space after «'],
  [/\w'\w/u, 'a straight apostrophe'],
  [/\bundefined\b|\bnull\b|\bNaN\b|\[object/, 'a value that nobody wrote for people'],
  [/\.\.\./, 'three dots instead of …'],
]
export function wordsOf(texts: string[]): string[] {
  const found = texts.flatMap(text => slips.filter(([slip]) => slip.test(text)).map(([slip, name]) => `${name}: « ${around(text, slip)} »`))
  const all = [...new Set(found)]
  return all.length > 6 ? [...all.slice(0, 5), `and ${all.length - 5} more like these`] : all
}
function around(text: string, slip: RegExp): string {
  const at = slip.exec(text)?.index ?? 0
  return text
    .slice(Math.max(0, at - 25), at + 45)
    .replace(/\s+/g, ' ')
    .trim()
}
