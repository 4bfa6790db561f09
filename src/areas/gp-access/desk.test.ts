/** The coordinator's desk over HTTP: the list, the record, what each step does and refuses. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, sql } from '#platform/db/types.ts'
import { uuidOf } from '../../../test/app.ts'
import { Desk } from './desk.fixture.ts'
import { aDoctor, aWaiting } from './gp-access.fixture.ts'

let desk: Desk
before(async () => {
  desk = await Desk.open()
})
after(() => desk.t.close())
const at = (id: string, step = '') => desk.url(`/${id}${step}`)

describe('the list', () => {
  before(() => desk.fresh())
  it('opens to coordinators only, and not to another community’s', async () => {
    await desk.received()
    assert.equal((await desk.t.get(desk.url(), desk.me)).status, 200)
    for (const role of ['doctor', 'nurse', 'board', 'funder'] as const)
      assert.equal((await desk.t.get(desk.url(), await desk.t.person(desk.c, [role]))).status, 404)
    const other = await desk.t.community()
    assert.equal((await desk.t.get(desk.url(), await desk.t.person(other, ['coordinator']))).status, 404)
  })
  it('orders by points, shows where each stands, and what waits', async () => {
    await desk.fresh()
    await desk.received({ birthName: 'Arnoux' })
    await aWaiting(desk.t, desk.c, { birthName: 'Berthe', ald: true })
    await aWaiting(desk.t, desk.c, { birthName: 'Cadiou', birthDate: '1940-01-01', since: new Date('2026-01-01T00:00:00Z') })
    const { text } = await desk.t.get(desk.url(), desk.me)
    assert.ok(text.indexOf('Cadiou') < text.indexOf('Berthe') && text.indexOf('Berthe') < text.indexOf('Arnoux'))
    assert.match(text, /1 demande reçue à vérifier/)
    assert.match(text, /En attente d’un médecin 2/)
    const oldest = (await desk.t.get(desk.url('?tri=anciennete'), desk.me)).text
    assert.ok(oldest.indexOf('Cadiou') < oldest.indexOf('Arnoux'))
  })
  it('finds by words without accents, by number, and takes % for what it is', async () => {
    await desk.fresh()
    const { number } = await desk.received({ birthName: 'D’Orgéval', givenNames: 'Éloïse' })
    await desk.received({ birthName: 'Zeller' })
    for (const q of ["d'orgeval", 'ELOISE org', number.toLowerCase(), number.replace('-', '')]) {
      const { text } = await desk.t.get(desk.url(`?q=${encodeURIComponent(q)}`), desk.me)
      assert.match(text, /D’Orgéval/, q)
      assert.doesNotMatch(text, /Zeller/, q)
    }
    for (const q of ['%', '_', '\\', "'; --"])
      assert.match((await desk.t.get(desk.url(`?q=${encodeURIComponent(q)}`), desk.me)).text, /Aucune demande/, q)
  })
})

describe('the record', () => {
  before(() => desk.fresh())
  it('shows points line by line, and records who looked', async () => {
    const { id } = await desk.received({ ald: true, birthDate: '1940-01-01' })
    await desk.t.get(desk.url(`/${id}`), desk.me)
    const { text, status } = await desk.t.get(desk.url(`/${id}`), desk.me)
    assert.equal(status, 200)
    assert.match(text, /Affection de longue durée \+ 30/)
    assert.match(text, /Qui a ouvert ce dossier \(2\)/)
    assert.match(text, /Claire Roux \(coordination\)/)
  })
  it('does not exist for others, nor for what is no identifier', async () => {
    const { id } = await desk.received()
    const other = await desk.t.community()
    const theirs = await desk.t.person(other, ['coordinator'])
    assert.equal((await desk.t.get(`/c/${other.slug}/demandes/${id}`, theirs)).status, 404)
    assert.equal((await desk.t.get(desk.url('/rien'), desk.me)).status, 404)
    assert.equal((await desk.t.post(`/c/${other.slug}/demandes/${id}/recevable`, {}, theirs)).status, 404)
    assert.equal((await desk.state(id)).state, 'received')
  })
})

const contacts = { phone: '06 39 98 00 01', communeCode: '91377', preferredContact: 'phone' }

describe('the steps of a request', () => {
  before(() => desk.fresh())
  it('admits once, and says who was faster', async () => {
    const { id } = await desk.received()
    const first = await desk.step(id, '/recevable')
    assert.match(first.text, /dans la liste, à son rang/)
    assert.equal((await desk.state(id)).state, 'prioritised')
    const second = await desk.t.post(at(id, '/recevable'), {}, desk.me)
    assert.equal(second.status, 409)
    assert.match(second.text, /a changé entre-temps : « En attente d’un médecin », par Claire Roux/)
  })
  it('asks to complete with codes, writes to the patient without naming him', async () => {
    const { id } = await desk.received({ birthName: 'Secret' })
    assert.equal((await desk.step(id, '/a-completer')).status, 422)
    const { text } = await desk.step(id, '/a-completer', { missing: ['contact', 'commune'] })
    assert.match(text, /Un message part au patient/)
    assert.match(text, /Il manque : moyen de le joindre, commune d’habitation/)
    const m = await desk.t.within(desk.c, tx =>
      one<{ body: string; subject: string }>(tx, sql`select body, subject from app.message where subject_id = ${id}`),
    )
    assert.match(m.body, /la commune d’habitation/)
    assert.doesNotMatch(m.body + m.subject, /Secret|Camille|\d{2}\/\d{2}\/\d{4}/)
    const mute = await desk.received({ email: null })
    assert.match((await desk.step(mute.id, '/a-completer', { missing: 'contact' })).text, /appelez-le/)
  })
  it('proposes to who can, nearest first, and says why not the others', async () => {
    await desk.fresh()
    const near = await aDoctor(desk.t, desk.c, { name: 'Dr Proche' })
    await aDoctor(desk.t, desk.c, { name: 'Dre Palaiseau', communeCode: '91477' })
    const far = await aDoctor(desk.t, desk.c, { name: 'Dr Loin', communeCode: '91223' })
    await aDoctor(desk.t, desk.c, { name: 'Dr Plein', total: 0 })
    const { id } = await aWaiting(desk.t, desk.c)
    const { text } = await desk.t.get(at(id, '/proposer'), desk.me)
    assert.ok(text.indexOf('Dr Proche') < text.indexOf('Dre Palaiseau'))
    assert.match(text, /Dr Loin, Étampes Il est à \d+ min \(estimation\) ; la limite de ce patient est de 30 min/)
    assert.match(text, /Dr Plein, Massy Plus de place/)
    assert.equal((await desk.t.post(at(id, '/proposer'), {}, desk.me)).status, 422)
    const refused = await desk.t.post(at(id, '/proposer'), { doctor: far.membershipId }, desk.me)
    assert.equal(refused.status, 422)
    assert.match(refused.text, /la limite de ce patient/)
    const sent = await desk.step(id, '/proposer', { doctor: near.membershipId })
    assert.match(sent.text, /Dr Proche a 72 heures/)
    assert.equal((await desk.t.post(at(id, '/proposer'), { doctor: near.membershipId }, desk.me)).status, 409)
    const back = await desk.step(id, '/retirer', { reason: 'doctor_asked' })
    assert.match(back.text, /à sa place/)
    assert.equal((await desk.state(id)).state, 'prioritised')
  })
  it('closes only when seen and declared, refuses days to come', async () => {
    const { id } = await desk.accepted()
    assert.match((await desk.step(id, '/rendez-vous', { day: '2026-12-01' })).text, /Rendez-vous noté pour mardi 1er décembre/)
    assert.equal((await desk.step(id, '/vu', { day: '2026-12-01' })).status, 422)
    assert.match((await desk.step(id, '/declare', { day: '2026-11-20', by: 'fund' })).text, /quand la première consultation est confirmée/)
    assert.equal((await desk.state(id)).state, 'appointed')
    await desk.step(id, '/vu', { day: '2026-11-21' })
    assert.equal((await desk.state(id)).state, 'closed')
    assert.match((await desk.t.get(at(id), desk.me)).text, /Déclaration confirmée par l’Assurance maladie/)
  })
  it('puts back: the patient at his place, the doctor with his', async () => {
    const { id, doctor } = await desk.accepted()
    await desk.step(id, '/remettre', { reason: 'no_show' })
    assert.equal((await desk.state(id)).state, 'prioritised')
    const used = await desk.t.within(desk.c, tx =>
      one<{ used: number }>(tx, sql`select used from app.capacity where membership_id = ${doctor.membershipId}`),
    )
    assert.equal(used.used, 0)
    assert.match((await desk.t.get(at(id), desk.me)).text, /le patient n’est pas venu/)
  })
  it('leaves with a reason and comes back with its seniority', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { since: new Date('2026-02-01T00:00:00Z') })
    assert.equal((await desk.step(id, '/sortie')).status, 422)
    assert.match((await desk.step(id, '/sortie', { exit: 'gave_up' })).text, /La demande est sortie de la liste : renonce/)
    assert.deepEqual(await desk.state(id), { state: 'exited', exit: 'gave_up' })
    await desk.step(id, '/reprendre')
    const { since } = await desk.t.within(desk.c, tx => one<{ since: Date }>(tx, sql`select since from app.request where id = ${id}`))
    assert.equal(since.toISOString(), '2026-02-01T00:00:00.000Z')
  })
  it('compares a suspected duplicate, merges it or says they are two', async () => {
    const older = await desk.received({ birthName: 'Même', givenNames: 'Ana' }, new Date('2026-01-10T00:00:00Z'))
    const newer = await desk.received({ birthName: 'MEME', givenNames: 'Ana', phone: '+33639980009' })
    const twin = await desk.received({ birthName: 'meme', givenNames: 'Ana' })
    assert.match((await desk.t.get(at(newer.id), desk.me)).text, new RegExp(`Doublon possible La demande ${older.number}`))
    assert.match((await desk.t.get(at(newer.id, '/reunir'), desk.me)).text, /06 39 98 00 09/)
    assert.equal((await desk.t.post(at(newer.id, '/reunir'), { with: twin.id }, desk.me)).status, 404, 'only with the request it resembles')
    assert.match((await desk.step(newer.id, '/reunir', { with: older.id })).text, /n’en font plus qu’une/)
    assert.deepEqual(await desk.state(newer.id), { state: 'exited', exit: 'duplicate' })
    assert.match((await desk.step(twin.id, '/pas-un-doublon')).text, /restent séparées/)
    assert.equal((await desk.t.get(at(twin.id, '/reunir'), desk.me)).status, 404)
  })
  it('links and unlinks a household by tracking number', async () => {
    const [a, b] = [await desk.received(), await desk.received({ birthName: 'Conjoint' })]
    assert.equal((await desk.step(a.id, '/foyer', { number: 'non' })).status, 422)
    assert.equal((await desk.step(a.id, '/foyer', { number: a.number })).status, 422)
    assert.match((await desk.step(a.id, '/foyer', { number: b.number.toLowerCase() })).text, /Son foyer .*Conjoint Camille/)
    assert.match((await desk.step(a.id, '/foyer/quitter')).text, /n’est plus liée/)
  })
  it('corrects: points follow, what changed is on record, seniority stays', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { birthName: 'Avant' })
    const fields = { birthName: 'Après', givenNames: 'Camille', birthDate: '1980-05-17', ...contacts, situation: ['ald'], wheelchair: 'on' }
    assert.equal((await desk.step(id, '/modifier', { ...fields, phone: '' })).status, 422)
    assert.match(
      (await desk.t.post(at(id, '/modifier'), { ...fields, communeCode: '91223' }, desk.me)).text,
      /n’est pas dans le territoire/,
    )
    const { text } = await desk.step(id, '/modifier', fields)
    assert.match(text, /31 points pour sa situation/)
    assert.match(text, /nom de naissance, adresse électronique, situation et accès en fauteuil/)
  })
  it('enters by phone what the public form asks, and nothing when it is wrong', async () => {
    const fields = {
      birthName: 'Appel',
      givenNames: 'Ana',
      birthDate: '12/03/1950',
      ...contacts,
      situation: ['ald'],
      consentBy: 'coordinator',
    }
    const before = (await desk.t.get(desk.url(), desk.me)).text
    assert.equal((await desk.t.post(desk.url('/nouvelle'), { ...fields, birthDate: '2090-01-01' }, desk.me)).status, 422)
    assert.equal((await desk.t.post(desk.url('/nouvelle'), { ...fields, consentBy: 'proxy' }, desk.me)).status, 422)
    const done = await desk.t.post(desk.url('/nouvelle'), fields, desk.me)
    assert.match((await desk.t.get(done.location!, desk.me)).text, /Dictez son numéro de suivi : [2-9A-Z]{4}-[2-9A-Z]{4}/)
    assert.doesNotMatch(before, /Appel/)
    assert.doesNotMatch((await desk.t.get(desk.url('/nouvelle'), desk.me)).html, /sécurité sociale<\/label>|name="nir"/)
  })
  it('has one effect however often it is sent', async () => {
    const { id } = await desk.received()
    const key = uuidOf(id)
    const replies = await Promise.all(Array.from({ length: 5 }, () => desk.t.post(at(id, '/recevable'), { _key: key }, desk.me)))
    assert.deepEqual([...new Set(replies.map(r => r.status))], [303])
    const n = await desk.t.within(desk.c, tx =>
      one<{ n: number }>(tx, sql`select count(*)::int as n from app.request_event where request_id = ${id} and to_state = 'prioritised'`),
    )
    assert.equal(n.n, 1)
  })
})
