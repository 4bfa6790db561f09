/** Lists: tables that become cards on a phone, filters that live in the address, pages. */
import type { Child } from 'hono/jsx'
import { cx, type Link, t } from './base.tsx'
import { frNumber, plural } from './french.ts'
import { Empty } from './pieces.tsx'

export interface Column<R> {
  key: string
  label: string
  numeric?: boolean
  sortHref?: string
  sorted?: 'asc' | 'desc'
  /** What the cell shows; without it, `row[key]`. */
  cell?: (row: R) => Child
  /** Never on two lines: dates, numbers. */
  tight?: boolean
}
export interface DataTableProps<R> {
  caption: string
  /** The caption is already said by a title just above. */
  captionHidden?: boolean
  columns: Column<R>[]
  rows: readonly R[]
  rowId?: (row: R) => string
  rowHref?: (row: R) => string | undefined
  /** The row whose detail is open beside the list. */
  current?: (row: R) => boolean
  /** Boxes to choose rows; `form` is the id of the form that gets them. */
  select?: { name: string; value: (row: R) => string; label: (row: R) => string; form?: string; checked?: (row: R) => boolean }
  empty?: { title: string; children?: Child; action?: Child }
  /** A last row of sums. */
  total?: Record<string, Child>
}

export function DataTable<R extends object>(p: DataTableProps<R>) {
  if (p.rows.length === 0) return <Empty title={p.empty?.title ?? 'Rien ici pour le moment'} {...p.empty} />
  const show = (row: R, c: Column<R>): Child => t(c.cell ? c.cell(row) : (row as Record<string, Child>)[c.key])
  return (
    <table class="table" data-list>
      <caption class={p.captionHidden ? 'away' : undefined}>{t(p.caption)}</caption>
      <thead>
        <tr>
          {p.select && (
            <th scope="col" class="pick">
              <label hidden>
                <input type="checkbox" data-select-all={p.select.name} />
                <span class="away">Tout choisir</span>
              </label>
              <span class="away">Choix</span>
            </th>
          )}
          {p.columns.map(c => (
            <th
              scope="col"
              class={cx(c.numeric && 'num')}
              aria-sort={c.sorted ? (c.sorted === 'asc' ? 'ascending' : 'descending') : undefined}
            >
              {c.sortHref ? (
                <a href={c.sortHref} class={cx('sort', c.sorted)}>
                  {t(c.label)}
                  <svg viewBox="0 0 8 12" width="8" height="12" aria-hidden="true">
                    <path class="up" d="M4 0 7.5 5h-7z" />
                    <path class="down" d="M4 12 .5 7h7z" />
                  </svg>
                </a>
              ) : (
                t(c.label)
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {p.rows.map(row => {
          const href = p.rowHref?.(row)
          const current = p.current?.(row)
          return (
            <tr id={p.rowId?.(row)} class={cx(href && 'goes', current && 'current')}>
              {p.select && (
                <td class="pick">
                  <label>
                    <input
                      type="checkbox"
                      name={p.select.name}
                      value={p.select.value(row)}
                      form={p.select.form}
                      checked={p.select.checked?.(row)}
                    />
                    <span class="away">Choisir {t(p.select.label(row))}</span>
                  </label>
                </td>
              )}
              {p.columns.map((c, i) => {
                const inner =
                  i === 0 && href ? (
                    <a class="row-link" href={href} aria-current={current ? 'true' : undefined}>
                      {show(row, c)}
                    </a>
                  ) : (
                    show(row, c)
                  )
                const look = cx(c.numeric && 'num', c.tight && 'tight')
                return i === 0 ? (
                  <th scope="row" class={look}>
                    {inner}
                  </th>
                ) : (
                  <td class={look} data-label={c.label}>
                    {inner}
                  </td>
                )
              })}
            </tr>
          )
        })}
      </tbody>
      {p.total && (
        <tfoot>
          <tr>
            {p.select && <td class="pick" />}
            {p.columns.map((c, i) =>
              i === 0 ? (
                <th scope="row">{t(p.total?.[c.key] ?? 'Total')}</th>
              ) : (
                <td class={cx(c.numeric && 'num')} data-label={c.label}>
                  {t(p.total?.[c.key])}
                </td>
              ),
            )}
          </tr>
        </tfoot>
      )}
    </table>
  )
}

/** « 128 demandes sur 1 034 ». */
export function Count({ n, of, one, many }: { n: number; of?: number; one: string; many: string }) {
  return (
    <p class="muted tally">
      {plural(n, one, many)}
      {of !== undefined && of !== n && ` sur ${frNumber(of)}`}
    </p>
  )
}

export interface PagerProps {
  page: number
  pages: number
  hrefFor: (page: number) => string
  label?: string
}
export function Pager({ page, pages, hrefFor, label }: PagerProps) {
  if (pages <= 1) return null
  const near = new Set([1, page - 1, page, page + 1, pages])
  const shown = [...near].filter(n => n >= 1 && n <= pages).sort((a, b) => a - b)
  return (
    <nav class="pager" aria-label={label ?? 'Pages de la liste'}>
      {page > 1 && (
        <a class="step" href={hrefFor(page - 1)} rel="prev">
          Précédente
        </a>
      )}
      <ol>
        {shown.map((n, i) => (
          <li class={cx(i > 0 && n - (shown[i - 1] ?? 0) > 1 && 'gap')}>
            <a href={hrefFor(n)} aria-current={n === page ? 'page' : undefined} aria-label={`Page ${n} sur ${pages}`}>
              {frNumber(n)}
            </a>
          </li>
        ))}
      </ol>
      {page < pages && (
        <a class="step" href={hrefFor(page + 1)} rel="next">
          Suivante
        </a>
      )}
    </nav>
  )
}

/** The pages of one room, side by side under its title: the contract's life, its money, its proofs. */
export function SubNav({ label, items }: { label: string; items: (Link & { on: boolean })[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      <ul>
        {items.map(i => (
          <li>
            <a href={i.href} aria-current={i.on ? 'page' : undefined}>
              {t(i.label)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export interface FiltersProps {
  chips: { label: string; href: string; on: boolean; count?: number }[]
  search?: {
    name: string
    value?: string
    label?: string
    placeholder?: string
    action?: string
    hidden?: Record<string, string>
    suggestHref?: string
  }
  exports?: Link[]
  label?: string
}
export function Filters({ chips, search, exports, label }: FiltersProps) {
  return (
    <div class="filters">
      {search && (
        <search>
          <form method="get" action={search.action} class="search">
            {Object.entries(search.hidden ?? {}).map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            <label class="away" for={`search-${search.name}`}>
              {t(search.label ?? 'Chercher dans la liste')}
            </label>
            <input
              type="search"
              id={`search-${search.name}`}
              name={search.name}
              value={search.value}
              placeholder={search.placeholder}
              data-search
              data-suggest={search.suggestHref}
            />
            <button type="submit" class="button secondary">
              Chercher
            </button>
          </form>
        </search>
      )}
      {exports && exports.length > 0 && (
        <details class="exports">
          <summary>Exporter</summary>
          <ul class="float">
            {exports.map(e => (
              <li>
                <a href={e.href} download>
                  {t(e.label)}
                </a>
              </li>
            ))}
          </ul>
        </details>
      )}
      {chips.length > 0 && (
        <nav aria-label={label ?? 'Filtres'}>
          <ul class="chips">
            {chips.map(c => (
              <li>
                <a class="chip" href={c.href} aria-current={c.on ? 'true' : undefined}>
                  {t(c.label)}
                  {c.count !== undefined && <span class="chip-count">{frNumber(c.count)}</span>}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  )
}
