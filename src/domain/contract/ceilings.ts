/** The two ceilings of a contract year: with the compensation of unscheduled care and without, each beside what a source announces. */
import type { AciSize } from '../size.ts'
import { figureOf, total } from './figure.ts'
import { national } from './national.ts'
import { amountOf, holds } from './terms.ts'
import {
  type Ceiling,
  type Ceilings,
  type Figure,
  type Heading,
  missions,
  type Part,
  type Period,
  type Tables,
  type Terms,
} from './types.ts'

export interface CeilingOptions {
  /** Which amount of the crisis plan counts: of the year it is written (the highest), or of a later year. */
  plan?: 'first-year' | 'later-year'
  tables?: Tables
}
/** A source that rounds to thousands agrees when it is less than this away. */
const ROUNDED_TO = 100_000

/**
 * What the terms bring in a full year with everything started, every target reached and a crisis declared.
 *
 * The announced totals count both optional missions: when one is not taken, nothing is announced to compare with (`stated` is null).
 */
export function ceilings(terms: Terms, size: AciSize | null, { plan = 'first-year', tables = national }: CeilingOptions = {}): Ceilings {
  const parts: { heading: Heading; part: Part; figure: Figure }[] = []
  const unknown: { heading: Heading; part: Part }[] = []
  const add = (heading: Heading, part: Part, period: Period) => {
    const counted = part === 'compensation' ? terms.missions.includes('access') : holds(terms, heading, part)
    if (!counted) return
    const figure = amountOf(tables, { terms, size }, heading, part, period)
    if (figure) parts.push({ heading, part, figure })
    else unknown.push({ heading, part })
  }
  add('running', 'running', 'year')
  for (const mission of missions) {
    if (mission === 'crisis') {
      add('crisis', 'plan', plan)
      add('crisis', 'occurrence', 'event')
      continue
    }
    add(mission, 'fixed', 'year')
    add(mission, 'variable', 'year')
    if (mission === 'access') add('access', 'compensation', 'year')
  }
  const inner = <T extends { part: Part }>(list: readonly T[], compensation: boolean) =>
    list.filter(p => compensation || p.part !== 'compensation')
  const ceiling = (compensation: boolean): Ceiling => {
    const [own, lacking] = [inner(parts, compensation), inner(unknown, compensation)]
    const computed = lacking.length ? null : total(own.map(p => p.figure))
    const full = plan === 'first-year' && fullTerms(terms, tables)
    const row = full ? tables.totals.find(t => t.text === terms.text && t.size === size && t.compensation === compensation) : undefined
    const stated = row ? { figure: figureOf(row.cents, [row.origin]), rounded: row.rounded } : null
    return { computed, parts: own, unknown: lacking, stated, agreement: agreement(computed, stated) }
  }
  return { withoutCompensation: ceiling(false), withCompensation: ceiling(true) }
}
function fullTerms(terms: Terms, tables: Tables): boolean {
  const text = tables.texts.find(t => t.id === terms.text)
  return text !== undefined && [...text.core, ...text.optional].every(m => terms.missions.includes(m))
}
function agreement(computed: Figure | null, stated: Ceiling['stated']): Ceiling['agreement'] {
  if (!computed || !stated) return 'unknown'
  if (computed.cents === stated.figure.cents) return 'equal'
  return stated.rounded && Math.abs(computed.cents - stated.figure.cents) < ROUNDED_TO ? 'rounded' : 'differs'
}
