/** What tests of this area start from: a signed contract, steps, a document. Invented people. */
import { type Actor, actorLabel } from '#platform/audit.ts'
import type { Tx } from '#platform/db/types.ts'
import { keepBytes } from '#platform/files.ts'
import type { Terms } from './rules.ts'
import {
  chooseIndicator,
  enterFigure,
  fileProof,
  lockAnnex,
  recordReceipt,
  recordStep,
  withdrawAnnex,
  withdrawStep,
  writeAction,
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
}
/** Something in every table of the area, made through its own functions. */
export async function contractSide(tx: Tx, actor: Actor, text: (where: string) => string): Promise<ContractSide> {
  const kept = await keepBytes(tx, actor, `${text('file-name').replace(/[/\\]/g, '')}.pdf`, aPdf(actorLabel(actor.who)))
  if (!kept.ok) throw new Error(kept.error)
  const step = { mission: null, note: null, fileId: null, terms: null } as const
  await recordStep(tx, actor, { ...step, kind: 'letter', day: '2025-03-01', note: text('step-note') })
  const lockedTerms = await recordStep(tx, actor, {
    ...step,
    kind: 'signature',
    day: '2026-01-05',
    terms: someTerms('2026-01-05', { sizeReason: text('terms-reason').slice(0, 300) }),
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
  return { step: id, file, lockedTerms, openTerms, proof: proof.id, receipt, action }
}
