/** A CSV somebody wrote with his own spreadsheet: UTF-8, `;` or `,` or tab, with or without a byte order mark. Lines keep their number. */
import { readFile, stat } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { originalText } from './csv.ts'
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
export async function readCsvFile(file: string): Promise<CsvTable> {
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) throw new Refusal(`Le fichier ${file} n’existe pas.`)
  if (found.size > MAX_BYTES) throw new Refusal(`Le fichier ${file} dépasse 50\u00a0Mo\u202f: coupez-le en plusieurs.`)
  return readCsv(await readFile(file))
}

/** Empty lines are left out. Throws `Refusal` for bytes that are not UTF-8, or quotes that never close. */
export function readCsv(bytes: Uint8Array): CsvTable {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('Le fichier n’est pas en UTF-8\u202f: dans votre tableur, enregistrez-le en «\u202fCSV UTF-8\u202f».')
  }
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
/** The separator of the first line that has one, quotes left out. */
function separatorOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n')).replace(/"[^"]*"/g, '')
  const count = (c: string) => first.split(c).length - 1
  return [';', ',', '\t'].toSorted((a, b) => count(b) - count(a))[0]!
}
