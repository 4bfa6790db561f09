/** What an indicator is worth in a contract year, from where its number comes; a number, or why there is none. */
import type { Day } from '#domain/calendar.ts'
import type { Ratio, Value } from '#domain/contract/index.ts'
import type { Definition } from './indicators.ts'
import type { Proof } from './proofs.ts'

export interface Span {
  /** Contract year, from 1. */
  year: number
  from: Day
  /** The day after the last one. */
  to: Day
}
export interface Counts {
  received: number
  found: number
  ald: number
  aldFound: number
  closed: number
  closedSoon: number
}
export interface Imported {
  id: string
  code: string
  year: number
  ratio: Ratio | null
  unavailable: string | null
  source: string
  extractedOn: Day
  file: { id: string; name: string } | null
  /** The figure of the diagnosis that it was taken from. */
  diagnosisFigureId: string | null
  at: Date
  by: string
}
export interface Evidence {
  counts: Counts | null
  /** In force: filed, not taken back. */
  proofs: readonly Proof[]
  /** The last figure entered for the year. */
  imported: Imported | null
}

export const proofsFor = (code: string, span: Span, proofs: readonly Proof[]): Proof[] =>
  proofs.filter(p => p.kind === 'filed' && !p.withdrawn && p.indicators.includes(code) && p.day >= span.from && p.day < span.to)

export function worth(d: Definition, span: Span, e: Evidence): Value {
  switch (d.source) {
    case 'requests':
      return ofRequests(d, e.counts)
    case 'proofs':
      return ofProofs(d, proofsFor(d.code, span, e.proofs).length)
    case 'import':
      if (!e.imported) return unavailable('Le chiffre de cette année n’est pas encore saisi.')
      return e.imported.ratio ? { state: 'measured', ratio: e.imported.ratio } : unavailable(e.imported.unavailable ?? '')
  }
}
const unavailable = (reason: string): Value => ({ state: 'unavailable', reason })
function ofRequests(d: Definition, c: Counts | null): Value {
  if (!c) return unavailable('Trame n’a pas encore de demandes.')
  const [numerator, denominator] =
    d.code === 'gp-found' ? [c.found, c.received] : d.code === 'gp-ald' ? [c.aldFound, c.ald] : [c.closedSoon, c.closed]
  return denominator === 0
    ? unavailable('Aucune demande n’entre dans le calcul cette année-là.')
    : { state: 'measured', ratio: { numerator, denominator } }
}
/** No proof is no proof, not a zero: what was done without a trace cannot be told from what was not done. */
function ofProofs(d: Definition, count: number): Value {
  if (count === 0) return unavailable('Aucune preuve n’est déposée pour cette année.')
  return d.measure === 'done' ? { state: 'done', done: true } : { state: 'measured', ratio: { numerator: count, denominator: 1 } }
}

/** Below this, a number of people is not told outside the community (R63). */
export { THRESHOLD as FEWEST, tellable } from '#domain/disclosure.ts'
