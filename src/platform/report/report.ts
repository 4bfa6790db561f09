/** A report as matter: titles, paragraphs, tables. It leaves as a Word document and as a tagged PDF, with the same words. */
import { PAPER, type PdfDocument } from '../pdf/pdf.ts'

export interface ReportTable {
  caption: string
  /** `wide`: its share of the width, 1 when absent; a column of numbers takes what its numbers need. */
  columns: { label: string; numeric?: boolean; wide?: number }[]
  rows: string[][]
  /** A last row of sums, as long as the others. */
  total?: string[]
}
export interface ReportSection {
  title: string
  level: 1 | 2
  paragraphs: string[]
  tables: ReportTable[]
}
export interface Report {
  title: string
  subtitle: string
  author: string
  sections: ReportSection[]
}
export const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
export const PDF_TYPE = 'application/pdf'

/** Typst reads the report as data: no word of it is ever run. Tables have real headers. */
export const reportPdf = (report: Report): PdfDocument => ({ template: TEMPLATE, data: { ...report, lang: 'fr' } })
const TEMPLATE = `${PAPER}
#set page(margin: (x: 2cm, y: 2cm), numbering: "1 / 1")
#set text(size: 10.5pt)
#set par(leading: 0.6em, spacing: 0.8em)
#show heading.where(level: 1): set text(size: 17pt)
#show heading.where(level: 2): set text(size: 13pt)
#show heading.where(level: 3): set text(size: 11.5pt)
#show table.cell.where(y: 0): set text(weight: 700)
#heading(level: 1, d.title)
#text(size: 12pt, d.subtitle)
#for s in d.sections {
  heading(level: s.level + 1, s.title)
  for p in s.paragraphs { par(p) }
  for t in s.tables {
    let side(i) = if t.columns.at(i).at("numeric", default: false) { right } else { left }
    block(breakable: false, sticky: true, above: 0.9em, below: 0.5em, text(weight: 700, t.caption))
    set text(size: 9.5pt)
    table(
      columns: t.columns.map(c => if c.at("numeric", default: false) { auto } else { c.at("wide", default: 1) * 1fr }),
      align: (x, y) => side(x) + top,
      stroke: (x, y) => (bottom: if y == 0 { 0.8pt } else { 0.3pt + luma(60%) }),
      inset: (x: 4pt, y: 5pt),
      table.header(..t.columns.map(c => c.label)),
      ..t.rows.flatten(),
      ..t.at("total", default: ()).map(c => strong(c)),
    )
  }
}
`
