/** The contract with the fund and the agency: its life, its proofs, its figures, its money. */
import type { Area } from '#platform/page.ts'
import { actionPage, actionSheetsFile, actionsPage, addActionPage, closeActionPage } from './pages/actions.tsx'
import { annexAction, annexPage, annexWithdrawPage } from './pages/annex.tsx'
import { indicatorPage, indicatorSheets, indicatorsPage } from './pages/indicators.tsx'
import { lifePage } from './pages/life.tsx'
import { moneyPage, moneySheets, receiptPage, receiptWithdrawPage } from './pages/money.tsx'
import { packFiles, packPage } from './pages/pack.tsx'
import { addProofPage, archiveDownload, proofPage, proofSheets, proofsPage, withdrawProofPage } from './pages/proofs.tsx'
import { piece, stepPage, termsPage, withdrawPage } from './pages/record.tsx'
import { figurePage, setIndicatorPage } from './pages/set-indicator.tsx'
import { readers } from './pages/words.tsx'

export const contractArea: Area = {
  name: 'contract',
  routes: [
    ...[lifePage, stepPage, termsPage, withdrawPage, piece, annexPage, annexAction, annexWithdrawPage],
    ...[proofsPage, ...proofSheets, addProofPage, proofPage, withdrawProofPage, archiveDownload],
    ...[moneyPage, ...moneySheets, receiptPage, receiptWithdrawPage],
    ...[indicatorsPage, ...indicatorSheets, indicatorPage, setIndicatorPage, figurePage],
    ...[actionsPage, ...actionSheetsFile, addActionPage, actionPage, closeActionPage],
    ...[packPage, ...packFiles],
  ],
  nav: [{ label: 'Contrat', group: 'community', path: '/contrat', access: readers, order: 50 }],
}
