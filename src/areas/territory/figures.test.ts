/** Figures of the diagnosis without a database: which one holds, what an import would change, how a file is read, what may be told. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCsv } from '#platform/csv-read.ts'
import { columns, numberOf, readFigures } from './import/figures.ts'
import {
  type Choice,
  departmentNames,
  type Figure,
  type FigureInput,
  indicatorOf,
  indicators,
  inUnit,
  known,
  planned,
  regionNames,
  untold,
  type Worth,
} from './rules.ts'

const ratio = (numerator: number, denominator = 1000): Worth => ({ kind: 'ratio', numerator, denominator })
const missing: Worth = { kind: 'missing', reason: 'moins de six professionnels' }
let n = 0
const figure = (o: Partial<Figure> = {}): Figure => {
  n++
  return {
    ...{
      id: String(n).padStart(4, '0'),
      code: 'no-gp',
      level: 'community',
      place: '',
      year: 2025,
      worth: ratio(120),
      source: 'Rezone CPTS',
    },
    ...{ extractedOn: '2026-03-01', at: new Date(Date.UTC(2026, 2, 1, 9, n)), by: 'Claire', file: null, importId: null, withdrawn: null },
    ...o,
  }
}
const choose = (source: string | null, hour: number): Choice => ({
  ...{ code: 'no-gp', level: 'community', place: '', year: 2025, source, reason: 'Champ complet', by: 'Claire' },
  at: new Date(Date.UTC(2026, 4, 1, hour)),
})
const values = (figures: Figure[], choices: Choice[] = []) =>
  known(figures, choices).map(k => [k.used.source, inUnit(indicatorOf(k.code)!, k.used.worth), k.sources.length, k.gap])

describe('which figure holds', () => {
  it('is the latest extraction of its source, whenever it was written', () => {
    const old = figure({ extractedOn: '2026-01-01', worth: ratio(150) })
    const recent = figure({ extractedOn: '2026-03-01', worth: ratio(120) })
    const oldWrittenLast = figure({ extractedOn: '2026-02-01', worth: ratio(140) })
    assert.deepEqual(values([old, recent, oldWrittenLast]), [['Rezone CPTS', 12, 1, null]])
  })
  it('is the last written of one extraction, and never one taken back', () => {
    const typed = figure({ worth: ratio(120) })
    const corrected = figure({ worth: ratio(125) })
    assert.deepEqual(values([typed, corrected]), [['Rezone CPTS', 12.5, 1, null]])
    const back = { ...corrected, withdrawn: { at: new Date(0), by: 'Claire', reason: 'erreur' } }
    assert.deepEqual(values([typed, back]), [['Rezone CPTS', 12, 1, null]])
  })
  it('keeps two sources that disagree, with their gap, and uses the latest until one is chosen', () => {
    const both = [figure(), figure({ source: 'CPAM', worth: ratio(150), extractedOn: '2026-02-01' })]
    assert.deepEqual(values(both), [['Rezone CPTS', 12, 2, 3]])
    assert.deepEqual(values(both, [choose('CPAM', 1)]), [['CPAM', 15, 2, 3]])
    assert.deepEqual(
      values(both, [choose('CPAM', 1), choose(null, 2)]),
      [['Rezone CPTS', 12, 2, 3]],
      'the choice is undone by another decision',
    )
    assert.deepEqual(values(both, [choose(null, 2), choose('CPAM', 1)]), [['Rezone CPTS', 12, 2, 3]], 'in whatever order they come')
    assert.deepEqual(values(both, [choose('Nobody', 1)]), [['Rezone CPTS', 12, 2, 3]])
  })
  it('does not call a rounding a disagreement', () =>
    assert.deepEqual(
      values([figure({ worth: ratio(1204, 10_000) }), figure({ source: 'CPAM', worth: { kind: 'alone', thousandths: 12_000 } })]).map(
        v => v[3],
      ),
      [null],
    ))
  it('prefers a number to « not available », which is never zero', () => {
    assert.deepEqual(values([figure({ worth: missing, extractedOn: '2026-04-01' }), figure({ source: 'CPAM' })]), [['CPAM', 12, 2, null]])
    assert.deepEqual(values([figure({ worth: missing })]), [['Rezone CPTS', null, 1, null]])
  })
})

describe('what an import would change', () => {
  const there = [figure(), figure({ source: 'CPAM', worth: ratio(150) })]
  const effect = (o: Partial<FigureInput>) => {
    const p = planned({ ...figure(), ...o }, there)
    return [p.effect, p.before?.id ?? null, p.against.map(a => a.source)]
  }
  it('is said of each figure: new, changed, confirmed, older, or the same', () => {
    const own = there[0]!.id
    assert.deepEqual(effect({ year: 2024 }), ['new', null, []])
    assert.deepEqual(effect({}), ['same', own, ['CPAM']])
    assert.deepEqual(effect({ worth: ratio(150), extractedOn: '2026-05-01' }), ['changed', own, []])
    assert.deepEqual(effect({ extractedOn: '2026-05-01' }), ['confirmed', own, ['CPAM']])
    assert.deepEqual(effect({ worth: ratio(110), extractedOn: '2026-01-01' }), ['older', own, ['CPAM']])
    assert.deepEqual(effect({ source: 'ARS', worth: ratio(180) }), ['new', null, ['CPAM', 'Rezone CPTS']])
  })
  it('takes no account of what was withdrawn', () => {
    const gone = there.map(f => ({ ...f, withdrawn: { at: new Date(0), by: '', reason: 'erreur' } }))
    assert.equal(planned(figure(), gone).effect, 'new')
  })
})

const head = 'indicateur;échelle;code;année;numérateur;dénominateur;valeur;non disponible;source;date d’extraction'
const read = (...lines: string[]) =>
  readFigures(readCsv(new TextEncoder().encode([head, ...lines].join('\r\n'))), {
    today: '2026-11-22',
    territory: new Set(['91377', '91477']),
  })
const worths = (...lines: string[]) => read(...lines).good.map(g => g.figure.worth)
const why = (line: string) => read(line).bad[0]?.reasons.join(' ') ?? ''

describe('a file of figures', () => {
  it('reads counts, values with a comma, and reasons; codes or names; a mark, accents and capitals forgiven', () => {
    const file = readFigures(
      readCsv(
        new TextEncoder().encode(
          `\ufeffINDICATEUR,Echelle,code,annee,numerateur,denominateur,valeur,non disponible,source,date d'extraction\nno-gp,CPTS,,2025,"1 234","10 000",,,Rezone CPTS,01/03/2026\nMédecins généralistes libéraux,Département,91,2025,,,"8,75",,C@rtoSanté,2026-02-01\nInfirmiers libéraux,commune,91377,2025,,,,moins de six professionnels,C@rtoSanté,01/02/2026\n`,
        ),
      ),
      { today: '2026-11-22', territory: new Set(['91377']) },
    )
    assert.deepEqual(file.bad, [])
    assert.deepEqual(
      file.good.map(g => [g.line, g.figure.code, g.figure.level, g.figure.place, g.figure.worth, g.figure.extractedOn]),
      [
        [2, 'no-gp', 'community', '', ratio(1234, 10_000), '2026-03-01'],
        [3, 'gp-density', 'department', '91', { kind: 'alone', thousandths: 8750 }, '2026-02-01'],
        [4, 'nurse-density', 'commune', '91377', missing, '2026-02-01'],
      ],
    )
  })
  it('takes « N/A » of a source for what it is, and no empty cell for a zero', () => {
    assert.deepEqual(worths('gp-access;commune;91377;2024;;;N/A - résultat non disponible;;C@rtoSanté;01/02/2026'), [
      { kind: 'missing', reason: 'La source écrit « N/A - résultat non disponible »' },
    ])
    assert.match(why('gp-access;commune;91377;2024;;;;;C@rtoSanté;01/02/2026'), /Le chiffre manque/)
    assert.deepEqual(worths('no-gp;communauté;;2025;0;1200;;;CPAM;01/02/2026'), [ratio(0, 1200)])
  })
  it('says why a line is refused, and every reason', () => {
    const cases: [string, RegExp][] = [
      ['sans-mt;commune;91377;2025;1;2;;;CPAM;01/02/2026', /Indicateur inconnu : « sans-mt »/],
      ['no-gp;canton;91377;2025;1;2;;;CPAM;01/02/2026', /Échelle/],
      ['no-gp;commune;91223;2025;1;2;;;CPAM;01/02/2026', /91223 n’est pas dans le territoire/],
      ['no-gp;communauté;91377;2025;1;2;;;CPAM;01/02/2026', /reste vide/],
      ['no-gp;région;12;2025;1;2;;;CPAM;01/02/2026', /code Insee de la région/],
      ['no-gp;France;;2025;5;4;;;CPAM;01/02/2026', /dépasse le dénominateur/],
      ['no-gp;France;;2025;;;140;;CPAM;01/02/2026', /ne dépasse pas 100/],
      ['no-gp;France;;2025;1;;;;CPAM;01/02/2026', /Le dénominateur manque/],
      ['no-gp;France;;2025;12;100;25;;CPAM;01/02/2026', /25.*n’est pas 12 ÷ 100, qui fait 12/],
      ['no-gp;France;;2025;12;100;;secret;CPAM;01/02/2026', /pas les deux/],
      ['no-gp;France;;2025;;;douze;;CPAM;01/02/2026', /n’est pas un nombre/],
      ['gp-access;France;;2025;3;2;;;CPAM;01/02/2026', /n’a pas de dénominateur/],
      ['no-gp;France;;2027;1;2;;;CPAM;01/02/2026', /va de 2000 à 2026/],
      ['no-gp;France;;2025;1;2;;;CPAM;01/02/2024', /avant l’année/],
      ['no-gp;France;;2025;1;2;;;CPAM;31/02/2026', /date/i],
      ['no-gp;France;;2025;1;2;;;CPAM;01/02/2027', /avenir/],
      ['no-gp;France;;2025;1;2;;;;01/02/2026', /Source/],
      ['no-gp;France;;2025;1;2;;;CPAM;01/02/2026;de trop', /plus de cellules/],
    ]
    for (const [line, says] of cases) assert.match(why(line), says, line)
    assert.equal(read('x;canton;;1;;;;;;').bad[0]?.reasons.length, 6)
  })
  it('refuses the second line of one figure, and says whether it contradicts the first', () => {
    const one = 'no-gp;France;;2025;12;100;;;CPAM;01/02/2026'
    assert.match(read(one, one).bad[0]!.reasons.join(), /déjà à la ligne 2\.$/)
    assert.match(read(one, one.replace('12;', '13;')).bad[0]!.reasons.join(), /ligne 2, avec une autre valeur/)
    assert.equal(read(one, one.replace('CPAM', 'ARS')).good.length, 2, 'two sources may say otherwise')
  })
  it('is refused as a whole, with the line, when it is not UTF-8 or its accents were spoilt', () => {
    const latin = Buffer.from(`${head}\nno-gp;communauté;;2025;1;2;;;CPAM;01/02/2026`, 'latin1')
    assert.throws(() => readCsv(latin), /Ligne 1.*pas en UTF-8/)
    const spoilt = Buffer.from(`indicateur;source\nno-gp;Caisse\nno-gp;rÃ©gion\n`, 'utf8')
    assert.throws(() => readCsv(spoilt), /Ligne 3.*abîmés/)
    assert.throws(
      () =>
        read().good && readFigures(readCsv(new TextEncoder().encode('indicateur;nom\nx;y')), { today: '2026-11-22', territory: new Set() }),
      /Colonne inconnue/,
    )
  })
  it('reads numbers as people write them, and nothing else', () => {
    assert.deepEqual(['1 234', '1\u202f234,5', '12.3', '12,3 %', '0'].map(numberOf), [1234, 1234.5, 12.3, 12.3, 0])
    assert.deepEqual(['', '-1', '1e5', '1.234,5', '12 %%', 'douze'].map(numberOf), [null, null, null, null, null, null])
  })
  it('documents every column and indicator once', () => {
    assert.equal(new Set(columns.map(c => c.header)).size, columns.length)
    assert.equal(new Set(indicators.map(i => i.code)).size, indicators.length)
    assert.equal(new Set(indicators.map(i => i.name)).size, indicators.length)
  })
  it('knows the 18 regions and 101 departments', () => {
    assert.equal(Object.keys(regionNames).length, 18)
    assert.equal(Object.keys(departmentNames).length, 101)
    assert.deepEqual(
      ['01', '2A', '2B', '03', '13', '27', '78', '91', '95', '971', '976'].map(c => departmentNames[c]),
      [
        'Ain',
        'Corse-du-Sud',
        'Haute-Corse',
        'Allier',
        'Bouches-du-Rhône',
        'Eure',
        'Yvelines',
        'Essonne',
        'Val-d’Oise',
        'Guadeloupe',
        'Mayotte',
      ],
    )
  })
})

describe('what is told outside the coordination', () => {
  const commune = (place: string, worth: Worth, o: Partial<Figure> = {}) => figure({ level: 'commune', place, worth, ...o })
  it('hides a small number of people, and one that the others would give away by subtraction', () => {
    const small = commune('91377', ratio(4, 400))
    const next = commune('91477', ratio(40, 700))
    const large = commune('91534', ratio(300, 2000))
    const hidden = untold([small, next, large])
    assert.ok(hidden.has(small.id))
    assert.ok(hidden.has(next.id), 'or the total less the others says four')
    assert.ok(!hidden.has(large.id))
  })
  it('hides the few who are not in the number', () => assert.ok(untold([figure({ worth: ratio(397, 400) })]).size === 1))
  it('tells what is large, what is no person, and a value alone', () => {
    assert.equal(untold([figure({ worth: ratio(120) })]).size, 0)
    assert.equal(untold([commune('91377', ratio(4, 9000), { code: 'gp-density' })]).size, 0)
    assert.equal(untold([commune('91377', { kind: 'alone', thousandths: 3000 })]).size, 0)
  })
})
