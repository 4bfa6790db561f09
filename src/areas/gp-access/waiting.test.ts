/** What a patient is told of his wait: from whom it is learnt, as known on a day, and when we say that we do not know. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Interval } from '#domain/waiting.ts'
import { rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { estimateWaiting } from './jobs.ts'
import { leave } from './store/proposals.ts'
import { move } from './store/requests.ts'
import { openTracking } from './store/tracking.ts'
import { estimateWaits, pastWaits } from './store/waiting.ts'
import { groupsOf, groupText, spanText, waitWords } from './waiting.ts'
import { aPast, DAY, type Past, pasts } from './waits.fixture.ts'
import { sayIn } from './words/index.ts'

const fr = sayIn('fr')
/** Spaces that do not break, as ordinary ones. */
const plain = (s: string) => s.replace(/[\u00a0\u202f]/g, ' ')

describe('whom a wait is learnt from', () => {
  it('the closest first: care, age and commune; then wider and wider', () => {
    assert.deepEqual(groupsOf({ care: 'ald', age: '75+', commune: '91377', epci: '200056232' }), [
      'ald|75+|91377',
      'ald|75+|epci:200056232',
      'ald|75+|*',
      'ald|*|*',
      '*|*|*',
    ])
    assert.equal(plain(groupText('ald|75+|91377', fr)), 'personnes de 75 ans ou plus, en ALD, de votre commune')
    assert.equal(groupText('*|*|*', fr), 'personnes, de tout le territoire')
  })
  it('days are said the rounder the longer', () => {
    assert.deepEqual(
      [1, 6, 13, 20, 59, 60, 200].map(days => plain(spanText(days, fr))),
      ['1 jour', '6 jours', '13 jours', '3 semaines', '8 semaines', '2 mois', '7 mois'],
    )
  })
  const i: Interval = {
    from: { day: 15, earliest: 9, latest: 21 },
    to: { day: 70, earliest: 50, latest: null },
    waited: 0,
    served: 24,
    people: 60,
  }
  it('one sentence with both ends, and how sure', () => {
    const { sentence, rests } = waitWords('*|*|*', i, fr)
    assert.match(
      plain(sentence),
      /la moitié ont trouvé un médecin entre 2 semaines et 2 mois après leur demande ; un quart plus tôt, un quart plus tard/,
    )
    assert.match(
      plain(rests.join(' ')),
      /60 personnes, de tout le territoire.*24 ont trouvé.*le premier chiffre peut être entre 9 jours et 3 semaines, le second de 7 semaines à bien plus.*pas une promesse/,
    )
  })
  it('no end when too many still wait to know it, and never a guess', () => {
    assert.match(
      plain(waitWords('*|*|*', { ...i, to: null }, fr).sentence),
      /un quart ont trouvé un médecin 2 semaines après leur demande, ou plus tôt\. Trop de personnes attendent encore/,
    )
  })
})

describe('the waits of a community', () => {
  let t: TestApp
  let c: Community
  let doctor: Person
  before(async () => {
    t = await testApp([gpAccessArea()])
    await withCommunes(t)
  })
  const fresh = async () => {
    c = await t.community()
    await withCommunes(t, c)
    doctor = await aDoctor(t, c)
  }
  after(() => t.close())
  const system2 = (now: Date) => ({ ...system(t), now })
  const waits = (now = t.now) => t.within(c, tx => pastWaits(tx, now))
  const brief = (list: Awaited<ReturnType<typeof waits>>) =>
    list.map(w => [w.from, w.to, w.served]).sort((a, b) => Number(a[1]) - Number(b[1]))

  it('who was accepted, who left, who still waits; a duplicate or a stranger never waited', async () => {
    await fresh()
    const [, left, twice, outside] = await pasts(t, c, doctor, [
      { ago: 90, served: 12 },
      { ago: 80 },
      { ago: 70 },
      { ago: 60 },
      { ago: 50 },
    ])
    const on = (days: number) => system2(new Date(t.now.getTime() - days * DAY))
    await t.within(c, async tx => {
      await leave(tx, on(60), left!, 'has_doctor')
      await move(tx, on(60), twice!, { to: 'exited', exit: 'duplicate' })
      await move(tx, on(59), outside!, { to: 'exited', exit: 'out_of_territory' })
    })
    assert.deepEqual(brief(await waits()), [
      [0, 12, true],
      [0, 20, false],
      [0, 50, false],
    ])
  })
  it('an acceptance that did not hold is not the end of the wait', async () => {
    await fresh()
    const [id] = await pasts(t, c, doctor, [{ ago: 40, served: 10 }])
    await t.within(c, tx => move(tx, system2(new Date(t.now.getTime() - 25 * DAY)), id!, { to: 'prioritised', reason: 'no_show' }))
    assert.deepEqual(brief(await waits()), [[0, 40, false]])
    assert.deepEqual(brief(await waits(new Date(t.now.getTime() - 28 * DAY))), [[0, 10, true]], 'then, it was believed to hold')
  })
  it('as it was known on a day: what came later is not there', async () => {
    await fresh()
    await pasts(t, c, doctor, [
      { ago: 90, served: 60 },
      { ago: 10, served: 2 },
    ])
    assert.deepEqual(brief(await waits(new Date(t.now.getTime() - 50 * DAY))), [[0, 40, false]])
  })
  it('an old request is seen from the beginning of the twelve months, an imported one from its import', async () => {
    await fresh()
    await pasts(t, c, doctor, [{ ago: 500 }, { ago: 900, served: 30 }])
    await aWaiting(t, c, { since: new Date(t.now.getTime() - 200 * DAY) })
    assert.deepEqual(brief(await waits()), [
      [200, 200, false],
      [135, 500, false],
    ])
  })

  const page = async (id: string) => {
    const token = await t.within(c, tx => openTracking(tx, id, t.now))
    return t.get(`/c/${c.slug}/suivi/${token}`)
  }
  const list = (n: number, make: (i: number) => Past): Past[] => Array.from({ length: n }, (_, i) => make(i))
  it('the page says that we do not know, until eleven were served; then it says what it learnt, and from whom', async () => {
    await fresh()
    const { id } = await t.within(c, tx => aPast(tx, t, doctor, { ago: 3 }))
    assert.match((await page(id)).text, /Nous ne savons pas encore dire combien de temps vous attendrez/)
    await pasts(
      t,
      c,
      doctor,
      list(10, i => ({ ago: 200, served: 20 + i })),
    )
    await t.within(c, tx => estimateWaits(tx, system(t)))
    assert.match((await page(id)).text, /Nous ne savons pas encore/, 'ten are not enough')
    // An eleventh in another commune: the commune stays silent, the whole profile speaks.
    await pasts(
      t,
      c,
      doctor,
      list(1, () => ({ ago: 200, served: 40, communeCode: '91477' })),
    )
    await t.within(c, tx => estimateWaits(tx, system(t)))
    const { text } = await page(id)
    assert.match(text, /la moitié ont trouvé un médecin entre 3 et 4 semaines après leur demande/)
    assert.match(text, /11 personnes de 40 à 59 ans, sans ALD ni visite à domicile, de tout le territoire.*11 ont trouvé un médecin/)
    assert.match(text, /pas une promesse/)
  })
  it('who has waited is answered from those who waited as long', async () => {
    await fresh()
    await pasts(t, c, doctor, [...list(30, () => ({ ago: 200, served: 5 })), ...list(20, i => ({ ago: 200, served: 100 + i }))])
    const { id } = await t.within(c, tx => aPast(tx, t, doctor, { ago: 60 }))
    const { id: recent } = await t.within(c, tx => aPast(tx, t, doctor, { ago: 2 }))
    await t.within(c, tx => estimateWaits(tx, system(t)))
    assert.match((await page(id)).text, /qui ont déjà attendu autant que vous, la moitié ont trouvé un médecin entre 3 et 4 mois/)
    assert.match((await page(recent)).text, /dans une situation comme la vôtre, la moitié ont trouvé un médecin entre 5 jours et/)
  })
  it('keeps no group of fewer than eleven served, replaces yesterday’s, and stays at home', async () => {
    await fresh()
    await pasts(t, c, doctor, [...list(12, i => ({ ago: 90, served: 9 + i })), ...list(10, i => ({ ago: 90, served: 9 + i, ald: true }))])
    const cells = async () =>
      (await t.within(c, tx => rows<{ cell: string }>(tx, sql`select cell from app.waiting_estimate order by 1`))).map(r => r.cell)
    await t.within(c, tx => estimateWaits(tx, system(t)))
    assert.deepEqual(await cells(), ['*|*|*', 'other|*|*', 'other|40-59|*', 'other|40-59|91377'])
    // The job does the same, twice without harm; another community sees nothing of it.
    const work = () =>
      estimateWaiting.work({
        now: t.now,
        cpts: { ...c, demo: false },
        baseUrl: '',
        requestId: 'test',
        who: { kind: 'system', job: 'gp-access.estimate-waits' },
        inTenant: w => t.within(c, w),
      })
    await work()
    await work()
    assert.equal((await cells()).length, 4)
    const ours = c
    await fresh()
    assert.deepEqual(await cells(), [])
    await t.within(c, tx => estimateWaits(tx, system(t)))
    c = ours
    assert.equal((await cells()).length, 4)
  })
  it('is not told to who no longer waits', async () => {
    await fresh()
    const [id] = await pasts(t, c, doctor, [{ ago: 20, served: 5 }])
    assert.doesNotMatch((await page(id!)).text, /Combien de temps attendre/)
  })
})
