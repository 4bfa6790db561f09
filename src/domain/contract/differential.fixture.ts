/** The engine and the oracle side by side: an empty list when every line and every payment is equal to the cent. */
import type { Case } from './contracts.fixture.ts'
import { compute } from './engine.ts'
import { type OracleLine, oracle } from './oracle.fixture.ts'
import type { Tables } from './types.ts'

const paid = (list: readonly (readonly [string, number])[]) => {
  const byDay = new Map<string, number>()
  for (const [day, cents] of list) byDay.set(day, (byDay.get(day) ?? 0) + cents)
  return [...byDay]
    .filter(([, cents]) => cents !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, cents]) => `${day} ${cents}`)
    .join(', ')
}
const asked = new WeakMap<Case, OracleLine[]>()
const oracleOf = (one: Case): OracleLine[] => asked.get(one) ?? asked.set(one, oracle(one.contract, one.facts, one.on)).get(one)!

export function differences(one: Case, tables?: Tables): string[] {
  const { contract, facts, on } = one
  const says = (l: Omit<OracleLine, 'payments'>, payments: string) =>
    `${l.year} ${l.heading} ${l.part}: envelope ${l.envelope}, due ${l.due}, open ${l.open}, lost ${l.lost}, paid ${payments}`
  const theirs = new Set(oracleOf(one).map(l => says(l, paid(l.payments))))
  const ours = compute(contract, facts, on, tables).years.flatMap(y =>
    y.lines.map(l =>
      says(
        {
          year: l.year,
          heading: l.heading,
          part: l.part,
          envelope: l.envelope.cents,
          due: l.due.cents,
          open: l.open.cents,
          lost: l.lost.cents,
        },
        paid(l.payments.map(p => [p.day, p.figure.cents] as const)),
      ),
    ),
  )
  return [
    ...ours.filter(l => !theirs.has(l)).map(l => `engine ${l}`),
    ...[...theirs].filter(l => !ours.includes(l)).map(l => `oracle ${l}`),
  ].sort()
}
