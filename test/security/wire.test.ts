/** The application as a port on the network, in production: what a proxy may pretend, what no address gives, what no socket obtains (R47, R48, R62). */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { randomUUIDv7 } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import { openServer, type Server } from '#platform/server.ts'
import { createApp } from '#platform/web/app.ts'
import { areas } from '../../src/areas.ts'
import { type Person, type TestApp, testApp } from '../app.ts'
import { type Call, calls, fill, key, query } from '../manifest.ts'
import { differences, rowsOf, type Side, world } from '../world.ts'

const BASE = 'https://trame.exemple.fr'
let t: TestApp
let a: Side
let server: Server
/** The same behind a proxy of one's own. */
let proxied: Server
before(async () => {
  t = await testApp([])
  ;({ a } = await world(t))
  server = await production(false)
  proxied = await production(true)
})
after(async () => {
  await server?.stop(0)
  await proxied?.stop(0)
  await t.close()
})
/** As `TRAME_DEMO=0 TRAME_URL=…` starts it. */
async function production(trustProxy: boolean): Promise<Server> {
  const one = await openServer({ port: 0 })
  const all = areas({ demo: false })
  one.serve(createApp({ db: t.db, areas: all, clock: () => t.now, log: silentLog, baseUrl: BASE, demo: false, trustProxy }).fetch)
  return one
}
interface Asked {
  method?: string
  as?: Person | null
  headers?: OutgoingHttpHeaders
  fields?: Record<string, string>
  port?: number
}
interface Reply {
  status: number
  headers: IncomingMessage['headers']
  body: string
}
/** The path goes out as it is written: nothing of it is put right on the way. */
function ask(address: string, { method = 'GET', as, headers = {}, fields, port = server.port }: Asked = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = fields && new URLSearchParams({ _key: randomUUIDv7(), ...fields }).toString()
    const request = http.request({
      host: '127.0.0.1',
      port,
      method,
      path: address,
      headers: {
        ...(as && { cookie: as.cookie }),
        ...(body && { origin: BASE, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
      agent: false,
    })
    request.on('error', reject)
    request.on('response', response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
        // A stream has no end: its beginning is the answer.
        if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy()
      })
      response.on('close', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }))
    })
    request.end(body)
  })
}
/** What a raw client receives until the line is closed, or nothing more comes. */
function raw(text: string | Buffer, o: { port?: number; quiet?: number } = {}): Promise<string> {
  return new Promise(resolve => {
    let got = ''
    const socket = net.connect(o.port ?? server.port, '127.0.0.1', () => socket.write(text))
    socket.setTimeout(o.quiet ?? 5000, () => socket.destroy(new Error('still open')))
    socket.on('data', chunk => {
      got += chunk
    })
    socket.on('error', error => {
      if (error.message === 'still open') got += '(still open)'
    })
    socket.on('close', () => resolve(got))
  })
}
const allowed = ({ access }: Call): Person | null =>
  access.kind === 'member' ? a.people[access.roles.includes('coordinator') ? 'coordinator' : access.roles[0]!] : null
const gets = () => calls(areas({ demo: false })).filter(c => c.method === 'GET' && c.kind !== 'live')
/** An answer without what changes each time. */
const still = ({ status, headers, body }: Reply) => ({
  status,
  location: headers.location,
  body: body.replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, ''),
})

describe('no address gives what is not a page (R62)', () => {
  it('neither the files of the project, nor the tools of a developer, nor the list of a folder', async () => {
    const folders = ['', '/islands', '/fonts', '/images'].flatMap(f => [`/public${f}`, `/public${f}/`])
    const maps = readdirSync(path.join(import.meta.dirname, '../../public'), { recursive: true }).map(f => `/public/${f}.map`)
    const outside = ['../package.json', '..%2fpackage.json', '%2e%2e/package.json', '..\\package.json', '..%5cpackage.json', './/../.env']
    const names = `.git/config .git/HEAD .env .npmrc .gitignore .ci/run package.json package-lock.json tsconfig.json biome.json README.md src/main.ts
      src/areas.ts migrations/0001_platform_core.sql test/run.ts bin/start.js node_modules/ node_modules/hono/package.json var/ var/postgres/PG_VERSION demo/
      metrics docs docs/access.md openapi.json swagger swagger.json graphql debug/pprof/ actuator actuator/env server-status status admin phpinfo.php
      wp-login.php .well-known/ .DS_Store backup.sql dump.sql main.js.map trame.css.map index.html index.php cgi-bin/ console _next/ c/ c/.git/config`
    const all = [...names.split(/\s+/).map(n => `/${n}`), ...folders, ...maps, ...outside.map(o => `/public/${o}`)]
    assert.ok(maps.length > 5)
    for (const address of all)
      for (const as of [null, a.people.coordinator]) {
        const { status, headers, body } = await ask(address, { as })
        // A backslash is no part of an address: refused before it is looked up.
        assert.equal(status, address.includes('\\') ? 400 : 404, address)
        if (status === 404) assert.match(headers['content-type'] ?? '', /^text\/html/, address)
        assert.doesNotMatch(body, /"version"|\[core\]|import |create table|lockfile|sourceMappingURL|Index of/i, address)
      }
  })
  it('nor a demonstration, nor a place where its sources would be', async () => {
    for (const address of [
      '/demo',
      `/c/${a.slug}/demo`,
      `/c/${a.slug}/demo/messagerie`,
      `/c/${a.slug}/demo/persona`,
      `/c/${a.slug}/demo/patient`,
    ])
      assert.equal((await ask(address, { as: a.people.coordinator })).status, 404, address)
    for (const file of readdirSync(path.join(import.meta.dirname, '../../public'), { recursive: true })) {
      const { status, body } = await ask(`/public/${file}`)
      if (status === 200) assert.doesNotMatch(body, /sourceMappingURL/, String(file))
    }
  })
  it('nor anything to a verb that is none of ours: no echo, no content, no effect', async () => {
    const before = await rowsOf(t, a.id)
    const secret = { 'x-secret': 'do-not-echo', cookie: a.people.coordinator.cookie }
    const verbs = [
      'TRACE',
      'OPTIONS',
      'PUT',
      'PATCH',
      'DELETE',
      'PROPFIND',
      'MKCOL',
      'COPY',
      'LOCK',
      'SEARCH',
      'PURGE',
      'REPORT',
      'QUERY',
      'LINK',
    ]
    for (const method of verbs)
      for (const address of [
        '/',
        `/c/${a.slug}/membres`,
        `/c/${a.slug}/demandes/${a.requests.received}`,
        '/public/trame.css',
        '/healthz',
      ]) {
        const { status, headers, body } = await ask(address, { method, headers: { ...secret, origin: BASE } })
        assert.deepEqual([status, headers.allow, body], [405, 'GET, HEAD, POST', ''], `${method} ${address}`)
        assert.doesNotMatch(JSON.stringify(headers), /do-not-echo|__Host-trame=|access-control/, `${method} ${address}`)
      }
    for (const line of ['CONNECT 127.0.0.1:22 HTTP/1.1', 'CONNECT / HTTP/1.1', 'get / HTTP/1.1', 'JEFF / HTTP/1.1', ' GET / HTTP/1.1'])
      assert.doesNotMatch(await raw(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`), /HTTP\/1.1 [23]|<html/, line)
    assert.deepEqual(differences(before, await rowsOf(t, a.id)), [])
  })
})

describe('what a client writes in the name of a proxy (R47)', () => {
  const pretended: OutgoingHttpHeaders = {
    forwarded: 'for=10.0.0.1;host=ailleurs.exemple;proto=http',
    'x-forwarded-for': '10.0.0.1',
    'x-forwarded-host': 'ailleurs.exemple',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '8080',
    'x-forwarded-prefix': '/ailleurs',
    'x-forwarded-user': 'coordinator',
    'x-real-ip': '10.0.0.1',
    'x-client-ip': '10.0.0.1',
    'true-client-ip': '10.0.0.1',
    'cf-connecting-ip': '10.0.0.1',
    'x-original-url': '/c/cote-b',
    'x-rewrite-url': '/c/cote-b',
    'x-http-method-override': 'DELETE',
    'x-middleware-subrequest': 'middleware:middleware:middleware',
    'x-tenant-id': 'cote-b',
    'x-cpts-id': 'cote-b',
    'remote-user': 'coordinator',
    host: 'ailleurs.exemple',
  }
  /** Nobody may; the same with what says who one is. */
  const claimed = () => ({ ...pretended, 'x-user-id': a.people.coordinator.personId, 'x-person-id': a.people.coordinator.personId })
  it('changes no page: neither its links, nor whose it is, nor who reads it', async () => {
    for (const call of gets())
      for (const as of [null, allowed(call)]) {
        const address = fill(call.path, a) + query(call.path, a)
        const [plain, lied] = [await ask(address, { as }), await ask(address, { as, headers: claimed() })]
        assert.doesNotMatch(lied.body + JSON.stringify(lied.headers), /ailleurs\.exemple/, key(call))
        assert.equal(lied.status, plain.status, key(call))
        // Some pages differ each time (a key proposed, the record of who looked): only those may.
        if (still(lied).body !== still(plain).body) assert.notEqual(still(await ask(address, { as })).body, still(plain).body, key(call))
        else assert.deepEqual(still(lied), still(plain), key(call))
      }
  })
  it('changes no message, no place, no line of the record', async () => {
    for (const headers of [{}, pretended]) {
      const { status } = await ask(`/c/${a.slug}/connexion`, {
        method: 'POST',
        headers,
        fields: { email: await addressOf(a.people.nurse) },
      })
      assert.equal(status, 303)
    }
    const [body] = await t.owner(`select string_agg(body, ' ') as all from app.message where cpts_id = $1 and body like '%/connexion/%'`, [
      a.id,
    ])
    assert.match(String(body!.all), new RegExp(`${BASE}/c/${a.slug}/connexion/`))
    assert.doesNotMatch(String(body!.all), /ailleurs|http:\/\/|cote-b/)
    const kept =
      JSON.stringify(await t.owner(`select * from app.audit_event`)) + JSON.stringify(await t.owner(`select * from app.idempotency`))
    assert.doesNotMatch(kept, /10\.0\.0\.1|ailleurs/)
  })
  const tries = async (port: number, forwarded: (n: number) => string) => {
    t.now = new Date(t.now.getTime() + 60_000)
    const statuses: number[] = []
    for (let n = 1; n <= 12; n++) {
      const headers = { 'x-forwarded-for': forwarded(n), 'x-real-ip': forwarded(n) }
      const fields = { number: 'ZZ57-JCPP', birthDate: '1980-05-17' }
      statuses.push((await ask(`/c/${a.slug}/suivi`, { method: 'POST', headers, fields, port })).status)
    }
    return statuses.filter(s => s === 429).length
  }
  it('opens no more tries: they are counted by who is really connected', async () => {
    assert.equal(await tries(server.port, n => `10.0.0.${n}`), 4)
    assert.equal(await tries(proxied.port, n => `10.0.0.${n}`), 0, 'behind a proxy of one’s own, by whom it says')
    assert.equal(await tries(proxied.port, n => `10.0.0.${n}, 192.0.2.1`), 4, 'and by the last address only, which the proxy itself wrote')
  })
  const addressOf = async (p: Person) => String((await t.owner('select email from platform.person where id = $1', [p.personId]))[0]!.email)
})

describe('a file of ten megabytes that nobody may send', () => {
  /** Announces ten megabytes, sends the first ten thousand bytes, and says what is answered before the rest; null when the server waits for it. */
  const begun = (address: string, as: Person | null, length = 'Content-Length: 10485760') =>
    new Promise<string | null>(resolve => {
      const head = `POST ${address} HTTP/1.1\r\nHost: x\r\nOrigin: ${BASE}\r\n${as ? `Cookie: ${as.cookie}\r\n` : ''}Content-Type: multipart/form-data; boundary=x\r\n${length}\r\n\r\n`
      const part = '--x\r\nContent-Disposition: form-data; name="proof"; filename="a.pdf"\r\n\r\n'
      const body = length.startsWith('Transfer') ? `${part.length.toString(16)}\r\n${part}\r\n` : part + 'x'.repeat(10_000)
      const socket = net.connect(server.port, '127.0.0.1', () => socket.write(head + body))
      socket.setTimeout(4000, () => {
        socket.destroy()
        resolve(null)
      })
      socket.on('error', () => {})
      socket.once('data', data => {
        socket.destroy()
        resolve(String(data).split('\r\n')[0]!)
      })
    })
  it('is refused before it is read: no session, another role, a length kept silent', async () => {
    const add = `/c/${a.slug}/contrat/preuves/ajouter`
    assert.match((await begun(add, null)) ?? 'waited', / 303 /, 'to the sign-in page')
    assert.match((await begun(add, a.people.nurse)) ?? 'waited', / 404 /)
    assert.match((await begun(add, a.people.funder)) ?? 'waited', / 404 /, 'who reads may not write')
    assert.match((await begun(add, null, 'Transfer-Encoding: chunked')) ?? 'waited', / 303 /)
  })
})

describe('a socket that does not speak as it should (R48)', () => {
  /** Would be answered with the list of members if the first request ended where its sender pretends. */
  const hidden = () => `GET /c/${a.slug}/membres HTTP/1.1\r\nHost: x\r\nCookie: ${a.people.coordinator.cookie}\r\n\r\n`
  const post = (headers: string, body: string) => `POST /c/${a.slug}/connexion HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`
  it('is shown out at once, and what it hides is never read', async () => {
    const smuggled: Record<string, string> = {
      'length and encoding': post('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden()}`),
      'encoding and length': post('Transfer-Encoding: chunked\r\nContent-Length: 4', `5c\r\n${hidden()}`),
      'two lengths': post(`Content-Length: 0\r\nContent-Length: ${hidden().length}`, hidden()),
      'a list of lengths': post(`Content-Length: 0, ${hidden().length}`, hidden()),
      'a length with a sign': post('Content-Length: +0', hidden()),
      'a negative length': post('Content-Length: -1', hidden()),
      'a length in hexadecimal': post('Content-Length: 0x0', hidden()),
      'an unknown encoding': post('Transfer-Encoding: xchunked', hidden()),
      'chunked, then another': post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${hidden()}`),
      'two encodings': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', `0\r\n\r\n${hidden()}`),
      'an encoding with a tab': post('Transfer-Encoding:\tchunked\r\nContent-Length: 0', hidden()),
      'a name and a space': post('Transfer-Encoding : chunked', `0\r\n\r\n${hidden()}`),
      'a folded line': post('X-A: b\r\n Content-Length: 0', hidden()),
      'a bare line feed': `GET / HTTP/1.1\nHost: x\n\n${hidden()}`,
      'a bare carriage return': `GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n${hidden()}`,
      'a NUL in a value': `GET / HTTP/1.1\r\nHost: x\r\nX-A: b\u0000c\r\n\r\n${hidden()}`,
      'no name': `GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n${hidden()}`,
      'no host': `GET / HTTP/1.1\r\n\r\n${hidden()}`,
      'a chunk without a size': post('Transfer-Encoding: chunked', `zz\r\n\r\n${hidden()}`),
      'a chunk beyond counting': post('Transfer-Encoding: chunked', `fffffffffffffffff\r\n${hidden()}`),
      'a megabyte of header': `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(1_000_000)}\r\n\r\n${hidden()}`,
      'ten thousand headers': `GET / HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(10_000)}\r\n${hidden()}`,
      'an address of a megabyte': `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n${hidden()}`,
      'another protocol': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'no protocol': `GET /\r\n\r\n${hidden()}`,
      'a greeting of TLS': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    }
    for (const [name, text] of Object.entries(smuggled)) {
      const got = await raw(Buffer.from(text, 'latin1'))
      assert.match(got, /^HTTP\/1.1 (400|408|413|414|431) /, name)
      assert.equal(got.match(/HTTP\/1\.1 \d/g)?.length, 1, `${name}: one answer, then the line is closed`)
      assert.doesNotMatch(got, /\(still open\)|<html/, name)
    }
  })
  it('would be answered if it spoke: the hidden request is a real one', async () => {
    const got = await raw(hidden().replace('Host: x', 'Host: x\r\nConnection: close'))
    assert.match(got, /^HTTP\/1.1 200/)
    assert.match(got, /<h1/)
  })
  it('keeps nobody else waiting, however many they are', async () => {
    const slow = await Promise.all(
      Array.from(
        { length: 300 },
        (_, n) =>
          new Promise<net.Socket>((resolve, reject) => {
            const socket = net.connect(server.port, '127.0.0.1', () => {
              socket.write(n % 2 ? 'GET / HTTP/1.1\r\nHost: x\r\nX-' : post('Content-Length: 5000', 'a'))
              resolve(socket)
            })
            socket.on('error', reject)
          }),
      ),
    )
    try {
      for (const socket of slow) socket.write('A')
      for (let n = 0; n < 5; n++) assert.equal((await ask(`/c/${a.slug}/membres`, { as: a.people.coordinator })).status, 200)
      assert.ok(slow.every(s => !s.destroyed))
    } finally {
      for (const socket of slow) socket.destroy()
    }
  })
})
