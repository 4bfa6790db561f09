/** A patient on an old phone without JavaScript: from the community's page to the number, then the page that follows it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { type Visitor, visitor } from './visitor.ts'

let stage: Stage
let v: Visitor
before(async () => {
  stage = await openStage()
  v = await visitor(stage, { width: 375, touch: true, script: false })
})
after(async () => {
  await v?.close()
  await stage?.close()
})

/** Every touch and every answer typed, as a person would count them. */
let touches = 0
const go = async (name: string, role: 'link' | 'button' = 'button') => {
  touches++
  await v.follow(v.page.getByRole(role, { name, exact: true }))
}
const tick = async (name: string | RegExp, role: 'radio' | 'checkbox' = 'radio') => {
  touches++
  await v.page.getByRole(role, { name, exact: true }).tap()
}
const type = async (label: string, text: string) => {
  touches++
  await v.page.getByLabel(label, { exact: true }).fill(text)
}
const noCookie = async () => assert.deepEqual(await v.context.cookies(), [], 'a patient never receives a cookie')

describe('the public form, a phone, no JavaScript', () => {
  let number = ''

  it('leads from the community’s page to a number, page after page', async () => {
    await v.open('/c/sud-allier')
    await v.check()
    await go('Je cherche un médecin traitant', 'link')
    await v.check()
    await go('Commencer')
    await v.check()
    await tick('Pour moi')
    touches++
    await v.page.getByLabel('Commune où habite la personne').selectOption({ index: 2 })
    await tick('Non')
    await go('Continuer')
    assert.equal(await v.title(), 'Vous')
    await v.check()
    await type('Nom de naissance', 'Essai')
    await type('Prénoms', 'Camille')
    await type('Date de naissance', '1958-03-14')
    await go('Continuer')
    assert.equal(await v.title(), 'Votre situation')
    await v.check()
    await tick(/affection de longue durée/, 'checkbox')
    await go('Continuer')
    await v.check()
    await go('Continuer')
    await v.check()
    await type('Téléphone (facultatif)', '01 99 00 12 34')
    await tick('Par téléphone')
    await go('Continuer')
    assert.equal(await v.title(), 'Vérifier et envoyer')
    await v.check()
    await tick(/La personne concernée est d’accord/, 'checkbox')
    await go('Envoyer ma demande')
    assert.equal(await v.title(), 'Votre demande est bien arrivée')
    await v.check()
    number = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await v.page.getByText('Votre numéro de suivi').first().innerText())?.[0] ?? ''
    assert.match(number, /^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    await noCookie()
    console.log(`patient: ${touches} touches from the community’s page to the number`)
    assert.ok(touches <= 24, `${touches} touches`)
  })

  it('says what is missing, keeps what was typed, and leads to each field', async () => {
    await v.open('/c/sud-allier/demande')
    await go('Commencer')
    await tick('Pour moi')
    await go('Continuer')
    const summary = v.page.getByRole('alert')
    assert.match(await summary.innerText(), /2 réponses sont à corriger/)
    assert.ok(await v.page.getByRole('radio', { name: 'Pour moi' }).isChecked())
    await v.check()
    await summary.getByRole('link').first().tap()
    assert.match(v.page.url(), /#f-communeCode|#f-communecode|#f-commune-code/i)
  })

  it('finds the request again by its number and the birth date', async () => {
    await v.open('/c/sud-allier/suivi')
    await v.check()
    await type('Numéro de suivi', number.toLowerCase().replace('-', ' '))
    await type('Date de naissance', '1958-03-14')
    await go('Voir où en est ma demande')
    assert.equal(await v.title(), 'Votre demande est bien arrivée')
    await v.check()
    await v.page.getByText('Qui a ouvert mon dossier').tap()
    await v.check()
  })

  it('answers one sentence to a wrong birth date', async () => {
    const here = v.page.url()
    await v.open('/c/sud-allier/suivi')
    await type('Numéro de suivi', number)
    await type('Date de naissance', '1958-03-15')
    await go('Voir où en est ma demande')
    assert.match(await v.page.getByRole('alert').innerText(), /Aucune demande n’a ce numéro et cette date de naissance/)
    await v.check()
    await v.open(new URL(here).pathname)
  })

  it('leaves in one touch and comes back in one touch, at the same place', async () => {
    await go('J’ai trouvé un médecin')
    assert.equal(await v.title(), 'Vous n’êtes plus dans la liste')
    await v.check()
    await go('Revenir dans la liste, à ma place')
    assert.equal(await v.title(), 'Votre demande est bien arrivée')
    await v.check()
    await noCookie()
  })
})
