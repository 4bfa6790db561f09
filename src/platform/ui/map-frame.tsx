/** What every map is drawn in: the figure and its finding, the territory's edge with the cells inside it, names, legend, figures behind. */
import type { Child } from 'hono/jsx'
import { cx, t } from './base.tsx'
import { typo } from './french.ts'
import { type Ground, type Label, path, round, WIDTH, type XY } from './map-ground.ts'

export interface MapFrameProps {
  /** Says the finding. */
  title: string
  source?: string
  /** Its class, beside `map`. */
  kind?: string
  /** Unique in the page. */
  id: string
  ground: Ground
  defs?: Child
  /** What fills the cell of the commune of this rank. */
  fill(outline: XY[], i: number): Child
  names: readonly Label[]
  legend: Child
  /** The same figures, to be read. */
  figures: Child
  /** Drawn over the cells, under the names. */
  children?: Child
}
export function MapFrame({ title, source, kind, id, ground, defs, fill, names, legend, figures, children }: MapFrameProps) {
  const { height, centres, cell, seams, edge } = ground
  return (
    <figure class={cx('chart map', kind)}>
      <figcaption>
        {t(title)}
        {source && <span class="note">{t(source)}</span>}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={typo(title)}>
        <defs>
          <clipPath id={`${id}-edge`}>
            <path d={path(edge)} />
          </clipPath>
          {defs}
        </defs>
        <g clip-path={`url(#${id}-edge)`}>
          {centres.map((_, i) => {
            const outline = cell(i)
            return outline && fill(outline, i)
          })}
          <path class="seam" d={seams} />
        </g>
        <path class="edge" d={path(edge)} />
        {children}
        {names.map(l => (
          <text class={l.minor ? 'label minor' : 'label'} x={round(l.x)} y={round(l.y)} text-anchor={l.anchor}>
            {l.text}
          </text>
        ))}
      </svg>
      <ul class="legend">{legend}</ul>
      <details class="disclosure">
        <summary>Les chiffres de la carte</summary>
        {figures}
      </details>
    </figure>
  )
}
/** Hatching for a cell that has nothing, as a pattern called `<id>-bare`. */
export const Hatching = ({ id }: { id: string }) => (
  <pattern id={`${id}-bare`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <path class="hatch" d="M0 3.5H7" />
  </pattern>
)
/** The same in a legend. */
export const HatchedKey = () => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path class="cell edge" d="M.5.5h15v15H.5z" />
    <path class="hatch" d="M0 10 10 0M3 16 16 3M10 16l6-6" />
  </svg>
)
