import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { isCommuneCode } from '#domain/ids.ts'
import type { CommandCtx } from '#platform/command.ts'
import { territories } from '../../../../demo/extract.ts'
import { commands, withoutCentres } from '../commands.ts'
import { importCommunes, loadCommunes } from './communes.ts'
import { fold } from './fold.ts'
import { extractOf, importBench, people, refusal } from './test-kit.ts'

const centres = path.resolve(import.meta.dirname, '../../../../../shared/data/geo/centroides-communes-france.csv')
let bench: Awaited<ReturnType<typeof importBench>>
before(async () => {
  bench = await importBench({ communes: false })
})
after(() => bench.close())

test('the list that comes with the program, loaded by the first import: communes, districts, populations and their year', async () => {
  const report = await bench.import(extractOf(people()))
  assert.deepEqual([report.status, report.people, report.withoutCommune], ['done', 135, 0])
  const [counts] = await bench.rows(
    `select count(*)::int as n, count(*) filter (where city_code is not null)::int as districts, count(distinct department)::int as departments,
            sum(population) filter (where city_code is null)::int as population from ref.commune`,
  )
  assert.deepEqual(counts, { n: 35_014, districts: 45, departments: 109, population: 68_952_941 })
  const [gannat] = await bench.rows(
    `select name, department, postal_codes, epci_siren, population, population_year, search from ref.commune where code = '03118'`,
  )
  assert.equal(gannat!.name, 'Gannat')
  assert.deepEqual(
    [gannat!.department, gannat!.postal_codes, gannat!.epci_siren, gannat!.population_year],
    ['03', ['03800'], '200071389', 2023],
  )
  const [marseille] = await bench.rows(`select city_code, epci_siren, search from ref.commune where code = '13202'`)
  assert.deepEqual(marseille, { city_code: '13055', epci_siren: '200054807', search: 'marseille 2e arrondissement' })
  const codes = await bench.rows<{ code: string }>('select code from ref.commune')
  for (const { code } of codes) assert.ok(isCommuneCode(code), code)
})

test('loaded again, it writes nothing', async () => {
  const report = await loadCommunes(bench.owner)
  assert.deepEqual([report.status, report.rowsWritten], ['unchanged', 0])
})

test('the command without a file ends by saying that nobody can be proposed yet, and what to type', async () => {
  const said: string[] = []
  const ctx = {
    owner: async () => bench.owner,
    args: [],
    now: new Date(),
    signal: new AbortController().signal,
    say: (line: string) => said.push(line),
  }
  const command = commands.find(c => c.name === 'import communes')!
  assert.equal(await command.run(ctx as unknown as CommandCtx), 0)
  assert.match(said.join('\n'), /Aucune commune n’a de centre.*le plan ne proposera personne/)
  assert.equal(said.at(-1), '  npm run trame -- import communes communes.json')
  assert.deepEqual(withoutCentres({ communes: 10, withCentre: 10 }), [])
  assert.match(withoutCentres({ communes: 10, withCentre: 9 })[0]!, /^1 communes? rest/)
})

test('centres from the answer of geo.api.gouv.fr, then nothing more to write', async () => {
  const file = bench.file(
    JSON.stringify([
      {
        nom: 'Gannat',
        code: '03118',
        codesPostaux: ['03800'],
        centre: { type: 'Point', coordinates: [3.1936, 46.0989] },
        population: 5800,
        codeEpci: '200071389',
      },
      { nom: 'Nowhere', code: '03999', centre: { type: 'Point', coordinates: [3, 46] } },
    ]),
  )
  const first = await importCommunes(file, { owner: bench.owner })
  assert.deepEqual([first.status, first.rowsWritten, first.unknownCodes, first.withCentre], ['done', 1, 1, 1])
  assert.deepEqual(await bench.rows(`select lon, lat from ref.commune where code = '03118'`), [{ lon: '3.19360', lat: '46.09890' }])
  const again = await importCommunes(file, { owner: bench.owner })
  assert.deepEqual([again.status, again.rowsWritten], ['unchanged', 0])
})

test('files that are not a list of communes are refused, with the line', async () => {
  for (const [content, line] of [
    ['code;lon;lat\n', 1],
    ['code,lon,lat\n03118,3.19,46.1\n03118,3.19\n', 3],
    ['code,lon,lat\n03118,3.19,146.1\n', 2],
    ['[{"code": "03118"', null],
    ['[{"nom": "Gannat"}]', null],
  ] as [string, number | null][]) {
    const { code, line: at } = await refusal(importCommunes(bench.file(content), { owner: bench.owner }))
    assert.deepEqual([code, at], ['file', line], content)
  }
})

test('the centres of the shared data', { skip: !existsSync(centres) && 'no shared data here' }, async () => {
  const report = await importCommunes(centres, { owner: bench.owner })
  assert.equal(report.status, 'done')
  assert.ok(report.withCentre > 34_000)
  const rows = await bench.rows<{ code: string; lon: string; lat: string }>(
    'select code, round(lon, 2) as lon, round(lat, 2) as lat from ref.commune where lon is not null',
  )
  const at = new Map(rows.map(r => [r.code, r]))
  for (const territory of territories)
    for (const commune of territory.communes) {
      const known = at.get(commune.code)
      if (known) assert.deepEqual([Number(known.lon), Number(known.lat)], [commune.lon, commune.lat], commune.name)
    }
})

test('fold is the same here and in the database', async () => {
  const samples = [
    'L’Haÿ-les-Roses',
    "L'Haÿ les  Roses",
    'Œuilly',
    'ŒUVRE',
    'Saint - Pourçain . sur',
    ' É ',
    'Straße',
    'ÆGIR',
    'ǅ',
    '',
    'Ⅻ',
    'ı',
    'ŸØŁ',
  ]
  fc.assert(
    // Latin writing: elsewhere the server's Unicode may be older than ours.
    fc.property(fc.string({ unit: fc.integer({ min: 0x20, max: 0x24f }).map(c => String.fromCodePoint(c)), maxLength: 30 }), text => {
      samples.push(text.normalize('NFC').replaceAll('\0', ''))
    }),
    { numRuns: 300 },
  )
  const [row] = await bench.rows<{ folded: string[] }>(
    'select array(select ref.fold(x) from unnest($1::text[]) with ordinality as t (x, n) order by n) as folded',
    [samples],
  )
  assert.deepEqual(row!.folded, samples.map(fold))
  assert.equal(fold('L’Haÿ-les-Roses'), 'l hay les roses')
})
