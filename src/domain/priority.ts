/**
 * The order of the waiting list, as a community voted it: points by situation, plus points for waiting.
 * One value (the rule) gives the score, its explanation line by line, and the page that explains the order.
 */

/** What a person may say of himself; never a diagnosis. */
export interface Situation {
  ald: boolean
  treatment: boolean
  specialist: boolean
  pregnancy: boolean
  reducedMobility: boolean
  homeVisit: boolean
  precarity: boolean
  isolation: boolean
  doctorLeft: boolean
  hospitalExit: boolean
}
/** A situation, or an age reached (whole years). */
export type Criterion = keyof Situation | 'age75' | 'under3' | 'any'

export interface PriorityLine {
  criterion: Criterion
  label: string
  points: number
}
export interface PriorityRule {
  version: number
  /** Number and day of the decision that voted it. */
  decision: string
  decidedOn: string
  lines: readonly PriorityLine[]
  seniority: { label: string; pointsPerMonth: number; atMost: number }
}
export interface Points {
  lines: { label: string; points: number }[]
  total: number
}

/** A month of waiting is thirty days: the same for everybody, whatever the calendar. */
export const MONTH_MS = 30 * 24 * 3600_000

/** Points of the situation alone (no seniority). Every admissible request has at least one: nobody weighs nothing. */
export function situationPoints(rule: PriorityRule, s: Situation, age: number): Points {
  const holds = (c: Criterion) => (c === 'any' ? true : c === 'age75' ? age >= 75 : c === 'under3' ? age < 3 : s[c])
  const lines = rule.lines.filter(l => holds(l.criterion)).map(({ label, points }) => ({ label, points }))
  return {
    lines,
    total: Math.max(
      1,
      lines.reduce((sum, l) => sum + l.points, 0),
    ),
  }
}
/** Points for waiting since `since`, as of `now`. */
export function seniorityPoints(rule: PriorityRule, since: Date, now: Date): number {
  const months = Math.max(0, Math.floor((now.getTime() - since.getTime()) / MONTH_MS))
  return Math.min(rule.seniority.atMost, months * rule.seniority.pointsPerMonth)
}
/**
 * The whole score, line by line: what the coordinator sees and the engine uses. Points changed by hand never take the situation
 * below one point, and never touch seniority.
 */
export function priority(rule: PriorityRule, s: Situation, age: number, since: Date, now: Date, byHand = 0): Points {
  const base = situationPoints(rule, s, age)
  const waiting = seniorityPoints(rule, since, now)
  const changed = Math.max(1, base.total + byHand) - base.total
  return {
    lines: [
      ...base.lines,
      ...(byHand === 0 ? [] : [{ label: 'Changé à la main', points: changed }]),
      { label: rule.seniority.label, points: waiting },
    ],
    total: base.total + changed + waiting,
  }
}
/** Whole years on a day; somebody born on 29 February is a year older on 1 March of ordinary years. Days as `YYYY-MM-DD`. */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) >= birthDate.slice(5) ? years : years - 1
}

/**
 * What a community starts from, until its own vote. Assumed: an order of magnitude from the criteria that communities publish
 * (ALD, 75 and over, home visits, doctor gone…); no text sets these points.
 */
export const startingRule: Omit<PriorityRule, 'version' | 'decision' | 'decidedOn'> = {
  lines: [
    { criterion: 'any', label: 'Toute demande recevable', points: 1 },
    { criterion: 'ald', label: 'Affection de longue durée', points: 30 },
    { criterion: 'age75', label: '75 ans ou plus', points: 20 },
    { criterion: 'homeVisit', label: 'Ne peut pas se déplacer', points: 20 },
    { criterion: 'hospitalExit', label: 'Sortie d’hôpital depuis moins de trois mois', points: 15 },
    { criterion: 'pregnancy', label: 'Grossesse', points: 15 },
    { criterion: 'treatment', label: 'Traitement quotidien', points: 10 },
    { criterion: 'precarity', label: 'Complémentaire santé solidaire ou aide médicale d’État', points: 10 },
    { criterion: 'under3', label: 'Moins de 3 ans', points: 10 },
    { criterion: 'doctorLeft', label: 'Médecin parti ou à la retraite', points: 8 },
    { criterion: 'specialist', label: 'Suivi par un spécialiste', points: 5 },
    { criterion: 'reducedMobility', label: 'Se déplace difficilement', points: 5 },
    { criterion: 'isolation', label: 'Vit seul, sans aide', points: 5 },
  ],
  seniority: { label: 'Attente (par tranche de 30 jours)', pointsPerMonth: 2, atMost: 24 },
}
