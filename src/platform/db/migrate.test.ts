/** Several databases of one server brought to this schema at once. */
import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { query, testDatabase } from '../../../test/database.ts'
import { migrate } from './migrate.ts'

it('databases of one server may migrate at the same time, though they share their roles', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, testDatabase))
  after(() => Promise.all(all.map(db => db.drop())))
  const done = await Promise.all(all.map(db => migrate(db.ownerConfig)))
  for (const { web } of done) assert.deepEqual(await query(web as never, 'select current_user::text as who'), [{ who: 'trame_web' }])
})
