/** A patient says what changed, or erases everything: without an account, in one gesture, and what follows is said. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { maybe, one, rows, sql } from '#platform/db/types.ts'
import { type Community, type TestApp, testApp } from '../../../test/app.ts'
import { aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { anotherPatient, asksLook } from './rules.ts'
import { erase } from './store/erasure.ts'
import { accept, propose } from './store/proposals.ts'

let t: TestApp
let c: Community
before(async () => {
  t = await testApp([gpAccessArea()])
  c = await t.community()
  await withCommunes(t, c)
})
after(() => t.close())

const site = () => ({ baseUrl: 'http://localhost:3000', home: `/c/${c.slug}`, cptsName: c.name })
/** What `aPatient` says of himself, as his browser posts it back. */
const same = {
  communeCode: '91377',
  situation: [],
  languages: [],
  householdOf: '',
  phone: '06 39 98 00 01',
  email: 'p@exemple.fr',
  preferredContact: 'phone',
}
async function waiting(o: Parameters<typeof aWaiting>[2] = {}) {
  const who = await aWaiting(t, c, { email: 'p@exemple.fr', ...o })
  const found = await t.post(`/c/${c.slug}/suivi`, { number: who.number, birthDate: '1980-05-17' })
  t.now = new Date(t.now.getTime() + 10_000)
  return { ...who, page: found.location! }
}
async function proposed(o: Parameters<typeof aWaiting>[2] = {}) {
  const who = await waiting(o)
  const doctor = await aDoctor(t, c, { name: 'Dre Noor Haddad', email: `haddad-${who.number.toLowerCase()}@exemple.fr` })
  const proposal = await t.within(c, tx =>
    propose(tx, system(t), site(), { requestId: who.id, membershipId: doctor.membershipId, minutes: 4 }),
  )
  return { ...who, doctor, proposal }
}
const row = (id: string) =>
  t.within(c, tx =>
    one<Record<string, unknown>>(
      tx,
      sql`select state, exit, since, points, commune_code as commune, pregnancy, farther, phone, household_id as household from app.request where id = ${id}`,
    ),
  )
const letters = (address: string) =>
  t.within(c, tx =>
    rows<{ subject: string; body: string | null; state: string }>(
      tx,
      sql`select subject, body, state from app.message where recipient = ${address} order by created_at, id`,
    ),
  )

describe('which changes matter, pure', () => {
  const told = { communeCode: '91377', homeVisit: false, ald: false, languages: ['ar'], wheelchair: false, farther: true }
  it('a doctor was asked about somebody else: another commune, profile, language, a need more, a way less', () => {
    assert.equal(anotherPatient(told, told, 40), false)
    assert.equal(anotherPatient(told, { ...told, wheelchair: true }, 40), true)
    assert.equal(anotherPatient({ ...told, wheelchair: true }, told, 40), false, 'a need less is no other patient')
    for (const c of [{ communeCode: '91477' }, { homeVisit: true }, { ald: true }, { languages: [] }, { farther: false }])
      assert.equal(anotherPatient(told, { ...told, ...c }, 40), true, JSON.stringify(c))
  })
  it('the coordination looks at points that rise, at a household, at what a doctor found must learn', () => {
    const nothing = { rose: false, another: false, household: false }
    for (const state of ['received', 'incomplete'] as const)
      assert.equal(asksLook({ ...nothing, state, rose: true }), false, 'it checks these anyway')
    assert.equal(asksLook({ ...nothing, state: 'prioritised', rose: true }), true)
    assert.equal(asksLook({ ...nothing, state: 'prioritised', another: true }), false, 'the plan reads it by itself')
    assert.equal(asksLook({ ...nothing, state: 'proposed', another: true }), true)
    assert.equal(asksLook({ ...nothing, state: 'accepted', another: true }), true)
    assert.equal(asksLook({ ...nothing, state: 'prioritised', household: true }), true)
  })
})

describe('« Ma situation a changé »', () => {
  it('shows what was said, recomputes the points under the rule, says before and after, and keeps the seniority', async () => {
    const { id, page } = await waiting({ since: new Date('2026-09-01T00:00:00Z') })
    const form = await t.get(`${page}/situation`)
    assert.match(form.html, /value="06.39.98.00.01"/)
    const done = await t.post(`${page}/situation`, { ...same, communeCode: '91477', situation: ['pregnancy'], farther: 'on' })
    assert.equal(done.status, 303)
    const shown = (await t.get(done.location!)).text
    // One point for any request and two months of waiting (4); pregnancy adds 15.
    assert.match(shown, /Votre priorité passe de 5 à 20 points\. Votre ancienneté ne change pas/)
    const r = await row(id)
    assert.deepEqual(
      [r.points, r.commune, r.pregnancy, r.farther, (r.since as Date).toISOString()],
      [16, '91477', true, true, '2026-09-01T00:00:00.000Z'],
    )
    const events = await t.within(c, tx =>
      rows<{ reason: string; who: string }>(
        tx,
        sql`select reason, actor_label as who from app.request_event where request_id = ${id} and kind = 'edit'`,
      ),
    )
    assert.match(events[0]!.reason, /changed:.*communeCode.*pregnancy/)
    assert.match(events[0]!.who, /La personne elle-même/)
    assert.match((await t.get(page)).text, /priorité de 5 à 20 points/)
  })
  it('waits for the coordination until it has looked', async () => {
    const coordinator = await t.person(c, ['coordinator'])
    const { id, page } = await waiting()
    const before = (await t.get(`/c/${c.slug}/demandes?attente=changees`, coordinator)).html
    assert.ok(!before.includes(id))
    await t.post(`${page}/situation`, { ...same, situation: ['ald'] })
    assert.ok((await t.get(`/c/${c.slug}/demandes?attente=changees`, coordinator)).html.includes(id))
    const record = await t.get(`/c/${c.slug}/demandes/${id}`, coordinator)
    assert.match(record.text, /Sa situation a changé.*Priorité de 1 à 31 points/)
    await t.post(`/c/${c.slug}/demandes/${id}/relu`, {}, coordinator)
    assert.ok(!(await t.get(`/c/${c.slug}/demandes?attente=changees`, coordinator)).html.includes(id))
    assert.doesNotMatch((await t.get(`/c/${c.slug}/demandes/${id}`, coordinator)).text, /J’ai vu ce changement/)
  })
  it('a phone or an address alone wakes nobody; nothing new says so and leaves no line', async () => {
    const { id, page } = await waiting()
    await t.post(`${page}/situation`, { ...same, phone: '06 39 98 99 99' })
    const look = () => t.within(c, tx => rows<{ look: boolean }>(tx, sql`select look from app.patient_change where request_id = ${id}`))
    assert.deepEqual(await look(), [{ look: false }])
    const again = await t.post(`${page}/situation`, { ...same, phone: '06 39 98 99 99' })
    assert.match((await t.get(again.location!)).text, /Rien n’a changé/)
    assert.equal((await look()).length, 1)
  })
  it('withdraws a pending proposal that described somebody else, tells its doctor without why, keeps the place', async () => {
    const { id, page, doctor, proposal } = await proposed({ since: new Date('2026-09-01T00:00:00Z') })
    assert.match((await t.get(`${page}/situation`)).text, /cette proposition est retirée/)
    const done = await t.post(`${page}/situation`, { ...same, communeCode: '91477' })
    assert.match((await t.get(done.location!)).text, /La proposition en cours est retirée.*vous gardez votre place/)
    const r = await row(id)
    assert.deepEqual([r.state, (r.since as Date).toISOString()], ['prioritised', '2026-09-01T00:00:00.000Z'])
    const email = await t.owner('select email from platform.person where id = $1', [doctor.personId])
    const told = (await letters(String(email[0]!.email))).at(-1)!
    assert.match(told.subject, /une proposition est retirée/)
    for (const why of ['Palaiseau', 'situation', 'déménag', 'Tissier']) assert.ok(!told.body!.includes(why), why)
    await assert.rejects(
      t.within(c, tx => accept(tx, system(t), proposal)),
      /retirée/,
    )
  })
  it('keeps a pending proposal when nothing the doctor was told has changed', async () => {
    const { id, page } = await proposed()
    const done = await t.post(`${page}/situation`, { ...same, situation: ['treatment'] })
    assert.match((await t.get(done.location!)).text, /La proposition en cours reste valable/)
    assert.equal((await row(id)).state, 'proposed')
  })
  it('out of our communes: nothing is written, he decides to leave', async () => {
    const { id, page } = await waiting()
    const moved = await t.post(`${page}/situation`, { ...same, communeCode: 'ailleurs' })
    assert.equal(moved.status, 200)
    assert.match(moved.text, /Vous habitez maintenant une autre commune/)
    assert.equal((await row(id)).commune, '91377')
    await t.post(`${page}/quitter`, { why: 'out_of_territory' })
    assert.deepEqual([(await row(id)).state, (await row(id)).exit], ['exited', 'out_of_territory'])
  })
  it('refuses a commune that is not ours, a number nobody has, and says so beside the field', async () => {
    const { page } = await waiting()
    assert.match((await t.post(`${page}/situation`, { ...same, communeCode: '91223' })).text, /Choisissez une commune de la liste/)
    assert.match((await t.post(`${page}/situation`, { ...same, householdOf: 'ZZZZ-2222' })).text, /Aucune demande ne porte ce numéro/)
    assert.match(
      (await t.post(`${page}/situation`, { ...same, preferredContact: 'email', email: '' })).text,
      /Indiquez l’adresse électronique/,
    )
  })
  it('links a household by the number of one who lives there', async () => {
    const other = await waiting()
    const { id, page } = await waiting()
    await t.post(`${page}/situation`, { ...same, householdOf: other.number })
    assert.ok((await row(id)).household)
    assert.equal((await row(id)).household, (await row(other.id)).household)
  })
  it('is closed once the patient has left or been seen', async () => {
    const { page } = await waiting()
    await t.post(`${page}/quitter`, { why: 'gave_up' })
    assert.equal((await t.post(`${page}/situation`, same)).status, 409)
  })
})

describe('« Effacer ma demande »', () => {
  it('is two steps: says what goes and what stays, and needs the box', async () => {
    const { id, page } = await waiting()
    const shown = (await t.get(`${page}/effacer`)).text
    assert.match(shown, /Ce qui est effacé.*Votre nom.*Ce qui reste.*Un chiffre sans nom/)
    assert.equal((await t.post(`${page}/effacer`, {})).status, 422)
    assert.equal((await row(id)).state, 'prioritised')
  })
  it('leaves nothing that tells whose it was, in any table, and closes the page', async () => {
    const name = 'Zéphyrine-Unique'
    const { id, number, page } = await waiting({
      birthName: name,
      givenNames: 'Oriane',
      email: 'unique@exemple.fr',
      phone: '+33639987777',
      ald: true,
      proxy: { name: 'Tante-Unique', kind: 'family', contact: '0639986666' },
      since: new Date('2026-09-17T00:00:00Z'),
    })
    await t.post(`${page}/situation`, { ...same, email: 'unique@exemple.fr', phone: '06 39 98 77 77', situation: ['ald', 'pregnancy'] })
    const done = await t.post(`${page}/effacer`, { sure: 'on' })
    assert.equal(done.status, 200)
    assert.match(done.text, /Votre demande est effacée/)
    const tables = await t.owner(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'app' and c.relkind in ('r', 'p')`,
    )
    for (const { name: table } of tables) {
      const all = await t.owner(`select to_jsonb(x)::text as row from app.${table} x where cpts_id = $1`, [c.id])
      for (const secret of [name, 'Oriane', 'unique@exemple.fr', '639987777', 'Tante-Unique', '639986666', number])
        assert.ok(!all.some(r => String(r.row).includes(secret)), `${secret} in ${table}`)
    }
    const left = await t.within(c, tx =>
      one<Record<string, unknown>>(
        tx,
        sql`select birth_date as born, ald, pregnancy, since, state, exit, points from app.request where id = ${id}`,
      ),
    )
    assert.deepEqual(left, {
      born: '1980-01-01',
      ald: false,
      pregnancy: false,
      since: new Date('2026-09-01T00:00:00Z'),
      state: 'exited',
      exit: 'gave_up',
      points: 0,
    })
    const reasons = await t.within(c, tx => rows(tx, sql`select 1 from app.request_event where request_id = ${id} and reason is not null`))
    assert.equal(reasons.length, 0)
    assert.equal((await t.get(page)).status, 410)
    assert.equal((await t.post(`/c/${c.slug}/suivi`, { number, birthDate: '1980-05-17' })).status, 422)
    const audit = await t.within(c, tx =>
      maybe<{ label: string }>(
        tx,
        sql`select actor_label as label from app.audit_event where subject_id = ${id} and action = 'request.erase'`,
      ),
    )
    assert.match(audit!.label, /La personne elle-même/)
  })
  it('stops what was about to leave, tells the doctor that his proposal is withdrawn, never why', async () => {
    const { id, page, doctor } = await proposed()
    const [{ email }] = (await t.owner('select email from platform.person where id = $1', [doctor.personId])) as [{ email: string }]
    await t.post(`${page}/effacer`, { sure: 'on' })
    const told = await letters(email)
    assert.deepEqual(
      told.map(m => [m.subject.replace(/^.* : /, ''), m.state]),
      [['une proposition est retirée', 'waiting']],
      'the question is forgotten, the withdrawal leaves',
    )
    assert.doesNotMatch(told[0]!.body!, /effac|Tissier/)
    const waitingStill = await t.within(c, tx =>
      rows(tx, sql`select 1 from app.message where subject_id = ${id} and (state = 'waiting' or body is not null or recipient <> '')`),
    )
    assert.equal(waitingStill.length, 0)
  })
  it('gives the place back when a doctor had said yes', async () => {
    const { page, proposal, doctor } = await proposed()
    await t.within(c, tx => accept(tx, system(t), proposal))
    const used = () =>
      t.within(c, tx =>
        one<{ used: number }>(
          tx,
          sql`select used from app.capacity where membership_id = ${doctor.membershipId} and superseded_at is null`,
        ),
      )
    assert.deepEqual(await used(), { used: 1 })
    await t.post(`${page}/effacer`, { sure: 'on' })
    assert.deepEqual(await used(), { used: 0 })
  })
  it('twice at once erases once', async () => {
    const { id } = await waiting()
    const once = () => t.within(c, tx => erase(tx, system(t), site(), id))
    const both = await Promise.allSettled([once(), once()])
    assert.deepEqual(both.map(b => b.status).sort(), ['fulfilled', 'rejected'])
    assert.match(String(both.find(b => b.status === 'rejected')?.reason), /déjà effacée/)
    const lines = await t.within(c, tx =>
      rows(tx, sql`select 1 from app.audit_event where subject_id = ${id} and action = 'request.erase'`),
    )
    assert.equal(lines.length, 1)
  })
})
