/** The doctor's routes and menu. */
import { members } from '#platform/access.ts'
import type { NavItem, Route } from '#platform/page.ts'
import { linkedAnswer, signedInAnswer } from './answer.tsx'
import { myPatients, myPlaces, myPlacesPrecise, places, placesPrecise, renewLink } from './capacity.tsx'

export { askCapacity } from './capacity.tsx'

export const doctorRoutes: readonly Route[] = [
  ...linkedAnswer,
  ...signedInAnswer,
  places,
  placesPrecise,
  renewLink,
  myPlaces,
  myPlacesPrecise,
  myPatients,
]
export const doctorNav: readonly NavItem[] = [
  { label: 'Mes patients', group: 'mine', path: '/mes-patients', access: members('doctor'), order: 5, desk: ['doctor'] },
  { label: 'Mes places', group: 'mine', path: '/mes-places', access: members('doctor'), order: 6 },
]
