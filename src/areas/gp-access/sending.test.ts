/** A plan of many lines, sent by a worker: asked once, followed, stopped, its worker lost; nobody is lost and nobody is proposed twice. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { one, rows, sql } from '#platform/db/types.ts'
import { BASE, type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { crowd } from './crowd.fixture.ts'
import { system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { work as workOf } from './plan.fixture.ts'
import { sendPlans } from './sending.ts'
import { erase } from './store/erasure.ts'
import { makePlan } from './store/plans.ts'
import { leave } from './store/proposals.ts'
import { failSending, lastSending, sendNext, takeSending } from './store/sending.ts'

const site = { baseUrl: BASE, home: '/c/x', cptsName: 'CPTS d’essai' }
const PEOPLE = 60
let t: TestApp
let c: Community
let me: Person
let plan: string
before(async () => {
  t = await testApp([gpAccessArea()])
  await withCommunes(t)
})
after(() => t.close())
beforeEach(async () => {
  c = await t.community()
  await withCommunes(t, c)
  me = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
  await crowd(t, c, { patients: PEOPLE, doctors: 8 })
  plan = await t.within(c, tx => makePlan(tx, system(t)))
})
const path = (rest = '') => `/c/${c.slug}/plan/${plan}${rest}`
const work = () => workOf(t, c, sendPlans)
const ask = () => t.post(path('/envoyer'), { all: 'yes' }, me)
const taken = () => t.within(c, async tx => (await takeSending(tx, system(t)))!)
const next = (s: Awaited<ReturnType<typeof taken>>, most = 20) => t.within(c, tx => sendNext(tx, system(t), site, s, most))
const sending = () => t.within(c, async tx => (await lastSending(tx, plan))!)
/** How many people have how many proposals, and the most one doctor was sent. */
const proposed = () =>
  t.within(c, tx =>
    one<{ people: number; proposals: number; messages: number; most: number }>(
      tx,
      sql`select count(distinct request_id)::int as people, count(*)::int as proposals, (select count(*) from app.message where reason = 'proposal')::int as messages,
            coalesce((select max(n) from (select count(*)::int as n from app.proposal group by membership_id) x), 0)::int as most from app.proposal`,
    ),
  )
const all = { people: PEOPLE, proposals: PEOPLE, messages: PEOPLE }
const audited = (action: string) =>
  t.within(c, tx =>
    rows<{ detail: unknown; label: string }>(tx, sql`select detail, actor_label as label from app.audit_event where action = ${action}`),
  )

describe('sending many lines', () => {
  it('is asked on a page, once however many ask, and done by the worker in the name of who asked', async () => {
    const replies = await Promise.all([ask(), ask(), ask()])
    assert.deepEqual([...new Set(replies.map(r => r.location))], [path('/envoi')])
    assert.equal((await audited('plan.ask-send')).length, 1)
    assert.equal((await proposed()).people, 0, 'a page sends nothing')
    assert.match(
      (await t.get(path('/envoi'), me)).text,
      /L’envoi est en cours .*60 propositions, à la demande de Claire Roux.*L’envoi commence dans un instant.*Arrêter l’envoi/,
    )
    assert.match((await t.get(path(), me)).text, /L’envoi de ce plan est en cours/)
    await work()
    const done = await proposed()
    assert.deepEqual({ ...done, most: 0 }, { ...all, most: 0 })
    assert.ok(done.most <= 12, 'never above the places')
    assert.match((await t.get(path('/envoi'), me)).text, /L’envoi est terminé .*60 propositions sont parties\. Les médecins ont 72 heures/)
    const names = await t.within(c, tx =>
      rows<{ label: string }>(
        tx,
        sql`select distinct sent_by_label as label from app.proposal union select distinct actor_label from app.audit_event where action = 'proposal.send'`,
      ),
    )
    assert.deepEqual(names, [{ label: 'Claire Roux (coordination)' }])
    assert.deepEqual(
      (await audited('plan.send')).map(l => l.detail),
      [{ sent: 60, left: 0, state: 'finished' }],
    )
    assert.match((await t.get((await ask()).location!, me)).text, /étaient déjà parties/)
    await work()
    assert.equal((await proposed()).proposals, PEOPLE)
  })

  it('loses and doubles nothing when its worker dies between two lines: the next one goes on, the dead one can do no more', async () => {
    await ask()
    const first = await taken()
    assert.equal(await next(first), true)
    const killed = t.within(c, async tx => {
      await sendNext(tx, system(t), site, first, 20)
      throw new Error('killed')
    })
    await assert.rejects(killed, /killed/)
    assert.deepEqual([(await proposed()).proposals, (await sending()).sent], [20, 20])
    const second = await taken()
    assert.equal(await next(first), false, 'overtaken')
    await t.within(c, tx => failSending(tx, system(t), first, 'Error'))
    assert.equal(await next(second), true)
    assert.match((await t.get(path('/envoi'), me)).text, /il a repris où il en était.*40 sur 60 parties/)
    await work()
    assert.deepEqual({ ...(await proposed()), most: 0 }, { ...all, most: 0 })
    const { state, attempts, sent } = await sending()
    assert.deepEqual([state, attempts, sent], ['finished', 3, PEOPLE])
  })

  it('whose workers all die is lost after five, and can be asked again for what is left', async () => {
    await ask()
    await next(await taken())
    for (let i = 1; i < 5; i++) await taken()
    await work()
    assert.equal((await sending()).state, 'lost')
    assert.match((await t.get(path('/envoi'), me)).text, /L’envoi a été interrompu.*20 propositions sont parties.*40 restent à envoyer/)
    await ask()
    await work()
    assert.deepEqual({ ...(await proposed()), most: 0 }, { ...all, most: 0 })
  })

  it('is stopped after the lines in hand: what left has left, the rest stays in the plan', async () => {
    await ask()
    const s = await taken()
    await next(s)
    const stopped = await t.post(path('/envoi/arreter'), {}, me)
    assert.match(
      (await t.get(stopped.location!, me)).text,
      /Ce qui est parti est parti.*L’envoi a été arrêté.*Claire Roux.*40 restent à envoyer/,
    )
    assert.equal(await next(s), false)
    await work()
    assert.equal((await proposed()).proposals, 20)
    await t.post(path('/envoi/arreter'), {}, me)
    assert.deepEqual(
      (await audited('plan.send')).map(l => l.detail),
      [{ sent: 20, left: 0, state: 'stopped' }],
    )
    const other = await t.community()
    const theirs = await t.person(other, ['coordinator'])
    assert.equal((await t.post(path('/envoi/arreter').replace(c.slug, other.slug), {}, theirs)).status, 404)
  })

  it('tells who could not be sent and why, and forgets it with the patient', async () => {
    await ask()
    const gone = await t.within(c, tx =>
      rows<{ id: string }>(tx, sql`select request_id as id from app.plan_line where membership_id is not null order by rank desc limit 2`),
    )
    for (const { id } of gone) await t.within(c, tx => leave(tx, system(t), id, 'gave_up'))
    await work()
    assert.match((await t.get(path('/envoi'), me)).text, /58 propositions sont parties.*Ce qui n’est pas parti 2 .*« Sortie de la liste »/)
    await t.within(c, tx => erase(tx, system(t), site, gone[0]!.id))
    const said = await t.within(c, tx =>
      rows<{ sentence: string }>(tx, sql`select sentence from app.plan_sending_line where sentence is not null order by length(sentence)`),
    )
    assert.deepEqual([said.length, said[0]!.sentence], [2, ''])
    assert.match(said[1]!.sentence, /Sortie de la liste/)
  })

  it('fails with its class only, and leaves the rest to be asked again', async () => {
    await ask()
    const broken = (yes: boolean) =>
      t.owner(`alter table app.proposal ${yes ? 'add constraint none check (minutes < 0) not valid' : 'drop constraint none'}`)
    await broken(true)
    await work().finally(() => broken(false))
    assert.equal((await sending()).state, 'failed')
    const { fault } = await t.within(c, tx => one<{ fault: string }>(tx, sql`select fault from app.plan_sending`))
    assert.match(fault, /23514/)
    await ask()
    await work()
    assert.equal((await proposed()).people, PEOPLE)
  })
})
