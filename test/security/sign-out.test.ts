/** Once signed out, the cookie of before opens nothing, anywhere (R25). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { roles } from '#platform/access.ts'
import { type TestApp, testApp } from '../app.ts'
import { type Answer, type Ask, appOn, calls, fill, key, query, sample } from '../manifest.ts'
import { differences, rowsOf, type Side, world } from '../world.ts'

const secret = (where: string) => `serin-${where}`

let t: TestApp
let a: Side
let ask: Ask
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t, { text: secret }))
  ask = appOn(t)
})
after(() => t.close())

const kinds = () => calls().filter(c => c.access.kind === 'member')
const reads = async (as = a.people.coordinator) => (await ask('GET', `/c/${a.slug}/demandes`, { as })).html.includes('serin-givenNames')

describe('who has signed out', () => {
  it('is told so, and the browser is told to forget', async () => {
    assert.ok(await reads(), 'before')
    const other = await t.person(a, ['coordinator'])
    const out = await ask('POST', `/c/${a.slug}/deconnexion`, { as: other })
    assert.equal(out.status, 303)
    assert.match(out.headers.get('set-cookie') ?? '', /^__Host-trame=;.*Max-Age=0.*Path=\/.*Secure/)
    assert.equal(out.headers.get('clear-site-data'), '"cache", "storage"')
    assert.ok(await reads(), 'somebody else’s session goes on')
    assert.equal(await reads(other), false)
  })
  it('reads nothing with the old cookie, in no form: 303 to the sign-in page, 401 for a file or a stream', async () => {
    for (const role of roles) await ask('POST', `/c/${a.slug}/deconnexion`, { as: a.people[role] })
    const before = await rowsOf(t, a.id)
    const wrong: string[] = []
    const forms = new Set<string>()
    for (const call of kinds())
      for (const role of call.access.kind === 'member' ? call.access.roles : []) {
        const fields = call.method === 'POST' ? sample(call, a) : undefined
        const got = await ask(call.method, fill(call.path, a) + query(call.path, a), { as: a.people[role], fields })
        const isFile = call.kind === 'download' || call.kind === 'live'
        const right = isFile ? got.status === 401 : got.status === 303 && /\/connexion(\?|$)/.test(got.location ?? '') && got.html === ''
        forms.add(`${call.kind} ${call.path.split('.')[1] ?? ''}`)
        if (!right || tells(got)) wrong.push(`${key(call)} as ${role} before: ${got.status} ${got.location}`)
      }
    assert.deepEqual(wrong, [])
    assert.deepEqual(differences(before, await rowsOf(t, a.id)), [])
    for (const form of ['action ', 'download csv', 'download xlsx', 'live ', 'page ']) assert.ok(forms.has(form), `${form} was tried`)
  })
  it('is anybody on the pages open to all', async () => {
    for (const call of calls().filter(c => c.access.kind === 'open' && c.method === 'GET' && c.kind !== 'live')) {
      const address = fill(call.path, a) + query(call.path, a)
      const [old, nobody] = [await ask('GET', address, { as: a.people.coordinator }), await ask('GET', address)]
      assert.equal(still(old), still(nobody), key(call))
    }
  })
})
const tells = ({ html, headers }: Answer) => /serin-/.test(html + JSON.stringify([...headers]))
/** Without the keys of forms, new each time. */
const still = ({ status, html }: Answer) => status + html.replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/g, '')
