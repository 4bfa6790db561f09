/** The departures' routes and menu. */
import { members } from '#platform/access.ts'
import type { NavItem, Route } from '#platform/page.ts'
import { agreedPage } from './agreed.tsx'
import { announcePage, departuresPage, departuresSheets } from './list.tsx'
import { myDeparture, myLetter, myLetterFile } from './mine.tsx'
import { publicDeparture } from './public.tsx'
import { sendWavePage } from './send.tsx'
import { cancelAct, departureLetter, departureLetterFile, departurePage, removeWaveAct, transitionSheets } from './show.tsx'

export const departureRoutes: readonly Route[] = [
  ...departuresSheets,
  departuresPage,
  announcePage,
  sendWavePage,
  removeWaveAct,
  ...transitionSheets,
  departureLetterFile,
  departureLetter,
  cancelAct,
  departurePage,
  agreedPage,
  myDeparture,
  myLetterFile,
  myLetter,
  publicDeparture,
]
export const departureNav: readonly NavItem[] = [
  { label: 'Départs', group: 'doctor', path: '/departs', access: members('coordinator'), order: 12.5 },
  { label: 'Mon départ', group: 'mine', path: '/mon-depart', access: members('doctor'), order: 7 },
]
