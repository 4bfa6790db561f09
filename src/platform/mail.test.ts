import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Database, openDatabase } from './db/database.ts'
import { silentLog } from './log.ts'
import { type CourierOptions, isAddress, startCourier } from './mail.ts'
import { post } from './messages.ts'

let base: TestDatabase
let db: Database
let admin: pg.Client
const noe = randomUUID()
const demo = randomUUID()
const now = new Date('2027-03-04T09:00:00Z')

before(async () => {
  base = await testDatabase()
  db = openDatabase({ connection: base.appConfig })
  admin = new pg.Client(base.superuserConfig)
  await admin.connect()
  await admin.query("insert into platform.cpts (id, slug, name, demo) values ($1, 'noe', 'Noé', false), ($2, 'demo', 'Démo', true)", [
    noe,
    demo,
  ])
})
beforeEach(() => admin.query('truncate app.message'))
const servers: SMTPServer[] = []
after(async () => {
  // Those that a failed test has left open would keep the process from ending.
  for (const server of servers) server.close(() => {})
  await db.close()
  await admin.end()
  await base.drop()
})

interface Received {
  id: string
  to: string[]
  raw: string
}
/** A real mail server on loopback; `answer` may refuse a message (throw) or take its time. */
async function sink(answer: (m: Received, n: number) => unknown = () => {}, port = 0) {
  const received: Received[] = []
  let asked = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 200,
    onData(stream, session, done) {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('utf8')
      })
      stream.on('end', async () => {
        const m = { id: /^Message-ID: (.*)$/im.exec(raw)?.[1] ?? '', to: session.envelope.rcptTo.map(r => r.address), raw }
        try {
          await answer(m, ++asked)
          received.push(m)
          done()
        } catch (error) {
          done(error as Error)
        }
      })
    },
  })
  servers.push(server)
  server.on('error', () => {})
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const taken = (server.server.address() as AddressInfo).port
  return {
    received,
    port: taken,
    url: `smtp://127.0.0.1:${taken}`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}
const smtpError = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

const message = (n: number | string, extra = {}) => ({
  reason: 'test',
  to: { address: `dest${n}@exemple.fr`, label: `Destinataire ${n}` },
  subject: `Une réponse est attendue (${n})`,
  body: `Ouvrez https://trame.exemple.fr/${n}`,
  ...extra,
})
const write = (n: number | string, extra = {}, cpts = noe) => db.inTenant(cpts, tx => post(tx, now, message(n, extra)))
const state = async () =>
  (await admin.query('select id, state, attempts, error, body, lease, due_at > now() as later from app.message order by created_at, id'))
    .rows

async function withCourier(options: Partial<CourierOptions>, work: () => Promise<void>): Promise<void> {
  const courier = await startCourier({ db, log: silentLog, baseUrl: 'https://trame.exemple.fr', everyMs: 100, ...options })
  try {
    await work()
  } finally {
    await courier.stop()
  }
}
async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const end = performance.now() + ms; !(await condition()); ) {
    if (performance.now() > end) throw new Error(`never happened: ${what}; ${JSON.stringify(await state())}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
const all = async (wanted: string) => {
  const rows = await state()
  return rows.length > 0 && rows.every(row => row.state === wanted)
}

test('a message posted leaves once, announced, under an identifier that follows from its row; its text is then forgotten', async () => {
  const server = await sink()
  await withCourier({ smtpUrl: server.url, everyMs: 60_000 }, async () => {
    await new Promise(resolve => setTimeout(resolve, 100))
    const from = performance.now()
    const id = await write(1)
    await until('received', () => server.received.length === 1)
    // Announced, not found by the round (a minute here).
    assert.ok(performance.now() - from < 2000)
    await until('recorded', () => all('sent'))
    assert.equal(server.received[0]!.id, `<${id}@trame.exemple.fr>`)
    assert.deepEqual(server.received[0]!.to, ['dest1@exemple.fr'])
    const [row] = await state()
    assert.equal(row.body, null)
    assert.equal(row.attempts, 0)
  })
  await server.close()
})

test('three hundred messages and two couriers: each leaves once', async () => {
  const server = await sink()
  await db.inTenant(noe, async tx => {
    for (let n = 0; n < 300; n++) await post(tx, now, message(n))
  })
  await withCourier({ smtpUrl: server.url }, () => withCourier({ smtpUrl: server.url }, () => until('all sent', () => all('sent'), 20_000)))
  assert.equal(server.received.length, 300)
  assert.equal(new Set(server.received.map(m => m.id)).size, 300)
  await server.close()
})

test('a transaction rolled back leaves nothing to send', async () => {
  const server = await sink()
  await withCourier({ smtpUrl: server.url }, async () => {
    await assert.rejects(
      db.inTenant(noe, async tx => {
        await post(tx, now, message(1))
        throw new Error('changed my mind')
      }),
    )
    await new Promise(resolve => setTimeout(resolve, 300))
  })
  assert.equal(server.received.length, 0)
  await server.close()
})

test('the server is down, then up: nothing is counted against the messages, each leaves once', async () => {
  const probe = await sink()
  await probe.close()
  for (let n = 0; n < 30; n++) await write(n)
  let server: Awaited<ReturnType<typeof sink>> | undefined
  await withCourier({ smtpUrl: `smtp://127.0.0.1:${probe.port}` }, async () => {
    await until('tried', async () => (await state()).some(row => row.error))
    await new Promise(resolve => setTimeout(resolve, 500))
    for (const row of await state()) assert.deepEqual([row.state, row.attempts], ['waiting', 0])
    server = await sink(undefined, probe.port)
    await until('all sent', () => all('sent'))
  })
  const ids = server!.received.map(m => m.id)
  assert.equal(ids.length, 30)
  assert.equal(new Set(ids).size, 30)
  await server!.close()
})

test('a wrong password is the server’s business too: the messages wait', async () => {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_a, _s, done) => done(new Error('no')),
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  await write(1)
  await withCourier({ smtpUrl: `smtp://moi:faux@127.0.0.1:${(server.server.address() as AddressInfo).port}` }, async () => {
    await until('tried', async () => (await state())[0].error !== null)
    const [row] = await state()
    assert.deepEqual([row.state, row.attempts], ['waiting', 0])
    assert.match(row.error, /^535/)
  })
  await new Promise<void>(resolve => server.close(() => resolve()))
})

test('refused for now (4xx): tried again after its pause, and the others are not kept waiting', async () => {
  const server = await sink((m, n) => {
    if (m.to[0] === 'dest0@exemple.fr' && n < 4) throw smtpError(451, 'greylisted')
  })
  for (let n = 0; n < 5; n++) await write(n)
  await withCourier({ smtpUrl: server.url, backoff: [300, 300, 300, 300] }, async () => {
    await until('the others left', async () => (await state()).filter(row => row.state === 'sent').length === 4)
    const grey = (await state()).find(row => row.state === 'waiting')
    assert.match(grey.error, /451 greylisted/)
    assert.equal(grey.later, true)
    await until('all sent', () => all('sent'))
  })
  assert.equal(server.received.length, 5)
  assert.equal((await state()).reduce((sum, row) => sum + row.attempts, 0) > 0, true)
  await server.close()
})

test('refused for good (5xx): failed at once, with the reason; refused for now too often: failed as well', async () => {
  const server = await sink(m => {
    throw m.to[0] === 'dest1@exemple.fr' ? smtpError(550, 'no such user') : smtpError(451, 'later')
  })
  const gone = await write(1)
  const grey = await write(2)
  await withCourier({ smtpUrl: server.url, backoff: [100, 100] }, async () => {
    await until('both given up', () => all('failed'))
    const by = new Map((await state()).map(row => [row.id, row]))
    assert.equal(by.get(gone).attempts, 1)
    assert.match(by.get(gone).error, /550 no such user/)
    assert.equal(by.get(grey).attempts, 3)
    // Kept, so that somebody may send it again.
    assert.notEqual(by.get(grey).body, null)
  })
  await server.close()
})

test('the line is cut before the 250: tried again later, once at the end', async () => {
  let cut = true
  const server = await sink(() => {
    if (cut) {
      cut = false
      throw smtpError(421, 'bye')
    }
  })
  await write(1)
  await withCourier({ smtpUrl: server.url, backoff: [100] }, () => until('sent', () => all('sent')))
  assert.equal(server.received.length, 1)
  await server.close()
})

test('a courier killed while sending: the message is another’s after its lease, and nothing is lost', async () => {
  const server = await sink(() => new Promise(resolve => setTimeout(resolve, 150)))
  for (let n = 0; n < 10; n++) await write(n)
  const program = `
    import { openDatabase } from '#platform/db/database.ts'
    import { startCourier } from '#platform/mail.ts'
    const [connection, smtpUrl] = JSON.parse(process.argv[1])
    await startCourier({ db: openDatabase({ connection }), log: { info() {}, error() {} }, smtpUrl, baseUrl: 'https://trame.exemple.fr' })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', JSON.stringify([base.appConfig, server.url])], {
    stdio: 'inherit',
  })
  await until('some left', () => server.received.length >= 3)
  child.kill('SIGKILL')
  await new Promise(resolve => child.once('exit', resolve))
  const left = (await state()).filter(row => row.state === 'waiting')
  assert.ok(left.length > 0 && left.every(row => row.lease !== null), 'the dead one still holds them')
  await withCourier({ smtpUrl: server.url }, async () => {
    await new Promise(resolve => setTimeout(resolve, 300))
    assert.equal((await state()).filter(row => row.state === 'waiting').length, left.length, 'not before the lease ends')
    await admin.query("update app.message set leased_until = now() - interval '1 second' where leased_until is not null")
    await until('all sent', () => all('sent'))
  })
  const ids = server.received.map(m => m.id)
  assert.equal(new Set(ids).size, 10)
  // The window that cannot be closed: killed between the server's 250 and our record. One at most, and recognisable.
  assert.ok(ids.length <= 11, `${ids.length} received`)
  await server.close()
})

test('a courier that was frozen and overtaken records nothing', async () => {
  const server = await sink(() => new Promise(resolve => setTimeout(resolve, 300)))
  const id = await write(1)
  await withCourier({ smtpUrl: server.url }, async () => {
    await until('claimed', async () => (await state())[0].lease !== null)
    await admin.query("update app.message set lease = gen_random_uuid(), leased_until = now() + interval '1 hour' where id = $1", [id])
    await until('received', () => server.received.length === 1)
    await new Promise(resolve => setTimeout(resolve, 200))
    assert.equal((await state())[0].state, 'waiting')
  })
  await server.close()
})

test('stopping gives back what was claimed and not sent', async () => {
  const server = await sink(() => new Promise(resolve => setTimeout(resolve, 100)))
  for (let n = 0; n < 15; n++) await write(n)
  await withCourier({ smtpUrl: server.url }, () => until('begun', () => server.received.length >= 2))
  const rows = await state()
  assert.equal(rows.filter(row => row.state === 'sent').length, server.received.length)
  assert.ok(rows.filter(row => row.state === 'waiting').every(row => row.lease === null))
  await server.close()
})

test('the messages of a demonstration never leave and keep their text; without a mail server the others wait', async () => {
  const server = await sink()
  await write('demo', {}, demo)
  await withCourier({ smtpUrl: server.url }, () => until('shown as sent', () => all('sent')))
  assert.equal(server.received.length, 0)
  assert.match((await state())[0].body, /Ouvrez/)
  await server.close()
  await admin.query('truncate app.message')
  await write('demo', {}, demo)
  await write(1)
  await withCourier({}, () =>
    until('the demonstration’s only', async () => (await state()).filter(row => row.state === 'sent').length === 1),
  )
  assert.equal((await state()).filter(row => row.state === 'waiting').length, 1)
})

test('nothing typed can add a header or a recipient', async () => {
  const server = await sink()
  const tricks = [
    '\r\nBcc: voleur@exemple.fr',
    '\nX-Piege: 1',
    '\rBcc: a@b.fr',
    '%0aBcc: a@b.fr',
    '\u2028Bcc: a@b.fr',
    '>, <voleur@exemple.fr',
  ]
  for (const trick of tricks)
    await write(1, { subject: `Sujet${trick}`, to: { address: 'dest1@exemple.fr', label: `Nom${trick}` }, body: `Corps${trick}` })
  const wrong = ['a@b.fr\r\nBcc: x@y.fr', 'a@b.fr,x@y.fr', 'a@b.fr x@y.fr', '<a@b.fr>', 'a', 'a@b.fr\n', '"x, y"@b.fr']
  for (const address of wrong) await write(2, { to: { address, label: 'x' } })
  await withCourier({ smtpUrl: server.url }, () => until('dealt with', async () => (await state()).every(row => row.state !== 'waiting')))
  assert.equal(server.received.length, tricks.length)
  for (const { to, raw } of server.received) {
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'))
    assert.deepEqual(to, ['dest1@exemple.fr'])
    assert.doesNotMatch(head, /^(Bcc|X-Piege)/im)
    assert.deepEqual(head.split('\r\n').filter(line => /^to:/i.test(line)).length, 1)
  }
  const failed = (await state()).filter(row => row.state === 'failed')
  assert.equal(failed.length, wrong.length)
  assert.ok(failed.every(row => row.error === 'adresse invalide'))
  assert.ok(isAddress('prenom.nom+cpts@exemple.fr'))
  await server.close()
})
