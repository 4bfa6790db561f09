/** A priority changed by hand: who may, what must be written, where it counts, and the way back. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { Desk } from './desk.fixture.ts'
import { aDoctor, aWaiting, system } from './gp-access.fixture.ts'
import { changePriority } from './store/by-hand.ts'
import { makePlan, planPairs } from './store/plans.ts'
import { openTracking } from './store/tracking.ts'

let desk: Desk
before(async () => {
  desk = await Desk.open()
  await desk.fresh()
})
after(() => desk.t.close())
const up = { way: 'up', points: '20', reason: 'Sort d’hébergement le 3 décembre' }
const path = (id: string, rest = '') => desk.url(`/${id}/priorite${rest}`)
const list = async () => (await desk.t.get(desk.url('?etat=en-attente'), desk.me)).text
const changesOf = (id: string) =>
  desk.t.within(desk.c, tx =>
    rows<{ id: string; points: number; undone: boolean; by: string }>(
      tx,
      sql`select id, points, undone_at is not null as undone, by_label as by from app.priority_change where request_id = ${id} order by at, id`,
    ),
  )
const byHand = async (id: string) =>
  (await desk.t.within(desk.c, tx => one<{ n: number }>(tx, sql`select by_hand as n from app.request where id = ${id}`))).n

describe('a priority changed by hand', () => {
  it('by a nurse, who sees neither name nor address; by the coordination; by nobody else', async () => {
    const { id, number } = await aWaiting(desk.t, desk.c, { birthName: 'Vasseur', ald: true })
    const nurse = await desk.t.person(desk.c, ['nurse'], { name: 'Awa Diallo' })
    const found = await desk.t.post(`/c/${desk.c.slug}/priorites`, { number: number.toLowerCase() }, nurse)
    assert.equal(found.location, path(id))
    const page = await desk.t.get(path(id), nurse)
    assert.match(page.text, /Affection de longue durée \+ 30/)
    assert.match(page.text, /jamais une maladie/)
    assert.doesNotMatch(page.html, /Vasseur|Camille|06 39 98|exemple\.fr/)
    assert.equal((await desk.t.post(path(id), up, nurse)).status, 303)
    assert.equal((await changesOf(id))[0]!.by, 'Awa Diallo (infirmier ou infirmière)')
    assert.equal((await desk.t.get(path(id), desk.me)).status, 200)
    for (const role of ['doctor', 'pharmacist', 'board', 'funder'] as const) {
      const other = await desk.t.person(desk.c, [role])
      assert.equal((await desk.t.get(path(id), other)).status, 404)
      assert.equal((await desk.t.post(path(id), up, other)).status, 404)
    }
    const stranger = await desk.t.person(await desk.t.community(), ['nurse'])
    assert.equal((await desk.t.get(path(id), stranger)).status, 404)
    assert.equal((await changesOf(id)).length, 1)
  })
  it('not without a written reason, nor by more than fifty points, nor by none', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    for (const wrong of [{ reason: '' }, { reason: 'oui' }, { points: '0' }, { points: '51' }, { points: '' }, { way: '' }])
      assert.equal((await desk.t.post(path(id), { ...up, ...wrong }, desk.me)).status, 422, JSON.stringify(wrong))
    assert.deepEqual(await changesOf(id), [])
  })
  it('moves the list, the record and the next plan; the engine, the page and the SQL say the same points', async () => {
    await desk.fresh()
    const first = await aWaiting(desk.t, desk.c, { birthName: 'Premier', treatment: true })
    const second = await aWaiting(desk.t, desk.c, { birthName: 'Second' })
    await aDoctor(desk.t, desk.c, { total: 1 })
    const served = async () => desk.t.within(desk.c, async tx => planPairs(tx, await makePlan(tx, system(desk.t))))
    const before = await list()
    assert.ok(before.indexOf('Premier') < before.indexOf('Second'))
    assert.deepEqual(
      (await served()).map(p => p.patient),
      [first.id],
    )
    await desk.t.post(path(second.id), up, desk.me)
    const after = await list()
    assert.ok(after.indexOf('Second') < after.indexOf('Premier'))
    assert.deepEqual(
      (await served()).map(p => [p.patient, p.priority]),
      [[second.id, 21]],
    )
    const record = (await desk.t.get(desk.url(`/${second.id}`), desk.me)).text
    assert.match(record, /Changé à la main \+ 20.*Total 21/)
    assert.match(record, /Priorité changée à la main.*\+20 : Sort d’hébergement le 3 décembre/)
  })
  it('never takes a situation under one point, nor touches seniority', async () => {
    const since = new Date(desk.t.now.getTime() - 100 * 86_400_000)
    const { id } = await aWaiting(desk.t, desk.c, { birthName: 'Bas', since })
    await desk.t.post(path(id), { ...up, way: 'down', points: '50' }, desk.me)
    const { text } = await desk.t.get(path(id), desk.me)
    assert.match(text, /Total 7/, 'one point, and six for three months')
    assert.match(await list(), /Bas.{0,120}\b7\b/)
  })
  it('is read by the patient, with who and why', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    await desk.t.post(path(id), up, desk.me)
    const token = await desk.t.within(desk.c, tx => openTracking(tx, id, desk.t.now))
    const { text } = await desk.t.get(`/c/${desk.c.slug}/suivi/${token}`)
    assert.match(text, /Points changés à la main : \+20 Sort d’hébergement le 3 décembre Claire Roux \(coordination\), le 22\/11\/2026/)
  })
  it('is taken back once, and stays written', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    await desk.t.post(path(id), up, desk.me)
    await desk.t.post(path(id), { ...up, points: '5' }, desk.me)
    const [change] = await changesOf(id)
    assert.equal(await byHand(id), 25)
    const undo = () => desk.t.post(path(id, '/annuler'), { change: change!.id }, desk.me)
    const both = await Promise.all([undo(), undo()])
    assert.deepEqual(both.map(r => r.status).sort(), [303, 409])
    assert.equal(await byHand(id), 5)
    assert.deepEqual(
      (await changesOf(id)).map(c => [c.points, c.undone]),
      [
        [20, true],
        [5, false],
      ],
    )
    assert.match((await desk.t.get(path(id), desk.me)).text, /Annulé/)
    const elsewhere = await aWaiting(desk.t, desk.c)
    const [other] = await changesOf(id).then(all => all.slice(1))
    assert.equal((await desk.t.post(path(elsewhere.id, '/annuler'), { change: other!.id }, desk.me)).status, 404, 'of another request')
    const actions = await desk.t.within(desk.c, tx =>
      rows<{ action: string }>(
        tx,
        sql`select action from app.audit_event where subject_id = ${id} and action like 'priority.%' order by at, id`,
      ),
    )
    assert.deepEqual(
      actions.map(a => a.action),
      ['priority.change', 'priority.change', 'priority.undo'],
    )
  })
  it('sent twice counts once; many at once never pass a hundred together', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    const key = crypto.randomUUID()
    await desk.t.post(path(id), { _key: key, ...up }, desk.me)
    await desk.t.post(path(id), { _key: key, ...up }, desk.me)
    assert.equal(await byHand(id), 20)
    const many = await Promise.all(Array.from({ length: 8 }, () => desk.t.post(path(id), { ...up, points: '30' }, desk.me)))
    assert.deepEqual(many.map(r => r.status).sort(), [303, 303, 409, 409, 409, 409, 409, 409])
    const sum = (await changesOf(id)).reduce((n, c) => n + c.points, 0)
    assert.equal(sum, await byHand(id))
    assert.equal(sum, 80)
  })
  it('not of somebody who no longer waits', async () => {
    const { id } = await desk.accepted()
    assert.match((await desk.t.get(path(id), desk.me)).text, /n’attend plus dans la liste/)
    assert.equal((await desk.t.post(path(id), up, desk.me)).status, 409)
  })
  it('survives a correction, a refusal and the night', async () => {
    const { id } = await aWaiting(desk.t, desk.c)
    await desk.t.within(desk.c, tx => changePriority(tx, system(desk.t), id, 10, 'Aidant absent en janvier'))
    await desk.t.within(desk.c, async tx => {
      const { rescore } = await import('./store/requests.ts')
      await rescore(tx, system(desk.t), 'waiting')
    })
    assert.equal(await byHand(id), 10)
  })
})
