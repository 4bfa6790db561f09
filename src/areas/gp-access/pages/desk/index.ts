/** The coordinator's routes. */
import type { Route } from '#platform/page.ts'
import { acts } from './acts.ts'
import { listPage } from './list.tsx'
import { proposePage } from './propose.tsx'
import { recordPage } from './record.tsx'

export const deskRoutes: readonly Route[] = [listPage, recordPage, ...acts, proposePage]
