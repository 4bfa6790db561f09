/** The yearly review of Grand Versailles: the fund asks, the coordination answers, three people sign the minutes, Argent shows them. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { type Visitor, visitor } from './visitor.ts'

const HOME = '/c/grand-versailles'
let stage: Stage
let desk: Visitor
let fund: Visitor
let others: Visitor
before(async () => {
  stage = await openStage()
  desk = await visitor(stage)
  fund = await visitor(stage, { width: 375, touch: true, scheme: 'dark' })
  others = await visitor(stage, { script: false })
})
after(async () => {
  for (const v of [desk, fund, others]) await v?.close()
  await stage?.close()
})
const main = (v: Visitor) => v.page.getByRole('main')
const be = async (v: Visitor, who: RegExp) => {
  await v.open('/')
  await v.follow(v.page.getByRole('button', { name: who }).first())
}
const open = async (v: Visitor, year: string) => {
  await v.open(`${HOME}/contrat/dialogues`)
  await v.follow(main(v).getByRole('link', { name: `Année ${year}` }))
}
const sign = async (v: Visitor) => {
  await v.open(new URL(minutes).pathname)
  await v.page.getByRole('checkbox', { name: /^J’ai lu ce compte rendu/ }).check()
  await v.follow(v.page.getByRole('button', { name: 'Signer le compte rendu' }))
}
let minutes = ''

describe('the yearly review', () => {
  it('is commented on a telephone by the fund, indicator by indicator', async () => {
    await be(fund, /CPAM, CPTS Grand Versailles/)
    await open(fund, '6')
    await fund.says(/Vaccination contre la grippe.*délai passé de \d+ jours? ouvrés?/s)
    await fund.check()
    await fund.follow(main(fund).getByRole('link', { name: 'Réunions des groupes qualité', exact: true }))
    await fund.page.getByLabel('Votre commentaire').fill('Les thèmes de l’an prochain sont-ils choisis ?')
    await fund.follow(fund.page.getByRole('button', { name: 'Publier le commentaire' }))
    await fund.says(/Réponse attendue avant la fin du .*, encore 15 jours ouvrés/)
    await fund.check()
  })
  it('is answered by the coordination, who finds it in what waits, then writes the minutes', async () => {
    await be(desk, /Coordination, CPTS Grand Versailles/)
    await desk.open(`${HOME}/contrat`)
    await desk.follow(main(desk).getByRole('link', { name: /Répondre sur « Réunions des groupes qualité »/ }))
    await desk.page.getByLabel('Votre réponse').fill('Oui : antibiotiques et chutes.')
    await desk.follow(desk.page.getByRole('button', { name: 'Publier la réponse' }))
    await desk.says(/Répondu.*Oui : antibiotiques et chutes\./s)
    await desk.check()
    await open(desk, '6')
    await desk.follow(main(desk).getByRole('link', { name: 'Écrire le compte rendu' }))
    await desk.check()
    const part = desk.page.getByRole('group', { name: /^Part variable : Qualité/ })
    await part.getByLabel(/^Ou taux arrêté/).fill('50')
    await part.getByLabel(/^Motif/).fill('Deux groupes tenus, thèmes choisis')
    await desk.follow(desk.page.getByRole('button', { name: 'Enregistrer le compte rendu' }))
    await desk.says(/Deux groupes tenus, thèmes choisis/)
    await desk.check()
    minutes = desk.page.url()
  })
  it('is signed by the three, with no JavaScript for two of them, and Argent shows what was agreed', async () => {
    await sign(fund)
    await be(others, /Bureau, CPTS Grand Versailles/)
    await sign(others)
    await others.open(`${HOME}/connexion`)
    await others.page.getByLabel('Votre adresse électronique').fill('grand-versailles.ars@exemple.fr')
    await others.follow(others.page.getByRole('button', { name: /lien/ }))
    await others.open(`${HOME}/demo/messagerie`)
    await others.follow(others.page.getByRole('link', { name: /\/connexion\// }).first())
    await others.follow(others.page.getByRole('main').getByRole('button').first())
    await sign(others)
    await others.says(/Signatures 3/)
    await desk.open(`${HOME}/contrat/argent?annee=6`)
    await desk.page.locator('summary', { hasText: 'Qualité et pertinence des soins, part variable' }).click()
    await desk.says(/Arrêté au dialogue de gestion à .*noté par les trois parties le .* : Deux groupes tenus, thèmes choisis\./)
    await desk.check()
    assert.deepEqual([...fund.faults, ...others.faults], [])
  })
})
