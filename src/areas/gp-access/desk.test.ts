/** The coordinator's desk over HTTP: the list, the record, what each step does and refuses. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { one, rows, sql } from '../../platform/db/types.ts'
import { aDoctor, aPatient, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { accept, propose } from './store/proposals.ts'
import { enterRequest } from './store/requests.ts'

let t: TestApp
let c: Community
let me: Person
const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }
before(async () => {
  t = await testApp([gpAccessArea()])
  await withCommunes(t)
})
after(() => t.close())
const fresh = async () => {
  c = await t.community()
  await withCommunes(t, c)
  me = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
}
const url = (path = '') => `/c/${c.slug}/demandes${path}`
const received = (o: Parameters<typeof aPatient>[0] = {}, since?: Date) =>
  t.within(c, tx => enterRequest(tx, system(t), aPatient(o), 'patient', since))
const state = (id: string) =>
  t.within(c, tx => one<{ state: string; exit: string | null }>(tx, sql`select state, exit from app.request where id = ${id}`))
const accepted = async (o: Parameters<typeof aWaiting>[2] = {}) => {
  const doctor = await aDoctor(t, c)
  const { id, number } = await aWaiting(t, c, o)
  const p = await t.within(c, tx => propose(tx, system(t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 5 }))
  await t.within(c, tx => accept(tx, system(t), p))
  return { id, number, doctor }
}

describe('the list', () => {
  before(fresh)
  it('opens to coordinators only, and not to another community’s', async () => {
    await received()
    assert.equal((await t.get(url(), me)).status, 200)
    for (const role of ['doctor', 'nurse', 'board', 'funder'] as const)
      assert.equal((await t.get(url(), await t.person(c, [role]))).status, 404)
    const other = await t.community()
    assert.equal((await t.get(url(), await t.person(other, ['coordinator']))).status, 404)
  })
  it('orders by points, shows where each stands, and what waits', async () => {
    await fresh()
    await received({ birthName: 'Arnoux' })
    await aWaiting(t, c, { birthName: 'Berthe', ald: true })
    await aWaiting(t, c, { birthName: 'Cadiou', birthDate: '1940-01-01', since: new Date('2026-01-01T00:00:00Z') })
    const { text } = await t.get(url(), me)
    assert.ok(text.indexOf('Cadiou') < text.indexOf('Berthe') && text.indexOf('Berthe') < text.indexOf('Arnoux'))
    assert.match(text, /1 demande reçue à vérifier/)
    assert.match(text, /En attente d’un médecin 2/)
    const oldest = (await t.get(url('?tri=anciennete'), me)).text
    assert.ok(oldest.indexOf('Cadiou') < oldest.indexOf('Arnoux'))
  })
  it('finds by words without accents, by number, and takes % for what it is', async () => {
    await fresh()
    const { number } = await received({ birthName: 'D’Orgéval', givenNames: 'Éloïse' })
    await received({ birthName: 'Zeller' })
    for (const q of ["d'orgeval", 'ELOISE org', number.toLowerCase(), number.replace('-', '')]) {
      const { text } = await t.get(url(`?q=${encodeURIComponent(q)}`), me)
      assert.match(text, /D’Orgéval/, q)
      assert.doesNotMatch(text, /Zeller/, q)
    }
    for (const q of ['%', '_', '\\', "'; --"]) assert.match((await t.get(url(`?q=${encodeURIComponent(q)}`), me)).text, /Aucune demande/, q)
  })
})

describe('the record', () => {
  before(fresh)
  it('shows points line by line, and records who looked', async () => {
    const { id } = await received({ ald: true, birthDate: '1940-01-01' })
    await t.get(url(`/${id}`), me)
    const { text, status } = await t.get(url(`/${id}`), me)
    assert.equal(status, 200)
    assert.match(text, /Affection de longue durée \+ 30/)
    assert.match(text, /Qui a ouvert ce dossier \(2\)/)
    assert.match(text, /Claire Roux \(coordination\)/)
  })
  it('does not exist for others, nor for what is no identifier', async () => {
    const { id } = await received()
    const other = await t.community()
    const theirs = await t.person(other, ['coordinator'])
    assert.equal((await t.get(`/c/${other.slug}/demandes/${id}`, theirs)).status, 404)
    assert.equal((await t.get(url('/rien'), me)).status, 404)
    assert.equal((await t.post(`/c/${other.slug}/demandes/${id}/recevable`, {}, theirs)).status, 404)
    assert.equal((await state(id)).state, 'received')
  })
})
