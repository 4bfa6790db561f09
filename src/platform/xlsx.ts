/** Lists as a workbook of one sheet: texts stay texts (never a formula), numbers and days keep their type, the header stays in view. */
import writeExcelFile, { type Cell } from 'write-excel-file/node'
import { dayOfCell, type SheetColumn } from './csv.ts'

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** What a cell of Excel holds at most. */
const LONGEST = 32_767

export async function xlsx<R>(sheetName: string, columns: readonly SheetColumn<R>[], rows: readonly R[]): Promise<Uint8Array<ArrayBuffer>> {
  const body = rows.map(row => columns.map(column => cell(column, row)))
  const data = [columns.map(c => ({ type: String, value: clean(c.label), fontWeight: 'bold' as const })), ...body]
  const widths = columns.map((c, i) => ({
    width: Math.min(60, Math.max(c.label.length, ...body.slice(0, 500).map(r => length(r[i]))) + 2),
  }))
  const buffer = await writeExcelFile(data, { sheet: sheetTitle(sheetName), columns: widths, stickyRowsCount: 1 }).toBuffer()
  return new Uint8Array(buffer)
}

export interface BookColumn<R> extends SheetColumn<R> {
  /** Instead of a value: what the cell works out; `line` is its line in the sheet, from 2. */
  formula?(line: number, row: R): string | null
  /** The last line adds this column up. */
  sum?: true
  format?: string
}
export interface BookSheet<R> {
  title: string
  columns: readonly BookColumn<R>[]
  rows: readonly R[]
}
/** The type of the lines is between a sheet and itself. */
export const bookSheet = <R>(sheet: BookSheet<R>): BookSheet<unknown> => sheet as BookSheet<unknown>

/** Several sheets in one workbook, whose sums and shares are live: who changes a number sees them follow. */
export async function workbook(sheets: readonly BookSheet<unknown>[]): Promise<Uint8Array<ArrayBuffer>> {
  const made = sheets.map(({ title, columns, rows }) => {
    const last = rows.length + 1
    const body = rows.map((row, i) =>
      columns.map((c): Cell => {
        const formula = c.formula?.(i + 2, row)
        if (c.formula) return formula ? { type: 'Formula', value: formula, format: c.format } : null
        const plain = cell(c, row)
        return c.format && plain && typeof plain === 'object' && 'type' in plain && plain.type === Number
          ? { ...plain, format: c.format }
          : plain
      }),
    )
    const sums = columns.map((c, i): Cell => {
      if (c.sum && rows.length)
        return { type: 'Formula', value: `SUM(${letter(i)}2:${letter(i)}${last})`, fontWeight: 'bold', format: c.format }
      return i === 0 ? { type: String, value: 'Total', fontWeight: 'bold' } : null
    })
    return {
      sheet: sheetTitle(title),
      data: [
        columns.map(c => ({ type: String, value: clean(c.label), fontWeight: 'bold' as const })),
        ...body,
        ...(columns.some(c => c.sum) && rows.length ? [sums] : []),
      ],
      columns: columns.map((c, i) => ({ width: Math.min(60, Math.max(c.label.length, 12, ...body.map(r => length(r[i]))) + 2) })),
      stickyRowsCount: 1,
    }
  })
  return new Uint8Array(await writeExcelFile(made as never).toBuffer())
}
const letter = (i: number): string => String.fromCharCode(65 + i)

function cell<R>(column: SheetColumn<R>, row: R): Cell {
  const value = column.value(row)
  if (value === null || value === undefined || value === '') return null
  if (column.type === 'number' && typeof value === 'number') return Number.isFinite(value) ? { type: Number, value } : null
  if (column.type === 'date') {
    const day = dayOfCell(value)
    if (day) return { type: Date, value: new Date(`${day}T00:00:00Z`), format: 'dd/mm/yyyy' }
  }
  return { type: String, value: clean(value instanceof Date ? value.toISOString() : String(value)) }
}
function length(c: Cell | undefined): number {
  const value = c && typeof c === 'object' && 'value' in c ? c.value : null
  return value instanceof Date ? 10 : String(value ?? '').length
}
/** Characters that XML cannot hold would make the file unreadable. */
const clean = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').slice(0, LONGEST)
/** Excel refuses longer titles and these signs. */
const sheetTitle = (name: string) =>
  name
    .replace(/[\\/?*[\]:']/g, ' ')
    .slice(0, 31)
    .trim() || 'Liste'
