/** The connection is ended just before the n-th statement of a write, n = 1, 2, … (F34): nobody hears of it, and it happened once. */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { Desk } from '#areas/gp-access/desk.fixture.ts'
import { aDoctor, aWaiting } from '#areas/gp-access/gp-access.fixture.ts'
import { gpAccessArea } from '#areas/gp-access/index.ts'
import type { Database } from '#platform/db/database.ts'
import { one, sql } from '#platform/db/types.ts'
import { silentLog } from '#platform/log.ts'
import { createApp } from '#platform/web/app.ts'
import { BASE, type Person } from '../app.ts'
import { broken } from '../invariants.ts'
import { guarded } from '../security/failing.ts'
import { Client } from './client.ts'

let desk: Desk
let doctor: Person
before(async () => {
  desk = await Desk.open()
  await desk.fresh()
  doctor = await aDoctor(desk.t, desk.c, { total: 999 })
})
after(() => desk?.t.close())

/** Ends the connection before the statement number `n`, once. */
function killing(db: Database, n: number): Database & { asked(): number } {
  let asked = 0
  return {
    ...db,
    enter: (slug, hash, now, work) =>
      db.enter(slug, hash, now, (tx, entry) =>
        work(
          guarded(tx, async () => {
            if (++asked !== n) return
            const { pid } = await one<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`)
            await desk.t.owner('select pg_terminate_backend($1, 5000)', [pid])
          }),
          entry,
        ),
      ),
    asked: () => asked,
  }
}
const cases: Record<string, { prepare(): Promise<string>; path(id: string): string; fields: Record<string, string>; leads: string }> = {
  propose: { prepare: () => waiting(), path: id => desk.url(`/${id}/proposer`), fields: {}, leads: 'proposed' },
  withdraw: {
    prepare: () => proposed(),
    path: id => desk.url(`/${id}/retirer`),
    fields: { reason: 'withdrawn' },
    leads: 'prioritised',
  },
  'put back': {
    prepare: () => accepted(),
    path: id => desk.url(`/${id}/remettre`),
    fields: { reason: 'no_show' },
    leads: 'prioritised',
  },
}
const waiting = async () => (await aWaiting(desk.t, desk.c)).id
const proposed = async () => {
  const id = await waiting()
  await desk.step(id, '/proposer', { doctor: doctor.membershipId })
  return id
}
const accepted = async () => {
  const id = await proposed()
  const [p] = await desk.t.owner('select id from app.proposal where request_id = $1', [id])
  await desk.t.post(`/c/${desk.c.slug}/mes-patients/${p!.id}`, { answer: 'yes' }, doctor)
  return id
}
for (const [name, { prepare, path, fields, leads }] of Object.entries(cases))
  it(name, async t => {
    for (let n = 1; ; n++) {
      const id = await prepare()
      const db = killing(desk.t.db, n)
      const app = createApp({ db, areas: [gpAccessArea()], clock: () => desk.t.now, log: silentLog, baseUrl: BASE, demo: false })
      const client = new Client(
        () => BASE,
        async request => app.request(request),
      )
      const answer = await client.post(path(id), { doctor: doctor.membershipId, ...fields }, desk.me)
      assert.equal(answer.status, 303, `statement ${n}: ${answer.text.slice(0, 300)}`)
      assert.equal((await desk.state(id)).state, leads, `statement ${n}`)
      await client.assertKept(desk.t, desk.c)
      assert.deepEqual(await broken(desk.t, desk.c.id), [], `statement ${n}`)
      if (db.asked() < n) {
        assert.ok(n > 5, 'the loop did not bite')
        return t.diagnostic(`${n - 1} statements`)
      }
    }
  })
