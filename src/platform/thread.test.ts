import assert from 'node:assert/strict'
import { constants, getPriority } from 'node:os'
import { test } from 'node:test'
import { inThread } from './thread.ts'

const file = new URL('./thread.fixture.ts', import.meta.url)

test('a thread says where it is, then answers; its fault is the caller’s', async () => {
  const told: string[] = []
  assert.equal(await inThread<string, string>(file, 'answer', { onTell: x => told.push(x) }), 'done')
  assert.deepEqual(told, ['begun'])
  await assert.rejects(inThread(file, 'fail'), RangeError)
})

test('a thread lets those who wait for a page go first, where threads have a priority of their own', {
  skip: process.platform !== 'linux',
}, async () => {
  const mine = getPriority()
  assert.ok(Number(await inThread<string>(file, 'priority')) >= constants.priority.PRIORITY_BELOW_NORMAL)
  assert.equal(getPriority(), mine)
})

test('a thread that would never end is ended by its signal, and gone when the caller hears of it', async () => {
  const stop = new AbortController()
  const why = new Error('stopped')
  await assert.rejects(inThread<never, string>(file, 'forever', { signal: stop.signal, onTell: () => stop.abort(why) }), e => e === why)
  // A thread still turning would show here: the loop of this one would be alone with half a processor.
  const used = process.cpuUsage()
  await new Promise(resolve => setTimeout(resolve, 200))
  const busy = process.cpuUsage(used)
  assert.ok((busy.user + busy.system) / 1000 < 150, `${busy.user + busy.system} µs used after the end`)
  await assert.rejects(inThread(file, 'answer', { signal: stop.signal }), e => e === why, 'not even begun')
})
