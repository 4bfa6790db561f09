/** The diagnosis over HTTP: a file is seen before it is written, nothing is overwritten, two sources stand side by side, small numbers stay inside. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { aFigure, fileOf } from './diagnosis.fixture.ts'
import { setCommunes, territoryArea } from './index.ts'
import { writeFigures } from './store.ts'

let t: TestApp
before(async () => {
  t = await testApp([territoryArea])
  for (const [code, name, lon] of [
    ['91377', 'Massy', 2.28],
    ['91477', 'Palaiseau', 2.23],
    ['91534', 'Saclay', 2.17],
  ] as const)
    await t.owner(
      `insert into ref.commune (code, name, department, postal_codes, population, population_year, lon, lat) values ($1, $2, '91', '{}', 20000, 2023, $3, 48.7)`,
      [code, name, lon],
    )
})
after(() => t.close())

interface Setting {
  c: Community
  coordinator: Person
  url: string
}
async function setting(): Promise<Setting> {
  const c = await t.community()
  const coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  await t.within(c, tx =>
    setCommunes(tx, { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' }, ['91377', '91477', '91534']),
  )
  return { c, coordinator, url: `/c/${c.slug}/diagnostic` }
}
const csvFile = (...lines: string[]) => new File([fileOf(...lines)], 'rezone.csv')
const give = ({ url, coordinator }: Setting, ...lines: string[]) => t.post(`${url}/importer`, { file: csvFile(...lines) }, coordinator)
const counted = async (s: Setting) => {
  const n = (table: 'diagnosis_figure' | 'stored_file' | 'diagnosis_import') =>
    t.within(s.c, async tx => (await one<{ n: number }>(tx, sql`select count(*) as n from ${sql.ref(`app.${table}`)}`)).n)
  return { figures: await n('diagnosis_figure'), files: await n('stored_file'), imports: await n('diagnosis_import') }
}
const OURS = 'no-gp;communauté;;2025;1200;10000;;;Rezone CPTS;01/03/2026'

describe('importing a file of figures', () => {
  it('shows what is new, what changes and what contradicts before anything is written', async () => {
    const s = await setting()
    const first = await give(s, OURS, 'no-gp;France;;2025;;;11,6;;Rezone CPTS;01/03/2026')
    assert.equal(first.status, 303)
    assert.equal((await counted(s)).figures, 0)
    assert.match((await t.get(first.location!, s.coordinator)).text, /2 chiffres à écrire, aucune ligne refusée.*Nouveaux 2/)
    const written = await t.post(first.location!, {}, s.coordinator)
    assert.match((await t.get(written.location!, s.coordinator)).text, /2 chiffres écrits.*2 comptent aujourd’hui/)

    const second = await give(
      s,
      'no-gp;communauté;;2025;1300;10000;;;Rezone CPTS;01/05/2026',
      'no-gp;communauté;;2025;1500;10000;;;CPAM;01/05/2026',
      OURS,
    )
    const { text } = await t.get(`${second.location}?etat=tout`, s.coordinator)
    assert.match(text, /Nouveaux 1 Changent 1 Déjà là 1 Contredisent une autre source 3/)
    assert.match(text, /Change Aujourd’hui : 12,0 % \(1 200 sur 10 000\), du 01\/03\/2026/)
    assert.match(text, /Contredit CPAM : 15,0 %.*Contredit Rezone CPTS : 13,0 %/, 'there or in the same file')
    assert.deepEqual(await counted(s), { figures: 2, files: 2, imports: 2 })
  })
  it('writes nothing when a line is refused, unless told to leave it; every reason is shown', async () => {
    const s = await setting()
    const given = await give(s, OURS, 'no-gp;canton;;2025;1;2;;;CPAM;01/02/2026', 'no-gp;France;;2025;3;2;;;CPAM;01/02/2026')
    const seen = await t.get(given.location!, s.coordinator)
    assert.match(seen.text, /2 lignes refusées sur 3 : rien n’est écrit/)
    assert.match(seen.text, /Ligne 3 « Échelle ».*Ligne 4 Le numérateur \(3\) dépasse/)
    assert.match((await t.get(`${given.location}?etat=tout`, s.coordinator)).text, /1 chiffre .*1 200 sur 10 000/, 'the good lines too')
    assert.equal((await t.post(given.location!, {}, s.coordinator)).status, 422)
    assert.equal((await counted(s)).figures, 0)
    assert.equal((await t.post(given.location!, { partial: 'on' }, s.coordinator)).status, 303)
    assert.equal((await counted(s)).figures, 1)
    assert.equal((await t.post(given.location!, { partial: 'on' }, s.coordinator)).status, 422, 'decided once')
  })
  it('keeps nothing of the same file given again, nor of a file that is not one', async () => {
    const s = await setting()
    await t.post((await give(s, OURS)).location!, {}, s.coordinator)
    const before = await counted(s)
    const again = await give(s, OURS)
    assert.equal(again.status, 422)
    assert.match(again.text, /déjà enregistrés/)
    const latin = new File([Buffer.from('indicateur;échelle\nx;y', 'latin1')], 'latin.csv')
    const refused = await t.post(`${s.url}/importer`, { file: latin }, s.coordinator)
    assert.match(refused.text, /Ligne 1 : le fichier n’est pas en UTF-8/)
    assert.deepEqual(await counted(s), before)
  })
  it('is taken back as a whole, and what was there before serves again', async () => {
    const s = await setting()
    await t.post((await give(s, OURS)).location!, {}, s.coordinator)
    const wrong = (await give(s, 'no-gp;communauté;;2025;9000;10000;;;Rezone CPTS;01/05/2026')).location!
    await t.post(wrong, {}, s.coordinator)
    assert.match((await t.get(s.url, s.coordinator)).text, /90,0 %/)
    assert.equal((await t.post(`${wrong}/retirer`, { why: '' }, s.coordinator)).status, 422)
    assert.equal((await t.post(`${wrong}/retirer`, { why: 'Mauvais fichier' }, s.coordinator)).status, 303)
    assert.match((await t.get(s.url, s.coordinator)).text, /12,0 %/)
    assert.match((await t.get(`${s.url}/indicateur?code=no-gp`, s.coordinator)).text, /90,0 %.*Retiré Mauvais fichier/)
  })
  it('can be given up, and waits until somebody decides', async () => {
    const s = await setting()
    const given = (await give(s, OURS)).location!
    assert.match((await t.get(s.url, s.coordinator)).text, /« rezone.csv » attend votre décision/)
    assert.equal((await t.post(`${given}/abandonner`, {}, s.coordinator)).status, 303)
    assert.doesNotMatch((await t.get(s.url, s.coordinator)).text, /attend votre décision/)
    assert.equal((await t.post(`${given}/abandonner`, {}, s.coordinator)).status, 422, 'once')
    assert.equal((await t.post(given, {}, s.coordinator)).status, 422)
    assert.equal((await counted(s)).figures, 0)
  })
  it('writes one figure once when two files bring it at the same time', async () => {
    const s = await setting()
    const [a, b] = [await give(s, OURS), await give(s, OURS)]
    await Promise.all([t.post(a.location!, {}, s.coordinator), t.post(b.location!, {}, s.coordinator)])
    assert.equal((await counted(s)).figures, 1)
  })
})

describe('figures', () => {
  const HAND = {
    ...{ indicator: 'flu', level: 'community', place: '', year: '2025', numerator: '', denominator: '', value: '', unavailable: '' },
    ...{ source: 'CPAM', extractedOn: '2026-03-01' },
  }
  it('are typed by hand by the rules of the import, with their document', async () => {
    const s = await setting()
    const pdf = new File(['%PDF-1.4\nfiche\n%%EOF\n'], 'fiche.pdf')
    const typed = await t.post(`${s.url}/chiffre`, { ...HAND, numerator: '1 620', denominator: '3 000', proof: pdf }, s.coordinator)
    assert.equal(typed.status, 303, typed.text)
    const { html, text } = await t.get(typed.location!, s.coordinator)
    assert.match(text, /54,0 % \(1 620 sur 3 000\).*CPAM Extraite le 01\/03\/2026.*fiche\.pdf/)
    const file = await t.get(/\/c\/[^"]*diagnostic\/documents\/[^"]+/.exec(html)![0], s.coordinator)
    assert.equal(file.headers.get('content-type'), 'application/pdf')
    assert.equal(
      (await t.post(`${s.url}/chiffre`, { ...HAND, numerator: '1 620', denominator: '3 000' }, s.coordinator)).status,
      422,
      'already there',
    )
    const wrong = await t.post(`${s.url}/chiffre`, { ...HAND, level: 'department', place: '99', value: 'beaucoup' }, s.coordinator)
    assert.match(wrong.text, /celui du département/)
    assert.match(wrong.text, /n’est pas un nombre/)
  })
  it('say why they are not available, and are never zero', async () => {
    const s = await setting()
    await t.post(`${s.url}/chiffre`, { ...HAND, unavailable: 'La saison n’est pas terminée' }, s.coordinator)
    const { text } = await t.get(s.url, s.coordinator)
    assert.match(text, /Vaccination contre la grippe à 65 ans ou plus La saison n’est pas terminée Non disponible/)
    const csv = await t.get(`${s.url}.csv?annee=2025`, s.coordinator)
    assert.match(csv.html, /Communauté;;[^;]*;2025;;%;;;La saison n’est pas terminée;CPAM;01\/03\/2026/)
  })
  it('of two sources stand side by side with their gap; the one used is chosen with a reason, and the choice is undone', async () => {
    const s = await setting()
    await t.within(s.c, tx =>
      writeFigures(
        tx,
        { who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' },
        [aFigure(), aFigure({ source: 'CPAM', worth: { kind: 'ratio', numerator: 1500, denominator: 10_000 }, extractedOn: '2026-02-01' })],
        { fileId: null, importId: null },
      ),
    )
    assert.match((await t.get(s.url, s.coordinator)).text, /2 sources, 3,0 points d’écart 12,0 %/)
    const form = { code: 'no-gp', level: 'community', place: '', year: '2025' }
    const page = await t.get(`${s.url}/source?${new URLSearchParams(form)}`, s.coordinator)
    assert.match(page.text, /Rezone CPTS 12,0 %.*CPAM 15,0 %/)
    assert.equal((await t.post(`${s.url}/source`, { ...form, source: 'CPAM', why: '' }, s.coordinator)).status, 422)
    assert.equal((await t.post(`${s.url}/source`, { ...form, source: 'Personne', why: 'Essai' }, s.coordinator)).status, 422)
    await t.post(`${s.url}/source`, { ...form, source: 'CPAM', why: 'Champ de la caisse' }, s.coordinator)
    assert.match((await t.get(s.url, s.coordinator)).text, /3,0 points d’écart 15,0 %/)
    assert.match((await t.get(`${s.url}/indicateur?code=no-gp`, s.coordinator)).text, /Choisie par Claire Roux.*Champ de la caisse/)
    await t.post(`${s.url}/source`, { ...form, source: 'latest', why: 'Décision annulée' }, s.coordinator)
    assert.match((await t.get(s.url, s.coordinator)).text, /3,0 points d’écart 12,0 %/)
  })
  it('are filtered by theme, year and source in the address, which the file follows', async () => {
    const s = await setting()
    const place = (await give(s, OURS, OURS.replace('2025', '2024').replace('1200', '1300'), 'flu;communauté;;2025;;;54;;CPAM;01/03/2026'))
      .location!
    await t.post(place, {}, s.coordinator)
    assert.match((await t.get(s.url, s.coordinator)).text, /2 indicateurs sur 20.*12,0 %.*54,0 %/)
    assert.match((await t.get(`${s.url}?annee=2024`, s.coordinator)).text, /1 indicateur sur 20.*13,0 %/)
    assert.doesNotMatch((await t.get(`${s.url}?theme=access`, s.coordinator)).text, /54,0 %/)
    assert.doesNotMatch((await t.get(`${s.url}?source=CPAM`, s.coordinator)).text, /12,0 %/)
    const lines = (await t.get(`${s.url}.csv?annee=2025&source=CPAM`, s.coordinator)).html.trim().split('\r\n')
    assert.equal(lines.length, 2)
    assert.equal((await t.get(`${s.url}/indicateur.xlsx?code=no-gp&annee=2025`, s.coordinator)).status, 200)
  })
  it('of few people are read by the coordination only, on the page, on the map and in the file', async () => {
    const s = await setting()
    const commune = (code: string, n: number) => `no-gp;commune;${code};2025;${n};4000;;;Rezone CPTS;01/03/2026`
    await t.post((await give(s, commune('91377', 7), commune('91477', 400), commune('91534', 900))).location!, {}, s.coordinator)
    const funder = await t.person(s.c, ['funder'])
    const url = `${s.url}/indicateur?code=no-gp&annee=2025`
    assert.match((await t.get(url, s.coordinator)).text, /7 sur 4 000/)
    const outside = await t.get(url, funder)
    assert.doesNotMatch(outside.text, /7 sur 4 000|0,2 %/)
    assert.doesNotMatch(outside.text, /400 sur/, 'or the sum less the others says seven')
    assert.match(outside.text, /900 sur 4 000/)
    const file = (await t.get(`${s.url}/indicateur.csv?code=no-gp&annee=2025`, funder)).html
    assert.match(file, /91377;Massy;2025;;%;;;Petit effectif/)
    assert.doesNotMatch(file, /;400;4000/)
    const [{ id }] = (await t.within(s.c, tx => rows<{ id: string }>(tx, sql`select file_id as id from app.diagnosis_import`))) as [
      { id: string },
    ]
    assert.equal((await t.get(`${s.url}/documents/${id}`, funder)).status, 404, 'the document holds them')
    assert.equal((await t.get(`${s.url}/documents/${id}`, s.coordinator)).status, 200)
  })
  it('say what to do while there is none, and never read another community’s', async () => {
    const [s, other] = [await setting(), await setting()]
    await t.post((await give(s, OURS)).location!, {}, s.coordinator)
    assert.match((await t.get(other.url, other.coordinator)).text, /Aucun chiffre n’est encore enregistré.*fichier modèle/)
    const model = await t.get(`${other.url}/modele.csv`, other.coordinator)
    assert.equal(
      model.html.split('\r\n')[0]?.replace('\ufeff', ''),
      'indicateur;échelle;code;année;numérateur;dénominateur;valeur;non disponible;source;date d’extraction',
    )
  })
})
