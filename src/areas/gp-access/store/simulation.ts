/** What a simulation rests on, read in a part of the transaction where PostgreSQL itself refuses any write. */

import { territoryCommunes } from '#areas/territory/index.ts'
import type { Doctor, Patient } from '#domain/assignment/index.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import type { Basis, Commune, Practising } from '../simulation/index.ts'
import { type Capacity, lastCapacities } from './capacities.ts'
import { planInput, waitingPatients } from './plans.ts'
import { settings } from './settings.ts'

/** Runs `work` where writing fails (25006), then gives the transaction its rights back, to put the reading on record. */
export async function readOnly<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  await run(tx, sql`savepoint reading`)
  try {
    await run(tx, sql`set local transaction_read_only = on`)
    return await work(tx)
  } finally {
    await run(tx, sql`rollback to savepoint reading`)
    await run(tx, sql`release savepoint reading`)
  }
}

/** The list, the places, the doctors, the communes; and what would stop with each doctor of `leaving`. */
export async function basisOf(tx: Tx, now: Date, leaving: readonly string[]): Promise<Basis> {
  const [{ patients, doctors, rule }, caps, practising, communes] = await Promise.all([
    planInput(tx, now),
    settings(tx),
    practisingDoctors(tx),
    territoryCommunes(tx),
  ])
  const stopped = await stoppedBy(tx, leaving)
  const back = stopped.length ? await waitingPatients(tx, { now, rule, caps, only: stopped.map(s => s.requestId) }) : []
  const patientOf = new Map(back.map(p => [p.id, p]))
  const freed = new Map<string, Patient[]>()
  for (const { requestId, membershipId } of stopped)
    freed.set(membershipId, [...(freed.get(membershipId) ?? []), patientOf.get(requestId)!])
  return {
    now,
    rule,
    patients,
    doctors,
    practising,
    communes: communes.map(communeOf),
    freed,
    travelMinutes: caps.travelMinutes,
  }
}
const communeOf = (c: Awaited<ReturnType<typeof territoryCommunes>>[number]): Commune => ({
  code: c.code,
  name: c.name,
  place: c.lon === null || c.lat === null ? null : { lon: c.lon, lat: c.lat },
  population: c.population,
})

/** Requests with a question to one of these doctors, or his yes without a visit yet. */
const stoppedBy = (tx: Tx, doctors: readonly string[]): Promise<{ requestId: string; membershipId: string }[]> =>
  rows(
    tx,
    sql`select q.request_id as "requestId", q.membership_id as "membershipId" from app.proposal q join app.request r on r.id = q.request_id
        where q.membership_id = any(${[...doctors]}::uuid[]) and q.state in ('pending', 'accepted') and r.state in ('proposed', 'accepted', 'appointed') order by r.since, r.id`,
  )

interface Where {
  id: string
  name: string
  communeCode: string | null
  lon: number | null
  lat: number | null
}
/** Every doctor of the community, where he sees people: his last statement, else the national directory, the territory first. */
async function practisingDoctors(tx: Tx): Promise<Practising[]> {
  const [all, stated] = await Promise.all([
    rows<Where>(
      tx,
      sql`select m.id, p.name, c.code as "communeCode", c.lon::float8 as lon, c.lat::float8 as lat
          from app.membership m join platform.person p on p.id = m.person_id
          left join ref.commune c on c.code = coalesce(
            (select k.commune_code from app.capacity k where k.membership_id = m.id and k.superseded_at is null),
            (select pp.commune_code from ref.practice_place pp where pp.rpps = m.rpps and pp.commune_code is not null
               order by exists (select 1 from app.territory_commune t where t.commune_code = pp.commune_code) desc, pp.commune_code limit 1))
          where m.ended_at is null and 'doctor' = any(m.roles) order by p.name, m.id`,
    ),
    lastCapacities(tx),
  ])
  const last = new Map(stated.map(c => [c.membershipId, c]))
  return all.map(({ id, name, communeCode, lon, lat }) => {
    const place = lon === null || lat === null ? null : { lon, lat }
    return {
      id,
      name,
      communeCode,
      place,
      without: communeCode === null ? null : withoutPlaces(id, communeCode, place, last.get(id) ?? null),
    }
  })
}
/** He takes what he last said he takes; somebody who never said anything is supposed to take everybody. */
const withoutPlaces = (id: string, communeCode: string, place: Doctor['place'], last: Capacity | null): Doctor => ({
  id,
  place,
  communeCode,
  capacity: {
    total: 0,
    ...(last && Object.fromEntries((['adult', 'child', 'ald', 'home'] as const).flatMap(p => (last[p] === null ? [] : [[p, last[p]]])))),
  },
  ...(last && last.minAge !== null && { minAge: last.minAge }),
  ...(last && last.maxAge !== null && { maxAge: last.maxAge }),
  communes: last?.communes ?? [],
  languages: last?.languages ?? [],
  wheelchair: last?.wheelchair ?? true,
})

/** People named by a simulation: their tracking number and commune, never their name. */
export interface Numbered {
  id: string
  number: string
  commune: string
}
export const numbersOf = (tx: Tx, ids: readonly string[]): Promise<Numbered[]> =>
  rows(
    tx,
    sql`select r.id, r.number, c.name as commune from app.request r join ref.commune c on c.code = r.commune_code where r.id = any(${[...ids]}::uuid[])`,
  )
