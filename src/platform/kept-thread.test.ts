import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keptThread } from './kept-thread.ts'

const file = new URL('./kept-thread.fixture.ts', import.meta.url)

describe('a thread that stays', () => {
  it('answers several calls in order, with what it kept', async () => {
    const ask = keptThread<string, number>(file)
    assert.deepEqual(await Promise.all([ask('count'), ask('count'), ask('count')]), [1, 2, 3])
  })
  it('gives back a fault of the work to who asked, and goes on', async () => {
    const ask = keptThread<string, number>(file)
    const [first, fault, second] = await Promise.allSettled([ask('count'), ask('fault'), ask('count')])
    assert.deepEqual([first.status, fault.status, second.status], ['fulfilled', 'rejected', 'fulfilled'])
    assert.match(String((fault as PromiseRejectedResult).reason), /a fault of the work/)
  })
  it('when it dies, whoever waits is told, and the next call begins another', async () => {
    const ask = keptThread<string, number>(file)
    await ask('count')
    await assert.rejects(ask('die'), /ended with code 3/)
    assert.equal(await ask('count'), 1)
  })
})
