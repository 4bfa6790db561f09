/** What the pages of the contract share: who may, how things are named, the ways between the pages. */

import { type Provenance, provenanceNames } from '#domain/contract/index.ts'
import { type Access, hasRole, may, members } from '#platform/access.ts'
import type { Ctx } from '#platform/page.ts'
import { frDate, LinkButton, plural, SubNav, Tag, type Tone } from '#platform/ui/index.ts'
import { type Alert, type EventKind, missionLabel, type Phase } from '../rules.ts'

export { partyNames as partyWords } from '../rules.ts'

/** The coordination writes; who answers for the money, and who pays it, read. */
export const writers = members('coordinator')
export const readers = members('coordinator', 'board', 'treasurer', 'funder')
/** Not who pays: a comparison made to learn from one another is not one more target (docs/adr/0023). */
export const comparers = members('coordinator', 'board', 'treasurer')
export const mayWrite = (ctx: Ctx): boolean => hasRole(ctx.who, 'coordinator')
/** Small numbers of people stay inside the community: who pays reads a share, not a count (R63). */
export const mayCount = (ctx: Ctx): boolean => hasRole(ctx.who, 'coordinator', 'board')
export const backToContract = (ctx: Ctx) => ({ label: 'Contrat', href: `${ctx.home}/contrat` })
export const cancelTo = (href: string) => (
  <LinkButton href={href} kind="quiet">
    Annuler
  </LinkButton>
)

const tabs: { label: string; path: string; access?: Access }[] = [
  { label: 'Vie du contrat', path: '/contrat' },
  { label: 'Argent', path: '/contrat/argent' },
  { label: 'Indicateurs', path: '/contrat/indicateurs' },
  { label: 'Plan d’actions', path: '/contrat/actions' },
  { label: 'Preuves', path: '/contrat/preuves' },
  { label: 'Bilan annuel', path: '/contrat/bilan' },
  { label: 'Dialogue de gestion', path: '/contrat/dialogues' },
  { label: 'Comparaison', path: '/contrat/comparaison', access: comparers },
]
/** The pages of the contract, side by side. */
export function Tabs({ ctx, at }: { ctx: Ctx; at: string }) {
  const open = tabs.filter(t => may(ctx.who, t.access ?? readers))
  return <SubNav label="Pages du contrat" items={open.map(t => ({ label: t.label, href: ctx.home + t.path, on: t.path === at }))} />
}

export const phaseWords: Record<Phase, string> = {
  emergence: 'émergence',
  letter: 'lettre d’intention déposée',
  'letter-accepted': 'lettre d’intention validée',
  project: 'projet de santé déposé',
  opposed: 'projet refusé par l’ARS',
  validated: 'projet de santé validé',
  deployment: 'missions en déploiement',
  cruise: 'régime établi',
  expired: 'arrivé à échéance',
  terminated: 'résilié',
}
export const eventWords: Record<EventKind, string> = {
  letter: 'Lettre d’intention déposée',
  'letter-accepted': 'Lettre d’intention validée par l’ARS',
  project: 'Projet de santé déposé',
  opposition: 'Opposition de l’ARS au projet de santé',
  validation: 'Projet de santé validé par écrit',
  signature: 'Contrat signé',
  amendment: 'Avenant signé',
  renewal: 'Contrat renouvelé',
  termination: 'Contrat résilié',
  'mission-start': 'Mission démarrée',
  'mission-deployed': 'Mission déployée',
}

/** « dans 12 jours », « dépassé de 5 mois », « aujourd’hui »; months beyond three of them. */
export function awayText(left: number): string {
  const n = Math.abs(left)
  if (n === 0) return 'aujourd’hui'
  const span = n < 92 ? plural(n, 'jour', 'jours') : `${Math.round(n / 30.44)}\u00a0mois`
  return left < 0 ? `dépassé de ${span}` : `dans ${span}`
}
export function alertText(a: Alert): string {
  switch (a.kind) {
    case 'mission-start':
      return `Démarrer « ${missionLabel(a.mission!)} » avant le ${frDate(a.day)}`
    case 'mission-deployed':
      return `Déployer « ${missionLabel(a.mission!)} » avant le ${frDate(a.day)}`
    case 'tacit':
      return `Sans opposition de l’ARS, le projet est validé le ${frDate(a.day)}`
    case 'end':
      return a.left < 0
        ? `Enregistrer le renouvellement : le contrat est arrivé à échéance le ${frDate(a.day)}`
        : `Préparer le renouvellement avant le ${frDate(a.day)}`
  }
}

/** From where an amount is known: said beside every amount that the signed contract does not settle. */
export const provenanceWords: Record<Provenance, { tone: Tone; word: string; says: string }> = {
  contract: { tone: 'ok', word: provenanceNames.contract, says: 'saisi de l’annexe signée, ou décidé dans un compte rendu signé' },
  sourced: { tone: 'ok', word: provenanceNames.sourced, says: 'lu dans une source publique' },
  derived: { tone: 'neutral', word: provenanceNames.derived, says: 'calculé à partir de montants publiés' },
  assumed: { tone: 'wait', word: provenanceNames.assumed, says: 'aucune source ne l’établit : saisissez l’annexe signée' },
}
export function From({ provenance }: { provenance: Provenance }) {
  const p = provenanceWords[provenance]
  return <Tag tone={p.tone}>{p.word}</Tag>
}
