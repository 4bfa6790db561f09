/** The plan's routes. */
import type { Route } from '#platform/page.ts'
import { planSheets } from './export.ts'
import { liveAnswer, liveRun, stopAct } from './follow.ts'
import { planPage } from './plan.tsx'
import { liveSending, sendAct, sendingPage, stopSendingAct } from './send.tsx'
import { startPage } from './start.tsx'
import { whyPage } from './why.tsx'

export const planRoutes: readonly Route[] = [
  startPage,
  planPage,
  liveRun,
  stopAct,
  sendAct,
  sendingPage,
  liveSending,
  stopSendingAct,
  whyPage,
  liveAnswer,
  ...planSheets,
]
