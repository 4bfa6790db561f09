/** What cannot be right in a contract or its facts. Nothing is thrown away: each problem carries what it is about. */
import { type Day, earliest, latest } from '../calendar.ts'
import { national } from './national.ts'
import { isRatio } from './rates.ts'
import { endOf, type Life, lifeOf, signedEnd, sizeOf } from './terms.ts'
import type { Amendment, Contract, Facts, Problem, Tables, Terms } from './types.ts'

/** Problems of the contract and of the facts as given; those of values and weights come with the calculation of their year. */
export const check = (contract: Contract, facts: Facts, tables: Tables = national): Problem[] => problemsOf(lifeOf(contract), facts, tables)

/** The same, of a contract already read. */
export function problemsOf(life: Life, facts: Facts, tables: Tables): Problem[] {
  return [
    ...ofContract(life, tables),
    ...ofAmendments(life),
    ...ofMissions(life, facts, tables),
    ...ofTargets(life.contract),
    ...ofValues(life, facts),
    ...ofDecisions(life, facts),
  ]
}

function ofContract({ contract, stretches, signedEnd: end }: Life, tables: Tables): Problem[] {
  const found: Problem[] = []
  for (const s of stretches) if (sizeOf(s.terms) === null) found.push({ code: 'no-population', from: s.from, to: s.to })
  const { terminated, signed } = contract
  if (terminated && (terminated.on <= signed || terminated.on > end))
    found.push({ code: 'termination-outside-contract', on: terminated.on, signed, end })
  let reached = contract.renewals.length ? signedEnd({ ...contract, renewals: [] }) : end
  for (const r of [...contract.renewals].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (r.from !== reached) found.push({ code: 'renewal-not-at-end', from: r.from, end: reached })
    reached = signedEnd({ ...contract, renewals: contract.renewals.filter(x => x.from <= r.from) })
  }
  const used = [
    { text: contract.terms.text, from: signed },
    ...contract.amendments.flatMap(a => (a.changes.text ? [{ text: a.changes.text, from: a.from }] : [])),
  ]
  for (const { text, from } of used) {
    const known = tables.texts.find(t => t.id === text)
    if (known && from < known.inForce) found.push({ code: 'text-before-in-force', text, from, inForce: known.inForce })
  }
  const last = used.reduce((a, b) => (b.from >= a.from ? b : a))
  const inForce = (id: string) => tables.texts.find(t => t.id === id)?.inForce ?? ''
  const newer = tables.texts.filter(t => t.inForce > inForce(last.text) && t.inForce < end).at(-1)
  if (newer) found.push({ code: 'newer-text', text: last.text, newer: newer.id, inForce: newer.inForce })
  return found
}

function ofAmendments({ contract, signedEnd: end }: Life): Problem[] {
  const found: Problem[] = []
  const list = [...contract.amendments].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1))
  for (const [i, first] of list.entries()) {
    if (first.from < contract.signed || first.from >= end)
      found.push({ code: 'amendment-outside-contract', amendment: first.id, from: first.from, signed: contract.signed, end })
    for (const second of list.slice(i + 1)) {
      const what = both(first, second)
      // Without an end, an amendment is followed by the next one; with an end, or on the same day, two of them speak at once.
      const together = first.from === second.from || (first.until !== null && second.from < first.until)
      const to = earliest(first.until ?? end, second.until ?? end)
      if (together && what.length)
        found.push({ code: 'amendments-overlap', first: first.id, second: second.id, what, from: latest(first.from, second.from), to })
    }
  }
  return found
}
function both(a: Amendment, b: Amendment): (keyof Terms)[] {
  const has = (x: Amendment, key: keyof Terms) => x.changes[key] !== undefined
  const keys: (keyof Terms)[] = ['text', 'size', 'population', 'missions', 'compensation', 'annex']
  return keys.filter(key => has(a, key) && has(b, key))
}

function ofMissions({ contract, stretches: all, end }: Life, facts: Facts, tables: Tables): Problem[] {
  const found: Problem[] = []
  for (const { mission, started, deployed } of facts.missions) {
    if (started !== null && started < contract.signed)
      found.push({ code: 'mission-before-signature', mission, started, signed: contract.signed })
    if (started !== null && started >= end) found.push({ code: 'mission-after-end', mission, started, end })
    if (started !== null && !all.some(s => s.to > started && s.terms.missions.includes(mission)))
      found.push({ code: 'mission-not-in-contract', mission, started })
    if (deployed !== null && (started === null || deployed < started))
      found.push({ code: 'deployed-before-start', mission, started, deployed })
  }
  const said = new Set<string>()
  for (const s of all) {
    const text = tables.texts.find(t => t.id === s.terms.text)
    if (!text) continue
    for (const mission of s.terms.missions) {
      if (text.core.includes(mission) || text.optional.includes(mission) || said.has(mission)) continue
      said.add(mission)
      found.push({ code: 'mission-not-in-text', mission, text: text.id, from: s.from })
    }
  }
  return found
}

function ofValues({ contract, years: all }: Life, facts: Facts): Problem[] {
  if (facts.values.length === 0) return []
  const found: Problem[] = []
  const indicators = new Map(contract.indicators.map(i => [i.id, i]))
  const years: ReadonlySet<number> = new Set(all.map(y => y.year))
  // Counts by indicator, then by year: one text to look up for a value, none to make.
  const seen = new Map<string, Map<number, number>>()
  for (const { indicator, year } of facts.values) {
    const counts = seen.get(indicator) ?? seen.set(indicator, new Map()).get(indicator)!
    const before = counts.get(year) ?? 0
    counts.set(year, before + 1)
    if (before > 0) continue
    const known = indicators.get(indicator)
    if (!known) found.push({ code: 'unknown-indicator', indicator, year })
    else if (!years.has(year) || year < known.fromYear || (known.toYear !== null && year > known.toYear))
      found.push({ code: 'value-outside-contract', indicator, name: known.name, year })
  }
  for (const [indicator, counts] of seen)
    for (const [year, count] of counts)
      if (count > 1) found.push({ code: 'two-values', indicator, year, count, name: indicators.get(indicator)?.name ?? indicator })
  return found
}
/** A way from the baseline to the target that goes against what is better. */
function ofTargets(contract: Contract): Problem[] {
  return contract.indicators.flatMap(({ id, name, formula, baseline, better, targets, measure }) =>
    formula !== 'progress' || measure === 'done' || !baseline || !isRatio(baseline)
      ? []
      : targets.flatMap(({ year, target }): Problem[] => {
          const way = target.numerator * baseline.denominator - baseline.numerator * target.denominator
          return isRatio(target) && (better === 'higher' ? way < 0 : way > 0)
            ? [{ code: 'target-against-direction', indicator: id, name, year }]
            : []
        }),
  )
}
/** The crisis mission has no variable part, and a year outside the contract has none: the decision is kept, not counted. */
function ofDecisions({ years }: Life, facts: Facts): Problem[] {
  if (facts.decisions.length === 0) return []
  return facts.decisions
    .filter(d => d.mission === 'crisis' || !years.some(y => y.year === d.year))
    .map(d => ({ code: 'decision-without-mission', mission: d.mission, year: d.year, decided: d.cents }))
}
/** Whether a day falls within the contract. */
export const covers = (contract: Contract, day: Day): boolean => contract.signed <= day && day < endOf(contract)
