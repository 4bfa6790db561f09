/** Who would move if the rule changed: the waiting list under two rules, rank by rank. Pure. */
import { type Criterion, type PriorityRule, priority, type Situation } from '#domain/priority.ts'

export interface Standing extends Situation {
  id: string
  number: string
  age: number
  since: Date
  byHand: number
}
export type Voted = Pick<PriorityRule, 'lines' | 'seniority'>
export interface Move {
  id: string
  number: string
  /** 1 is next. */
  before: number
  after: number
  pointsBefore: number
  pointsAfter: number
}
export interface Moves {
  total: number
  earlier: number
  later: number
  same: number
  /** Of the first ten, how many were not there. */
  newInFirst: number
  moves: Move[]
}

/** The order of the list: points, then seniority, then identifier; the one of `workList`. */
export function ranked(people: readonly Standing[], rule: PriorityRule, now: Date): Map<string, { rank: number; points: number }> {
  const scored = people.map(p => ({ p, points: priority(rule, p, p.age, p.since, now, p.byHand).total }))
  scored.sort((a, b) => b.points - a.points || a.p.since.getTime() - b.p.since.getTime() || (a.p.id < b.p.id ? -1 : 1))
  return new Map(scored.map(({ p, points }, i) => [p.id, { rank: i + 1, points }]))
}
export const FIRST = 10
/** Everybody's place under both rules, those who move most first. */
export function whoMoves(people: readonly Standing[], from: PriorityRule, to: PriorityRule, now: Date): Moves {
  const [before, after] = [ranked(people, from, now), ranked(people, to, now)]
  const moves = people
    .map(({ id, number }): Move => {
      const [b, a] = [before.get(id)!, after.get(id)!]
      return { id, number, before: b.rank, after: a.rank, pointsBefore: b.points, pointsAfter: a.points }
    })
    .sort((x, y) => Math.abs(y.after - y.before) - Math.abs(x.after - x.before) || x.after - y.after)
  return {
    total: people.length,
    earlier: moves.filter(m => m.after < m.before).length,
    later: moves.filter(m => m.after > m.before).length,
    same: moves.filter(m => m.after === m.before).length,
    newInFirst: moves.filter(m => m.after <= FIRST && m.before > FIRST).length,
    moves,
  }
}

/** Every situation a rule may count, with the words it is given when it has none yet. */
export const criteria: readonly { criterion: Criterion; label: string }[] = [
  { criterion: 'any', label: 'Toute demande recevable' },
  { criterion: 'ald', label: 'Affection de longue durée' },
  { criterion: 'age75', label: '75 ans ou plus' },
  { criterion: 'homeVisit', label: 'Ne peut pas se déplacer' },
  { criterion: 'hospitalExit', label: 'Sortie d’hôpital depuis moins de trois mois' },
  { criterion: 'pregnancy', label: 'Grossesse' },
  { criterion: 'treatment', label: 'Traitement quotidien' },
  { criterion: 'precarity', label: 'Complémentaire santé solidaire ou aide médicale d’État' },
  { criterion: 'under3', label: 'Moins de 3 ans' },
  { criterion: 'doctorLeft', label: 'Médecin parti ou à la retraite' },
  { criterion: 'specialist', label: 'Suivi par un spécialiste' },
  { criterion: 'reducedMobility', label: 'Se déplace difficilement' },
  { criterion: 'isolation', label: 'Vit seul, sans aide' },
]
export type Chosen = Record<Criterion, number> & { pointsPerMonth: number; atMost: number }
/** What a rule gives, situation by situation; what it does not count is 0. */
export const chosenOf = (rule: Voted): Chosen => ({
  ...(Object.fromEntries(criteria.map(c => [c.criterion, rule.lines.find(l => l.criterion === c.criterion)?.points ?? 0])) as Record<
    Criterion,
    number
  >),
  pointsPerMonth: rule.seniority.pointsPerMonth,
  atMost: rule.seniority.atMost,
})
/** The rule of these points: a situation at 0 is no line; words are kept from the rule in force. */
export function ruleFrom(chosen: Chosen, inForce: Voted): Voted {
  return {
    lines: criteria
      .filter(c => chosen[c.criterion] > 0)
      .map(c => ({
        criterion: c.criterion,
        label: inForce.lines.find(l => l.criterion === c.criterion)?.label ?? c.label,
        points: chosen[c.criterion],
      })),
    seniority: { label: inForce.seniority.label, pointsPerMonth: chosen.pointsPerMonth, atMost: chosen.atMost },
  }
}
export interface Difference {
  label: string
  before: number
  after: number
}
/** Line by line, what the new rule changes. */
export function differences(before: Voted, after: Voted): Difference[] {
  const [was, is] = [chosenOf(before), chosenOf(after)]
  const label = (c: Criterion) => criteria.find(x => x.criterion === c)!.label
  return [
    ...criteria.map(c => ({
      label: before.lines.find(l => l.criterion === c.criterion)?.label ?? label(c.criterion),
      before: was[c.criterion],
      after: is[c.criterion],
    })),
    { label: 'Attente, par tranche de 30 jours', before: was.pointsPerMonth, after: is.pointsPerMonth },
    { label: 'Attente, au plus', before: was.atMost, after: is.atMost },
  ].filter(d => d.before !== d.after)
}
