/** Proofs as the ledger says them. */
import type { Day } from '#domain/calendar.ts'
import type { LedgerLine } from '#platform/ledger.ts'
import type { Mission } from './missions.ts'

export const categories = {
  attendance: 'Feuille d’émargement',
  minutes: 'Compte rendu',
  procedure: 'Procédure, protocole',
  report: 'Rapport, étude',
  agreement: 'Convention',
  invoice: 'Facture',
  other: 'Autre pièce',
} as const
export type Category = keyof typeof categories

/** What a line of the book says: a proof filed, a proof that cannot be had and why, one taken back. */
export interface Said {
  kind: 'filed' | 'unavailable' | 'withdrawn'
  id: string
  /** Of a withdrawal: the proof it takes back. */
  of: string | null
  title: string
  category: Category
  day: Day
  mission: Mission | null
  indicators: string[]
  /** Why there is no document, or why it is taken back. */
  reason: string | null
  file: { id: string; sha256: string; name: string; type: string; bytes: number } | null
}
export interface Proof extends Said {
  no: number
  hash: string
  at: string
  by: string
  withdrawn: { no: number; at: string; by: string; reason: string } | null
}

/** Proofs in the order of the book; a withdrawal is told on the proof it takes back, and stays a line of the book. */
export function proofsOf(lines: readonly (LedgerLine<Said> & { hash: string })[]): Proof[] {
  const proofs = new Map<string, Proof>()
  for (const { no, at, by, hash, said } of lines) {
    if (said.kind !== 'withdrawn') proofs.set(said.id, { ...(said as Said), no, hash, at, by, withdrawn: null })
    else {
      const proof = proofs.get(said.of ?? '')
      if (proof) proof.withdrawn = { no, at, by, reason: said.reason ?? '' }
    }
  }
  return [...proofs.values()]
}

export interface ProofFilter {
  mission?: string | null
  indicator?: string | null
  year?: string | null
  /** Days of a contract year: from the first, to the day after the last. */
  span?: { from: Day; to: Day } | null
}
export const matching = (all: readonly Proof[], f: ProofFilter): Proof[] =>
  all.filter(
    p =>
      (!f.mission || p.mission === f.mission) &&
      (!f.indicator || p.indicators.includes(f.indicator)) &&
      (!f.year || p.day.slice(0, 4) === f.year) &&
      (!f.span || (p.day >= f.span.from && p.day < f.span.to)),
  )
