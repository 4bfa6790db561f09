/** What a change does to each commune: tinted cells, a disc for who gains, a diamond for who loses, the difference inside. */
import { scaleSqrt } from 'd3-scale'
import { slug, t } from './base.tsx'
import { frNumber, frSigned, typo } from './french.ts'
import { MapFrame } from './map-frame.tsx'
import { type Box, groundOf, namesOf, type Place, path, round, type XY } from './map-ground.ts'
import { DataTable } from './table.tsx'

export interface ChangeMapProps {
  /** Says the finding: « Trois communes gagnent, une perd ». */
  title: string
  /** One figure per commune on each side. */
  communes: (Place & { code: string; name: string; before: number; after: number })[]
  /** What stands or falls: who leaves, who arrives, who opens places. */
  marks?: (Place & { label: string; kind: 'leaves' | 'arrives' })[]
  /** What one counts. */
  what: string
  /** Is less of it a gain. */
  lessIsGain?: boolean
  /** Legends of the two kinds of communes. */
  gains: string
  loses: string
  source?: string
}
const diamond = (x: number, y: number, r: number) =>
  path([
    [x, y - r],
    [x + r, y],
    [x, y + r],
    [x - r, y],
  ])
const person = 'M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4z'

export function ChangeMap(p: ChangeMapProps) {
  if (p.communes.length === 0) return null
  const marks = p.marks ?? []
  const ground = groundOf(p.communes, marks)
  const { height, at, centres } = ground
  const gain = (c: ChangeMapProps['communes'][number]) => (p.lessIsGain ? c.before - c.after : c.after - c.before)
  const most = Math.max(1, ...p.communes.map(c => Math.abs(gain(c))))
  // Large enough for a sign and two figures.
  const radius = scaleSqrt([0, most], [13, 32])
  const reach = (c: ChangeMapProps['communes'][number]) => (gain(c) === 0 ? 3 : radius(Math.abs(gain(c))) * (gain(c) < 0 ? 1.2 : 1))
  const id = `change-${slug(p.title).slice(0, 40)}`
  const taken: Box[] = centres.map(([x, y], i) => {
    const r = reach(p.communes[i]!)
    return { x: x - r, y: y - r, w: 2 * r, h: 2 * r }
  })
  const placed = marks.map((m, k) => {
    const [x, y] = at(m)
    const i = p.communes.findIndex(c => c.lon === m.lon && c.lat === m.lat)
    // Beside the figure of its commune, and beside one another.
    const away = i < 0 ? 0 : reach(p.communes[i]!) + 11
    const rank = marks.slice(0, k).filter(o => o.lon === m.lon && o.lat === m.lat).length
    const angle = -Math.PI / 4 + rank * (Math.PI / 5)
    return { m, at: [x + away * Math.cos(angle), y + away * Math.sin(angle)] as XY }
  })
  for (const {
    at: [x, y],
  } of placed)
    taken.push({ x: x - 9, y: y - 9, w: 18, h: 18 })
  const order = p.communes
    .map((c, i) => ({ c, i }))
    .sort((a, b) => Math.abs(gain(b.c)) - Math.abs(gain(a.c)) || (a.c.name < b.c.name ? -1 : 1))
  const touched = order.filter(({ c }) => gain(c) !== 0).length
  const names = namesOf(
    order.map(({ c, i }) => ({ name: c.name, at: centres[i] as XY, radius: reach(c) })),
    taken,
    height,
    Math.min(8, Math.max(3, touched)),
  )
  return (
    <MapFrame
      title={p.title}
      source={p.source}
      kind="change"
      id={id}
      ground={ground}
      names={names}
      fill={(outline, i) => {
        const g = gain(p.communes[i] as ChangeMapProps['communes'][number])
        return (
          <path
            class={g > 0 ? 'cell gains' : g < 0 ? 'cell loses' : 'cell'}
            d={path(outline)}
            fill-opacity={g === 0 ? undefined : round(0.25 + 0.75 * (Math.abs(g) / most))}
          />
        )
      }}
      legend={
        <>
          {p.communes.some(c => gain(c) > 0) && (
            <li>
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="gain">
                <circle cx="8" cy="8" r="7" />
              </svg>
              {t(p.gains)}
            </li>
          )}
          {p.communes.some(c => gain(c) < 0) && (
            <li>
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="loss">
                <path d={diamond(8, 8, 8)} />
              </svg>
              {t(p.loses)}
            </li>
          )}
          {(['leaves', 'arrives'] as const).map(
            kind =>
              marks.some(m => m.kind === kind) && (
                <li>
                  <svg viewBox="-11 -11 22 22" width="18" height="18" aria-hidden="true">
                    <path class="doctor" d={person} />
                    {kind === 'leaves' ? <path class="crossed" d="M-8 8 8 -8" /> : <circle class="ring" r="10" />}
                  </svg>
                  {kind === 'leaves' ? 'médecin qui part' : 'places nouvelles'}
                </li>
              ),
          )}
        </>
      }
      figures={
        <DataTable
          caption={`${p.what}, par commune`}
          captionHidden
          rows={order.map(o => o.c)}
          columns={[
            { key: 'name', label: 'Commune' },
            { key: 'before', label: 'Aujourd’hui', numeric: true, cell: c => frNumber(c.before) },
            { key: 'after', label: 'Ensuite', numeric: true, cell: c => frNumber(c.after) },
            { key: 'gain', label: 'Différence', numeric: true, cell: c => frSigned(c.after - c.before) },
          ]}
        />
      }
    >
      {order.map(({ c, i }) => {
        const [x, y] = centres[i] as XY
        const g = gain(c)
        if (g === 0) return <circle class="dot" cx={round(x)} cy={round(y)} r="2.5" />
        const r = radius(Math.abs(g))
        return (
          <g class={g > 0 ? 'gain' : 'loss'}>
            {g > 0 ? <circle cx={round(x)} cy={round(y)} r={round(r)} /> : <path d={diamond(x, y, r * 1.2)} />}
            <title>{typo(`${c.name} : ${p.what}, ${frNumber(c.before)} aujourd’hui, ${frNumber(c.after)} ensuite`)}</title>
            <text x={round(x)} y={round(y + 5)}>
              {frSigned(c.after - c.before)}
            </text>
          </g>
        )
      })}
      {placed.map(({ m, at: [x, y] }) => (
        <g class={m.kind} transform={`translate(${round(x)} ${round(y)})`}>
          <path class="doctor" d={person} />
          {m.kind === 'leaves' && <path class="crossed" d="M-8 8 8 -8" />}
          {m.kind === 'arrives' && <circle class="ring" r="10" />}
          <title>{typo(m.label)}</title>
        </g>
      ))}
    </MapFrame>
  )
}

export interface BeforeAfterProps {
  /** Says the finding. */
  title: string
  rows: { label: string; before: number; after: number }[]
  /** What one counts. */
  what: string
  names?: [before: string, after: string]
  source?: string
}
/** Two bars a line: today above, what would be below. It is a table: read as such, and printed as such. */
export function BeforeAfter({ title, rows, what, names = ['aujourd’hui', 'ensuite'], source }: BeforeAfterProps) {
  const most = Math.max(1, ...rows.flatMap(r => [r.before, r.after]))
  const wide = (n: number) => `${Math.round((n / most) * 10_000) / 100}%`
  return (
    <figure class="chart">
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      <ul class="legend">
        {names.map((name, i) => (
          <li>
            <svg width="16" height="16" aria-hidden="true">
              <rect class={i === 0 ? 'f2' : 'f0'} width="16" height={i === 0 ? 10 : 16} y={i === 0 ? 3 : 0} />
            </svg>
            {t(name)}
          </li>
        ))}
      </ul>
      <table class="bars">
        <caption class="away">{t(`${title} (${what})`)}</caption>
        <thead class="away">
          <tr>
            <th scope="col">Ligne</th>
            <th scope="col">Barres</th>
            <th scope="col">{t(`${names[0]}, puis ${names[1]}`)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(r => (
            <tr>
              <th scope="row">{t(r.label)}</th>
              <td class="bar">
                <svg width="100%" height="26" aria-hidden="true">
                  <rect class="f2" y="0" width={wide(r.before)} height="9" />
                  <rect class="f0" y="10" width={wide(r.after)} height="16" />
                </svg>
              </td>
              <td class="num">
                {frNumber(r.before)}
                <span class="away">{t(` ${names[0]}, `)}</span>
                <span aria-hidden="true" class="muted">
                  {' puis '}
                </span>
                <strong>{frNumber(r.after)}</strong>
                <span class="away">{t(` ${names[1]}`)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
