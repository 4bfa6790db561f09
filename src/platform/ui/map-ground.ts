/** The ground of every map: where communes stand on the sheet, their cells, the territory's edge, names where there is room. */
import { Delaunay } from 'd3-delaunay'
import { geoMercator } from 'd3-geo'

export interface Place {
  lon: number
  lat: number
}
export type XY = [number, number]
export interface Box {
  x: number
  y: number
  w: number
  h: number
}
export const WIDTH = 640
const PAD = 56
export const overlap = (a: Box, b: Box) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
export const round = (n: number): number => Math.round(n * 10) / 10
export const path = (points: XY[]): string => `M${points.map(p => p.map(round).join(' ')).join('L')}Z`

/** Least and greatest, held apart when everything is in one place. */
const spread = (all: number[]): [number, number] => {
  const [low, high] = [Math.min(...all), Math.max(...all)]
  return high - low < 0.02 ? [low - 0.01, high + 0.01] : [low, high]
}

export interface Ground {
  height: number
  /** Where a place stands on the sheet. */
  at(q: Place): XY
  centres: XY[]
  /** The cell of the commune of this rank; null when two stand on one point. */
  cell(i: number): XY[] | null
  seams: string
  edge: XY[]
  /** Rank of the commune whose centre is the nearest. */
  nearest(q: Place): number
}
/** At least one commune; `others` (doctors) are kept inside the edge too. */
export function groundOf(communes: readonly Place[], others: readonly Place[] = []): Ground {
  const seen: XY[] = [...communes, ...others].map(q => [q.lon, q.lat])
  const [west, east] = spread(seen.map(q => q[0]))
  const [south, north] = spread(seen.map(q => q[1]))
  const tall = (north - south) / (Math.cos((north * Math.PI) / 180) * (east - west))
  const height = Math.round(Math.min(640, Math.max(320, (WIDTH - 2 * PAD) * tall + 2 * PAD)))
  const frame: [XY, XY] = [
    [PAD, PAD],
    [WIDTH - PAD, height - PAD],
  ]
  const project = geoMercator().fitExtent(frame, {
    type: 'MultiPoint',
    coordinates: [
      [west, south],
      [east, north],
    ],
  })
  const at = (q: Place): XY => project([q.lon, q.lat]) ?? [0, 0]
  const centres = communes.map(at)

  // The territory's edge: the hull of a ring drawn around each centre, so that no centre touches it.
  const ring = centres.flatMap(([x, y]) =>
    Array.from({ length: 24 }, (_, i): XY => [x + 42 * Math.cos((i * Math.PI) / 12), y + 42 * Math.sin((i * Math.PI) / 12)]),
  )
  for (const d of others) {
    const [x, y] = at(d)
    for (let i = 0; i < 12; i++) ring.push([x + 18 * Math.cos((i * Math.PI) / 6), y + 18 * Math.sin((i * Math.PI) / 6)])
  }
  const delaunay = Delaunay.from(centres)
  const voronoi = delaunay.voronoi([0, 0, WIDTH, height])
  return {
    height,
    at,
    centres,
    cell: i => voronoi.cellPolygon(i) as XY[] | null,
    seams: voronoi.render(),
    edge: [...Delaunay.from(ring).hullPolygon()] as XY[],
    nearest: q => delaunay.find(...at(q)),
  }
}

type Anchor = 'start' | 'middle' | 'end'
export interface Label {
  x: number
  y: number
  anchor: Anchor
  text: string
  minor: boolean
}
/** Width and height of a label as drawn, near enough to keep labels apart. */
function labelBox(text: string, size: number, x: number, y: number, anchor: Anchor): Box {
  const w = text.length * size * 0.56 + 6
  return { x: anchor === 'middle' ? x - w / 2 : anchor === 'end' ? x - w : x, y: y - size * 0.85, w, h: size * 1.15 }
}
/**
 * Names of communes, in the order given: the first `always` are always named, where it hurts least; the others only where there is
 * room. `taken` is what is drawn already; it grows with each name.
 */
export function namesOf(order: readonly { name: string; at: XY; radius: number }[], taken: Box[], height: number, always = 8): Label[] {
  const labels: Label[] = []
  for (const [
    rank,
    {
      name,
      at: [x, y],
      radius,
    },
  ] of order.entries()) {
    const r = Math.max(4, radius)
    const minor = rank >= always
    const size = minor ? 14 : 19
    const tries = [
      [x, y + r + size, 'middle'],
      [x, y - r - 5, 'middle'],
      [x + r + 8, y + size * 0.35, 'start'],
      [x - r - 8, y + size * 0.35, 'end'],
      [x + r * 0.8 + 3, y + r + size * 0.6, 'start'],
      [x - r * 0.8 - 3, y + r + size * 0.6, 'end'],
      [x + r * 0.8, y - r * 0.8 - 3, 'start'],
      [x - r * 0.8, y - r * 0.8 - 3, 'end'],
      [x, y - r - size, 'middle'],
      [x, y + r + size * 1.8, 'middle'],
    ] as const
    const places = tries
      .map(([lx, ly, anchor]) => ({ lx, ly, anchor, box: labelBox(name, size, lx, ly, anchor) }))
      .filter(({ box }) => box.x >= 0 && box.x + box.w <= WIDTH && box.y >= 0 && box.y + box.h <= height)
      .map(place => ({ ...place, hits: taken.filter(b => overlap(place.box, b)).length }))
    const best = places.sort((a, b) => a.hits - b.hits)[0]
    if (!best || (minor && best.hits > 0)) continue
    taken.push(best.box)
    labels.push({ x: best.lx, y: best.ly, anchor: best.anchor, text: name, minor })
  }
  return labels
}
