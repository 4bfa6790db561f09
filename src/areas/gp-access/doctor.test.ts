/** The doctor's thirty seconds: what the link shows, what it takes, what it never shows. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { dayOf } from '#platform/clock.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { askCapacity, doctorNav, doctorRoutes } from './pages/doctor/index.ts'
import { announce } from './store/departures.ts'
import { doctorsWithPlaces } from './store/plans.ts'
import { propose } from './store/proposals.ts'

let t: TestApp
let c: Community
let doctor: Person
before(async () => {
  t = await testApp([{ name: 'gp-access', routes: doctorRoutes, nav: doctorNav }])
  c = await t.community()
  await withCommunes(t, c)
  doctor = await aDoctor(t, c, { total: 3, name: 'Dr Ana Lemoine', email: 'lemoine@exemple.fr' })
})
after(() => t.close())

/** Sends a patient to the doctor and reads the address in the message that left. */
async function proposed(
  o: Parameters<typeof aWaiting>[2] = {},
): Promise<{ url: string; requestId: string; proposalId: string; body: string }> {
  const { id } = await aWaiting(t, c, o)
  const proposalId = await t.within(c, tx =>
    propose(
      tx,
      system(t),
      { baseUrl: 'http://localhost:3000', home: `/c/${c.slug}`, cptsName: c.name },
      { requestId: id, membershipId: doctor.membershipId, minutes: 12 },
    ),
  )
  const { body } = await t.within(c, tx => one<{ body: string }>(tx, sql`select body from app.message where subject_id = ${proposalId}`))
  return { url: /\/c\/\S+\/proposition\/\S+/.exec(body)![0], requestId: id, proposalId, body }
}
const stateOf = async (id: string) =>
  (await t.within(c, tx => one<{ state: string }>(tx, sql`select state from app.request where id = ${id}`))).state

describe('a proposal by its link', () => {
  it('names nobody before the yes, in the message nor on the page', async () => {
    const { url, body } = await proposed({
      birthName: 'Zyxwvut',
      givenNames: 'Prudence',
      phone: '+33639987654',
      birthDate: '1947-03-09',
      ald: true,
    })
    const seen = await t.get(url)
    assert.equal(seen.status, 200)
    assert.match(seen.text, /75 ans ou plus/)
    assert.match(seen.text, /Massy, à 12 min/)
    for (const secret of ['Zyxwvut', 'Prudence', '39 98 76 54', '639987654', '1947', 'patient1@']) {
      assert.ok(!seen.html.includes(secret), `${secret} on the page`)
      assert.ok(!body.includes(secret), `${secret} in the message`)
    }
  })
  it('opened by a mail scanner changes nothing; a yes shows the patient, and twice is once', async () => {
    const { url, requestId } = await proposed({ birthName: 'Quenault', phone: '+33639980042' })
    for (let i = 0; i < 3; i++) await t.get(url)
    assert.equal(await stateOf(requestId), 'proposed')
    const yes = await t.post(url, { answer: 'yes' })
    assert.equal(yes.status, 303)
    assert.equal(await stateOf(requestId), 'accepted')
    const after = await t.get(yes.location!)
    assert.match(after.text, /Quenault/)
    assert.match(after.text, /06 39 98 00 42/)
    assert.equal((await t.post(url, { answer: 'yes' })).status, 409)
  })
  it('a no asks for a reason, then returns the patient to the list', async () => {
    const { url, requestId } = await proposed()
    const no = await t.post(url, { answer: 'no' })
    assert.equal(no.location, `${url}?non`)
    assert.equal(await stateOf(requestId), 'proposed')
    assert.match((await t.get(no.location!)).text, /Trop loin de mon cabinet/)
    assert.equal((await t.post(url, { answer: 'no', reason: 'too_far' })).status, 303)
    assert.equal(await stateOf(requestId), 'prioritised')
    assert.match((await t.get(url)).text, /Merci de votre réponse/)
    assert.equal((await t.post(url, { answer: 'no', reason: 'invented' })).status, 422)
  })
  it('leads to the closure: appointment, visit, declaration; no visit in the future', async () => {
    const { url, requestId } = await proposed()
    await t.post(url, { answer: 'yes' })
    assert.equal((await t.post(`${url}/rendez-vous`, { day: '2026-12-01' })).status, 303)
    assert.equal(await stateOf(requestId), 'appointed')
    assert.equal((await t.post(`${url}/vu`, { day: '2026-12-01' })).status, 422, 'not yet')
    t.now = new Date('2026-12-01T17:00:00Z')
    assert.equal((await t.post(`${url}/vu`, { day: '2026-12-01' })).status, 303)
    assert.equal(await stateOf(requestId), 'seen')
    assert.equal((await t.post(`${url}/declare`, { day: '2026-12-01' })).status, 303)
    assert.equal(await stateOf(requestId), 'closed')
    t.now = new Date('2026-11-22T09:00:00Z')
  })
  it('gives a patient back at his place', async () => {
    const { url, requestId } = await proposed()
    const full = await t.post(url, { answer: 'yes' })
    assert.equal(full.status, 303)
    assert.equal((await t.post(`${url}/rendre`, { confirm: 'on' })).status, 200)
    assert.equal(await stateOf(requestId), 'prioritised')
    assert.equal((await t.get(url)).status, 410, 'the link is withdrawn')
  })
})

describe('the patient', () => {
  const news = async (id: string) =>
    (
      await t.within(c, tx =>
        rows<{ subject: string; body: string }>(
          tx,
          sql`select subject, body from app.message where subject_id = ${id} and reason = 'request.news' order by created_at, id`,
        ),
      )
    ).map(m => `${m.subject}\n${m.body}`)
  it('learns by a message that there is news, at a yes, an appointment, a giving back; never what, never who', async () => {
    const { url, requestId } = await proposed({ birthName: 'Lointain', email: 'lointain@exemple.fr' })
    assert.deepEqual(await news(requestId), [], 'a question to a doctor is not news')
    await t.post(url, { answer: 'yes' })
    assert.equal((await news(requestId)).length, 1)
    assert.equal((await t.post(url, { answer: 'yes' })).status, 409)
    assert.equal((await news(requestId)).length, 1, 'once')
    await t.post(`${url}/rendez-vous`, { day: '2026-12-01' })
    await t.post(`${url}/rendre`, { confirm: 'on' })
    const all = await news(requestId)
    assert.equal(all.length, 3)
    for (const text of all) {
      assert.match(text, /suivi/)
      assert.doesNotMatch(text, /Lointain|Dr |médecin traitant de|01\/12/)
    }
  })
})

describe('places by the link', () => {
  const linkOf = async () => {
    await t.within(c, tx =>
      askCapacity(
        { tx, now: t.now, baseUrl: 'http://localhost:3000', home: `/c/${c.slug}`, cpts: { ...c, demo: false } },
        doctor.membershipId,
      ),
    )
    const { body } = await t.within(c, tx =>
      one<{ body: string }>(tx, sql`select body from app.message where reason = 'capacity' order by created_at desc, id desc limit 1`),
    )
    return /\/c\/\S+\/places\/\S+/.exec(body)![0]
  }
  const current = () =>
    t.within(c, tx =>
      one<{ total: number; child: number | null; until: string }>(
        tx,
        sql`select total, child, until from app.capacity where membership_id = ${doctor.membershipId} and superseded_at is null`,
      ),
    )
  it('one touch is enough, and it expires by itself', async () => {
    const url = await linkOf()
    assert.match((await t.get(url)).text, /Combien de nouveaux patients/)
    const thanks = await t.post(url, { total: '5' })
    assert.equal(thanks.status, 200)
    assert.match(thanks.text, /5 nouveaux patients, jusqu’au 21\/01\/2027/)
    assert.deepEqual(await current(), { total: 5, child: null, until: '2027-01-21' })
  })
  it('takes a profile and a date, refuses what makes no sense and keeps what was typed', async () => {
    const url = await linkOf()
    const fields = {
      total: '8',
      adult: '',
      child: '0',
      ald: '3',
      home: '0',
      minAge: '',
      maxAge: '',
      communeCode: '91477',
      until: '2027-03-31',
    }
    assert.equal((await t.post(`${url}/precis`, fields)).status, 200)
    assert.deepEqual(await current(), { total: 8, child: 0, until: '2027-03-31' })
    const wrong = await t.post(`${url}/precis`, { ...fields, minAge: '40', maxAge: '20' })
    assert.equal(wrong.status, 422)
    assert.match(wrong.html, /value="40"/)
    assert.equal((await t.post(`${url}/precis`, { ...fields, communeCode: '91223' })).status, 422, 'outside the territory')
    assert.equal((await t.post(`${url}/precis`, { ...fields, until: '2026-01-01' })).status, 422)
  })
  it('expired, it offers a new one, sent and never shown', async () => {
    const url = await linkOf()
    const before = t.now
    t.now = new Date(before.getTime() + 40 * 86_400_000)
    const gone = await t.get(url)
    assert.equal(gone.status, 410)
    const renew = /action="([^"]+renouveler)"/.exec(gone.html)![1]!
    const sent = await t.post(renew, {})
    assert.equal(sent.status, 200)
    const { body } = await t.within(c, tx =>
      one<{ body: string }>(tx, sql`select body from app.message where reason = 'capacity' order by created_at desc limit 1`),
    )
    const fresh = /\/c\/\S+\/places\/\S+/.exec(body)![0]
    assert.notEqual(fresh, url)
    assert.ok(!sent.html.includes(fresh.split('/').pop()!))
    assert.equal((await t.get(fresh)).status, 200)
    t.now = before
  })
})

describe('a doctor who is signed in', () => {
  it('sees the proposals sent to him and his patients, and nobody else’s', async () => {
    await t.post(`/c/${c.slug}/mes-places`, { total: '9' }, doctor)
    const { proposalId } = await proposed({ birthName: 'Ravenel' })
    const other = await aDoctor(t, c)
    const page = await t.get(`/c/${c.slug}/mes-patients`, doctor)
    assert.ok(page.html.includes(proposalId))
    assert.ok(!page.html.includes('Ravenel'))
    assert.equal((await t.get(`/c/${c.slug}/mes-patients/${proposalId}`, other)).status, 404)
    assert.equal((await t.post(`/c/${c.slug}/mes-patients/${proposalId}`, { answer: 'yes' }, other)).status, 404)
    assert.equal((await t.post(`/c/${c.slug}/mes-patients/${proposalId}`, { answer: 'yes' }, doctor)).status, 303)
    assert.match((await t.get(`/c/${c.slug}/mes-patients`, doctor)).text, /Ravenel/)
    assert.ok(!(await t.get(`/c/${c.slug}/mes-patients`, other)).text.includes('Ravenel'))
    assert.equal((await t.get(`/c/${c.slug}/mes-patients/nimporte`, doctor)).status, 404)
  })
})

describe('a doctor who leaves', () => {
  const precise = { total: '4', adult: '', child: '', ald: '', home: '', minAge: '', maxAge: '', communeCode: '91477', until: '' }
  const leaving = async (leavesOn: string, o: Parameters<typeof aDoctor>[2] = {}) => {
    const him = await aDoctor(t, c, { until: '2026-12-01', ...o })
    await t.within(c, tx => announce(tx, system(t), { membershipId: him.membershipId, leavesOn, patients: 500, counts: [] }))
    return him
  }
  const places = (him: Person) =>
    t.within(c, async tx => (await doctorsWithPlaces(tx, dayOf(t.now))).find(d => d.doctor.id === him.membershipId)?.doctor.capacity.total)
  const answer = (him: Person, o: Partial<typeof precise>) => t.post(`/c/${c.slug}/mes-places/precis`, { ...precise, ...o }, him)

  it('states places until his last day, none that outlive it, and is told what to do', async () => {
    const him = await leaving('2027-01-31')
    const refused = await answer(him, { until: '2027-02-01' })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /Vous cessez votre activité le dimanche 31 janvier 2027.*demandez à la coordination d’annuler ce départ/)
    assert.equal(await places(him), 0, 'what he had said stands')
    assert.equal((await answer(him, { until: '2027-01-31' })).status, 303)
    assert.equal(await places(him), 4)
    // One touch goes to the same day, not to sixty days from now.
    const before = t.now
    t.now = new Date('2027-01-20T09:00:00Z')
    assert.equal((await t.post(`/c/${c.slug}/mes-places`, { total: '2' }, him)).status, 303)
    assert.equal(await places(him), 2)
    t.now = new Date('2027-02-01T09:00:00Z')
    assert.match((await t.get(`/c/${c.slug}/mes-places`, him)).text, /Vos places sont fermées/)
    for (const until of ['2027-03-01', '2027-02-01']) assert.equal((await answer(him, { until })).status, 422)
    assert.equal((await t.post(`/c/${c.slug}/mes-places`, { total: '2' }, him)).status, 422)
    assert.equal(await places(him), undefined)
    t.now = before
  })
  it('places stated at the very instant of the announcement are in no plan, and nobody is proposed to him', async () => {
    const him = await t.person(c, ['doctor'], { name: 'Dr Course' })
    const silent = await t.person(c, ['doctor'], { name: 'Dre Muette' })
    await t.within(c, tx => announce(tx, system(t), { membershipId: silent.membershipId, leavesOn: '2027-01-31', patients: 5, counts: [] }))
    assert.equal((await answer(silent, { until: '2027-06-30' })).status, 422, 'the first statement too')
    const [, other] = await Promise.all([
      answer(him, { until: '2027-06-30' }),
      t.within(c, tx => announce(tx, system(t), { membershipId: him.membershipId, leavesOn: '2027-01-31', patients: 5, counts: [] })),
    ])
    assert.ok(other.id)
    assert.ok(!(await places(him)))
    // As an older server would have written them.
    await t.owner(
      `insert into app.capacity (cpts_id, id, membership_id, commune_code, total, communes, languages, wheelchair, until, stated_at, stated_by)
       values ($1, gen_random_uuid(), $2, '91477', 9, '{}', '{}', true, '2027-06-30', now(), 'doctor')
       on conflict (cpts_id, membership_id) where superseded_at is null do update set total = 9, until = '2027-06-30'`,
      [c.id, him.membershipId],
    )
    assert.equal(await places(him), undefined)
    const { id } = await aWaiting(t, c)
    const site = { baseUrl: '', home: '', cptsName: c.name }
    await assert.rejects(
      t.within(c, tx => propose(tx, system(t), site, { requestId: id, membershipId: him.membershipId, minutes: 1 })),
      /plus de places déclarées/,
    )
  })
})
