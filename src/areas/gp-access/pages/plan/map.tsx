/** The plan over the territory: who waits where, which doctors, which way people are sent. */
import { plural, TerritoryMap } from '#platform/ui/index.ts'
import type { TerritoryCommune } from '../../../territory/index.ts'
import type { KeptResult, PlanDoctor, PlanPerson } from '../../store/plans.ts'

interface Place {
  code: string
  name: string
  lon: number
  lat: number
  population?: number
}
export function PlanMap({
  result,
  people,
  doctors,
  communes,
}: {
  result: KeptResult
  people: Map<string, PlanPerson>
  doctors: PlanDoctor[]
  communes: TerritoryCommune[]
}) {
  const places = new Map<string, Place>()
  for (const c of communes)
    if (c.lon !== null && c.lat !== null)
      places.set(c.code, { code: c.code, name: c.name, lon: c.lon, lat: c.lat, ...(c.population && { population: c.population }) })
  const demand = new Map<string, number>()
  for (const p of people.values()) {
    demand.set(p.communeCode, (demand.get(p.communeCode) ?? 0) + 1)
    if (p.lon !== null && p.lat !== null && !places.has(p.communeCode))
      places.set(p.communeCode, { code: p.communeCode, name: p.commune, lon: p.lon, lat: p.lat })
  }
  const threads = new Map<string, { from: Place; to: { lon: number; lat: number }; where: string; count: number }>()
  for (const pair of result.pairs) {
    const person = people.get(pair.patient)
    const from = person && places.get(person.communeCode)
    const to = doctors.find(d => d.id === pair.doctor)
    if (!from || !to || to.lon === null || to.lat === null || (to.lon === from.lon && to.lat === from.lat)) continue
    const key = `${from.code} ${to.commune}`
    const thread = threads.get(key)
    if (thread) thread.count++
    else threads.set(key, { from, to: { lon: to.lon, lat: to.lat }, where: `${from.name} vers ${to.commune}`, count: 1 })
  }
  const n = result.pairs.length
  const average = n ? Math.round(result.objective.minutes / n) : 0
  return (
    <TerritoryMap
      title={
        result.unplaced.length === 0
          ? `Chacun a un médecin, à ${average} min en moyenne`
          : `${plural(n, 'patient sur', 'patients sur')} ${n + result.unplaced.length} ${n < 2 ? 'a' : 'ont'} un médecin, à ${average} min en moyenne`
      }
      communes={[...places.values()]}
      demand={[...demand].map(([code, count]) => ({ code, count }))}
      doctors={doctors.flatMap(d => (d.lon === null || d.lat === null ? [] : [{ id: d.id, label: d.name, lon: d.lon, lat: d.lat }]))}
      threads={[...threads.values()].map(th => ({
        from: th.from,
        to: th.to,
        count: th.count,
        label: `${th.where} : ${plural(th.count, 'patient', 'patients')}`,
      }))}
      unit={['patient en attente', 'patients en attente']}
      source="Trajets estimés entre centres de communes, en voiture."
    />
  )
}
