/** The list of areas: the only file that knows them all. */
import { contractArea } from './areas/contract/index.ts'
import { directoryArea } from './areas/directory/index.ts'
import { capacityBadges, gpAccessArea } from './areas/gp-access/index.ts'
import { people } from './areas/people/index.ts'
import { territoryArea } from './areas/territory/index.ts'
import type { Area } from './platform/page.ts'

export function areas(o: { demo: boolean }): Area[] {
  const all: Area[] = [
    // What a role finds first after signing in is asked of the menus of all.
    people({ demo: o.demo, nav: () => all.flatMap(a => a.nav ?? []) }),
    gpAccessArea(),
    directoryArea({ badges: capacityBadges }),
    territoryArea,
    contractArea,
  ]
  return all
}
