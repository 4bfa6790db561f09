/** Machines whose clocks are wrong by days (F15): sessions, links, proposals and jobs follow one clock, the database's. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, it } from 'node:test'
import { Desk } from '#areas/gp-access/desk.fixture.ts'
import { aDoctor, aWaiting } from '#areas/gp-access/gp-access.fixture.ts'
import { databaseClock } from '#platform/database-clock.ts'
import { silentLog } from '#platform/log.ts'
import { assertSound } from '../invariants.ts'
import { type Application, startApplication } from './application.ts'
import { Client } from './client.ts'

const DAY = 86_400_000
let desk: Desk
let early: Application
let late: Application
before(async () => {
  desk = await Desk.open()
  desk.t.now = new Date()
  await desk.fresh()
  const shifted = (ms: number) =>
    startApplication(desk.t.test, { imports: [path.join(import.meta.dirname, 'shifted-clock.mjs')], env: { FAULT_SHIFT_MS: String(ms) } })
  ;[early, late] = await Promise.all([shifted(-4 * DAY), shifted(4 * DAY)])
})
after(async () => {
  await Promise.all([early?.close(), late?.close()])
  await desk?.t.close()
})

it('two processes eight days apart: what one proposes the other accepts, at the same instant to a few seconds', async () => {
  for (const [app, days] of [
    [early, -4],
    [late, 4],
  ] as const) {
    const at = /"at":"([^"]+)"/.exec(app.output())![1]!
    assert.equal(Math.round((Date.parse(at) - Date.now()) / DAY), days, 'its journal tells how wrong its machine is')
  }
  const doctor = await aDoctor(desk.t, desk.c)
  const [a, b] = [new Client(() => early.url), new Client(() => late.url)]
  for (const [proposer, answerer] of [
    [a, b],
    [b, a],
  ] as const) {
    const { id } = await aWaiting(desk.t, desk.c)
    assert.equal((await proposer.post(desk.url(`/${id}/proposer`), { doctor: doctor.membershipId }, desk.me)).status, 303)
    const [p] = await desk.t.owner(
      `select id, abs(extract(epoch from clock_timestamp() - sent_at))::float8 as off, extract(epoch from expires_at - sent_at)::int as lasts from app.proposal where request_id = $1`,
      [id],
    )
    assert.ok(Number(p!.off) < 30, `sent ${p!.off} seconds from the database's time`)
    assert.equal(p!.lasts, 72 * 3600)
    const yes = await answerer.post(`/c/${desk.c.slug}/mes-patients/${p!.id}`, { answer: 'yes' }, doctor)
    assert.equal(yes.status, 303, yes.text.slice(0, 300))
  }
  // The worker of the late one has not taken anybody's time away, and no line of the audit is from another day.
  assert.deepEqual(await desk.t.owner(`select id from app.proposal where state = 'expired'`), [])
  const off = await desk.t.owner(
    `select action from app.audit_event where cpts_id = $1 and abs(extract(epoch from clock_timestamp() - at)) > 300`,
    [desk.c.id],
  )
  assert.deepEqual(off, [])
  await assertSound(desk.t, desk.c.id)
})
it('a clock set forward or back under a running process moves nothing', async t => {
  const { clock, stop } = await databaseClock({ db: desk.t.db, log: silentLog })
  for (const jump of [3_600_000, -3_600_000, DAY, -DAY]) {
    const real = Date.now
    t.mock.method(Date, 'now', () => real() + jump)
    const [{ ms }] = (await desk.t.owner('select extract(epoch from clock_timestamp())::float8 * 1000 as ms')) as [{ ms: number }]
    assert.ok(Math.abs(clock().getTime() - ms) < 2_000, `${jump} ms: off by ${clock().getTime() - ms} ms`)
    t.mock.restoreAll()
  }
  await stop()
})
