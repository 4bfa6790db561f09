/**
 * A file of figures, one a line. Each line is checked by itself and says every reason why it is refused; what the good ones would
 * change is known before anything is written. The format: docs/import-formats.md.
 */
import { isCommuneCode } from '#domain/ids.ts'
import { type BadLine, fold, type ImportColumn, placesOf, tooManyCells } from '#platform/csv-columns.ts'
import type { CsvTable } from '#platform/csv-read.ts'
import { date } from '#platform/fields.ts'
import {
  cellKey,
  departmentNames,
  type FigureInput,
  type Indicator,
  impossible,
  indicators,
  inUnit,
  type Level,
  levelNames,
  levels,
  type PlaceOf,
  regionNames,
  sameWorth,
  type Worth,
} from '../rules.ts'

/** The documented columns, in the order a model file has them. */
export const columns = [
  { header: 'indicateur', required: true, means: 'le code ou le nom d’un indicateur du diagnostic' },
  { header: 'échelle', required: true, means: 'commune, communauté, département, région ou France' },
  {
    header: 'code',
    required: false,
    means: 'code Insee de la commune, du département ou de la région ; vide pour la communauté et la France',
  },
  { header: 'année', required: true, means: 'année civile dont parle le chiffre' },
  { header: 'numérateur', required: false, means: 'un nombre entier, avec le dénominateur' },
  { header: 'dénominateur', required: false, means: 'un nombre entier, avec le numérateur' },
  { header: 'valeur', required: false, means: 'la valeur dans l’unité de l’indicateur, trois décimales au plus : 12,3' },
  { header: 'non disponible', required: false, means: 'pourquoi il n’y a pas de chiffre, par exemple moins de six professionnels' },
  { header: 'source', required: true, means: 'd’où vient le chiffre : Rezone CPTS, C@rtoSanté, Insee…' },
  { header: 'date d’extraction', required: true, means: 'jj/mm/aaaa, le jour où la source a été lue' },
] as const satisfies readonly ImportColumn[]
export type Header = (typeof columns)[number]['header']
export const HELP = 'import diagnosis --columns'
export const MAX_LINES = 5000

export interface ReadLine {
  line: number
  figure: FigureInput
}
export interface FigureFile {
  good: ReadLine[]
  bad: BadLine[]
}
export interface Around {
  today: string
  /** INSEE codes of the communes of the territory. */
  territory: ReadonlySet<string>
}

/** Reads every line. Throws `Refusal` when the columns are not those of the format: nothing of the file can be trusted then. */
export function readFigures(table: CsvTable, around: Around): FigureFile {
  const places = placesOf(columns, table.header, HELP)
  const seen = new Map<string, ReadLine>()
  const file: FigureFile = { good: [], bad: [] }
  for (const { line, cells } of table.lines) {
    const { figure, reasons } = readLine(h => cells[places.get(h) ?? -1] ?? '', around)
    if (tooManyCells(cells, table.header)) reasons.push('Il y a plus de cellules que de colonnes.')
    if (figure) {
      const key = `${cellKey(figure)}|${figure.source}|${figure.extractedOn}`
      const first = seen.get(key)
      if (first) {
        const same = sameWorth(first.figure.worth, figure.worth)
        reasons.push(`Le même chiffre est déjà à la ligne ${first.line}${same ? '.' : ', avec une autre valeur.'}`)
      } else seen.set(key, { line, figure })
    }
    if (reasons.length || !figure) file.bad.push({ line, reasons })
    else file.good.push({ line, figure })
  }
  return file
}

const byWord = new Map<string, Indicator>(indicators.flatMap(i => [[fold(i.code), i] as const, [fold(i.name), i] as const]))
const levelByWord = new Map<string, Level>([
  ...levels.map(l => [fold(levelNames[l]), l] as const),
  ['cpts', 'community'],
  ['territoire', 'community'],
])
const day = date({ label: 'Date d’extraction', min: '2000-01-01' })

/** One figure from its cells; every reason why not. */
export function readLine(cell: (h: Header) => string, { today, territory }: Around): { figure?: FigureInput; reasons: string[] } {
  const reasons: string[] = []
  const i = byWord.get(fold(cell('indicateur')))
  if (!i) reasons.push(cell('indicateur') ? `Indicateur inconnu : « ${cell('indicateur').slice(0, 60)} ».` : 'L’indicateur manque.')
  const level = levelByWord.get(fold(cell('échelle')))
  if (!level) reasons.push('« Échelle » est commune, communauté, département, région ou France.')
  const place = level && placeOf(level, cell('code').toUpperCase(), territory)
  if (place?.wrong) reasons.push(place.wrong)
  const year = /^\d{4}$/.test(cell('année')) ? Number(cell('année')) : Number.NaN
  if (!(year >= 2000 && year <= Number(today.slice(0, 4)))) reasons.push(`« Année » va de 2000 à ${today.slice(0, 4)}.`)
  const extracted = day.check([cell('date d’extraction')])
  if (!extracted.ok) reasons.push(extracted.error)
  else if ((extracted.value ?? '') > today) reasons.push('« Date d’extraction » ne peut pas être dans l’avenir.')
  else if (Number((extracted.value ?? '').slice(0, 4)) < year) reasons.push('La source a été lue avant l’année dont elle parle.')
  const source = cell('source')
  if (source.length < 3 || source.length > 120) reasons.push('« Source » a de 3 à 120 caractères.')
  const worth = worthOf(cell, i ?? null)
  if ('wrong' in worth) reasons.push(...worth.wrong)
  if (reasons.length || !i || !level || !place || !extracted.ok || 'wrong' in worth) return { reasons }
  return {
    reasons,
    figure: { code: i.code, level, place: place.place, year, worth, source, extractedOn: extracted.value as string },
  }
}

function placeOf(level: Level, code: string, territory: ReadonlySet<string>): PlaceOf & { wrong?: string } {
  const wrong = (why: string) => ({ level, place: '', wrong: why })
  switch (level) {
    case 'community':
    case 'country':
      return code === '' || (level === 'country' && /^F/.test(code)) ? { level, place: '' } : wrong('« Code » reste vide à cette échelle.')
    case 'commune':
      if (!isCommuneCode(code)) return wrong('« Code » est le code Insee de la commune, cinq caractères.')
      return territory.has(code) ? { level, place: code } : wrong(`La commune ${code} n’est pas dans le territoire.`)
    case 'department':
      return departmentNames[code] ? { level, place: code } : wrong('« Code » est celui du département : 03, 2A, 974.')
    case 'region':
      return regionNames[code] ? { level, place: code } : wrong('« Code » est le code Insee de la région : 84 pour Auvergne-Rhône-Alpes.')
  }
}

/** Digits with French or English habits: « 1 234 », « 12,3 », « 12.3 », « 12,3 % ». Null when it is no number. */
export function numberOf(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(/%$/, '')
  return /^\d{1,12}([.,]\d{1,12})?$/.test(plain) ? Number(plain.replace(',', '.')) : null
}
const whole = (text: string): number | null => {
  const n = numberOf(text)
  return n !== null && Number.isInteger(n) && n <= 2_000_000_000 ? n : null
}
/** What C@rtoSanté and others write instead of a number: « N/A - résultat non disponible », « ns », « secret statistique ». */
const NOT_A_NUMBER = /^(n\/?a|nd|ns)\b|secret|non disponible/i

/** Exactly one of: a count out of another, a value alone, a reason. A value beside a count is checked against it. */
export function worthOf(
  cell: (h: 'numérateur' | 'dénominateur' | 'valeur' | 'non disponible') => string,
  i: Indicator | null,
): Worth | { wrong: string[] } {
  const [n, d, v, missing] = [cell('numérateur'), cell('dénominateur'), cell('valeur'), cell('non disponible')]
  const wrong = (...why: string[]) => ({ wrong: why })
  if (missing) {
    if (n || d || v) return wrong('Écrivez le chiffre, ou pourquoi il n’est pas disponible, pas les deux.')
    return missing.length < 3 || missing.length > 300
      ? wrong('« Non disponible » dit pourquoi, en 3 à 300 caractères.')
      : { kind: 'missing', reason: missing }
  }
  if (!n && !d && NOT_A_NUMBER.test(v)) return { kind: 'missing', reason: `La source écrit « ${v.slice(0, 200)} »` }
  if (!n && !d && !v) return wrong('Le chiffre manque : écrivez-le, ou pourquoi il n’est pas disponible.')
  if (Boolean(n) !== Boolean(d)) return wrong(n ? 'Le dénominateur manque.' : 'Le numérateur manque.')
  const value = v ? numberOf(v) : null
  if (v && value === null) return wrong(`« Valeur » n’est pas un nombre : « ${v.slice(0, 40)} ».`)
  const worth = n ? ratioOf(n, d) : ({ kind: 'alone', thousandths: Math.round((value as number) * 1000) } as const)
  if ('wrong' in worth) return worth
  const why = i && impossible(i, worth)
  if (why) return wrong(why)
  const counted = i && worth.kind === 'ratio' ? inUnit(i, worth) : null
  // A tenth apart at most: the source rounds.
  if (counted !== null && value !== null && Math.abs(counted - value) > 0.1)
    return wrong(`La valeur (${v}) n’est pas ${n} ÷ ${d}, qui fait ${String(Math.round(counted * 100) / 100).replace('.', ',')}.`)
  return worth
}
function ratioOf(n: string, d: string): Worth | { wrong: string[] } {
  const [numerator, denominator] = [whole(n), whole(d)]
  const wrong = [
    ...(numerator === null ? ['« Numérateur » est un nombre entier.'] : []),
    ...(denominator === null || denominator === 0 ? ['« Dénominateur » est un nombre entier, au moins un.'] : []),
  ]
  return numerator === null || !denominator ? { wrong } : { kind: 'ratio', numerator, denominator }
}
