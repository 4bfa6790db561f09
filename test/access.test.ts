/** Who may open what: what the server really answers to each role is what docs/access.md says, for every route. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { link, members, open, type Purpose, type Role, roles } from '#platform/access.ts'
import { silentLog } from '#platform/log.ts'
import { type Area, page } from '#platform/page.ts'
import { createApp } from '#platform/web/app.ts'
import { BASE, type TestApp, testApp } from './app.ts'
import { accessDoc, type Declared, readAccessDoc } from './docs.ts'
import { type Ask, allAreas, appOn, type Call, calls, exists, fill, key, query, sample, undoing } from './manifest.ts'
import { type Side, world } from './world.ts'

let t: TestApp
let a: Side
let ask: Ask
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t))
  ask = appOn(t, { db: undoing(t.db) })
})
after(() => t.close())

const file = new URL('../docs/access.md', import.meta.url)
const everybody = ['anonymous', ...roles] as const
type Asker = (typeof everybody)[number]

/** Who finds something there, as the server answers. */
async function measured(call: Call, asking: Ask): Promise<Asker[]> {
  const path = fill(call.path, a) + query(call.path, a)
  const one = async (who: Asker) => {
    if (call.perMinute) t.now = new Date(t.now.getTime() + 60_000)
    const as = who === 'anonymous' ? null : a.people[who]
    const answer = await asking(call.method, path, { as, fields: call.method === 'POST' ? sample(call, a) : undefined })
    assert.ok(answer.status < 500, `${key(call)} as ${who}: ${answer.status}`)
    return exists(answer) ? who : null
  }
  const found = await Promise.all(everybody.map(one))
  return found.filter(who => who !== null)
}
/** Who should, as the document says. */
function declared(d: Declared | undefined): Asker[] {
  if (!d) return []
  if (d.who === 'open' || d.who.startsWith('signed link')) return [...everybody]
  return d.who === 'any member' ? [...roles] : (d.who.split(', ') as Role[])
}

describe('docs/access.md', () => {
  it('is what the manifest declares (npm run docs writes it)', () => {
    assert.equal(readFileSync(file, 'utf8'), accessDoc(calls()))
  })
  it('names every route once', () => {
    const named = readAccessDoc(readFileSync(file, 'utf8')).map(key)
    assert.deepEqual([...named].sort(), calls().map(key).sort())
    assert.ok(named.length > 80)
  })
})

describe('the server', () => {
  it('answers to whom the document says, on every route, and to nobody else', async () => {
    const doc = new Map(readAccessDoc(readFileSync(file, 'utf8')).map(d => [key(d), d]))
    const wrong: string[] = []
    for (const call of calls()) {
      const [really, said] = [await measured(call, ask), declared(doc.get(key(call)))]
      if (really.join() !== said.join())
        wrong.push(`${key(call)}: answers ${really.join(', ') || 'nobody'}; the document says ${said.join(', ')}`)
    }
    assert.deepEqual(wrong, [])
  })
  it('opens a signed link to its own purpose only', async () => {
    const wrong: string[] = []
    const purposes: Purpose[] = ['sign-in', 'proposal', 'capacity', 'tracking', 'draft', 'record']
    for (const call of calls().filter(c => c.access.kind === 'link'))
      for (const purpose of purposes) {
        if (call.access.kind !== 'link' || purpose === call.access.purpose) continue
        const path = call.path.replace(':cpts', a.slug).replace(':token', a.tokens[purpose])
        const { status } = await ask(call.method, path, { fields: sample(call, a) })
        if (status !== 404) wrong.push(`${key(call)} with a ${purpose} link: ${status}`)
      }
    assert.deepEqual(wrong, [])
  })
  it('refuses to start on a route that declares no access', () => {
    const undeclared = { kind: 'page', path: '/c/:cpts/x', title: 'x', show: () => '' } as unknown as Area['routes'][number]
    const start = (all: Area[]) => createApp({ db: t.db, areas: all, clock: () => t.now, log: silentLog, baseUrl: BASE, demo: false })
    assert.throws(() => start([{ name: 'x', routes: [undeclared] }]), /declares no access/)
    for (const area of allAreas())
      for (const route of area.routes)
        assert.throws(() => start([{ ...area, routes: [{ ...route, access: undefined } as never] }]), /declares no access/)
  })
})

describe('the measure bites', () => {
  const asked = (access: ReturnType<typeof members>, show: () => string) => {
    const route = page({ path: '/c/:cpts/essai', title: 'Essai', access, show })
    const all: Area[] = [{ name: 'essai', routes: [route] }]
    return measured(calls(all)[0]!, appOn(t, { db: undoing(t.db), all }))
  }
  it('sees a page opened to one role more, or one less', async () => {
    assert.deepEqual(await asked(members('coordinator', 'nurse'), () => ''), ['coordinator', 'nurse'])
    assert.deepEqual(await asked(members('coordinator'), () => ''), ['coordinator'])
    assert.deepEqual(await asked(open, () => ''), [...everybody])
    assert.deepEqual(await asked(link('proposal'), () => ''), [], 'no token, nobody')
  })
})
