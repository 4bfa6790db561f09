/** Every column is explained and classified, and docs/data.md says so. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { query, type TestDatabase, testDatabase } from './database.ts'
import { dataDoc } from './docs.ts'
import { type Column, classOf, columnsSql, privacy, privacyFaults } from './privacy.ts'

let database: TestDatabase
let columns: Column[]
before(async () => {
  database = await testDatabase()
  columns = await query<Column & Record<string, string>>(database.superuserConfig, columnsSql)
})
after(() => database.drop())

describe('docs/data.md', () => {
  it('is what the schema and the classes say (npm run docs writes it)', () => {
    assert.equal(readFileSync(new URL('../docs/data.md', import.meta.url), 'utf8'), dataDoc(columns))
  })
  it('classifies every column once', () => assert.deepEqual(privacyFaults(columns), []))
  it('takes what a patient says of himself for what it is', () => {
    for (const column of ['ald', 'pregnancy', 'treatment', 'home_visit', 'isolation'])
      assert.equal(classOf({ table: 'app.request', column }), 'health-flag')
    for (const column of ['birth_name', 'phone', 'birth_date']) assert.equal(classOf({ table: 'app.request', column }), 'personal')
  })
})

describe('the classification bites', () => {
  const extra: Column = { table: 'app.request', column: 'weight', type: 'integer', comment: 'Weight.', tableComment: '' }
  it('on a new column, a new table, a column gone, a column with two classes', () => {
    assert.deepEqual(privacyFaults([...columns, extra]), ['app.request.weight: has no privacy class; decide it in test/privacy.ts'])
    assert.equal(privacyFaults([...columns, { ...extra, table: 'app.visit' }]).length, 1)
    assert.deepEqual(privacyFaults(columns.filter(c => c.column !== 'ald' || c.table !== 'app.request')), [
      'app.request.ald: is classified and does not exist',
    ])
    const twice = { ...privacy, 'app.household': { organisation: 'cpts_id id created_at', personal: 'id' } }
    assert.deepEqual(privacyFaults(columns, twice), ['app.household.id: has two privacy classes'])
  })
})
