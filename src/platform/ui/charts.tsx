/** Bars and histograms in HTML and SVG attributes: they follow the width of the page and print in grey. */
import type { Child } from 'hono/jsx'
import { cx, t } from './base.tsx'
import { frNumber } from './french.ts'

export interface BarsProps {
  /** Says the finding. */
  title: string
  /** Each row: one bar, or several parts end to end, in the order of `parts`. */
  rows: {
    label: Child
    values: number[]
    href?: string
    note?: Child /** Another amount on the same scale, as a mark on the bar: what was paid. */
    mark?: number
  }[]
  /** What the mark means. */
  markWord?: string
  /** Names of the parts when there are several: attendu, acquis, versé. */
  parts?: string[]
  unit?: string
  /** How a value is written; whole numbers when absent. */
  format?: (n: number) => string
  /** The full width, when it is not the longest bar: a target, a total. */
  max?: number
  source?: string
}
const FILLS = ['f0', 'f1', 'f2', 'f3'] as const
const share = (n: number, of: number) => `${Math.round((n / of) * 10_000) / 100}%`

export function Bars({ title, rows, parts, unit, format = n => frNumber(n), max, source, markWord }: BarsProps) {
  const sums = rows.map(r => r.values.reduce((a, b) => a + b, 0))
  const full = max ?? Math.max(1, ...sums, ...rows.map(r => r.mark ?? 0))
  return (
    <figure class="chart">
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      {parts && parts.length > 1 && <Legend parts={parts} mark={markWord} />}
      <table class="bars">
        <caption class="away">
          {t(title)}
          {unit && ` (${unit})`}
        </caption>
        <thead class="away">
          <tr>
            <th scope="col">Ligne</th>
            {(parts ?? ['Valeur']).map(part => (
              <th scope="col">{part}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r, i) => {
            let from = 0
            return (
              <tr>
                <th scope="row">
                  {r.href ? <a href={r.href}>{t(r.label)}</a> : t(r.label)}
                  {r.note && <div class="note">{t(r.note)}</div>}
                </th>
                <td class="bar">
                  <svg width="100%" height="18" aria-hidden="true">
                    <rect class="track" width="100%" height="18" />
                    {r.values.map((v, j) => {
                      const x = from
                      from += v
                      return (
                        v > 0 && <rect class={FILLS[j % 4]} x={share(x, full)} width={share(Math.min(v, full - x), full)} height="18" />
                      )
                    })}
                    {r.mark !== undefined && r.mark > 0 && (
                      <svg x={share(Math.min(r.mark, full), full)} overflow="visible" aria-hidden="true">
                        <path class="bar-mark" d={MARK} />
                      </svg>
                    )}
                  </svg>
                  {r.mark !== undefined && markWord && <span class="away">{`${markWord} ${format(r.mark)}, `}</span>}
                  {r.values.length > 1 && <span class="away">{r.values.map((v, j) => `${parts?.[j] ?? ''} ${format(v)}`).join(', ')}</span>}
                </td>
                <td class="num">{format(sums[i] ?? 0)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </figure>
  )
}

const MARK = 'M-1.5-3h3v24h-3zM-5-7H5L0 0z'
function Legend({ parts, mark }: { parts: string[]; mark?: string }) {
  return (
    <ul class="legend">
      {parts.map((part, j) => (
        <li>
          <svg width="16" height="16" aria-hidden="true">
            <rect class={FILLS[j % 4]} width="16" height="16" />
          </svg>
          {t(part)}
        </li>
      ))}
      {mark && (
        <li>
          <svg width="16" height="24" aria-hidden="true">
            <path class="bar-mark" d={MARK} transform="translate(8 7)" />
          </svg>
          {t(mark)}
        </li>
      )}
    </ul>
  )
}

export interface HistogramProps {
  title: string
  /** In order: « 0 à 7 jours », 12. */
  buckets: { label: string; count: number; mark?: boolean }[]
  unit: string
  axis: string
  source?: string
}
/** Upright bars side by side; `mark` fills those the title speaks of. */
export function Histogram({ title, buckets, unit, axis, source }: HistogramProps) {
  const most = Math.max(1, ...buckets.map(b => b.count))
  const marked = buckets.some(b => b.mark)
  return (
    <figure class="chart">
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      <ol class="histogram" aria-label={`${unit}, ${axis}`}>
        {buckets.map(b => (
          <li class={cx(b.mark && 'marked')}>
            <svg width="100%" height="140" aria-hidden="true">
              <rect
                class={marked && !b.mark ? 'f2' : 'f0'}
                x="6%"
                width="88%"
                y={140 - Math.round((b.count / most) * 112)}
                height={Math.round((b.count / most) * 112)}
              />
              <text x="50%" y={140 - Math.round((b.count / most) * 112) - 6} text-anchor="middle">
                {frNumber(b.count)}
              </text>
            </svg>
            <span class="bucket">{t(b.label)}</span>
            <span class="away">
              {' : '}
              {frNumber(b.count)} {unit}
            </span>
          </li>
        ))}
      </ol>
      <p class="axis">{t(axis)}</p>
    </figure>
  )
}
