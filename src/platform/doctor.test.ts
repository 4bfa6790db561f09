import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '../../test/database.ts'
import { inspect } from './db/inspect.ts'
import { centres } from './doctor.ts'

test('a territory whose communes have no centre is told, with what it prevents and what to type', async () => {
  await using base = await testDatabase()
  const look = async () => centres((await inspect(base.ownerConfig)).communes)
  const none = await look()
  assert.equal(none.level, 'warning')
  assert.match(none.advice!, /npm run trame -- import communes communes\.json$/)
  const admin = new pg.Client(base.superuserConfig)
  await admin.connect()
  try {
    await admin.query(`insert into platform.cpts (id, slug, name) values ('01a20347-3557-725d-8433-2da90215d61b', 'ici', 'Ici')`)
    await admin.query(`insert into ref.commune (code, name, department, postal_codes, lon, lat)
                       values ('91377', 'Massy', '91', '{91300}', null, null), ('91477', 'Palaiseau', '91', '{91120}', null, null), ('03118', 'Gannat', '03', '{03800}', null, null)`)
    const claim = (code: string) =>
      admin.query(`insert into platform.commune_claim (commune_code, cpts_id) select $1, id from platform.cpts`, [code])
    assert.match((await look()).found, /^aucune des 3 communes n’a de centre/)
    await admin.query(`update ref.commune set lon = 2.27, lat = 48.73 where code = '91377'`)
    await claim('91377')
    assert.deepEqual(await look(), {
      level: 'ok',
      subject: 'Communes',
      found: '3, dont 1 avec leur centre\u202f; toutes celles des territoires (1) l’ont',
    })
    await claim('91477')
    const missing = await look()
    assert.equal(missing.level, 'warning')
    assert.match(missing.found, /^1 des 2 communes des territoires n’ont pas de centre.*personne ne peut y être proposé/)
    assert.match(missing.advice!, /npm run trame -- import communes communes\.json$/)
  } finally {
    await admin.end()
  }
})
