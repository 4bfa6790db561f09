/** The figures of a year as they were shown on the day a review was opened: what is told to who pays, and nothing more. */
import type { Day } from '#domain/calendar.ts'
import type { Heading, Mission, Provenance, Ratio, Value } from '#domain/contract/index.ts'
import type { Definition } from './indicators.ts'
import { FEWEST, tellable } from './values.ts'

/** `small`: few people, so neither the count nor an exact share; `about` is the share to the nearest twentieth, null when even that would tell. */
export type Told = Value | { state: 'small'; about: number | null }
export interface FrozenIndicator {
  code: string
  mission: Mission
  /** Hundredths of a percent; 0 when it is followed without a weight. */
  weight: number
  value: Told
  /** Of the year before; null in the first. */
  before: Told | null
  target: Ratio | null
  baseline: Ratio | null
  baselineMissing: string | null
  /** Rate of achievement; null when it has none, or when it would tell a small number. */
  rate: Ratio | null
  proofs: { id: string; no: number; title: string; day: Day; hash: string }[]
}
export interface FrozenMoney {
  heading: Heading
  /** Cents. */
  envelope: number
  acquired: number
  expected: number
  open: number
  lost: number
  received: number
  provenance: Provenance
}
export interface Frozen {
  community: string
  year: number
  from: Day
  /** The day after the last one. */
  to: Day
  /** The day it was frozen. */
  on: Day
  indicators: FrozenIndicator[]
  money: FrozenMoney[]
}

/** What of a value may be told outside the community (R63): a share of people only when no part of it is small. */
export function toldOf(d: Pick<Definition, 'source' | 'measure'>, value: Value): Told {
  if (value.state !== 'measured' || d.source !== 'requests' || d.measure !== 'share' || tellable(value.ratio)) return value
  const { numerator, denominator } = value.ratio
  return { state: 'small', about: denominator < FEWEST ? null : Math.round((20 * numerator) / denominator) / 20 }
}
/** Two values that tell the same; a ratio is compared as it is written, because it opens on what was counted. */
export function sameTold(a: Told, b: Told): boolean {
  if (a.state !== b.state) return false
  if (a.state === 'measured') {
    const { ratio } = b as typeof a
    return a.ratio.numerator === ratio.numerator && a.ratio.denominator === ratio.denominator
  }
  if (a.state === 'done') return a.done === (b as typeof a).done
  if (a.state === 'small') return a.about === (b as typeof a).about
  return a.reason === (b as typeof a).reason
}
export interface Since {
  value: Told | null
  /** Proofs filed, or taken back, since. */
  proofs: { more: number; fewer: number }
}
/** What is no longer as it was frozen; null when everything is. */
export function sinceOf(frozen: FrozenIndicator, now: Pick<FrozenIndicator, 'value' | 'proofs'>): Since | null {
  const had = new Set(frozen.proofs.map(p => p.id))
  const has = new Set(now.proofs.map(p => p.id))
  const proofs = {
    more: now.proofs.filter(p => !had.has(p.id)).length,
    fewer: frozen.proofs.filter(p => !has.has(p.id)).length,
  }
  const value = sameTold(frozen.value, now.value) ? null : now.value
  return value || proofs.more || proofs.fewer ? { value, proofs } : null
}
