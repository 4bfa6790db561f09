/** Figures of the diagnosis: which one holds, where two sources disagree, what an import would change, what may be told. Pure. */
import type { Day } from '#domain/calendar.ts'
import { suppress, tellable } from '#domain/disclosure.ts'
import { type Indicator, indicatorOf } from './diagnosis.ts'
import type { PlaceOf } from './places.ts'

/** A count out of another, a value alone (in thousandths of the indicator's unit), or why there is none: never zero. */
export type Worth =
  | { kind: 'ratio'; numerator: number; denominator: number }
  | { kind: 'alone'; thousandths: number }
  | { kind: 'missing'; reason: string }

/** What a figure is about: of one source, one value a year. */
export interface Cell extends PlaceOf {
  code: string
  /** Civil year. */
  year: number
}
export interface FigureInput extends Cell {
  worth: Worth
  source: string
  extractedOn: Day
}
export interface Figure extends FigureInput {
  id: string
  at: Date
  by: string
  file: { id: string; name: string } | null
  importId: string | null
  withdrawn: { at: Date; by: string; reason: string } | null
}
/** Which source the community uses; null: back to the latest extraction. The last decision holds. */
export interface Choice extends Cell {
  source: string | null
  reason: string
  at: Date
  by: string
}

export const cellKey = (c: Cell): string => `${c.code}|${c.level}|${c.place}|${c.year}`
export const sameWorth = (a: Worth, b: Worth): boolean =>
  a.kind === 'ratio' && b.kind === 'ratio'
    ? a.numerator === b.numerator && a.denominator === b.denominator
    : a.kind === 'alone' && b.kind === 'alone'
      ? a.thousandths === b.thousandths
      : a.kind === 'missing' && b.kind === 'missing' && a.reason === b.reason

const TIMES: Record<Indicator['measure'], number> = { share: 100, density: 10_000, count: 1, mean: 1 }
/** In the indicator's unit; null when there is none. */
export function inUnit(i: Pick<Indicator, 'measure'>, w: Worth): number | null {
  if (w.kind === 'missing') return null
  return w.kind === 'alone' ? w.thousandths / 1000 : (TIMES[i.measure] * w.numerator) / w.denominator
}
/** Why a value is not possible for this indicator, or null. */
export function impossible(i: Indicator, w: Worth): string | null {
  if (w.kind === 'missing') return null
  if (w.kind === 'alone') return i.measure === 'share' && w.thousandths > 100_000 ? 'Une part ne dépasse pas 100 %.' : null
  if (i.denominator === null) return `« ${i.name} » n’a pas de dénominateur : écrivez sa valeur seule.`
  return i.measure === 'share' && w.numerator > w.denominator
    ? `Le numérateur (${w.numerator}) dépasse le dénominateur (${w.denominator}) : une part ne dépasse pas le tout.`
    : null
}
/** Further apart than rounding explains: a tenth of the unit, one for a count. */
export const differ = (i: Pick<Indicator, 'measure'>, a: number, b: number): boolean =>
  Math.abs(a - b) >= (i.measure === 'count' ? 1 : 0.1) - 1e-9

const later = (a: Figure, b: Figure): number =>
  a.extractedOn === b.extractedOn
    ? a.at.getTime() === b.at.getTime()
      ? a.id < b.id
        ? 1
        : -1
      : b.at.getTime() - a.at.getTime()
    : a.extractedOn < b.extractedOn
      ? 1
      : -1

/** A figure as the community reads it. */
export interface Known extends Cell {
  /** What each source says now, the one used first. Never empty. */
  sources: Figure[]
  used: Figure
  /** The decision that holds, when there is one. */
  choice: Choice | null
  /** Between the highest and the lowest value of the sources, in the unit; null when they agree or only one has a value. */
  gap: number | null
}

/**
 * Of each source the latest extraction holds; among sources, the one that was chosen, else the latest extraction that has a value.
 * Withdrawn figures do not count. In the order of the figures given.
 */
export function known(figures: readonly Figure[], choices: readonly Choice[]): Known[] {
  const decisions = new Map<string, Choice>()
  for (const c of choices.toSorted((a, b) => a.at.getTime() - b.at.getTime())) decisions.set(cellKey(c), c)
  const cells = new Map<string, Figure[]>()
  for (const f of figures) if (!f.withdrawn) cells.set(cellKey(f), [...(cells.get(cellKey(f)) ?? []), f])
  return [...cells].map(([key, all]): Known => {
    const bySource = new Map<string, Figure>()
    for (const f of all.toSorted(later)) if (!bySource.has(f.source)) bySource.set(f.source, f)
    const held = [...bySource.values()]
    const decision = decisions.get(key)
    const choice = decision?.source && bySource.has(decision.source) ? decision : null
    const used = (choice && bySource.get(choice.source!)) ?? held.find(f => f.worth.kind !== 'missing') ?? (held[0] as Figure)
    const i = indicatorOf(used.code)
    const values = i ? held.flatMap(f => inUnit(i, f.worth) ?? []) : []
    const [low, high] = [Math.min(...values), Math.max(...values)]
    const { code, level, place, year } = used
    return {
      ...{ code, level, place, year },
      sources: [used, ...held.filter(f => f !== used)],
      used,
      choice,
      gap: i && values.length > 1 && differ(i, low, high) ? high - low : null,
    }
  })
}

/** What a figure that comes would change beside those that are there. */
export type Effect = 'new' | 'changed' | 'confirmed' | 'older' | 'same'
export interface Planned {
  effect: Effect
  /** Of the same source, the one that holds today. */
  before: Figure | null
  /** Of other sources, those that say otherwise, there or in the same file. */
  against: FigureInput[]
}
/** `there`: the figures of the same cell; withdrawn ones do not count. `coming`: those of the same cell in the same file. */
export function planned(f: FigureInput, there: readonly Figure[], coming: readonly FigureInput[] = []): Planned {
  const standing = there.filter(t => !t.withdrawn && cellKey(t) === cellKey(f)).toSorted(later)
  const own = standing.filter(t => t.source === f.source)
  const before = own[0] ?? null
  const i = indicatorOf(f.code)
  const value = i && inUnit(i, f.worth)
  const others = new Map<string, FigureInput>()
  for (const t of [...coming, ...standing]) if (t.source !== f.source && !others.has(t.source)) others.set(t.source, t)
  const against = [...others.values()].filter(t => {
    const theirs = i && inUnit(i, t.worth)
    return i && value !== null && theirs !== null && differ(i, value, theirs)
  })
  const effect: Effect = !before
    ? 'new'
    : own.some(t => t.extractedOn === f.extractedOn && sameWorth(t.worth, f.worth))
      ? 'same'
      : f.extractedOn < before.extractedOn
        ? 'older'
        : sameWorth(before.worth, f.worth)
          ? 'confirmed'
          : 'changed'
  return { effect, before, against }
}

/**
 * Identifiers of the figures whose number of people is not told outside the coordination: small by itself, or found by subtracting
 * the other communes of the same table from their total (domain/disclosure).
 */
export function untold(figures: readonly Figure[]): Set<string> {
  const kept = new Set<string>()
  const tables = new Map<string, Figure[]>()
  for (const f of figures) {
    if (!indicatorOf(f.code)?.persons || f.worth.kind !== 'ratio') continue
    if (!tellable(f.worth)) kept.add(f.id)
    if (f.level === 'commune') {
      const key = `${f.code}|${f.year}|${f.source}|${f.extractedOn}`
      tables.set(key, [...(tables.get(key) ?? []), f])
    }
  }
  for (const table of tables.values()) {
    const ratio = (f: Figure) => f.worth as Extract<Worth, { kind: 'ratio' }>
    for (const part of [(f: Figure) => ratio(f).numerator, (f: Figure) => ratio(f).denominator - ratio(f).numerator]) {
      const hidden = suppress(Object.fromEntries(table.map(f => [f.id, part(f)])), [])
      for (const f of table) if (!hidden || hidden.has(f.id)) kept.add(f.id)
    }
  }
  return kept
}

/** Beside which department and region the community is read: the one that most of its people live in, or that most figures are about. */
export function beside(figures: readonly Cell[], communes: readonly { department: string; population: number | null }[]): PlaceOf[] {
  const most = (counts: ReadonlyMap<string, number>) => [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
  const people = new Map<string, number>()
  for (const c of communes) people.set(c.department, (people.get(c.department) ?? 0) + (c.population ?? 0) + 1)
  const about = (level: 'department' | 'region') => {
    const counts = new Map<string, number>()
    for (const f of figures) if (f.level === level) counts.set(f.place, (counts.get(f.place) ?? 0) + 1)
    return counts
  }
  const departments = about('department')
  const own = most(people)
  const department = own && departments.has(own) ? own : most(departments)
  const region = most(about('region'))
  return [
    ...(department ? [{ level: 'department', place: department } as const] : []),
    ...(region ? [{ level: 'region', place: region } as const] : []),
    ...(figures.some(f => f.level === 'country') ? [{ level: 'country', place: '' } as const] : []),
  ]
}
