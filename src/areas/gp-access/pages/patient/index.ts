/** The patient's routes: the public form and the page that follows it. */
import type { Route } from '#platform/page.ts'
import { applyRoutes } from './apply.tsx'
import { changeRoutes } from './change.tsx'
import { letterRoutes } from './letter.ts'
import { trackingRoutes } from './tracking.tsx'

export const patientRoutes: readonly Route[] = [...applyRoutes, ...trackingRoutes, ...changeRoutes, ...letterRoutes]
