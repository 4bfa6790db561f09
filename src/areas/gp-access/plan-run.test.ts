/** A plan as something that runs: asked once, computed by a worker, stopped, lost, taken again; then what changed since, and who moves. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startingRule } from '#domain/priority.ts'
import { one, rows, run, sql } from '#platform/db/types.ts'
import { BASE, type Community, type Person, type TestApp, testApp, uuidOf } from '../../../test/app.ts'
import { crowd } from './crowd.fixture.ts'
import { aCapacity, aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { msLeft, percentDone } from './pages/plan/run.tsx'
import { asked as askedOf, endless, made as madeOf, work as workOf } from './plan.fixture.ts'
import { planAside } from './solving.ts'
import { changePriority } from './store/by-hand.ts'
import { stateCapacity } from './store/capacities.ts'
import { erase } from './store/erasure.ts'
import { askWhyNot, finishPlan, takePlan, tellPlan } from './store/plan-runs.ts'
import { readList } from './store/plans.ts'
import { leave } from './store/proposals.ts'
import { anonymiseOld } from './store/retention.ts'
import { voteRule } from './store/settings.ts'

let t: TestApp
let c: Community
let me: Person
before(async () => {
  t = await testApp([gpAccessArea()])
  await withCommunes(t)
})
after(() => t.close())
beforeEach(async () => {
  c = await t.community()
  await withCommunes(t, c)
  me = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
})
const path = (rest = '') => `/c/${c.slug}/plan${rest}`
const work = () => workOf(t, c)
const asked = () => askedOf(t, c, me)
const made = () => madeOf(t, c, me)

describe('the run', () => {
  const row = (plan: string) =>
    t.within(c, tx =>
      one<{ state: string; attempts: number; lines: number; fault: string | null }>(
        tx,
        sql`select state, attempts, fault, (select count(*) from app.plan_line l where l.plan_id = p.id)::int as lines from app.plan p where id = ${plan.split('/').at(-1)!}`,
      ),
    )
  const audited = async (action: string) =>
    (await t.within(c, tx => rows(tx, sql`select id from app.audit_event where action = ${action}`))).length
  beforeEach(async () => {
    await aDoctor(t, c)
    await aWaiting(t, c)
  })
  it('is asked by a row and computed by the worker, never by a page', async () => {
    const plan = await asked()
    const { text } = await t.get(plan, me)
    assert.match(text, /Le calcul est en cours .*1 patient, 1 médecin.*Il commence dès qu’un calculateur est libre.*Arrêter le calcul/)
    assert.match((await t.get(path(), me)).text, /Un plan est en cours de calcul.*Claire Roux.*En attente/)
    assert.deepEqual(await row(plan), { state: 'waiting', attempts: 0, lines: 0, fault: null })
    await work()
    assert.deepEqual(await row(plan), { state: 'finished', attempts: 1, lines: 1, fault: null })
    assert.match((await t.get(plan, me)).text, /1 patient a un médecin, personne ne reste/)
    assert.deepEqual([await audited('plan.ask'), await audited('plan.make')], [1, 1])
    await work()
    assert.equal(await audited('plan.make'), 1, 'nothing is left to compute')
  })
  it('is one for a community, however many ask at once', async () => {
    const other = await t.person(c, ['coordinator'])
    const key = uuidOf(c.slug)
    const replies = await Promise.all([
      ...[1, 2, 3].map(() => t.post(path(), {}, me)),
      ...[1, 2].map(() => t.post(path(), {}, other)),
      ...[1, 2].map(() => t.post(path(), { _key: key }, me)),
    ])
    assert.deepEqual([...new Set(replies.map(r => r.status))], [303])
    assert.equal(new Set(replies.map(r => r.location!.split('?')[0])).size, 1)
    assert.equal(await audited('plan.ask'), 1)
    await work()
    assert.notEqual(await asked(), replies[0]!.location!.split('?')[0], 'the next one is another')
  })
  it('is stopped before it begins, twice without harm, and leaves the place to another', async () => {
    const plan = await asked()
    for (const _ of [1, 2]) {
      const done = await t.post(`${plan}/arreter`, {}, me)
      assert.match((await t.get(done.location!, me)).text, /Le calcul est arrêté.*Le calcul a été arrêté.*Recommencer.*Claire Roux/)
    }
    await work()
    assert.deepEqual(await row(plan), { state: 'stopped', attempts: 0, lines: 0, fault: null })
    assert.equal(await audited('plan.stop'), 1)
    const next = await made()
    assert.equal((await row(next)).state, 'finished')
    const late = await t.post(`${next}/arreter`, {}, me)
    assert.match((await t.get(late.location!, me)).text, /Le calcul était déjà terminé/)
    assert.equal((await row(next)).state, 'finished')
  })
  it('ends its process when it is stopped under way, and keeps nothing', { timeout: 60_000 }, async () => {
    const plan = await asked()
    const running = workOf(t, c, endless)
    for (let phase = ''; phase !== 'solve'; ) {
      const id = plan.split('/').at(-1)!
      phase = (await t.within(c, tx => one<{ phase: string | null }>(tx, sql`select phase from app.plan where id = ${id}`))).phase ?? ''
    }
    assert.match((await t.get(plan, me)).text, /Le calcul est en cours .*Chercher le meilleur plan \(En cours\)/)
    await t.post(`${plan}/arreter`, {}, me)
    // Only the stop can end it.
    await running
    assert.deepEqual(await row(plan), { state: 'stopped', attempts: 1, lines: 0, fault: null })
  })
  it('whose worker was killed is taken again, once; then it is lost, and says so', async () => {
    const killed = (attempts: number) =>
      t.within(c, tx =>
        run(
          tx,
          sql`update app.plan set state = 'running', phase = 'solve', attempts = ${attempts}, started_at = ${t.now}, data_at = ${t.now} where state = 'waiting'`,
        ),
      )
    const first = await asked()
    await killed(1)
    assert.match((await t.get(first, me)).text, /Le calcul est en cours/)
    await work()
    assert.deepEqual(await row(first), { state: 'finished', attempts: 2, lines: 1, fault: null })
    const second = await asked()
    await killed(2)
    await work()
    assert.deepEqual(await row(second), { state: 'lost', attempts: 2, lines: 0, fault: null })
    assert.match((await t.get(second, me)).text, /Le calcul a été interrompu.*deux fois/)
    assert.equal(await audited('plan.lost'), 1)
    assert.equal((await row(await made())).state, 'finished', 'the community is not blocked')
  })
  it('of a worker overtaken keeps nothing', async () => {
    const plan = await asked()
    const [taken, made] = await t.within(c, async tx => {
      const first = (await takePlan(tx, system(t)))!
      await takePlan(tx, system(t))
      const { list } = await readList(tx, t.now)
      return [first, await planAside(list, null, {})] as const
    })
    assert.equal(await t.within(c, tx => finishPlan(tx, system(t), taken, made, { stated: [], elapsedMs: 1 })), false)
    assert.equal(await t.within(c, tx => tellPlan(tx, taken, { phase: 'keep', done: 1 }, 1)), false)
    assert.deepEqual(await row(plan), { state: 'running', attempts: 2, lines: 0, fault: null })
  })
  it('that cannot be computed fails with its class only, and does not come back', async () => {
    await t.within(c, tx =>
      voteRule(tx, { ...startingRule, lines: [{ criterion: 'any', label: 'Faux', points: 1.5 }] }, 'AG 9', '2026-01-05', t.now),
    )
    const plan = await made()
    assert.deepEqual(await row(plan), { state: 'failed', attempts: 1, lines: 0, fault: 'RangeError' })
    assert.match((await t.get(plan, me)).text, /Le calcul a échoué.*Recommencer/)
  })
  it('is followed and stopped by coordinators of this community only', async () => {
    const plan = await asked()
    const other = await t.community()
    const theirs = await t.person(other, ['coordinator'])
    const there = plan.replace(c.slug, other.slug)
    assert.equal((await t.post(`${there}/arreter`, {}, theirs)).status, 404)
    assert.equal((await t.get(`${there}/vivant`, theirs)).status, 404)
    assert.equal((await t.post(`${plan}/arreter`, {}, await t.person(c, ['doctor']))).status, 404)
    assert.equal((await row(plan)).state, 'waiting')
  })
  it('tells its time from comparable plans only, and its share from the worker’s count', () => {
    const at = (o: Partial<Parameters<typeof msLeft>[0]>) => ({
      state: 'running' as const,
      phase: 'solve' as const,
      done: null,
      elapsedMs: 4000,
      estimateMs: null,
      ...o,
    })
    assert.deepEqual([percentDone(at({})), msLeft(at({}))], [null, null])
    assert.deepEqual([percentDone(at({ estimateMs: 10_000 })), msLeft(at({ estimateMs: 10_000 }))], [40, 6000])
    assert.equal(percentDone(at({ estimateMs: 100 })), 45, 'never past the phase it is in')
    assert.equal(msLeft(at({ estimateMs: 100 })), 1000)
    assert.equal(percentDone(at({ phase: 'households', done: 0.8849 })), 83)
    assert.equal(msLeft(at({ phase: 'households', done: 0.12, elapsedMs: 5000 })), 5000)
    assert.equal(msLeft(at({ phase: 'households', done: 0.12, elapsedMs: 5000, estimateMs: 8000 })), 3000)
    assert.equal(percentDone(at({ state: 'waiting', phase: null })), 0)
  })
})

describe('a plan after another', () => {
  it('says what changed since, then who changes doctor and why', async () => {
    const near = await aDoctor(t, c, { name: 'Dr Près', total: 1 })
    await aDoctor(t, c, { name: 'Dre Loin', total: 3, communeCode: '91477' })
    const urgent = await aWaiting(t, c, { birthName: 'Urgente', ald: true })
    await aWaiting(t, c, { birthName: 'Autre' })
    const first = await made()
    assert.doesNotMatch((await t.get(first, me)).text, /ont changé depuis ce plan|gardent? le/)
    const whoHas = async (name: string) =>
      (
        await t.within(c, tx =>
          one<{ b: string }>(
            tx,
            sql`select r.birth_name as b from app.plan_line l join app.request r on r.id = l.request_id join app.membership m on m.id = l.membership_id join platform.person p on p.id = m.person_id where p.name = ${name} order by l.plan_id limit 1`,
          ),
        )
      ).b
    const withNear = await whoHas('Dr Près')
    await t.within(c, tx => stateCapacity(tx, system(t), near.membershipId, aCapacity({ total: 1, communes: ['91223'] }), 'coordinator'))
    await aWaiting(t, c, { birthName: 'Nouvelle' })
    t.now = new Date(t.now.getTime() + 60_000)
    await t.within(c, tx => changePriority(tx, system(t), urgent.id, 3, 'Hospitalisation récente'))
    const { text } = await t.get(first, me)
    assert.match(text, /ont changé depuis ce plan 1 demande de plus et 1 demande corrigée ; 1 médecin a redit ses places\. .*Recalculer/)
    const second = await made()
    const page = (await t.get(second, me)).text
    assert.match(page, /1 personne change de médecin, 1 garde le sien/)
    assert.match((await t.get(first, me)).text, /Un plan plus récent existe/)
    const moved = (await t.get(`${second}?etat=changent`, me)).text
    assert.match(
      moved,
      new RegExp(`${withNear} Camille .* Dre Loin .* Dr Près .*Dr Près ne convient plus : il prend seulement les patients de`),
    )
    assert.equal(moved.match(/Choisir /g)?.length, 1, 'nobody else')
  })
  it('does not take what it sent itself for a change, until it comes back', async () => {
    await aDoctor(t, c, { total: 2 })
    const { id } = await aWaiting(t, c)
    await aWaiting(t, c)
    const plan = await made()
    await t.post(`${plan}/envoyer`, { line: [id] }, me)
    assert.doesNotMatch((await t.get(plan, me)).text, /ont changé depuis/)
    await t.post(`/c/${c.slug}/demandes/${id}/retirer`, { reason: 'withdrawn' }, me)
    assert.match((await t.get(plan, me)).text, /ont changé depuis ce plan 1 patient revenu après une proposition\./)
  })
})

describe('a plan whose patient is erased', () => {
  it('keeps a place given to nobody: no points, no reason, no question', async () => {
    const near = await aDoctor(t, c, { total: 1, communes: ['91477'] })
    await aDoctor(t, c, { total: 1, communeCode: '91477' })
    const erased = await aWaiting(t, c, { birthName: 'Effacée', ald: true })
    const old = await aWaiting(t, c, { birthName: 'Ancienne' })
    const plan = await made()
    const planId = plan.split('/').at(-1)!
    for (const { id } of [erased, old])
      await t.within(c, tx => askWhyNot(tx, system(t), { planId, request: id, doctor: near.membershipId }))
    const said = () =>
      t.within(c, tx =>
        rows<{ points: number; why: unknown; asked: number }>(
          tx,
          sql`select points, why, (select count(*) from app.plan_question q where q.request_id = l.request_id)::int as asked from app.plan_line l order by points desc`,
        ),
      )
    assert.match(JSON.stringify(await said()), /91477.*"asked":1/)
    await t.within(c, tx => erase(tx, system(t), { baseUrl: BASE, home: '/c/x', cptsName: 'x' }, erased.id))
    const nothing = { points: 0, why: { unkept: true }, asked: 0 }
    assert.deepEqual((await said())[1], nothing)
    assert.equal((await said())[0]!.asked, 1, 'nobody else’s')
    await t.within(c, tx => leave(tx, system(t), old.id, 'gave_up'))
    const inTwoYears = { ...system(t), now: new Date(t.now.getTime() + 740 * 86_400_000) }
    assert.equal(await t.within(c, tx => anonymiseOld(tx, inTwoYears)), 1)
    assert.deepEqual(await said(), [nothing, nothing])
    assert.equal((await t.get(plan, me)).status, 200)
  })
})

describe('a large plan', () => {
  it('is read a page at a time: filters in the address, a map of communes, few bytes and statements', async () => {
    await crowd(t, c, { patients: 1200, doctors: 80, household: 1 })
    const plan = await made()
    const page = await t.get(plan, me)
    assert.ok(page.bytes.length < 200_000, `${page.bytes.length} bytes`)
    assert.equal(page.html.match(/name="line"/g)?.length, 50)
    const second = await t.get(`${plan}?page=2`, me)
    const ticked = (html: string) => [...html.matchAll(/name="line" value="([^"]+)"/g)].map(m => m[1])
    assert.equal(new Set([...ticked(page.html), ...ticked(second.html)]).size, 100)
    const there = await t.get(`${plan}?commune=91477`, me)
    assert.doesNotMatch(there.html.slice(there.html.indexOf('data-list')), /· Massy/)
    assert.match((await t.get(`${plan}?commune=2A004`, me)).text, /Aucune ligne avec ce filtre/)
    assert.ok((await t.get(`${plan}?etat=sans`, me)).bytes.length < 150_000)
    assert.equal((await t.get(`${plan}?etat=rien&page=x&medecin=y`, me)).status, 200)
  })
})
