/**
 * Two communities, people of every role, something in every table. Each route of the manifest is tried by the people of one
 * with what belongs to the other: nothing is found, nothing changes (R1, R6, R10).
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { anyMember, members, roles } from '#platform/access.ts'
import { one, run, sql } from '#platform/db/types.ts'
import { form, hidden } from '#platform/fields.ts'
import { type Area, action, page } from '#platform/page.ts'
import { type Person, type TestApp, testApp } from './app.ts'
import { type Answer, type Ask, appOn, type Call, calls, type Fields, fill, isSignIn, key, paramsOf, query, sample } from './manifest.ts'
import { butDenials, differences, holdsSomethingEverywhere, rowsOf, type Side, world } from './world.ts'

let t: TestApp
let a: Side
let b: Side
let ask: Ask
let visitors: [who: string, as: Person | null][]
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a, b } = await world(t))
  ask = appOn(t)
  visitors = [['anonymous', null], ...roles.map((role): [string, Person] => [role, a.people[role]])]
})
after(() => t.close())

/** Says the same to everybody, whatever the token: nobody learns from it. */
const blindTo: Record<string, string> = {
  '/c/:cpts/lien/:token/renouveler POST': 'a new link leaves to the address the old one was for, if any; the answer never says',
}
const ofA = () => [...Object.values(a.people), a.spare]

/** Signs everybody in again: one of the routes signs out. */
const awake = () => t.owner('update platform.session set revoked_at = null')
async function tryIt(call: Call, path: string, as: Person | null, fields: Fields): Promise<Answer> {
  if (call.perMinute) t.now = new Date(t.now.getTime() + 60_000)
  return ask(call.method, path, { as, ...(call.method === 'POST' && { fields }) })
}

/** What went wrong when each visitor of A asks for things of B, in A's path and in B's. */
async function crossed(all: readonly Call[]): Promise<string[]> {
  const wrong: string[] = []
  const say = (call: Call, who: string, where: string, got: Answer) => wrong.push(`${key(call)} as ${who} ${where}: ${got.status}`)
  for (const call of all) {
    if (!call.path.startsWith('/c/:cpts')) continue
    const fields = sample(call, b)
    for (const [who, as] of visitors) {
      if (paramsOf(call.path).length > 1) {
        const got = await tryIt(call, fill(call.path, b, a) + query(call.path, b), as, fields)
        const right = call.access.kind === 'open' || call.access.kind === 'link' || as ? got.status === 404 : isSignIn(got)
        if (!right && !(key(call) in blindTo)) say(call, who, 'with an identifier of B in the path of A', got)
      }
      // An open page of B is open to people of A too; a link of B opens in B, and one of A does not.
      if (call.access.kind === 'open') continue
      const things = call.access.kind === 'link' ? a : b
      const got = await tryIt(call, fill(call.path, things, b) + query(call.path, things), as, fields)
      const right = call.access.kind === 'link' || as ? got.status === 404 : isSignIn(got)
      if (!right) say(call, who, 'in the path of B', got)
    }
  }
  await awake()
  return wrong
}

describe('what belongs to another community', () => {
  it('is really there, in every table', async () => {
    await holdsSomethingEverywhere(t, a)
    await holdsSomethingEverywhere(t, b)
  })
  it('does not exist for anybody, by any route, and stays as it was', async () => {
    const before = await rowsOf(t, b.id, butDenials)
    const denials = () =>
      t.within(b, tx => one<{ n: number }>(tx, sql`select count(*) as n from app.audit_event where action = 'access.denied'`))
    assert.deepEqual(await crossed(calls()), [])
    assert.deepEqual(differences(before, await rowsOf(t, b.id, butDenials)), [])
    const closed = calls().filter(c => c.access.kind === 'member').length
    assert.equal((await denials()).n, closed * roles.length, 'each attempt of somebody known is on record where it was made, once')
  })
  it('is not reached through the fields of a form either', async () => {
    const before = await rowsOf(t, b.id, butDenials)
    for (const call of calls().filter(c => c.method === 'POST' && c.path.startsWith('/c/:cpts'))) {
      const as =
        call.access.kind === 'member' ? a.people[call.access.roles.includes('coordinator') ? 'coordinator' : call.access.roles[0]!] : null
      const got = await tryIt(call, fill(call.path, a) + query(call.path, b), as, sample(call, b))
      assert.ok(got.status < 500, `${key(call)}: ${got.status}`)
      await awake()
    }
    assert.deepEqual(differences(before, await rowsOf(t, b.id, butDenials)), [], 'nothing of B has changed')
    assert.deepEqual(await namedIn(b, a), [], 'no row of A names a thing of B')
  })
  it('is not in anything that a person of A may read or take away', async () => {
    const marks = [b.id, b.slug, ...identifiers(b), ...Object.values(b.numbers), ...Object.values(b.tokens)]
    for (const call of calls().filter(c => c.method === 'GET' && c.path.startsWith('/c/:cpts')))
      for (const [who, as] of visitors) {
        const { html, headers } = await ask('GET', fill(call.path, a) + query(call.path, a), { as })
        const shown = marks.find(m => html.includes(m) || [...headers.values()].some(h => h.includes(m)))
        assert.equal(shown, undefined, `${key(call)} as ${who} shows something of B`)
      }
  })
})

const identifiers = (s: Side) => [
  ...Object.values(s.requests),
  ...Object.values(s.proposals),
  ...Object.values(s.people).map(p => p.membershipId),
  s.spare.membershipId,
  s.partner,
  s.removedPartner,
  s.note,
  s.plan,
  ...Object.values(s.diagnosis),
]
/** Rows of `side` that hold an identifier of `theirs`. */
async function namedIn(theirs: Side, side: Side): Promise<string[]> {
  const ids = identifiers(theirs)
  return Object.entries(await rowsOf(t, side.id)).flatMap(([table, rows]) =>
    rows.filter(r => ids.some(id => r.includes(id))).map(r => `${table}: ${r}`),
  )
}

describe('the crossing bites', () => {
  /** Reads and writes past the rules, as only a fault in the database's rules would let a page do. */
  const leaky: Area = {
    name: 'essai',
    routes: [
      page({
        path: '/c/:cpts/partenaires/:id',
        title: 'Essai',
        access: anyMember,
        async show(ctx) {
          const [row] = await t.owner('select name from app.partner where id = $1', [ctx.params.id])
          return String(row?.name)
        },
      }),
      action({
        path: '/c/:cpts/membres/:id/fin',
        access: members('coordinator'),
        form: form({ id: hidden({ required: false }) }),
        from: page({ path: '/c/:cpts/membres', title: 'x', access: anyMember, show: () => '' }),
        async submit(ctx) {
          await t.owner('update app.membership set profession = $2 where id = $1', [ctx.params.id, 'volée'])
          return { to: ctx.home }
        },
      }),
    ],
  }
  it('sees a page that shows, and an action that writes, what belongs to others', async () => {
    const honest = ask
    ask = appOn(t, { all: [leaky] })
    const before = await rowsOf(t, b.id, butDenials)
    const wrong = await crossed(calls([leaky]))
    ask = honest
    assert.equal(
      wrong.filter(w => /partenaires\/:id GET as \w+ with an identifier of B in the path of A: 200/.test(w)).length,
      roles.length,
    )
    assert.ok(
      wrong.includes('/c/:cpts/membres/:id/fin POST as coordinator with an identifier of B in the path of A: 303'),
      wrong.join('\n'),
    )
    assert.ok(differences(before, await rowsOf(t, b.id, butDenials)).length >= 2)
  })
  it('sees a row that names another community’s thing', async () => {
    await t.within(a, tx => run(tx, sql`update app.message set subject_id = ${b.partner} where id = (select id from app.message limit 1)`))
    assert.equal((await namedIn(b, a)).filter(row => row.startsWith('message: ')).length, 1)
  })
  it('fails by name on a parameter it was not taught', () => {
    assert.throws(() => fill('/c/:cpts/missions/:mission', a), /\/c\/:cpts\/missions\/:mission: .* what « missions\/:mission » names/)
  })
  it('knows who asked', () => assert.equal(ofA().length, roles.length + 1))
})
