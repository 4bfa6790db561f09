/** The fund's list beside ours, through pseudonyms: who is found, who only probably, who may be contacted. Pure. */
import { type Counts, shown, suppress, totalOf } from '#domain/disclosure.ts'
import { type PseudonymLine, type Pseudonyms, type Variant, variants } from '#platform/pseudonyms.ts'
import type { Exit, State } from './rules.ts'

export const statuses = ['matched', 'probable', 'several', 'absent'] as const
export type Status = (typeof statuses)[number]
export const statusNames: Record<Status, string> = {
  matched: 'Dans la liste',
  probable: 'À confirmer',
  several: 'Plusieurs possibilités',
  absent: 'Pas dans la liste',
}
export type Why = Exclude<Variant, 'strict'> | 'homonyms' | 'shared' | 'twice'
export const whyNames: Record<Why, string> = {
  used: 'par le nom utilisé au lieu du nom de naissance',
  given: 'par la première partie du prénom composé',
  swapped: 'en échangeant le jour et le mois de naissance',
  homonyms: 'plusieurs personnes de la liste ont ce nom, ce prénom et cette date',
  shared: 'plusieurs personnes du fichier ressemblent à la même demande',
  twice: 'cette personne est deux fois dans le fichier',
}

/** Somebody of our list, as the comparison sees him. */
export interface Candidate {
  id: string
  pseudonyms: Pseudonyms
  since: Date
  /** Older request of the same person, suspected. */
  duplicateOf: string | null
}
export interface Match {
  status: Status
  why: Why | null
  requestId: string | null
}

/** One answer for each line, in their order. */
export function compare(lines: readonly Pseudonyms[], people: readonly Candidate[]): Match[] {
  const index = new Map<string, { person: Candidate; variant: Variant }[]>()
  for (const person of people)
    for (const variant of variants) {
      const code = person.pseudonyms[variant]
      if (code) index.set(code, [...(index.get(code) ?? []), { person, variant }])
    }
  const found = lines.map(line => candidates(line, index))
  const first = new Map<string, number>()
  for (const [i, line] of lines.entries()) if (!first.has(line.strict!)) first.set(line.strict!, i)
  const claims = new Map<string, number[]>()
  for (const [i, f] of found.entries()) if (f.requestId) claims.set(f.requestId, [...(claims.get(f.requestId) ?? []), i])
  return found.map((f, i) => {
    if (first.get(lines[i]!.strict!) !== i) return { status: 'several', why: 'twice', requestId: null }
    if (!f.requestId) return f
    // The same person twice in the file claims once; a certain match is not put in doubt by one that only looks like it.
    const rivals = claims.get(f.requestId)!.filter(n => n !== i && lines[n]!.strict !== lines[i]!.strict)
    const disputed = f.status === 'matched' ? rivals.some(n => found[n]!.status === 'matched') : rivals.length > 0
    return disputed ? { status: 'several', why: 'shared', requestId: null } : f
  })
}
function candidates(line: Pseudonyms, index: ReadonlyMap<string, { person: Candidate; variant: Variant }[]>): Match {
  const certain = new Map<string, Candidate>()
  const similar = new Map<string, { person: Candidate; why: Why }>()
  for (const mine of variants) {
    const code = line[mine]
    for (const { person, variant } of (code && index.get(code)) || []) {
      if (mine === 'strict' && variant === 'strict') certain.set(person.id, person)
      else similar.set(person.id, { person, why: (mine === 'strict' ? variant : mine) as Why })
    }
  }
  const kept = certain.size ? [...certain.values()] : [...similar.values()].map(s => s.person)
  if (kept.length === 0) return { status: 'absent', why: null, requestId: null }
  const [one, ...others] = persons(kept)
  if (others.length) return { status: 'several', why: 'homonyms', requestId: null }
  if (certain.size) return { status: 'matched', why: null, requestId: one!.id }
  return { status: 'probable', why: similar.get(one!.id)!.why, requestId: one!.id }
}
/** Requests suspected to be of one person count for one, by the oldest. */
function persons(all: readonly Candidate[]): Candidate[] {
  const ids = new Set(all.map(p => p.id))
  return all.filter(p => p.duplicateOf === null || !ids.has(p.duplicateOf)).toSorted((a, b) => a.since.getTime() - b.since.getTime())
}

/** What the fund is told of each of its people. */
export const answers = ['deja dans la liste', 'a contacter', 'a verifier'] as const
export type Answer = (typeof answers)[number]
export function answerFor(status: Status, request: { state: State; exit: Exit | null } | null): Answer {
  if (status === 'absent') return 'a contacter'
  if (status !== 'matched' || !request) return 'a verifier'
  // Closed here and without a doctor there: a declaration went astray. Of somebody who died nobody writes to the family.
  if (request.state === 'closed' || request.exit === 'deceased') return 'a verifier'
  return request.state === 'exited' ? 'a contacter' : 'deja dans la liste'
}

export interface CommuneCount {
  code: string
  /** To the nearest ten; null: hidden. */
  people: number | null
}
export interface CommuneTable {
  total: number
  communes: CommuneCount[]
}
/** Counts by commune that may travel: those that would point at somebody are hidden; null when nothing may be said. */
export function communeTable(codes: readonly string[]): CommuneTable | null {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  const hidden = suppress(counts as Counts, [])
  return (
    hidden && {
      total: shown(totalOf(counts)),
      communes: Object.keys(counts)
        .sort()
        .map(code => ({ code, people: hidden.has(code) ? null : shown(counts[code]!) })),
    }
  )
}
/** Days the pseudonyms are kept. */
export const KEPT_DAYS = 30
export type { PseudonymLine }
