/**
 * The application itself, killed in mid-write, twice over one database, behind a line that is cut: every success that somebody was told
 * is in the database, once, with its audit line (F01, F05, F07, F08). TRAME_LOOPS sets how many times.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Desk } from '#areas/gp-access/desk.fixture.ts'
import { aDoctor, aWaiting, system } from '#areas/gp-access/gp-access.fixture.ts'
import { propose } from '#areas/gp-access/store/proposals.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { BASE, type Person } from '../app.ts'
import { assertSound } from '../invariants.ts'
import { type Application, cuttingProxy, startApplication } from './application.ts'
import { Client } from './client.ts'

const LOOPS = Number(process.env.TRAME_LOOPS ?? 12)
let desk: Desk
let one: Application
let two: Application
before(async () => {
  desk = await Desk.open()
  // The application's clock is the real one: what is made here must hold at that instant.
  desk.t.now = new Date()
  await desk.fresh()
  ;[one, two] = await Promise.all([startApplication(desk.t.test), startApplication(desk.t.test)])
})
after(async () => {
  await Promise.all([one?.close(), two?.close()])
  await desk?.t.close()
})
const count = async (text: string, ...values: unknown[]) =>
  Number((await desk.t.owner(`select count(*)::int as n from ${text}`, values))[0]!.n)
const states = async (ids: readonly string[]) =>
  (await desk.t.owner('select state, count(*)::int as n from app.request where id = any($1) group by 1 order by 1', [ids])).map(
    r => `${r.state} ${r.n}`,
  )
const waiting = async (n: number) => {
  const ids: string[] = []
  for (let i = 0; i < n; i++) ids.push((await aWaiting(desk.t, desk.c)).id)
  return ids
}
const proposed = async (n: number, doctor: Person) => {
  const proposals: { id: string; request: string }[] = []
  for (const request of await waiting(n))
    proposals.push({
      request,
      id: await desk.t.within(desk.c, tx =>
        propose(
          tx,
          system(desk.t),
          { baseUrl: BASE, home: '', cptsName: '' },
          { requestId: request, membershipId: doctor.membershipId, minutes: 5 },
        ),
      ),
    })
  return proposals
}
const mine = (proposal: string) => `/c/${desk.c.slug}/mes-patients/${proposal}`

describe('the process is killed', () => {
  it(`F01: ${LOOPS} times within 200 ms of a write: what was told is there, once, and it serves again`, async test => {
    const doctor = await aDoctor(desk.t, desk.c, { total: 999 })
    const client = new Client(() => one.url, fetch, 60_000)
    const ready: number[] = []
    const told: string[] = []
    for (let loop = 0; loop < LOOPS; loop++) {
      const ids = await waiting(3)
      const sent = ids.map(id => client.post(desk.url(`/${id}/proposer`), { doctor: doctor.membershipId }, desk.me))
      await new Promise(resolve => setTimeout(resolve, (loop * 37) % 200))
      await one.kill()
      ready.push(await one.again())
      for (const [i, answer] of (await Promise.all(sent)).entries()) {
        assert.equal(answer.status, 303, answer.text.slice(0, 300))
        told.push(ids[i]!)
      }
    }
    assert.deepEqual(await states(told), [`proposed ${told.length}`])
    assert.equal(await count('app.proposal where request_id = any($1)', told), told.length, 'each proposed once')
    assert.equal(
      await count(`app.message where reason = 'proposal' and subject_id in (select id from app.proposal where request_id = any($1))`, told),
      told.length,
    )
    await client.assertKept(desk.t, desk.c)
    await assertSound(desk.t, desk.c.id)
    ready.sort((a, b) => a - b)
    test.diagnostic(
      `ready again in ${Math.round(ready[ready.length >> 1]!)} ms (median), ${Math.round(ready.at(-1)!)} ms at most; ${client.retries} sent again`,
    )
  })
})

describe('two processes on one database', () => {
  it('F05: a doctor with seven places and a hundred yeses at once: exactly seven', async () => {
    const doctor = await aDoctor(desk.t, desk.c, { total: 7 })
    const asked = await proposed(100, doctor)
    const clients = [one, two].map(app => new Client(() => app.url))
    const answers = await Promise.all(asked.map((p, i) => clients[i % 2]!.post(mine(p.id), { answer: 'yes' }, doctor)))
    assert.equal(answers.filter(a => a.status === 303).length, 7)
    for (const a of answers) if (a.status !== 303) assert.deepEqual([a.status, /plus de place/.test(a.text)], [409, true])
    assert.deepEqual(await states(asked.map(p => p.request)), ['accepted 7', 'proposed 93'])
    for (const client of clients) await client.assertKept(desk.t, desk.c)
    await assertSound(desk.t, desk.c.id)
  })
  it('F07: what used to wait for each other: a yes against a leaving, a no against a withdrawal, two merges crossed', async test => {
    const doctor = await aDoctor(desk.t, desk.c, { total: 999 })
    const [a, b] = [new Client(() => one.url), new Client(() => two.url)]
    const rounds = LOOPS * 4
    const statuses: Record<number, number> = {}
    for (let round = 0; round < rounds; round++) {
      const [first, second] = await proposed(2, doctor)
      const twice = { birthName: `Double-${round}`, givenNames: 'Sacha', birthDate: '1990-01-01' }
      const [older, newer] = [await desk.received(twice), await desk.received(twice)]
      await desk.t.owner('update app.request set duplicate_of = $1 where id = $2', [newer.id, older.id])
      const answers = await Promise.all([
        a.post(mine(first!.id), { answer: 'yes' }, doctor),
        b.post(desk.url(`/${first!.request}/sortie`), { exit: 'gave_up' }, desk.me),
        a.post(mine(second!.id), { answer: 'no', reason: 'full' }, doctor),
        b.post(desk.url(`/${second!.request}/retirer`), { reason: 'withdrawn' }, desk.me),
        a.post(desk.url(`/${older.id}/reunir`), { with: newer.id }, desk.me),
        b.post(desk.url(`/${newer.id}/reunir`), { with: older.id }, desk.me),
      ])
      for (const { status, text } of answers) {
        statuses[status] = (statuses[status] ?? 0) + 1
        assert.ok([303, 404, 409].includes(status), `${status}: ${text.slice(0, 500)}`)
      }
    }
    const [{ n }] = (await desk.t.owner('select deadlocks::int as n from pg_stat_database where datname = current_database()')) as [
      { n: number },
    ]
    assert.equal(n, 0, 'nobody waited for somebody who waited for him')
    await assertSound(desk.t, desk.c.id)
    test.diagnostic(`${rounds * 6} requests: ${JSON.stringify(statuses)}; deadlocks seen by PostgreSQL: ${n}`)
  })
})

describe('a form sent more than once (F08)', () => {
  it('double click, reload, back and again, two tabs, an answer lost on the way: one effect, and the success is shown', async () => {
    const doctor = await aDoctor(desk.t, desk.c, { total: 9 })
    const line = await cuttingProxy(() => one.url)
    try {
      const client = new Client(() => one.url)
      // The application knows one address: the line carries the request as it was made.
      const lossy = new Client(
        () => one.url,
        request => fetch(new Request(request.url.replace(one.url, line.url), request)),
      )
      const total = async () => count('app.capacity where membership_id = $1', doctor.membershipId)
      const path = `/c/${desk.c.slug}/mes-places`
      let stated = await total()
      const once = async (name: string, send: (key: string) => Promise<{ status: number; location: string | null }[]>) => {
        const answers = await send(randomUUIDv7())
        for (const { status, location } of answers) assert.deepEqual([status, location], [303, answers[0]!.location], name)
        const page = await fetch(one.url + answers[0]!.location!, { headers: { cookie: doctor.cookie } })
        assert.equal(page.status, 200, name)
        assert.equal(await total(), ++stated, `${name}: once`)
      }
      const say = (c: Client, n: number, key: string) => c.post(path, { total: String(n) }, doctor, key)
      await once('double click', key => Promise.all([say(client, 3, key), say(client, 3, key)]))
      await once('F5 after the answer', async key => [await say(client, 4, key), await say(client, 4, key)])
      await once('back, something else typed, sent again', async key => [await say(client, 5, key), await say(client, 6, key)])
      await once('two tabs on one form, through two processes', key =>
        Promise.all([say(client, 2, key), say(new Client(() => two.url), 2, key)]).then(a => a),
      )
      await once('an answer lost on the way', async key => {
        line.cutNext()
        const answer = await say(lossy, 1, key)
        assert.ok(lossy.retries > 0, 'the line was cut')
        return [answer]
      })
      await client.assertKept(desk.t, desk.c)
      await assertSound(desk.t, desk.c.id)
    } finally {
      await line.close()
    }
  })
})
