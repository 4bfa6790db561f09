/** The plan over the territory: who waits where, which doctors, which way people are sent. Added up by commune: its size follows the territory, not the list. */

import type { TerritoryCommune } from '#areas/territory/index.ts'
import { frNumber, plural, TerritoryMap } from '#platform/ui/index.ts'
import type { KeptResult } from '../../kept.ts'
import type { MapCommune, planWays } from '../../store/plan-lines.ts'

/** Threads drawn, the widest first: beyond, nobody could tell one from another. */
const THREADS = 60
/** Doctors drawn one by one; beyond, one mark a commune. */
const MARKS = 60

type Placed = MapCommune & { lon: number; lat: number }
const isPlaced = (c: MapCommune): c is Placed => c.lon !== null && c.lat !== null

export function PlanMap({
  result,
  ways: { ways, offers, communes },
  communes: territory,
}: {
  result: KeptResult
  ways: Awaited<ReturnType<typeof planWays>>
  communes: TerritoryCommune[]
}) {
  const places = new Map([...communes, ...territory].filter(isPlaced).map(c => [c.code, c]))
  const waiting = new Map<string, number>()
  for (const w of ways) waiting.set(w.from, (waiting.get(w.from) ?? 0) + w.count)
  const threads = ways.flatMap(w => {
    const [from, to] = [places.get(w.from), places.get(w.to ?? '')]
    return from && to && from !== to
      ? [{ from, to, count: w.count, label: `${from.name} vers ${to.name} : ${plural(w.count, 'patient', 'patients')}` }]
      : []
  })
  const { placed: n, unplaced, objective } = result
  const average = n ? Math.round(objective.minutes / n) : 0
  return (
    <TerritoryMap
      title={
        unplaced === 0
          ? `Chacun a un médecin, à ${average} min en moyenne`
          : `${plural(n, 'patient sur', 'patients sur')} ${frNumber(n + unplaced)} ${n < 2 ? 'a' : 'ont'} un médecin, à ${average} min en moyenne`
      }
      communes={[...places.values()]}
      demand={[...waiting].map(([code, count]) => ({ code, count }))}
      doctors={(offers.length > MARKS ? together(offers) : offers.map(o => ({ ...o, label: o.name, count: 1 }))).flatMap(o => {
        const at = places.get(o.commune)
        return at ? [{ id: o.id, label: o.label, count: o.count, lon: at.lon, lat: at.lat }] : []
      })}
      threads={threads.slice(0, THREADS)}
      unit={['patient en attente', 'patients en attente']}
      source={`Trajets estimés entre centres de communes, en voiture.${threads.length > THREADS ? ` Les ${THREADS} chemins les plus suivis sont tracés, sur ${threads.length}.` : ''}`}
    />
  )
}

function together(offers: readonly { commune: string }[]) {
  return [...Map.groupBy(offers, o => o.commune)].map(([commune, all]) => ({
    id: commune,
    commune,
    label: plural(all.length, 'médecin', 'médecins'),
    count: all.length,
  }))
}
