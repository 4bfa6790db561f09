/** A doctor between two patients: a phone held in one hand, a slow processor, a slow network, thirty seconds. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { letterLink, sendProposal, signIn, stateIn } from './scenes.ts'
import { type Visitor, visitor } from './visitor.ts'

const SLUG = 'sud-allier'
let stage: Stage
let v: Visitor
before(async () => {
  stage = await openStage()
})
after(() => stage?.close())
beforeEach(async () => {
  v = await visitor(stage, { width: 375, touch: true })
})
afterEach(() => v.close())

/** A phone of 2018 in the countryside: processor four times slower, 1,6 Mbit/s, 150 ms. */
async function slow() {
  const session = await v.context.newCDPSession(v.page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const speed = (1.6 * 1024 * 1024) / 8
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: speed,
    uploadThroughput: speed,
  })
}
const button = (name: string | RegExp) => v.page.getByRole('button', { name })
/** A thumb needs 44 px at least; the two answers have 56. */
async function isLarge(name: string, least = 56) {
  const box = await button(name).boundingBox()
  assert.ok(box && box.height >= least, `« ${name} » is ${box?.height} px high`)
}

describe('a proposal, from the letter', () => {
  it('is accepted in two touches and less than thirty seconds, and then names the patient', async () => {
    await sendProposal(stage, SLUG)
    const letter = await letterLink(v, SLUG, 'proposition')
    await slow()
    const from = performance.now()
    await v.follow(letter)
    assert.equal(await v.title(), 'Pouvez-vous devenir son médecin traitant ?')
    await v.follow(button('Oui, j’accepte'))
    await v.page.getByText('Ce patient est désormais le vôtre').waitFor()
    const seconds = (performance.now() - from) / 1000
    console.log(`doctor: yes in 2 touches, ${seconds.toFixed(1)} s (processor ÷ 4, 1.6 Mbit/s, 150 ms)`)
    assert.ok(seconds <= 30, `${seconds} s`)
    await v.check()
    assert.match(await v.title(), /^\p{Lu}[\p{L}-]+ \p{Lu}/u)
  })

  it('shows neither name nor telephone before a yes, and nothing else to press', async () => {
    await sendProposal(stage, SLUG)
    const letter = await letterLink(v, SLUG, 'proposition')
    await v.follow(letter)
    await v.check()
    await isLarge('Oui, j’accepte')
    await isLarge('Non')
    const shown = await v.page.getByRole('main').innerText()
    assert.doesNotMatch(shown, /0[1-9]( \d\d){4}|@/)
    assert.equal(await v.page.getByRole('main').getByRole('link').count(), 0)
    assert.equal(await v.page.getByRole('main').getByRole('button').count(), 2)
  })

  it('is refused with its reason in three touches, and the patient keeps his place', async () => {
    const { requestId } = await sendProposal(stage, SLUG)
    const letter = await letterLink(v, SLUG, 'proposition')
    await slow()
    const from = performance.now()
    await v.follow(letter)
    await v.follow(button('Non'))
    assert.equal(await v.title(), 'Pour quelle raison ?')
    await v.follow(v.page.getByRole('main').getByRole('button').first())
    assert.equal(await v.title(), 'Merci de votre réponse')
    const seconds = (performance.now() - from) / 1000
    console.log(`doctor: no with its reason in 3 touches, ${seconds.toFixed(1)} s`)
    assert.ok(seconds <= 30, `${seconds} s`)
    await v.check()
    assert.equal(await stateIn(stage, SLUG, requestId), 'prioritised')
  })

  it('asks for the reason on a page without fault', async () => {
    await sendProposal(stage, SLUG)
    await v.follow(await letterLink(v, SLUG, 'proposition'))
    await v.follow(button('Non'))
    await v.check()
    await v.follow(v.page.getByRole('link', { name: 'Revenir à la question' }))
    assert.equal(await v.title(), 'Pouvez-vous devenir son médecin traitant ?')
  })
})

describe('the places of a doctor', () => {
  it('are said in one touch from the letter', async () => {
    const desk = await visitor(stage)
    await signIn(stage, desk, SLUG, 'coordinator')
    await desk.open(`/c/${SLUG}/medecins`)
    await desk.follow(desk.page.getByRole('button', { name: /^Redemander à/ }).first())
    await desk.close()
    const letter = await letterLink(v, SLUG, 'places')
    await slow()
    const from = performance.now()
    await v.follow(letter)
    await v.check()
    await v.follow(button('3 patients'))
    assert.equal(await v.title(), 'Merci')
    console.log(`doctor: places in 2 touches, ${((performance.now() - from) / 1000).toFixed(1)} s`)
    await v.says(/3 nouveaux patients/)
    await v.check()
  })
})
