/** The coordinator's routes. */
import type { Route } from '#platform/page.ts'
import { acts } from './acts.ts'
import { bulkPage } from './bulk.tsx'
import { byHandRoutes } from './by-hand.tsx'
import { delaysRoutes } from './delays.tsx'
import { doctorsRoutes } from './doctors.tsx'
import { editPage, newPage } from './edit.tsx'
import { exitPage } from './exit.tsx'
import { csvExport, xlsxExport } from './export.ts'
import { fundRoutes } from './fund.tsx'
import { fundFileRoutes } from './fund-files.ts'
import { interimNoteAct, meanwhilePage } from './interim.tsx'
import { listPage, liveCounts } from './list.tsx'
import { mergePage } from './merge.tsx'
import { proposePage } from './propose.tsx'
import { recordPage } from './record.tsx'
import { publicRulePage, rulePage } from './rule.tsx'
import { ruleChangeRoutes } from './rule-change.tsx'
import { settingsPage } from './settings.tsx'
import { telephoneRoutes } from './telephone.tsx'

export const deskRoutes: readonly Route[] = [
  listPage,
  liveCounts,
  csvExport,
  xlsxExport,
  bulkPage,
  newPage,
  recordPage,
  ...acts,
  interimNoteAct,
  ...telephoneRoutes,
  ...byHandRoutes,
  proposePage,
  exitPage,
  editPage,
  mergePage,
  ...doctorsRoutes,
  rulePage,
  ...ruleChangeRoutes,
  settingsPage,
  publicRulePage,
  ...delaysRoutes,
  meanwhilePage,
  ...fundRoutes,
  ...fundFileRoutes,
]
