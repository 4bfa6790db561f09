/** The simulation's routes. */
import type { Route } from '#platform/page.ts'
import { simulationSheets } from './export.ts'
import { simulationPage } from './simulation.tsx'

export const simulationRoutes: readonly Route[] = [simulationPage, ...simulationSheets]
