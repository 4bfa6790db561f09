/** The figures of a contract year as they are shown to the funders: frozen when a review opens, worked out again beside it. */
import type { Day } from '#domain/calendar.ts'
import { standings, targetOf, type YearStatement } from '#domain/contract/index.ts'
import { linesOf } from './pages/indicators.tsx'
import { type Frozen, type FrozenIndicator, proofsFor, toldOf, worth } from './rules.ts'
import type { Account } from './store.ts'

/** Those of the contract, then those followed without a weight, of the missions that the year holds. */
export function indicatorsOn(account: Account, year: YearStatement): FrozenIndicator[] {
  const rates = year.lines.flatMap(l => l.indicators)
  const proofs = account.evidence.get(year.year)
  const before = account.spans.find(s => s.year === year.year - 1)
  const evidenceBefore = before && account.evidence.get(before.year)
  const held = linesOf(account, year).filter(l => l.weight > 0 || account.contract.terms.missions.includes(l.d.mission))
  return held
    .map(({ d, value, weight }): FrozenIndicator => {
      const own = account.contract.indicators.find(i => i.id === d.code)
      const chosen = account.chosen.find(c => c.code === d.code)
      const told = toldOf(d, value)
      return {
        code: d.code,
        mission: d.mission,
        weight,
        value: told,
        before: before && evidenceBefore ? toldOf(d, worth(d, before, evidenceBefore(d.code))) : null,
        target: own ? targetOf(own, year.year) : null,
        baseline: chosen?.baseline ?? null,
        baselineMissing: chosen?.baselineMissing ?? null,
        rate: told.state === 'small' ? null : (rates.find(r => r.indicator === d.code)?.rate ?? null),
        proofs: proofs
          ? proofsFor(d.code, year, proofs(d.code).proofs).map(({ id, no, title, day, hash }) => ({ id, no, title, day, hash }))
          : [],
      }
    })
    .sort((a, b) => Number(b.weight > 0) - Number(a.weight > 0))
}
/** Everything that the room shows, on a day. */
export function freeze(account: Account, year: YearStatement, community: string, on: Day): Frozen {
  return {
    community,
    ...{ year: year.year, from: year.from, to: year.to, on },
    indicators: indicatorsOn(account, year),
    money: standings(account.statement, account.facts, year.year).map(s => ({
      heading: s.heading,
      envelope: s.envelope.cents,
      acquired: s.acquired.cents,
      expected: s.expected.cents,
      open: s.open.cents,
      lost: s.lost.cents,
      received: s.received,
      provenance: s.envelope.provenance,
    })),
  }
}
