/** One value per commune: cells in four tints with the value written in them; hatched where there is none. Read without the tints. */
import { slug, t } from './base.tsx'
import { typo } from './french.ts'
import { HatchedKey, Hatching, MapFrame } from './map-frame.tsx'
import { type Box, groundOf, namesOf, overlap, type Place, path, round, type XY } from './map-ground.ts'
import { DataTable } from './table.tsx'

export interface ValueMapProps {
  /** Says the finding: « De 8 à 15 % sans médecin traitant selon la commune ». */
  title: string
  /** `text` is what the table says, with its unit or why there is none; `short` what fits in the cell. */
  communes: (Place & { code: string; name: string; value: number | null; text: string; short: string })[]
  /** What the values are. */
  what: string
  /** Of cells without a value. */
  none: string
  source?: string
}
const CLASSES = 4
/** Bounds of classes of about as many communes each; equal values are never split. */
function classesOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const bounds = Array.from({ length: CLASSES - 1 }, (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / CLASSES) - 1] as number)
  return [...new Set(bounds)].filter(b => b < (sorted.at(-1) as number))
}

export function ValueMap(p: ValueMapProps) {
  const valued = p.communes.filter(c => c.value !== null)
  if (valued.length === 0) return null
  const ground = groundOf(p.communes)
  const id = `value-${slug(p.title).slice(0, 40)}`
  const bounds = classesOf(valued.map(c => c.value as number))
  // With fewer classes than tints, the strongest ones are used: two classes are told apart at a glance.
  const tint = (v: number) => 1 + bounds.filter(b => v > b).length + (CLASSES - 1 - bounds.length)
  const order = p.communes.map((c, i) => ({ c, i })).sort((a, b) => (b.c.value ?? -1) - (a.c.value ?? -1))
  // From both ends towards the middle: the extremes are what one looks for.
  const ends = order.flatMap((_, k) => (k % 2 ? order[order.length - Math.ceil(k / 2)] : order[k / 2])!)
  const taken: Box[] = []
  const written = ends.flatMap(({ c, i }) => {
    const [x, y] = ground.centres[i] as XY
    const w = c.short.length * 9.5 + 6
    const box = { x: x - w / 2, y: y - 12, w, h: 20 }
    if (c.value === null || taken.some(o => overlap(o, box))) return []
    taken.push(box)
    return [{ c, i, x, y }]
  })
  const shown = new Set(written.map(w => w.i))
  for (const [i, [x, y]] of ground.centres.entries()) if (!shown.has(i)) taken.push({ x: x - 3, y: y - 3, w: 6, h: 6 })
  const names = namesOf(
    ends.map(({ c, i }) => ({ name: c.name, at: ground.centres[i] as XY, radius: shown.has(i) ? 10 : 3 })),
    taken,
    ground.height,
    Math.min(8, valued.length),
  )
  const classes = [0, ...bounds.map((_, k) => k + 1)].map(k => valued.filter(c => bounds.filter(b => (c.value as number) > b).length === k))
  return (
    <MapFrame
      title={p.title}
      source={p.source}
      kind="values"
      id={id}
      ground={ground}
      names={names}
      defs={<Hatching id={id} />}
      fill={(outline, i) => {
        const c = p.communes[i] as ValueMapProps['communes'][number]
        return (
          <>
            <path class={c.value === null ? 'cell' : `cell tint${tint(c.value)}`} d={path(outline)}>
              <title>{typo(`${c.name} : ${c.text}`)}</title>
            </path>
            {c.value === null && <path class="bare" d={path(outline)} fill={`url(#${id}-bare)`} />}
          </>
        )
      }}
      legend={
        <>
          {classes.map(of => {
            const [low, high] = [
              of.reduce((a, b) => ((b.value as number) < (a.value as number) ? b : a)),
              of.reduce((a, b) => ((b.value as number) > (a.value as number) ? b : a)),
            ]
            return (
              <li>
                <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                  <path class={`cell edge tint${tint(low.value as number)}`} d="M.5.5h15v15H.5z" />
                </svg>
                {low.short === high.short ? low.short : `${low.short} à ${high.short}`}
              </li>
            )
          })}
          {valued.length < p.communes.length && (
            <li>
              <HatchedKey />
              {t(p.none)}
            </li>
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
            { key: 'text', label: p.what },
          ]}
        />
      }
    >
      {p.communes.map((_, i) => {
        const [x, y] = ground.centres[i] as XY
        return !shown.has(i) && <circle class="dot" cx={round(x)} cy={round(y)} r="2.5" />
      })}
      {written.map(({ c, x, y }) => (
        <text class="value" x={round(x)} y={round(y + 4)}>
          {c.short}
        </text>
      ))}
    </MapFrame>
  )
}
