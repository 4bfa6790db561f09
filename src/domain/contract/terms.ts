/** Which terms hold on which day, and what an amount is worth under them. */
import { anniversary, type Day, daysFrom, earliest, latest } from '../calendar.ts'
import { type AciSize, aciSize } from '../size.ts'
import { figureOf } from './figure.ts'
import type { Contract, Figure, Heading, Origin, Part, Period, RuleId, Tables, Terms, TypedAmount } from './types.ts'

/** A span of days under the same terms. */
export interface Stretch {
  from: Day
  to: Day
  terms: Terms
  size: AciSize | null
}
export interface ContractYear {
  year: number
  from: Day
  /** The next anniversary. */
  to: Day
  /** `to`, or the end of the contract if it is terminated before. */
  until: Day
  days: number
}

/** The contract years, renewals included, cut by a termination. */
export function contractYears(contract: Contract): ContractYear[] {
  const years: ContractYear[] = []
  const limit = contract.terminated?.on ?? null
  let reached = contract.signed
  const run = (first: Day, count: number) => {
    for (let n = 0; n < count; n++) {
      const [from, to] = [anniversary(first, n), anniversary(first, n + 1)]
      reached = to
      if (limit !== null && from >= limit) continue
      years.push({ year: years.length + 1, from, to, until: limit === null ? to : earliest(limit, to), days: daysFrom(from, to) })
    }
  }
  run(contract.signed, contract.years)
  // A renewal written before the end continues from the end: years never overlap.
  for (const r of [...contract.renewals].sort((a, b) => (a.from < b.from ? -1 : 1))) run(latest(r.from, reached), r.years)
  return years
}
/** First day without the contract. */
export function endOf(contract: Contract): Day {
  return contractYears(contract).at(-1)?.until ?? contract.signed
}
/** The end as signed, before any termination. */
export const signedEnd = (contract: Contract): Day => endOf({ ...contract, terminated: null })

/** The size that holds: stated, or read from the population; null when neither is known. */
export const sizeOf = (terms: Terms): AciSize | null =>
  terms.size ?? (terms.population !== null && terms.population > 0 ? aciSize(terms.population) : null)

/** The terms after the amendments in force on a day, in the order of their first day. */
export function termsOn(contract: Contract, day: Day): Terms {
  let terms = contract.terms
  for (const a of inOrder(contract)) if (a.from <= day && (a.until === null || day < a.until)) terms = amended(terms, a.changes)
  return terms
}
const inOrder = (contract: Contract) =>
  [...contract.amendments].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1))

/** Amounts typed for another size or another text do not survive a change of it; the others are replaced line by line. */
function amended(terms: Terms, changes: Partial<Terms>): Terms {
  const next = { ...terms, ...changes }
  if (changes.population !== undefined && changes.size === undefined) next.size = null
  const key = (a: TypedAmount) => `${a.heading}/${a.part}/${a.period}`
  const own = changes.annex ?? []
  const kept = next.text !== terms.text || sizeOf(next) !== sizeOf(terms) ? [] : terms.annex
  next.annex = [...kept.filter(a => !own.some(o => key(o) === key(a))), ...own]
  return next
}

/** The whole life of the contract, cut where terms change. */
export function stretches(contract: Contract, end: Day = endOf(contract)): Stretch[] {
  const cuts = new Set([contract.signed, end])
  for (const a of contract.amendments)
    for (const day of [a.from, a.until]) if (day !== null && day > contract.signed && day < end) cuts.add(day)
  const days = [...cuts].sort()
  return days.slice(0, -1).map((from, i) => {
    const terms = termsOn(contract, from)
    return { from, to: days[i + 1]!, terms, size: sizeOf(terms) }
  })
}
/** A contract read once: its years, its stretches, its ends. */
export interface Life {
  contract: Contract
  years: readonly ContractYear[]
  stretches: readonly Stretch[]
  end: Day
  /** As signed, before any termination. */
  signedEnd: Day
}
export function lifeOf(contract: Contract): Life {
  const years = contractYears(contract)
  const end = years.at(-1)?.until ?? contract.signed
  return { contract, years, end, stretches: stretches(contract, end), signedEnd: contract.terminated ? signedEnd(contract) : end }
}
export const within = (all: readonly Stretch[], from: Day, to: Day): Stretch[] =>
  all.filter(s => s.from < to && s.to > from).map(s => ({ ...s, from: latest(s.from, from), to: earliest(s.to, to) }))

const indexed = new WeakMap<Tables, ReadonlyMap<string, Figure>>()
function rowFigures(tables: Tables): ReadonlyMap<string, Figure> {
  let index = indexed.get(tables)
  if (!index) {
    index = new Map(tables.rows.map(r => [`${r.text}/${r.size}/${r.heading}/${r.part}/${r.period}`, figureOf(r.cents, [r.origin])]))
    indexed.set(tables, index)
  }
  return index
}
/** What the signed annex says, otherwise what the national table says; null: neither does. */
export function amountOf(
  tables: Tables,
  { terms, size }: Pick<Stretch, 'terms' | 'size'>,
  heading: Heading,
  part: Part,
  period: Period,
): Figure | null {
  const typed = terms.annex.find(a => a.heading === heading && a.part === part && a.period === period)
  if (typed) return typedFigure(typed)
  return size === null ? null : (rowFigures(tables).get(`${terms.text}/${size}/${heading}/${part}/${period}`) ?? null)
}
const typedKept = new WeakMap<TypedAmount, Figure>()
function typedFigure(a: TypedAmount): Figure {
  const kept = typedKept.get(a) ?? figureOf(a.cents, [typedOrigin(a)])
  typedKept.set(a, kept)
  return kept
}
const typedOrigin = (a: TypedAmount): Origin => ({
  of: 'typed',
  id: `annex/${a.heading}/${a.part}/${a.period}/${a.at}`,
  provenance: 'contract',
  article: a.article,
  sources: [],
  note: null,
  typed: { by: a.by, at: a.at, file: a.file },
})

/** The origin of a rule: as the signed contract confirms it, otherwise as the texts do. */
export function ruleOrigin(tables: Tables, contract: Contract, id: RuleId): Origin {
  const origin = tables.rules.find(r => r.id === id)!.origin
  const said = contract.confirmed.find(c => c.rule === id)
  if (!said) return origin
  const typed = { by: said.by, at: said.at, file: said.file }
  return { ...origin, of: 'typed', provenance: 'contract', article: said.article ?? origin.article, note: null, typed }
}
/** Whether terms hold a heading; the compensation is a choice of its own. */
export const holds = (terms: Terms, heading: Heading, part: Part): boolean =>
  heading === 'running' || (terms.missions.includes(heading) && (part !== 'compensation' || terms.compensation))
