/**
 * How long people like this one wait until a doctor accepts, learnt from those who were served and from those who still wait.
 *
 * Leaving out who still waits makes the wait look short: the quick are served first. The product-limit estimator counts them for as
 * long as they were seen waiting (E. L. Kaplan, P. Meier, « Nonparametric estimation from incomplete observations », JASA 53, 1958,
 * p. 457–481), and people who were already waiting when the observation began from that day on (late entry, same paper, § 3.5).
 * Limits of a quantile: R. Brookmeyer, J. Crowley, Biometrics 38, 1982, on the log(-log) scale, with Greenwood's variance.
 *
 * Who leaves the list without a doctor from it is counted until he leaves: the answer is for who stays.
 */

/** Fewer people served than this, and we do not know. The same number hides a small cell (see disclosure.ts). */
export const MIN_SERVED = 11
/** Before most people are seen (late entries), a day when fewer than this were moves nothing: one of them would swing the whole curve. */
export const MIN_AT_RISK = 5
/** Of the past, what says something of today. */
export const WINDOW_DAYS = 365

/** One person's wait, in whole days since he asked: seen waiting after day `from` up to day `to`, the day he was served or last seen. */
export interface Wait {
  from: number
  to: number
  served: boolean
}
export interface Step {
  day: number
  atRisk: number
  served: number
}
/** Days on which somebody was served, in order; what is kept of a group, and enough for every answer. */
export interface Curve {
  people: number
  served: number
  steps: readonly Step[]
}

/** From one date to another, in started days: whoever is served the same day has waited one. */
export const daysBetween = (from: Date, to: Date): number => Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 86_400_000))

export function curveOf(waits: readonly Wait[]): Curve {
  const seen = waits.filter(w => w.to > w.from)
  const [entered, left] = [seen.map(w => w.from).sort(ascending), seen.map(w => w.to).sort(ascending)]
  const servedOn = new Map<number, number>()
  for (const w of seen) if (w.served) servedOn.set(w.to, (servedOn.get(w.to) ?? 0) + 1)
  let [ins, outs] = [0, 0]
  const steps: Step[] = []
  for (const day of [...servedOn.keys()].sort(ascending)) {
    while (ins < entered.length && entered[ins]! < day) ins++
    while (outs < left.length && left[outs]! < day) outs++
    steps.push({ day, atRisk: ins - outs, served: servedOn.get(day)! })
  }
  return { people: seen.length, served: steps.reduce((sum, s) => sum + s.served, 0), steps }
}
const ascending = (a: number, b: number) => a - b

/** Probability of still waiting after each step, with the band around it. */
interface Point {
  day: number
  waiting: number
  lower: number
  upper: number
}
/** The curve of those still waiting after `waited` days: from there on, it starts at one again. */
function pointsAfter(curve: Curve, waited: number, z: number): Point[] {
  let [waiting, greenwood] = [1, 0]
  const points: Point[] = []
  const left = curve.steps.filter(s => s.day > waited)
  const most = Math.max(...left.map(s => s.atRisk))
  const fullest = left.findIndex(s => s.atRisk === most)
  for (const [i, { day, atRisk, served }] of left.entries()) {
    if (i < fullest && atRisk < MIN_AT_RISK) continue
    waiting *= 1 - served / atRisk
    // Everybody served at once: no variance, and nobody left to tell how late it could have been.
    if (served === atRisk) {
      points.push({ day, waiting: 0, lower: 0, upper: points.at(-1)?.upper ?? 1 })
      break
    }
    greenwood += served / (atRisk * (atRisk - served))
    const spread = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(waiting))
    points.push({ day, waiting, lower: waiting ** Math.exp(spread), upper: waiting ** Math.exp(-spread) })
  }
  return points
}

/** A day, and the days between which it would fall were the past year lived again; `null`: later than anybody was seen waiting. */
export interface Bound {
  day: number
  earliest: number
  latest: number | null
}
export interface Interval {
  /** A share `early` was served by then… */
  from: Bound
  /** … and `1 - late` by then; null when too many still wait to tell. */
  to: Bound | null
  /** Days already waited: both bounds are for who still waits after them. */
  waited: number
  /** What it rests on, after the days already waited. */
  served: number
  people: number
}
export interface Asked {
  /** Whole days already waited. */
  waited?: number
  /** Shares served before and after: a quarter each leaves the middle half. */
  early?: number
  late?: number
  /** 1.645 for limits that hold nine times in ten. */
  z?: number
}

/** Between which days, since he asked, somebody of this group is served; null: we do not know yet. */
export function waitingInterval(curve: Curve, { waited = 0, early = 0.25, late = 0.25, z = 1.645 }: Asked = {}): Interval | null {
  const left = curve.steps.filter(s => s.day > waited)
  const served = left.reduce((sum, s) => sum + s.served, 0)
  if (served < MIN_SERVED) return null
  const points = pointsAfter(curve, waited, z)
  const bound = (share: number): Bound | null => {
    const reached = (value: (p: Point) => number) => points.find(p => value(p) <= 1 - share + 1e-9)?.day
    const day = reached(p => p.waiting)
    if (day === undefined) return null
    return { day, earliest: reached(p => p.lower) ?? day, latest: reached(p => p.upper) ?? null }
  }
  const from = bound(early)
  if (!from) return null
  // People known to wait past the days already waited: the risk set at the next step is the closest count of them.
  return { from, to: bound(1 - late), waited, served, people: Math.max(...left.map(s => s.atRisk)) }
}
/** The day by which half were served; null when it is not known. */
export function medianWait(curve: Curve): number | null {
  if (curve.served < MIN_SERVED) return null
  return pointsAfter(curve, 0, 0).find(p => p.waiting <= 0.5 + 1e-9)?.day ?? null
}

/** The first group of the list that knows something: from the closest to oneself to the widest. */
export function firstKnown<K>(
  groups: readonly { group: K; curve: Curve }[],
  asked: Asked,
): { group: K; curve: Curve; interval: Interval } | null {
  for (const { group, curve } of groups) {
    const interval = waitingInterval(curve, asked)
    if (interval) return { group, curve, interval }
  }
  return null
}
