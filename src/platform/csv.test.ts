/** Exports read back with other people's readers: nothing runs, nothing is lost. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'csv-parse/sync'
import readExcelFile from 'read-excel-file/node'
import { csv, originalText, type SheetColumn } from './csv.ts'
import { xlsx } from './xlsx.ts'

interface Row {
  text: string
  number: number | null
  day: string | Date | null
}
const columns: SheetColumn<Row>[] = [
  { label: 'Texte', value: r => r.text },
  { label: 'Nombre', type: 'number', value: r => r.number },
  { label: 'Jour', type: 'date', value: r => r.day },
]
const hostile = [
  '=1+1',
  '+33612345678',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  "'=1",
  "''=1",
  '＝1+1',
  "'s-Hertogenbosch",
  'a "quoted" one',
  'two; cells',
  'two\r\nlines',
  ' spaces ',
  '=HYPERLINK("http://x";"y")',
  'L’Haÿ-les-Roses',
]
const sample: Row[] = hostile.map((text, i) => ({ text, number: i % 2 ? -1234.5 : null, day: i % 2 ? '2026-11-22' : null }))
const read = (text: string) => parse(text, { delimiter: ';', bom: true, relax_column_count: false }) as string[][]

describe('a CSV export', () => {
  it('starts no formula, keeps one row a record, and gives the text back', () => {
    const [header, ...rows] = read(csv(columns, sample))
    assert.deepEqual(header, ['Texte', 'Nombre', 'Jour'])
    assert.equal(rows.length, sample.length)
    for (const [i, row] of rows.entries()) {
      assert.doesNotMatch(row[0]!, /^[=+\-@\t\r\n＝＋－＠]/)
      assert.equal(originalText(row[0]!), sample[i]!.text)
    }
  })
  it('keeps numbers as numbers, with a comma, negative ones too', () => {
    const [, row] = read(csv(columns, [{ text: 'a', number: -1234.5, day: null }]))
    assert.equal(row![1], '-1234,5')
    assert.equal(read(csv(columns, [{ text: 'a', number: 1e-7, day: null }]))[1]![1], '0,0000001')
    assert.equal(read(csv(columns, [{ text: 'a', number: Number.NaN, day: null }]))[1]![1], '')
  })
  it('is what Excel in French opens: byte order mark, semicolons, French days, the day of Paris', () => {
    const text = csv(columns, [{ text: 'é', number: 1, day: '2026-11-22' }])
    assert.equal(Buffer.from(text).subarray(0, 3).toString('hex'), 'efbbbf')
    assert.ok(text.endsWith('é;1;22/11/2026\r\n'))
    const night = csv(columns, [{ text: 'é', number: 1, day: new Date('2026-06-30T23:30:00Z') }])
    assert.match(night, /01\/07\/2026/)
  })
  it('neutralises the labels too', () => {
    assert.match(csv([{ label: '=label', value: () => 'x' }], [0]), /'=label/)
  })
})

describe('a workbook', () => {
  it('reads back with its types: texts, numbers, days', async () => {
    const file = Buffer.from(await xlsx('Membres / liste: tout', columns, sample))
    const [{ sheet, data }] = (await readExcelFile(file)) as unknown as [{ sheet: string; data: unknown[][] }]
    const [header, ...rows] = data
    assert.equal(sheet, 'Membres   liste  tout')
    assert.deepEqual(header, ['Texte', 'Nombre', 'Jour'])
    assert.equal(rows[0]![0], '=1+1', 'a text, not the sum')
    assert.equal(rows[1]![1], -1234.5)
    assert.equal((rows[1]![2] as Date).toISOString().slice(0, 10), '2026-11-22')
    assert.equal(rows[1]![0], '+33612345678')
  })
  it('holds no formula, whatever the texts', async () => {
    const file = Buffer.from(await xlsx('a', columns, sample))
    const sheetXml = await entry(file, 'xl/worksheets/sheet1.xml')
    assert.match(sheetXml, /<row/)
    assert.doesNotMatch(sheetXml, /<f[ >]/)
  })
  it('survives characters that XML cannot hold and a text beyond the limit', async () => {
    const file = Buffer.from(await xlsx('a', columns, [{ text: `a\u0001\u000b<&"b${'x'.repeat(40_000)}`, number: 1, day: null }]))
    const [{ data }] = (await readExcelFile(file)) as unknown as [{ data: unknown[][] }]
    assert.equal(String(data[1]![0]).slice(0, 6), 'a<&"bx')
    assert.equal(String(data[1]![0]).length, 32_767)
  })
})

/** One file of a zip archive, found through its central directory. */
async function entry(zip: Buffer, name: string): Promise<string> {
  const { inflateRawSync } = await import('node:zlib')
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\u0005\u0006')) + 16)
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const size = zip.readUInt16LE(at + 28)
    if (zip.toString('utf8', at + 46, at + 46 + size) === name) {
      const local = zip.readUInt32LE(at + 42)
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      const bytes = zip.subarray(from, from + zip.readUInt32LE(at + 20))
      return (zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(bytes) : bytes).toString('utf8')
    }
    at += 46 + size + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  throw new Error(`no ${name} in the archive`)
}
