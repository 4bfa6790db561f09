/** A list as a file, in the two forms people open: CSV and XLSX. One declaration, two routes. */
import type { Access } from './access.ts'
import { CSV_TYPE, csv, type SheetColumn } from './csv.ts'
import { type Ctx, type DownloadSpec, download } from './page.ts'
import { XLSX_TYPE, xlsx } from './xlsx.ts'

export interface SheetSpec<R> {
  /** Path without its extension: `/c/:cpts/medecins`. */
  path: string
  /** Name of the sheet and of the file. */
  title: string
  access: Access
  columns: readonly SheetColumn<R>[]
  /** The lines, filters of the address kept; it writes its own audit line. */
  rows(ctx: Ctx, format: 'csv' | 'xlsx'): Promise<R[]>
}
export function sheet<R>(s: SheetSpec<R>): [DownloadSpec<string>, DownloadSpec<string>] {
  const name = (ctx: Ctx, extension: string) =>
    `${s.title
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')}-${ctx.today}.${extension}`
  return [
    download({
      path: `${s.path}.csv`,
      title: `${s.title} (CSV)`,
      access: s.access,
      respond: async ctx => ({ name: name(ctx, 'csv'), type: CSV_TYPE, body: csv(s.columns, await s.rows(ctx, 'csv')) }),
    }),
    download({
      path: `${s.path}.xlsx`,
      title: `${s.title} (XLSX)`,
      access: s.access,
      respond: async ctx => ({ name: name(ctx, 'xlsx'), type: XLSX_TYPE, body: await xlsx(s.title, s.columns, await s.rows(ctx, 'xlsx')) }),
    }),
  ]
}
/** The two links of a list, as `Filters` takes them. */
export const sheetLinks = (path: string, query = ''): { label: string; href: string }[] => [
  { label: 'Tableur (CSV)', href: `${path}.csv${query}` },
  { label: 'Tableur (XLSX)', href: `${path}.xlsx${query}` },
]
