/** What tests of this area start from: a community with communes, doctors with places, people who wait. Invented people. */

import { setCommunes } from '#areas/territory/index.ts'
import type { Actor } from '#platform/audit.ts'
import type { Community, Person, TestApp } from '../../../test/app.ts'
import { type CapacityInput, stateCapacity } from './store/capacities.ts'
import { admit, enterRequest, type RequestInput } from './store/requests.ts'

/** Three communes: two neighbours and one an hour away. */
export const communes = [
  { code: '91377', name: 'Massy', lon: 2.28, lat: 48.73 },
  { code: '91477', name: 'Palaiseau', lon: 2.24, lat: 48.71 },
  { code: '91223', name: 'Étampes', lon: 2.14, lat: 48.43 },
] as const

export async function withCommunes(t: TestApp, c?: Community): Promise<void> {
  for (const x of communes)
    await t.owner(
      `insert into ref.commune (code, name, department, postal_codes, population, population_year, lon, lat)
       values ($1, $2, '91', '{91300}', 10000, 2026, $3, $4) on conflict do nothing`,
      [x.code, x.name, x.lon, x.lat],
    )
  if (c)
    await t.within(c, tx =>
      setCommunes(
        tx,
        system(t),
        communes.slice(0, 2).map(x => x.code),
      ),
    )
}
export const system = (t: TestApp): Actor => ({ who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' })

export const aCapacity = (o: Partial<CapacityInput> = {}): CapacityInput => ({
  communeCode: '91377',
  total: 5,
  adult: null,
  child: null,
  ald: null,
  home: null,
  minAge: null,
  maxAge: null,
  communes: [],
  languages: [],
  wheelchair: true,
  until: '2027-12-31',
  ...o,
})
export async function aDoctor(
  t: TestApp,
  c: Community,
  o: Partial<CapacityInput> & { name?: string; email?: string } = {},
): Promise<Person> {
  const { name, email, ...capacity } = o
  const doctor = await t.person(c, ['doctor'], { name, email })
  await t.within(c, tx => stateCapacity(tx, system(t), doctor.membershipId, aCapacity(capacity), 'doctor'))
  return doctor
}
let n = 0
export const aPatient = (o: Partial<RequestInput> = {}): RequestInput => ({
  birthName: `Tissier-${++n}`,
  usedName: null,
  givenNames: 'Camille',
  birthDate: '1980-05-17',
  sex: null,
  phone: '+33639980001',
  email: `patient${n}@exemple.fr`,
  communeCode: '91377',
  preferredContact: 'phone',
  ald: false,
  treatment: false,
  specialist: false,
  pregnancy: false,
  reducedMobility: false,
  homeVisit: false,
  precarity: false,
  isolation: false,
  doctorLeft: false,
  hospitalExit: false,
  languages: [],
  wheelchair: false,
  farther: false,
  proxy: null,
  consentBy: 'patient',
  householdOf: null,
  ...o,
})
/** Somebody in the list, at his place. */
export async function aWaiting(
  t: TestApp,
  c: Community,
  o: Partial<RequestInput> & { since?: Date } = {},
): Promise<{ id: string; number: string }> {
  const { since, ...input } = o
  return t.within(c, async tx => {
    const entered = await enterRequest(tx, system(t), aPatient(input), 'patient', since)
    await admit(tx, system(t), entered.id)
    return entered
  })
}
