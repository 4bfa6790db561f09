/** People: the first page, signing in, members, the demonstration's personas and mailbox, legal pages. */
import { members } from '#platform/access.ts'
import type { Tx } from '#platform/db/types.ts'
import type { Area, NavItem, Route } from '#platform/page.ts'
import { forgetForms } from './jobs.ts'
import { demoRoutes } from './pages/demo.tsx'
import { frontPage } from './pages/front.tsx'
import { homePage } from './pages/home.tsx'
import { legalRoutes } from './pages/legal.tsx'
import { memberRoutes } from './pages/members.tsx'
import { signInRoutes } from './pages/sign-in.tsx'
import { latestTracked } from './store.ts'

export { type Created, createPerson, listMembersByRole, type Member, memberById, memberByRpps, type NewPerson } from './store.ts'

export interface PeopleOptions {
  /** Personas and the mailbox page exist only then, and only in demonstration communities. */
  demo: boolean
  /** The menus of every area: the first entry a member may open is their desk. */
  nav?: () => readonly NavItem[]
  /** The request that the demonstration's patient follows; without it, a recent one. */
  followed?: (tx: Tx) => Promise<string | null>
}
const ownNav: NavItem[] = [{ label: 'Membres', group: 'community', path: '/membres', access: members('coordinator', 'board'), order: 90 }]

export function people({ demo, nav = () => ownNav, followed = latestTracked }: PeopleOptions): Area {
  const home = homePage(nav)
  const routes: Route[] = [frontPage, home, ...signInRoutes, ...memberRoutes, ...legalRoutes]
  return { name: 'people', routes: demo ? [...routes, ...demoRoutes(home, nav, followed)] : routes, nav: ownNav, jobs: [forgetForms] }
}
