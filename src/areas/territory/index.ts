/** The territory: which communes, how many people, which size of contract; the figures of its diagnosis. */
import { anyMember } from '#platform/access.ts'
import type { Tx } from '#platform/db/types.ts'
import type { Area } from '#platform/page.ts'
import { addPage, removePage, sizePage } from './pages/change.tsx'
import { decidePage, giveUpAction, withdrawImportAction } from './pages/diagnosis/decide.tsx'
import { importPage, modelDownload } from './pages/diagnosis/imports.tsx'
import { diagnosisIndicatorPage, documentDownload } from './pages/diagnosis/indicator.tsx'
import { diagnosisPage, diagnosisSheets, indicatorSheets } from './pages/diagnosis/list.tsx'
import { choosePage, figurePage, withdrawFigurePage } from './pages/diagnosis/write.tsx'
import { territoryCsv, territoryPage, territoryXlsx } from './pages/show.tsx'
import { type Known, known, populationOf, type Size, sizeOf } from './rules.ts'
import { choices, figures, sizeDecisions, territory } from './store.ts'

export type { Figure as DiagnosisFigure, Known as DiagnosisKnown, Worth } from './rules.ts'
export { besideCentres, type Commune, type Population, populationOf, type Size, type TerritoryCommune, yearsText } from './rules.ts'
export { epciCommunes, figureOf as diagnosisFigure, findEpci, isInTerritory, setCommunes, territory as territoryCommunes } from './store.ts'

/** What the community reads of itself for an indicator of the diagnosis, the latest year first. */
export const communityFigures = async (tx: Tx, code: string): Promise<Known[]> =>
  known(await figures(tx, { code, wide: true }), await choices(tx))
    .filter(k => k.level === 'community')
    .toSorted((a, b) => b.year - a.year)

/** The population and the size that the contract uses. */
export async function territorySize(tx: Tx): Promise<Size & { population: number; years: number[] }> {
  const population = populationOf(await territory(tx))
  return { ...sizeOf(population, await sizeDecisions(tx)), population: population.total, years: population.years }
}

export const territoryArea: Area = {
  name: 'territory',
  routes: [
    ...[territoryPage, addPage, removePage, sizePage, territoryCsv, territoryXlsx],
    ...[diagnosisPage, ...diagnosisSheets, diagnosisIndicatorPage, ...indicatorSheets, documentDownload],
    ...[importPage, modelDownload, decidePage, giveUpAction, withdrawImportAction],
    ...[figurePage, withdrawFigurePage, choosePage],
  ],
  nav: [
    { label: 'Territoire', group: 'community', path: '/territoire', access: anyMember, order: 60 },
    { label: 'Diagnostic', group: 'community', path: '/diagnostic', access: anyMember, order: 61 },
  ],
}
