/** Who may start: a second time, two at once, as root, as an ordinary user. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { query } from '../../../test/database.ts'
import { exitOf, fakePath, hold, scratch } from '../../../test/postgres-holder.ts'
import { startEmbedded } from './embedded.ts'
import { isAlive, until } from './process.ts'

test('a second start on the same folder is refused with a sentence, and the first goes on', async () => {
  const dir = path.join(scratch, 'twice')
  const first = await startEmbedded({ dir })
  try {
    const serverNow = () => Number.parseInt(readFileSync(path.join(dir, 'data', 'postmaster.pid'), 'utf8'), 10)
    const { child, said } = hold(dir)
    const exit = exitOf(child)
    const { error, message } = await said
    assert.equal(error, 'DataDirectoryInUse')
    assert.match(
      message!,
      new RegExp(`^Trame tourne déjà sur ce dossier de données \\(.*\\), dans le processus ${process.pid}\u202f: arrêtez-le d’abord`),
    )
    assert.equal(await exit, 1)
    assert.equal(serverNow(), first.pid)
    await query(first.superuser, 'create table after_refusal (n int)')
  } finally {
    await first.stop()
  }
})

test('two first starts at once: one runs, the other is refused', async () => {
  for (let round = 1; round <= 2; round++) {
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
