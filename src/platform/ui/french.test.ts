import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as fr from './french.ts'

// Spaces that do not break are written out here, so that a reader sees them.
const show = (text: string) => text.replaceAll('\u202f', '~').replaceAll('\u00a0', '_')
const is = (given: string, wanted: string) => assert.equal(show(given), wanted)

test('dates and times are read in Paris, whatever the machine’s zone', () => {
  is(fr.frDate('2026-11-22'), '22/11/2026')
  is(fr.frDate('2026-11-22T23:30:00Z'), '23/11/2026')
  is(fr.frDay('2026-11-22'), 'dimanche 22_novembre')
  is(fr.frDay('2026-12-01', { year: true }), 'mardi 1er_décembre_2026')
  is(fr.frMonth('2026-08-01'), 'août_2026')
  is(fr.frTime('2026-11-22T13:30:00Z'), '14_h_30')
  is(fr.frTime('2026-07-14T12:00:00Z'), '14_h')
  is(fr.frTime('2026-11-22T23:05:00Z'), '0_h_05')
  is(fr.frDateTime('2026-11-22T13:30:00Z'), '22/11/2026 à 14_h_30')
  is(fr.isoDay('2026-11-22T23:30:00Z'), '2026-11-23')
  // The hour that happens twice, and the one that does not exist.
  is(fr.frTime('2026-10-25T00:30:00Z'), '2_h_30')
  is(fr.frTime('2026-10-25T01:30:00Z'), '2_h_30')
  is(fr.frTime('2026-03-29T01:00:00Z'), '3_h')
})

test('numbers, euros, shares', () => {
  is(fr.frNumber(1234567), '1~234~567')
  is(fr.frNumber(999), '999')
  is(fr.frNumber(-1234.56, 1), '−1~234,6')
  is(fr.frNumber(-0.2), '0')
  is(fr.frEuros(123400), '1~234_€')
  is(fr.frEuros(123450), '1~234,50_€')
  is(fr.frEuros(-5), '−0,05_€')
  is(fr.frPercent(0.371), '37~%')
})

test('telephones, durations, plurals, lists', () => {
  is(fr.frPhone('+33612345678'), '06_12_34_56_78')
  is(fr.frPhone('0169010203'), '01_69_01_02_03')
  is(fr.frPhone('3639'), '3639')
  is(fr.frMinutes(45), '45_min')
  is(fr.frMinutes(60), '1_h')
  is(fr.frMinutes(65), '1_h_05')
  is(fr.plural(0, 'demande', 'demandes'), '0_demande')
  is(fr.plural(1, 'demande', 'demandes'), '1_demande')
  is(fr.plural(1.5, 'place', 'places'), '1,5_place')
  is(fr.plural(1034, 'demande', 'demandes'), '1~034_demandes')
  is(fr.frList(['Massy', 'Igny', 'Saclay']), 'Massy, Igny et Saclay')
  is(fr.frList(['Massy']), 'Massy')
})

test('when, seen from now', () => {
  const now = '2026-11-24T09:12:00Z' // mardi, 10 h 12 à Paris
  const rel = (at: string) => fr.frRelative(at, now)
  is(rel('2026-11-24T09:12:10Z'), 'à l’instant')
  is(rel('2026-11-24T08:52:00Z'), 'il y a 20_min')
  is(rel('2026-11-24T11:12:00Z'), 'dans 2_h')
  is(rel('2026-11-24T20:00:00Z'), 'aujourd’hui à 21_h')
  is(rel('2026-11-25T13:30:00Z'), 'demain à 14_h_30')
  is(rel('2026-11-23T17:00:00Z'), 'hier à 18_h')
  is(rel('2026-11-26T13:00:00Z'), 'jeudi à 14_h')
  is(rel('2026-12-01T13:00:00Z'), 'le 1er_décembre à 14_h')
  is(rel('2027-01-04T13:00:00Z'), 'le 4_janvier_2027 à 14_h')
  is(fr.frUntil('2026-11-26T13:00:00Z', now), 'jusqu’à jeudi 14_h')
  is(fr.frUntil('2026-11-24T16:00:00Z', now), 'jusqu’à aujourd’hui 17_h')
  is(fr.frUntil('2026-12-03T13:00:00Z', now), 'jusqu’au 3_décembre, 14_h')
  is(fr.frUntil('2026-11-23T17:00:00Z', now), 'délai passé hier à 18_h')
})

test('a name within a sentence has its article', () => {
  is(fr.frName('Dr Martin'), 'le Dr Martin')
  is(fr.frName('Dre Petit', 'Le'), 'La Dre Petit')
  is(fr.frName('Dr Martin', 'à'), 'au Dr Martin')
  is(fr.frName('Dre Petit', 'à'), 'à la Dre Petit')
  is(fr.frName('Dr Martin', 'de'), 'du Dr Martin')
  is(fr.frName('Dre Petit', 'de'), 'de la Dre Petit')
  is(fr.frName('Claire Roux', 'Le'), 'Claire Roux')
  is(fr.frName('Claire Roux', 'de'), 'de Claire Roux')
  is(fr.frName('Élise Roux', 'de'), 'd’Élise Roux')
  is(fr.frName('Claire Roux', 'à'), 'à Claire Roux')
})

test('typo puts spaces and apostrophes right, and leaves the rest alone', () => {
  is(fr.typo("Qui appelle ? L'accueil : « oui »"), 'Qui appelle~? L’accueil~: «~oui~»')
  is(fr.typo('Le Dr Martin, Mme Petit'), 'Le Dr_Martin, Mme_Petit')
  is(fr.typo('La Dre Petit'), 'La Dre_Petit')
  is(fr.typo('06 12 34 56 78, 1 234 €, 14 h 30'), '06_12_34_56_78, 1_234_€, 14_h_30')
  is(fr.typo('https://exemple.fr/a?b=1 à 10:30'), 'https://exemple.fr/a?b=1 à 10:30')
  const done = fr.typo('« Pourquoi ? » ; 3 demandes')
  assert.equal(fr.typo(done), done)
})

test('what says that a sentence has nothing to put right never hides one that has', () => {
  const piece = fc.constantFrom(
    ...`'«»;:!?  \u00a0À0123hkm€%n°a.éX`,
    'Dr',
    'Dres',
    'Pr',
    'M.',
    'MM.',
    'Mme',
    'art.',
    ' h ',
    'min',
    ' jours',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map(x => x.join('')),
      sentence => {
        // An apostrophe on a line of its own is looked at, and changes nothing.
        assert.equal(`${fr.typo(sentence)}\n'`, fr.typo(`${sentence}\n'`))
      },
    ),
    { numRuns: 3000 },
  )
})

test('the clock in Paris is that of the zone, at each instant and around each change', () => {
  const paris = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' })
  const told = (at: Date) => `${fr.frDate(at)} ${fr.frTime(at)}`
  const wanted = (at: Date) => {
    const part = (type: Intl.DateTimeFormatPartTypes) => paris.formatToParts(at).find(x => x.type === type)!.value
    const minutes = part('minute') === '00' ? '' : `\u00a0${part('minute')}`
    return `${part('day')}/${part('month')}/${part('year')} ${Number(part('hour'))}\u00a0h${minutes}`
  }
  const changes = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '1999-10-31T01:00:00Z', '2027-01-01T00:00:00+01:00'].map(Date.parse)
  for (const change of changes)
    for (const away of [-3_600_001, -60_000, -1, 0, 1, 60_000, 3_600_000]) {
      const at = new Date(change + away)
      assert.equal(told(at), wanted(at), at.toISOString())
    }
  fc.assert(
    fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), at =>
      assert.equal(told(at), wanted(at)),
    ),
  )
})
