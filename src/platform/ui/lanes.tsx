/** Lines of time side by side: a contract and its missions, actions over two years. It follows the width of the page; its table comes with it. */
import type { Child } from 'hono/jsx'
import { cx, slug, t } from './base.tsx'
import { frDate } from './french.ts'

/** Told apart by their fill and their height, not by colour: hatched and thin, plain and thin, full; `frame` only a contour. */
export type SpanLook = 'hatch' | 'light' | 'solid' | 'frame'
/** A day one must not pass, the same passed unmet, something that happened. */
export type MarkShape = 'limit' | 'late' | 'event'
export interface Lane {
  label: Child
  /** A small line under the label: where it stands. */
  note?: Child
  href?: string
  /** Days `YYYY-MM-DD`; what falls outside the picture is cut at its edge. */
  spans: { from: string; to: string; look: SpanLook; label: string }[]
  marks?: { day: string; shape: MarkShape; label: string }[]
}
export interface LanesProps {
  /** Says the finding. */
  title: string
  from: string
  to: string
  today: string
  lanes: Lane[]
  /** What each look and shape means here, for the legend; those without a word are not in it. */
  words: Partial<Record<SpanLook | MarkShape, string>>
  source?: string
  /** The same as a table. */
  children: Child
}

const HEIGHT = 34
const y: Record<SpanLook, [top: number, height: number]> = { hatch: [13, 8], light: [11, 12], solid: [9, 16], frame: [9, 16] }
const shapes: Record<MarkShape, string> = { limit: 'M0 -7 6 0 0 7-6 0z', late: 'M0-8 7.5 5h-15z', event: 'M0-5a5 5 0 1 0 .01 0z' }
const ms = (day: string) => Date.parse(`${day}T00:00:00Z`)
const order: (SpanLook | MarkShape)[] = ['hatch', 'light', 'solid', 'frame', 'limit', 'late', 'event']
const isShape = (k: SpanLook | MarkShape): k is MarkShape => k in shapes

export function Lanes({ title, from, to, today, lanes, words, source, children }: LanesProps) {
  const [a, b] = [ms(from), Math.max(ms(to), ms(from) + 86_400_000)]
  // A little room at both ends, so that a mark on the first day is whole.
  const at = (day: string) => 1.5 + 97 * Math.min(1, Math.max(0, (ms(day) - a) / (b - a)))
  const pc = (n: number) => `${Math.round(n * 100) / 100}%`
  const id = `lanes-${slug(title).slice(0, 40)}`
  const years: number[] = []
  for (let year = Number(from.slice(0, 4)) + 1; `${year}-01-01` < to; year++) years.push(year)
  const within = today >= from && today <= to
  return (
    <figure class="chart lanes">
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      <ul class="legend">
        {order
          .filter(k => words[k])
          .map(k => (
            <li>
              <svg width="22" height="18" aria-hidden="true">
                {isShape(k) ? (
                  <path class={`mark-${k}`} d={shapes[k]} transform="translate(11 9)" />
                ) : (
                  <rect
                    class={`span-${k}`}
                    x="1"
                    y={y[k][0] - 8}
                    width="20"
                    height={y[k][1]}
                    fill={k === 'hatch' ? `url(#${id}-hatch)` : undefined}
                  />
                )}
              </svg>
              {t(words[k])}
            </li>
          ))}
        {within && (
          <li>
            <svg width="22" height="18" aria-hidden="true">
              <line class="lane-today" x1="11" x2="11" y1="0" y2="18" />
            </svg>
            aujourd’hui, {frDate(today)}
          </li>
        )}
      </ul>
      <svg width="0" height="0" class="lane-defs" aria-hidden="true">
        <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="lane-hatch" d="M0 0V6" />
        </pattern>
      </svg>
      <div class="lane-rows">
        {lanes.map(lane => (
          <div class="lane">
            <div class="lane-name">
              {lane.href ? <a href={lane.href}>{t(lane.label)}</a> : t(lane.label)}
              {lane.note && <div class="note">{t(lane.note)}</div>}
            </div>
            <svg width="100%" height={HEIGHT} aria-hidden="true">
              <line class="lane-base" x1="0" x2="100%" y1={HEIGHT / 2} y2={HEIGHT / 2} />
              {years.map(year => (
                <line class="lane-year" x1={pc(at(`${year}-01-01`))} x2={pc(at(`${year}-01-01`))} y1="0" y2={HEIGHT} />
              ))}
              {lane.spans
                .filter(s => s.to > from && s.from < to && s.to > s.from)
                .map(s => (
                  <rect
                    class={`span-${s.look}`}
                    x={pc(at(s.from))}
                    width={pc(at(s.to) - at(s.from))}
                    y={y[s.look][0]}
                    height={y[s.look][1]}
                    fill={s.look === 'hatch' ? `url(#${id}-hatch)` : undefined}
                  >
                    <title>{t(s.label)}</title>
                  </rect>
                ))}
              {within && <line class="lane-today" x1={pc(at(today))} x2={pc(at(today))} y1="0" y2={HEIGHT} />}
              {lane.marks
                ?.filter(m => m.day >= from && m.day <= to)
                .map(m => (
                  <svg x={pc(at(m.day))} y={HEIGHT / 2} overflow="visible" aria-hidden="true">
                    <path class={`mark-${m.shape}`} d={shapes[m.shape]}>
                      <title>{t(m.label)}</title>
                    </path>
                  </svg>
                ))}
            </svg>
          </div>
        ))}
        <div class={cx('lane', 'lane-axis')} aria-hidden="true">
          <div class="lane-name" />
          <svg width="100%" height="20" aria-hidden="true">
            {years.map(
              (year, i) =>
                (years.length < 7 || i % 2 === 0) && (
                  <text x={pc(at(`${year}-01-01`))} y="14">
                    {year}
                  </text>
                ),
            )}
          </svg>
        </div>
      </div>
      <details class="disclosure">
        <summary>Les mêmes dates dans un tableau</summary>
        <div class="disclosure-body">{children}</div>
      </details>
    </figure>
  )
}
