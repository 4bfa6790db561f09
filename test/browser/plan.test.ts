/** A plan from the desk: started, followed without touching anything, stopped, started again, done; by keyboard, and without JavaScript. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { crowdIn } from '#areas/gp-access/crowd.fixture.ts'
import { openStage, type Stage } from './browser.ts'
import { signIn } from './scenes.ts'
import { plain, type Visitor, type VisitorOptions, visitor } from './visitor.ts'

const SLUG = 'sud-allier'
const HOME = `/c/${SLUG}`
let stage: Stage
let v: Visitor
before(async () => {
  stage = await openStage()
})
after(() => stage?.close())
beforeEach(() => enter())
afterEach(() => v.close())

async function enter(o?: VisitorOptions) {
  await v?.close()
  v = await visitor(stage, o)
  await signIn(stage, v, SLUG, 'coordinator')
}
const button = (name: string) => v.page.getByRole('button', { name, exact: true })
const titled = (words: RegExp) => v.page.getByRole('heading', { level: 1, name: words }).waitFor({ timeout: 60_000 })
/** Presses a button from the keyboard: Tab until it has the focus, and the focus is seen. */
async function press(name: string) {
  for (let n = 0; n < 80; n++) {
    await v.page.keyboard.press('Tab')
    const at = await v.page.evaluate(() => {
      const e = document.activeElement as HTMLElement
      const style = getComputedStyle(e)
      return { text: e.textContent ?? '', seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' }
    })
    if (plain(at.text) !== name) continue
    assert.ok(at.seen, `the focus is not seen on « ${name} »`)
    await v.page.keyboard.press('Enter')
    return
  }
  assert.fail(`Tab never comes to « ${name} »`)
}

describe('a plan of the list as it is', () => {
  it('shows itself when it is done, without anything being touched', async () => {
    await v.open(`${HOME}/plan`)
    await v.check()
    await press('Calculer le plan')
    await titled(/^Plan du /)
    await v.says(/Optimal, prouvé|au plus du meilleur plan/)
    await v.check()
    const line = v.page.locator('input[name=line]')
    assert.ok((await line.count()) > 0)
    await v.follow(v.page.getByRole('link', { name: /^Sans proposition/ }))
    await v.check()
  })

  it('without JavaScript waits behind a link, and a question too', async () => {
    await enter({ script: false })
    await v.open(`${HOME}/plan`)
    await v.follow(button('Calculer le plan'))
    for (let n = 0; !/^Plan du /.test(await v.title()); n++) {
      assert.ok(n < 200, 'never done')
      await v.follow(v.page.getByRole('link', { name: 'Voir où il en est' }))
    }
    await v.follow(v.page.getByRole('link', { name: /^Sans proposition/ }))
    await v.follow(v.page.getByRole('link', { name: /Pourquoi pas ce médecin/ }).first())
    await v.check()
    await v.page.getByLabel('Médecin').selectOption({ index: 1 })
    await v.follow(button('Demander'))
    const waiting = v.page.getByRole('link', { name: 'Voir la réponse' })
    for (let n = 0; (await waiting.count()) > 0; n++) {
      assert.ok(n < 200, 'never answered')
      await v.follow(waiting)
    }
    await v.says(
      /Il est à|C’est possible|Ce serait aussi bien|Il prend|Il ne prend|Il faut parler|n’a pas de place|n’est pas accessible|déjà été sollicité/,
    )
    await v.check()
  })
})

describe('a plan that takes long', () => {
  before(async () => {
    const { id } = await stage.community(SLUG)
    await stage.db.inTenant(id, tx => crowdIn(tx, { patients: 16_000, doctors: 300, household: 3 }))
  })

  it('says where it is by itself, is stopped by keyboard, and started again', async () => {
    await v.open(`${HOME}/plan`)
    await press('Calculer le plan')
    await titled(/^Le calcul est en cours$/)
    const bar = v.page.getByRole('progressbar')
    await bar.waitFor()
    // The stations are drawn again as it goes: nobody touches anything.
    await v.page.locator('[data-run] li.now', { hasText: /Chercher le meilleur plan|Réunir les foyers/ }).waitFor({ timeout: 60_000 })
    await v.check()
    // A second coordinator who asks is led to the same plan.
    const other = await visitor(stage)
    await signIn(stage, other, SLUG, 'coordinator')
    await other.open(`${HOME}/plan`)
    await other.follow(other.page.getByRole('link', { name: 'Voir où il en est' }))
    assert.equal(new URL(other.page.url()).pathname, new URL(v.page.url()).pathname)
    await press('Arrêter le calcul')
    await titled(/^Le calcul a été arrêté$/)
    await v.says(/Rien n’est parti/)
    await v.check()
    // Who was only looking is told as well.
    await other.page.getByRole('heading', { level: 1, name: /^Le calcul a été arrêté$/ }).waitFor()
    await other.close()
    await press('Recommencer')
    await titled(/^Le calcul est en cours$/)
    await v.follow(button('Arrêter le calcul'))
    await titled(/^Le calcul a été arrêté$/)
  })
})
