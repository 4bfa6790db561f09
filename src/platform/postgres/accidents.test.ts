/** What must not damage the data nor prevent the next start: processes killed, files left behind, two starts at once. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { type Login, query } from '../../../test/database.ts'
import { startEmbedded } from './embedded.ts'
import { isAlive, until } from './process.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'trame-accidents-'))
const started: ChildProcess[] = []
after(async () => {
  for (const child of started) child.kill('SIGKILL')
  await new Promise(resolve => setTimeout(resolve, 200))
  rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

type Said = { pid: number; superuser: Login; owner: Login; error?: string; message?: string }

/** A Trame of its own on that folder; `said` is its first line. */
function hold(dir: string, { prefix = [] as string[], env = {} } = {}): { child: ChildProcess; said: Promise<Said> } {
  const [command, ...args] = [...prefix, process.execPath, path.join(import.meta.dirname, 'holder.fixture.ts'), dir]
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
  })
  started.push(child)
  const said = new Promise<Said>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += chunk
      if (text.includes('\n')) resolve(JSON.parse(text) as Said)
    })
    child.once('close', code => reject(new Error(`ended with ${code} before saying anything`)))
  })
  // One that is killed on purpose says nothing, and nobody waits for it.
  said.catch(() => {})
  return { child, said }
}

const exitOf = (child: ChildProcess) => new Promise<number | null>(resolve => child.once('exit', resolve))

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

/** A PATH on which `name` is replaced by a script of ours. */
function fakePath(folder: string, name: string, script: string): string {
  const bin = path.join(scratch, folder)
  mkdirSync(bin, { recursive: true })
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(path.join(bin, name), 0o755)
  return `${bin}${path.delimiter}${process.env.PATH}`
}

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
  assert.equal(draft(), undefined)
})

test('a second start on the same folder is refused with a sentence, and the first goes on', async () => {
  const dir = path.join(scratch, 'twice')
  const first = await startEmbedded({ dir })
  try {
    const pid = readFileSync(path.join(dir, 'data', 'postmaster.pid'), 'utf8')
    const { child, said } = hold(dir)
    const exit = exitOf(child)
    const { error, message } = await said
    assert.equal(error, 'DataDirectoryInUse')
    assert.match(
      message!,
      new RegExp(`^Trame tourne déjà sur ce dossier de données \\(.*\\), dans le processus ${process.pid}\u202f: arrêtez-le d’abord`),
    )
    assert.equal(await exit, 1)
    assert.equal(readFileSync(path.join(dir, 'data', 'postmaster.pid'), 'utf8'), pid)
    await query(first.superuser, 'create table after_refusal (n int)')
  } finally {
    await first.stop()
  }
})

test('two first starts at once: one runs, the other is refused', async () => {
  for (let round = 1; round <= 3; round++) {
    const dir = path.join(scratch, `race-${round}`)
    const both = [hold(dir), hold(dir)]
    const said = await Promise.all(both.map(each => each.said))
    assert.deepEqual(said.map(each => each.error ?? 'runs').sort(), ['DataDirectoryInUse', 'runs'])
    const winner = said.findIndex(each => each.error === undefined)
    await query(said[winner]!.owner, 'select 1')
    both[winner]!.child.kill('SIGTERM')
    assert.equal(await exitOf(both[winner]!.child), 0)
  }
})

const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
const asRoot = process.getuid?.() === 0
const nobodyReads =
  asRoot &&
  spawnSync(nobody[0]!, [...nobody.slice(1), process.execPath, '-e', `fs.readFileSync(${JSON.stringify(import.meta.filename)})`]).status ===
    0

/** A folder that an account other than root owns. */
function nobodysFolder(name: string): string {
  chmodSync(scratch, 0o755)
  const home = path.join(scratch, name)
  mkdirSync(home)
  spawnSync('chown', ['65534:65534', home])
  return path.join(home, 'data')
}

test('as an ordinary user', { skip: asRoot && !nobodyReads && 'this checkout is closed to other accounts' }, async () => {
  const { child, said } = asRoot ? hold(nobodysFolder('ordinary'), { prefix: nobody }) : hold(path.join(scratch, 'ordinary'))
  const { owner, pid } = await said
  assert.deepEqual({ ...(await query(owner, 'select 1 as n'))[0] }, { n: 1 })
  if (asRoot) assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^Uid:\t65534\t/m)
  child.kill('SIGTERM')
  assert.equal(await exitOf(child), 0)
  assert.equal(isAlive(pid), false)
})

test('as root where user namespaces are forbidden', { skip: !asRoot && 'only root can change account' }, async () => {
  chmodSync(scratch, 0o755)
  const dir = path.join(scratch, 'no-namespace')
  const { child, said } = hold(dir, { env: { PATH: fakePath('no-namespace-bin', 'unshare', 'exit 1') } })
  const { owner, pid } = await said
  assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^Uid:\t65534\t/m)
  await query(owner, 'select 1')
  child.kill('SIGKILL')
  assert.ok(await until(() => !isAlive(pid), 5_000), 'PostgreSQL outlived Trame')
})
