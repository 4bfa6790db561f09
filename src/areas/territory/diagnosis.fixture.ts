/** What tests of the diagnosis start from: a file of figures read and written, another that waits, two sources that disagree. */
import type { Actor } from '#platform/audit.ts'
import type { Tx } from '#platform/db/types.ts'
import type { FigureInput } from './rules.ts'
import { chooseSource, commitImport, figures, startImport, writeFigures } from './store.ts'

export const HEAD = 'indicateur;échelle;code;année;numérateur;dénominateur;valeur;non disponible;source;date d’extraction'
export const fileOf = (...lines: string[]): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${[HEAD, ...lines].join('\r\n')}\r\n`)
export const aFigure = (o: Partial<FigureInput> = {}): FigureInput => ({
  ...{ code: 'no-gp', level: 'community', place: '', year: 2025, worth: { kind: 'ratio', numerator: 1200, denominator: 10_000 } },
  ...{ source: 'Rezone CPTS', extractedOn: '2026-03-01' },
  ...o,
})

export interface DiagnosisSide {
  /** Of the first import; its document is that file. */
  figure: string
  file: string
  writtenImport: string
  openImport: string
}
/** Something in every table of the diagnosis, made through its own functions. */
export async function diagnosisSide(tx: Tx, actor: Actor, commune: string, text: (where: string) => string): Promise<DiagnosisSide> {
  // Quoted as a spreadsheet does; what is no text never enters a file.
  const cell = (where: string) =>
    `"${text(where)
      .replace(/[\u0000-\u001f]/g, '')
      .slice(0, 100)
      .replaceAll('"', '""')}"`
  const lines = [
    `no-gp;communauté;;2025;1200;10000;;;${cell('figure-source')};01/03/2026`,
    `no-gp;commune;${commune};2025;;;;${cell('figure-unavailable')};${cell('figure-source')};01/03/2026`,
  ]
  const first = await startImport(tx, actor, 'figures.csv', fileOf(...lines))
  await commitImport(tx, actor, first.id, false)
  const open = await startImport(tx, actor, `${text('import-name')}.csv`, fileOf('no-gp;France;;2025;1;9;;;Rezone CPTS;01/03/2026'))
  const other = text('other-source').slice(0, 100)
  await writeFigures(tx, actor, [aFigure({ source: other, worth: { kind: 'ratio', numerator: 1500, denominator: 10_000 } })], {
    fileId: null,
    importId: null,
  })
  await chooseSource(tx, actor, { code: 'no-gp', level: 'community', place: '', year: 2025, source: other, reason: text('choice-reason') })
  const figure = (await figures(tx, { code: 'no-gp' })).find(f => f.importId === first.id && f.level === 'community')!
  return { figure: figure.id, file: first.fileId, writtenImport: first.id, openImport: open.id }
}
