/** The embedded PostgreSQL in one piece: what is made, who may come in, what is kept, what is said. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { query } from '../../../test/database.ts'
import { type EmbeddedPostgres, startEmbedded } from './embedded.ts'
import { isAlive } from './process.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'trame-postgres-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

describe('a first start', () => {
  const dir = path.join(scratch, 'first')
  const printed: string[] = []
  let server: EmbeddedPostgres
  before(async () => {
    server = await startEmbedded({ dir, log: line => printed.push(line) })
  })
  after(() => server.stop())

  test('makes a database whose owner is not a superuser', async () => {
    const [row] = await query(
      server.connection,
      `select current_database() as db, rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user`,
    )
    assert.deepEqual({ ...row }, { db: 'trame', rolsuper: false, rolcreaterole: true, rolbypassrls: false })
  })

  test('acknowledges nothing that a power cut could take', async () => {
    const rows = await query<{ name: string; setting: string }>(
      server.superuser,
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') order by 1`,
    )
    assert.deepEqual([...new Set(rows.map(row => row.setting))], ['on'])
    assert.equal(rows.length, 4)
  })

  test('sorts and compares text with rules that no system update changes', async () => {
    const [row] = await query(
      server.superuser,
      `select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'trame'`,
    )
    assert.deepEqual({ ...row }, { datlocprovider: 'b', datlocale: 'C.UTF-8', encoding: 'UTF8' })
  })

  test('listens on a socket that only its owner can reach, and nowhere else', async () => {
    const [row] = await query(server.superuser, 'show listen_addresses')
    assert.equal(row?.listen_addresses, '')
    assert.equal(statSync(server.connection.host).mode & 0o777, 0o700)
    assert.equal(statSync(path.join(dir, 'password')).mode & 0o777, 0o600)
  })

  test('writes no value and no statement to its log', async () => {
    const canary = 'canari-8d1f'
    await query(server.superuser, `create table patient (name text primary key)`)
    await query(server.superuser, `insert into patient values ('${canary}')`)
    await assert.rejects(query(server.superuser, `insert into patient values ('${canary}')`), /duplicate key/)
    await assert.rejects(query(server.superuser, `select '${canary}'::int`), /invalid input/)
    await assert.rejects(query(server.superuser, `selekt '${canary}'`), /syntax error/)
    assert.match(printed.join('\n'), /ready to accept connections/)
    assert.doesNotMatch(printed.join('\n'), new RegExp(canary))
  })
})

test('a clean stop lets go of everything, and the next start finds the data', async () => {
  const dir = path.join(scratch, 'stop')
  const first = await startEmbedded({ dir })
  await query(first.superuser, 'create table kept as select 42 as n')
  await Promise.all([first.stop(), first.stop()])
  assert.equal(isAlive(first.pid), false)
  assert.deepEqual(readdirSync(dir).sort(), ['data', 'password', 'socket'])
  assert.equal(existsSync(path.join(dir, 'data', 'postmaster.pid')), false)
  const second = await startEmbedded({ dir })
  try {
    assert.deepEqual({ ...(await query(second.superuser, 'select n from kept'))[0] }, { n: 42 })
  } finally {
    await second.stop()
  }
})

test('stopping does not wait for a transaction left open', async () => {
  const server = await startEmbedded({ dir: path.join(scratch, 'open') })
  const sleeping = assert.rejects(query(server.superuser, 'select pg_sleep(60)'))
  await new Promise(resolve => setTimeout(resolve, 200))
  const start = performance.now()
  await server.stop()
  assert.ok(performance.now() - start < 5_000)
  await sleeping
})

for (const [what, name] of [
  ['spaces, accents and an apostrophe', 'Données d’été — CPTS "Noé", 2'],
  ['more than 107 bytes', `${'é'.repeat(60)}/${'long'.repeat(20)}`],
])
  test(`a folder whose path has ${what}`, async () => {
    const dir = path.join(scratch, name!)
    for (let start = 1; start <= 2; start++) {
      const server = await startEmbedded({ dir })
      try {
        await query(server.connection, 'select 1')
        assert.ok(Buffer.byteLength(path.join(server.connection.host, '.s.PGSQL.5432')) <= 107)
      } finally {
        await server.stop()
      }
      assert.equal(existsSync(path.join(dir, 'socket')) || !existsSync(server.connection.host), true)
    }
  })

test('over TCP: 127.0.0.1 only, and with the password only', async () => {
  const server = await startEmbedded({ dir: path.join(scratch, 'tcp'), tcpPort: 0 })
  try {
    assert.equal(server.connection.host, '127.0.0.1')
    await query(server.connection, 'select 1')
    await assert.rejects(query({ ...server.connection, password: 'other' }, 'select 1'), /password authentication failed/)
    const [addresses] = await query(server.superuser, 'show listen_addresses')
    assert.equal(addresses?.listen_addresses, '127.0.0.1')
    const [stored] = await query(
      server.superuser,
      `select bool_and(rolpassword like 'SCRAM-SHA-256$%') as scram from pg_authid where rolcanlogin`,
    )
    assert.equal(stored?.scram, true)
  } finally {
    await server.stop()
  }
})

test('a folder written by another version of PostgreSQL is refused and left as it is', async () => {
  const dir = path.join(scratch, 'other')
  mkdirSync(path.join(dir, 'data'), { recursive: true })
  writeFileSync(path.join(dir, 'data', 'PG_VERSION'), '17\n')
  await assert.rejects(startEmbedded({ dir }), {
    name: 'DataDirectoryFromOtherVersion',
    message: /PostgreSQL 17, et Trame embarque PostgreSQL 18/,
  })
  assert.deepEqual(readdirSync(path.join(dir, 'data')), ['PG_VERSION'])
  assert.equal(readFileSync(path.join(dir, 'data', 'PG_VERSION'), 'utf8'), '17\n')
  assert.equal(existsSync(path.join(dir, 'lock')), false)
})
