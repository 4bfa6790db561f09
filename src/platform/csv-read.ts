/** A CSV somebody wrote with his own spreadsheet: UTF-8, `;` or `,` or tab, with or without a byte order mark. Lines keep their number. */
import { readFile, stat } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { originalText } from './csv.ts'
import { blockFault, type EncodingFault, startFault } from './encoding.ts'
import { Refusal } from './errors.ts'

export interface CsvLine {
  /** As a text editor numbers it: the header is line 1. */
  line: number
  cells: string[]
}
export interface CsvTable {
  header: string[]
  lines: CsvLine[]
}
const MAX_BYTES = 50 * 1024 * 1024

/** Reads a file. Throws `Refusal` when it is not there, too large, or not UTF-8. */
export const readCsvFile = async (file: string): Promise<CsvTable> => readCsv(await readBytes(file, MAX_BYTES))
/** The bytes of a file of this machine, for a command. Throws `Refusal` when it is not there or too large. */
export async function readBytes(file: string, max: number): Promise<Uint8Array> {
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) throw new Refusal(`Le fichier ${file} n’existe pas.`)
  if (found.size > max)
    throw new Refusal(`Le fichier ${file} dépasse ${Math.floor(max / 1_048_576)}\u00a0Mo\u202f: coupez-le en plusieurs.`)
  return readFile(file)
}

/** Empty lines are left out. Throws `Refusal` for bytes that are not UTF-8, accents spoilt by a conversion, or quotes that never close. */
export function readCsv(bytes: Uint8Array): CsvTable {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = startFault(block)
  const fault = start && start.kind !== 'bom' ? start : blockFault(block, 1)
  if (fault) throw new Refusal(unreadable(fault))
  const text = block.toString('utf8')
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    const all = rows
      .map(({ record, info }) => ({ line: info.lines, cells: record.map(cell => originalText(cell.normalize('NFC'))) }))
      .filter(row => row.cells.some(cell => cell !== ''))
    const [head, ...lines] = all
    return { header: head?.cells ?? [], lines }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new Refusal(
      `Le fichier ne se lit pas comme un CSV, ligne ${String(error.lines ?? '?')}\u202f: un guillemet est ouvert et jamais fermé, ou mal placé.`,
    )
  }
}
function unreadable({ kind, line, which }: EncodingFault): string {
  const save = 'dans votre tableur, ouvrez le fichier d’origine et enregistrez-le en «\u202fCSV UTF-8\u202f».'
  if (kind === 'mojibake')
    return `Ligne ${line}\u202f: des accents ont été abîmés par une conversion («\u202f${which}\u202f» suivi d’un signe parasite)\u202f: ${save}`
  return `Ligne ${line}\u202f: le fichier n’est pas en UTF-8${kind === 'encoding' && which ? `, probablement en ${which}` : ''}\u202f: ${save}`
}
/** The separator of the first line that has one, quotes left out. */
function separatorOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n')).replace(/"[^"]*"/g, '')
  const count = (c: string) => first.split(c).length - 1
  return [';', ',', '\t'].toSorted((a, b) => count(b) - count(a))[0]!
}
