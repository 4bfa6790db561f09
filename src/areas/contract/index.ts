/** The contract with the fund and the agency: its life, its proofs, its figures, its money. */
import type { Area } from '#platform/page.ts'
import { lifePage } from './pages/life.tsx'
import { piece, stepPage, termsPage, withdrawPage } from './pages/record.tsx'
import { readers } from './pages/words.tsx'

export const contractArea: Area = {
  name: 'contract',
  routes: [lifePage, stepPage, termsPage, withdrawPage, piece],
  nav: [{ label: 'Contrat', path: '/contrat', access: readers, order: 50 }],
}
