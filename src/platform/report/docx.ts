/** A report as a Word document: real titles, tables whose first row is a header, language and title set. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { Report, ReportSection, ReportTable } from './report.ts'

/** Characters that XML cannot hold would make the file unreadable. */
const clean = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')

export async function docx(report: Report): Promise<Uint8Array<ArrayBuffer>> {
  const document = new Document({
    title: clean(report.title),
    creator: clean(report.author),
    description: clean(report.subtitle),
    styles: {
      default: {
        document: {
          run: { font: 'Atkinson Hyperlegible Next', size: 21, language: { value: 'fr-FR' } },
          paragraph: { spacing: { after: 120 } },
        },
        heading1: { run: { size: 34, bold: true, color: '1C2333' }, paragraph: { spacing: { before: 240, after: 160 } } },
        heading2: { run: { size: 27, bold: true, color: '1C2333' }, paragraph: { spacing: { before: 320, after: 120 } } },
        heading3: { run: { size: 23, bold: true, color: '1C2333' }, paragraph: { spacing: { before: 200, after: 100 } } },
      },
    },
    sections: [
      {
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [new TextRun({ children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES] })],
              }),
            ],
          }),
        },
        children: [
          new Paragraph({ heading: HeadingLevel.HEADING_1, text: clean(report.title) }),
          new Paragraph({ text: clean(report.subtitle) }),
          ...report.sections.flatMap(sectionOf),
        ],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(document))
}

const sectionOf = (s: ReportSection): (Paragraph | Table)[] => [
  new Paragraph({ heading: s.level === 1 ? HeadingLevel.HEADING_2 : HeadingLevel.HEADING_3, text: clean(s.title) }),
  ...s.paragraphs.map(p => new Paragraph({ text: clean(p) })),
  ...s.tables.flatMap(t => [
    new Paragraph({ keepNext: true, children: [new TextRun({ text: clean(t.caption), bold: true })] }),
    tableOf(t),
    new Paragraph({ text: '' }),
  ]),
]
function tableOf(t: ReportTable): Table {
  const thin = { style: BorderStyle.SINGLE, size: 4, color: 'B0B0B0' }
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
  const weight = t.columns.map(c => c.wide ?? (c.numeric ? 0.8 : 1))
  const share = weight.map(w => Math.round((100 * w) / weight.reduce((a, b) => a + b, 0)))
  const row = (cells: readonly string[], o: { header?: boolean; bold?: boolean } = {}) =>
    new TableRow({
      tableHeader: o.header,
      cantSplit: true,
      children: cells.map(
        (text, i) =>
          new TableCell({
            width: { size: share[i] ?? 10, type: WidthType.PERCENTAGE },
            margins: { top: 50, bottom: 50, left: 60, right: 60 },
            children: [
              new Paragraph({
                alignment: t.columns[i]?.numeric ? AlignmentType.RIGHT : AlignmentType.LEFT,
                spacing: { after: 0 },
                children: [new TextRun({ text: clean(text), bold: o.header || o.bold, size: 19 })],
              }),
            ],
          }),
      ),
    })
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    borders: { top: thin, bottom: thin, insideHorizontal: thin, left: none, right: none, insideVertical: none },
    rows: [
      row(
        t.columns.map(c => c.label),
        { header: true },
      ),
      ...t.rows.map(r => row(r)),
      ...(t.total ? [row(t.total, { bold: true })] : []),
    ],
  })
}
