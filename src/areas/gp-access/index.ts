/** Access to a treating doctor: the list, the plan, the doctors' answers, the patient's own page. */
import { members } from '#platform/access.ts'
import type { Area } from '#platform/page.ts'
import { jobs } from './jobs.ts'
import { departureNav, departureRoutes } from './pages/departure/index.ts'
import { deskRoutes } from './pages/desk/index.ts'
import { doctorNav, doctorRoutes } from './pages/doctor/index.ts'
import { patientRoutes } from './pages/patient/index.ts'
import { planRoutes } from './pages/plan/index.ts'
import { simulationRoutes } from './pages/simulation/index.ts'

export { capacityBadges } from './badges.ts'
export { type AccessCount, type AccessEvent, accessEvents, accessFigures } from './indicators.ts'

export const gpAccessArea = (): Area => ({
  name: 'gp-access',
  routes: [...deskRoutes, ...planRoutes, ...simulationRoutes, ...departureRoutes, ...doctorRoutes, ...patientRoutes],
  nav: [
    {
      label: 'Demandes',
      group: 'doctor',
      path: '/demandes',
      access: members('coordinator'),
      order: 10,
      live: 'waiting',
      desk: ['coordinator'],
    },
    { label: 'Plan', group: 'doctor', path: '/plan', access: members('coordinator'), order: 11 },
    { label: 'Simuler', group: 'doctor', path: '/simulation', access: members('coordinator'), order: 11.5 },
    { label: 'Places des médecins', group: 'doctor', path: '/medecins', access: members('coordinator'), order: 12 },
    {
      label: 'Règle de priorité',
      group: 'rule',
      path: '/regle',
      access: members('coordinator', 'doctor', 'board', 'nurse', 'pharmacist'),
      order: 40,
    },
    {
      label: 'Attentes publiées',
      group: 'rule',
      path: '/delais',
      access: members('coordinator', 'doctor', 'board', 'funder'),
      order: 41,
    },
    { label: 'En attendant', group: 'doctor', path: '/en-attendant', access: members('coordinator'), order: 13 },
    { label: 'Priorités à la main', group: 'rule', path: '/priorites', access: members('coordinator', 'nurse'), order: 42 },
    { label: 'Rapprochement avec la caisse', group: 'rule', path: '/rapprochement', access: members('coordinator'), order: 43 },
    { label: 'Réglages', group: 'community', path: '/reglages', access: members('coordinator'), order: 95 },
    ...doctorNav,
    ...departureNav,
  ],
  live: { path: '/demandes/vivant', access: members('coordinator') },
  jobs,
})
