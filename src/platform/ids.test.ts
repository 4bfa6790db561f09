import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { it, mock } from 'node:test'
import { isUuid, randomUUIDv7 } from './ids.ts'

const sorted = (ids: string[]) => ids.every((id, i) => i === 0 || id > ids[i - 1]!)

it('identifiers sort in the order they were made, thousands in a millisecond too', () => {
  const ids = Array.from({ length: 20_000 }, randomUUIDv7)
  assert.ok(sorted(ids))
  assert.equal(new Set(ids.map(id => id.slice(19))).size, ids.length, 'what nobody can guess is drawn anew each time')
  for (const id of [ids[0]!, ids.at(-1)!]) {
    assert.ok(isUuid(id))
    assert.match(id, /^.{8}-.{4}-7.{3}-[89ab]/)
  }
})
it('a clock set back by an hour changes nothing of the order', () => {
  const first = randomUUIDv7()
  const real = (crypto as unknown as { randomUUIDv7(): string }).randomUUIDv7
  mock.method(crypto as unknown as { randomUUIDv7(): string }, 'randomUUIDv7', () => {
    const id = real()
    const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) - 3_600_000
    const time = ms.toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}${id.slice(13)}`
  })
  const later = Array.from({ length: 5 }, randomUUIDv7)
  mock.restoreAll()
  assert.ok(sorted([first, ...later]))
})
