/** The application as it is started on a PostgreSQL that somebody gives it: the only starts that another server may change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { emptyDatabase, testDatabase } from './database.ts'
import { folder, health, run, start, trame } from './starts.ts'

test('on a PostgreSQL of one’s own', async () => {
  await using db = await emptyDatabase()
  const env = { DATABASE_URL: db.ownerUrl, TRAME_DATA: folder() }
  const app = await start(env)
  assert.equal(await health(app.url), 200)
  assert.equal((await trame(env, 'doctor')).text.match(/Migrations\u202f: \d+ appliquées/)?.length, 1)
  app.child.kill('SIGTERM')
  assert.equal(await app.exit, 0)
})

test('a database of a newer Trame: one sentence, nothing done', async () => {
  await using db = await testDatabase()
  const owner = new pg.Client(db.ownerConfig)
  await owner.connect()
  await owner.query("insert into public.trame_migration (name, checksum) values ('9999_later.sql', 'x')")
  const newer = run('src/main.ts', [], { PORT: '0', DATABASE_URL: db.ownerUrl })
  assert.equal(await newer.exit, 1)
  assert.match(newer.output(), /^Cette base de données vient d’une version plus récente de Trame \(9999_later\.sql\).*\n$/)
  await owner.end()
})
