/** The plan's routes. */
import type { Route } from '#platform/page.ts'
import type { InTenant } from '../../solving.ts'
import { planSheets } from './export.ts'
import { planPage } from './plan.tsx'
import { sendAct } from './send.tsx'
import { startPage } from './start.tsx'
import { whyPage } from './why.tsx'

export const planRoutes = (inTenant?: InTenant): readonly Route[] => [startPage(inTenant), planPage, sendAct, whyPage, ...planSheets]
