/** Waits published each month: frozen, small cells hidden, nothing to be found by subtraction from one month to the next. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { leaks, shown, THRESHOLD } from '#domain/disclosure.ts'
import { one, rows, run, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { aDoctor, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { publishWaiting } from './jobs.ts'
import { type Breakdown, breakdowns, type Counted, type KeptCounts, releaseOf, tableOf } from './published.ts'
import { endOfMonth, monthBefore, publishWaits } from './store/publications.ts'
import { DAY, type Past, pasts } from './waits.fixture.ts'

describe('months', () => {
  it('end at midnight in Paris, in winter and in summer', () => {
    assert.equal(endOfMonth('2026-10-01').toISOString(), '2026-10-31T23:00:00.000Z')
    assert.equal(endOfMonth('2026-06-01').toISOString(), '2026-06-30T22:00:00.000Z')
    assert.equal(endOfMonth('2026-12-01').toISOString(), '2026-12-31T23:00:00.000Z')
    assert.deepEqual(['2026-11-22', '2026-01-01', '2026-03-31'].map(monthBefore), ['2026-10-01', '2025-12-01', '2026-02-01'])
  })
})

const communes = [
  { code: '91377', name: 'Massy' },
  { code: '91477', name: 'Palaiseau' },
  { code: '91223', name: 'Étampes' },
]
const anybody = fc.record({
  age: fc.constantFrom('0-15', '16-39', '40-59', '75+'),
  commune: fc.constantFrom('91377', '91377', '91477', '91223'),
  points: fc.nat(70),
  to: fc.integer({ min: 1, max: 120 }),
  served: fc.boolean(),
})
describe('a table', () => {
  it('shows tens and weeks, and of a hidden line nothing, month after month', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anybody, { maxLength: 40 }), { minLength: 1, maxLength: 4 }), months => {
        const waits: Counted[] = []
        const past = new Map<Breakdown, KeptCounts[]>(breakdowns.map(by => [by, []]))
        for (const [m, arrivals] of months.entries()) {
          waits.push(...arrivals.map(a => ({ ...a, from: 0 }) as Counted))
          for (const by of breakdowns) {
            const made = tableOf(by, `2026-0${m + 1}-01`, waits, communes, past.get(by)!)
            if (!made) continue
            past.get(by)!.push(made.kept)
            for (const row of made.table.rows) {
              const n: number = made.kept.counts[row.key]!
              assert.equal(row.people === null, made.kept.hidden.includes(row.key))
              if (n < THRESHOLD || row.people === null) assert.deepEqual([row.people, row.weeks], [null, null])
              if (row.people !== null) assert.equal(row.people, shown(n))
              assert.ok(row.weeks === null || (Number.isInteger(row.weeks) && row.weeks >= 1))
            }
            assert.equal(made.table.people % 10, 0)
          }
        }
        for (const by of breakdowns) assert.deepEqual(leaks(past.get(by)!.map(releaseOf)), [])
      }),
      { numRuns: 60 },
    )
  })
})

describe('the published page', () => {
  let t: TestApp
  let c: Community
  let doctor: Person
  before(async () => {
    t = await testApp([gpAccessArea()], { now: new Date('2026-11-22T09:00:00Z') })
    await withCommunes(t)
  })
  after(() => t.close())
  const fresh = async () => {
    c = await t.community()
    await withCommunes(t, c)
    doctor = await aDoctor(t, c)
  }
  const list = (n: number, make: (i: number) => Past): Past[] => Array.from({ length: n }, (_, i) => make(i))
  const publish = (now = t.now) => t.within(c, tx => publishWaits(tx, { ...system(t), now }))
  const url = (rest = '') => `/c/${c.slug}/delais${rest}`
  /** Massy 20, Palaiseau 4; 24 adults under sixty of whom 3 ALD over 75. */
  const some = () =>
    pasts(t, c, doctor, [
      ...list(17, i => ({ ago: 80, served: 10 + i })),
      ...list(4, i => ({ ago: 80, served: 20 + i, communeCode: '91477' })),
      ...list(3, () => ({ ago: 80, ald: true, birthDate: '1940-01-01' })),
    ])

  it('says that nothing is published, then the last month, to anybody', async () => {
    await fresh()
    assert.match((await t.get(url())).text, /Rien n’est encore publié/)
    assert.equal((await t.get(url('/export.csv'))).status, 404)
    await some()
    assert.match((await t.get(url())).text, /Rien n’est encore publié/, 'what is not frozen is not shown')
    assert.equal(await publish(), true)
    const { text, status } = await t.get(url())
    assert.equal(status, 200)
    assert.match(text, /La moitié trouvent un médecin en 3 semaines/)
    assert.match(text, /douze mois jusqu’à octobre 2026/)
    assert.match(text, /75 ans ou plus masqué masqué/)
  })
  it('hides a small commune and what it could be subtracted from', async () => {
    await fresh()
    await some()
    await publish()
    const { text } = await t.get(url())
    assert.match(text, /Massy masqué masqué/)
    assert.match(text, /Palaiseau masqué masqué/)
    assert.match(text, /Ensemble 3 semaines environ 20/)
    const file = await t.get(url('/export.csv'))
    assert.match(file.headers.get('content-type')!, /text\/csv/)
    assert.match(file.html, /Par commune;2026-10;91477;Palaiseau;;;masqué/)
    assert.match(file.html, /Par commune;2026-10;91377;Massy;;;masqué/, 'nor its median, though it has one')
    assert.doesNotMatch(file.html + text, /\b(24|17|21)\b/, 'no exact count anywhere')
  })
  it('never changes: not by what happens later, not by who holds the application’s login', async () => {
    await fresh()
    await some()
    await publish()
    const before = (await t.get(url('?mois=2026-10'))).text
    await pasts(
      t,
      c,
      doctor,
      list(15, () => ({ ago: 60, served: 2 })),
    )
    assert.equal(await publish(), false, 'once')
    assert.equal((await t.get(url('?mois=2026-10'))).text, before)
    for (const text of [sql`update app.publication set people = 1`, sql`delete from app.publication`])
      await assert.rejects(
        t.within(c, tx => run(tx, text)),
        /permission denied/,
      )
    for (const month of ['2026-09', '2026-13', 'x', '2026-10-01']) assert.equal((await t.get(url(`?mois=${month}`))).status, 404)
  })
  it('publishes each month once by itself, on what was known on its last day, and writes it down', async () => {
    await fresh()
    await some()
    const work = (now: Date) =>
      publishWaiting.work({
        now,
        cpts: { ...c, demo: false },
        baseUrl: '',
        requestId: 'test',
        who: { kind: 'system', job: 'gp-access.publish-waits' },
        inTenant: w => t.within(c, w),
      })
    // Late by three weeks: the server was off on the first. What came in November is not October's.
    await pasts(
      t,
      c,
      doctor,
      list(15, () => ({ ago: 10, served: 2 })),
    )
    await work(t.now)
    await work(t.now)
    await work(new Date(t.now.getTime() + 20 * DAY))
    const found = await t.within(c, tx => rows<{ month: string }>(tx, sql`select month from app.publication order by 1`))
    assert.deepEqual(
      found.map(r => r.month),
      ['2026-10-01', '2026-11-01'],
    )
    const { n } = await t.within(c, tx =>
      one<{ n: number }>(tx, sql`select count(*)::int as n from app.audit_event where action = 'waiting.publish'`),
    )
    assert.equal(n, 2)
    const [october] = await t.within(c, tx =>
      rows<{ counts: Record<string, KeptCounts> }>(tx, sql`select counts from app.publication order by month`),
    )
    assert.equal(
      Object.values(october!.counts.age!.counts).reduce((a, b) => a + b),
      24,
    )
  })
  it('is published of eleven people or more, and only at home', async () => {
    await fresh()
    await pasts(
      t,
      c,
      doctor,
      list(10, () => ({ ago: 60, served: 5 })),
    )
    assert.equal(await publish(), false)
    const ours = c
    await fresh()
    await some()
    await publish()
    c = ours
    assert.match((await t.get(url())).text, /Rien n’est encore publié/)
  })
})
