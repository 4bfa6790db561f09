/** The contract with the fund and the agency: its life, its proofs, its figures, its money. */
import type { Area } from '#platform/page.ts'
import { compareCommunities, lateAnswers } from './jobs.ts'
import { actionPage, actionSheetsFile, actionsPage, addActionPage, closeActionPage } from './pages/actions.tsx'
import { annexAction, annexPage, annexWithdrawPage } from './pages/annex.tsx'
import { commentSheets, commentsPage } from './pages/comments.tsx'
import { comparisonChoicePage, comparisonPage, comparisonSheets } from './pages/comparison.tsx'
import { confirmationsPage, confirmationWithdrawPage, confirmPage } from './pages/confirmations.tsx'
import { indicatorPage, indicatorSheets, indicatorsPage } from './pages/indicators.tsx'
import { lifePage } from './pages/life.tsx'
import { minutesDownload, minutesPage, signAction } from './pages/minutes.tsx'
import { moneyPage, moneySheets, receiptPage, receiptWithdrawPage } from './pages/money.tsx'
import { packFiles, packPage } from './pages/pack.tsx'
import { addProofPage, archiveDownload, proofPage, proofSheets, proofsPage, withdrawProofPage } from './pages/proofs.tsx'
import { piece, stepPage, termsPage, withdrawPage } from './pages/record.tsx'
import { delayPage, meetingPage, prepareReviewPage, reviewsPage } from './pages/reviews.tsx'
import { closeAction, figuresDownload, openAction, roomPage } from './pages/room.tsx'
import { answerAction, commentAction, roomIndicatorPage } from './pages/room-indicator.tsx'
import { rulesPage } from './pages/rules.tsx'
import { figurePage, setIndicatorPage } from './pages/set-indicator.tsx'
import { takeFigureAction } from './pages/take-figure.tsx'
import { readers } from './pages/words.tsx'
import { writeMinutesPage } from './pages/write-minutes.tsx'

export const contractArea: Area = {
  name: 'contract',
  routes: [
    ...[lifePage, stepPage, termsPage, withdrawPage, piece, annexPage, annexAction, annexWithdrawPage],
    ...[proofsPage, ...proofSheets, addProofPage, proofPage, withdrawProofPage, archiveDownload],
    ...[moneyPage, ...moneySheets, receiptPage, receiptWithdrawPage],
    ...[indicatorsPage, ...indicatorSheets, indicatorPage, setIndicatorPage, figurePage, takeFigureAction],
    ...[actionsPage, ...actionSheetsFile, addActionPage, actionPage, closeActionPage],
    ...[packPage, ...packFiles],
    ...[reviewsPage, prepareReviewPage, delayPage, roomPage, meetingPage, openAction, closeAction, figuresDownload],
    ...[roomIndicatorPage, commentAction, answerAction, commentsPage, ...commentSheets],
    ...[minutesPage, minutesDownload, writeMinutesPage, signAction],
    ...[confirmationsPage, confirmPage, confirmationWithdrawPage],
    ...[comparisonPage, ...comparisonSheets, comparisonChoicePage],
    rulesPage,
  ],
  nav: [{ label: 'Contrat', group: 'community', path: '/contrat', access: readers, order: 50, desk: ['treasurer', 'funder'] }],
  jobs: [lateAnswers, compareCommunities],
}
