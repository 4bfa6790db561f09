/** On paper: what a patient takes home and what a meeting looks at, without the screen's furniture. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { type Place, places } from './places.ts'
import { signInAs } from './scenes.ts'
import { type Visitor, visitor } from './visitor.ts'

const SLUG = 'sud-allier'
let stage: Stage
let all: Place[]
let v: Visitor
before(async () => {
  stage = await openStage()
  all = await places(stage, SLUG)
  v = await visitor(stage)
})
after(async () => {
  await v?.close()
  await stage?.close()
})

/** Opens the page as a printer sees it; answers how many sheets of A4 it takes. */
async function print(route: string): Promise<number> {
  const place = all.find(p => p.route === route)
  assert.ok(place, route)
  if (place.as) await signInAs(stage, v, SLUG, place.as)
  await v.open(place.address)
  await v.page.emulateMedia({ media: 'print', colorScheme: 'light' })
  const pdf = await v.page.pdf({ format: 'A4', preferCSSPageSize: true })
  return [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length
}
const hidden = async (...selectors: string[]) => {
  for (const selector of selectors)
    for (const e of await v.page.locator(selector).all()) assert.ok(!(await e.isVisible()), `${selector} is printed`)
}

describe('printed', () => {
  it('the patient’s page: the number, the way and the telephone, on at most two sheets', async () => {
    const sheets = await print('/c/:cpts/suivi/:token')
    assert.ok(sheets >= 1 && sheets <= 2, `${sheets} sheets`)
    await hidden('nav', '.skip', 'main button', '.foot ul')
    assert.ok(await v.page.locator('.stations').isVisible())
    assert.ok(await v.page.locator('.foot .human').isVisible())
    const ink = await v.page
      .locator('h1')
      .evaluate(e => [getComputedStyle(e).color, getComputedStyle(document.documentElement).backgroundColor])
    assert.deepEqual(ink, ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
  })

  it('the territory: its map and its communes, without the menu', async () => {
    const sheets = await print('/c/:cpts/territoire')
    assert.ok(sheets >= 1 && sheets <= 6, `${sheets} sheets`)
    await hidden('nav', '.user', '.menu-button', '.skip', 'main .exports')
    assert.ok(await v.page.locator('figure svg').first().isVisible())
  })
})
