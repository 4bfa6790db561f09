/** The columns of a file that people prepare: found by their titles whatever the case, the accents and the order; anything doubtful is refused. */
import { Refusal } from './errors.ts'
import { typo } from './ui/french.ts'

export interface ImportColumn {
  /** As the header is written; case, accents and spaces are forgiven. */
  header: string
  required: boolean
  /** What the cell holds. */
  means: string
}
/** What `--columns` answers: each column, then the header to copy. */
export const columnLines = (columns: readonly ImportColumn[]): string[] => [
  ...columns.map(c => typo(`${c.header}${c.required ? ' (obligatoire)' : ''} : ${c.means}`)),
  '',
  columns.map(c => c.header).join(';'),
]
/** A line that was left out, and every reason why. */
export interface BadLine {
  /** As a text editor numbers it: the header is line 1. */
  line: number
  reasons: string[]
}

/**
 * Where each column is. Throws `Refusal` for a missing, unknown or doubled column: nothing of the file can be trusted then.
 * `help` says where the columns are listed.
 */
export function placesOf<H extends string>(
  columns: readonly (ImportColumn & { header: H })[],
  header: readonly string[],
  help: string,
): Map<H, number> {
  const known = new Map<string, H>(columns.map(c => [fold(c.header), c.header]))
  const places = new Map<H, number>()
  for (const [i, title] of header.entries()) {
    const name = known.get(fold(title))
    if (!name) throw new Refusal(typo(`Colonne inconnue : « ${title || `colonne ${i + 1}`} ». Les colonnes possibles : ${help}`))
    if (places.has(name)) throw new Refusal(typo(`La colonne « ${name} » est donnée deux fois.`))
    places.set(name, i)
  }
  const missing = columns.filter(c => c.required && !places.has(c.header)).map(c => `« ${c.header} »`)
  if (missing.length) throw new Refusal(typo(`Il manque ${missing.length < 2 ? 'la colonne' : 'les colonnes'} ${missing.join(', ')}.`))
  return places
}
/** Something beyond the last column: a separator inside a text, most often. */
export const tooManyCells = (cells: readonly string[], header: readonly string[]): boolean => cells.slice(header.length).some(c => c !== '')

/** Case, accents, apostrophes and doubled spaces forgiven. */
export function fold(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’']/g, ' ')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase()
}
