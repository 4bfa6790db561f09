/** The territory drawn on the server: communes as cells of their centres, demand as circles, doctors as marks, pairs as threads. */
import { Delaunay } from 'd3-delaunay'
import { scaleSqrt } from 'd3-scale'
import { slug, t } from './base.tsx'
import { frNumber, plural, typo } from './french.ts'
import { HatchedKey, Hatching, MapFrame } from './map-frame.tsx'
import { type Box, groundOf, namesOf, type Place, path, round, type XY } from './map-ground.ts'
import { DataTable } from './table.tsx'

export interface TerritoryMapProps {
  /** Says the finding: « Trois communes sur dix n’ont plus de médecin ». */
  title: string
  communes: (Place & { code: string; name: string; population?: number })[]
  demand: { code: string; count: number }[]
  /** `count`: a mark that stands for several. */
  doctors: (Place & { id: string; label: string; capacity?: number; count?: number })[]
  threads?: { from: Place; to: Place; label: string; count?: number }[]
  /** What one counts: demande, demandes. */
  unit?: [one: string, many: string]
  source?: string
}

/** Marks that would cover a circle's figure, or one another, stand around that circle, from its upper right onwards. */
function aroundCircles(marks: XY[], centres: XY[], radius: (i: number) => number): XY[] {
  const delaunay = Delaunay.from(centres)
  const near = marks.map(([x, y]) => {
    const i = delaunay.find(x, y)
    const [cx, cy] = centres[i] as XY
    return Math.hypot(x - cx, y - cy) < radius(i) + 7 ? i : -1
  })
  return marks.map((mark, k) => {
    const i = near[k]!
    const together = near.filter(other => other === i).length
    if (i < 0 || (together === 1 && radius(i) === 0)) return mark
    const far = Math.max(radius(i) + 9, (together * 15) / (2 * Math.PI))
    const step = Math.min(15 / far, (2 * Math.PI) / together)
    const angle = -Math.PI / 4 + step * near.slice(0, k).filter(other => other === i).length
    const [cx, cy] = centres[i] as XY
    return [cx + far * Math.cos(angle), cy + far * Math.sin(angle)]
  })
}

export function TerritoryMap(p: TerritoryMapProps) {
  if (p.communes.length === 0) return null
  const [one, many] = p.unit ?? ['demande', 'demandes']
  const ground = groundOf(p.communes, p.doctors)
  const { height, at, centres, nearest } = ground
  const served = new Set(p.doctors.map(nearest))
  const counts = new Map(p.demand.map(d => [d.code, d.count]))
  const most = Math.max(1, ...counts.values())
  const radius = scaleSqrt([0, most], [0, Math.min(34, 10 + most * 2)])
  const id = `map-${slug(p.title).slice(0, 40)}`

  // Labels: the busiest communes first; each takes the first free of four places, or is left to the table.
  const taken: Box[] = centres.map(([x, y], i) => {
    const r = Math.max(3, radius(counts.get(p.communes[i]?.code ?? '') ?? 0))
    return { x: x - r, y: y - r, w: 2 * r, h: 2 * r }
  })
  const marks = aroundCircles(p.doctors.map(at), centres, i => radius(counts.get(p.communes[i]?.code ?? '') ?? 0))
  for (const [x, y] of marks) taken.push({ x: x - 7, y: y - 7, w: 14, h: 14 })
  const threads = (p.threads ?? []).map(th => {
    const [a, b] = [at(th.from), at(th.to)]
    const mid: XY = [(a[0] + b[0]) / 2 + (b[1] - a[1]) * 0.14, (a[1] + b[1]) / 2 - (b[0] - a[0]) * 0.14]
    for (const k of [0.25, 0.4, 0.5, 0.6, 0.75, 0.9]) {
      const [x, y] = [0, 1].map(d => (1 - k) ** 2 * a[d]! + 2 * k * (1 - k) * mid[d]! + k ** 2 * b[d]!) as XY
      taken.push({ x: x - 2, y: y - 2, w: 4, h: 4 })
    }
    return { ...th, a, b, mid }
  })
  const order = p.communes
    .map((c, i) => ({ c, i, n: counts.get(c.code) ?? 0 }))
    .sort((a, b) => b.n - a.n || (b.c.population ?? 0) - (a.c.population ?? 0))
  const labels = namesOf(
    order.map(({ c, i, n }) => ({ name: c.name, at: centres[i] as XY, radius: radius(n) })),
    taken,
    height,
  )

  return (
    <MapFrame
      title={p.title}
      source={p.source}
      id={id}
      ground={ground}
      names={labels}
      defs={<Hatching id={id} />}
      fill={(outline, i) => (
        <>
          <path class="cell" d={path(outline)} />
          {!served.has(i) && <path class="bare" d={path(outline)} fill={`url(#${id}-bare)`} />}
        </>
      )}
      legend={
        <>
          {p.demand.some(d => d.count > 0) && (
            <li>
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="demand">
                <circle cx="8" cy="8" r="7" />
              </svg>
              {many} (surface du cercle)
            </li>
          )}
          <li>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path class="doctor" d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4z" />
            </svg>
            médecin
          </li>
          {served.size < p.communes.length && (
            <li>
              <HatchedKey />
              commune sans médecin
            </li>
          )}
          {p.threads && p.threads.length > 0 && (
            <li>
              <svg viewBox="0 0 22 16" width="22" height="16" aria-hidden="true">
                <path class="thread" d="M1 13Q10 1 21 5" stroke-width="3" />
              </svg>
              orientation proposée
            </li>
          )}
        </>
      }
      figures={
        <>
          <DataTable
            caption="Par commune"
            captionHidden
            rows={order.map(({ c, i, n }) => ({
              c,
              n,
              doctors: p.doctors.reduce((sum, d) => sum + (nearest(d) === i ? (d.count ?? 1) : 0), 0),
            }))}
            columns={[
              { key: 'name', label: 'Commune', cell: r => r.c.name },
              { key: 'n', label: many.charAt(0).toUpperCase() + many.slice(1), numeric: true, cell: r => frNumber(r.n) },
              { key: 'doctors', label: 'Médecins', numeric: true, cell: r => frNumber(r.doctors) },
              ...(p.communes.some(c => c.population)
                ? [
                    {
                      key: 'pop',
                      label: 'Habitants',
                      numeric: true,
                      cell: (r: { c: { population?: number } }) => (r.c.population ? frNumber(r.c.population) : ''),
                    },
                  ]
                : []),
            ]}
          />
          {p.threads && p.threads.length > 0 && (
            <ul class="thread-list">
              {p.threads.map(th => (
                <li>{t(th.label)}</li>
              ))}
            </ul>
          )}
        </>
      }
    >
      {threads.map(({ a, b, mid, label, count }) => (
        <path
          class="thread"
          d={`M${a.map(round)}Q${mid.map(round)} ${b.map(round)}`}
          stroke-width={round(Math.min(9, 1 + 1.2 * Math.sqrt(count ?? 1)))}
        >
          <title>{typo(label)}</title>
        </path>
      ))}
      {order.map(({ c, i, n }) => {
        const [x, y] = centres[i] as XY
        return n > 0 ? (
          <g class="demand">
            <circle cx={round(x)} cy={round(y)} r={round(radius(n))}>
              <title>{typo(`${c.name} : ${plural(n, one, many)}`)}</title>
            </circle>
            {radius(n) >= 11 && (
              <text x={round(x)} y={round(y + 5)}>
                {frNumber(n)}
              </text>
            )}
          </g>
        ) : (
          <circle class="dot" cx={round(x)} cy={round(y)} r="2.5" />
        )
      })}
      {p.doctors.map((d, k) => {
        const [x, y] = marks[k]!.map(round) as XY
        return (
          <path class="doctor" d={`M${x - 2} ${y - 6}h4v4h4v4h-4v4h-4v-4h-4v-4h4z`}>
            <title>{typo(d.capacity === undefined ? d.label : `${d.label} : ${plural(d.capacity, 'place', 'places')}`)}</title>
          </path>
        )
      })}
    </MapFrame>
  )
}
