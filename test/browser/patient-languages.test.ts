/** The patient's pages in other languages: looked at by axe, mirrored in Arabic, walked by keyboard alone, named as a screen reader hears them. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { factsOf, type Language, languageCodes } from '#platform/ui/languages.ts'
import { openStage, type Stage } from './browser.ts'
import { axe, overflow, type Visitor, visitor } from './visitor.ts'

const HOME = '/c/sud-allier'
let stage: Stage
let v: Visitor
before(async () => {
  stage = await openStage()
  v = await visitor(stage, { width: 375 })
})
after(async () => {
  await v?.close()
  await stage?.close()
})

/** axe, no sideways scrolling, no fault of the browser nor of the server. */
async function sound(what: string): Promise<void> {
  const found = [...v.faults.splice(0), ...stage.faults.splice(0), ...(await overflow(v.page)), ...(await axe(v.page))]
  assert.deepEqual(found, [], what)
}
interface Node {
  role: string
  name: string
  level?: number
}
/** The page as Chromium gives it to a screen reader. */
async function heard(): Promise<Node[]> {
  const cdp = await v.context.newCDPSession(v.page)
  const { nodes } = (await cdp.send('Accessibility.getFullAXTree' as never)) as {
    nodes: {
      ignored: boolean
      role?: { value: string }
      name?: { value: string }
      properties?: { name: string; value: { value: unknown } }[]
    }[]
  }
  await cdp.detach()
  return nodes
    .filter(n => !n.ignored && n.role)
    .map(n => ({
      role: n.role!.value,
      name: n.name?.value ?? '',
      level: n.properties?.find(p => p.name === 'level')?.value.value as number | undefined,
    }))
}
/** Goes by Tab to what has this name, as somebody without a mouse, in at most `steps`. */
async function tabTo(name: string, steps = 40): Promise<void> {
  for (let i = 0; i < steps; i++) {
    await v.page.keyboard.press('Tab')
    const at = await v.page.evaluate(() => {
      const e = document.activeElement as HTMLInputElement | null
      return (e?.getAttribute('aria-label') ?? e?.labels?.[0]?.textContent ?? e?.textContent ?? '').replace(/\s+/g, ' ').trim()
    })
    if (at.startsWith(name)) return
  }
  assert.fail(`« ${name} » is not reached by Tab in ${steps} steps`)
}
const enter = () => Promise.all([v.page.waitForEvent('load'), v.page.keyboard.press('Enter')])
const choose = (lang: Language) => v.page.getByRole('link', { name: factsOf(lang).name, exact: true })

let number = ''

describe('the language', () => {
  it('is chosen on the first page by its own name, and every page after keeps it', async () => {
    await v.open(`${HOME}/demande`)
    assert.equal(await v.page.locator('.languages a').count(), languageCodes.length)
    await v.follow(choose('ar'))
    const html = v.page.locator('html')
    assert.deepEqual([await html.getAttribute('lang'), await html.getAttribute('dir')], ['ar', 'rtl'])
    await sound('ar: begin')
    await v.follow(v.page.getByRole('button', { name: 'ابدأ', exact: true }))
    assert.match(v.page.url(), /\/qui\?lang=ar$/)
  })
  it('in Arabic the page is a mirror: the text begins on the right, boxes before their words, numbers from left to right', async () => {
    const box = (selector: string) => v.page.locator(selector).first().boundingBox()
    const [input, label] = [await box('.option input'), await box('.option label')]
    assert.ok(input!.x > label!.x, 'the box stands to the right of its words')
    assert.equal(await v.page.evaluate(() => getComputedStyle(document.querySelector('h1')!).direction), 'rtl')
    assert.equal(await v.page.evaluate(() => getComputedStyle(document.querySelector('.languages summary')!).direction), 'rtl')
    await sound('ar: qui')
  })
})

describe('the whole loop by keyboard alone, in Arabic', () => {
  it('asks, page after page', async () => {
    await v.open(`${HOME}/demande?lang=ar`)
    await tabTo('ابدأ')
    await enter()
    await tabTo('لي')
    await v.page.keyboard.press('Space')
    await tabTo('البلدية')
    await v.page.keyboard.press('ArrowDown')
    await v.page.keyboard.press('ArrowDown')
    await tabTo('لا')
    await v.page.keyboard.press('Space')
    await tabTo('متابعة')
    await enter()
    await tabTo('اللقب عند الولادة')
    await v.page.keyboard.type('Essai')
    await tabTo('الأسماء')
    await v.page.keyboard.type('Camille')
    await tabTo('متابعة')
    await enter()
    // The birth date is missing: the summary has the focus, and its link leads to the field.
    const summary = v.page.getByRole('alert')
    assert.match(await summary.innerText(), /إجابة واحدة/)
    await sound('ar: refused')
    await v.page.keyboard.press('Tab')
    await v.page.keyboard.press('Enter')
    await v.page.keyboard.type('14031958')
    await tabTo('متابعة')
    await enter()
    await tabTo('متابعة')
    await enter()
    await tabTo('متابعة')
    await enter()
    await tabTo('الهاتف')
    await v.page.keyboard.type('0199001234')
    await tabTo('بالهاتف')
    await v.page.keyboard.press('Space')
    await tabTo('متابعة')
    await enter()
    await sound('ar: review')
    await tabTo('الشخص المعني')
    await v.page.keyboard.press('Space')
    await tabTo('إرسال طلبي')
    await enter()
    number = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await v.page.getByRole('main').innerText())?.[0] ?? ''
    assert.match(number, /^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    await sound('ar: sent')
  })
  it('follows it in three interactions: number, day of birth, Enter', async () => {
    await v.open(`${HOME}/suivi?lang=ar`)
    let interactions = 0
    await tabTo('رقم المتابعة')
    await v.page.keyboard.type(number.toLowerCase())
    interactions++
    await v.page.keyboard.press('Tab')
    await v.page.keyboard.type('14031958')
    interactions++
    await enter()
    interactions++
    assert.equal(await v.page.locator('h1').innerText(), 'وصل طلبك')
    assert.ok(interactions <= 5, String(interactions))
    console.log(`patient-languages: ${interactions} interactions to follow a request by keyboard`)
    await sound('ar: track')
  })
  it('is told a wrong number without losing the keyboard: the refusal has the focus', async () => {
    await v.open(`${HOME}/suivi?lang=ar`)
    await tabTo('رقم المتابعة')
    await v.page.keyboard.type('ZZZZ2222')
    await v.page.keyboard.press('Tab')
    await v.page.keyboard.type('14031958')
    await enter()
    assert.equal(await v.page.evaluate(() => document.activeElement?.getAttribute('role')), 'alert')
    await v.page.goBack()
  })
  it('changes his situation, leaves, comes back, erases: Tab, Space and Enter', async () => {
    await v.open(`${HOME}/suivi?lang=ar`)
    await tabTo('رقم المتابعة')
    await v.page.keyboard.type(number)
    await v.page.keyboard.press('Tab')
    await v.page.keyboard.type('14031958')
    await enter()
    await tabTo('تغيّر وضعي', 60)
    await enter()
    await sound('ar: change')
    await tabTo('أنا حامل', 60)
    await v.page.keyboard.press('Space')
    await tabTo('حفظ', 80)
    await enter()
    const told = (await heard()).filter(n => n.role === 'status')
    assert.equal(told.length, 1, 'what was done is a live region')
    assert.match(await v.page.getByRole('status').innerText(), /أولويتك تنتقل من .* إلى/)
    await tabTo('لم أعد أبحث', 60)
    await enter()
    await tabTo('العودة إلى القائمة', 60)
    await enter()
    await tabTo('محو طلبي', 80)
    await enter()
    await sound('ar: erase')
    await tabTo('فهمت', 60)
    await v.page.keyboard.press('Space')
    await tabTo('محو نهائي', 60)
    await enter()
    assert.match(await v.page.getByRole('main').innerText(), /مُحي طلبك/)
    await sound('ar: erased')
  })
})

describe('as a screen reader hears it', () => {
  for (const lang of ['fr', 'falc', 'en', 'ar', 'uk'] as const)
    it(`in ${factsOf(lang).name}: landmarks, one first heading, no level skipped, a name for everything pressed or typed`, async () => {
      for (const path of ['/demande', '/suivi', '/comment-la-liste-est-ordonnee']) {
        await v.open(`${HOME}${path}${lang === 'fr' ? '' : `?lang=${lang}`}`)
        const nodes = await heard()
        const roles = new Set(nodes.map(n => n.role))
        for (const role of ['banner', 'navigation', 'main', 'contentinfo']) assert.ok(roles.has(role), `${path} has no ${role}`)
        const levels = nodes.filter(n => n.role === 'heading').map(n => n.level ?? 0)
        assert.deepEqual(levels.filter(l => l === 1).length, 1, path)
        levels.reduce((last, l) => {
          assert.ok(l <= last + 1, `${path}: level ${l} after ${last}`)
          return l
        }, 0)
        const unnamed = nodes.filter(
          n => ['link', 'button', 'textbox', 'radio', 'checkbox', 'combobox', 'navigation', 'table'].includes(n.role) && !n.name,
        )
        assert.deepEqual(unnamed, [], path)
        await sound(`${lang} ${path}`)
      }
    })
  it('a refused field is heard with its refusal', async () => {
    await v.open(`${HOME}/suivi?lang=en`)
    await v.follow(v.page.getByRole('button', { name: 'See where my request stands' }))
    const field = v.page.getByLabel('Tracking number', { exact: true })
    assert.equal(await field.getAttribute('aria-invalid'), 'true')
    const described = (await field.getAttribute('aria-describedby'))!.split(' ')
    const words = await Promise.all(described.map(id => v.page.locator(`#${id}`).innerText()))
    assert.match(words.join(' '), /Fill in “Tracking number”/)
    assert.ok((await heard()).some(n => n.role === 'alert'))
  })
})
