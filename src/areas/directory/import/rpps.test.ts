import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { makeRpps } from '#domain/ids.ts'
import { linesOf, Maker, random } from '../../../../demo/extract.ts'
import { importTransaction } from './connection.ts'
import { extractOf, importBench, people, refusal, sudAllier } from './test-kit.ts'

describe('files that are refused change nothing', () => {
  let bench: Awaited<ReturnType<typeof importBench>>
  let before_: string
  const good = extractOf(people())
  const lineOf = (text: string, needle: string) => text.slice(0, text.indexOf(needle)).split('\n').length
  before(async () => {
    bench = await importBench()
    const report = await bench.import(good)
    assert.equal(report.status, 'done')
    before_ = await bench.fingerprint()
  })
  after(() => bench.close())
  const unchanged = async () => assert.equal(await bench.fingerprint(), before_)

  test('cut at fifty random bytes', async () => {
    const bytes = Buffer.from(good)
    const next = random(20260711)
    for (let k = 0; k < 50; k++) {
      const at = 1 + Math.floor(next() * (bytes.length - 2))
      const cut = bytes.subarray(0, at)
      try {
        // A cut exactly between two lines is a valid, shorter file: people are missing, and somebody has to say yes.
        const report = await bench.import(cut)
        assert.equal(cut.at(-1), 10, `cut at ${at} went through`)
        assert.equal(report.status, 'needs-confirmation')
      } catch (error) {
        const { code, line } = await refusal(Promise.reject(error))
        if (at > 1600) assert.deepEqual([code, line], ['truncated', cut.toString('latin1').split('\n').length], `cut at ${at}`)
      }
      await unchanged()
    }
  })

  test('a last line without all its columns, though ended', async () => {
    const lines = good.trimEnd().split('\n')
    lines[lines.length - 1] = lines.at(-1)!.slice(0, 120)
    const { code, line, message } = await refusal(bench.import(`${lines.join('\n')}\n`))
    assert.deepEqual([code, line], ['truncated', lines.length])
    assert.match(message, /^Ligne \d+\u202f: le fichier est coupé .* Rien n’a été changé\.$/)
    await unchanged()
  })

  for (const [name, bytes, code, line] of [
    ['latin-1', Buffer.from(good, 'latin1'), 'encoding', 1],
    [
      'latin-1 in one name',
      Buffer.concat([Buffer.from(good.split('\n').slice(0, 90).join('\n')), Buffer.from('\n8|10000000000|é', 'latin1'), Buffer.from('\n')]),
      'encoding',
      91,
    ],
    [
      'Windows-1252',
      Buffer.concat([Buffer.from(good.split('\n').slice(0, 40).join('\n')), Buffer.from([10, 0x92, 0x85, 10])]),
      'encoding',
      41,
    ],
    ['UTF-16 LE', Buffer.from(`\ufeff${good}`, 'utf16le'), 'encoding', 1],
    ['UTF-16 without mark', Buffer.from(good, 'utf16le'), 'encoding', 1],
    ['UTF-16 BE', Buffer.from(`\ufeff${good}`, 'utf16le').swap16(), 'encoding', 1],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${good}`), 'bom', 1],
    ['read as Windows-1252 and written again', Buffer.from(new TextDecoder('windows-1252').decode(Buffer.from(good))), 'mojibake', 1],
    ['read as Windows-1250 and written again', Buffer.from(new TextDecoder('windows-1250').decode(Buffer.from(good))), 'mojibake', 1],
    [
      'one mangled name',
      Buffer.from(good.replace('|Masseur-Kinésithérapeute|', '|Masseur-KinÃ©sithÃ©rapeute|')),
      'mojibake',
      lineOf(good, '|Masseur-Kin'),
    ],
    ['a replacement character', Buffer.from(good.replace('|Libéral|', '|Lib\ufffdral|')), 'mojibake', 2],
    ['a null byte', Buffer.from(good.replace('|Libéral|', '|Lib\0ral|')), 'encoding', 2],
    ['semicolons', Buffer.from(good.replaceAll('|', ';')), 'separator', 1],
    ['tabs', Buffer.from(good.replaceAll('|', '\t')), 'separator', 1],
    ['empty', Buffer.alloc(0), 'empty', null],
    ['a header alone', Buffer.from(`${good.split('\n')[0]}\n`), 'empty', null],
    ['one endless line', Buffer.from(`${good.split('\n')[0]}\n${'x'.repeat(3_000_000)}`), 'line-too-long', 2],
  ] as [string, Buffer, string, number | null][])
    test(name, async () => {
      const refused = await refusal(bench.import(bytes))
      assert.deepEqual([refused.code, refused.line], [code, line])
      if (line !== null) assert.ok(refused.message.startsWith(`Ligne ${line}\u202f: `), refused.message)
      assert.ok(refused.message.endsWith('Rien n’a été changé.'))
      await unchanged()
    })

  test('a missing column is named', async () => {
    const at = 37
    const without = good
      .split('\n')
      .map(l => l.split('|').toSpliced(at, 1).join('|'))
      .join('\n')
    const { code, message } = await refusal(bench.import(without))
    assert.equal(code, 'missing-column')
    assert.match(message, /il manque la colonne «\u202fLibellé commune\u202f»/)
    await unchanged()
  })

  test('no file', async () => {
    const { code } = await refusal(bench.import('').catch(() => importBenchMissing(bench)))
    assert.equal(code, 'file')
  })

  test('two imports at once', async () => {
    await importTransaction(bench.owner, undefined, async () => {
      const { code } = await refusal(bench.import(`${good}${linesOf(new Maker(3).person('nurse'))}`))
      assert.equal(code, 'busy')
      return false
    })
    await unchanged()
  })

  test('stopped while a statement waits: at once, not at its end', async () => {
    const other = new pg.Client(bench.owner)
    await other.connect()
    try {
      await other.query('begin; lock table ref.practitioner in access exclusive mode')
      const abort = new AbortController()
      const stopping = refusal(bench.import(`${good}\n`, { signal: abort.signal }))
      stopping.catch(() => {})
      // The import is now waiting for the table, and would for ever.
      while ((await bench.rows(`select from pg_locks where not granted and relation = 'ref.practitioner'::regclass`)).length === 0)
        await setTimeout(10)
      abort.abort()
      const soon = await Promise.race([stopping, setTimeout(2000)])
      assert.equal(soon?.code, 'aborted')
    } finally {
      await other.end()
    }
    await unchanged()
  })

  test('a transaction that is not confirmed leaves nothing', async () => {
    const row = `insert into ref.nomenclature values ('mode', 'X', 'Essai')`
    await importTransaction(bench.owner, undefined, async connection => {
      await connection.query(row)
      return false
    })
    await assert.rejects(
      importTransaction(bench.owner, undefined, async connection => {
        await connection.query(row)
        throw new Error('in the middle')
      }),
      /in the middle/,
    )
    await unchanged()
  })

  test('stopped while reading and while writing', async () => {
    // A small block size would stop between two sends; a big file has several.
    const many = [...people()]
    const make = new Maker(11)
    for (let i = 0; i < 12_000; i++) {
      const person = make.person('nurse')
      person.rpps = makeRpps(`11${String(i).padStart(8, '0')}`)
      person.places.push(make.place('nurse', sudAllier[0]!.communes[i % 20]!, '03', new Map()))
      many.push(person)
    }
    const text = extractOf(many)
    for (const phase of ['reading', 'comparing', 'writing']) {
      const abort = new AbortController()
      let seen = 0
      const { code } = await refusal(
        bench.import(text, {
          confirm: true,
          signal: abort.signal,
          onProgress: p =>
            p.phase === phase && ++seen === 1 && (phase === 'reading' ? abort.abort() : void setTimeout(5).then(() => abort.abort())),
        }),
      )
      assert.equal(code, 'aborted', phase)
      await unchanged()
    }
    assert.equal((await bench.import(text)).status, 'done', 'nothing was left locked')
    before_ = await bench.fingerprint()
  })
})

/** In an order drawn once for all. */
function shuffled<T>(list: readonly T[]): T[] {
  const next = random(42)
  return list
    .map(value => ({ value, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(v => v.value)
}

const importBenchMissing = (bench: Awaited<ReturnType<typeof importBench>>) =>
  import('./rpps.ts').then(m => m.importRpps(`${bench.folder}/none.txt`, { owner: bench.owner }))

describe('from one extract to the next', () => {
  let bench: Awaited<ReturnType<typeof importBench>>
  before(async () => {
    bench = await importBench()
  })
  after(() => bench.close())

  test('the first import: people, places, labels, rejects', async () => {
    const own = people()
    const text = extractOf(own)
    const bad = own[0]!
    const wrongKey = linesOf({ ...bad, rpps: `${bad.rpps.slice(0, 10)}${(Number(bad.rpps[10]) + 1) % 10}` }).split('\n')[0]!
    const adeli = linesOf(bad).split('\n')[0]!.replace(/^8\|/, '0|')
    const short = '8|10000000017|only three'
    const lines = text.trimEnd().split('\n')
    lines.splice(10, 0, wrongKey, adeli, short)
    const report = await bench.import(`${lines.join('\n')}\n`)
    assert.equal(report.status, 'done')
    assert.deepEqual(report.rejectReasons, { 'rpps-key': 1, 'identifier-kind': 1, columns: 1 })
    assert.deepEqual(
      report.rejects.map(r => [r.line, r.reason]),
      [
        [11, 'rpps-key'],
        [12, 'identifier-kind'],
        [13, 'columns'],
      ],
    )
    for (const { excerpt } of report.rejects) assert.match(excerpt, /^[08]\|\d{11}$/)
    assert.deepEqual([report.people, report.arrivals, report.departures, report.rejected], [135, 135, 0, 3])
    assert.equal(report.withoutCommune, 0)
    assert.deepEqual(await bench.rows(`select profession_code as code, count(*)::int as n from ref.practitioner group by 1 order by 1`), [
      { code: '10', n: 27 },
      { code: '40', n: 16 },
      { code: '60', n: 60 },
      { code: '70', n: 29 },
      { code: '91', n: 3 },
    ])
    const [gps] = await bench.rows<{ n: number }>(
      `select count(distinct rpps)::int as n from ref.practice_place where skill_codes && array['SM26', 'SM53', 'SM54'] and mode_code = 'L'`,
    )
    assert.equal(gps!.n, 27)
    const places = own.flatMap(p => p.places.map(l => `${p.rpps} ${l.commune.code}`)).sort()
    const stored = await bench.rows<{ t: string }>(`select rpps || ' ' || commune_code as t from ref.practice_place`)
    assert.deepEqual(stored.map(r => r.t).sort(), places)
    const [label] = await bench.rows(`select label from ref.nomenclature where kind = 'profession' and code = '70'`)
    assert.deepEqual(label, { label: 'Masseur-Kinésithérapeute' })
  })

  test('every column lands where it should', async () => {
    const person = people()[3]!
    const place = person.places[0]!
    const [row] = await bench.rows(
      `select p.family_name, p.given_name, p.civility, p.profession, p.search, p.active, p.last_seen, l.street, l.name, l.phone, l.siret,
              l.structure_id, l.sector_code, l.mode_code, l.postal_code, l.activity_code, l.place_key
         from ref.practitioner p join ref.practice_place l using (rpps) where rpps = $1 and l.structure_id = $2`,
      [person.rpps, place.structureId],
    )
    const [, , , dr, , sex, , family, given, code, profession] = linesOf(person).split('|')
    assert.deepEqual(row, {
      family_name: family,
      given_name: given,
      civility: dr || sex,
      profession,
      search: `${family} ${given}`
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/['-]/g, ' ')
        .toLowerCase(),
      active: true,
      last_seen: null,
      street: `${place.number} Rue DES ${place.street}`,
      name: place.name || null,
      phone: place.phone,
      siret: place.siret,
      structure_id: place.structureId,
      sector_code: place.sector,
      mode_code: 'L',
      postal_code: place.commune.postalCode,
      activity_code: 'GENR01',
      place_key: `${place.structureId}:L:${code}`,
    })
    const [column] = await bench.rows(
      `select 1 from information_schema.columns where table_schema = 'ref' and column_name ~ 'mail|fax|phone_?2' limit 1`,
    )
    assert.equal(column, undefined)
  })

  test('the same people again write nothing: same file, other order, 52 columns, CRLF, accents in two characters', async () => {
    const text = extractOf(people())
    assert.equal((await bench.import(text)).rowsWritten, 0)
    const fingerprint = await bench.fingerprint()
    const [head, ...lines] = text.trimEnd().split('\n')
    const same: [string, string][] = [
      ['same file', text],
      ['reversed', `${[head, ...lines.toReversed()].join('\n')}\n`],
      ['in any order: a person’s lines are apart', `${[head, ...shuffled(lines)].join('\n')}\n`],
      ['CRLF', text.replaceAll('\n', '\r\n')],
      ['NFD', text.normalize('NFD')],
      ['empty lines', text.replaceAll('\n', '\n\n')],
      [
        'other labels',
        text.replace(
          head!,
          head!
            .toUpperCase()
            .normalize('NFD')
            .replace(/[\u0300-\u036f]/g, '')
            .replaceAll(' (COORD. STRUCTURE)', '')
            .replaceAll("'", '’'),
        ),
      ],
    ]
    for (const [name, content] of same) {
      const report = await bench.import(content)
      assert.deepEqual([report.status, report.rowsWritten, report.run], ['unchanged', 0, null], name)
      assert.equal(await bench.fingerprint(), fingerprint, name)
    }
    const old = await bench.import(extractOf(people(), 52), { confirm: true })
    assert.deepEqual([old.arrivals, old.departures, old.moves], [0, 0, 0], '52 columns lack only the role and the kind of activity')
    const [row] = await bench.rows(`select count(*)::int as n, count(role_code)::int as roles from ref.practice_place`)
    assert.deepEqual(row, { n: old.places, roles: 0 })
    await bench.import(text, { confirm: true })
  })

  test('arrivals, departures, moves and changes are told apart', async () => {
    const own = people()
    const single = own.filter(p => p.places.length === 1)
    const [gone, mover, adder, phone, renamed] = single as [
      (typeof own)[0],
      (typeof own)[0],
      (typeof own)[0],
      (typeof own)[0],
      (typeof own)[0],
    ]
    const make = new Maker(99)
    const communes = sudAllier[0]!.communes
    const elsewhere = (person: (typeof own)[0]) => communes.find(c => c.code !== person.places[0]!.commune.code)!
    const from = mover.places[0]!.commune.code
    const to = elsewhere(mover)
    mover.places = [make.place(mover.kind, to, '03', new Map())]
    adder.places.push(make.place(adder.kind, elsewhere(adder), '03', new Map()))
    phone.places[0]!.phone = '0465719999'
    renamed.family = 'DE LA NOUVELLE-ÉPOUSE'
    const arrival = make.person('nurse')
    arrival.places.push(make.place('nurse', communes[0]!, '03', new Map()))
    const next = [...own.filter(p => p !== gone), arrival].sort((a, b) => (a.rpps < b.rpps ? -1 : 1))
    const report = await bench.import(extractOf(next), { now: new Date('2026-08-01T10:00:00Z') })
    assert.equal(report.status, 'done')
    assert.deepEqual([report.arrivals, report.departures, report.moves, report.changes], [1, 1, 1, 3])
    assert.equal(report.changedShare, 5 / 135)
    const goneFrom = gone.places[0]!.commune.code
    assert.deepEqual(report.list, [
      { kind: 'arrival', rpps: arrival.rpps, professionCode: '60', communeFrom: null, communeTo: communes[0]!.code },
      { kind: 'departure', rpps: gone.rpps, professionCode: report.list[1]!.professionCode, communeFrom: goneFrom, communeTo: null },
      { kind: 'move', rpps: mover.rpps, professionCode: report.list[2]!.professionCode, communeFrom: from, communeTo: to.code },
    ])
    const stored = await bench.rows(
      `select kind, rpps, commune_from, commune_to from ref.directory_change where run = $1 order by kind, rpps`,
      [report.run],
    )
    assert.equal(stored.length, 6)
    const [left] = await bench.rows(
      `select active, last_seen is not null as dated, (select count(*)::int from ref.practice_place l where l.rpps = p.rpps) as places from ref.practitioner p where rpps = $1`,
      [gone.rpps],
    )
    assert.deepEqual(left, { active: false, dated: true, places: 0 })
    const [name] = await bench.rows(`select family_name, search from ref.practitioner where rpps = $1`, [renamed.rpps])
    assert.deepEqual(name!.family_name, 'DE LA NOUVELLE-ÉPOUSE')
    assert.ok(name!.search.startsWith('de la nouvelle epouse '))

    // The one who left comes back: an arrival of somebody known.
    const back = await bench.import(extractOf([...next, gone].sort((a, b) => (a.rpps < b.rpps ? -1 : 1))))
    assert.deepEqual([back.arrivals, back.departures, back.moves, back.changes], [1, 0, 0, 0])
    const [returned] = await bench.rows(`select active, last_seen from ref.practitioner where rpps = $1`, [gone.rpps])
    assert.deepEqual(returned, { active: true, last_seen: null })
    await bench.import(extractOf(people()), { confirm: true })
  })

  test('six per cent gone asks for confirmation, five per cent does not', async () => {
    const own = people()
    const before_ = await bench.fingerprint()
    const asked = await bench.import(extractOf(own.slice(9)))
    assert.deepEqual([asked.status, asked.departures, asked.run], ['needs-confirmation', 9, null])
    assert.ok(asked.changedShare! > 0.05)
    assert.equal(await bench.fingerprint(), before_, 'nothing written')
    assert.equal((await bench.import(extractOf(own.slice(6)))).status, 'done')
    const yes = await bench.import(extractOf(own.slice(20)), { confirm: true, confirmedBy: 'coordinator' })
    assert.deepEqual([yes.status, yes.departures], ['done', 14])
    const [run] = await bench.rows(`select status, confirmed_by from ref.import_run where id = $1`, [yes.run])
    assert.deepEqual(run, { status: 'confirmed', confirmed_by: 'coordinator' })
  })
})
