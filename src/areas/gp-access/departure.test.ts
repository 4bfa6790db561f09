/** A doctor leaves: announced, his patients ask, moved by waves, nobody lost; counts published without pointing at anybody. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { byWave, progressOf, publishable, waveOf, waveProblem, without } from './departure.ts'
import { aCapacity, aDoctor, aPatient, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { capacityOf, stateCapacity } from './store/capacities.ts'
import { addWave, announce, type Departure, departureOf, joinDeparture, movers, sendWave } from './store/departures.ts'
import { accept, propose, seen } from './store/proposals.ts'
import { admit, enterRequest, type RequestInput } from './store/requests.ts'

let t: TestApp
let c: Community
let me: Person
const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }
before(async () => {
  t = await testApp([gpAccessArea()])
  await withCommunes(t)
})
after(() => t.close())
beforeEach(async () => {
  t.now = new Date('2026-11-22T09:00:00Z')
  c = await t.community()
  await withCommunes(t, c)
  me = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
})
const path = (rest = '') => `/c/${c.slug}/departs${rest}`
const stateOf = (id: string) =>
  t.within(c, tx => one<{ state: string; since: Date }>(tx, sql`select state, since from app.request where id = ${id}`))

async function leaving(o: { name?: string; patients?: number } = {}): Promise<{ doctor: Person; d: Departure }> {
  const doctor = await aDoctor(t, c, { name: o.name ?? 'Dr Martin', total: 5 })
  await t.within(c, tx =>
    announce(tx, system(t), { membershipId: doctor.membershipId, leavesOn: '2027-06-30', patients: o.patients ?? 800, counts: [] }),
  )
  return { doctor, d: (await t.within(c, tx => departureOf(tx, doctor.membershipId)))! }
}
/** One of his patients, who asked with his letter. */
const asks = (d: Departure, o: Partial<RequestInput> = {}) =>
  t.within(c, async tx => {
    const { id } = await enterRequest(tx, system(t), aPatient({ doctorLeft: true, ...o }), 'patient', d.announcedAt)
    await joinDeparture(tx, system(t), d.id, id)
    await admit(tx, system(t), id)
    return id
  })

describe('the announcement', () => {
  it('closes his places and gives back to the list those who waited for him, at their place', async () => {
    const doctor = await aDoctor(t, c, { name: 'Dr Martin', total: 5 })
    const since = new Date('2026-03-01T00:00:00Z')
    const [asked, agreed, met] = [await aWaiting(t, c, { since }), await aWaiting(t, c, { since }), await aWaiting(t, c, { since })]
    const send = (id: string) =>
      t.within(c, tx => propose(tx, system(t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 5 }))
    await send(asked.id)
    for (const r of [agreed, met]) {
      const p = await send(r.id)
      await t.within(c, tx => accept(tx, system(t), p))
    }
    await t.within(c, tx => seen(tx, system(t), met.id, '2026-11-20'))
    const { status, location } = await t.post(
      path('/nouveau'),
      { doctor: doctor.membershipId, on: '2027-06-30', patients: '850', counts: '' },
      me,
    )
    assert.equal(status, 303)
    assert.match((await t.get(location!, me)).text, /Dr Martin : personne n’a encore demandé/)
    for (const r of [asked, agreed]) assert.deepEqual(await stateOf(r.id), { state: 'prioritised', since })
    assert.equal((await stateOf(met.id)).state, 'seen', 'somebody seen already goes on with him until the end')
    const places = (await t.within(c, tx => capacityOf(tx, doctor.membershipId)))!
    assert.deepEqual([places.total, places.until], [0, '2027-06-30'])
  })
  it('is told once, with a date to come and one way to count', async () => {
    const { doctor } = await leaving()
    const other = await aDoctor(t, c, { name: 'Dre Petit' })
    const say = (o: Record<string, string>) =>
      t.post(path('/nouveau'), { doctor: other.membershipId, on: '2027-06-30', patients: '800', counts: '', ...o }, me)
    assert.equal((await say({ doctor: doctor.membershipId })).status, 409)
    assert.match((await say({ on: '2026-11-22' })).text, /Cette date est passée/)
    assert.match((await say({ patients: '' })).text, /Indiquez combien de patients/)
    assert.match((await say({ counts: 'Massy ; 3' })).text, /pas les deux/)
    assert.match((await say({ patients: '', counts: 'Massy ; x' })).text, /Ligne 1/)
    const all = await Promise.all([1, 2, 3].map(() => say({})))
    assert.deepEqual(all.map(r => r.status).sort(), [303, 409, 409])
  })
  it('is made by the doctor himself, who then has his letter and counts, never names', async () => {
    const doctor = await aDoctor(t, c, { name: 'Dr Martin' })
    const mine = `/c/${c.slug}/mon-depart`
    assert.match((await t.get(`${mine}/lettre`, doctor)).text, /Aucun départ annoncé/)
    assert.equal(
      (await t.post(mine, { on: '2027-06-30', patients: '', counts: 'Massy ; 120 ; 20 ; 30 ; 5\nPalaiseau ; 40' }, doctor)).status,
      303,
    )
    const d = (await t.within(c, tx => departureOf(tx, doctor.membershipId)))!
    assert.equal(d.patients, 215)
    await asks(d, { birthName: 'Secrète' })
    const { text } = await t.get(mine, doctor)
    assert.match(text, /0 patient sur 1 a un nouveau médecin/)
    assert.match(text, /175 patients sur 215 habitent Massy/)
    assert.doesNotMatch(text, /Secrète/)
    const letter = await t.get(`${mine}/lettre`, doctor)
    assert.match(letter.html, /lettre\.pdf\?lang=ar/)
    assert.ok(letter.text.includes(`/depart/${d.code}`))
    assert.equal((await t.get(mine, me)).status, 404, 'it is his, not the coordination’s')
  })
  it('is called off once; what was asked stays', async () => {
    const { d } = await leaving()
    const id = await asks(d)
    assert.equal((await t.post(path(`/${d.id}/annuler`), {}, me)).status, 303)
    assert.equal((await t.post(path(`/${d.id}/annuler`), {}, me)).status, 409)
    assert.equal((await stateOf(id)).state, 'prioritised')
    assert.equal((await t.get(`/c/${c.slug}/depart/${d.code}`)).status, 404)
  })
})

describe('his patients', () => {
  it('ask from the letter, and have the seniority of the announcement whenever they ask', async () => {
    const { d } = await leaving()
    t.now = new Date('2027-02-01T09:00:00Z')
    const page = `/c/${c.slug}/depart/${d.code.toLowerCase().replace('-', '')}`
    assert.match((await t.get(page)).text, /Dr Martin cesse son activité le mercredi 30 juin 2027/)
    const { location } = await t.post(page, {})
    const draft = location!.replace(/\/qui$/, '')
    const fill = async (step: string, fields: Record<string, string | string[]>) =>
      assert.equal((await t.post(`${draft}/${step}`, fields)).status, 303, step)
    await fill('qui', { forWhom: 'me', communeCode: '91377', hasDoctor: 'leaving' })
    await fill('identite', { birthName: 'Durand', usedName: '', givenNames: 'Lou', birthDate: '1950-01-01', sex: '' })
    await fill('situation', { situation: ['ald', 'doctorLeft'] })
    await fill('besoins', { languages: [], householdOf: '' })
    await fill('contact', { phone: '01 69 00 00 00', email: '', preferredContact: 'phone' })
    await fill('verifier', { consent: 'on' })
    const r = await t.within(c, tx =>
      one<{ since: Date; createdAt: Date; departure: string }>(
        tx,
        sql`select r.since, r.created_at as "createdAt", x.departure_id as departure from app.request r join app.departure_request x on x.request_id = r.id where r.birth_name = 'Durand'`,
      ),
    )
    assert.deepEqual(r, { since: d.announcedAt, createdAt: t.now, departure: d.id })
  })
  it('who said yes at the practice are entered as a list, at the same seniority; without their yes nothing is', async () => {
    const { d } = await leaving()
    const head = 'nom de naissance;prénoms;date de naissance;code commune;téléphone;ald;accord;depuis le'
    const line = (name: string, yes: string) => `${name};Alex;17/05/1950;91377;01 69 00 00 00;oui;${yes};01/01/2020`
    const paste = (lines: string[], o: Record<string, string> = { consent: 'on' }) =>
      t.post(path(`/${d.id}/patients`), { list: [head, ...lines].join('\n'), ...o }, me)
    assert.match((await paste([line('Oui', 'oui'), line('Non', 'non')])).text, /Ligne 3 : Sans l’accord de la personne/)
    assert.match((await paste([line('Oui', 'oui')], {})).text, /Sans l’accord de chacun, rien n’est enregistré/)
    assert.match((await t.post(path(`/${d.id}/patients`), { list: 'nom;prénom\nA;B', consent: 'on' }, me)).text, /Colonne inconnue/)
    assert.equal((await t.within(c, tx => movers(tx, d.id, '2026-11-22'))).length, 0)
    t.now = new Date('2027-01-10T09:00:00Z')
    assert.equal((await paste([line('Oui', 'oui'), line('Ouiaussi', 'oui')])).status, 303)
    const all = await t.within(c, tx =>
      rows<{ since: Date; state: string }>(
        tx,
        sql`select r.since, r.state from app.departure_request x join app.request r on r.id = x.request_id`,
      ),
    )
    assert.deepEqual(
      all,
      [1, 2].map(() => ({ since: d.announcedAt, state: 'received' })),
    )
  })
  it('no longer ask with it half a year after he left, nor with a code that is none', async () => {
    const { d } = await leaving()
    assert.equal((await t.get(`/c/${c.slug}/depart/ZZZZ-ZZZZ`)).status, 404)
    t.now = new Date('2027-12-27T09:00:00Z')
    assert.equal((await t.get(`/c/${c.slug}/depart/${d.code}`)).status, 200)
    t.now = new Date('2027-12-28T09:00:00Z')
    assert.equal((await t.get(`/c/${c.slug}/depart/${d.code}`)).status, 404)
  })
  it('are counted in public only when nobody can be recognised', async () => {
    const doctor = await aDoctor(t, c, { name: 'Dr Martin' })
    const counts = [
      { communeCode: '91377', profile: 'adult' as const, patients: 403 },
      { communeCode: '91477', profile: 'adult' as const, patients: 118 },
      { communeCode: '91223', profile: 'home' as const, patients: 4 },
    ]
    await t.within(c, tx => announce(tx, system(t), { membershipId: doctor.membershipId, leavesOn: '2027-06-30', patients: 525, counts }))
    const d = (await t.within(c, tx => departureOf(tx, doctor.membershipId)))!
    const { text } = await t.get(`/c/${c.slug}/depart/${d.code}`)
    assert.match(text, /Massy environ 400/)
    assert.match(text, /Étampes masqué/)
    assert.doesNotMatch(text, /403|118|525|\b4 patients/)
  })
})

describe('waves', () => {
  it('take the most fragile first, propose to the chosen doctors only, and never beyond their places', async () => {
    const { d } = await leaving()
    const group = [await aDoctor(t, c, { name: 'Dre Petit', total: 2 }), await aDoctor(t, c, { name: 'Dr Grand', total: 1 })]
    const outside = await aDoctor(t, c, { name: 'Dr Loin', total: 50 })
    const ald = [await asks(d, { ald: true }), await asks(d, { ald: true }), await asks(d, { ald: true }), await asks(d, { ald: true })]
    const adult = await asks(d)
    const wave = await t.within(c, tx =>
      addWave(tx, system(t), d.id, {
        criteria: ['ald', 'age75'],
        startsOn: '2026-11-22',
        doctors: group.map(g => ({ membershipId: g.membershipId, groupName: 'MSP des Tilleuls' })),
      }),
    )
    await t.within(c, tx => addWave(tx, system(t), d.id, { criteria: ['everybody'], startsOn: '2027-03-01', doctors: [] }))
    const page = await t.get(path(`/${d.id}`), me)
    assert.match(page.text, /MSP des Tilleuls \(2 médecins\) 3 places libres/)
    assert.equal((await t.post(path(`/vagues/${wave}/envoyer`), {}, me)).status, 303)
    const sent = await t.within(c, tx =>
      rows<{ id: string; to: string }>(tx, sql`select request_id as id, membership_id as to from app.proposal where state = 'pending'`),
    )
    assert.equal(sent.length, 3)
    assert.ok(sent.every(s => ald.includes(s.id) && group.some(g => g.membershipId === s.to)))
    assert.ok(!sent.some(s => s.to === outside.membershipId || s.id === adult))
    // Again: nobody is proposed twice, no place is passed.
    const again = await t.within(c, tx => sendWave(tx, system(t), site, wave))
    assert.deepEqual([again.results.length, again.unplaced], [0, 1])
    assert.match((await t.get(path(`/${d.id}`), me)).text, /4 1 3 0 0/)
  })
  it('are read before they leave: who to whom, and what they take from the rest of the list', async () => {
    const { d } = await leaving()
    const petit = await aDoctor(t, c, { name: 'Dre Petit', total: 1 })
    await aWaiting(t, c, { ald: true, treatment: true, since: new Date('2026-01-01T00:00:00Z') })
    const mine = await asks(d)
    const wave = await t.within(c, tx => addWave(tx, system(t), d.id, { criteria: ['everybody'], startsOn: '2026-11-22', doctors: [] }))
    const look = () => t.get(path(`/vagues/${wave}/envoyer`), me)
    const taking = (await look()).text
    assert.match(taking, /Vague 1 : 1 patient à proposer/)
    assert.match(taking, /1 personne de la liste perdrait la place donnée par le plan d’aujourd’hui, dont 1 avec plus de points/)
    assert.equal((await stateOf(mine)).state, 'prioritised', 'looking proposes nothing')
    await t.within(c, tx => stateCapacity(tx, system(t), petit.membershipId, aCapacity({ total: 2 }), 'doctor'))
    assert.match((await look()).text, /ne prend de place à personne/)
    await t.within(c, tx => stateCapacity(tx, system(t), petit.membershipId, aCapacity({ total: 0 }), 'doctor'))
    const none = (await look()).text
    assert.match(none, /personne ne peut être proposé/)
    assert.match(none, /n’ont plus de place/)
  })
  it('sent by two at once propose each patient once', async () => {
    const { d } = await leaving()
    await aDoctor(t, c, { name: 'Dre Petit', total: 6 })
    for (let n = 0; n < 4; n++) await asks(d, { ald: true })
    const wave = await t.within(c, tx => addWave(tx, system(t), d.id, { criteria: ['ald'], startsOn: '2026-11-22', doctors: [] }))
    const all = await Promise.all([1, 2, 3].map(() => t.post(path(`/vagues/${wave}/envoyer`), {}, me)))
    assert.ok(
      all.every(r => r.status === 303),
      all.map(r => r.status).join(),
    )
    const { n } = await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*)::int as n from app.proposal where state = 'pending'`))
    assert.equal(n, 4)
  })
  it('leave nothing before their day, nor once the departure is called off', async () => {
    const { d } = await leaving()
    const wave = await t.within(c, tx => addWave(tx, system(t), d.id, { criteria: ['everybody'], startsOn: '2027-01-15', doctors: [] }))
    const early = await t.post(path(`/vagues/${wave}/envoyer`), {}, me)
    assert.equal(early.status, 409)
    assert.match(early.text, /commence le vendredi 15 janvier/)
    assert.match((await t.post(path(`/${d.id}`), { criteria: ['ald'], startsOn: '2027-06-30' }, me)).text, /commence avant le départ/)
    t.now = new Date('2027-01-15T09:00:00Z')
    assert.equal((await t.post(path(`/vagues/${wave}/envoyer`), {}, me)).status, 303)
    await t.post(path(`/${d.id}/annuler`), {}, me)
    assert.equal((await t.post(path(`/vagues/${wave}/envoyer`), {}, me)).status, 409)
  })
  it('lose nobody: refused, silent, without a wave, each waits in the list at the seniority of the announcement', async () => {
    const { d } = await leaving()
    const petit = await aDoctor(t, c, { name: 'Dre Petit', total: 1 })
    const [first, second] = [await asks(d, { ald: true }), await asks(d)]
    const wave = await t.within(c, tx => addWave(tx, system(t), d.id, { criteria: ['ald'], startsOn: '2026-11-22', doctors: [] }))
    await t.within(c, tx => sendWave(tx, system(t), site, wave))
    assert.equal((await stateOf(first)).state, 'proposed')
    t.now = new Date('2026-12-01T09:00:00Z')
    const { expireDue } = await import('./store/proposals.ts')
    await t.within(c, tx => expireDue(tx, system(t)))
    await t.post(path(`/vagues/${wave}/retirer`), {}, me)
    // After the departure too: they are in the plan as anybody.
    t.now = new Date('2027-09-01T09:00:00Z')
    for (const id of [first, second]) assert.deepEqual(await stateOf(id), { state: 'prioritised', since: d.announcedAt })
    await t.within(c, tx => stateCapacity(tx, system(t), petit.membershipId, aCapacity({ total: 1 }), 'doctor'))
    const { planInput } = await import('./store/plans.ts')
    const input = await t.within(c, tx => planInput(tx, t.now))
    assert.deepEqual(input.patients.map(p => p.id).sort(), [first, second].sort())
  })
  it('are exported by number, with who goes where, on record', async () => {
    const { d } = await leaving()
    await asks(d, { birthName: 'Secrète', ald: true })
    await t.within(c, tx => addWave(tx, system(t), d.id, { criteria: ['ald', 'home'], startsOn: '2026-12-01', doctors: [] }))
    const { text, status } = await t.get(path(`/${d.id}/transition.csv`), me)
    assert.equal(status, 200)
    assert.match(text, /1;ALD et visites à domicile;/)
    assert.doesNotMatch(text, /Secrète/)
    const { n } = await t.within(c, tx =>
      one<{ n: number }>(tx, sql`select count(*)::int as n from app.audit_event where action = 'departure.export'`),
    )
    assert.equal(n, 1)
  })
})

describe('rules', () => {
  const nobody = {
    place: null,
    communeCode: '91377',
    age: 40,
    priority: 1,
    since: '2026-01-01',
    household: null,
    languages: [],
    wheelchair: false,
    maxMinutes: 30,
    excluded: [],
  }
  const wave = (position: number, ...criteria: ('ald' | 'home' | 'age75' | 'pregnancy' | 'child' | 'everybody')[]) => ({
    id: `w${position}`,
    position,
    criteria,
  })
  const person = (o: Partial<{ ald: boolean; homeVisit: boolean; pregnancy: boolean; age: number }> = {}) => ({
    ald: false,
    homeVisit: false,
    pregnancy: false,
    age: 40,
    ...o,
  })
  it('put everybody in exactly one group', () => {
    const waves = [wave(2, 'child', 'pregnancy'), wave(1, 'ald', 'age75')]
    assert.equal(waveOf(person({ ald: true, pregnancy: true }), waves)?.id, 'w1')
    assert.equal(waveOf(person({ age: 75 }), waves)?.id, 'w1')
    assert.equal(waveOf(person({ age: 15 }), waves)?.id, 'w2')
    assert.equal(waveOf(person({ age: 16 }), waves), null)
    const people = [person({ ald: true }), person({ age: 3 }), person(), person({ homeVisit: true })]
    const groups = byWave(people, waves)
    assert.deepEqual(
      groups.map(g => [g.wave?.id ?? null, g.people.length]),
      [
        ['w1', 1],
        ['w2', 1],
        [null, 2],
      ],
    )
  })
  it('leave to the others what the wave did not take, profile by profile', () => {
    const patient = (id: string, profile: 'adult' | 'ald') => ({ ...nobody, id, profile })
    const doctor = (id: string, capacity: { total: number; ald?: number }) => ({
      id,
      place: null,
      communeCode: '91377',
      capacity,
      communes: [],
      languages: [],
      wheelchair: true,
    })
    const left = without(
      {
        patients: [patient('a', 'ald'), patient('b', 'adult'), patient('c', 'ald')],
        doctors: [doctor('x', { total: 3, ald: 2 }), doctor('y', { total: 1 })],
      },
      [
        { patient: 'a', doctor: 'x' },
        { patient: 'b', doctor: 'x' },
      ],
    )
    assert.deepEqual(
      left.patients.map(p => p.id),
      ['c'],
    )
    assert.deepEqual(
      left.doctors.map(x => x.capacity),
      [{ total: 1, ald: 1 }, { total: 1 }],
    )
  })
  it('count a declaration only when it is one', () => {
    assert.deepEqual(
      progressOf(['declared', 'closed', 'seen', 'appointed', 'accepted', 'proposed', 'prioritised', 'received', 'incomplete', 'exited']),
      { declared: 2, accepted: 3, proposed: 1, waiting: 3, left: 1 },
    )
  })
  it('want a wave between the announcement and the departure', () => {
    const d = { announcedOn: '2026-11-22', leavesOn: '2027-06-30' }
    assert.equal(waveProblem({ startsOn: '2026-11-22' }, d), null)
    assert.equal(waveProblem({ startsOn: '2027-06-29' }, d), null)
    assert.match(waveProblem({ startsOn: '2027-06-30' }, d)!, /avant le départ/)
    assert.match(waveProblem({ startsOn: '2026-11-21' }, d)!, /avant l’annonce/)
  })
  it('publish nothing that a former announcement would give away', () => {
    const counts = { a: 400, b: 120, c: 4 }
    assert.deepEqual(
      publishable(counts)!.rows.find(r => r.key === 'c'),
      { key: 'c', patients: null },
    )
    assert.equal(publishable({ a: 5, b: 3 }), null)
    // The same people told again with one commune more: what would be found by subtraction stays hidden.
    const again = publishable({ ...counts, d: 3 }, [counts])
    assert.ok(again === null || again.rows.filter(r => r.patients === null).length >= 3)
  })
  it('show a departure to the coordination of its community only', async () => {
    const { d } = await leaving()
    assert.ok((await t.within(c, tx => movers(tx, d.id, '2026-11-22'))).length === 0)
    for (const role of ['doctor', 'board', 'funder', 'nurse'] as const)
      assert.equal((await t.get(path(`/${d.id}`), await t.person(c, [role]))).status, 404)
    const other = await t.community()
    const theirs = await t.person(other, ['coordinator'])
    assert.equal((await t.get(`/c/${other.slug}/departs/${d.id}`, theirs)).status, 404)
    assert.equal((await t.get(`/c/${other.slug}/depart/${d.code}`)).status, 404)
  })
})
