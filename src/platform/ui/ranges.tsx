/** Where a group stands on a scale of percents, and where one stands in it. Read by shapes: a box, a line, a mark; the table behind it says the same. */
import type { Child } from 'hono/jsx'
import { t } from './base.tsx'
import { frNumber } from './french.ts'

export interface RangesProps {
  /** Says the finding. */
  title: string
  source?: string
  /** In percent. `low` and `high` are null when only the middle is told; `own` is null when one has none. */
  rows: { label: Child; note?: Child; href?: string; low: number | null; middle: number; high: number | null; own: number | null }[]
  words: { box: string; middle: string; own: string }
}
const WIDTH = '100%'
const HEIGHT = 26
const MARK = 'M0 -2 7 -13H-7z'
const pc = (n: number) => `${n}%`

export function Ranges({ title, source, rows, words }: RangesProps) {
  return (
    <figure class="chart">
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      <ul class="legend">
        <li>
          <svg width="26" height="16" aria-hidden="true">
            <rect class="range-box" x="1" y="3" width="24" height="10" />
          </svg>
          {t(words.box)}
        </li>
        <li>
          <svg width="10" height="18" aria-hidden="true">
            <line class="range-middle" x1="5" x2="5" y1="0" y2="18" />
          </svg>
          {t(words.middle)}
        </li>
        <li>
          <svg width="16" height="16" aria-hidden="true">
            <path class="bar-mark" d={MARK} transform="translate(8 15)" />
          </svg>
          {t(words.own)}
        </li>
      </ul>
      <table class="bars ranges">
        <caption class="away">{t(title)}</caption>
        <thead class="away">
          <tr>
            <th scope="col">Ligne</th>
            <th scope="col">{t(words.middle)}</th>
            <th scope="col">{t(words.own)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(r => (
            <tr>
              <th scope="row">
                {r.href ? <a href={r.href}>{t(r.label)}</a> : t(r.label)}
                {r.note && <div class="note">{t(r.note)}</div>}
              </th>
              <td class="bar">
                <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
                  <line class="range-scale" x1="0" x2={WIDTH} y1={HEIGHT - 7} y2={HEIGHT - 7} />
                  {[0, 25, 50, 75, 100].map(n => (
                    <line class="range-scale" x1={pc(n)} x2={pc(n)} y1={HEIGHT - 10} y2={HEIGHT - 4} />
                  ))}
                  {r.low !== null && r.high !== null && (
                    // Never thinner than can be seen: the three quarters may be one level.
                    <rect
                      class="range-box"
                      x={pc(Math.min(r.low, 99))}
                      width={pc(Math.max(r.high - Math.min(r.low, 99), 1))}
                      y={HEIGHT - 13}
                      height="12"
                    />
                  )}
                  <line class="range-middle" x1={pc(r.middle)} x2={pc(r.middle)} y1={HEIGHT - 16} y2={HEIGHT} />
                  {r.own !== null && (
                    <svg x={pc(r.own)} y={HEIGHT - 12} overflow="visible" aria-hidden="true">
                      <path class="bar-mark" d={MARK} />
                    </svg>
                  )}
                </svg>
                <span class="away">
                  {`${words.middle} ${frNumber(r.middle)} %`}
                  {r.low !== null && r.high !== null && `, ${words.box} ${frNumber(r.low)} à ${frNumber(r.high)} %`}
                </span>
              </td>
              <td class="num">{r.own === null ? '–' : `${frNumber(r.own)}\u00a0%`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="axis">{t('De 0 à 100 %')}</p>
    </figure>
  )
}
