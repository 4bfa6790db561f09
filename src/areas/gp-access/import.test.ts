/** A list from a spreadsheet: all or nothing, each bad line with its reason, nobody twice without being told. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { readCsv } from '#platform/csv-read.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type TestApp, testApp } from '../../../test/app.ts'
import { aPatient, system, withCommunes } from './gp-access.fixture.ts'
import { columns, importRequests } from './import/requests.ts'
import { enterRequest } from './store/requests.ts'

let t: TestApp
let c: Community
before(async () => {
  t = await testApp([])
  await withCommunes(t)
})
after(() => t.close())
beforeEach(async () => {
  c = await t.community()
  await withCommunes(t, c)
})
const bytes = (text: string) => new TextEncoder().encode(text)
const load = (text: string, partial = false) => t.within(c, tx => importRequests(tx, system(t), readCsv(bytes(text)), { partial }))
const count = async () => (await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*)::int as n from app.request`))).n
const head = 'nom de naissance;prénoms;date de naissance;code commune;téléphone;ald;depuis le;recevable;accord'

describe('import requests', () => {
  it('reads a French spreadsheet: byte order mark, semicolons, day/month/year, seniority', async () => {
    const report = await load(`\ufeff${head}\r\nD’Orgéval;Éloïse;03/02/1950;91377;06 39 98 00 01;oui;10/01/2026;oui;oui\r\n`)
    assert.deepEqual(report, { lines: 1, entered: 1, suspected: 0, bad: [] })
    const [row] = await t.within(c, tx =>
      rows<{
        birth_name: string
        birth_date: string
        phone: string
        ald: boolean
        state: string
        origin: string
        since: Date
        points: number
      }>(tx, sql`select birth_name, birth_date, phone, ald, state, origin, since, points from app.request`),
    )
    assert.deepEqual(
      { ...row, since: row!.since.toISOString().slice(0, 10) },
      {
        birth_name: 'D’Orgéval',
        birth_date: '1950-02-03',
        phone: '+33639980001',
        ald: true,
        state: 'prioritised',
        origin: 'import',
        since: '2026-01-10',
        points: 51,
      },
    )
  })
  it('reads commas, quotes, headers in capitals without accents', async () => {
    const report = await load(
      `NOM DE NAISSANCE,PRENOMS,DATE DE NAISSANCE,CODE COMMUNE,ADRESSE ELECTRONIQUE,ACCORD\n"Martin, dit Roy","Jean ""Jeannot""",1980-05-17,91477,a@exemple.fr,oui\n`,
    )
    assert.equal(report.entered, 1)
    const row = await t.within(c, tx => one<{ n: string; s: string }>(tx, sql`select birth_name as n, state as s from app.request`))
    assert.deepEqual(row, { n: 'Martin, dit Roy', s: 'received' })
  })
  const file = [
    head,
    'Bon;Ana;01/02/1980;91377;0639980001;;;;oui',
    ';Ana;31/02/1980;91377;06;;;;oui',
    'Loin;Ana;01/02/1980;91223;0639980001;;;;oui',
    'Muet;Ana;01/02/1980;91377;;;;;oui',
    'Futur;Ana;01/02/2090;91377;0639980001;peut-être;01/01/2090;;oui',
    'Sans;Ana;01/02/1980;91377;0639980001;;;;',
    'Autre;Ana;01/02/1981;91377;0639980001;;;;oui',
  ].join('\n')
  it('writes nothing when one line is bad, and says why for each', async () => {
    const report = await load(file)
    assert.equal(report.entered, 0)
    assert.equal(await count(), 0)
    assert.deepEqual(
      report.bad.map(b => b.line),
      [3, 4, 5, 6, 7],
    )
    assert.match(report.bad[0]!.reasons.join(' '), /Nom de naissance.*Date de naissance.*dix chiffres/)
    assert.match(report.bad[1]!.reasons.join(), /91223 n’est pas dans le territoire/)
    assert.match(report.bad[2]!.reasons.join(), /téléphone ou une adresse/)
    assert.match(report.bad[3]!.reasons.join(), /« ald » est oui.*avenir.*avenir/)
    assert.match(report.bad[4]!.reasons.join(), /accord/)
  })
  it('with --partial writes the good lines only', async () => {
    const report = await load(file, true)
    assert.deepEqual([report.entered, report.bad.length, await count()], [2, 5, 2])
  })
  it('marks somebody twice in the file, or already on the list, and keeps the oldest first', async () => {
    await t.within(c, tx =>
      enterRequest(
        tx,
        system(t),
        aPatient({ birthName: 'Déjà', givenNames: 'Là', birthDate: '1970-01-01' }),
        'patient',
        new Date('2026-03-01T00:00:00Z'),
      ),
    )
    const report = await load(
      `${head}\nDeja;La;01/01/1970;91377;0639980001;;;oui;oui\nDeux;Fois;02/02/1980;91377;0639980001;;05/06/2026;oui;oui\nDEUX;Fois;02/02/1980;91477;0639980002;;01/02/2026;oui;oui`,
    )
    assert.deepEqual([report.entered, report.suspected], [3, 2])
    const list = await t.within(c, tx =>
      rows<{ name: string; state: string; dup: boolean }>(
        tx,
        sql`select birth_name as name, state, duplicate_of is not null as dup from app.request where origin = 'import' order by birth_name collate "C"`,
      ),
    )
    assert.deepEqual(list, [
      { name: 'DEUX', state: 'prioritised', dup: false },
      { name: 'Deja', state: 'received', dup: true },
      { name: 'Deux', state: 'received', dup: true },
    ])
  })
  it('refuses a file it cannot trust: unknown, doubled, missing column, Latin-1, open quote', async () => {
    await assert.rejects(load(`${head};numéro de sécurité sociale\n`), /Colonne inconnue/)
    await assert.rejects(load(`${head};ALD\n`), /deux fois/)
    await assert.rejects(load('prénoms\nAna'), /Il manque les colonnes/)
    assert.throws(() => readCsv(new Uint8Array([0x6e, 0xe9, 0x0a])), /UTF-8/)
    assert.throws(() => readCsv(bytes('a;b\n"x;y\n')), /guillemet/)
  })
  it('enters nothing of a file given up half-way', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `Nom${i};Ana;01/02/1980;91377;0639980001;;;;oui`)
    const signal = AbortSignal.abort()
    await assert.rejects(
      t.within(c, tx => importRequests(tx, system(t), readCsv(bytes([head, ...lines].join('\n'))), { partial: false, signal })),
    )
    assert.equal(await count(), 0)
  })
  it('documents every column once', () => {
    assert.equal(new Set(columns.map(x => x.header)).size, columns.length)
    assert.ok(columns.every(x => x.means.length > 0))
    assert.ok(!columns.some(x => /nir|sécurité sociale|diagnostic/i.test(x.header)))
  })
})
