/** A patient with a phone and no account: the form, the number, the page, the way out. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type TestApp, testApp } from '../../../test/app.ts'
import { aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { patientRoutes } from './pages/patient/index.ts'
import { accept, propose } from './store/proposals.ts'
import { getRequest, move } from './store/requests.ts'

let t: TestApp
let c: Community
before(async () => {
  t = await testApp([{ name: 'gp-access', routes: patientRoutes }])
  c = await t.community()
  await withCommunes(t, c)
})
after(() => t.close())

const answers: [string, Record<string, string | string[]>][] = [
  ['identite', { birthName: 'Delorme', usedName: '', givenNames: 'Inès Marie', birthDate: '1951-07-30', sex: 'F' }],
  ['situation', { situation: ['ald', 'treatment'] }],
  ['besoins', { languages: [], householdOf: '' }],
  ['contact', { phone: '06 39 98 12 34', email: 'ines@exemple.fr', preferredContact: 'phone' }],
]
async function begin(): Promise<string> {
  const start = await t.post(`/c/${c.slug}/demande`, {})
  return start.location!.replace(/\/qui$/, '')
}
/** Fills in every page as a browser would, following each redirection. */
async function apply(first: Record<string, string>, pages = answers): Promise<string> {
  const base = await begin()
  let at = await t.post(`${base}/qui`, { communeCode: '91377', hasDoctor: 'no', forWhom: 'me', ...first })
  for (const [slug, fields] of pages) {
    assert.equal(at.status, 303, at.text)
    assert.equal(at.location, `${base}/${slug}`)
    assert.equal((await t.get(at.location!)).status, 200)
    at = await t.post(at.location!, fields)
  }
  assert.equal(at.location, `${base}/verifier`)
  return base
}
const numberIn = (text: string) => /[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)![0]

describe('the public form', () => {
  it('takes a request in six pages without an account and gives a number', async () => {
    const base = await apply({})
    const review = await t.get(`${base}/verifier`)
    assert.match(review.text, /Inès Marie Delorme, né\(e\) le 30\/07\/1951/)
    assert.match(review.text, /affection de longue durée/)
    assert.equal((await t.post(`${base}/verifier`, {})).status, 422, 'no consent, no request')
    const sent = await t.post(`${base}/verifier`, { consent: 'on' })
    assert.match(sent.location!, /\/suivi\/[\w-]{43}\?recue$/)
    const page = await t.get(sent.location!)
    const number = numberIn(page.text)
    const row = await t.within(c, tx =>
      one<{ ald: boolean; pregnancy: boolean; since: Date; phone: string; points: number }>(
        tx,
        sql`select ald, pregnancy, since, phone, points from app.request where number = ${number}`,
      ),
    )
    assert.deepEqual(row, { ald: true, pregnancy: false, since: t.now, phone: '+33639981234', points: 1 + 30 + 10 + 20 })
    const mail = await t.within(c, tx =>
      one<{ subject: string; body: string }>(
        tx,
        sql`select subject, body from app.message where reason = 'request.received' order by created_at desc limit 1`,
      ),
    )
    assert.ok(mail.body.includes(number))
    for (const secret of ['Inès', 'Delorme', '1951', 'Massy', 'affection']) assert.ok(!(mail.subject + mail.body).includes(secret), secret)
    assert.equal(
      (await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.request_draft`))).n,
      0,
      'the draft is gone',
    )
    assert.equal((await t.get(`${base}/verifier`)).status, 410)
  })
  it('by somebody else records who, and asks for that page too', async () => {
    const base = await apply({ forWhom: 'other' }, [
      ['aidant', { proxyKind: 'pharmacist', proxyName: 'Pharmacie du Marché', proxyContact: '01 99 00 11 22' }],
      ...answers,
    ])
    const whose = /« Je » et « vous » sont ici la personne/
    assert.match((await t.get(`${base}/situation`)).text, whose)
    assert.match((await t.get(`${base}/contact?lang=en`)).text, /Here, “I” and “you” are the person/)
    assert.doesNotMatch((await t.get(`${base}/aidant`)).text, whose, 'that page is about who fills it in')
    const sent = await t.post(`${base}/verifier`, { consent: 'on' })
    const number = numberIn((await t.get(sent.location!)).text)
    const row = await t.within(c, tx =>
      one<{ origin: string; kind: string; by: string }>(
        tx,
        sql`select origin, proxy_kind as kind, consent_by as by from app.request where number = ${number}`,
      ),
    )
    assert.deepEqual(row, { origin: 'proxy', kind: 'pharmacist', by: 'proxy' })
  })
  it('keeps what was typed when a page is refused, and says what to do', async () => {
    const base = await begin()
    const none = await t.post(`${base}/qui`, {})
    assert.equal(none.status, 422)
    assert.match(none.text, /Choisissez la commune/)
    await t.post(`${base}/qui`, { forWhom: 'me', communeCode: '91377', hasDoctor: 'no' })
    assert.match((await t.get(`${base}/identite`)).text, /^(?!.*sont ici la personne).*Ni carte Vitale/s)
    const born = await t.post(`${base}/identite`, { birthName: 'Delorme', givenNames: 'Inès', birthDate: '2031-01-01' })
    assert.equal(born.status, 422)
    assert.match(born.html, /value="Delorme"/)
    const mail = await t.post(`${base}/contact`, { preferredContact: 'email', phone: '0639981234', email: '' })
    assert.equal(mail.status, 422)
  })
  it('stops kindly outside the territory and for who has a doctor, and records nothing', async () => {
    const before = await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.request`))
    const base = await begin()
    const out = await t.post(`${base}/qui`, { forWhom: 'me', communeCode: 'ailleurs', hasDoctor: 'no' })
    assert.match((await t.get(out.location!)).text, /36 46/)
    const has = await t.post(`${base}/qui`, { forWhom: 'me', communeCode: '91377', hasDoctor: 'yes' })
    assert.match((await t.get(has.location!)).text, /déjà un médecin traitant/)
    assert.equal(
      (await t.post(`${base}/qui`, { forWhom: 'me', communeCode: '91223', hasDoctor: 'no' })).status,
      422,
      'a commune that is not on the list',
    )
    assert.deepEqual(await t.within(c, tx => one(tx, sql`select count(*) as n from app.request`)), before)
  })
  it('links a household by the number of one of its members, and never reveals who is on the list', async () => {
    const first = numberIn((await t.get((await t.post(`${await apply({})}/verifier`, { consent: 'on' })).location!)).text)
    const pages = answers.map(([s, f]) =>
      s === 'besoins'
        ? ([s, { ...f, householdOf: first.toLowerCase().replace('-', ' ') }] as (typeof answers)[number])
        : s === 'identite'
          ? ([s, { ...f, givenNames: 'Paul' }] as (typeof answers)[number])
          : ([s, f] as (typeof answers)[number]),
    )
    const second = numberIn((await t.get((await t.post(`${await apply({}, pages)}/verifier`, { consent: 'on' })).location!)).text)
    const homes = await t.within(c, tx =>
      rows<{ h: string }>(tx, sql`select household_id as h from app.request where number in (${first}, ${second})`),
    )
    assert.ok(homes[0]!.h)
    assert.equal(homes[0]!.h, homes[1]!.h)
    // The same person again: nothing on the screen tells that she was there already.
    const again = await t.get((await t.post(`${await apply({})}/verifier`, { consent: 'on' })).location!)
    assert.match(again.text, /Votre demande est bien arrivée/)
    const dup = await t.within(c, tx =>
      one<{ d: string | null }>(tx, sql`select duplicate_of as d from app.request where number = ${numberIn(again.text)}`),
    )
    assert.ok(dup.d, 'the coordinator sees the suspicion')
  })
})

describe('the patient’s page', () => {
  const open = async (number: string, birthDate = '1980-05-17') => {
    const found = await t.post(`/c/${c.slug}/suivi`, { number, birthDate })
    return found.location!
  }
  it('opens by number and birth date only, and says the same for every mistake', async () => {
    const { number } = await aWaiting(t, c)
    const wrong = await t.post(`/c/${c.slug}/suivi`, { number, birthDate: '1980-05-18' })
    const unknown = await t.post(`/c/${c.slug}/suivi`, { number: 'ZZZZ-2222', birthDate: '1980-05-17' })
    assert.equal(wrong.status, 422)
    const strip = (s: string) => s.replace(/value="[^"]*"/g, '')
    assert.equal(strip(wrong.html), strip(unknown.html))
    assert.match((await t.get(await open(number.toLowerCase()))).text, /Vous êtes dans la liste d’attente/)
  })
  it('limits the tries of one network', async () => {
    t.now = new Date(t.now.getTime() + 60_000)
    const statuses = []
    for (let i = 0; i < 10; i++)
      statuses.push((await t.post(`/c/${c.slug}/suivi`, { number: 'ZZZZ-2222', birthDate: '1980-05-17' })).status)
    assert.deepEqual(statuses, [...Array(8).fill(422), 429, 429])
    t.now = new Date(t.now.getTime() + 60_000)
  })
  it('leaves the list in one touch and comes back to the same place', async () => {
    const { id, number } = await aWaiting(t, c, { since: new Date('2026-01-05T00:00:00Z') })
    const page = await open(number)
    assert.equal((await t.post(`${page}/quitter`, { why: 'has_doctor' })).status, 303)
    assert.match((await t.get(page)).text, /Vous n’êtes plus dans la liste/)
    assert.equal((await t.post(`${page}/revenir`, {})).status, 303)
    const row = await t.within(c, tx => one<{ state: string; since: Date }>(tx, sql`select state, since from app.request where id = ${id}`))
    assert.deepEqual(row, { state: 'received', since: new Date('2026-01-05T00:00:00Z') })
  })
  it('names the doctor after his yes, and closes with the patient’s word', async () => {
    const { id, number } = await aWaiting(t, c)
    const doctor = await aDoctor(t, c, { name: 'Dre Noor Haddad' })
    const p = await t.within(c, tx =>
      propose(tx, system(t), { baseUrl: '', home: '', cptsName: c.name }, { requestId: id, membershipId: doctor.membershipId, minutes: 4 }),
    )
    const page = await open(number)
    assert.ok(!(await t.get(page)).text.includes('Haddad'), 'not before')
    await t.within(c, tx => accept(tx, system(t), p))
    assert.match((await t.get(page)).text, /La Dre Noor Haddad accepte de vous suivre/)
    assert.equal((await t.post(`${page}/vu`, { day: '2026-11-22' })).status, 303)
    assert.equal((await t.post(`${page}/declare`, {})).status, 303)
    assert.match((await t.get(page)).text, /Vous avez un médecin traitant/)
  })
  it('shows who opened the file', async () => {
    const { id, number } = await aWaiting(t, c)
    const coordinator = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
    const who = {
      kind: 'member' as const,
      personId: coordinator.personId,
      membershipId: coordinator.membershipId,
      name: coordinator.name,
      roles: ['coordinator'] as const,
      rpps: null,
    }
    await t.within(c, tx => getRequest(tx, { who, now: t.now, requestId: 'x' }, id))
    const text = (await t.get(await open(number))).text
    assert.match(text, /Claire Roux \(coordination\)/)
  })
  it('is nobody else’s: the link of one opens nothing of another, and dies after half an hour', async () => {
    const { id, number } = await aWaiting(t, c)
    const other = await aWaiting(t, c, { birthName: 'Autrui' })
    const page = await open(number)
    assert.ok(!(await t.get(page)).text.includes('Autrui'))
    await t.within(c, tx => move(tx, system(t), other.id, { to: 'incomplete' }))
    const before = t.now
    t.now = new Date(before.getTime() + 31 * 60_000)
    const late = await t.get(page)
    assert.equal(late.status, 410)
    assert.match(late.html, new RegExp(`/c/${c.slug}/suivi`))
    t.now = before
    assert.ok(id)
  })
})
