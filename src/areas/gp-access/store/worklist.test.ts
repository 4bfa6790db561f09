/** The coordinator's list against the rule itself: points, order, slices. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ageOn, priority } from '#domain/priority.ts'
import { dayOf } from '#platform/clock.ts'
import { run, sql } from '#platform/db/types.ts'
import { type Community, type TestApp, testApp } from '../../../../test/app.ts'
import { crowd } from '../crowd.fixture.ts'
import { system, withCommunes } from '../gp-access.fixture.ts'
import { rescore } from './requests.ts'
import { currentRule } from './settings.ts'
import { overview, type Sort, type WorkRow, workList } from './worklist.ts'

let t: TestApp
let c: Community
const PATIENTS = 130
/** Before those of the crowd came: seniority only grows. */
const now = new Date('2025-12-01T08:00:00Z')
before(async () => {
  t = await testApp([])
  await withCommunes(t)
  c = await t.community()
  await crowd(t, c, { patients: PATIENTS, doctors: 1 })
  const day = 86_400
  await t.within(c, async tx => {
    // Around each month of waiting, and before it began.
    const waits = [-day, 0, 30 * day - 1, 30 * day, 30 * day + 1, 60 * day, 359 * day, 360 * day, 400 * day, 4_000 * day]
    await run(
      tx,
      sql`update app.request r set since = ${now}::timestamptz - make_interval(secs => (${waits}::float8[])[1 + (x.i % ${waits.length})::int]), by_hand = (x.i % 5 - 2) * 10
          from (select id, row_number() over (order by birth_name) as i from app.request) x where x.id = r.id`,
    )
    await rescore(tx, { ...system(t), now }, 'waiting')
  })
})
after(() => t.close())
const filter = (sort: Sort) => ({ group: 'en-cours', task: null, text: '', commune: '', profile: null, sort }) as const
const listed = (sort: Sort, limit: number, offset = 0): Promise<WorkRow[]> =>
  t.within(c, async tx => workList(tx, filter(sort), { rule: await currentRule(tx), now, today: dayOf(now) }, limit, offset))

describe('the list of work', () => {
  it('gives each the points of the rule, to the second a month of waiting is full', async () => {
    const rule = await t.within(c, currentRule)
    const byHand = await t.within(c, tx => sql<{ id: string; by_hand: number }>`select id, by_hand from app.request`.execute(tx))
    const hand = new Map(byHand.rows.map(r => [r.id, r.by_hand]))
    const all = await listed('priority', PATIENTS)
    assert.equal(all.length, PATIENTS)
    for (const r of all)
      assert.equal(
        r.score,
        priority(rule, r, ageOn(r.birthDate, dayOf(now)), r.since, now, hand.get(r.id)).total,
        `${r.since.toISOString()} by hand ${hand.get(r.id)}`,
      )
    assert.ok(new Set(all.map(r => r.score)).size > 10, 'they differ')
  })
  it('is in the order asked for, and slices of it add up to the whole', async () => {
    const keys: Record<Sort, (r: WorkRow) => (number | string)[]> = {
      priority: r => [-r.score, r.since.getTime(), r.id],
      seniority: r => [r.since.getTime(), r.id],
      state: r => [-r.stateAt.getTime(), r.id],
    }
    for (const sort of Object.keys(keys) as Sort[]) {
      const all = await listed(sort, PATIENTS)
      const ordered = all.toSorted((a, b) => {
        const [x, y] = [keys[sort](a), keys[sort](b)]
        const i = x.findIndex((v, k) => v !== y[k])
        return i < 0 ? 0 : x[i]! < y[i]! ? -1 : 1
      })
      assert.deepEqual(
        all.map(r => r.id),
        ordered.map(r => r.id),
        sort,
      )
      const slices = [...(await listed(sort, 50)), ...(await listed(sort, 50, 50)), ...(await listed(sort, 50, 100))]
      assert.deepEqual(
        slices.map(r => r.id),
        all.map(r => r.id),
        sort,
      )
      assert.deepEqual([...new Set(slices.map(r => r.total))], [PATIENTS])
    }
  })
  it('counts by state and by commune the same people', async () => {
    const { states, communes } = await t.within(c, tx => overview(tx, { now, today: dayOf(now) }))
    assert.deepEqual(states, { prioritised: PATIENTS })
    const counted = new Map<string, number>()
    for (const r of await listed('seniority', PATIENTS)) counted.set(r.communeCode, (counted.get(r.communeCode) ?? 0) + 1)
    assert.deepEqual(new Map(communes.map(x => [x.code, x.n])), counted)
    assert.ok(counted.size > 1)
  })
})
