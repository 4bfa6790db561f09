/** Simulations: nothing is written, and the answer is the one of a real run on the same data. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Plan, solve, toInstance } from '#domain/assignment/index.ts'
import { one, run, sql } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { slug } from '#platform/ui/index.ts'
import { type Community, type Person, type TestApp, testApp } from '../../../test/app.ts'
import { differences, rowsOf } from '../../../test/world.ts'
import { aCapacity, aDoctor, aPatient, aWaiting, communes, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { planOf, within } from './simulating.ts'
import {
  ASSUMED_AGES,
  apportion,
  assumedSituation,
  type Change,
  effectOf,
  isOrphan,
  readChanges,
  readCounts,
  suppose,
  writeChanges,
} from './simulation/index.ts'
import { capacityOf, stateCapacity } from './store/capacities.ts'
import { announce } from './store/departures.ts'
import { planInput } from './store/plans.ts'
import { accept, propose } from './store/proposals.ts'
import { admit, enterRequest } from './store/requests.ts'
import { basisOf, readOnly } from './store/simulation.ts'

let t: TestApp
let c: Community
let me: Person
const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }
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
const at = (changes: readonly Change[], rest = '') => `/c/${c.slug}/simulation${rest}?${writeChanges(changes)}`
const day = (n: number) => new Date(t.now.getTime() - n * 86_400_000)

/** What the page would find, without HTTP. */
async function supposed(changes: readonly Change[]): Promise<{ plan: Plan; now: Plan }> {
  const leaving = changes.flatMap(x => (x.kind === 'departure' ? [x.doctor] : []))
  const basis = await t.within(c, tx => basisOf(tx, t.now, leaving))
  const plan = (list: ReturnType<typeof suppose>) => solve(toInstance(list.patients, list.doctors))
  return { plan: plan(suppose(basis, changes)), now: plan(suppose(basis, [])) }
}
const real = () => t.within(c, tx => planInput(tx, t.now)).then(({ patients, doctors }) => solve(toInstance(patients, doctors)))

/** Two doctors, a list longer than their places, an answer awaited and a yes without a visit. */
async function aList(): Promise<{ martin: Person; petit: Person }> {
  const martin = await aDoctor(t, c, { name: 'Dr Martin', total: 4 })
  const petit = await aDoctor(t, c, { name: 'Dre Petit', total: 3, communeCode: '91477', child: 0 })
  for (let n = 0; n < 9; n++)
    await aWaiting(t, c, {
      ald: n % 3 === 0,
      homeVisit: n === 5,
      birthDate: n === 4 ? '2020-05-17' : '1980-05-17',
      communeCode: communes[n % 2]!.code,
      since: day(n * 20),
    })
  const [one, two] = [await aWaiting(t, c, { ald: true, since: day(200) }), await aWaiting(t, c, { since: day(300) })]
  const send = (id: string) =>
    t.within(c, tx => propose(tx, system(t), site, { requestId: id, membershipId: martin.membershipId, minutes: 5 }))
  await send(one.id)
  const yes = await send(two.id)
  await t.within(c, tx => accept(tx, system(t), yes))
  return { martin, petit }
}
/** The same plan, whoever has the identifiers: patients and doctors of the simulation by what they became. */
function same(simulated: Plan, made: Plan, becomes: Map<string, string>): void {
  const name = (id: string) => becomes.get(id) ?? id
  const pairs = (p: Plan, f: (id: string) => string) => p.pairs.map(x => `${f(x.patient)} ${f(x.doctor)} ${x.minutes} ${x.priority}`).sort()
  assert.deepEqual(
    pairs(simulated, name),
    pairs(made, id => id),
  )
  assert.deepEqual(simulated.unplaced.map(u => name(u.patient)).sort(), made.unplaced.map(u => u.patient).sort())
  assert.deepEqual(simulated.objective, made.objective)
  assert.deepEqual(simulated.bound, made.bound)
}

describe('the same answer as a real run', () => {
  it('when a doctor opens places', async () => {
    const { martin } = await aList()
    const { plan, now } = await supposed([{ kind: 'places', doctor: martin.membershipId, places: 3 }])
    assert.equal(plan.pairs.length, now.pairs.length + 3)
    const had = (await t.within(c, tx => capacityOf(tx, martin.membershipId)))!
    // What is free, what is held by a question, and three more.
    const total = had.total - had.used + 3
    await t.within(c, tx => stateCapacity(tx, system(t), martin.membershipId, aCapacity({ ...had, total }), 'doctor'))
    same(plan, await real(), new Map())
  })
  it('when a doctor who said nothing for long opens places again, as he last took people', async () => {
    await aList()
    const old = await aDoctor(t, c, { name: 'Dr Ancien', total: 9, ald: 0, until: '2026-01-01', communeCode: '91477' })
    const { plan } = await supposed([{ kind: 'places', doctor: old.membershipId, places: 2 }])
    await t.within(c, tx => stateCapacity(tx, system(t), old.membershipId, aCapacity({ total: 2, ald: 0, communeCode: '91477' }), 'doctor'))
    same(plan, await real(), new Map())
  })
  it('when a doctor arrives', async () => {
    await aList()
    const { plan, now } = await supposed([{ kind: 'arrival', communeCode: '91377', places: 2, profiles: ['ald', 'child'] }])
    assert.ok(plan.pairs.length > now.pairs.length)
    const newcomer = await t.person(c, ['doctor'], { name: 'Dre Nouvelle' })
    await t.within(c, tx => stateCapacity(tx, system(t), newcomer.membershipId, aCapacity({ total: 2, adult: 0, home: 0 }), 'doctor'))
    same(plan, await real(), new Map([['~arrival-00', newcomer.membershipId]]))
  })
  it('when a doctor leaves: his places, what waited for him, those he follows', async () => {
    const { martin, petit } = await aList()
    const counts = [
      { communeCode: '91377', profile: 'adult' as const, patients: 2 },
      { communeCode: '91377', profile: 'home' as const, patients: 1 },
      { communeCode: '91477', profile: 'ald' as const, patients: 2 },
    ]
    const { plan } = await supposed([
      { kind: 'departure', doctor: martin.membershipId, on: '2027-06-30', followed: { counts } },
      { kind: 'places', doctor: petit.membershipId, places: 2 },
    ])
    assert.ok(plan.pairs.some(p => isOrphan(p.patient)))
    assert.ok(plan.unplaced.length > 0)
    // For real: he announces it, his patients ask.
    const becomes = new Map<string, string>()
    await t.within(c, async tx => {
      await announce(tx, system(t), { membershipId: martin.membershipId, leavesOn: '2027-06-30', patients: 5, counts })
      const had = (await capacityOf(tx, petit.membershipId))!
      await stateCapacity(tx, system(t), petit.membershipId, aCapacity({ ...had, total: had.total + 2 }), 'doctor')
      let n = 0
      for (const { communeCode, profile, patients } of counts)
        for (let k = 0; k < patients; k++) {
          const birthDate = `${2026 - ASSUMED_AGES[profile]}-01-01`
          const { id } = await enterRequest(
            tx,
            system(t),
            aPatient({ communeCode, birthDate, ...assumedSituation(profile, 'middle') }),
            'patient',
          )
          await admit(tx, system(t), id)
          becomes.set(`~orphan-0-${String(++n).padStart(5, '0')}`, id)
        }
    })
    same(plan, await real(), becomes)
  })
})

describe('real data', () => {
  it('is untouched: every row of the community is what it was, but the line that says who looked', async () => {
    const { martin, petit } = await aList()
    const changes: Change[] = [
      { kind: 'departure', doctor: martin.membershipId, on: '2027-06-30', followed: { patients: 40 } },
      { kind: 'arrival', communeCode: '91377', places: 10, profiles: [] },
      { kind: 'places', doctor: petit.membershipId, places: 4 },
    ]
    const audit = {
      audit_event: `action in ('simulation.read', 'simulation.export')`,
      audit_unsealed: `event_id in (select id from app.audit_event where action in ('simulation.read', 'simulation.export'))`,
    }
    const was = await rowsOf(t, c.id, audit)
    assert.equal((await t.get(at(changes), me)).status, 200)
    assert.equal((await t.get(at(changes, '.csv'), me)).status, 200)
    assert.deepEqual(differences(was, await rowsOf(t, c.id, audit)), [])
    const { n } = await t.within(c, tx =>
      one<{ n: number }>(tx, sql`select count(*)::int as n from app.audit_event where action = 'simulation.read'`),
    )
    assert.equal(n, 1)
  })
  it('cannot be written while a simulation reads: PostgreSQL refuses, then lets the line of who looked in', async () => {
    const { id } = await aWaiting(t, c)
    await t.within(c, async tx => {
      await assert.rejects(
        readOnly(tx, x => run(x, sql`update app.request set by_hand = 5 where id = ${id}`)),
        { code: '25006' },
      )
      assert.equal(await run(tx, sql`update app.request set by_hand = 5 where id = ${id}`), 1)
    })
  })
})

describe('what is supposed', () => {
  it('travels whole in the address, and nothing else gets in', () => {
    const id = randomUUIDv7()
    const changes: Change[] = [
      { kind: 'departure', doctor: id, on: '2027-06-30', followed: { patients: 850 } },
      { kind: 'departure', doctor: id, on: '2027-06-30', followed: { counts: [{ communeCode: '2A004', profile: 'ald', patients: 12 }] } },
      { kind: 'arrival', communeCode: '91377', places: 10, profiles: ['child', 'home'] },
      { kind: 'places', doctor: id, places: 4 },
    ]
    assert.deepEqual(readChanges(new URLSearchParams(writeChanges(changes))), changes)
    for (const wrong of [
      'depart=x,2027-06-30,10',
      `depart=${id},2027-02-30,10`,
      `depart=${id},2027-06-30,5001`,
      `depart=${id},2027-06-30,91377:1.2.3`,
      `depart=${id},2027-06-30,91377:0.0.0.0`,
      'arrivee=91377,0',
      'arrivee=Massy,3',
      'arrivee=91377,1e3',
      `places=${id},-4`,
      `places=${id},1000`,
    ])
      assert.deepEqual(readChanges(new URLSearchParams(wrong)), [], wrong)
  })
  it('shares a number exactly, whatever the weights', () => {
    assert.deepEqual(apportion(10, [1, 1, 1]), [4, 3, 3])
    assert.deepEqual(apportion(7, [0, 2, 0.5]), [0, 6, 1])
    assert.deepEqual(apportion(5, [0, 0]), [0, 0])
  })
  it('reads pasted counts, and names the line that is wrong', () => {
    const read = (text: string) => readCounts(text, communes, slug)
    assert.deepEqual(read('Commune\tAdultes\tEnfants\nmassy\t120\t\t1 030\nÉtampes ; 3'), {
      ok: true,
      counts: [
        { communeCode: '91377', profile: 'adult', patients: 120 },
        { communeCode: '91377', profile: 'ald', patients: 1030 },
        { communeCode: '91223', profile: 'adult', patients: 3 },
      ],
    })
    assert.match((read('Massy ; 3\nParis ; 2') as { error: string }).error, /Ligne 2 : « Paris »/)
    assert.match((read('Massy ; trois') as { error: string }).error, /Ligne 1 : « trois »/)
    assert.match((read('Massy ; 0') as { error: string }).error, /au moins une commune/)
  })
  it('is the same list an hour later: the answer kept serves whoever opens the address again', async () => {
    const doctor = await aDoctor(t, c, { total: 2 })
    await aWaiting(t, c, { since: day(3) })
    const changes: Change[] = [{ kind: 'departure', doctor: doctor.membershipId, on: '2027-06-30', followed: { patients: 9 } }]
    const basis = await t.within(c, tx => basisOf(tx, t.now, [doctor.membershipId]))
    const later = await t.within(c, tx => basisOf(tx, new Date(t.now.getTime() + 3_600_000), [doctor.membershipId]))
    assert.deepEqual(suppose(later, changes), suppose(basis, changes))
    const { patients } = suppose(basis, changes)
    assert.ok(patients.filter(p => isOrphan(p.id)).every(p => basis.patients.every(q => p.since >= q.since)))
  })
  it('spreads a practice around it: everybody counted, more people nearby than far away', async () => {
    const doctor = await aDoctor(t, c, { total: 0 })
    const changes: Change[] = [{ kind: 'departure', doctor: doctor.membershipId, on: '2027-06-30', followed: { patients: 500 } }]
    const basis = await t.within(c, tx => basisOf(tx, t.now, [doctor.membershipId]))
    const inMassy = (guess: 'low' | 'middle' | 'high') => {
      const { patients } = suppose(basis, changes, guess)
      assert.equal(patients.length, 500)
      return patients.filter(p => p.communeCode === '91377').length
    }
    const [low, middle, high] = [inMassy('low'), inMassy('middle'), inMassy('high')]
    assert.ok(low < middle && middle < high, `${low} ${middle} ${high}`)
    assert.equal(low, 250)
  })
})

describe('solving aside', () => {
  it('is done once for who asks the same, and never keeps a page waiting for what does not end', async () => {
    await aList()
    const { patients, doctors } = await t.within(c, tx => planInput(tx, t.now))
    assert.equal(planOf(patients, doctors), planOf(structuredClone(patients), structuredClone(doctors)))
    assert.notEqual(planOf(patients, doctors), planOf(patients.slice(1), doctors))
    assert.equal(await within(new Promise(() => {}), 1), null)
    assert.deepEqual(await within(planOf(patients, doctors), 60_000), await planOf(patients, doctors))
  })
})

describe('the page', () => {
  it('asks for a departure, and shows its effect at an address that can be opened again', async () => {
    const { martin } = await aList()
    const start = await t.get(`/c/${c.slug}/simulation`, me)
    assert.match(start.text, /Et si un médecin partait, arrivait, ouvrait des places \?/)
    const asked = new URLSearchParams({ faire: 'depart', doctor: martin.membershipId, on: '2027-06-30', patients: '40', counts: '' })
    const { text, html } = await t.get(`/c/${c.slug}/simulation?${asked}`, me)
    assert.match(text, /\d+ personnes de plus resteraient sans médecin/)
    assert.match(text, /Dr Martin part le mercredi 30 juin 2027 ; 40 patients suivis/)
    assert.match(text, /Sur 40 patients, \d+ trouver/)
    const link = /href="([^"]*simulation\.csv\?[^"]*)"/.exec(html)![1]!.replace('.csv', '').replaceAll('&amp;', '&')
    assert.equal((await t.get(link, me)).text.replace(/.*On suppose/, ''), text.replace(/.*On suppose/, ''))
  })
  it('keeps what is supposed already when something is added, and takes one back', async () => {
    const { martin, petit } = await aList()
    const first: Change = { kind: 'places', doctor: martin.membershipId, places: 1 }
    const { text, html } = await t.get(`${at([first])}&faire=places&doctor=${petit.membershipId}&count=2`, me)
    assert.match(text, /Dr Martin ouvre 1 place de plus/)
    assert.match(text, /Dre Petit ouvre 2 places de plus/)
    assert.ok(html.includes(`href="/c/${c.slug}/simulation?places=${martin.membershipId}%2C1"`))
  })
  it('says beside the field what is wrong, and keeps what was typed', async () => {
    const doctor = await aDoctor(t, c, { name: 'Dr Martin' })
    const ask = (o: Record<string, string>) => t.get(`/c/${c.slug}/simulation?${new URLSearchParams(o)}`, me)
    const wrong = await ask({ faire: 'depart', doctor: doctor.membershipId, on: '2027-06-30', patients: '', counts: 'Paris ; 3' })
    assert.match(wrong.text, /Ligne 1 : « Paris » n’est pas une commune du territoire/)
    assert.match(wrong.html, /Paris ; 3<\/textarea>/)
    assert.match(
      (await ask({ faire: 'depart', doctor: doctor.membershipId, on: '2027-06-30', patients: '', counts: '' })).text,
      /Indiquez combien de patients/,
    )
    assert.match((await ask({ faire: 'places', doctor: randomUUIDv7(), count: '3' })).text, /n’est pas dans la liste/)
  })
  it('is for the coordination, with the doctors and communes of this community only', async () => {
    const { martin } = await aList()
    const changes: Change[] = [{ kind: 'places', doctor: martin.membershipId, places: 2 }]
    for (const role of ['doctor', 'board', 'funder'] as const)
      assert.equal((await t.get(at(changes), await t.person(c, [role]))).status, 404)
    const other = await t.community()
    await withCommunes(t, other)
    const theirs = await t.person(other, ['coordinator'])
    const { text } = await t.get(`/c/${other.slug}/simulation?${writeChanges(changes)}`, theirs)
    assert.doesNotMatch(text, /Dr Martin/)
    assert.match(text, /Et si un médecin/)
  })
})

describe('the effect', () => {
  it('counts those who find a doctor, those who lose him, those who change', () => {
    const plan = (pairs: [string, string][]): Plan => ({
      pairs: pairs.map(([patient, doctor]) => ({ patient, doctor, minutes: 5, priority: 1 })),
      unplaced: [],
      objective: { priority: pairs.length, splits: 0, minutes: 0 },
      bound: { priority: 0, splits: 0, minutes: 0 },
      gap: 0,
      proof: { prices: [], certified: { priority: 0, splits: 0, minutes: 0 }, by: 'prices', nodes: 0, exhausted: false },
      splits: [],
    })
    const patients = ['a', 'b', 'c', 'd'].map(id => ({
      id,
      place: null,
      communeCode: '91377',
      profile: 'adult' as const,
      age: 40,
      priority: 1,
      since: '2026-01-01',
      household: null,
      languages: [],
      wheelchair: false,
      maxMinutes: 30,
      excluded: [],
    }))
    const e = effectOf(
      {
        patients,
        doctors: [],
        plan: plan([
          ['a', 'x'],
          ['b', 'x'],
        ]),
      },
      {
        patients,
        doctors: [],
        plan: plan([
          ['b', 'y'],
          ['c', 'y'],
          ['d', 'y'],
        ]),
      },
      [],
    )
    assert.deepEqual([e.found.map(p => p.patient), e.lost.map(p => p.patient), e.moved], [['c', 'd'], ['a'], 1])
    assert.deepEqual(e.communes[0]!.left, { before: 2, after: 1 })
  })
})
