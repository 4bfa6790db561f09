/** What must not damage the data nor prevent the next start: processes killed, files left behind. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { query } from '../../../test/database.ts'
import { exitOf, fakePath, hold, scratch, started } from '../../../test/postgres-holder.ts'
import { startEmbedded } from './embedded.ts'
import { isAlive, until } from './process.ts'

/** Starts on `dir`, reads what was kept, stops. */
async function restart(dir: string, sql = 'select 1 as n'): Promise<unknown> {
  const server = await startEmbedded({ dir })
  try {
    return (await query<{ n: unknown }>(server.superuser, sql))[0]?.n
  } finally {
    await server.stop()
  }
}

test('kill -9 of PostgreSQL: its end is told, and the same folder starts again with what was acknowledged', async () => {
  const dir = path.join(scratch, 'server-killed')
  const server = await startEmbedded({ dir })
  await query(server.superuser, 'create table kept as select generate_series(1, 1000) as n')
  process.kill(server.pid, 'SIGKILL')
  await server.exited
  assert.equal(await restart(dir, 'select count(*)::int as n from kept'), 1000)
})

test('kill -9 of PostgreSQL while one of its processes lingers: the start waits for that one', async () => {
  const dir = path.join(scratch, 'lingering')
  const server = await startEmbedded({ dir })
  const lost = assert.rejects(query(server.superuser, 'select pg_sleep(60)'))
  await new Promise(resolve => setTimeout(resolve, 300))
  const [busy] = await query<{ pid: number }>(server.superuser, "select pid from pg_stat_activity where query like 'select pg_sleep%'")
  process.kill(busy!.pid, 'SIGSTOP')
  process.kill(server.pid, 'SIGKILL')
  await server.exited
  setTimeout(() => process.kill(busy!.pid, 'SIGCONT'), 1_000)
  assert.equal(await restart(dir), 1)
  await lost
})

test('kill -9 of Trame: PostgreSQL stops by itself, and the same folder starts again', async () => {
  const dir = path.join(scratch, 'trame-killed')
  const { child, said } = hold(dir)
  const { pid, superuser } = await said
  await query(superuser, 'create table kept as select 7 as n')
  child.kill('SIGKILL')
  // Where the kernel does not tell it, the next start stops it.
  if (process.platform === 'linux') assert.ok(await until(() => !isAlive(pid), 5_000), 'PostgreSQL outlived Trame')
  assert.equal(await restart(dir, 'select n from kept'), 7)
})

test('a PostgreSQL that outlived its Trame is stopped by the next start', async () => {
  const dir = path.join(scratch, 'orphan')
  // As on a system without setpriv: nobody tells the server that Trame is gone.
  const { child, said } = hold(dir, { env: { PATH: fakePath('orphan-bin', 'setpriv', 'shift 2; exec "$@"') } })
  const { pid } = await said
  child.kill('SIGKILL')
  await exitOf(child)
  await new Promise(resolve => setTimeout(resolve, 500))
  assert.ok(isAlive(pid), 'it should still run: this test would prove nothing')
  assert.equal(await restart(dir), 1)
  assert.equal(isAlive(pid), false)
})

test('files left by a power cut, naming a process number that somebody else has now', async () => {
  const dir = path.join(scratch, 'stale')
  await restart(dir)
  // Not ourselves: PostgreSQL knows that its parent cannot be an earlier server.
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  started.push(stranger)
  const stale = path.join(dir, 'data', 'postmaster.pid')
  writeFileSync(stale, `${stranger.pid}\n${path.join(dir, 'data')}\n1700000000\n5432\n${path.join(dir, 'socket')}\n\n0 0\nready\n`)
  writeFileSync(path.join(dir, 'socket', '.s.PGSQL.5432.lock'), `${stranger.pid}\n`)
  writeFileSync(path.join(dir, 'lock'), JSON.stringify({ pid: stranger.pid, identity: 'an earlier boot' }))
  assert.equal(await restart(dir), 1)
  assert.ok(isAlive(stranger.pid!), 'the stranger was harmed')
})

test('killed while the cluster is being made: the next start makes it anew', async () => {
  const dir = path.join(scratch, 'half-made')
  const { child } = hold(dir)
  const draft = () => existsSync(dir) && readdirSync(dir).find(name => name.startsWith('data.new-'))
  assert.ok(await until(() => Boolean(draft() && existsSync(path.join(dir, draft() as string, 'PG_VERSION'))), 10_000))
  child.kill('SIGKILL')
  await exitOf(child)
  assert.ok(draft(), 'it should have been killed before the end: this test would prove nothing')
  assert.equal(existsSync(path.join(dir, 'data')), false)
  assert.equal(await restart(dir), 1)
  // The killed start's last program may have written until now.
  await restart(dir)
  assert.equal(draft(), undefined)
})
