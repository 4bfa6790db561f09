/** What every answer carries and what no request obtains, whatever is sent (R32, R44–R46, R49, R50, R58, R62). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { BASE, type Person, type TestApp, testApp } from '../app.ts'
import { type Answer, type Ask, appOn, type Call, calls, type Fields, fill, key, paramsOf, query, sample, undoing } from '../manifest.ts'
import { differences, rowsOf, type Side, world } from '../world.ts'
import { down, failing } from './failing.ts'

let t: TestApp
let a: Side
let ask: Ask
/** The same, leaving nothing behind. */
let dry: Ask
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t))
  ask = appOn(t)
  dry = appOn(t, { db: undoing(t.db) })
})
after(() => t.close())

/** Somebody who may. */
const allowed = ({ access }: Call): Person | null =>
  access.kind === 'member' ? a.people[access.roles.includes('coordinator') ? 'coordinator' : access.roles[0]!] : null
const address = (call: Call) => fill(call.path, a) + query(call.path, a)
const gets = () => calls().filter(c => c.method === 'GET')
/** A form as words only: of a file, its name. */
const words = (fields: Fields): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(fields).map(([n, v]) => [n, v instanceof File ? v.name : v]))
const posts = () => calls().filter(c => c.method === 'POST')
const nextMinute = () => {
  t.now = new Date(t.now.getTime() + 60_000)
}

/** What is missing in the headers of an answer. */
function headerFaults({ headers, status }: Answer): string[] {
  const csp = headers.get('content-security-policy') ?? ''
  const must: [string, boolean][] = [
    ['strict-transport-security', Number(/max-age=(\d+)/.exec(headers.get('strict-transport-security') ?? '')?.[1]) >= 31_536_000],
    [
      'content-security-policy',
      /default-src 'none'/.test(csp) &&
        /frame-ancestors 'none'/.test(csp) &&
        /base-uri 'none'/.test(csp) &&
        /form-action '(self|none)'/.test(csp),
    ],
    ['no unsafe policy', !/unsafe|\*|https?:/.test(csp)],
    ['x-content-type-options', headers.get('x-content-type-options') === 'nosniff'],
    ['referrer-policy', headers.get('referrer-policy') === 'no-referrer'],
    ['x-frame-options', headers.get('x-frame-options') === 'DENY'],
    ['cross-origin-opener-policy', headers.get('cross-origin-opener-policy') === 'same-origin'],
    ['x-request-id', /^[0-9a-f-]{36}$/.test(headers.get('x-request-id') ?? '')],
    ['says nothing of what serves it', !headers.has('server') && !headers.has('x-powered-by')],
    [
      'content-type with its charset',
      status === 303 ||
        !/^text\//.test(headers.get('content-type') ?? '') ||
        /charset=utf-8|event-stream/i.test(headers.get('content-type')!),
    ],
  ]
  return must.filter(([, right]) => !right).map(([name]) => name)
}

describe('every answer', () => {
  // Each page is asked once and looked at by several rules.
  const answers = new Map<Call, Promise<Answer>>()
  const got = (call: Call) => answers.getOrInsertComputed(call, () => ask('GET', address(call), { as: allowed(call) }))
  const pages = gets()
  it('carries the headers that protect it, whatever its status (R44)', async () => {
    const wrong: string[] = []
    const seen = new Set<number>()
    const check = (what: string, answer: Answer, status?: number) => {
      seen.add(answer.status)
      if (status !== undefined) assert.equal(answer.status, status, what)
      wrong.push(...headerFaults(answer).map(f => `${what} (${answer.status}): ${f}`))
    }
    for (const call of pages) check(key(call), await got(call))
    const list = `/c/${a.slug}/membres`
    const as = a.people.coordinator
    check('sign in first', await ask('GET', list), 303)
    check('nobody’s page', await ask('GET', '/personne'), 404)
    check('somebody else’s page', await ask('GET', list, { as: a.people.nurse }), 404)
    check('a refused form', await dry('POST', `${list}/nouveau`, { as, fields: {} }), 422)
    check('another site', await dry('POST', `${list}/nouveau`, { as, headers: { origin: 'https://ailleurs.example' } }), 403)
    check('another type', await dry('POST', `${list}/nouveau`, { as, body: '{}', headers: { 'content-type': 'application/json' } }), 415)
    check('too much', await dry('POST', `${list}/nouveau`, { as, body: 'x'.repeat(300_000), headers: { 'content-length': '300000' } }), 413)
    check('no key', await dry('POST', `${list}/nouveau`, { as, fields: { _key: '' } }), 400)
    check('a fault', await appOn(t, { db: failing(t.db, 1) })('GET', list, { as }), 500)
    check('no database', await appOn(t, { db: down(t.db) })('GET', list, { as }), 503)
    const file = /\/public\/[\w./-]+\.css[^"]*/.exec((await ask('GET', '/')).html)![0]
    check('a style sheet', await ask('GET', file), 200)
    check('no style sheet', await ask('GET', '/public/rien.css'), 404)
    check('health', await ask('GET', '/healthz'), 200)
    assert.deepEqual(wrong, [])
    assert.ok(seen.size >= 9)
  })
  it('is never kept by a browser or a proxy, but for files without a person (R58)', async () => {
    for (const call of pages) {
      const { headers, status } = await got(call)
      if (call.kind !== 'live') assert.equal(headers.get('cache-control'), 'no-store', `${key(call)} ${status}`)
    }
  })
  it('does not come back under another name (R58, R62)', async () => {
    for (const call of gets().filter(c => c.kind === 'page' && c.access.kind !== 'open'))
      for (const more of ['/x.css', '.css', '/..%2fx.js', ';x.css', '/index.html']) {
        const { status } = await ask('GET', fill(call.path, a) + more, { as: allowed(call) })
        assert.ok([404, 410].includes(status), `${key(call)}${more}: ${status}`)
      }
    for (const path of [
      '/.git/config',
      '/.env',
      '/package.json',
      '/src/main.ts',
      '/metrics',
      '/docs',
      '/public/',
      '/public/../package.json',
      '/public/%2e%2e/package.json',
      '/server-status',
      '/node_modules/',
    ])
      assert.equal((await ask('GET', path)).status, 404, path)
  })
  it('to HEAD is the answer to GET without its body (R50)', async () => {
    for (const call of pages.filter(c => c.kind !== 'live')) {
      const [get, head] = [await got(call), await ask('HEAD', address(call), { as: allowed(call) })]
      assert.deepEqual(
        [head.status, head.headers.get('content-type'), head.html],
        [get.status, get.headers.get('content-type'), ''],
        key(call),
      )
    }
  })
})

describe('a request from elsewhere changes nothing (R45)', () => {
  it('neither a form of another site, nor one that does not say where it comes from', async () => {
    const before = await rowsOf(t, a.id)
    for (const call of posts()) {
      const fields = new URLSearchParams(Object.entries(words(sample(call, a))).flatMap(([n, v]) => [v].flat().map(x => [n, x])))
      const multipart = new FormData()
      for (const [n, v] of fields) multipart.append(n, v)
      const bodies: [string, BodyInit, Record<string, string>][] = [
        ['urlencoded', fields, {}],
        ['multipart', multipart, {}],
        ['text', fields.toString(), { 'content-type': 'text/plain' }],
      ]
      for (const [name, body, more] of bodies)
        for (const origin of ['https://ailleurs.example', 'null', `${BASE}.ailleurs.example`, '']) {
          const headers = { ...more, origin, ...(origin !== '' && { 'sec-fetch-site': 'cross-site' }) }
          const { status } = await ask('POST', fill(call.path, a), { as: allowed(call), body, headers })
          assert.equal(status, 403, `${key(call)} ${name} from « ${origin} »`)
        }
    }
    assert.deepEqual(differences(before, await rowsOf(t, a.id)), [])
  })
  it('nor any other verb on an address that acts', async () => {
    // That a page was read is on record; nothing else is.
    const reads = { audit_event: 'true', audit_unsealed: 'true' }
    const before = await rowsOf(t, a.id, reads)
    const pages = new Set(gets().map(call => call.path))
    for (const call of calls())
      for (const method of ['GET', 'HEAD'] as const) {
        const { status } = await ask(method, fill(call.path, a) + query(call.path, a), { as: allowed(call) })
        assert.ok(status < 500, `${method} ${call.path}: ${status}`)
        if (call.kind === 'action' && !pages.has(call.path)) assert.equal(status, 404, `${method} ${call.path}`)
      }
    assert.deepEqual(differences(before, await rowsOf(t, a.id, reads)), [])
  })
})

describe('odd requests', () => {
  const odd = [
    "'",
    '\\',
    '%',
    '_',
    '$1',
    "';--",
    '\u0000',
    '😀',
    'é'.repeat(3000),
    '-1',
    '1e309',
    '99999999999999999999',
    '../../etc/passwd',
    '{{7*7}}',
    '[]',
    '\r\nX-Y: z',
  ]
  it('in any parameter of any address are answered, never with a fault (R32)', async () => {
    const all = new Set<string>()
    for (const call of gets().filter(c => c.kind !== 'live')) {
      const asked = await parametersAsked(call)
      for (const name of asked) all.add(name)
      for (const value of asked.length > 1 ? odd : odd.slice(0, 2)) {
        const search = asked.map(name => `${name}=${encodeURIComponent(value)}`).join('&')
        const { status } = await ask('GET', `${fill(call.path, a)}?${search}`, { as: allowed(call) })
        assert.ok(status < 500, `${key(call)} with ${JSON.stringify(value.slice(0, 20))} in ${asked}: ${status}`)
      }
    }
    assert.ok(all.size >= 12, [...all].join())
  })
  it('in any segment of any path are nobody’s page (R32)', async () => {
    for (const call of calls())
      for (const name of paramsOf(call.path))
        for (const value of odd
          .filter(v => v.length < 100)
          .map(encodeURIComponent)
          .concat('%E0%A4%A', '%')) {
          const path = fill(call.path.replace(`:${name}`, 'ODD'), a).replace('ODD', value)
          if (call.perMinute) nextMinute()
          const { status } = await dry(call.method, path, { as: allowed(call), fields: sample(call, a) })
          assert.ok((status < 500 && status !== 200) || call.path.endsWith('/renouveler'), `${call.method} ${path}: ${status}`)
        }
  })
  it('repeated, nested or poisoned fields are refused or ignored, and poison nothing (R49)', async () => {
    const prototype = Object.getOwnPropertyNames(Object.prototype).sort().join()
    for (const call of posts()) {
      const good = words(sample(call, a))
      const names = Object.keys(good)
      const poison = {
        '__proto__[polluted]': '1',
        'constructor[prototype][polluted]': '1',
        constructor: '1',
        toString: '1',
        hasOwnProperty: '1',
        ['__proto__']: '1',
      }
      const file = new FormData()
      for (const n of names) file.append(n, new File(['x'], 'x.txt'))
      file.append('_key', '01a20293-5622-7c1d-bf59-a5e932c52db3')
      const forms: Record<string, string | string[]>[] = [
        { ...good, ...poison },
        Object.fromEntries(names.map(n => [n, [...[good[n]!].flat(), 'autre']])),
        Object.fromEntries(
          names.flatMap(n => [
            [`${n}[]`, 'x'],
            [`${n}[0]`, 'x'],
            [`${n}.x`, 'x'],
          ]),
        ),
        Object.fromEntries(names.map(n => [n, ['', '', '']])),
        { ...good, _key: ['01a20293-5622-7c1d-bf59-a5e932c52db3', 'autre'] },
        {},
      ]
      const path = fill(call.path, a)
      for (const fields of forms) {
        if (call.perMinute) nextMinute()
        const { status } = await dry('POST', path, { as: allowed(call), fields })
        assert.ok(status < 500, `${key(call)} with ${JSON.stringify(fields).slice(0, 80)}: ${status}`)
      }
      if (call.perMinute) nextMinute()
      assert.ok((await dry('POST', path, { as: allowed(call), body: file })).status < 500, `${key(call)} with files`)
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    assert.equal(Object.getOwnPropertyNames(Object.prototype).sort().join(), prototype)
  })
  it('in a type that is no form are refused (R50)', async () => {
    for (const call of posts())
      for (const type of ['application/json', 'application/x-www-form-urlencodedx']) {
        if (call.perMinute) nextMinute()
        const { status } = await dry('POST', fill(call.path, a), { as: allowed(call), body: '{"a":1}', headers: { 'content-type': type } })
        assert.equal(status, 415, `${key(call)} as ${type}`)
      }
  })
})

describe('the page to come back to (R46)', () => {
  it('is one of ours, however it is written', async () => {
    const tricks = [
      '//evil.example',
      '/\\evil.example',
      '\\/evil.example',
      'https://evil.example',
      'https:evil.example',
      'https:/evil.example',
      '/%2f%2fevil.example',
      '%2f%2fevil.example',
      '/%5cevil.example',
      `//evil.example/c/${a.slug}`,
      `${BASE}@evil.example`,
      '/\t/evil.example',
      '/\r\n//evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '/c/..//evil.example',
      '///evil.example',
      '.evil.example',
      '@evil.example',
    ]
    for (const suite of tricks) {
      nextMinute()
      const { location } = await dry('POST', `/c/${a.slug}/connexion/${a.tokens['sign-in']}`, { fields: { suite } })
      const url = new URL(location!, BASE)
      assert.equal(url.origin, BASE, suite)
      assert.ok(/^\/c\//.test(location!) && !/^\/[/\\]/.test(location!) && !/[\t\r\n\\]/.test(location!), `${suite} leads to ${location}`)
      for (const path of [`/c/${a.slug}/connexion`, `/c/${a.slug}/connexion/${a.tokens['sign-in']}`]) {
        const { html } = await dry('GET', `${path}?suite=${encodeURIComponent(suite)}`)
        assert.doesNotMatch(html, /(href|action)="[^"]*evil/, suite)
      }
    }
  })
})

/** Names of the parameters that a page looks for in its address, seen while it is drawn. */
async function parametersAsked(call: Call): Promise<string[]> {
  const asked = new Set<string>()
  const { prototype } = URLSearchParams
  const kept = { get: prototype.get, has: prototype.has, getAll: prototype.getAll }
  const spy = (name: keyof typeof kept) =>
    function (this: URLSearchParams, key: string) {
      asked.add(String(key))
      return (kept[name] as (key: string) => never).call(this, key)
    }
  Object.assign(prototype, { get: spy('get'), has: spy('has'), getAll: spy('getAll') })
  try {
    await ask('GET', address(call), { as: allowed(call) })
  } finally {
    Object.assign(prototype, kept)
  }
  return [...asked]
}
