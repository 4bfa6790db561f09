/** Values year after year: one line per series, each with its own mark, named beside it; the numbers in a table behind. */
import { t } from './base.tsx'
import { typo } from './french.ts'
import { DataTable } from './table.tsx'

export interface TrendProps {
  /** Says the finding: « De 13,1 à 11,8 % en trois ans ». */
  title: string
  /** In order; a year without any value may be among them. */
  years: number[]
  /** At most four; the first is one's own. `short` stands at the end of its line; `texts`, year by year, is what the table says. */
  series: { name: string; short: string; values: (number | null)[]; texts: string[] }[]
  /** How a value is written on the drawing. */
  format(n: number): string
  source?: string
}
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 260, 28, 128, 26, 34]
const MARKS = ['M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0', 'M-5-5H5V5H-5z', 'M0-7 7 0 0 7-7 0z', 'M0-7 7 5H-7z']

export function Trend({ title, years, series, format, source }: TrendProps) {
  const all = series.flatMap(s => s.values).filter(v => v !== null)
  if (all.length === 0) return null
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const span = high - low || 1
  const x = (i: number) => LEFT + (years.length === 1 ? 0.5 : i / (years.length - 1)) * (WIDTH - LEFT - RIGHT)
  const y = (v: number) => (high === low ? (TOP + HEIGHT - BOTTOM) / 2 : TOP + ((high - v) / span) * (HEIGHT - TOP - BOTTOM))
  const drawn = series.flatMap((s, k) => {
    const points = s.values.flatMap((v, i) => (v === null ? [] : [{ i, v, x: Math.round(x(i)), y: Math.round(y(v)) }]))
    return points.length ? [{ ...s, k, points, end: points.at(-1) as (typeof points)[number] }] : []
  })
  // Names stand at the end of their lines, pushed down where they would cover one another.
  let below = 0
  const names = drawn
    .toSorted((a, b) => a.end.y - b.end.y)
    .map(s => {
      below = Math.max(s.end.y + 5, below + 21)
      return { ...s, at: below }
    })
  const over = Math.max(0, below - HEIGHT + 6)
  return (
    <figure class="chart trend">
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + over}`} role="img" aria-label={typo(title)}>
        {years.map((year, i) => (
          <>
            <line class="year" x1={Math.round(x(i))} x2={Math.round(x(i))} y1={TOP - 8} y2={HEIGHT - BOTTOM + 8} />
            <text class="axis-year" x={Math.round(x(i))} y={HEIGHT - 4} text-anchor="middle">
              {String(year)}
            </text>
          </>
        ))}
        {drawn.toReversed().map(s => (
          <g class={`series s${s.k}`}>
            <path class="line" d={`M${s.points.map(p => `${p.x} ${p.y}`).join('L')}`} />
            {s.points.map(p => (
              <path class="point" d={MARKS[s.k % 4]} transform={`translate(${p.x} ${p.y})`} />
            ))}
          </g>
        ))}
        {names.map(s => (
          <text class={s.k === 0 ? 'name own' : 'name'} x={WIDTH - RIGHT + 14} y={s.at}>
            {typo(`${format(s.end.v)} ${s.short}`)}
          </text>
        ))}
      </svg>
      <ul class="legend">
        {drawn.map(s => (
          <li>
            <svg viewBox="-9 -9 18 18" width="16" height="16" aria-hidden="true" class={`series s${s.k}`}>
              <path class="point" d={MARKS[s.k % 4]} />
            </svg>
            {s.short && <b>{s.short}</b>} {t(s.name)}
          </li>
        ))}
      </ul>
      <details class="disclosure">
        <summary>Les chiffres de la courbe</summary>
        <DataTable
          caption={title}
          captionHidden
          rows={years.map((year, i) => ({ year, i }))}
          columns={[
            { key: 'year', label: 'Année', cell: r => String(r.year) },
            ...series.map((s, k) => ({ key: `s${k}`, label: s.name, cell: (r: { i: number }) => s.texts[r.i] ?? '' })),
          ]}
        />
      </details>
    </figure>
  )
}
