import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { constants, getPriority } from 'node:os'
import { test } from 'node:test'
import { inOwnProcess } from './own-process.ts'
import { isAlive } from './postgres/process.ts'

const file = new URL('./own-process.fixture.ts', import.meta.url)

test('a process says where it is, then answers; its fault is the caller’s', async () => {
  const told: string[] = []
  assert.equal(await inOwnProcess<string, string>(file, 'answer', { onTell: x => told.push(x) }), 'done')
  assert.deepEqual(told, ['begun'])
  await assert.rejects(inOwnProcess(file, 'fail'), { name: 'RangeError', message: 'no' })
  await assert.rejects(inOwnProcess(file, 'exit'), /ended with code 3 before answering/)
})

test('a process is gone once it has answered', async () => {
  let pid = 0
  await inOwnProcess<unknown, string>(file, 'environment', { onTell: told => (pid = Number(told)) })
  assert.equal(await gone(pid), true)
})

test('each thread of a process of its own lets those who wait for a page go first', { skip: process.platform !== 'linux' }, async () => {
  const mine = getPriority()
  const threads = await inOwnProcess<number[]>(file, 'priorities')
  assert.ok(threads.length > 1, 'V8 has threads to help')
  assert.deepEqual(new Set(threads), new Set([constants.priority.PRIORITY_LOW]))
  assert.equal(getPriority(), mine)
})

test('a process of its own knows nothing of our environment', async () => {
  Object.assign(process.env, { TRAME_TEST_SECRET: 'secret' })
  assert.deepEqual(await inOwnProcess(file, 'environment'), [])
})

test('a process that would never end is ended by its signal, and gone when the caller hears of it', async () => {
  const stop = new AbortController()
  const why = new Error('stopped')
  let pid = 0
  const endless = inOwnProcess<never, string>(file, 'forever', {
    signal: stop.signal,
    onTell: told => {
      pid = Number(told)
      stop.abort(why)
    },
  })
  await assert.rejects(endless, e => e === why)
  assert.equal(isAlive(pid), false)
  await assert.rejects(inOwnProcess(file, 'answer', { signal: stop.signal }), e => e === why, 'not even begun')
})

test('a process ends by itself at its next word when whoever asked was killed', async () => {
  const script = `import { inOwnProcess } from ${JSON.stringify(new URL('./own-process.ts', import.meta.url).href)}
    inOwnProcess(new URL(${JSON.stringify(file.href)}), 'talk', { onTell: pid => process.stdout.write(pid + ' ') }).catch(() => {})`
  const asker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = await new Promise<number>(resolve => asker.stdout.once('data', (text: Buffer) => resolve(Number(String(text).split(' ')[0]))))
  asker.kill('SIGKILL')
  assert.equal(await gone(pid), true)
})

/** Within five seconds; killed if not. */
async function gone(pid: number): Promise<boolean> {
  for (let left = 100; left > 0 && isAlive(pid); left--) await new Promise(resolve => setTimeout(resolve, 50))
  return !isAlive(pid) || !process.kill(pid, 'SIGKILL')
}
