/**
 * Paper: a document as a tagged PDF (structure, language, title, alternatives), set by Typst in a thread of its own.
 * The template is source code of ours; what varies is data that it reads from `/data.json`, so that no name is ever run.
 */
import { renderSVG } from 'uqr'
import { keptThread } from '../kept-thread.ts'

export interface PdfDocument {
  /** Typst source. It must set `document(title:)` and `text(lang:)`, and give each image its `alt`. */
  template: string
  data: unknown
  /** SVG, by name: `qr` is read as `/qr.svg`. */
  images?: Record<string, string>
}
const compile = keptThread<PdfDocument, Uint8Array<ArrayBuffer>>(new URL('./compile.ts', import.meta.url))

/** The bytes of the document. The first takes about two seconds (the compiler is loaded), the next ones a tenth of that. */
export const pdf = (document: PdfDocument): Promise<Uint8Array<ArrayBuffer>> => compile(document)

/** A code to photograph, as SVG: dark squares only, so that it prints on any paper. Medium correction: a folded letter is still read. */
export const qrCode = (text: string): string => renderSVG(text, { ecc: 'M', border: 4 })

/** What every document of the house starts with: A4, our letters, the language and the title that screen readers need. */
export const PAPER = `#let d = json("/data.json")
#set document(title: d.title, author: d.author, date: none)
#set page(paper: "a4", margin: (x: 2.5cm, y: 2.2cm))
#set text(font: ("Atkinson Hyperlegible Next", "Noto Sans", "Noto Sans Arabic"), size: 13pt, lang: d.lang)
#set par(leading: 0.75em, spacing: 1.1em, justify: false)
#show heading.where(level: 1): set text(size: 22pt)
#show heading.where(level: 2): set text(size: 15pt)
#show heading: set block(above: 1.6em, below: 0.8em)
`
