/** Nobody waits with nothing: what each is offered in the meantime, on his page and on the record, by whatever way he came in. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { readCsv } from '#platform/csv-read.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { Desk } from './desk.fixture.ts'
import { aPatient, aWaiting, system } from './gp-access.fixture.ts'
import { importRequests } from './import/requests.ts'
import { interimFor, interimKinds, interimLines, interimTexts } from './interim.ts'
import { rescoreWaiting } from './jobs.ts'
import { correct } from './store/edit.ts'
import { leave } from './store/proposals.ts'
import { openTracking } from './store/tracking.ts'

const nothing = { ald: false, treatment: false, pregnancy: false }
describe('the rule', () => {
  it('gives everybody at least one, whatever the age and the situation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.boolean(), fc.boolean(), fc.boolean(), (age, ald, treatment, pregnancy) => {
        assert.ok(interimFor(age, { ald, treatment, pregnancy }).length >= 1)
      }),
    )
  })
  it('follows the ages of the texts', () => {
    assert.deepEqual(interimFor(4, nothing), ['slots', 'child'])
    assert.deepEqual(interimFor(9, nothing), ['slots'])
    assert.deepEqual(interimFor(10, nothing), ['slots', 'pharmacist'])
    assert.deepEqual(interimFor(11, nothing), ['slots', 'pharmacist', 'vaccination'])
    const prevention = [17, 18, 25, 26, 44, 45, 50, 51, 59, 60, 65, 66, 69, 70, 75, 76].filter(a =>
      interimFor(a, nothing).includes('prevention'),
    )
    assert.deepEqual(prevention, [18, 25, 45, 50, 60, 65, 70, 75])
    const medication = (age: number, s = nothing) => interimFor(age, s).includes('medication')
    assert.deepEqual(
      [medication(74), medication(75), medication(65, { ...nothing, ald: true }), medication(64, { ...nothing, ald: true })],
      [false, true, true, false],
    )
    assert.ok(interimFor(30, { ...nothing, pregnancy: true }).includes('midwife'))
  })
  it('shows the community’s words when it wrote them, and what was used even when it no longer fits', () => {
    const used = { route: 'child' as const, offeredAt: new Date(0), usedAt: new Date(0), usedLabel: 'x' }
    const lines = interimLines(['slots'], [used], [{ route: 'slots', text: 'Notre texte', phone: '+33169000000' }])
    assert.deepEqual(
      lines.map(l => [l.route, l.text, l.phone]),
      [
        ['slots', 'Notre texte', '+33169000000'],
        ['child', interimTexts.child, null],
      ],
    )
  })
})

let desk: Desk
before(async () => {
  desk = await Desk.open()
})
after(() => desk.t.close())
const lines = (id: string) =>
  desk.t.within(desk.c, tx =>
    rows<{ route: string; used: boolean }>(
      tx,
      sql`select route, used_at is not null as used from app.interim_route where request_id = ${id} order by 1`,
    ),
  )
/** Those who wait without any line: must be none. */
const without = () =>
  desk.t.within(desk.c, tx =>
    rows<{ id: string }>(
      tx,
      sql`select id from app.request r where state in ('received', 'incomplete', 'admissible', 'prioritised', 'proposed') and not exists (select 1 from app.interim_route i where i.request_id = r.id)`,
    ),
  )
const page = async (id: string) => {
  const token = await desk.t.within(desk.c, tx => openTracking(tx, id, desk.t.now))
  return `/c/${desk.c.slug}/suivi/${token}`
}

describe('no waiting patient without one', () => {
  before(() => desk.fresh())
  it('entered by a form, by the coordination, or from a file', async () => {
    await desk.received()
    await aWaiting(desk.t, desk.c)
    const made = await desk.t.post(
      desk.url('/nouvelle'),
      {
        birthName: 'Nouvel',
        givenNames: 'Ana',
        birthDate: '2024-03-01',
        communeCode: '91377',
        phone: '01 69 00 00 00',
        preferredContact: 'phone',
        consentBy: 'coordinator',
      },
      desk.me,
    )
    assert.equal(made.status, 303, made.text)
    const cells: Record<string, string> = {
      'nom de naissance': 'Import',
      prénoms: 'Lou',
      'date de naissance': '1948-02-03',
      'code commune': '91377',
      téléphone: '01 69 00 00 01',
      accord: 'oui',
    }
    const file = readCsv(new TextEncoder().encode(`${Object.keys(cells).join(';')}\n${Object.values(cells).join(';')}\n`))
    await desk.t.within(desk.c, tx => importRequests(tx, system(desk.t), file, { partial: false }))
    const { n } = await desk.t.within(desk.c, tx => one<{ n: number }>(tx, sql`select count(*)::int as n from app.request`))
    assert.equal(n, 4)
    assert.deepEqual(await without(), [])
  })
  it('nor after he came back, nor when he entered before these lines existed', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    await desk.t.within(desk.c, tx => leave(tx, system(desk.t), id, 'gave_up'))
    await desk.step(id, '/reprendre')
    assert.deepEqual(await without(), [])
    const old = await aWaiting(desk.t, desk.c)
    await desk.t.owner('delete from app.interim_route where request_id = $1', [old.id])
    assert.equal((await without()).length, 1, 'the check sees one')
    assert.match(
      (await desk.t.get(await page(old.id))).text,
      /En attendant.*Un problème qui ne peut pas attendre/,
      'his page does not wait for the night',
    )
    await rescoreWaiting.work({
      now: desk.t.now,
      cpts: { ...desk.c, demo: false },
      baseUrl: '',
      requestId: 'test',
      who: { kind: 'system', job: 'gp-access.rescore' },
      inTenant: w => desk.t.within(desk.c, w),
    })
    assert.deepEqual(await without(), [])
  })
  it('a changed situation adds what it opens, and takes nothing away', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { birthDate: '1995-01-01' })
    assert.deepEqual(
      (await lines(id)).map(l => l.route),
      ['pharmacist', 'slots', 'vaccination'],
    )
    const { proxy: _p, consentBy: _c, householdOf: _h, ...now } = aPatient({ birthDate: '1995-01-01', pregnancy: true })
    await desk.t.within(desk.c, tx => correct(tx, { ...system(desk.t) }, id, now))
    assert.deepEqual(
      (await lines(id)).map(l => l.route),
      ['midwife', 'pharmacist', 'slots', 'vaccination'],
    )
  })
})

describe('tracked', () => {
  before(() => desk.fresh())
  it('the patient says that it is done, once; it is on the record, with who said so, and it can be taken back', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { birthDate: '1948-02-03' })
    const at = await page(id)
    assert.match((await desk.t.get(at)).text, /Le point sur vos médicaments/)
    const key = crypto.randomUUID()
    for (let twice = 0; twice < 2; twice++) await desk.t.post(`${at}/relais`, { _key: key, route: 'medication', used: 'yes' })
    assert.match((await desk.t.get(at)).text, /Fait, noté le 22\/11\/2026/)
    assert.match(
      (await desk.t.get(desk.url(`/${id}`), desk.me)).text,
      /Le point sur vos médicaments Fait, noté le 22\/11\/2026.*La personne elle-même, par sa page de suivi/,
    )
    const audited = () =>
      desk.t.within(desk.c, tx =>
        rows<{ action: string }>(
          tx,
          sql`select action from app.audit_event where subject_id = ${id} and action like 'interim.%' order by at, id`,
        ),
      )
    assert.deepEqual(
      (await audited()).map(a => a.action),
      ['interim.use'],
    )
    await desk.t.post(`${at}/relais`, { route: 'medication', used: 'no' })
    assert.equal(
      (await lines(id)).some(l => l.used),
      false,
    )
    assert.equal((await desk.t.post(`${at}/relais`, { route: 'none', used: 'yes' })).status, 422)
  })
  it('the coordination notes it for who calls, and counts', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const { text } = await desk.step(id, '/relais', { route: 'vaccination', used: 'yes' })
    assert.match(text, /Vos vaccins Fait, noté le 22\/11\/2026.*Claire Roux/)
    assert.match((await desk.t.get(`/c/${desk.c.slug}/en-attendant`, desk.me)).text, /Vos vaccins Celui de Trame 2 1/)
  })
  it('the community’s own words and number are read by patients at once, and by nobody else’s', async () => {
    const form = { text_slots: 'Appelez la maison de santé de Massy.', phone_slots: '01 69 00 00 42' }
    assert.equal((await desk.t.post(`/c/${desk.c.slug}/en-attendant`, form, desk.me)).status, 303)
    const { id } = await aWaiting(desk.t, desk.c)
    assert.match((await desk.t.get(await page(id))).text, /Appelez la maison de santé de Massy\. 01 69 00 00 42/)
    assert.equal((await desk.t.post(`/c/${desk.c.slug}/en-attendant`, { phone_slots: '12' }, desk.me)).status, 422)
    assert.equal((await desk.t.get(`/c/${desk.c.slug}/en-attendant`, await desk.t.person(desk.c, ['doctor']))).status, 404)
    await desk.fresh()
    const other = await aWaiting(desk.t, desk.c)
    assert.doesNotMatch((await desk.t.get(await page(other.id))).text, /maison de santé de Massy/)
  })
  it('nothing of it once a doctor is found', async () => {
    const { id } = await desk.accepted()
    for (const text of [(await desk.t.get(await page(id))).text, (await desk.t.get(desk.url(`/${id}`), desk.me)).text])
      assert.doesNotMatch(text, /Un problème qui ne peut pas attendre/)
  })
  it('each route has its French words', () => {
    for (const k of interimKinds) assert.ok(interimTexts[k].length > 40)
  })
})
