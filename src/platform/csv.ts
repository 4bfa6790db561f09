/**
 * Lists as CSV for a French spreadsheet: byte order mark, semicolons, RFC 4180 quoting, comma decimals, day/month/year.
 * A text that a spreadsheet would run as a formula gets a leading apostrophe; `originalText` takes it off again.
 */

/** A column of an export. `text` when no type is given; a null value is an empty cell. */
export interface SheetColumn<R> {
  label: string
  value(row: R): string | number | Date | null | undefined
  /** A `date` is a day, `YYYY-MM-DD`, or an instant (shown as its day in Paris). */
  type?: 'text' | 'number' | 'date'
}

export const CSV_TYPE = 'text/csv; charset=utf-8'

export function csv<R>(columns: readonly SheetColumn<R>[], rows: readonly R[]): string {
  const lines = [columns.map(c => quoted(harmless(c.label))), ...rows.map(row => columns.map(c => quoted(cell(c, row))))]
  return `\ufeff${lines.map(line => line.join(';')).join('\r\n')}\r\n`
}

function cell<R>(column: SheetColumn<R>, row: R): string {
  const value = column.value(row)
  if (value === null || value === undefined) return ''
  // Only what is declared a number stays one: a text of digits (RPPS, telephone) is never computed with.
  if (column.type === 'number' && typeof value === 'number') return Number.isFinite(value) ? decimal(value) : ''
  if (column.type === 'date') {
    const day = dayOfCell(value)
    if (day) return day.split('-').reverse().join('/')
  }
  return harmless(value instanceof Date ? value.toISOString() : String(value))
}
/** Never in scientific notation, which a French spreadsheet reads as a text. */
function decimal(value: number): string {
  const plain = String(value)
  return (plain.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : plain).replace('.', ',')
}

const parisDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' })
/** The day a date cell shows, `YYYY-MM-DD`; null when the value is no day. */
export function dayOfCell(value: string | number | Date): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : parisDay.format(value)
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null
}

// The full-width forms count: some spreadsheets fold them before looking. Apostrophes in front count so that reading back is exact.
const DANGEROUS = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
function harmless(text: string): string {
  const clean = text.replaceAll('\u0000', '')
  return DANGEROUS.test(clean) ? `'${clean}` : clean
}
/** The text that was exported, from the text of a cell: for our own imports. */
export function originalText(exported: string): string {
  return exported.startsWith("'") && DANGEROUS.test(exported) ? exported.slice(1) : exported
}
const quoted = (text: string) => (/[";\r\n,\t]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text)
