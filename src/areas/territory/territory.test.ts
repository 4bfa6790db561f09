/** The territory over HTTP: adding, sharing, exporting, deciding; what another community may learn. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { isInTerritory, setCommunes, territoryArea, territoryCommunes, territorySize } from './index.ts'

let t: TestApp
const SACLAY = '200056232'
const GRAND_PARC = '247800584'
const communes: [code: string, name: string, postal: string[], siren: string | null, body: string | null, population: number][] = [
  ['91064', 'Bièvres', ['91570'], GRAND_PARC, 'CA Versailles Grand Parc', 4686],
  ['91377', 'Massy', ['91300'], SACLAY, 'CA Communauté Paris-Saclay', 51_560],
  ['91534', 'Saclay', ['91400'], SACLAY, 'CA Communauté Paris-Saclay', 4650],
  ['91471', 'Orsay', ['91400'], SACLAY, 'CA Communauté Paris-Saclay', 16_500],
  ['94038', 'L’Haÿ-les-Roses', ['94240'], null, null, 31_000],
  ['91136', 'Champlan', ['91160'], SACLAY, 'CA Communauté Paris-Saclay', 2615],
  ['78117', 'Buc', ['78530'], GRAND_PARC, 'CA Versailles Grand Parc', 5800],
  ['78646', 'Versailles', ['78000'], GRAND_PARC, 'CA Versailles Grand Parc', 83_000],
]
before(async () => {
  t = await testApp([territoryArea])
  for (const [code, name, postal, siren, body, population] of communes)
    await t.owner(
      `insert into ref.commune (code, name, department, postal_codes, epci_siren, epci_name, population, population_year, lon, lat)
       values ($1, $2, left($1, 2), $3, $4, $5, $6, 2023, 2.2 + random() / 10, 48.7 + random() / 10)`,
      [code, name, postal, siren, body, population],
    )
})
after(() => t.close())

async function setting(codes: string[] = []): Promise<{ c: Community; coordinator: Person; url: string }> {
  const c = await t.community()
  const coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  await t.within(c, tx => setCommunes(tx, { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' }, codes))
  return { c, coordinator, url: `/c/${c.slug}/territoire` }
}
const audits = (c: Community) =>
  t.within(c, tx =>
    rows<{ action: string; actor_label: string; detail: { communes?: string[]; size?: number | null } }>(
      tx,
      sql`select action, actor_label, detail from app.audit_event where actor_kind <> 'system' and action <> 'access.denied' order by at, id`,
    ),
  )

describe('adding communes', () => {
  it('finds a name whatever its accents and apostrophes', async () => {
    const { coordinator, url } = await setting()
    for (const typed of ["l'hay les roses", 'L’HAŸ', 'hay'])
      assert.match((await t.get(`${url}/ajouter?q=${encodeURIComponent(typed)}`, coordinator)).text, /L’Haÿ-les-Roses \(94\)/, typed)
    assert.match((await t.get(`${url}/ajouter?q=%25%25`, coordinator)).text, /Aucune commune trouvée/)
  })
  it('shows every commune of a shared postal code and ticks none', async () => {
    const { coordinator, url } = await setting()
    const { html, text } = await t.get(`${url}/ajouter?q=91400`, coordinator)
    assert.match(text, /Saclay \(91\)/)
    assert.match(text, /Orsay \(91\)/)
    assert.equal(html.match(/name="code"/g)?.length, 2)
    assert.doesNotMatch(html, /name="code"[^>]*checked/)
  })
  it('shows a whole intercommunality with its count and population before adding it', async () => {
    const { c, coordinator, url } = await setting(['91377'])
    assert.match((await t.get(`${url}/ajouter?q=saclay`, coordinator)).text, /Communauté Paris-Saclay 200056232 4 75 325/)
    const confirm = await t.get(`${url}/ajouter?epci=${SACLAY}`, coordinator)
    assert.match(confirm.text, /3 communes à ajouter, 23 765 habitants/)
    assert.match(confirm.text, /Déjà dans votre territoire : Massy/)
    assert.equal(confirm.html.match(/name="code"[^>]*checked/g)?.length, 3)
    const reply = await t.post(`${url}/ajouter?epci=${SACLAY}`, { code: ['91534', '91471', '91377'] }, coordinator)
    assert.equal(reply.status, 303)
    const after = await t.get(reply.location!, coordinator)
    assert.match(after.text, /2 communes ajoutées. 1 y était déjà. Le territoire compte 72 710 habitants/)
    assert.match(after.text, /Taille déduite 2/)
    const [line] = await audits(c)
    assert.deepEqual([line?.action, line?.actor_label], ['territory.add', 'Claire Roux (coordination)'])
    assert.deepEqual(line?.detail.communes?.sort(), ['91471', '91534'])
  })
  it('refuses nothing ticked with the list still there, and a code nobody knows', async () => {
    const { c, coordinator, url } = await setting()
    const none = await t.post(`${url}/ajouter?q=91400`, {}, coordinator)
    assert.equal(none.status, 422)
    assert.match(none.text, /Cochez au moins une commune/)
    assert.match(none.text, /Orsay/)
    assert.equal((await t.post(`${url}/ajouter`, { code: ['91377', '99999'] }, coordinator)).status, 422)
    assert.equal((await t.post(`${url}/ajouter`, { code: ['91377', '91998'] }, coordinator)).status, 400)
    assert.deepEqual(await t.within(c, territoryCommunes), [])
  })
})

describe('removing a commune', () => {
  it('says what changes, asks, does it, writes it down', async () => {
    const { c, coordinator, url } = await setting(['91377', '78646'])
    const ask = await t.get(`${url}/communes/78646/retirer`, coordinator)
    assert.match(ask.text, /passe de 134 560 à 51 560 habitants/)
    assert.match(ask.text, /taille passe de 3 à 2/)
    assert.equal((await t.post(`${url}/communes/78646/retirer`, {}, coordinator)).status, 303)
    assert.equal(await t.within(c, tx => isInTerritory(tx, '78646')), false)
    assert.deepEqual(
      (await audits(c)).map(a => [a.action, a.detail.communes]),
      [['territory.remove', ['78646']]],
    )
    assert.equal((await t.post(`${url}/communes/78646/retirer`, {}, coordinator)).status, 404)
  })
})

describe('the size', () => {
  it('follows the contract once it says so, keeps its history, and can come back', async () => {
    const { c, coordinator, url } = await setting(['91377'])
    const decide = (size: string, o = {}) =>
      t.post(`${url}/taille`, { size, decidedOn: '2020-12-14', reason: 'Article 3 du contrat', ...o }, coordinator)
    assert.equal((await decide('1', { reason: '' })).status, 422)
    assert.match((await decide('1', { decidedOn: '2030-01-01' })).text, /ne peut pas être dans le futur/)
    assert.equal((await decide('3')).status, 303)
    const page = await t.get(url, coordinator)
    assert.match(page.text, /Taille du contrat 3 Décidée le 14\/12\/2020. La population donnerait la taille 2/)
    assert.match(page.text, /Article 3 du contrat/)
    assert.equal((await t.within(c, territorySize)).size, 3)
    assert.equal((await decide('deduced', { reason: 'Erreur de lecture' })).status, 303)
    assert.match((await t.get(url, coordinator)).text, /Taille déduite 2/)
    assert.deepEqual(
      (await audits(c)).map(a => [a.action, a.detail.size]),
      [
        ['contract-size.decide', 3],
        ['contract-size.decide', null],
      ],
    )
  })
})

describe('a commune claimed twice', () => {
  it('is shown to both with the name of the other, and a third learns nothing', async () => {
    const noe = await t.community(undefined, 'CPTS Noé Santé')
    const versailles = await t.community(undefined, 'CPTS Grand Versailles')
    const third = await t.community(undefined, 'CPTS Vexin')
    const show = await t.community(undefined, 'CPTS de démonstration')
    await t.owner('update platform.cpts set demo = true where id = $1', [show.id])
    const actor = { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' } as const
    await t.within(noe, tx => setCommunes(tx, actor, ['91064', '91136']))
    await t.within(versailles, tx => setCommunes(tx, actor, ['91064', '78117']))
    await t.within(third, tx => setCommunes(tx, actor, ['94038']))
    await t.within(show, tx => setCommunes(tx, actor, ['91064', '91136']))
    const page = async (c: Community) => (await t.get(`/c/${c.slug}/territoire`, await t.person(c, ['nurse']))).text
    assert.match(await page(noe), /Une commune est aussi dans une autre CPTS Bièvres : CPTS Grand Versailles/)
    assert.match(await page(versailles), /Bièvres : CPTS Noé Santé/)
    assert.doesNotMatch(await page(noe), /94038|78117|Vexin/)
    assert.doesNotMatch(await page(third), /aussi dans|Noé|Versailles/)
    const claims = (c: Community) => t.within(c, tx => rows<object>(tx, sql`select * from app.communes_also_claimed()`))
    assert.deepEqual(await claims(noe), [{ commune_code: '91064', cpts_name: 'CPTS Grand Versailles' }])
    assert.deepEqual(await claims(third), [])
    await assert.rejects(
      t.within(third, tx => rows(tx, sql`select * from platform.commune_claim`)),
      /permission denied/,
    )
    await t.within(versailles, tx => setCommunes(tx, actor, ['78117']))
    assert.doesNotMatch(await page(noe), /aussi dans/)
  })
})

describe('who may', () => {
  it('every member reads, the coordination alone changes, nobody outside sees anything', async () => {
    const { c, url } = await setting(['91377'])
    const nurse = await t.person(c, ['nurse'])
    const page = await t.get(url, nurse)
    assert.match(page.text, /Massy/)
    assert.doesNotMatch(page.html, /\/ajouter|\/retirer|\/taille/)
    for (const path of ['/ajouter', '/taille', '/communes/91377/retirer']) {
      assert.equal((await t.get(url + path, nurse)).status, 404, path)
      assert.equal((await t.post(url + path, { code: '91534' }, nurse)).status, 404, path)
    }
    assert.equal((await t.get(url)).status, 303)
    const other = await setting(['78646'])
    assert.notEqual((await t.get(url, other.coordinator)).status, 200)
    assert.equal((await t.get(`${other.url}/communes/91377/retirer`, other.coordinator)).status, 404)
    assert.doesNotMatch((await t.get(other.url, other.coordinator)).text, /Massy/)
  })
})

it('leaves as CSV and XLSX, with cells that a spreadsheet does not run', async () => {
  await t.owner(
    `insert into ref.commune (code, name, department, postal_codes, population, population_year) values ('91999', '=cmd()', '91', '{91000}', 10, 2023)`,
  )
  const { coordinator, url } = await setting(['91377', '91999'])
  const { html, headers } = await t.get(`${url}.csv`, coordinator)
  assert.match(headers.get('content-type')!, /text\/csv/)
  assert.match(html, /91377;Massy;91300;91;200056232;CA Communauté Paris-Saclay;51560;2023/)
  assert.match(html, /;'=cmd\(\);/)
  assert.match((await t.get(`${url}.xlsx`, coordinator)).html, /^PK/)
})

it('says when a code is no longer a commune, and what it became', async () => {
  await t.owner(`insert into ref.commune_alias (old_code, code) values ('91888', '91377')`)
  const { c, coordinator, url } = await setting(['91534'])
  await t.within(c, tx =>
    rows(tx, sql`insert into app.territory_commune (commune_code, since, added_by) values ('91888', '2020-01-01', 'x')`),
  )
  assert.match((await t.get(url, coordinator)).text, /Le code 91888 n’est plus dans la liste des communes.*fait désormais partie de Massy/)
})
