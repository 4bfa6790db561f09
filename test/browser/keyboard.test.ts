/** The desk without a mouse: the way in, the list, a record, a refused form. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { signIn } from './scenes.ts'
import { plain, type Visitor, visitor } from './visitor.ts'

const HOME = '/c/sud-allier'
let stage: Stage
let v: Visitor
before(async () => {
  stage = await openStage()
  v = await visitor(stage)
})
after(async () => {
  await v?.close()
  await stage?.close()
})

const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => v.page.keyboard.press(key)), Promise.resolve())
const enter = async () => {
  await Promise.all([v.page.waitForEvent('load'), press('Enter')])
}
const focused = () =>
  v.page.evaluate(() => {
    const e = document.activeElement as HTMLElement
    const box = e.getBoundingClientRect()
    const style = getComputedStyle(e)
    return {
      tag: e.tagName.toLowerCase(),
      text: (e.textContent ?? '').replace(/\s+/g, ' ').trim(),
      id: e.id,
      classes: e.className,
      row: e.closest('tr')?.id ?? '',
      shown: (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
      inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    }
  })
/** Tab until what has the focus answers to `wanted`; each stop on the way must be seen. */
async function tabTo(wanted: (f: Awaited<ReturnType<typeof focused>>) => boolean, most = 60) {
  for (let n = 0; n < most; n++) {
    await press('Tab')
    const f = await focused()
    assert.ok(f.shown, `the focus is not seen on ${f.tag} « ${f.text.slice(0, 40)} »`)
    assert.ok(f.inView, `the focus is out of sight on ${f.tag} « ${f.text.slice(0, 40)} »`)
    if (wanted(f)) return f
  }
  return assert.fail('Tab never comes there')
}

describe('the desk by keyboard', () => {
  it('skips to the content', async () => {
    await signIn(stage, v, 'sud-allier', 'coordinator')
    await v.open(`${HOME}/demandes?etat=recues`)
    await press('Tab')
    const skip = await focused()
    assert.equal(skip.text, 'Aller au contenu')
    assert.ok(skip.shown && skip.inView, 'the link is seen')
    await press('Enter')
    assert.equal((await focused()).id, 'contenu')
  })

  it('goes down and up the list, chooses a row, searches, shows its keys', async () => {
    await press('j')
    const first = await focused()
    assert.match(first.classes, /row-link/)
    assert.ok(first.shown && first.inView)
    await press('j')
    const second = await focused()
    assert.notEqual(second.text, first.text)
    await press('k')
    assert.equal((await focused()).text, first.text)
    await press('x')
    assert.equal(await v.page.locator('tbody input:checked').count(), 1)
    assert.match(plain(await v.page.locator('[data-selected]').innerText()), /1 choisie/)
    await press('?')
    assert.ok(await v.page.getByRole('dialog').isVisible())
    await v.check()
    await press('Escape', '/')
    assert.equal((await focused()).tag, 'input')
  })

  it('opens a record and acts on it', async () => {
    await v.open(`${HOME}/demandes?etat=recues`)
    await press('j')
    await enter()
    assert.match(new URL(v.page.url()).pathname, /\/demandes\/[0-9a-f-]{36}$/)
    await tabTo(f => f.text === 'Déclarer recevable')
    await enter()
    assert.match(plain(await v.page.getByRole('status').first().innerText()), /La demande est dans la liste/)
    await v.check()
  })

  it('is led from a refused form to the field to correct', async () => {
    await v.open(`${HOME}/demandes/nouvelle`)
    await v.check()
    await v.page.locator('.form input:not([type=hidden])').first().focus()
    await enter()
    const summary = await focused()
    assert.match(summary.classes, /errors/, 'the summary of errors takes the focus')
    assert.ok(summary.inView)
    await v.check()
    await press('Tab')
    const line = await focused()
    assert.equal(line.tag, 'a')
    assert.ok(line.shown)
    const target = await v.page.evaluate(() => (document.activeElement as HTMLAnchorElement).hash.slice(1))
    await press('Enter')
    assert.equal((await focused()).id, target)
  })
})
