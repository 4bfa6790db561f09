import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { linesOf, Maker } from '../../../../demo/extract.ts'
import { extractOf, importBench, people, sudAllier } from './test-kit.ts'

describe('odd contents', () => {
  let bench: Awaited<ReturnType<typeof importBench>>
  before(async () => {
    bench = await importBench()
  })
  after(() => bench.close())

  test('communes missing, merged, unknown; skills together; backslashes, quotes and control characters', async () => {
    const own = people()
    const make = new Maker(5)
    const at = (code: string, name: string, postalCode: string) => ({
      ...make.place('gp', sudAllier[0]!.communes[0]!, '03', new Map()),
      commune: { code, name, postalCode },
    })
    const person = own.find(p => p.kind === 'gp')!
    const base = { codeMissing: false }
    person.skills = [
      { type: 'S', typeLabel: 'Spécialité ordinale', code: 'SM54', label: 'Médecine générale (SM)' },
      { type: 'C', typeLabel: 'Compétence', code: 'C05', label: 'Sport (C)' },
      { type: 'C', typeLabel: 'Compétence', code: 'C33', label: 'Allergologie (C)' },
    ]
    person.places = [
      { ...at('', 'ST POURCAIN S SIOULE CEDEX 2', '03500'), ...base },
      { ...at('', 'VERSAILLES CEDEX', '78035'), ...base },
      { ...at('13055', 'MARSEILLE', '13002'), ...base },
      { ...at('01033', 'Bellegarde-sur-Valserine', '01200'), ...base }, // in Valserhône since 2019, which kept the code
      { ...at('01091', 'Châtillon-en-Michaille', '01200'), ...base }, // merged into it
      { ...at('75056', 'PARIS', '75116'), ...base },
    ]
    person.places[0]!.street = 'TI\\LLEULS "BIS"\\.'
    person.places[1]!.street = 'LI\tLAS\rX'
    const report = await bench.import(extractOf(own))
    const rows = await bench.rows(
      `select street, commune_code, skill_codes, commune_label from ref.practice_place where rpps = $1 order by id`,
      [person.rpps],
    )
    assert.deepEqual(
      rows.map(r => r.commune_code),
      ['03254', null, '13202', '01033', '01033', '75116'],
    )
    for (const row of rows) assert.deepEqual(row.skill_codes, ['C05', 'C33', 'SM54'])
    assert.match(rows[0]!.street, /^\d+ Rue DES TI\\LLEULS "BIS"\\\.$/)
    assert.match(rows[1]!.street, /^\d+ Rue DES LI LAS X$/)
    assert.equal(report.withoutCommune, 1)
    assert.equal(report.status, 'done')
  })

  test('a person without place is kept; one with two hundred and one loses the last', async () => {
    const own = people()
    const [alone, many] = own as [(typeof own)[0], (typeof own)[0]]
    const line = linesOf(alone).split('\n')[0]!.split('|')
    for (let i = 13; i < line.length - 1; i++) line[i] = ''
    const place = many.places[0]!
    many.skills = []
    many.places = Array.from({ length: 201 }, (_, i) => ({ ...place, structureId: `R${i}` }))
    const rest = own.slice(1)
    const report = await bench.import(`${extractOf(rest)}${line.join('|')}\n`, { confirm: true })
    assert.deepEqual(report.rejectReasons, { 'too-many-places': 1 })
    const [row] = await bench.rows(
      `select (select count(*)::int from ref.practice_place where rpps = $1) as alone, (select count(*)::int from ref.practice_place where rpps = $2) as many,
              (select active from ref.practitioner where rpps = $1) as active`,
      [alone.rpps, many.rpps],
    )
    assert.deepEqual(row, { alone: 0, many: 200, active: true })
  })

  test('the importer may write the directory and nothing else; communities only read it', async () => {
    const rights = await bench.rows(
      `select r as role, has_table_privilege(r, 'ref.practitioner', 'select') as read, has_table_privilege(r, 'ref.practitioner', 'insert, update, delete') as write
         from unnest(array['trame_import', 'trame_tenant', 'trame_site', 'trame_web']) r`,
    )
    assert.deepEqual(rights, [
      { role: 'trame_import', read: true, write: true },
      { role: 'trame_tenant', read: true, write: false },
      { role: 'trame_site', read: true, write: false },
      { role: 'trame_web', read: false, write: false },
    ])
    const bare = await bench.rows(
      `select c.relname, a.attname from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where n.nspname = 'ref' and c.relkind = 'r' and not a.attisdropped and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)`,
    )
    assert.deepEqual(bare, [], 'every table and column of ref is described')
  })
})
