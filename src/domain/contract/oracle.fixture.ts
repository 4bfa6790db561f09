/**
 * The rules a second time, to catch the first: amounts, shares and payments in publicodes (rules.publicodes/), days counted here one by
 * one with the machine's own dates. Written from the sources; shares nothing with the engine but the shape of its arguments.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import Engine from 'publicodes'
import { parseRules } from './publicodes.ts'
import type { Contract, Facts, Heading, Indicator, Mission, Part, Terms, TypedAmount } from './types.ts'

const folder = path.join(import.meta.dirname, 'rules.publicodes')
const read = (name: string) => readFileSync(path.join(folder, `${name}.publicodes`), 'utf8')

const amounts = new Engine(parseRules(read('montants')) as never)
const payments = new Engine(parseRules(read('versements')) as never)
const results = new Engine({
  ...parseRules(read('variable')),
  ...Object.assign({}, ...[1, 2, 3, 4].map(n => parseRules(read('indicateur').replaceAll(/\bN\b/g, String(n))))),
} as never)

type Situation = Record<string, string | number>
function ask<T extends string>(engine: Engine, situation: Situation, ...names: T[]): Record<T, number | null> {
  engine.setSituation(situation as never)
  return Object.fromEntries(
    names.map(n => {
      const { nodeValue } = engine.evaluate(n)
      return [n, typeof nodeValue === 'number' ? nodeValue : null]
    }),
  ) as Record<T, number | null>
}
const yes = (b: boolean) => (b ? 'oui' : 'non')

// Days, with the machine's dates

const time = (day: string) => Date.parse(`${day}T12:00:00Z`)
const text = (t: number) => new Date(t).toISOString().slice(0, 10)
const DAY = 86_400_000
function later(day: string, years: number): string {
  const d = new Date(time(day))
  const month = d.getUTCMonth()
  d.setUTCFullYear(d.getUTCFullYear() + years)
  if (d.getUTCMonth() !== month) d.setUTCDate(0)
  return text(d.getTime())
}

// What the rules call each line

const french: Record<Mission, string> = {
  access: 'accès',
  pathways: 'parcours',
  prevention: 'prévention',
  crisis: 'crise',
  quality: 'qualité',
  support: 'accompagnement',
}
const nameOf = (heading: Heading, part: Part, period: string): string =>
  heading === 'running'
    ? 'fonctionnement'
    : `${french[heading]} . ${{ fixed: 'part fixe', variable: 'part variable', compensation: 'compensation', occurrence: 'survenue', plan: period === 'first-year' ? 'premier plan' : 'mise à jour', running: '' }[part]}`

const amountsKept = new WeakMap<Terms, Map<string, number | null>>()
/** In cents; null when nobody knows. */
function amount(terms: Terms, heading: Heading, part: Part, period: string): number | null {
  const kept = amountsKept.get(terms) ?? amountsKept.set(terms, new Map()).get(terms)!
  const name = nameOf(heading, part, period)
  if (!kept.has(name)) {
    const situation: Situation = { texte: terms.text === 'aci-2019' ? "'accord de 2019'" : "'avenant 2'", taille: terms.size! }
    // What the annex of the contract says replaces the rule.
    for (const a of terms.annex) situation[nameOf(a.heading, a.part, a.period)] = a.cents / 100
    const value = ask(amounts, situation, name)[name]
    kept.set(name, value === null || value === undefined ? null : Math.round(value * 100))
  }
  return kept.get(name)!
}
const sameLine = (a: TypedAmount, b: TypedAmount) => a.heading === b.heading && a.part === b.part && a.period === b.period

export interface OracleLine {
  year: number
  heading: Heading
  part: Part
  envelope: number
  due: number
  open: number
  lost: number
  payments: [string, number][]
}

export function oracle(contract: Contract, facts: Facts, on: string): OracleLine[] {
  const amended = new Map<string, Terms>()
  const termsOn = (day: string): Terms => {
    const held = contract.amendments.filter(a => a.from <= day && (a.until === null || day < a.until))
    const key = held.map(a => a.id).join()
    if (!amended.has(key)) {
      let terms = contract.terms
      for (const { changes } of held) {
        const same = (changes.text ?? terms.text) === terms.text && (changes.size ?? terms.size) === terms.size
        const fresh = changes.annex ?? []
        terms = { ...terms, ...changes, annex: [...(same ? terms.annex.filter(a => !fresh.some(f => sameLine(a, f))) : []), ...fresh] }
      }
      amended.set(key, terms)
    }
    return amended.get(key)!
  }
  const starts = new Map(
    facts.missions.map(m => [m.mission, m.started === null ? null : m.started < contract.signed ? contract.signed : m.started]),
  )
  const years: { year: number; from: string; to: string; until: string }[] = []
  const firsts = [contract.signed, ...contract.renewals.map(r => r.from)]
  for (const first of firsts)
    for (let n = 0; n < 5; n++) {
      const [from, to] = [later(first, n), later(first, n + 1)]
      const stop = contract.terminated?.on
      if (stop !== undefined && from >= stop) continue
      years.push({ year: years.length + 1, from, to, until: stop !== undefined && stop < to ? stop : to })
    }
  const lastDay = years.at(-1)?.until ?? contract.signed
  const everyDay: string[] = []
  for (let t = time(contract.signed); text(t) < lastDay; t += DAY) everyDay.push(text(t))
  const begun = (day: string) =>
    facts.missions.some(({ mission }) => starts.get(mission) != null && starts.get(mission)! <= day && everyDayWith(mission, day))
  // A mission has begun once a day after its start was in the contract.
  const firstActive = new Map<Mission, string | undefined>()
  const everyDayWith = (mission: Mission, day: string): boolean => {
    if (!firstActive.has(mission))
      firstActive.set(
        mission,
        everyDay.find(d => d >= starts.get(mission)! && termsOn(d).missions.includes(mission)),
      )
    const first = firstActive.get(mission)
    return first !== undefined && first <= day
  }
  const found: OracleLine[] = []
  for (const y of years) {
    const days = everyDay.filter(d => d >= y.from && d < y.until)
    const length = Math.round((time(y.to) - time(y.from)) / DAY)
    const timed = (heading: Heading, part: Part, counts: (d: string) => boolean, mayCount: (d: string) => boolean) => {
      const tranches: { terms: Terms; cents: number; counted: number; lost: number; first: string | null }[] = []
      let state: 'due' | 'open' | null = null
      for (const d of days) {
        const terms = termsOn(d)
        if (heading !== 'running' && !(terms.missions.includes(heading) && (part !== 'compensation' || terms.compensation))) continue
        const cents = amount(terms, heading, part, 'year')
        if (cents === null) continue
        if (tranches.at(-1)?.terms !== terms) tranches.push({ terms, cents, counted: 0, lost: 0, first: null })
        const tranche = tranches.at(-1)!
        if (counts(d) || mayCount(d)) {
          state = counts(d) ? 'due' : 'open'
          tranche.counted++
          tranche.first ??= d
        } else tranche.lost++
      }
      if (tranches.length === 0) return null
      const first = tranches.find(t => t.first !== null)
      const situation: Situation = { 'année . jours': length }
      for (const [i, t] of tranches.entries()) {
        situation[`tranche ${i + 1} . montant`] = t.cents
        situation[`tranche ${i + 1} . jours comptés`] = t.counted
        situation[`tranche ${i + 1} . jours perdus`] = t.lost
      }
      return { state, first, situation, tranches }
    }
    const push = (heading: Heading, part: Part, given: NonNullable<ReturnType<typeof timed>>, signature: boolean, payOn: string | null) => {
      const { state, first, situation, tranches } = given
      const startDay = first?.first ?? y.from
      const base = payOn === null ? first : (tranches.findLast(t => (t.first ?? '9') <= payOn) ?? tranches[0])
      situation['début . montant'] = base?.cents ?? 0
      situation['début . jours'] = heading === 'running' ? length : Math.round((time(y.to) - time(startDay)) / DAY)
      situation.signature = yes(signature)
      const r = ask(payments, situation, 'enveloppe', 'compté', 'perdu', 'premier versement', 'solde') as Record<string, number>
      const due = state === 'due' ? r.compté! : 0
      const list: [string, number][] =
        state === 'due'
          ? [
              [payOn ?? startDay, r['premier versement']!],
              [y.until, r.solde!],
            ]
          : []
      found.push({
        year: y.year,
        heading,
        part,
        envelope: r.enveloppe!,
        due,
        open: state === 'open' ? r.compté! : 0,
        lost: r.perdu!,
        payments: list,
      })
    }
    // Running: whole, or waiting for a first mission; lost only when the year is over without one, or none can start in it any more.
    const startedBy = days.find(d => begun(d))
    const running = timed(
      'running',
      'running',
      () => y.year === 1 || startedBy !== undefined,
      () => on < y.until && !laterStart(y.until),
    )
    function laterStart(until: string) {
      // A first start known, but after this year: the year will not have one.
      const first = everyDay.find(d => begun(d))
      return first !== undefined && first >= until
    }
    if (running) {
      const beforeYear = y.year === 1 || (startedBy !== undefined && startedBy === days[0]) ? y.from : (startedBy ?? y.from)
      push('running', 'running', running, y.year === 1, beforeYear)
    }
    const missionLine = (mission: Mission, part: Part) => {
      const start = starts.get(mission) ?? null
      return timed(
        mission,
        part,
        d => start !== null && d >= start,
        d => start === null && d >= on,
      )
    }
    for (const mission of ['access', 'pathways', 'prevention', 'quality', 'support'] as const) {
      for (const part of mission === 'access' ? (['fixed', 'compensation'] as const) : (['fixed'] as const)) {
        const line = missionLine(mission, part)
        if (line) push(mission, part, line, false, null)
      }
      const line = missionLine(mission, 'variable')
      if (!line) continue
      const r = ask(payments, line.situation, 'enveloppe', 'compté', 'perdu') as Record<string, number>
      const counted = line.state === 'due' ? r.compté! : 0
      const v = variable(contract, facts, mission, y.year, counted)
      const open = (line.state === 'open' ? r.compté! : 0) + v.open
      found.push({
        year: y.year,
        heading: mission,
        part: 'variable',
        envelope: r.enveloppe!,
        due: v.due,
        open,
        lost: r.perdu! + v.lost,
        payments: [[y.until, v.due]],
      })
    }
    for (const part of ['plan', 'occurrence'] as const) {
      const held = days.filter(d => termsOn(d).missions.includes('crisis'))
      if (held.length === 0) continue
      const done = facts.crisis
        .filter(c => c.what === part && held.includes(c.day))
        .map(c => c.day)
        .sort()[0]
      const written = facts.crisis.some(c => c.what === 'plan' && c.day < y.from)
      const firstYear = everyDay.find(d => termsOn(d).missions.includes('crisis'))! >= y.from
      const period = part === 'occurrence' ? 'event' : !written && (y.from <= on || firstYear) ? 'first-year' : 'later-year'
      const cents = amount(termsOn(done ?? held.at(-1)!), 'crisis', part, period)
      if (cents === null) continue
      const mayCome = done === undefined && on <= held.at(-1)!
      const due = done === undefined ? 0 : cents
      found.push({
        year: y.year,
        heading: 'crisis',
        part,
        envelope: cents,
        due,
        open: mayCome ? cents : 0,
        lost: cents - due - (mayCome ? cents : 0),
        payments: [[y.until, due]],
      })
    }
  }
  return found
}

function variable(contract: Contract, facts: Facts, mission: Mission, year: number, envelope: number) {
  const list: Indicator[] = contract.indicators.filter(i => i.mission === mission)
  if (list.length === 0) return { due: 0, open: envelope, lost: 0 }
  const situation: Situation = { 'enveloppe variable': envelope }
  for (const [n, i] of list.entries()) {
    const at = (name: string) => `indicateur ${n + 1} . ${name}`
    const value = facts.values.find(v => v.indicator === i.id && v.year === year)?.value
    const target = i.targets[0]!.target
    const known = value?.state === 'done' || (value?.state === 'measured' && (i.formula === 'ratio' || i.baseline !== null))
    situation[at('poids')] = i.weight
    situation[at('mesuré')] = yes(known)
    situation[at('oui ou non')] = yes(i.measure === 'done')
    situation[at('moins est mieux')] = yes(i.better === 'lower')
    situation[at('depuis le départ')] = yes(i.formula === 'progress' && i.measure !== 'done')
    situation[at('plafond')] = i.cap
    situation[at('seuil')] = i.floor
    situation[at('objectif n')] = target.numerator
    situation[at('objectif d')] = target.denominator
    if (i.baseline) {
      situation[at('départ n')] = i.baseline.numerator
      situation[at('départ d')] = i.baseline.denominator
    }
    if (value?.state === 'done') situation[at('fait')] = yes(value.done)
    if (value?.state === 'measured') {
      situation[at('valeur n')] = value.ratio.numerator
      situation[at('valeur d')] = value.ratio.denominator
    }
  }
  const r = ask(results, situation, 'variable gagnée', 'variable à mesurer', 'variable perdue') as Record<string, number>
  return { due: r['variable gagnée']!, open: r['variable à mesurer']!, lost: r['variable perdue']! }
}
