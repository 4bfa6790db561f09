/** The directory over HTTP: what anyone may find, what nobody sees, what members change, what leaves as files. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setCommunes, territoryArea } from '#areas/territory/index.ts'
import { rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { commune, importRun, many, people } from './directory.fixture.ts'
import { directoryArea, generalPractitioners } from './index.ts'

let t: TestApp
let run: number
let rpps: Record<string, string>
const system = () => ({ who: { kind: 'system', job: 'test' } as const, now: t.now, requestId: 'test' })

before(async () => {
  t = await testApp([
    territoryArea,
    directoryArea({ badges: async (_, asked) => new Map(asked.map(r => [r, { tone: 'ok', text: '3 places jusqu’au 31/12/2026' }])) }),
  ])
  await commune(t, '94038', 'L’Haÿ-les-Roses', 31_000, { postal: '94240', lon: 2.34, lat: 48.78 })
  await commune(t, '94034', 'Fresnes', 29_000, { lon: 2.32, lat: 48.75 })
  await commune(t, '75056', 'Paris', 2_100_000)
  run = await importRun(t)
  const all = [
    {
      family: "D'ORGEVAL",
      given: 'HÉLÈNE',
      civility: 'DR',
      places: [{ commune: '94038', phone: '01 46 60 11 12', street: "3 RUE DE L'ÉGLISE", name: 'CABINET DES ROSES' }],
    },
    { family: 'MOBILE', given: 'ALIX', profession: '60', places: [{ commune: '94038', phone: '06 12 34 56 78' }] },
    {
      family: 'DEUXLIEUX',
      given: 'MAX',
      profession: '70',
      places: [
        { commune: '94038', phone: '0146000001' },
        { commune: '94034', phone: '0146000002' },
        { commune: '75056', phone: '0140000003' },
      ],
    },
    { family: 'HOPITAL', given: 'ZOÉ', places: [{ commune: '94034', mode: 'S', sector: 'SA01', phone: '0145000000' }] },
    { family: 'CENTRE', given: 'LÉO', places: [{ commune: '94034', mode: 'S', sector: 'SA05', phone: '0145000009' }] },
    { family: 'COEUR', given: 'ANNE', civility: 'DR', skills: ['SM04'], places: [{ commune: '94034' }] },
    { family: 'AILLEURS', given: 'PAUL', places: [{ commune: '75056', phone: '0140404040' }] },
    { family: 'ETUDIANT', given: 'LOU', category: 'E', places: [{ commune: '94034' }] },
    { family: 'PARTI', given: 'GUY', active: false, places: [] },
    { family: '=CMD', given: 'EVE', profession: '91', places: [{ commune: '94034', name: '@SUM(A1)' }] },
  ]
  const numbers = await people(t, run, all)
  rpps = Object.fromEntries(all.map((p, i) => [p.family, numbers[i]!]))
})
after(() => t.close())

async function setting(codes = ['94038', '94034']): Promise<{ c: Community; coordinator: Person; url: string; home: string }> {
  const c = await t.community()
  const coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  await t.within(c, tx => setCommunes(tx, system(), codes))
  return { c, coordinator, url: `/c/${c.slug}/annuaire`, home: `/c/${c.slug}` }
}
const audits = (c: Community) =>
  t.within(c, tx =>
    rows<{ action: string; detail: Record<string, unknown> }>(
      tx,
      sql`select action, detail from app.audit_event where actor_kind <> 'system' and action <> 'access.denied' order by at, id`,
    ),
  )
const partner = {
  kind: 'ambulance',
  name: 'Ambulances du Val',
  commune: '94038',
  phone: '01 46 00 11 22',
  ambulances: '10',
  vsl: '17',
  source: 'Appel',
  verifiedAt: '2026-11-20',
}

describe('searching', () => {
  it('is blind to accents, apostrophes and case, in names, places, streets and communes', async () => {
    const { url } = await setting()
    for (const typed of ["d'orgeval", 'D’ORGEVAL', 'helene orgeval', 'orgeval roses', "rue de l'eglise", 'l hay orgeval']) {
      const { text } = await t.get(`${url}?q=${encodeURIComponent(typed)}`)
      assert.match(text, /1 professionnel D’Orgeval|D’Orgeval Hélène/, typed)
      assert.doesNotMatch(text, /Deuxlieux/, typed)
    }
    assert.match((await t.get(`${url}?q=L%E2%80%99Ha%C3%BF`)).text, /3 lignes|3 professionnels/)
    assert.match((await t.get(`${url}?q=%25`)).text, /D’Orgeval/)
    assert.match((await t.get(`${url}?q=zz%25zz`)).text, /Personne ne répond/)
  })
  it('answers a need and a commune, each in the address', async () => {
    const { url } = await setting()
    const gp = await t.get(`${url}?besoin=medecin-generaliste`)
    assert.match(gp.text, /D’Orgeval/)
    assert.match(gp.text, /Centre Léo/)
    assert.doesNotMatch(gp.text, /Coeur|Mobile|Hopital/)
    assert.match((await t.get(`${url}?besoin=cardiologue`)).text, /Coeur Anne Cardiologue/)
    assert.match((await t.get(`${url}?besoin=medecin-generaliste&exercice=tous`)).text, /Hopital/)
    assert.doesNotMatch((await t.get(`${url}?besoin=medecin-generaliste&exercice=liberal`)).text, /Centre Léo/)
    const fresnes = await t.get(`${url}?commune=94034`)
    assert.doesNotMatch(fresnes.text, /D’Orgeval/)
    assert.equal(fresnes.text.match(/Deuxlieux Max/g)?.length, 1)
  })
  it('gives one line for each place in the territory, and nobody else', async () => {
    const { text } = await (async () => t.get(`${(await setting()).url}?q=deuxlieux`))()
    assert.match(text, /1 professionnel, 2 lieux d’exercice/)
    assert.match(text, /01 46 00 00 01/)
    assert.doesNotMatch(text, /01 40 00 00 03/)
    const all = (await t.get(`${(await setting()).url}?exercice=tous`)).text
    assert.doesNotMatch(all, /Ailleurs|Etudiant|Parti /)
  })
  it('says the source and the date of each line', async () => {
    const { url } = await setting()
    assert.match((await t.get(`${url}?q=orgeval`)).text, /Annuaire Santé \(RPPS\), 22\/11\/2026/)
  })
  it('keeps the rest of the search when a page, a chip or a wrong value is asked', async () => {
    const { url } = await setting()
    const { html, status } = await t.get(`${url}?besoin=nimporte&commune=zz&page=-3&exercice=x&q=${'a'.repeat(500)}`)
    assert.equal(status, 200)
    assert.match(html, /maxlength="80"/)
    assert.match((await t.get(`${url}?commune=94034`)).html, /href="[^"]*besoin=medecin-generaliste&amp;commune=94034/)
  })
  it('shows the coordination, and nobody else, what another area says of somebody', async () => {
    const { c, coordinator, url } = await setting()
    for (const path of [`${url}?q=orgeval`, `${url}/${rpps["D'ORGEVAL"]}`]) {
      assert.match((await t.get(path, coordinator)).text, /3 places jusqu’au 31\/12\/2026/)
      for (const who of [null, await t.person(c, ['doctor'])]) assert.doesNotMatch((await t.get(path, who)).text, /3 places/)
    }
  })
})

describe('a mobile number', () => {
  it('is on no page and in no file', async () => {
    const { c, coordinator, url } = await setting()
    const number = /06[ \u00a0\u202f.]?12[ \u00a0\u202f.]?34|612345678/
    for (const path of [`${url}?q=mobile`, `${url}/${rpps.MOBILE}`, `${url}.csv?q=mobile`]) {
      const { html, status } = await t.get(path, coordinator)
      assert.equal(status, 200, path)
      assert.match(html, /Mobile/, path)
      assert.doesNotMatch(html, number, path)
    }
    assert.match((await t.get(`${url}?q=mobile`)).text, /Non publié/)
    for (const [path, fields] of [
      [`/c/${c.slug}/partenaires/nouveau`, { ...partner, phone: '06 12 34 56 78' }],
      [`${url}/${rpps.MOBILE}/constat`, { field: 'phone', phone: '0612345678', source: 'x', verifiedAt: '2026-11-20' }],
    ] as const) {
      const refused = await t.post(path, fields, coordinator)
      assert.equal(refused.status, 422)
      assert.match(refused.text, /tenu pour personnel/)
    }
  })
})

describe('the page of somebody', () => {
  it('shows their places here first, sources and dates, and is 404 for who is not here', async () => {
    const { url } = await setting()
    const { text } = await t.get(`${url}/${rpps["D'ORGEVAL"]}`)
    assert.match(text, /Dr Hélène D’Orgeval Médecin généraliste/)
    assert.match(text, /Cabinet des Roses/)
    assert.match(text, /3 rue de l’Église/)
    assert.match(text, /01 46 60 11 12 Annuaire Santé \(RPPS\), 22\/11\/2026/)
    assert.match((await t.get(`${url}/${rpps.DEUXLIEUX}`)).text, /Exerce aussi hors du territoire \(1\)/)
    for (const nobody of [rpps.AILLEURS, rpps.PARTI, '12345678901', 'x']) assert.equal((await t.get(`${url}/${nobody}`)).status, 404)
  })
  it('keeps a local fact beside the national directory, never in its place', async () => {
    const { c, coordinator, url } = await setting()
    const here = `${url}/${rpps["D'ORGEVAL"]}`
    const fact = { field: 'phone', phone: '01 46 99 99 99', source: 'Appel au cabinet', verifiedAt: '2026-11-20' }
    assert.equal((await t.post(`${here}/constat`, { ...fact, phone: '' }, coordinator)).status, 422)
    assert.equal((await t.post(`${here}/constat`, { ...fact, verifiedAt: '2027-01-01' }, coordinator)).status, 422)
    assert.equal((await t.post(`${here}/constat`, fact, coordinator)).status, 303)
    const page = await t.get(here)
    assert.match(page.text, /Deux sources ne disent pas la même chose/)
    assert.match(page.text, /01 46 60 11 12/)
    assert.match(page.text, /01 46 99 99 99 Appel au cabinet, vérifié le 20\/11\/2026 par la coordination/)
    assert.doesNotMatch(page.text, /Claire Roux/)
    assert.match((await t.get(here, coordinator)).text, /par Claire Roux \(coordination\)/)
    const list = await t.get(`${url}?q=orgeval`)
    assert.match(list.text, /01 46 99 99 99/)
    assert.match(list.text, /les deux sources diffèrent/)
    const id = /name="id" value="([^"]+)"/.exec((await t.get(here, coordinator)).html)?.[1] ?? ''
    assert.equal((await t.post(`${here}/constat/retirer`, { id }, coordinator)).status, 303)
    assert.doesNotMatch((await t.get(here)).text, /01 46 99 99 99/)
    assert.deepEqual(
      (await audits(c)).map(a => a.action),
      ['directory-note.add', 'directory-note.withdraw'],
    )
  })
})

describe('partners', () => {
  it('are added, found by anyone, changed, taken out and put back, each with an audit line', async () => {
    const { c, coordinator, url, home } = await setting()
    assert.equal((await t.post(`${home}/partenaires/nouveau`, partner, coordinator)).status, 303)
    const page = await t.get(`${home}/partenaires`, await t.person(c, ['nurse']))
    assert.match(page.text, /Ambulances 10 VSL 17/)
    assert.match(page.text, /Appel, vérifié le 20\/11\/2026 par Claire Roux/)
    const found = await t.get(`${url}?besoin=transport-sanitaire&q=val`)
    assert.match(found.text, /Ambulances du Val Transport sanitaire · 10 ambulances · 17 VSL/)
    assert.match(found.text, /vérifié le 20\/11\/2026 par la coordination/)
    const id = /partenaires\/([0-9a-f-]{36})/.exec((await t.get(`${home}/partenaires`, coordinator)).html)![1]
    assert.equal((await t.post(`${home}/partenaires/${id}`, { ...partner, vsl: '18' }, coordinator)).status, 303)
    assert.equal((await t.post(`${home}/partenaires/${id}/retirer`, { id: id! }, coordinator)).status, 303)
    assert.doesNotMatch((await t.get(`${url}?q=val`)).text, /Ambulances du Val/)
    assert.equal((await t.post(`${home}/partenaires/${id}/remettre`, { id: id! }, coordinator)).status, 303)
    assert.match((await t.get(`${url}?q=val`)).text, /18 VSL/)
    assert.deepEqual(
      (await audits(c)).map(a => a.action),
      ['partner.add', 'partner.change', 'partner.remove', 'partner.restore'],
    )
  })
  it('refuse vehicles for a town hall, a commune elsewhere, a date to come', async () => {
    const { coordinator, home } = await setting()
    const post = (o: object) => t.post(`${home}/partenaires/nouveau`, { ...partner, ...o }, coordinator)
    assert.match((await post({ kind: 'town-hall' })).text, /transport sanitaire seulement/)
    assert.match((await post({ commune: '75056' })).text, /Choisissez une commune du territoire/)
    assert.match((await post({ verifiedAt: '2030-01-01' })).text, /ne peut pas être dans le futur/)
    assert.match((await post({ name: '' })).html, /value="17"/)
  })
  it('and facts of another community stay unknown and out of reach', async () => {
    const mine = await setting()
    const other = await setting()
    await t.post(`${mine.home}/partenaires/nouveau`, partner, mine.coordinator)
    const id = /partenaires\/([0-9a-f-]{36})/.exec((await t.get(`${mine.home}/partenaires`, mine.coordinator)).html)![1]
    assert.doesNotMatch((await t.get(`${other.url}?q=val`)).text, /Ambulances du Val/)
    assert.doesNotMatch((await t.get(`${other.home}/partenaires`, other.coordinator)).text, /Ambulances du Val/)
    for (const path of ['', '/retirer', '/remettre'])
      assert.equal((await t.post(`${other.home}/partenaires/${id}${path}`, { ...partner, id: id! }, other.coordinator)).status, 404, path)
    assert.equal((await t.get(`${other.home}/partenaires/${id}`, other.coordinator)).status, 404)
  })
})

describe('the offer', () => {
  it('of Sud Allier is 27 + 60 + 29 + 16 + 3 = 135, whatever stands around', async () => {
    const communes = ['03021', '03095', '03118']
    for (const [i, code] of communes.entries()) await commune(t, code, `Commune ${code}`, 10_000 + i)
    const { coordinator, home } = await setting(communes)
    await people(t, run, [
      ...many(26, '10', communes),
      // The same doctor in two communes is one; a specialist, a hospital doctor, a student and a neighbour are not general practitioners.
      { family: 'DOUBLE', profession: '10', skills: ['SM26'], places: [{ commune: '03021' }, { commune: '03095' }] },
      ...many(60, '60', communes),
      ...many(29, '70', communes),
      ...many(16, '40', communes),
      ...many(3, '91', communes),
      { family: 'HOPITAL', places: [{ commune: '03021', mode: 'S' }] },
      { family: 'INTERNE', category: 'E', places: [{ commune: '03021' }] },
      { family: 'VOISIN', places: [{ commune: '75056' }] },
    ])
    await t.post(`${home}/partenaires/nouveau`, { ...partner, commune: '03021' }, coordinator)
    const { text } = await t.get(`${home}/annuaire/offre`, coordinator)
    assert.match(text, /Professionnels libéraux 135 45,0 pour 10 000 habitants/)
    assert.match(text, /Infirmiers et infirmières : 60 des 135 professionnels libéraux/)
    for (const line of [
      'Médecins généralistes 27 9,0',
      'Infirmiers et infirmières 60 20,0',
      'Kinésithérapeutes 29',
      'Chirurgiens-dentistes 16',
      'Orthophonistes 3 1,0',
      'Ensemble 135',
    ])
      assert.ok(text.includes(line), line)
    assert.match(text, /Véhicules sanitaires 27 10 ambulances, 17 VSL/)
    const list = await t.get(`${home}/annuaire?besoin=medecin-generaliste&exercice=liberal`, coordinator)
    assert.match(list.text, /27 professionnels, 28 lieux d’exercice/)
    const c = { id: '', slug: home.slice(3), name: '' }
    const [{ id }] = (await t.owner('select id from platform.cpts where slug = $1', [c.slug])) as [{ id: string }]
    assert.equal((await t.within({ ...c, id }, generalPractitioners)).length, 27)
  })
})

describe('movements', () => {
  it('are those of the territory, seen from it, with the facts they contradict', async () => {
    const { c, coordinator, url } = await setting()
    const later = await importRun(t, new Date('2026-12-01T06:00:00Z'))
    const change = (kind: string, who: string, from: string | null, to: string | null) =>
      t.owner(
        `insert into ref.directory_change (run, kind, rpps, profession_code, commune_from, commune_to) values ($1, $2, $3, '10', $4, $5)`,
        [later, kind, rpps[who], from, to],
      )
    await change('arrival', 'COEUR', null, '94034')
    await change('departure', 'PARTI', '94038', null)
    await change('move', "D'ORGEVAL", '75056', '94038')
    await change('move', 'AILLEURS', '75056', '94999')
    await change('change', 'DEUXLIEUX', null, null)
    await t.post(
      `${url}/${rpps.CENTRE}/constat`,
      { field: 'stopped', stopped: '2026-06-30', source: 'Ordre', verifiedAt: '2026-11-20' },
      coordinator,
    )
    const all = await t.get(`${url}/mouvements`, coordinator)
    assert.match(all.text, /Arrivées 2 Départs 1 Déménagements 0 Changements 1 Contradictions 1/)
    assert.match(all.text, /Vient de Paris, exerce à L’Haÿ-les-Roses/)
    assert.match(all.text, /Parti Guy Départ/)
    assert.match(
      all.text,
      /Fin d’exercice sur le territoire : le 30\/06\/2026 selon la communauté \(20\/11\/2026\) ; Fresnes selon l’Annuaire Santé/,
    )
    assert.doesNotMatch(all.text, /Ailleurs/)
    const arrivals = await t.get(`${url}/mouvements?import=${later}&genre=arrivees`, coordinator)
    assert.match(arrivals.text, /2 lignes/)
    assert.doesNotMatch(arrivals.text, /Parti Guy/)
    assert.doesNotMatch((await t.get(`${url}/mouvements?import=${run}`, coordinator)).text, /Vient de Paris/)
    const file = await t.get(`${url}/mouvements.csv?import=${later}&genre=departs`, coordinator)
    assert.match(file.html, /Départ;Parti Guy/)
    assert.deepEqual((await audits(c)).at(-1), { action: 'directory.export', detail: { format: 'csv', lines: 1, movements: later } })
    assert.equal((await t.get(`${url}/mouvements`, await t.person(c, ['nurse']))).status, 404)
    assert.equal((await t.get(`${url}/mouvements`, await t.person(c, ['board']))).status, 200)
    await t.owner('delete from ref.directory_change')
    await t.owner('delete from ref.import_run where id = $1', [later])
  })
})

describe('files', () => {
  it('leave to members only, hold the search under way, run nothing, and are written down', async () => {
    const { c, coordinator, url } = await setting()
    const { html } = await t.get(`${url}.csv?besoin=orthophoniste`, coordinator)
    assert.match(html, /'=cmd Eve;/i)
    assert.match(html, /;"?'@SUM/i)
    assert.doesNotMatch(html, /Orgeval/)
    assert.match((await t.get(`${url}.xlsx`, coordinator)).html, /^PK/)
    assert.equal((await t.get(`${url}.csv`)).status, 401)
    assert.deepEqual(
      (await audits(c)).map(a => a.detail),
      [
        { format: 'csv', lines: 1, need: 'orthophoniste' },
        { format: 'xlsx', lines: 7, need: null },
      ],
    )
  })
})

describe('who may', () => {
  it('anyone searches; members see the offer; the coordination alone writes', async () => {
    const { c, url, home } = await setting()
    const nurse = await t.person(c, ['nurse'])
    assert.equal((await t.get(url)).status, 200)
    assert.doesNotMatch((await t.get(url)).html, /\.csv|mouvements|partenaires"/)
    assert.equal((await t.get(`${url}/offre`)).status, 303)
    assert.equal((await t.get(`${url}/offre`, nurse)).status, 200)
    for (const path of [
      `${home}/partenaires/nouveau`,
      `${url}/${rpps["D'ORGEVAL"]}/constat`,
      `${url}/${rpps["D'ORGEVAL"]}/constat/retirer`,
    ]) {
      const fields = { ...partner, field: 'stopped', stopped: '2026-01-01', id: 'x' }
      assert.equal((await t.post(path, fields, nurse)).status, 404, path)
      assert.notEqual((await t.post(path, fields)).location?.startsWith(url), true, path)
    }
    assert.deepEqual(await audits(c), [])
  })
})
