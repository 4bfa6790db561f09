/** A demonstration cut while it loads is begun again; anything else is left alone. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { emptyDatabase, query } from '../../../test/database.ts'
import { createCommunity, dropUnfinishedDemo, markDemoLoaded } from './communities.ts'
import { migrate } from './migrate.ts'

it('takes away an unfinished demonstration, never a complete one nor a community of its own', async () => {
  await using db = await emptyDatabase()
  const owner = db.ownerConfig
  const cptsIn = async () =>
    (await query(db.superuserConfig, 'select slug from platform.cpts order by slug')).map(r => (r as { slug: string }).slug)
  assert.equal(await dropUnfinishedDemo(owner), false, 'an empty database')
  await migrate(owner)
  assert.equal(await dropUnfinishedDemo(owner), false, 'no community yet')
  await createCommunity(owner, { slug: 'essai', name: 'Essai', demo: true })
  assert.equal(await dropUnfinishedDemo(owner), true)
  await migrate(owner)
  await createCommunity(owner, { slug: 'essai', name: 'Essai', demo: true })
  await createCommunity(owner, { slug: 'reelle', name: 'Réelle' })
  assert.equal(await dropUnfinishedDemo(owner), false, 'a community of its own')
  assert.deepEqual(await cptsIn(), ['essai', 'reelle'])
  await query(db.superuserConfig, `delete from platform.cpts where slug = 'reelle'`)
  await markDemoLoaded(owner)
  assert.equal(await dropUnfinishedDemo(owner), false, 'it was complete once')
  assert.deepEqual(await cptsIn(), ['essai'])
})
