/** Ten minutes of somebody who has just started Trame: the list, the plan, a doctor's answer, the patient's page, to the closure. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { plain, type Visitor, visitor } from './visitor.ts'

const HOME = '/c/sud-allier'
let stage: Stage
let desk: Visitor
let phone: Visitor
before(async () => {
  stage = await openStage()
  desk = await visitor(stage)
  phone = await visitor(stage, { width: 375, touch: true })
})
after(async () => {
  await desk?.close()
  await phone?.close()
  await stage?.close()
})

const button = (v: Visitor, name: string | RegExp) => v.page.getByRole('button', { name }).first()
const link = (v: Visitor, name: string | RegExp) => v.page.getByRole('link', { name }).first()
const text = async (v: Visitor) => plain(await v.page.getByRole('main').innerText())
const from = performance.now()

/** What the journey learns on its way. */
let record = ''
let plan = ''
let number = ''
let birthDate = ''
let doctorPage = ''

describe('the ten-minute path', () => {
  it('starts from the front page, in one press, with what waits for the coordinator', async () => {
    await desk.open('/')
    await desk.check()
    await desk.follow(button(desk, /Coordination, CPTS Sud Allier/))
    assert.equal(new URL(desk.page.url()).pathname, `${HOME}/demandes`)
    assert.match(await desk.title(), /^Demandes \d+$/)
    assert.ok(await desk.page.getByRole('complementary', { name: 'Ce qui vous attend' }).isVisible())
    assert.ok((await desk.page.locator('tbody tr').count()) > 20)
    await desk.check()
  })

  it('opens a record', async () => {
    await desk.follow(desk.page.locator('tbody .row-link').first())
    assert.ok(await desk.page.getByRole('heading', { name: 'Historique' }).isVisible())
    await desk.check()
  })

  it('computes a plan, drawn on the territory, each pair explained', async () => {
    await desk.follow(link(desk, 'Plan'))
    await desk.check()
    await desk.follow(button(desk, 'Calculer le plan'))
    plan = new URL(desk.page.url()).pathname
    // A plan longer than two seconds shows a page that says so.
    for (let n = 0; n < 20 && (await desk.title()).startsWith('Le calcul'); n++) await desk.follow(link(desk, 'Voir où il en est'))
    assert.match(await desk.title(), /^Plan du/)
    assert.ok(await desk.page.locator('main svg[role=img], main figure svg').first().isVisible(), 'the map')
    await desk.check()
    await desk.page
      .locator('summary', { hasText: /raison/ })
      .first()
      .click()
    await desk.says(/Pourquoi pas un autre/)
    await desk.check()
  })

  it('answers « why not Dr X? »', async () => {
    await desk.follow(desk.page.getByRole('main').locator('a:visible', { hasText: 'Pourquoi pas un autre' }).first())
    await desk.check()
    await desk.page.getByLabel('Médecin', { exact: true }).selectOption({ index: 1 })
    await desk.follow(button(desk, 'Demander'))
    await desk.says(/Ce qui a décidé/)
    assert.ok((await desk.page.locator('.callout').innerText()).length > 20, 'an answer in words')
    await desk.check()
  })

  it('sends the proposals; each doctor has a letter', async () => {
    await desk.open(plan)
    await desk.follow(button(desk, /^Envoyer les/))
    await desk.says(/propositions? (est partie|sont parties)/)
    await desk.check()
    await phone.open(`${HOME}/demo/messagerie`)
    await phone.check()
  })

  it('is the doctor: one question, a yes, then who the patient is, and an appointment', async () => {
    await phone.follow(link(phone, /\/proposition\//))
    doctorPage = new URL(phone.page.url()).pathname
    await phone.check()
    await phone.follow(button(phone, 'Oui, j’accepte'))
    await phone.check()
    birthDate = /Né\(e\) le (\d\d)\/(\d\d)\/(\d{4})/
      .exec(await text(phone))!
      .slice(1)
      .reverse()
      .join('-')
    const name = await phone.title()
    await phone.page.getByLabel('Jour du premier rendez-vous').fill(new Date().toISOString().slice(0, 10))
    await phone.follow(button(phone, 'Enregistrer le rendez-vous'))
    await phone.says(/Rendez-vous noté/)
    await phone.check()
    await desk.open(`${HOME}/demandes?q=${encodeURIComponent(name.split(' ').at(-1)!)}`)
    await desk.follow(
      desk.page
        .locator('tbody tr', { hasText: name.split(' ')[0] })
        .filter({ hasText: 'Rendez-vous' })
        .locator('.row-link')
        .first(),
    )
    record = new URL(desk.page.url()).pathname
    number = /n° (\w{4}-\w{4})/.exec(await text(desk))![1]!
    await desk.check()
  })

  it('is the patient: the number and the birth date, the appointment, who opened the file', async () => {
    await phone.open(`${HOME}/suivi`)
    await phone.check()
    await phone.page.getByLabel('Numéro de suivi').fill(number)
    await phone.page.getByLabel('Date de naissance').fill(birthDate)
    await phone.follow(button(phone, 'Voir où en est ma demande'))
    assert.match(await phone.title(), /^Rendez-vous (lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)/)
    await phone.page.getByText('Qui a ouvert mon dossier').tap()
    await phone.says(/Sans votre nom/)
    await phone.check()
  })

  it('ends with the visit and the declaration, and everybody sees it', async () => {
    await phone.open(doctorPage)
    await phone.follow(button(phone, 'La consultation a eu lieu'))
    await phone.check()
    await phone.follow(button(phone, 'La déclaration est faite'))
    await phone.says(/Tout est fait/)
    await phone.check()
    await desk.open(record)
    await desk.says(/La demande est close/)
    await desk.check()
    console.log(`newcomer: the whole path in ${((performance.now() - from) / 1000).toFixed(0)} s of machine time, checks included`)
  })
})
