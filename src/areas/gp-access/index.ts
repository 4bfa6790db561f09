/** Access to a treating doctor: the list, the plan, the doctors' answers, the patient's own page. */
import { members } from '#platform/access.ts'
import type { Area } from '#platform/page.ts'
import { deskRoutes } from './pages/desk/index.ts'
import { doctorNav, doctorRoutes } from './pages/doctor/index.ts'

export const gpAccess: Area = {
  name: 'gp-access',
  routes: [...deskRoutes, ...doctorRoutes],
  nav: [{ label: 'Demandes', path: '/demandes', access: members('coordinator'), order: 10 }, ...doctorNav],
}
