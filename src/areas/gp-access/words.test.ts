/** The patient's pages in nine languages: nothing missing, nothing left in French, the choice carried by every link and form. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, run, sql } from '#platform/db/types.ts'
import type { FieldSpec, Form } from '#platform/fields.ts'
import { catalogueFaults, factsOf, isFrench, type Language, languageCodes, uiWords } from '#platform/ui/index.ts'
import { type Community, type Reply, type TestApp, testApp } from '../../../test/app.ts'
import { assertEasy, assertSpoken, assertTranslated, labelsOf, seen, sentencesOf } from '../../../test/languages.ts'
import { aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import * as forms from './pages/patient/fields.ts'
import { addWave, announce, type Departure, departureOf } from './store/departures.ts'
import { accept, propose } from './store/proposals.ts'
import { askToComplete } from './store/record.ts'
import { openTracking } from './store/tracking.ts'
import { catalogue, formWords, sayIn } from './words/index.ts'

const allForms = (Object.values(forms) as unknown[]).filter((f): f is Form => typeof f === 'object' && f !== null && 'parse' in f)
/** Every word that a form says, by the key of its translation. */
function wordsOf(all: readonly Form[]): Map<string, string> {
  const words = new Map<string, string>()
  for (const f of all)
    for (const [name, field] of Object.entries(f.fields) as [string, FieldSpec][]) {
      if (field.control === 'hidden') continue
      words.set(name, field.label)
      if (field.hint) words.set(`${name}.hint`, field.hint)
      for (const o of field.options ?? []) {
        // Languages are named by the platform; those of our own messages, each by itself.
        if ((name === 'languages' && o.value !== 'fsl') || name === 'language') continue
        words.set(`${name}.${o.value}`, o.label)
        if (o.hint) words.set(`${name}.${o.value}.hint`, o.hint)
      }
    }
  return words
}

describe('the catalogues', () => {
  it('hold every sentence in every language, with its holes and its numbers', () => assert.deepEqual(catalogueFaults(catalogue), []))
  it('hold every word of every form of the patient, and none too many', () => {
    const needed = wordsOf(allForms)
    assert.ok(needed.size > 60, String(needed.size))
    for (const lang of languageCodes.filter(l => l !== 'fr')) {
      const mine = formWords[lang] ?? {}
      assert.deepEqual(
        [...needed.keys()].filter(k => !mine[k]),
        [],
        lang,
      )
      assert.deepEqual(
        Object.keys(mine).filter(k => !needed.has(k) && !k.endsWith('.missing')),
        [],
        lang,
      )
    }
  })
  it('are not the French copied: a sentence of more than three words differs', () => assertTranslated(catalogue))
  it('easy to read means short: no sentence beyond twenty words, and shorter than the ordinary French', () =>
    assertEasy(catalogue.falc, catalogue.fr))
})

let t: TestApp
let c: Community
/** Has published nothing. */
let bare: Community
let departures: Record<'to come' | 'past', Departure>
before(async () => {
  t = await testApp([gpAccessArea()], { demo: true })
  c = await t.community()
  bare = await t.community()
  await withCommunes(t, c)
  const row = (key: string, label: string, people: number | null, weeks: number | null) => ({ key, label, people, weeks })
  const tables = [
    {
      by: 'priority',
      month: '2026-10-01',
      people: 240,
      weeks: 11,
      rows: [row('0-9', 'Moins de 10 points', 120, 22), row('50+', '50 points ou plus', null, null)],
    },
    {
      by: 'age',
      month: '2026-09-01',
      people: 240,
      weeks: 2,
      rows: [row('0-15', 'Moins de 16 ans', 40, 1), row('75+', '75 ans ou plus', 50, null)],
    },
    { by: 'commune', month: '2026-10-01', people: 240, weeks: 3, rows: [row('91377', 'Massy', 140, 5)] },
  ]
  for (const month of ['2026-09-01', '2026-10-01'])
    await t.owner(`insert into app.publication (cpts_id, month, published_at, people, tables, counts) values ($1, $2, $3, 240, $4, '{}')`, [
      c.id,
      month,
      t.now,
      JSON.stringify(tables),
    ])
  const leaving = async (leavesOn: string) => {
    const { membershipId } = await aDoctor(t, c, { name: 'Dre Noor Haddad', until: leavesOn })
    const counts = [
      { communeCode: '91377', profile: 'adult' as const, patients: 403 },
      { communeCode: '91477', profile: 'ald' as const, patients: 118 },
      { communeCode: '91223', profile: 'home' as const, patients: 4 },
    ]
    return t.within(c, async tx => {
      const { id } = await announce(tx, system(t), { membershipId, leavesOn, patients: 525, counts })
      await addWave(tx, system(t), id, { criteria: ['ald', 'home', 'age75', 'pregnancy', 'child'], startsOn: '2026-11-22', doctors: [] })
      await addWave(tx, system(t), id, { criteria: ['everybody'], startsOn: '2026-12-22', doctors: [] })
      return (await departureOf(tx, membershipId))!
    })
  }
  departures = { 'to come': await leaving('2027-06-30'), past: await leaving('2026-11-01') }
  await t.within(c, tx => run(tx, sql`insert into app.gp_settings (phone, updated_at) values ('+33199000000', ${t.now})`))
})
after(() => t.close())

/** The name under which the programme is found in France, kept beside its translation. */
const NAMED = 'Mon bilan prévention'
const french = sentencesOf(catalogue.fr, Object.fromEntries(wordsOf(allForms))).filter(s => s !== NAMED)
/** Addresses that exist in every language. */
const spoken =
  /^\/(accessibilite|mentions-legales|donnees|code-source)|^\/c\/[^/]+(\?|$|\/(suivi|demande|comment-la-liste|delais(?!\/export)|depart\/))/

async function pages(lang: Language): Promise<[string, Reply][]> {
  const to = (path: string) => `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`
  const home = `/c/${c.slug}`
  const got: [string, Reply][] = []
  const see = async (name: string, path: string) => void got.push([name, await t.get(to(path))])
  const post = async (name: string, path: string, fields: Record<string, string | string[]> = {}) => {
    t.now = new Date(t.now.getTime() + 20_000)
    const r = await t.post(to(path), fields)
    if (r.status === 303) assert.match(r.location!, new RegExp(`[?&]lang=${lang}`), `${name} keeps the language`)
    else got.push([`${name} (${r.status})`, r])
    return r
  }
  await see('begin', `${home}/demande`)
  await see('find', `${home}/suivi`)
  await post('find refused', `${home}/suivi`, { number: 'ZZZZ-2222', birthDate: '1980-01-01' })
  await post('find empty', `${home}/suivi`)
  await see('rule', `${home}/comment-la-liste-est-ordonnee`)
  const draft = new URL(`http://x${(await post('begin', `${home}/demande`)).location}`).pathname.replace(/\/qui$/, '')
  for (const slug of ['qui', 'aidant', 'identite', 'situation', 'besoins', 'contact', 'ailleurs', 'deja-un-medecin'])
    await see(slug, `${draft}/${slug}`)
  await post('qui refused', `${draft}/qui`)
  await post('qui', `${draft}/qui`, { forWhom: 'other', communeCode: '91377', hasDoctor: 'no' })
  await post('aidant', `${draft}/aidant`, { proxyKind: 'nurse', proxyName: 'Zoé', proxyContact: '0639980000' })
  await post('identite refused', `${draft}/identite`, { birthName: 'x'.repeat(90), birthDate: '31/02/1980' })
  await post('identite', `${draft}/identite`, { birthName: 'Test', givenNames: 'Zoé', birthDate: '1980-05-17' })
  await post('situation', `${draft}/situation`, { situation: ['ald', 'pregnancy'] })
  await post('besoins refused', `${draft}/besoins`, { householdOf: 'abc' })
  await post('besoins', `${draft}/besoins`, { languages: ['ar'], wheelchair: 'on', farther: 'on' })
  await post('contact refused', `${draft}/contact`, { preferredContact: 'email', phone: '12', email: 'x' })
  await post('contact', `${draft}/contact`, { preferredContact: 'phone', phone: '0639980001', email: `p-${lang}@exemple.fr` })
  await see('verifier', `${draft}/verifier`)
  await post('verifier refused', `${draft}/verifier`)
  const sent = await post('verifier', `${draft}/verifier`, { consent: 'on' })
  got.push(['sent', await t.get(sent.location!)])
  await see('draft gone', `${draft}/verifier`)
  for (const state of [
    'prioritised',
    'incomplete',
    'proposed',
    'accepted',
    'appointed',
    'seen',
    'closed',
    'exited',
    'duplicate',
  ] as const) {
    const page = `${home}/suivi/${await inState(state)}`
    await see(state, page)
    await see(`change ${state}`, `${page}/situation`)
    await see(`erase ${state}`, `${page}/effacer`)
  }
  const page = `${home}/suivi/${await inState('prioritised')}`
  await post('erase refused', `${page}/effacer`)
  await post('moved', `${page}/situation`, { communeCode: 'ailleurs', preferredContact: 'phone', phone: '0639980001' })
  const used = await post('relay', `${page}/relais`, { route: 'slots', used: 'yes' })
  got.push(['relay used', await t.get(used.location!)])
  const left = await post('leave', `${page}/quitter`, { why: 'gave_up' })
  got.push(['left', await t.get(left.location!)])
  await post('erase', `${page}/effacer`, { sure: 'on' })
  await see('closed page', page)
  await see('delays', `${home}/delais`)
  await see('delays of another month', `${home}/delais?mois=2026-09`)
  await see('no publication', `/c/${bare.slug}/delais`)
  for (const [name, { code }] of Object.entries(departures)) {
    await see(`departure ${name}`, `${home}/depart/${code}`)
    await post(`departure ${name}`, `${home}/depart/${code}`)
  }
  return got
}
async function inState(state: string): Promise<string> {
  const { id } = await aWaiting(t, c, {
    ald: true,
    since: new Date('2026-06-01T00:00:00Z'),
    proxy: { name: 'Zoé', kind: 'family', contact: '' },
  })
  return t.within(c, async tx => {
    if (state === 'incomplete') await askToComplete(tx, system(t), { baseUrl: '', home: '', cptsName: '' }, id, ['contact'])
    else if (state === 'exited' || state === 'duplicate')
      await run(
        tx,
        sql`update app.request set state = 'exited', exit = ${state === 'exited' ? 'unreachable' : 'duplicate'} where id = ${id}`,
      )
    else if (state !== 'prioritised') {
      const doctor = await aDoctor(t, c, { name: 'Dre Noor Haddad' })
      const p = await propose(
        tx,
        system(t),
        { baseUrl: '', home: '', cptsName: '' },
        { requestId: id, membershipId: doctor.membershipId, minutes: 4 },
      )
      if (state !== 'proposed') await accept(tx, system(t), p)
      if (!['proposed', 'accepted'].includes(state))
        await run(
          tx,
          sql`update app.request set state = ${state}, appointment_on = '2026-12-01', seen_on = '2026-11-20', declared_on = ${state === 'closed' ? '2026-11-21' : null} where id = ${id}`,
        )
    }
    return openTracking(tx, id, t.now)
  })
}

describe('every page of the patient', () => {
  for (const lang of languageCodes.filter(l => !isFrench(l)))
    it(`in ${factsOf(lang).name}: nothing left in French, its direction, its links`, async () => {
      const all = await pages(lang)
      assert.ok(all.length > 50, String(all.length))
      const labels = labelsOf(catalogue, lang)
      for (const [name, page] of all) assertSpoken(page, lang, name, { french, labels, spoken })
    })
  it('easy to read has its own words on every page, and its own look', async () => {
    for (const [name, page] of await pages('falc')) {
      assert.match(page.html, /<html lang="fr-simple" class="[a-z]+ easy"/, name)
      assert.ok(!seen(page).includes(uiWords('fr')('human').replace(/[\u202f\u00a0]/g, ' ')), name)
    }
  })
  it('shows every language under its own name, and the page does not grow with them', async () => {
    const page = await t.get(`/c/${c.slug}/suivi?lang=ar`)
    for (const lang of languageCodes) {
      const { name, tag } = factsOf(lang)
      assert.match(
        page.html,
        new RegExp(
          `<a href="/c/${c.slug}/suivi${lang === 'fr' ? '' : `\\?lang=${lang}`}" lang="${tag}" hreflang="${tag}"[^>]*>${name}</a>`,
        ),
      )
    }
    assert.match(page.html, /<link rel="alternate" hreflang="uk"/)
    const bytes = await Promise.all(languageCodes.map(async lang => (await t.get(`/c/${c.slug}/suivi?lang=${lang}`)).bytes.length))
    assert.ok(Math.max(...bytes) < 1.35 * Math.min(...bytes), bytes.join(' '))
    assert.ok(Math.max(...bytes) < 12_000, bytes.join(' '))
  })
  it('a refusal is said in the language, beside the field and in the summary', async () => {
    t.now = new Date(t.now.getTime() + 60_000)
    const page = await t.post(`/c/${c.slug}/suivi?lang=tr`, { number: '', birthDate: '99' })
    assert.equal(page.status, 422)
    assert.match(page.html, /<title>Hata: Başvurumu izle/)
    assert.match(page.text, /Düzeltilecek 2 yanıt var/)
    assert.match(page.text, /“Takip numarası” alanını doldurun/)
  })
  it('is remembered with the request: messages and letter follow, and no cookie is set', async () => {
    const r = await t.within(c, tx =>
      one<{ language: string; subject: string; body: string }>(
        tx,
        sql`select r.language, m.subject, m.body from app.request r join app.message m on m.subject_id = r.id where r.email = 'p-ar@exemple.fr' and m.reason = 'request.received'`,
      ),
    )
    assert.equal(r.language, 'ar')
    assert.ok(r.subject.includes('رقم المتابعة'))
    assert.ok(r.body.includes(`/c/${c.slug}/suivi?lang=ar`))
    assert.equal((await t.get(`/c/${c.slug}/demande?lang=ar`)).headers.get('set-cookie'), null)
    assert.equal(sayIn('uk')('points', { n: 22 }), '22 бали')
  })
})
