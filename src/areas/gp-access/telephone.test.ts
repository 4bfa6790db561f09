/** Whoever has no phone that opens a page has the same rights: each act of the patient's page exists at the coordination's. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { Desk } from './desk.fixture.ts'
import { aWaiting } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { openings } from './store/tracking.ts'

let desk: Desk
before(async () => {
  desk = await Desk.open()
  await desk.fresh()
})
after(() => desk.t.close())

const posts = (prefix: string) =>
  gpAccessArea()
    .routes.filter(r => r.kind === 'action' || (r.kind === 'page' && r.submit))
    .filter(r => r.path.startsWith(prefix))
    .map(r => r.path.slice(prefix.length))
    .sort()

describe('by telephone', () => {
  it('every act of the patient’s page has its equivalent, and no more', () => {
    const his = posts('/c/:cpts/suivi/:token/')
    assert.ok(his.length >= 8, his.join(' '))
    assert.deepEqual(posts('/c/:cpts/demandes/:id/telephone/'), his)
  })
  it('shows what makes sense where the request stands, and needs his agreement', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const page = await desk.t.get(desk.url(`/${id}/telephone`), desk.me)
    for (const name of ['Sa situation a changé', 'Il a utilisé un relais', 'Il quitte la liste', 'Il efface sa demande'])
      assert.ok(page.text.includes(name), name)
    assert.ok(!page.text.includes('Il revient dans la liste'))
    const refused = await desk.t.post(desk.url(`/${id}/telephone/quitter`), { why: 'gave_up' }, desk.me)
    assert.equal(refused.status, 422)
    assert.match(refused.text, /rien ne se fait à sa place sans son accord/)
    assert.equal((await desk.state(id)).state, 'prioritised')
  })
  it('is done in the name of who holds the telephone, for the patient, on record', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const left = await desk.step(id, '/telephone/quitter', { why: 'has_doctor', agreed: 'on' })
    assert.match(left.text, /Noté pour le patient/)
    assert.deepEqual(await desk.state(id), { state: 'exited', exit: 'has_doctor' })
    const line = await desk.t.within(desk.c, tx =>
      one<{ who: string }>(tx, sql`select actor_label as who from app.request_event where request_id = ${id} and to_state = 'exited'`),
    )
    assert.equal(line.who, 'Claire Roux (coordination), par téléphone pour le patient')
    const audit = await desk.t.within(desk.c, tx =>
      rows<{ detail: unknown }>(tx, sql`select detail from app.audit_event where subject_id = ${id} and action = 'telephone.act'`),
    )
    assert.deepEqual(
      audit.map(a => a.detail),
      [{ act: 'quitter', consent: true }],
    )
    const read = await desk.t.within(desk.c, tx => openings(tx, id))
    assert.ok(
      read.some(o => o.who === line.who),
      'the patient reads it on his page',
    )
    await desk.step(id, '/telephone/revenir', { agreed: 'on' })
    assert.equal((await desk.state(id)).state, 'received')
  })
  it('changes his situation with the same words to read out', async () => {
    const { id } = await aWaiting(desk.t, desk.c, { email: 'p@exemple.fr' })
    const done = await desk.step(id, '/telephone/situation', {
      communeCode: '91477',
      situation: ['ald'],
      languages: [],
      householdOf: '',
      phone: '06 39 98 00 01',
      email: 'p@exemple.fr',
      preferredContact: 'phone',
      agreed: 'on',
    })
    assert.match(done.text, /À lui dire : C’est noté\. Votre priorité passe de 1 à 31 points/)
  })
  it('the first visit, the declaration, a relay, the language', async () => {
    const { id } = await desk.accepted()
    await desk.step(id, '/telephone/langue', { language: 'ar', agreed: 'on' })
    await desk.step(id, '/telephone/vu', { day: '2026-11-20', agreed: 'on' })
    await desk.step(id, '/telephone/declare', { agreed: 'on' })
    assert.equal((await desk.state(id)).state, 'closed')
    const r = await desk.t.within(desk.c, tx =>
      one<{ language: string; by: string }>(tx, sql`select language, declared_by as by from app.request where id = ${id}`),
    )
    assert.deepEqual(r, { language: 'ar', by: 'patient' })
    const waiting = await aWaiting(desk.t, desk.c)
    await desk.step(waiting.id, '/telephone/relais', { route: 'pharmacist', used: 'yes', agreed: 'on' })
    const used = await desk.t.within(desk.c, tx =>
      one<{ who: string }>(
        tx,
        sql`select used_label as who from app.interim_route where request_id = ${waiting.id} and route = 'pharmacist'`,
      ),
    )
    assert.match(used.who, /par téléphone pour le patient/)
  })
  it('erases, and leads back to the list', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const done = await desk.t.post(desk.url(`/${id}/telephone/effacer`), { sure: 'on', agreed: 'on' }, desk.me)
    assert.match(done.location!, /\/demandes\?fait=/)
    assert.equal((await desk.state(id)).exit, 'gave_up')
  })
})
