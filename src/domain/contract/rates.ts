/** How much of its share an indicator earns: exact ratios, no floating point. */
import type { Indicator, Problem, Ratio, Value } from './types.ts'

/** Above this a number of people, acts or days is a typing mistake, and products would no longer be exact. */
export const MAX_RATIO_PART = 999_999_999

export const isRatio = (r: Ratio): boolean =>
  Number.isSafeInteger(r.numerator) &&
  Number.isSafeInteger(r.denominator) &&
  r.numerator >= 0 &&
  r.denominator > 0 &&
  r.numerator <= MAX_RATIO_PART &&
  r.denominator <= MAX_RATIO_PART

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))
/** Reduced; parts beyond exact integers lose their last bits, which moves no cent of a share under ten million euros. */
function ratio(numerator: bigint, denominator: bigint): Ratio {
  if (numerator <= 0n) return { numerator: 0, denominator: 1 }
  const d = gcd(numerator, denominator)
  let [n, m] = [numerator / d, denominator / d]
  while (n > BigInt(Number.MAX_SAFE_INTEGER) || m > BigInt(Number.MAX_SAFE_INTEGER)) [n, m] = [n >> 1n, m >> 1n]
  return { numerator: Number(n), denominator: Number(m === 0n ? 1n : m) }
}
const whole: Ratio = { numerator: 1, denominator: 1 }
const none: Ratio = { numerator: 0, denominator: 1 }
/** Compared exactly: a hundred times a large part may be beyond whole numbers. */
const above = (r: Ratio, percent: number) =>
  Number.isSafeInteger(r.numerator * 100) && Number.isSafeInteger(r.denominator * percent)
    ? r.numerator * 100 > r.denominator * percent
    : BigInt(r.numerator) * 100n > BigInt(r.denominator) * BigInt(percent)

const below = (r: Ratio, percent: number) => BigInt(r.numerator) * 100n < BigInt(r.denominator) * BigInt(percent)

/** The target of a contract year: the last one written for that year or before. */
export function targetOf(indicator: Indicator, year: number): Ratio | null {
  let best: Indicator['targets'][number] | null = null
  for (const t of indicator.targets) if (t.year <= year && (best === null || t.year > best.year)) best = t
  return best?.target ?? null
}

export type Rated =
  | { state: 'measured'; rate: Ratio; limited: 'cap' | 'floor' | null; target: Ratio | null }
  | { state: 'unavailable'; reason: string }
  | { state: 'not-measured' }
  | { state: 'refused'; problem: Problem }

/** The rate of one value: what cannot be counted is said, and never zero. */
export function rateOf(indicator: Indicator, year: number, value: Value | null): Rated {
  const about = { indicator: indicator.id, name: indicator.name, year }
  if (value === null) return { state: 'not-measured' }
  if (value.state === 'unavailable') return value
  if ((value.state === 'done') !== (indicator.measure === 'done'))
    return { state: 'refused', problem: { code: 'wrong-kind-of-value', ...about } }
  if (value.state === 'done') return { state: 'measured', rate: value.done ? whole : none, limited: null, target: null }
  const v = value.ratio
  if (!isRatio(v)) return { state: 'refused', problem: { code: 'not-a-ratio', ...about, ratio: v } }
  if (indicator.measure === 'share' && v.numerator > v.denominator)
    return { state: 'refused', problem: { code: 'numerator-above-denominator', ...about, ratio: v } }
  const target = targetOf(indicator, year)
  if (!target || !isRatio(target) || (indicator.formula === 'progress' && !(indicator.baseline && isRatio(indicator.baseline))))
    return { state: 'refused', problem: { code: 'no-target', ...about } }
  const raw = indicator.formula === 'progress' ? progress(v, indicator.baseline!, target, indicator.better) : achieved(v, target, indicator)
  if (raw === null || above(raw, indicator.cap))
    return { state: 'measured', rate: { numerator: indicator.cap, denominator: 100 }, limited: 'cap', target }
  const floored = indicator.floor > 0 && below(raw, indicator.floor)
  return { state: 'measured', rate: floored ? none : raw, limited: floored ? 'floor' : null, target }
}
/** achieved ÷ target, or the reverse when less is better; null: without limit. */
function achieved(v: Ratio, t: Ratio, { better }: Indicator): Ratio | null {
  if (better === 'higher') return t.numerator === 0 ? whole : quotient(v, t)
  if (v.numerator === 0) return t.numerator === 0 ? whole : null
  return quotient(t, v)
}
function quotient(a: Ratio, b: Ratio): Ratio {
  const [n, d] = [a.numerator * b.denominator, a.denominator * b.numerator]
  // Exact without big integers, as nearly always.
  if (Number.isSafeInteger(n) && Number.isSafeInteger(d)) return { numerator: n, denominator: d }
  return ratio(BigInt(a.numerator) * BigInt(b.denominator), BigInt(a.denominator) * BigInt(b.numerator))
}
/** (achieved − baseline) ÷ (target − baseline); a target equal to the baseline is kept or not kept. */
function progress(v: Ratio, b: Ratio, t: Ratio, better: 'higher' | 'lower'): Ratio {
  const [vn, vd, bn, bd, tn, td] = [v.numerator, v.denominator, b.numerator, b.denominator, t.numerator, t.denominator].map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  const way = tn * bd - bn * td
  const done = vn * bd - bn * vd
  if (way === 0n) return (better === 'higher' ? done >= 0n : done <= 0n) ? whole : none
  return way > 0n ? ratio(done * td, way * vd) : ratio(-done * td, -way * vd)
}
