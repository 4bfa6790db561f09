/** A rule is one value: voting another moves the public page, the list and the plan together; past plans keep theirs. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { solve, toInstance } from '#domain/assignment/index.ts'
import { type PriorityRule, priority, startingRule } from '#domain/priority.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { Desk } from './desk.fixture.ts'
import { aDoctor, aWaiting, system } from './gp-access.fixture.ts'
import { chosenOf, criteria, differences, ranked, ruleFrom, type Standing, whoMoves } from './standing.ts'
import { getPlan, makePlan, planInput, planPairs } from './store/plans.ts'
import { ruleOf } from './store/rule-change.ts'
import { currentRule, voteRule } from './store/settings.ts'

const rule: PriorityRule = { version: 1, decision: 'AG 1', decidedOn: '2026-01-01', ...startingRule }
const now = new Date('2026-11-22T09:00:00Z')
const flags = [
  'ald',
  'treatment',
  'specialist',
  'pregnancy',
  'reducedMobility',
  'homeVisit',
  'precarity',
  'isolation',
  'doctorLeft',
  'hospitalExit',
] as const
const people = fc
  .array(fc.record({ bits: fc.nat(1023), age: fc.nat(99), months: fc.nat(20), byHand: fc.integer({ min: -30, max: 30 }) }), {
    maxLength: 40,
  })
  .map(list =>
    list.map(({ bits, age, months, byHand }, i): Standing => {
      const said = Object.fromEntries(flags.map((f, b) => [f, Boolean(bits & (1 << b))])) as Record<(typeof flags)[number], boolean>
      return {
        ...said,
        id: String(i).padStart(3, '0'),
        number: `N${i}`,
        age,
        byHand,
        since: new Date(now.getTime() - months * 30 * 86_400_000),
      }
    }),
  )
const chosen = fc.record(
  Object.fromEntries([
    ...criteria.map(c => [c.criterion, fc.integer({ min: c.criterion === 'any' ? 1 : 0, max: 60 })]),
    ['pointsPerMonth', fc.nat(10)],
    ['atMost', fc.nat(60)],
  ]),
) as fc.Arbitrary<ReturnType<typeof chosenOf>>

describe('who would move', () => {
  it('nobody under the same rule; places are a permutation under any other', () => {
    fc.assert(
      fc.property(people, chosen, (list, points) => {
        assert.equal(whoMoves(list, rule, rule, now).same, list.length)
        const other = { ...rule, ...ruleFrom(points, rule) }
        const m = whoMoves(list, rule, other, now)
        assert.equal(m.earlier + m.later + m.same, list.length)
        assert.deepEqual(
          m.moves.map(x => x.after).sort((a, b) => a - b),
          list.map((_, i) => i + 1),
        )
        for (const x of m.moves) {
          const p = list.find(s => s.id === x.id)!
          assert.equal(x.pointsAfter, priority(other, p, p.age, p.since, now, p.byHand).total)
        }
        const steps = m.moves.map(x => Math.abs(x.after - x.before))
        assert.deepEqual(
          steps,
          [...steps].sort((a, b) => b - a),
          'those who move most first',
        )
      }),
    )
  })
  it('at equal points the oldest is first, as in the list', () => {
    const nothing = Object.fromEntries(flags.map(f => [f, false])) as Record<(typeof flags)[number], boolean>
    const somebody = (id: string, days: number): Standing => ({
      ...nothing,
      id,
      number: id,
      age: 40,
      byHand: 0,
      since: new Date(now.getTime() - days * 86_400_000),
    })
    const places = ranked([somebody('a', 3), somebody('b', 20), somebody('c', 11)], rule, now)
    assert.deepEqual(
      ['b', 'c', 'a'].map(id => places.get(id)!.rank),
      [1, 2, 3],
    )
  })
  it('a rule made of the points of a rule is that rule', () => {
    assert.deepEqual(
      ruleFrom(chosenOf(rule), rule)
        .lines.toSorted((a, b) => b.points - a.points)
        .map(l => l.points),
      rule.lines.toSorted((a, b) => b.points - a.points).map(l => l.points),
    )
    assert.deepEqual(differences(rule, ruleFrom(chosenOf(rule), rule)), [])
    const without = ruleFrom({ ...chosenOf(rule), precarity: 0 }, rule)
    assert.ok(!without.lines.some(l => l.criterion === 'precarity'))
    assert.deepEqual(differences(rule, without), [
      { label: 'Complémentaire santé solidaire ou aide médicale d’État', before: 10, after: 0 },
    ])
    assert.equal(ranked([], rule, now).size, 0)
  })
})

let desk: Desk
before(async () => {
  desk = await Desk.open()
})
after(() => desk.t.close())
const url = (rest = '') => `/c/${desk.c.slug}/regle${rest}`
const points = (o: Record<string, number> = {}) =>
  Object.fromEntries(Object.entries({ ...chosenOf(startingRule), ...o }).map(([k, v]) => [k, String(v)]))
const list = async () => (await desk.t.get(desk.url('?etat=en-attente'), desk.me)).text
const publicPage = async () => (await desk.t.get(`/c/${desk.c.slug}/comment-la-liste-est-ordonnee`)).text
const vote = (o: Record<string, number>, more: Record<string, string> = {}) =>
  desk.t.post(url('/changer/apercu'), { ...points(o), seen: '0', decision: 'AG 2026-07', decidedOn: '2026-11-20', ...more }, desk.me)

describe('another rule', () => {
  before(() => desk.fresh())
  it('is previewed with ranks before and after, by number, and nothing is kept', async () => {
    const ald = await aWaiting(desk.t, desk.c, { birthName: 'Alde', ald: true })
    const pregnant = await aWaiting(desk.t, desk.c, { birthName: 'Enceinte', pregnancy: true })
    await aWaiting(desk.t, desk.c, { birthName: 'Dernier' })
    assert.match((await desk.t.get(url('/changer'), desk.me)).text, /Affection de longue durée/)
    const asked = await desk.t.post(url('/changer'), points({ pregnancy: 40 }), desk.me)
    assert.match(asked.location!, /\/regle\/changer\/apercu\?.*pregnancy=40/)
    const { text } = await desk.t.get(asked.location!, desk.me)
    assert.match(text, /2 personnes bougeraient sur 3/)
    assert.match(text, /Grossesse 15 40/)
    assert.match(text, new RegExp(`${pregnant.number} 2 1 avance de 1 16 41`))
    assert.match(text, new RegExp(`${ald.number} 1 2 recule de 1 31 31`))
    assert.doesNotMatch(text, /Alde|Dernier/, 'no name')
    assert.equal((await desk.t.within(desk.c, currentRule)).version, 0)
    assert.match((await desk.t.get(url('/changer/apercu'), desk.me)).text, /Personne ne bougerait/)
  })
  it('is voted with a decision number and a date, or not at all', async () => {
    const wrongs: Record<string, string>[] = [{ decision: '' }, { decidedOn: '' }, { decidedOn: '2026-11-23' }, { seen: '' }]
    for (const wrong of wrongs) assert.equal((await vote({ pregnancy: 40 }, wrong)).status, 422, JSON.stringify(wrong))
    assert.equal((await vote({})).status, 422, 'the same rule')
    assert.equal((await vote({ any: 0 })).status, 422, 'nobody weighs nothing')
    const again = await vote({ pregnancy: 40 }, { decision: '' })
    assert.match(again.html, /name="pregnancy" value="40"/, 'the points are kept')
    assert.equal((await desk.t.within(desk.c, currentRule)).version, 0)
  })
  it('once voted moves the public page, the list, the record and the plan: one value', async () => {
    await aDoctor(desk.t, desk.c, { total: 1 })
    const pregnant = await aWaiting(desk.t, desk.c, { birthName: 'Zélie', pregnancy: true })
    const engine = async () => (await desk.t.within(desk.c, async tx => planPairs(tx, await makePlan(tx, system(desk.t)))))[0]!.priority
    assert.match(await publicPage(), /Grossesse \+ 15/)
    assert.equal(await engine(), 31)
    const first = await list()
    assert.ok(first.indexOf('Alde') < first.indexOf('Zélie'))

    assert.equal((await vote({ pregnancy: 40 })).status, 303)
    assert.match(await publicPage(), /Grossesse \+ 40/)
    assert.match(await publicPage(), /Règle n° 1, décision AG 2026-07/)
    assert.equal(await engine(), 41)
    const second = await list()
    assert.ok(second.indexOf('Zélie') < second.indexOf('Alde'))
    assert.match((await desk.t.get(desk.url(`/${pregnant.id}`), desk.me)).text, /Grossesse \+ 40.*Règle n° 1 ?, décision AG 2026-07/)
    const stored = await desk.t.within(desk.c, tx =>
      one<{ points: number; v: number }>(tx, sql`select points, rule_version as v from app.request where id = ${pregnant.id}`),
    )
    assert.deepEqual(stored, { points: 41, v: 1 })
    const audited = await desk.t.within(desk.c, tx =>
      rows<{ detail: { version: number } }>(tx, sql`select detail from app.audit_event where action = 'rule.adopt'`),
    )
    assert.deepEqual(
      audited.map(a => a.detail.version),
      [1],
    )
  })
  it('on the version that was compared, and once, even at the same instant', async () => {
    assert.equal((await vote({ pregnancy: 50 })).status, 409, 'compared with version 0')
    assert.equal((await vote({ pregnancy: 50 }, { seen: '7' })).status, 409, 'compared with one that does not exist')
    const both = await Promise.all([vote({ pregnancy: 50 }, { seen: '1' }), vote({ pregnancy: 60 }, { seen: '1' })])
    assert.deepEqual(both.map(r => r.status).sort(), [303, 409])
    assert.equal((await desk.t.within(desk.c, currentRule)).version, 2)
    assert.match((await desk.t.get(url(), desk.me)).text, /n° 2 AG 2026-07 20\/11\/2026 Grossesse : [56]0 au lieu de 40/)
  })
  it('is the coordination’s to propose', async () => {
    for (const role of ['doctor', 'nurse', 'board'] as const) {
      const other = await desk.t.person(desk.c, [role])
      assert.equal((await desk.t.get(url('/changer'), other)).status, 404)
      assert.equal((await desk.t.post(url('/changer/apercu'), points(), other)).status, 404)
      assert.equal((await desk.t.get(url(), other)).status, 200)
    }
  })
})

describe('a past plan', () => {
  before(() => desk.fresh())
  it('is replayed the same under the rule of its day, and differently under another', async () => {
    await aDoctor(desk.t, desk.c, { total: 1 })
    const ald = await aWaiting(desk.t, desk.c, { ald: true, since: new Date(desk.t.now.getTime() - 40 * 86_400_000) })
    const pregnant = await aWaiting(desk.t, desk.c, { pregnancy: true })
    await desk.t.within(desk.c, tx => voteRule(tx, startingRule, 'AG 1', '2026-01-05', desk.t.now))
    const plan = (await desk.t.within(desk.c, async tx => getPlan(tx, await makePlan(tx, system(desk.t)))))!
    assert.equal(plan.ruleVersion, 1)
    const pairs = await desk.t.within(desk.c, tx => planPairs(tx, plan.id))
    assert.deepEqual(
      pairs.map(p => [p.patient, p.priority]),
      [[ald.id, 33]],
    )

    assert.equal((await vote({ pregnancy: 80 }, { seen: '1' })).status, 303)
    const replay = (version: number) =>
      desk.t.within(desk.c, async tx => {
        const { patients, doctors } = await planInput(tx, plan.dataAt!, (await ruleOf(tx, version))!)
        return solve(toInstance(patients, doctors))
      })
    const again = await replay(plan.ruleVersion)
    assert.deepEqual(again.pairs, pairs)
    const { placed, unplaced, stability: _, ...whole } = plan.result!
    const { pairs: __, unplaced: left, ...same } = again
    assert.deepEqual(JSON.parse(JSON.stringify(same)), whole)
    assert.deepEqual([placed, unplaced], [1, left.length])
    assert.deepEqual(
      (await replay(2)).pairs.map(p => [p.patient, p.priority]),
      [[pregnant.id, 81]],
    )
    assert.equal((await desk.t.within(desk.c, tx => getPlan(tx, plan.id)))!.ruleVersion, 1, 'what it rested on stays written')
    assert.equal(await desk.t.within(desk.c, tx => ruleOf(tx, 9)), null)
  })
})
