/** Nobody captured, nobody offered twice, never a place too many: the transitions, alone and a hundred at once. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type TestApp, testApp } from '../../../../test/app.ts'
import { aDoctor, aPatient, aWaiting, system, withCommunes } from '../gp-access.fixture.ts'
import { getPlan, makePlan, planPairs } from './plans.ts'
import { accept, appoint, declare, expireDue, leave, propose, putBack, refuse, seen } from './proposals.ts'
import { enterRequest, merge } from './requests.ts'
import { anonymiseOld } from './retention.ts'

let t: TestApp
let c: Community
const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }
before(async () => {
  t = await testApp([])
  await withCommunes(t)
})
after(() => t.close())
const state = (id: string) =>
  t.within(c, tx =>
    one<{ state: string; since: Date; doctor: string | null }>(
      tx,
      sql`select state, since, doctor_membership_id as doctor from app.request where id = ${id}`,
    ),
  )
const send = (requestId: string, membershipId: string) =>
  t.within(c, tx => propose(tx, system(t), site, { requestId, membershipId, minutes: 5 }))

describe('a request', () => {
  before(async () => {
    c = await t.community()
  })
  it('goes from entry to closure, and closes only when seen and declared', async () => {
    const doctor = await aDoctor(t, c)
    const { id } = await aWaiting(t, c)
    const proposal = await send(id, doctor.membershipId)
    await t.within(c, tx => accept(tx, system(t), proposal))
    assert.equal((await state(id)).doctor, doctor.membershipId)
    await t.within(c, tx => appoint(tx, system(t), id, '2026-12-01'))
    await t.within(c, tx => declare(tx, system(t), id, '2026-12-01', 'patient'))
    assert.equal((await state(id)).state, 'appointed', 'a declaration alone does not close')
    await t.within(c, tx => seen(tx, system(t), id, '2026-12-01'))
    assert.equal((await state(id)).state, 'closed')
    const steps = await t.within(c, tx =>
      rows<{ to: string }>(
        tx,
        sql`select to_state as to from app.request_event where request_id = ${id} and kind = 'transition' order by at, id`,
      ),
    )
    assert.deepEqual(
      steps.map(s => s.to),
      ['received', 'admissible', 'prioritised', 'proposed', 'accepted', 'appointed', 'seen', 'declared', 'closed'],
    )
    const audited = await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.audit_event where subject_id = ${id}`))
    assert.ok(audited.n >= steps.length)
  })
  it('cannot be closed by the database itself without a visit and a declaration', async () => {
    const { id } = await aWaiting(t, c)
    await assert.rejects(
      t.within(c, tx => one(tx, sql`update app.request set state = 'closed' where id = ${id} returning id`)),
      /check constraint/,
    )
  })
  it('returns to its exact place after a refusal, a silence, a broken arrangement', async () => {
    const doctor = await aDoctor(t, c)
    const { id } = await aWaiting(t, c, { since: new Date('2026-03-01T00:00:00Z') })
    const { since } = await state(id)
    await t.within(c, tx =>
      propose(tx, system(t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 1 }).then(p =>
        refuse(tx, system(t), p, 'full'),
      ),
    )
    assert.deepEqual(await state(id), { state: 'prioritised', since, doctor: null })
    await send(id, doctor.membershipId)
    const before = t.now
    t.now = new Date(before.getTime() + 73 * 3600_000)
    assert.equal(await t.within(c, tx => expireDue(tx, system(t))), 1)
    assert.deepEqual(await state(id), { state: 'prioritised', since, doctor: null })
    t.now = before
    const third = await send(id, doctor.membershipId)
    await t.within(c, tx => accept(tx, system(t), third))
    await t.within(c, tx => putBack(tx, system(t), id, 'doctor_gave_up'))
    assert.deepEqual(await state(id), { state: 'prioritised', since, doctor: null })
    const places = await t.within(c, tx =>
      one<{ used: number }>(tx, sql`select used from app.capacity where membership_id = ${doctor.membershipId} and superseded_at is null`),
    )
    assert.equal(places.used, 0, 'the place is given back')
  })
  it('refuses an answer after the clock, even before the worker has passed', async () => {
    const doctor = await aDoctor(t, c)
    const { id } = await aWaiting(t, c)
    const proposal = await send(id, doctor.membershipId)
    const before = t.now
    t.now = new Date(before.getTime() + 72 * 3600_000)
    await assert.rejects(
      t.within(c, tx => accept(tx, system(t), proposal)),
      /délai/,
    )
    t.now = before
  })
  it('that leaves takes its proposal with it', async () => {
    const doctor = await aDoctor(t, c)
    const { id } = await aWaiting(t, c)
    const proposal = await send(id, doctor.membershipId)
    await t.within(c, tx => leave(tx, system(t), id, 'gave_up'))
    await assert.rejects(
      t.within(c, tx => accept(tx, system(t), proposal)),
      /retirée/,
    )
    assert.equal((await state(id)).state, 'exited')
  })
  it('of somebody already there is suspected, merged, and keeps the older seniority', async () => {
    const person = aPatient({ birthName: 'D’Orgéval', givenNames: 'Éloïse Marie', birthDate: '1950-02-03' })
    const older = await t.within(c, tx => enterRequest(tx, system(t), person, 'patient', new Date('2026-01-10T00:00:00Z')))
    const newer = await t.within(c, tx => enterRequest(tx, system(t), { ...person, birthName: "d'orgeval", givenNames: 'Eloise' }, 'proxy'))
    assert.equal(newer.duplicateOf, older.id)
    await t.within(c, tx => merge(tx, system(t), newer.id, older.id))
    assert.equal((await state(newer.id)).state, 'exited')
    assert.equal((await state(older.id)).since.toISOString(), '2026-01-10T00:00:00.000Z')
  })
  it('never loses seniority, whoever writes', async () => {
    const { id } = await aWaiting(t, c)
    await assert.rejects(
      t.within(c, tx => one(tx, sql`update app.request set since = since + interval '1 day' where id = ${id} returning id`)),
      /seniority/,
    )
  })
})

describe('concurrency', () => {
  it('F04: two coordinators propose the same patient: one does, the other is told', async () => {
    c = await t.community()
    const [a, b] = [await aDoctor(t, c), await aDoctor(t, c)]
    for (let trial = 0; trial < 20; trial++) {
      const { id } = await aWaiting(t, c)
      const results = await Promise.allSettled([send(id, a.membershipId), send(id, b.membershipId)])
      assert.equal(results.filter(r => r.status === 'fulfilled').length, 1)
      const lost = results.find(r => r.status === 'rejected') as PromiseRejectedResult
      assert.match(String(lost.reason.message), /a changé entre-temps/)
      const pending = await t.within(c, tx =>
        one<{ n: number }>(tx, sql`select count(*) as n from app.proposal where request_id = ${id} and state = 'pending'`),
      )
      assert.equal(pending.n, 1)
    }
  })
  it('F05: a hundred patients accepted at once by a doctor with seven places: exactly seven', async () => {
    c = await t.community()
    const doctor = await aDoctor(t, c, { total: 7 })
    const proposals: string[] = []
    for (let i = 0; i < 100; i++) proposals.push(await send((await aWaiting(t, c)).id, doctor.membershipId))
    const results = await Promise.allSettled(proposals.map(p => t.within(c, tx => accept(tx, system(t), p))))
    assert.equal(results.filter(r => r.status === 'fulfilled').length, 7)
    for (const r of results) if (r.status === 'rejected') assert.match(String(r.reason.message), /plus de place/)
    const { used, accepted } = await t.within(c, tx =>
      one<{ used: number; accepted: number }>(
        tx,
        sql`select used, (select count(*) from app.request where state = 'accepted')::int as accepted from app.capacity where superseded_at is null`,
      ),
    )
    assert.deepEqual({ used, accepted }, { used: 7, accepted: 7 })
  })
  it('F05 by profile: five places of which two for ALD', async () => {
    c = await t.community()
    const doctor = await aDoctor(t, c, { total: 5, ald: 2 })
    const proposals: string[] = []
    for (let i = 0; i < 10; i++) proposals.push(await send((await aWaiting(t, c, { ald: true })).id, doctor.membershipId))
    const results = await Promise.allSettled(proposals.map(p => t.within(c, tx => accept(tx, system(t), p))))
    assert.equal(results.filter(r => r.status === 'fulfilled').length, 2)
  })
})

describe('a plan', () => {
  it('places by priority, holds pending places, and never sends back to a doctor who said no', async () => {
    c = await t.community()
    const doctor = await aDoctor(t, c, { total: 2 })
    const ald = await aWaiting(t, c, { ald: true })
    const young = await aWaiting(t, c, {})
    const old = await aWaiting(t, c, { birthDate: '1940-01-01' })
    const plan = async () => t.within(c, async tx => planPairs(tx, await makePlan(tx, system(t))))
    assert.deepEqual((await plan()).map(p => p.patient).sort(), [ald.id, old.id].sort())
    const p = await send(ald.id, doctor.membershipId)
    assert.deepEqual(
      (await plan()).map(x => x.patient),
      [old.id],
    )
    await t.within(c, tx => refuse(tx, system(t), p, 'full'))
    assert.deepEqual((await plan()).map(x => x.patient).sort(), [old.id, young.id].sort())
  })
  it('sees nothing of another community', async () => {
    const other = await t.community()
    const seen = await t.within(other, async tx => getPlan(tx, await makePlan(tx, system(t))))
    assert.equal(seen!.patients, 0)
  })
})

describe('the erasure calendar', () => {
  it('makes a request anonymous two years after its end, and only then', async () => {
    c = await t.community()
    const { id, number } = await aWaiting(t, c, { birthName: 'Delaunay', birthDate: '1961-08-04' })
    const open = await aWaiting(t, c, { birthName: 'Encore-là' })
    await t.within(c, tx => leave(tx, system(t), id, 'gave_up'))
    const row = () =>
      t.within(c, tx =>
        one<{ name: string; born: string; phone: string | null; number: string }>(
          tx,
          sql`select birth_name as name, birth_date as born, phone, number from app.request where id = ${id}`,
        ),
      )
    const before = t.now
    t.now = new Date('2028-11-21T00:00:00Z')
    assert.equal(await t.within(c, tx => anonymiseOld(tx, system(t))), 0)
    t.now = new Date('2028-11-23T00:00:00Z')
    assert.equal(await t.within(c, tx => anonymiseOld(tx, system(t))), 1)
    assert.equal(await t.within(c, tx => anonymiseOld(tx, system(t))), 0, 'once')
    const after = await row()
    assert.deepEqual({ ...after, number: after.number !== number }, { name: '—', born: '1961-01-01', phone: null, number: true })
    assert.equal(
      (await t.within(c, tx => one<{ name: string }>(tx, sql`select birth_name as name from app.request where id = ${open.id}`))).name,
      'Encore-là',
    )
    t.now = before
  })
})
