/** What the pages of the review share: loading one, how its states and clocks are said, what waits and for whom. */
import { type Ratio, sayRatio } from '#domain/contract/index.ts'
import { hasRole, members } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import type { Ctx } from '#platform/page.ts'
import { frDate, frPercent, plural, type Station, Tag, type Tone, typo, type WaitingItem } from '#platform/ui/index.ts'
import {
  byClock,
  type ClockState,
  clockState,
  type Definition,
  daysToAnswer,
  definitionOf,
  type Party,
  parties,
  type ReviewState,
  reviewState,
  reviewStates,
  type Told,
} from '../rules.ts'
import { type Comment, comments, type Review, reviewOf, reviews, signaturesOf } from '../store.ts'
import { targetText, valueText } from './indicators.tsx'
import { mayWrite } from './words.tsx'

/** Delegates of the fund and the agency: they write comments and sign, nothing else. */
export const commenters = members('funder')
export const signers = members('board', 'funder')
export const isDelegate = (ctx: Ctx): boolean => hasRole(ctx.who, 'funder')

export const reviewHref = (ctx: Ctx, id: string, path = '') => `${ctx.home}/contrat/dialogues/${id}${path}`
export const reviewTitle = (r: Pick<Review, 'year'>) => `Dialogue de gestion, année ${r.year}`
export const backToReview = (ctx: Ctx, r: Review) => ({ label: reviewTitle(r), href: reviewHref(ctx, r.id) })
/** @throws 404 when this community has no such review */
export async function loadReview(ctx: Ctx, id: string): Promise<Review> {
  const found = isUuid(id) ? await reviewOf(ctx.tx, id) : null
  if (!found) throw notFound()
  return found
}

export const reviewWords: Record<ReviewState, { tone: Tone; word: string; step: string }> = {
  prepared: { tone: 'neutral', word: 'En préparation', step: 'Préparé' },
  open: { tone: 'wait', word: 'Ouvert aux financeurs', step: 'Ouvert aux financeurs' },
  written: { tone: 'wait', word: 'À signer', step: 'Compte rendu écrit' },
  signed: { tone: 'ok', word: 'Signé par les trois parties', step: 'Signé' },
  closed: { tone: 'ok', word: 'Clos', step: 'Clos' },
}
export function ReviewTag({ r }: { r: Review }) {
  const { tone, word } = reviewWords[reviewState(r)]
  return <Tag tone={tone}>{word}</Tag>
}
export function stationsOf(r: Review, writtenAt: Date | null): Station[] {
  const at: Record<ReviewState, Date | null> = {
    prepared: r.at,
    open: r.openedAt,
    written: writtenAt,
    signed: r.signedAt,
    closed: r.closedAt,
  }
  const reached = reviewStates.indexOf(reviewState(r))
  return reviewStates.map((s, i) => ({
    label: reviewWords[s].step,
    at: at[s] ? frDate(at[s]) : undefined,
    state: i < reached || r.closedAt ? 'done' : i === reached ? 'now' : 'todo',
  }))
}

/** What is told of a value: as on every page that who pays may read. */
export function toldText(d: Definition, told: Told): string {
  if (told.state === 'small') return told.about === null ? 'Petit effectif' : `environ ${frPercent(told.about)}`
  return valueText(true, d, told)
}
export const ratioText = (d: Definition, r: Ratio | null): string => (r ? (d.measure === 'share' ? targetText(d, r) : sayRatio(r)) : '')

export const clockWords: Record<ClockState, { tone: Tone; word: string }> = {
  late: { tone: 'late', word: 'Réponse en retard' },
  waiting: { tone: 'wait', word: 'Réponse attendue' },
  answered: { tone: 'ok', word: 'Répondu' },
  'answered-late': { tone: 'ok', word: 'Répondu après le délai' },
  remark: { tone: 'neutral', word: 'Remarque' },
}
export function clockText(dueOn: string, today: string): string {
  const left = daysToAnswer(dueOn, today)
  if (left < 0) return `délai passé de ${plural(-left, 'jour ouvré', 'jours ouvrés')}`
  return left === 0 ? 'dernier jour aujourd’hui' : `encore ${plural(left, 'jour ouvré', 'jours ouvrés')}`
}
/** State of a comment, and until when an answer is due: the same to who asks and to who answers. */
export function Clock({ c, today }: { c: Comment; today: string }) {
  const state = clockState(c, today)
  const { tone, word } = clockWords[state]
  const open = state === 'late' || state === 'waiting'
  return (
    <>
      <Tag tone={tone}>{word}</Tag>
      {open && typo(` avant la fin du ${frDate(c.dueOn!)}, ${clockText(c.dueOn!, today)}`)}
    </>
  )
}
export const authorText = (c: Comment): string =>
  c.party === null ? `${c.by}, CPAM ou ARS` : `${c.by}, pour ${c.party === 'fund' ? 'l’Assurance maladie' : 'l’ARS'}`

export const partyOf = (ctx: Ctx, r: Review): Party | null =>
  (ctx.who.kind === 'member' && parties.find(p => r.signatories[p].membershipId === (ctx.who as { membershipId: string }).membershipId)) ||
  null

/** Questions without an answer, late ones first; and a text that this person has to sign. */
export async function reviewWaiting(ctx: Ctx, only: Review | null = null): Promise<WaitingItem[]> {
  const all = only ? [only] : await reviews(ctx.tx)
  const items: WaitingItem[] = []
  const asked = mayWrite(ctx) || isDelegate(ctx)
  const open = asked ? (await comments(ctx.tx, only?.id ?? null)).filter(c => c.asks && c.answeredOn === null) : []
  const seen = new Set<string>()
  for (const c of byClock(open, ctx.today)) {
    const review = all.find(r => r.id === c.reviewId)
    const key = `${c.reviewId} ${c.code}`
    if (!review || review.closedAt || seen.has(key)) continue
    seen.add(key)
    items.push({
      label: `${mayWrite(ctx) ? 'Répondre sur' : 'Réponse attendue sur'} « ${definitionOf(c.code)?.name ?? c.code} »`,
      count: open.filter(o => o.reviewId === c.reviewId && o.code === c.code).length,
      href: reviewHref(ctx, c.reviewId, `/indicateurs/${c.code}`),
      tone: clockState(c, ctx.today) === 'late' ? 'late' : 'wait',
      due: clockText(c.dueOn!, ctx.today),
    })
  }
  for (const r of all) {
    const party = reviewState(r) === 'written' ? partyOf(ctx, r) : null
    if (!party || (await signaturesOf(ctx.tx, r.id)).some(s => s.party === party)) continue
    items.push({
      label: `Signer le compte rendu de l’année ${r.year}`,
      count: 1,
      href: reviewHref(ctx, r.id, '/compte-rendu'),
      tone: 'wait',
    })
  }
  return items
}
