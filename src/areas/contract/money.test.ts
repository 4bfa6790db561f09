import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aPatient, withCommunes } from '#areas/gp-access/gp-access.fixture.ts'
import { gpAccessArea } from '#areas/gp-access/index.ts'
import { enterRequest } from '#areas/gp-access/store/requests.ts'
import { run, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { aPdf, someTerms } from './contract.fixture.ts'
import { contractArea } from './index.ts'
import { accountOf, fileProof, recordStep, withdrawStep } from './store.ts'

let t: TestApp
let c: Community
let coordinator: Person
let funder: Person
const system = () => ({ who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'x' }) as const
before(async () => {
  t = await testApp([contractArea, gpAccessArea()], { now: new Date('2026-11-22T09:00:00Z') })
  c = await t.community('noe')
  await withCommunes(t, c)
  coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  funder = await t.person(c, ['funder'])
})
after(() => t.close())
const at = (rest = '') => `/c/noe/contrat${rest}`
const step = { mission: null, note: null, fileId: null, terms: null } as const
/** The published totals: size 1 under the text of 2019, five missions, without the compensation: 185 000 €. */
const terms = (from: string) =>
  someTerms(from, {
    agreement: 'aci-2019',
    size: 1,
    snpCompensation: false,
    missions: ['access', 'pathways', 'prevention', 'quality', 'support'],
  })

describe('the money of a contract', () => {
  it('says what to do while nothing is signed', async () => {
    assert.match((await t.get(at('/argent'), coordinator)).text, /Aucun contrat signé/)
    assert.match((await t.get(at('/indicateurs'), funder)).text, /Aucun contrat signé/)
    assert.equal((await t.get(at('/argent.csv'), funder)).html.trim().split('\n').length, 1)
  })
  it('shows the two ceilings, computed beside announced, and never an assumed amount without its label', async () => {
    await t.within(c, async tx => {
      await recordStep(tx, system(), { ...step, kind: 'signature', day: '2026-01-01', terms: terms('2026-01-01') })
      await recordStep(tx, system(), { ...step, kind: 'mission-start', mission: 'access', day: '2026-01-01' })
    })
    const { text, html } = await t.get(at('/argent'), funder)
    assert.match(text, /Sans la compensation 185 000 € supposé Annoncé : 185 000 € \(publié\)/)
    assert.match(text, /Avec la compensation 220 000 € supposé Annoncé : 220 000 € \(publié\)/)
    assert.match(text, /aucune source publique/)
    // Fixed part of access: 15 000 € assumed.
    assert.match(text, /Accès aux soins, part fixe : 15 000 € dus sur 15 000 €/)
    assert.match(text, /Accès aux soins, part fixe : 15 000 € par an au plus \(accord de 2019, taille 1, supposé\)/)
    for (const row of html.matchAll(/<tr>.*?<\/tr>/gs))
      if (/Accès aux soins/.test(row[0]) && /€/.test(row[0])) assert.match(row[0], /supposé/)
  })
  it('each amount is what the kernel of the contract says, to the cent, on the page and in the file', async () => {
    const account = await t.within(c, tx => accountOf(tx, c.id, '2026-11-22'))
    const [year] = account!.statement.years
    assert.equal(year!.envelope.cents, 18_500_000)
    assert.equal(year!.due.cents + year!.open.cents + year!.lost.cents, year!.envelope.cents)
    const csv = (await t.get(at('/argent.csv'), funder)).html
      .trim()
      .split('\r\n')
      .slice(1)
      .map(l => l.split(';'))
    const possible = csv.reduce((sum, l) => sum + Number(l[2]!.replaceAll('"', '').replace(',', '.')), 0)
    assert.equal(possible, 185_000)
  })
  it('each line leads to its rule, on a page open to everybody, and back', async () => {
    const { html } = await t.get(at('/argent'), funder)
    const links = [...html.matchAll(/href="(\/regles-du-contrat\?cpts=noe)#([\w-]+)"/g)]
    assert.ok(links.length > 10)
    const page = await t.get(links[0]![1]!)
    assert.equal(page.status, 200)
    for (const [, , place] of links) assert.match(page.html, new RegExp(`id="${place}"`))
    assert.match(page.html, /href="\/c\/noe\/contrat\/argent#explique"/)
    assert.match(html, /id="explique"/)
    assert.match(page.text, /L’avance est de 75 %\. publié ACI 2019, art\. 9\.1/)
    assert.match(page.text, /Taille 1, accord de 2019 15 000 € supposé ACI 2019, art\. 8 : article non lu/)
    const alone = await t.get('/regles-du-contrat?cpts=%22%3E%3Cscript')
    assert.doesNotMatch(alone.html, /contrat\/argent|<script>/)
  })
  it('a past year keeps the text of its time, whatever is signed after (J10)', async () => {
    const yearOf = async () => (await t.within(c, tx => accountOf(tx, c.id, '2026-11-22')))!.statement.years
    const before = (await yearOf())[0]!
    const next = someTerms('2027-01-01', { size: 4, missions: ['access', 'pathways', 'prevention', 'crisis', 'quality', 'support'] })
    const id = await t.within(c, tx => recordStep(tx, system(), { ...step, kind: 'amendment', day: '2026-11-01', terms: next }))
    const after = await yearOf()
    assert.deepEqual(after[0]!.lines, before.lines)
    assert.ok(after[1]!.envelope.cents > 50_000_000, 'the next year is of size 4, under the other text')
    await t.within(c, tx => withdrawStep(tx, system(), id, 'Fin de l’essai'))
    assert.equal((await yearOf())[1]!.envelope.cents, before.envelope.cents)
  })
  it('the typed annex wins, and the label follows', async () => {
    const [signature] = await t.owner(`select id from app.contract_event where kind = 'signature'`)
    const paper = new File([aPdf('annexe')], 'annexe.pdf')
    const fields = { running: '50 000', 'access-fixed': '16 000', 'access-variable': '14 000', paper }
    assert.equal((await t.post(at(`/annexe/${signature!.id}`), fields, coordinator)).status, 303)
    const { text } = await t.get(at('/argent'), funder)
    assert.match(text, /Accès aux soins, part fixe : 16 000 € dus sur 16 000 €/)
    assert.match(text, /saisi par Claire Roux \(coordination\) le 22\/11\/2026, d’après annexe\.pdf/)
    assert.match(text, /Accès aux soins au contrat/)
  })
  it('what came is entered line by line, compared with what is payable, and taken back with a reason', async () => {
    const receipt = { day: '2026-01-15', heading: 'running', amount: '50 000', back: 'in', note: 'VIR CPAM' }
    assert.match((await t.post(at('/argent/versement'), { ...receipt, day: '2027-01-01' }, coordinator)).text, /futur/)
    assert.match((await t.post(at('/argent/versement'), { ...receipt, amount: '0' }, coordinator)).text, /au-dessus de zéro/)
    assert.equal((await t.post(at('/argent/versement'), receipt, funder)).status, 404)
    assert.equal((await t.post(at('/argent/versement'), receipt, coordinator)).status, 303)
    assert.match((await t.get(at('/argent'), funder)).text, /50 000 € versés, sur 185 000 € possibles/)
    const [row] = await t.owner('select id from app.contract_receipt')
    assert.equal((await t.post(at(`/argent/versements/${row!.id}/retirer`), { why: 'En double' }, coordinator)).status, 303)
    assert.match((await t.get(at('/argent'), funder)).text, /acquis et 0 € versés, sur 185 000 € possibles/)
    assert.match((await t.get(at('/argent'), funder)).text, /Retiré En double/)
  })
})

describe('an indicator', () => {
  const set = (o: Record<string, string>) =>
    t.post(
      at('/indicateur/regler'),
      { indicator: 'gp-found', weight: '60', target: '80', baseline: '', missing: 'Pas de mesure avant 2026', ...o },
      coordinator,
    )
  const page = (code: string, as: Person) => t.get(at(`/indicateur?code=${code}`), as)
  it('has its weight and target from the contract; the weights of a mission never pass 100 %', async () => {
    assert.match((await set({ target: '' })).text, /sans elle, rien ne peut être gagné/)
    assert.match((await set({ target: '120' })).text, /0 à 100/)
    assert.match((await set({ baseline: '40' })).text, /laissez ce champ vide/)
    assert.equal((await set({})).status, 303)
    assert.match((await set({ indicator: 'no-gp', weight: '50', target: '8' })).text, /les poids feraient 110/)
    assert.equal((await set({ indicator: 'no-gp', weight: '40', target: '8' })).status, 303)
    assert.match((await page('gp-found', coordinator)).text, /Pas de mesure avant 2026/)
  })
  it('without data is not available, and says why; it is not zero, and loses nothing', async () => {
    assert.match((await page('gp-found', coordinator)).text, /Non disponible Aucune demande n’entre dans le calcul/)
    assert.match((await page('no-gp', coordinator)).text, /Non disponible Le chiffre de cette année n’est pas encore saisi/)
    const account = await t.within(c, tx => accountOf(tx, c.id, '2026-11-22'))
    const line = account!.statement.years[0]!.lines.find(l => l.heading === 'access' && l.part === 'variable')!
    assert.deepEqual([line.due.cents, line.open.cents, line.lost.cents], [0, 1_400_000, 0])
  })
  it('from the requests counts them, opens them to the coordination, and names nobody', async () => {
    await t.within(c, async tx => {
      const ids: string[] = []
      for (let i = 0; i < 5; i++) {
        const input = aPatient({ birthName: `Secret${i}`, communeCode: '91377' })
        ids.push((await enterRequest(tx, system(), input, 'patient', new Date('2026-06-01T08:00:00Z'))).id)
      }
      await run(
        tx,
        sql`update app.request set state = 'closed', state_at = '2026-06-20T08:00:00Z', seen_on = '2026-06-20', declared_on = '2026-06-20', doctor_membership_id = ${coordinator.membershipId}
            where id = any (${ids.slice(0, 3)}::uuid[])`,
      )
      await run(tx, sql`update app.request set state = 'exited', exit = 'out_of_territory' where id = ${ids[4]}`)
    })
    const own = await page('gp-found', coordinator)
    // One lives elsewhere: four count, three found a doctor.
    assert.match(own.text, /75,0 % \(3 sur 4\)/)
    assert.equal(own.html.match(/\/c\/noe\/demandes\/[0-9a-f]{8}-/g)?.length, 4)
    assert.match((await page('gp-30-days', coordinator)).text, /100,0 % \(3 sur 3\)/)
    const theirs = await page('gp-found', funder)
    assert.match(theirs.text, /Cette année Petit effectif/)
    assert.doesNotMatch(theirs.html, /3 sur 4|\/demandes\/[0-9a-f]{8}-|Secret/)
    assert.doesNotMatch((await t.get(at('/argent'), funder)).text, /3 sur 4|93,75/)
    assert.doesNotMatch((await t.get(at('/indicateurs.csv'), funder)).html, /3 sur 4/)
    assert.match((await t.get(at('/argent'), coordinator)).text, /3 sur 4 pour un objectif de 80 sur 100, soit 93,75 %/)
  })
  it('from outside has its date and its document, and refuses what cannot be', async () => {
    const figure = {
      indicator: 'no-gp',
      year: '1',
      numerator: '900',
      denominator: '10000',
      unavailable: '',
      source: 'Fichier annuel de la CPAM',
      extractedOn: '2026-10-01',
    }
    const enter = (o: Record<string, string | File>) => t.post(at('/indicateur/chiffre'), { ...figure, ...o }, coordinator)
    assert.match((await enter({ numerator: '10001' })).text, /une part ne dépasse pas le tout/)
    assert.match((await enter({ year: '2' })).text, /déjà commencée/)
    assert.match((await enter({ unavailable: 'Perdu' })).text, /pas les deux/)
    assert.match((await enter({ indicator: 'gp-found' })).text, /compté par Trame : il ne se saisit pas/)
    assert.equal((await enter({ numerator: '', denominator: '', unavailable: 'Fichier non transmis' })).status, 303)
    assert.match((await page('no-gp', funder)).text, /Non disponible Fichier non transmis/)
    assert.equal((await enter({ proof: new File([aPdf('cpam')], 'cpam.pdf') })).status, 303)
    const { text } = await page('no-gp', funder)
    assert.match(text, /9,0 % \(900 sur 10 000\)/)
    assert.match(text, /Fichier annuel de la CPAM Datée du 01\/10\/2026/)
    assert.match(text, /cpam\.pdf/)
  })
  it('from the proofs counts those filed in the year and not taken back', async () => {
    const proof = { category: 'minutes', mission: 'pathways', indicators: ['case-meetings'], reason: null } as const
    const file = { id: '01a20293-5622-7c1d-bf59-a5e932c52db3', sha256: 'x', name: 'a', type: 'text/plain', bytes: 1 }
    await t.within(c, async tx => {
      for (const day of ['2025-12-31', '2026-01-01', '2026-11-01'])
        await fileProof(tx, system(), { ...proof, indicators: ['case-meetings'], title: `Réunion du ${day}`, day, file })
      await fileProof(tx, system(), {
        ...proof,
        indicators: ['case-meetings'],
        title: 'Sans trace',
        day: '2026-05-05',
        file: null,
        reason: 'perdue',
      })
    })
    const { text } = await page('case-meetings', funder)
    assert.match(text, /Cette année 2 /)
    assert.match(text, /Réunion du 2026-01-01/)
    assert.doesNotMatch(text, /2025-12-31|Sans trace/)
  })
  it('far from its target says what it would bring to reach it, and with which action', async () => {
    assert.match((await t.get(at('/argent'), coordinator)).text, /Ce qu’il manque : [\d ,]+ € encore possibles cette année/)
    const action = {
      title: 'Permanence d’accueil',
      mission: 'access',
      owner: 'Groupe accès',
      startsOn: '2026-10-01',
      endsOn: '2026-12-20',
      beneficiaries: 'patients',
      budget: '2 000',
      indicators: 'gp-found',
      units: '1',
      hours: '10',
    }
    const { status, location } = await t.post(at('/actions/ajouter'), action, coordinator)
    assert.equal(status, 303)
    const { text } = await t.get(at('/argent'), coordinator)
    assert.match(text, /Permanence d’accueil .*Accès aux soins 20\/12\/2026, dans 28 jours/)
    assert.match(text, /Avec le plan d’actions, l’année finirait à [\d {2},]+ €/)
    assert.match((await t.get(location!, funder)).text, /Permanence d’accueil En cours .* 2 000 €/)
  })
})

describe('the plan of actions', () => {
  it('refuses an end before its start, shows its lines of time, ends with what came of it', async () => {
    const action = {
      title: 'Dépistage',
      mission: 'prevention',
      owner: 'Groupe prévention',
      startsOn: '2026-03-01',
      endsOn: '2026-06-30',
      beneficiaries: 'population',
      budget: '',
      indicators: [],
      units: '',
      hours: '',
    }
    assert.match(
      (await t.post(at('/actions/ajouter'), { ...action, endsOn: '2026-02-01' }, coordinator)).text,
      /ne peut pas être avant le début/,
    )
    const { location } = await t.post(at('/actions/ajouter'), action, coordinator)
    const sheet = location!.replace(/\?.*/, '')
    const list = await t.get(at('/actions'), funder)
    assert.match(list.text, /2 actions en cours, 0 menées à bien, 0 à venir ; 1 fin est dépassée/)
    assert.match(list.html, /<figure class="chart lanes">/)
    assert.equal((await t.post(`${sheet}/terminer`, { how: 'done', day: '2026-02-01', note: 'Fini' }, coordinator)).status, 422)
    assert.equal(
      (await t.post(`${sheet}/terminer`, { how: 'done', day: '2026-07-10', note: '84 personnes dépistées' }, coordinator)).status,
      303,
    )
    assert.equal((await t.post(`${sheet}/terminer`, { how: 'done', day: '2026-07-10', note: 'Encore' }, coordinator)).status, 404)
    assert.match((await t.get(sheet, funder)).text, /Menée à bien le 10\/07\/2026 84 personnes dépistées/)
    assert.equal((await t.get(at('/actions.csv?mission=prevention'), funder)).html.trim().split('\r\n').length, 2)
  })
})
