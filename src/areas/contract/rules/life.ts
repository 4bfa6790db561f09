/** The life of a contract, worked out from what was recorded: nothing here is a flag that somebody forgot to change. */
import { addMonths, anniversary, type Day, daysFrom } from '#domain/calendar.ts'
import type { AciSize } from '#domain/size.ts'
import { type Mission, missionRules, missions, type TextId } from './missions.ts'

export const eventKinds = [
  'letter',
  'letter-accepted',
  'project',
  'opposition',
  'validation',
  'signature',
  'amendment',
  'renewal',
  'termination',
  'mission-start',
  'mission-deployed',
] as const
export type EventKind = (typeof eventKinds)[number]
/** Those that agree terms. */
export const agreeing = ['signature', 'amendment', 'renewal'] as const satisfies readonly EventKind[]

export interface Terms {
  /** First day they hold. */
  fromDay: string
  agreement: TextId
  size: AciSize
  sizeReason: string | null
  years: number
  missions: Mission[]
  snpCompensation: boolean
}
export interface LifeEvent {
  id: string
  kind: EventKind
  mission: Mission | null
  day: Day
  terms: Terms | null
}
/** A contract from its signature or renewal to its end; `ended` when it was terminated before. */
export interface Period {
  from: string
  /** The day after the last one: the anniversary on which it ends. */
  to: string
  terminated: boolean
}
export interface MissionLife {
  mission: Mission
  /** The day it entered the contract. */
  since: string
  started: string | null
  deployed: string | null
  /** Null for a mission whose calendar the contract leaves free. */
  startBy: string | null
  deployedBy: string | null
}
export type Phase =
  | 'emergence'
  | 'letter'
  | 'letter-accepted'
  | 'project'
  | 'opposed'
  | 'validated'
  | 'deployment'
  | 'cruise'
  | 'expired'
  | 'terminated'

export interface Life {
  phase: Phase
  /** Tacit: two months passed and the agency did not object (CSP L1434-12). */
  validation: { day: string; tacit: boolean } | null
  /** When it will be tacit, if nobody says anything. */
  tacitOn: string | null
  periods: Period[]
  /** The one of today, or the last. */
  period: Period | null
  /** In force today, or the last agreed. */
  terms: Terms | null
  missions: MissionLife[]
}

/** @param events those that hold (none withdrawn), in any order */
export function lifeOf(events: readonly LifeEvent[], today: string): Life {
  const sorted = [...events].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
  const first = (kind: EventKind) => sorted.find(e => e.kind === kind)
  const agreed = sorted.flatMap(e => (e.terms ? [e.terms] : [])).sort((a, b) => (a.fromDay < b.fromDay ? -1 : 1))
  const periods = periodsOf(sorted)
  const period = periods.findLast(p => p.from <= today) ?? periods[0] ?? null
  const terms = agreed.findLast(t => t.fromDay <= today) ?? agreed[0] ?? null
  const missionLives = missionsOf(sorted, agreed, terms)

  const project = sorted.findLast(e => e.kind === 'project')
  const opposition = sorted.findLast(e => e.kind === 'opposition')
  const express = first('validation')
  const opposed = Boolean(opposition && (!project || opposition.day >= project.day))
  const tacitOn = project && !opposed && !express ? addMonths(project.day, 2) : null
  const validation = express ? { day: express.day, tacit: false } : tacitOn && tacitOn <= today ? { day: tacitOn, tacit: true } : null
  const signed = period !== null

  const phase: Phase = period?.terminated
    ? 'terminated'
    : signed
      ? period.to <= today
        ? 'expired'
        : missionLives.length > 0 && missionLives.every(m => m.deployed && m.deployed <= today)
          ? 'cruise'
          : 'deployment'
      : validation
        ? 'validated'
        : opposed
          ? 'opposed'
          : project
            ? 'project'
            : first('letter-accepted')
              ? 'letter-accepted'
              : first('letter')
                ? 'letter'
                : 'emergence'
  return { phase, validation, tacitOn: validation ? null : tacitOn, periods, period, terms, missions: missionLives }
}

function periodsOf(sorted: readonly LifeEvent[]): Period[] {
  const found = sorted
    .flatMap(e => ((e.kind === 'signature' || e.kind === 'renewal') && e.terms ? [e.terms] : []))
    .map(t => ({ from: t.fromDay, to: anniversary(t.fromDay, t.years), terminated: false }))
  const end = sorted.find(e => e.kind === 'termination')
  const last = found.at(-1)
  if (end && last) Object.assign(last, { to: end.day, terminated: true })
  return found
}

/** The missions of the present terms, each since the day it first was in the contract without a break. */
function missionsOf(sorted: readonly LifeEvent[], agreed: readonly Terms[], terms: Terms | null): MissionLife[] {
  if (!terms) return []
  const until = agreed.indexOf(terms)
  return missions
    .filter(m => terms.missions.includes(m))
    .map(mission => {
      let i = until
      while (i > 0 && agreed[i - 1]!.missions.includes(mission)) i--
      const since = agreed[i]!.fromDay
      const rule = missionRules[mission]
      const day = (kind: EventKind) => sorted.find(e => e.kind === kind && e.mission === mission)?.day ?? null
      return {
        mission,
        since,
        started: day('mission-start'),
        deployed: day('mission-deployed'),
        startBy: rule.start === null ? null : addMonths(since, rule.start),
        deployedBy: rule.deployed === null ? null : addMonths(since, rule.deployed),
      }
    })
}

export interface Alert {
  kind: 'mission-start' | 'mission-deployed' | 'tacit' | 'end'
  mission: Mission | null
  day: string
  /** Days left; negative once passed. */
  left: number
  tone: 'late' | 'wait' | 'neutral'
}
/** Renewal is prepared from a year before the end; a mission's deadline is near when ninety days are left. */
const NEAR_DAYS = 90
const RENEWAL_DAYS = 365

/** What has a clock, the nearest first. A mission whose deadline passed unmet is late until it is met. */
export function alertsOf(life: Life, today: string): Alert[] {
  const alert = (kind: Alert['kind'], day: string, mission: Mission | null, near = NEAR_DAYS): Alert => {
    const left = daysFrom(today, day)
    return { kind, mission, day, left, tone: left < 0 ? 'late' : left <= near ? 'wait' : 'neutral' }
  }
  if (life.phase === 'terminated') return []
  const found: Alert[] = []
  for (const m of life.missions) {
    if (!m.started && m.startBy) found.push(alert('mission-start', m.startBy, m.mission))
    if (!m.deployed && m.deployedBy) found.push(alert('mission-deployed', m.deployedBy, m.mission))
  }
  if (life.tacitOn) found.push(alert('tacit', life.tacitOn, null))
  if (life.period && daysFrom(today, life.period.to) <= RENEWAL_DAYS) found.push(alert('end', life.period.to, null, RENEWAL_DAYS))
  return found.sort((a, b) => a.left - b.left)
}

export interface Step {
  kind: EventKind
  mission: Mission | null
  day: string
  terms: Terms | null
}
/**
 * What stands against recording a step, by field of the form; empty when nothing does. Months are not all known for a contract
 * older than this program: only what contradicts what is recorded is refused.
 */
export function contradictions(events: readonly LifeEvent[], step: Step, today: string): Record<string, string> {
  const life = lifeOf(events, today)
  const at = (kind: EventKind) => events.find(e => e.kind === kind && (e.mission ?? null) === step.mission)
  const fr = (day: string) => day.split('-').reverse().join('/')
  const before = (kind: EventKind, said: string): Record<string, string> => {
    const other = at(kind)
    return other && step.day < other.day ? { day: `Cette date est avant ${said}, le ${fr(other.day)}.` } : {}
  }
  if (step.day > today) return { day: 'Cette date est dans le futur : enregistrez l’étape quand elle a eu lieu.' }
  switch (step.kind) {
    case 'letter-accepted':
      return at('letter') ? before('letter', 'le dépôt de la lettre') : { kind: 'Enregistrez d’abord le dépôt de la lettre d’intention.' }
    case 'project':
      return before('letter', 'le dépôt de la lettre d’intention')
    case 'opposition':
    case 'validation':
      return at('project') ? before('project', 'le dépôt du projet') : { kind: 'Enregistrez d’abord le dépôt du projet de santé.' }
    case 'signature':
      return {
        ...(life.period && { kind: 'Le contrat est déjà signé. Un changement est un avenant, une nouvelle durée un renouvellement.' }),
        ...before('project', 'le dépôt du projet'),
        ...agreement(step),
      }
    case 'amendment':
    case 'renewal':
      return life.period ? { ...later(life, events, step), ...agreement(step) } : { kind: 'Enregistrez d’abord la signature du contrat.' }
    case 'termination':
      return !life.period
        ? { kind: 'Enregistrez d’abord la signature du contrat.' }
        : step.day < life.period.from
          ? { day: `Cette date est avant le début du contrat, le ${fr(life.period.from)}.` }
          : {}
    case 'mission-start':
    case 'mission-deployed':
      return mission(life, step, fr)
    default:
      return {}
  }
}
function agreement({ terms }: Step): Record<string, string> {
  if (!terms) return {}
  if (terms.missions.includes('crisis') && terms.agreement === 'aci-2019')
    return {
      missions: 'La réponse aux crises sanitaires est entrée dans l’accord par l’avenant 2 : choisissez ce texte, ou retirez la mission.',
    }
  return {}
}
function later(life: Life, events: readonly LifeEvent[], step: Step): Record<string, string> {
  const fr = (day: string) => day.split('-').reverse().join('/')
  const from = step.terms?.fromDay ?? step.day
  if (life.period!.terminated) return { kind: `Le contrat est résilié depuis le ${fr(life.period!.to)}.` }
  if (from < life.periods[0]!.from) return { fromDay: `Le contrat commence le ${fr(life.periods[0]!.from)} : rien ne le change avant.` }
  if (events.some(e => e.terms?.fromDay === from))
    return { fromDay: `D’autres termes prennent déjà effet le ${fr(from)} : deux avenants ne peuvent pas valoir le même jour.` }
  if (step.kind === 'renewal' && from < life.period!.to)
    return { fromDay: `La durée en cours va jusqu’au ${fr(life.period!.to)} : le renouvellement commence ce jour-là ou plus tard.` }
  if (step.kind === 'amendment' && !life.periods.some(p => p.from <= from && from < p.to))
    return { fromDay: 'Aucun contrat n’est en cours à cette date : enregistrez d’abord le renouvellement.' }
  return {}
}
function mission(life: Life, step: Step, fr: (day: string) => string): Record<string, string> {
  if (!life.period) return { kind: 'Enregistrez d’abord la signature du contrat.' }
  const m = life.missions.find(x => x.mission === step.mission)
  if (!m) return { mission: 'Cette mission n’est pas dans le contrat : ajoutez-la par un avenant.' }
  if (step.day < m.since)
    return { day: `La mission n’est dans le contrat que depuis le ${fr(m.since)} : elle ne peut pas commencer avant.` }
  if (step.kind === 'mission-start') return m.started ? { mission: `Le démarrage est déjà enregistré, le ${fr(m.started)}.` } : {}
  if (!m.started) return { mission: 'Enregistrez d’abord le démarrage de cette mission.' }
  if (m.deployed) return { mission: `Le déploiement est déjà enregistré, le ${fr(m.deployed)}.` }
  return step.day < m.started ? { day: `Cette date est avant le démarrage de la mission, le ${fr(m.started)}.` } : {}
}
