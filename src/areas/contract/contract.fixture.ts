/** What tests of this area start from: a signed contract, steps, a document. Invented people. */
import type { Role } from '#platform/access.ts'
import { type Actor, actorLabel } from '#platform/audit.ts'
import { run, sql, type Tx } from '#platform/db/types.ts'
import { keepBytes } from '#platform/files.ts'
import { type Frozen, type Minutes, type Party, parties, type Terms } from './rules.ts'
import {
  chooseComparison,
  chooseIndicator,
  confirmRule,
  enterFigure,
  fileProof,
  lockAnnex,
  minutesOf,
  openReview,
  prepareReview,
  recordReceipt,
  recordStep,
  reviewOf,
  setAnswerDays,
  signMinutes,
  withdrawAnnex,
  withdrawConfirmation,
  withdrawStep,
  writeAction,
  writeAnswer,
  writeComment,
  writeMinutes,
} from './store.ts'

export const someTerms = (fromDay: string, o: Partial<Terms> = {}): Terms => ({
  fromDay,
  agreement: 'avenant-2',
  size: 2,
  sizeReason: null,
  years: 5,
  missions: ['access', 'pathways', 'prevention', 'crisis'],
  snpCompensation: true,
  ...o,
})
/** Bytes that are a PDF as far as anybody looks at them. */
export const aPdf = (words = 'Contrat'): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`%PDF-1.4\n${words}\n%%EOF\n`)

export interface ContractSide {
  /** A step that holds and can be withdrawn. */
  step: string
  /** The document of the signature. */
  file: string
  /** Terms whose annex is typed and locked; terms whose annex is not typed. */
  lockedTerms: string
  openTerms: string
  proof: string
  receipt: string
  /** Still open. */
  action: string
  /** Reviews: open, with minutes to sign; prepared; signed and not closed. */
  review: string
  preparedReview: string
  signedReview: string
  /** Hash of the minutes to sign. */
  minutes: string
  /** A question on the open one, without an answer. */
  comment: string
  /** A rule that the signed contract confirms. */
  confirmation: string
}
/** Memberships of who signs for each party, and of a delegate. */
export type Signing = Record<Party, string>
/** Something in every table of the area, made through its own functions. */
export async function contractSide(tx: Tx, actor: Actor, text: (where: string) => string, who: Signing): Promise<ContractSide> {
  const kept = await keepBytes(tx, actor, `${text('file-name').replace(/[/\\]/g, '')}.pdf`, aPdf(actorLabel(actor.who)))
  if (!kept.ok) throw new Error(kept.error)
  const step = { mission: null, note: null, fileId: null, terms: null } as const
  await recordStep(tx, actor, { ...step, kind: 'letter', day: '2023-03-01', note: text('step-note') })
  const lockedTerms = await recordStep(tx, actor, {
    ...step,
    kind: 'signature',
    day: '2024-01-05',
    terms: someTerms('2024-01-05', { sizeReason: text('terms-reason').slice(0, 300) }),
    signatories: [{ party: 'community', name: text('signatory') }],
    fileId: kept.file.id,
  })
  const wrong = await recordStep(tx, actor, { ...step, kind: 'mission-start', mission: 'crisis', day: '2026-02-01' })
  await withdrawStep(tx, actor, wrong, text('step-withdrawn'))
  const id = await recordStep(tx, actor, { ...step, kind: 'mission-start', mission: 'crisis', day: '2026-02-02' })
  const openTerms = await recordStep(tx, actor, {
    ...step,
    kind: 'amendment',
    day: '2026-03-01',
    terms: someTerms('2026-03-01'),
    fileId: kept.file.id,
  })
  const running = { heading: 'running', part: 'running', period: 'year', cents: 6_000_000 } as const
  await lockAnnex(tx, actor, lockedTerms, kept.file.id, [running])
  await lockAnnex(tx, actor, openTerms, kept.file.id, [running])
  await withdrawAnnex(tx, actor, openTerms, text('annex-withdrawn'))
  const { id: file, sha256, givenName: name, type, bytes } = kept.file
  const said = { category: 'minutes', day: '2026-02-03', mission: 'pathways', indicators: ['case-meetings'] } as const
  const filed = { ...said, indicators: [...said.indicators], title: text('proof-title'), reason: null }
  const proof = await fileProof(tx, actor, { ...filed, file: { id: file, sha256, name, type, bytes } })
  await fileProof(tx, actor, { ...filed, reason: text('proof-reason'), file: null })
  const receipt = await recordReceipt(tx, actor, { day: '2026-01-20', heading: 'running', cents: 6_000_000, note: text('receipt-note') })
  const indicator = { code: 'no-gp', weight: 5000, target: { numerator: 8, denominator: 100 }, baseline: null } as const
  await chooseIndicator(tx, actor, { ...indicator, baselineMissing: text('baseline-missing') })
  const figure = { code: 'no-gp', year: 1, ratio: null, extractedOn: '2026-02-01', fileId: file } as const
  await enterFigure(tx, actor, { ...figure, unavailable: text('figure-missing'), source: text('figure-source') })
  const action = await writeAction(tx, actor, {
    mission: 'pathways',
    title: text('action-title'),
    owner: text('action-owner'),
    beneficiaries: ['patients'],
    startsOn: '2026-02-01',
    endsOn: '2026-12-31',
    budgetCents: 350_000,
    indicators: ['case-meetings'],
    hours: 20,
    units: 2,
  })
  // Agreed, then taken back.
  for (const agrees of [true, false]) await chooseComparison(tx, actor, { agrees, decision: text('comparison-decision') })
  await run(tx, sql`insert into app.comparison_rate (year, code, size, level, at) values (2025, 'no-gp', 2, 5, ${actor.now})`)
  const confirmation = await confirmRule(tx, actor, { rule: 'running-held', article: text('article'), fileId: file })
  const old = await confirmRule(tx, actor, { rule: 'renewal-continues', article: 'Article 1', fileId: file })
  await withdrawConfirmation(tx, actor, old, text('confirmation-withdrawn'))
  const held = await reviewSide(tx, actor, text, who)
  return { step: id, file, lockedTerms, openTerms, proof: proof.id, receipt, action, confirmation, ...held }
}

export const someMinutes = (year: number, o: Partial<Minutes> = {}): Minutes => ({
  ...{ community: 'CPTS Essai', year, from: '2024-01-05', to: '2025-01-05', heldOn: '2026-11-02', figures: '0'.repeat(64), said: null },
  signatories: { community: 'Dominique Essai', fund: 'Claude Essai', agency: 'Camille Essai' },
  ...{ others: [], decisions: [], next: [], commitments: [] },
  ...o,
})
/** A delegate of the funders, as the application knows her once signed in. */
export const memberOf = (membershipId: string, name: string) =>
  ({ kind: 'member', personId: membershipId, membershipId, name, roles: ['funder'] as Role[], rpps: null }) as const
/** Reviews in each state: an open one with a question and minutes to sign, a prepared one, a signed one. */
async function reviewSide(tx: Tx, actor: Actor, text: (where: string) => string, who: Signing) {
  const meeting = (others: string) => ({ day: '2026-11-02', signatories: who, others: others.replaceAll('\n', ' ') })
  const frozen = (year: number): Frozen => ({
    ...{ community: 'CPTS Essai', year, from: '2024-01-05', to: '2025-01-05', on: '2026-11-02', money: [] },
    indicators: [
      {
        ...{ code: 'no-gp', mission: 'access', weight: 5000, before: null, baseline: null, baselineMissing: null, rate: null, proofs: [] },
        ...{ value: { state: 'measured', ratio: { numerator: 900, denominator: 10_000 } }, target: { numerator: 8, denominator: 100 } },
      },
    ],
  })
  const opened = async (year: number, others: string) => {
    const id = await prepareReview(tx, actor, year, meeting(others))
    await openReview(tx, actor, id, frozen(year))
    return id
  }
  const review = await opened(1, text('review-others'))
  const preparedReview = await prepareReview(tx, actor, 2, meeting('Un participant'))
  const signedReview = await opened(4, 'Un participant')
  const delegate = memberOf(who.fund, text('review-author'))
  const ask = (words: string) => writeComment(tx, { ...actor, who: delegate }, { reviewId: review, code: 'no-gp', asks: true, words })
  const answered = (await ask(text('review-comment')))!
  await writeAnswer(tx, actor, { reviewId: review, commentId: answered.id, words: text('review-answer') })
  const { id: comment } = (await ask('Quelle est la source ?'))!
  const decision = { mission: 'access', cents: 100, rate: null, computed: 0, envelope: 200 } as const
  await writeMinutes(
    tx,
    actor,
    review,
    someMinutes(1, {
      said: text('minutes-said'),
      decisions: [{ ...decision, reason: text('minutes-reason') }],
      commitments: [{ what: text('commitment'), owner: text('commitment-owner'), by: '2027-01-01' }],
    }),
  )
  const { sha256: minutes } = (await minutesOf(tx, review))!
  await signMinutes(tx, actor, (await reviewOf(tx, review))!, 'agency', minutes)
  await writeMinutes(tx, actor, signedReview, someMinutes(4))
  const read = (await minutesOf(tx, signedReview))!.sha256
  for (const party of parties) await signMinutes(tx, actor, (await reviewOf(tx, signedReview))!, party, read)
  await setAnswerDays(tx, actor, 15)
  return { review, preparedReview, signedReview, minutes, comment }
}
