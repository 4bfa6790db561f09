/** One's own value beside others, a line each: a dot and lettered ticks on a small scale, with every number written. It is a table. */
import type { Child } from 'hono/jsx'
import { t } from './base.tsx'

export interface CompareProps {
  /** Says the finding. */
  title: string
  /** Of whom one's own value is. */
  ours: string
  /** Whom it is compared with: a letter on the scale, a name in the heading. */
  others: { letter: string; name: string }[]
  rows: {
    label: Child
    href?: string
    note?: Child
    ours: { value: number | null; text: Child }
    /** In the order of `others`; null: nothing is known. */
    others: ({ value: number | null; text: string } | null)[]
  }[]
  source?: string
}
/** Closer than this share of the scale, two letters would cover each other. */
const APART = 0.08

/** Where values stand on a scale of their own, with room at both ends: shares of its width. */
function placed(values: readonly (number | null)[]): (number | null)[] {
  const known = values.filter(v => v !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  // All alike: in the middle.
  const span = high - low || 1
  return values.map(v => (v === null ? null : high === low ? 0.5 : 0.06 + (0.88 * (v - low)) / span))
}
const percent = (x: number) => `${Math.round(x * 1000) / 10}%`

function Scale({ at, letters }: { at: (number | null)[]; letters: string[] }) {
  const [ours = null, ...others] = at
  // One value alone says nothing on a scale of its own.
  if (at.filter(x => x !== null).length < 2) return null
  const ticks = others.flatMap((x, i) => (x === null ? [] : [{ x, letter: letters[i] as string }])).sort((a, b) => a.x - b.x)
  const lanes: number[] = []
  const set = ticks.map(tick => {
    const free = lanes.findIndex(end => tick.x - end >= APART)
    const lane = free < 0 ? lanes.length : free
    lanes[lane] = tick.x
    return { ...tick, lane }
  })
  return (
    <svg width="100%" height={26 + 14 * Math.max(1, lanes.length)} aria-hidden="true">
      <line class="scale" x1="0" x2="100%" y1="12" y2="12" />
      {set.map(({ x, letter, lane }) => (
        <>
          <line class="tick" x1={percent(x)} x2={percent(x)} y1="4" y2="21" />
          <text x={percent(x)} y={34 + 14 * lane} text-anchor="middle">
            {letter}
          </text>
        </>
      ))}
      {ours !== null && <circle class="ours" cx={percent(ours)} cy="12" r="7" />}
    </svg>
  )
}

export function Compare({ title, ours, others, rows, source }: CompareProps) {
  return (
    <figure class="chart">
      <figcaption>
        {t(title)}
        <span class="note">{t(`${source ? `${source} ` : ''}Chaque ligne a son échelle.`)}</span>
      </figcaption>
      <table class="compare">
        <caption class="away">{t(title)}</caption>
        <thead>
          <tr>
            <th scope="col">Indicateur</th>
            <td />
            <th scope="col">
              <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
                <circle class="ours" cx="8" cy="8" r="7" />
              </svg>{' '}
              {t(ours)}
            </th>
            {others.map(o => (
              <th scope="col">
                <b aria-hidden="true">{o.letter}</b> {t(o.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(r => (
            <tr>
              <th scope="row">
                {r.href ? <a href={r.href}>{t(r.label)}</a> : t(r.label)}
                {r.note && <div class="note">{t(r.note)}</div>}
              </th>
              <td class="scale-cell">
                <Scale at={placed([r.ours.value, ...r.others.map(o => o?.value ?? null)])} letters={others.map(o => o.letter)} />
              </td>
              <td class="num own">{t(r.ours.text)}</td>
              {r.others.map((o, i) => (
                <td class="num" data-name={`${others[i]?.letter} · ${others[i]?.name}`}>
                  {o ? t(o.text) : ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
