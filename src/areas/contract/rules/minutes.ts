/** The minutes of a review: what was agreed, as data for the calculation and as the very text that is signed. */
import { addDays, type Day } from '#domain/calendar.ts'
import {
  type Contract,
  compute,
  type Decision,
  type Facts,
  missionNames,
  type Problem,
  type Ratio,
  sayDay,
  sayRatio,
} from '#domain/contract/index.ts'
import { formatEuros } from '#domain/money.ts'
import { definitionOf } from './indicators.ts'
import type { Mission } from './missions.ts'
import { type Party, parties } from './review.ts'

/** The crisis mission is paid when it is done: it has no variable part to decide. */
export const decided = ['access', 'pathways', 'prevention', 'quality', 'support'] as const satisfies Mission[]
export const COMMITMENTS = 5

export interface AgreedPart {
  mission: Mission
  cents: number
  /** In percent, when the amount was agreed as a rate. */
  rate: number | null
  /** What the calculation gave then. */
  computed: number
  envelope: number
  reason: string
}
export interface NextYear {
  code: string
  target: Ratio | null
  /** Hundredths of a percent. */
  weight: number | null
}
export interface Commitment {
  what: string
  owner: string
  by: Day
}
export interface Minutes {
  community: string
  year: number
  from: Day
  to: Day
  heldOn: Day
  signatories: Record<Party, string>
  others: string[]
  /** SHA-256 of the figures that were frozen. */
  figures: string
  said: string | null
  decisions: AgreedPart[]
  next: NextYear[]
  commitments: Commitment[]
}

export interface Envelope {
  /** What the mission's variable part may bring that year, at most. */
  envelope: number
  /** What its indicators give. */
  computed: number
}
/** More than a year of any contract brings, and as much as the engine spreads over days to the cent: it answers with the envelope it compares with. */
export const BEYOND = 500_000_000
const without = (facts: Facts, year: number): Facts => ({ ...facts, decisions: facts.decisions.filter(d => d.year !== year) })
const trial = (mission: Mission, year: number, cents: number): Decision => ({
  ...{ mission, year, cents, reason: '', by: '', at: '', file: null },
})
/** By mission, what the minutes of a year may decide; a mission without a variable part that year is not there. */
export function envelopesOf(contract: Contract, facts: Facts, year: number, today: Day): Map<Mission, Envelope> {
  const bare = without(facts, year)
  const found = new Map<Mission, Envelope>()
  const asked = compute(contract, { ...bare, decisions: [...bare.decisions, ...decided.map(m => trial(m, year, BEYOND))] }, today)
  const lines = compute(contract, bare, today).years.find(y => y.year === year)?.lines ?? []
  for (const p of asked.problems)
    if (p.code === 'decision-above-envelope' && p.year === year) {
      const computed = lines.find(l => l.heading === p.mission && l.part === 'variable')?.due.cents ?? 0
      found.set(p.mission, { envelope: p.envelope, computed })
    }
  return found
}
/** What the calculation would say of these amounts: above an envelope, or for a mission that has none. */
export function decisionProblems(
  contract: Contract,
  facts: Facts,
  year: number,
  agreed: readonly Pick<AgreedPart, 'mission' | 'cents'>[],
  today: Day,
): Extract<Problem, { mission: Mission; decided: number }>[] {
  const bare = without(facts, year)
  const decisions = [...bare.decisions, ...agreed.map(a => trial(a.mission, year, a.cents))]
  return compute(contract, { ...bare, decisions }, today).problems.flatMap(p =>
    (p.code === 'decision-above-envelope' || p.code === 'decision-without-mission') && p.year === year ? [p] : [],
  )
}
/** The refusal of an amount, in the minutes: what is possible, and what to do. */
export const refusalOf = (p: ReturnType<typeof decisionProblems>[number]): string =>
  p.code === 'decision-above-envelope'
    ? `${formatEuros(p.decided)} dépassent l’enveloppe de cette part variable, ${formatEuros(p.envelope)} cette année-là. Écrivez un montant qui y tient.`
    : 'Le contrat n’a pas de part variable connue pour cette mission cette année-là : laissez ce montant vide.'

/** Signed minutes as the calculation reads them; the file is named as people see it. */
export const decisionsOf = (m: Minutes, signedOn: Day, file: string): Decision[] =>
  m.decisions.map(d => ({
    ...{ mission: d.mission, year: m.year, cents: d.cents, reason: d.reason.replace(/\s*\.\s*$/, '') },
    ...{ by: 'les trois parties', at: signedOn, file },
  }))

export const partyNames: Record<Party, string> = { community: 'CPTS', fund: 'Assurance maladie', agency: 'ARS' }
export const minutesFile = (year: number, no: number): string => `compte-rendu-annee-${year}-version-${no}.txt`
export const weightText = (weight: number): string => `${weight / 100} %`
export const rateText = (a: Pick<AgreedPart, 'rate' | 'envelope'>): string =>
  a.rate === null ? `sur ${formatEuros(a.envelope)}` : `${a.rate} % de ${formatEuros(a.envelope)}`

/** « cible 8 sur 100, poids 60 % » */
export const nextText = (n: NextYear): string =>
  [n.target && `cible ${sayRatio(n.target)}`, n.weight !== null && `poids ${weightText(n.weight)}`].filter(Boolean).join(', ')

/** Byte for byte what the three parties sign: read without Trame, hashed with `sha256sum`. */
export function minutesText(m: Minutes, no: number): string {
  const list = (title: string, none: string, lines: string[]) => [title, ...(lines.length ? lines.map(l => `- ${l}`) : [none]), '']
  return [
    `${m.community}`,
    `Compte rendu du dialogue de gestion, année ${m.year} du contrat (du ${sayDay(m.from)} au ${sayDay(addDays(m.to, -1))})`,
    `Version ${no}. Réunion du ${sayDay(m.heldOn)}.`,
    `Chiffres examinés : empreinte SHA-256 ${m.figures}`,
    '',
    ...list('Participants', '', [...parties.map(p => `${m.signatories[p]}, signe pour : ${partyNames[p]}`), ...m.others]),
    ...(m.said ? ['Ce qui a été dit', m.said, ''] : []),
    ...list(
      'Part variable arrêtée',
      'Rien n’est arrêté : le calcul des indicateurs vaut.',
      m.decisions.map(
        d =>
          `${missionNames[d.mission]} : ${formatEuros(d.cents)} (${rateText(d)} ; calcul : ${formatEuros(d.computed)}). Motif : ${d.reason}`,
      ),
    ),
    ...list(
      'Objectifs de l’année suivante',
      'Inchangés.',
      m.next.map(n => `${definitionOf(n.code)?.name ?? n.code} : ${nextText(n)}`),
    ),
    ...list(
      'Engagements',
      'Aucun.',
      m.commitments.map(c => `${c.what} (${c.owner}, avant le ${sayDay(c.by)})`),
    ),
  ].join('\n')
}
