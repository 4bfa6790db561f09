/** The directory: professionals of the territory (national directory), partners, local facts. */
import { anyMember } from '#platform/access.ts'
import type { Tx } from '#platform/db/types.ts'
import type { Area } from '#platform/page.ts'
import { type Badges, listCsv, listPage, listXlsx } from './pages/list.tsx'
import { movementsCsv, movementsPage, movementsXlsx } from './pages/movements.tsx'
import { offerPage } from './pages/offer.tsx'
import { newPartnerPage, partnerPage, partnersPage, partnersSheets, removePartner, restorePartner } from './pages/partners.tsx'
import { noteAction, personPage, withdrawAction } from './pages/person.tsx'
import { needOf } from './rules.ts'
import { type Located, practitionersFor } from './store.ts'

export type { Badge, Badges } from './pages/list.tsx'
export {
  fullName,
  type Need,
  needOf,
  occupation,
  type PartnerKind,
  partnerKinds,
  partnerWords,
  publicPhone,
  quiet,
  sortedName,
} from './rules.ts'
export {
  addPartner,
  type Located,
  type PartnerFacts,
  type Practitioner,
  partners,
  practitioner,
  practitionerNames,
  practitionersFor,
} from './store.ts'

/** General practitioners who practise in the territory as self-employed, one line each. */
export const generalPractitioners = (tx: Tx): Promise<Located[]> => practitionersFor(tx, needOf('medecin-generaliste')!)

/** `badges`: what another area says beside somebody's name, a doctor's places; the coordination alone reads it (at most one statement). */
export function directoryArea(o: { badges?: Badges } = {}): Area {
  const person = personPage(o.badges)
  return {
    name: 'directory',
    routes: [
      listPage(o.badges),
      listCsv,
      listXlsx,
      person,
      noteAction(person),
      withdrawAction(person),
      offerPage,
      movementsPage,
      movementsCsv,
      movementsXlsx,
      partnersPage,
      ...partnersSheets,
      newPartnerPage,
      partnerPage,
      removePartner,
      restorePartner,
    ],
    nav: [{ label: 'Annuaire', group: 'community', path: '/annuaire', access: anyMember, order: 50 }],
  }
}
