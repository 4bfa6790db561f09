/**
 * Rates of several communities that may be told to one another: the middle and the quarters of a group, never the rate of one of them.
 *
 * - A rate leaves its community as a level of a coarse scale (`SCALE`). Whatever is published, withdrawn, compared or put together,
 *   nobody finds more than the level: nothing finer ever left.
 * - Fewer than five communities: nothing is told.
 * - Before publishing, we attack, as in disclosure.ts. The attacker is one of the group and knows his own rates; he knows who took part
 *   in each publication and whose level did not change in between; he puts any two publications of the indicator side by side. While he
 *   can place the level of another community among fewer than three, the quarters are left out; if the middle alone still lets him, nothing
 *   is told.
 *
 * The attack is exact. Communities of which he knows the same things are alike, so a world is told by how many of each kind lie at or
 * below each level; every publication, and every order between levels, then bounds a difference of two such numbers: the world exists
 * unless the bounds go round a negative cycle (Bellman and Ford).
 */
import type { Ratio } from './contract/index.ts'

/** In percent: finer near nothing and near everything, where rates differ by less. Levels are kept: a value may never move. */
export const SCALE: readonly number[] = [
  0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 88, 90, 92, 94, 96, 98, 100,
]
export const FEWEST_COMMUNITIES = 5
/** An attacker must hesitate between at least this many levels for every other community. */
export const LEVELS_OF_DOUBT = 3

/** The nearest level of a share between 0 and 1; of two as near, the lower. */
export function levelOf({ numerator, denominator }: Ratio): number {
  const percent = (100 * numerator) / denominator
  let best = 0
  for (const [i, p] of SCALE.entries()) if (Math.abs(p - percent) < Math.abs(SCALE[best]! - percent)) best = i
  return best
}

/** By community: its level. */
export type Levels = ReadonlyMap<string, number>
/** What is told of a group: its three quarters, or its middle alone. */
export type Told = 'quarters' | 'middle'
export interface Published {
  levels: Levels
  told: Told
}
export interface Band {
  /** Levels. */
  low: number | null
  middle: number
  high: number | null
}
const rankOf = { low: 1 / 4, middle: 1 / 2, high: 3 / 4 } as const
const rankAt = (share: number, of: number) => Math.ceil(share * of)
/** The levels that a quarter, a half and three quarters of the group reach at most (nearest rank). */
export function bandOf(levels: Iterable<number>, told: Told): Band {
  const sorted = [...levels].sort((a, b) => a - b)
  const at = (share: number) => sorted[rankAt(share, sorted.length) - 1]!
  return told === 'middle'
    ? { low: null, middle: at(rankOf.middle), high: null }
    : { low: at(rankOf.low), middle: at(rankOf.middle), high: at(rankOf.high) }
}
/** What may be told of this group after these publications of the same indicator; null: nothing. */
export function mayTell(levels: Levels, past: readonly Published[], scale = SCALE.length): Told | null {
  if (levels.size < FEWEST_COMMUNITIES) return null
  for (const told of ['quarters', 'middle'] as const)
    if (leastDoubt({ levels, told }, past, scale, LEVELS_OF_DOUBT) >= LEVELS_OF_DOUBT) return told
  return null
}
/** Between how many levels the best placed of the attackers hesitates, for the community that is the least hidden from him; counted up to `enough`. */
export function leastDoubt(now: Published, past: readonly Published[], scale = SCALE.length, enough = Number.POSITIVE_INFINITY): number {
  const related = past.filter(p => [...p.levels.keys()].some(c => now.levels.has(c)))
  return Math.min(...[null, ...related].map(p => doubt(p, now, scale, enough)))
}

// The attack

/** What is unknown of a community: its level in the first publication only, in the second only, or one level in both. */
const kinds = ['first', 'both', 'second'] as const
type Kind = (typeof kinds)[number]
interface Known {
  level: number
  in: readonly ('first' | 'second')[]
}
const publicationsOf: Record<Kind, Known['in']> = { first: ['first'], both: ['first', 'second'], second: ['second'] }

/** The unknowns of one community in two publications. */
function unknownsOf(community: string, first: Levels | null, second: Levels): { kind: Kind; level: number }[] {
  const [a, b] = [first?.get(community), second.get(community)]
  if (a !== undefined && a === b) return [{ kind: 'both', level: a }]
  return [
    ...(a === undefined ? [] : [{ kind: 'first' as const, level: a }]),
    ...(b === undefined ? [] : [{ kind: 'second' as const, level: b }]),
  ]
}

function doubt(first: Published | null, second: Published, scale: number, enough: number): number {
  const everybody = [...new Set([...(first?.levels.keys() ?? []), ...second.levels.keys()])]
  const all = everybody.map(c => unknownsOf(c, first?.levels ?? null, second.levels))
  const said = { first: first ? sayingsOf(first) : [], second: sayingsOf(second) }
  const regions = regionsOf([...said.first, ...said.second], scale)
  const regionOf = (level: number) => regions.findIndex(r => level < r.from + r.levels && level >= r.from)
  let least = Number.POSITIVE_INFINITY
  const tried = new Set<string>()
  for (const own of all) {
    const what = own.map(u => `${u.kind} ${regionOf(u.level)}`).join()
    if (tried.has(what)) continue
    tried.add(what)
    const known: Known[] = own.map(u => ({ level: u.level, in: publicationsOf[u.kind] }))
    const others = (kind: Kind) => sum(all.map(c => c.filter(u => u.kind === kind).length)) - own.filter(u => u.kind === kind).length
    for (const kind of kinds) {
      if (others(kind) === 0) continue
      const rest = Object.fromEntries(kinds.map(k => [k, others(k) - (k === kind ? 1 : 0)])) as Record<Kind, number>
      let possible = 0
      for (const { from, levels } of regions) {
        if (possible >= enough) break
        if (exists(said, rest, [...known, { level: from, in: publicationsOf[kind] }], scale)) possible += levels
      }
      least = Math.min(least, possible)
    }
  }
  return least
}
const sum = (numbers: readonly number[]) => numbers.reduce((n, x) => n + x, 0)

/** Levels between two that publications name cannot be told from one another: one stands for all. The widest first, for an early end. */
function regionsOf(sayings: readonly Saying[], scale: number): { from: number; levels: number }[] {
  const starts = [...new Set([0, ...sayings.flatMap(s => [s.level, s.level + 1])])].filter(l => l < scale).sort((a, b) => a - b)
  return starts.map((from, i) => ({ from, levels: (starts[i + 1] ?? scale) - from })).sort((a, b) => b.levels - a.levels)
}

/** What a publication says: `rank` of its communities, at least, lie at or below `level`, and fewer than that below it. */
interface Saying {
  level: number
  rank: number
  of: number
}
function sayingsOf({ levels, told }: Published): Saying[] {
  const band = bandOf(levels.values(), told)
  return (['low', 'middle', 'high'] as const).flatMap(name => {
    const level = band[name]
    return level === null ? [] : [{ level, rank: rankAt(rankOf[name], levels.size), of: levels.size }]
  })
}
interface Bound {
  level: number
  least: number
  most: number
}
/** The same of how many unknowns lie at or below a level, once what is known is taken away. */
function boundsOf(sayings: readonly Saying[], known: readonly number[]): Bound[] {
  const knownTo = (level: number) => known.filter(k => k <= level).length
  return sayings.flatMap(({ level, rank, of }) => [
    { level: level - 1, least: 0, most: rank - 1 - knownTo(level - 1) },
    { level, least: rank - knownTo(level), most: of },
  ])
}

/** Whether there are levels for the unknowns (`count` of each kind) that agree with both publications and with what is known. */
function exists(said: Record<'first' | 'second', Saying[]>, count: Record<Kind, number>, known: readonly Known[], scale: number): boolean {
  const knownIn = (which: 'first' | 'second') => known.filter(k => k.in.includes(which)).map(k => k.level)
  const bounds = { first: boundsOf(said.first, knownIn('first')), second: boundsOf(said.second, knownIn('second')) }
  const cuts = [...new Set([...bounds.first, ...bounds.second].map(b => b.level))].sort((a, b) => a - b)
  // One variable for each kind and cut: how many of the kind lie at or below it; of « first » and « second », its opposite.
  const variable = (kind: Kind, cut: number) => 1 + kinds.indexOf(kind) * cuts.length + cut
  /** [x, y, d]: x − y ≤ d. Variable 0 is zero. */
  const edges: [number, number, number][] = []
  for (const kind of kinds)
    for (const [i, level] of cuts.entries()) {
      const v = variable(kind, i)
      const [floor, ceiling] = [level >= scale - 1 ? count[kind] : 0, level < 0 ? 0 : count[kind]]
      const next = i + 1 < cuts.length ? variable(kind, i + 1) : null
      if (kind === 'both') {
        edges.push([v, 0, ceiling], [0, v, -floor])
        if (next !== null) edges.push([v, next, 0])
      } else {
        edges.push([0, v, ceiling], [v, 0, -floor])
        if (next !== null) edges.push([next, v, 0])
      }
    }
  for (const which of ['first', 'second'] as const)
    for (const { level, least, most } of bounds[which]) {
      const i = cuts.indexOf(level)
      const [both, own] = [variable('both', i), variable(which, i)]
      edges.push([both, own, most], [own, both, -least])
    }
  return !goesRound(1 + kinds.length * cuts.length, edges)
}
/** Whether x − y ≤ d, for all of them, cannot hold together. */
function goesRound(variables: number, edges: readonly [number, number, number][]): boolean {
  const distance = new Array<number>(variables).fill(0)
  for (let round = 0; round <= variables; round++) {
    let moved = false
    for (const [x, y, d] of edges)
      if (distance[y]! + d < distance[x]!) {
        distance[x] = distance[y]! + d
        moved = true
      }
    if (!moved) return false
  }
  return true
}
