/** The contract of Grand Versailles, for somebody who has just started Trame: its lines of time, one euro followed to its proof, the pack of the year. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openStage, type Stage } from './browser.ts'
import { type Visitor, visitor } from './visitor.ts'

const HOME = '/c/grand-versailles'
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
const link = (v: Visitor, name: string | RegExp) => v.page.getByRole('main').getByRole('link', { name }).first()

describe('the contract', () => {
  it('shows where it stands: lines of time, and the same dates in a table', async () => {
    await desk.open('/')
    await desk.follow(desk.page.getByRole('button', { name: /Coordination, CPTS Grand Versailles/ }).first())
    await desk.follow(desk.page.getByRole('link', { name: 'Contrat', exact: true }).first())
    assert.ok(await desk.page.locator('figure.lanes .lane').first().isVisible())
    assert.equal(await desk.page.locator('figure.lanes .lane:not(.lane-axis)').count(), 7, 'the contract and six missions')
    await desk.page.getByText('Les mêmes dates dans un tableau').click()
    await desk.says(/Accès aux soins/)
    await desk.check()
  })
  it('follows one euro back to a signed attendance', async () => {
    await desk.follow(link(desk, 'Argent'))
    await desk.says(/acquis et .* versés, sur .* possibles/)
    // The end of the year, supposed three ways, and what is missing to earn the rest.
    await desk.says(/l’année finirait à [\d ,]+ €/)
    for (const way of ['Au plus bas', 'Au rythme actuel', 'Avec le plan d’actions']) await desk.says(new RegExp(`${way} : [\\d ,]+ €`))
    await desk.says(/Ce qu’il manque : [\d ,]+ € encore possibles/)
    await desk.page.locator('summary', { hasText: 'Parcours pluriprofessionnels, part variable' }).click()
    await desk.says(/« Réunions de concertation pluriprofessionnelle » : \d+ pour un objectif de 8/)
    await desk.check()
    await desk.follow(link(desk, 'Indicateurs'))
    await desk.check()
    await desk.follow(link(desk, 'Réunions de concertation pluriprofessionnelle'))
    await desk.check()
    await desk.follow(link(desk, /^Concertation pluriprofessionnelle/))
    await desk.says(/Empreinte du fichier \(SHA-256\)/)
    await desk.check()
  })
  it('has its plan of fifteen actions and its proofs', async () => {
    await desk.open(`${HOME}/contrat/actions`)
    assert.equal(await desk.page.locator('figure.lanes .lane:not(.lane-axis)').count(), 15)
    await desk.check()
    await desk.open(`${HOME}/contrat/preuves`)
    await desk.says(/Registre intact/)
    await desk.check()
  })
  it('gives the pack of the year in one press', async () => {
    await desk.open(`${HOME}/contrat/bilan`)
    await desk.check()
    const [download] = await Promise.all([desk.page.waitForEvent('download'), link(desk, 'Dossier complet (ZIP)').click()])
    assert.match(download.suggestedFilename(), /^bilan-grand-versailles-annee-\d+\.zip$/)
  })
  it('is read by the fund on a telephone, without the requests', async () => {
    await phone.open('/')
    await phone.follow(phone.page.getByRole('button', { name: /CPAM, CPTS Grand Versailles/ }).first())
    for (const path of ['', '/argent', '/indicateurs', '/indicateur?code=gp-found', '/actions', '/bilan']) {
      await phone.open(`${HOME}/contrat${path}`)
      await phone.check()
    }
    assert.equal(await phone.page.locator('a[href*="/demandes/"]').count(), 0)
  })
})
