import { minutesBetween, type PreparedDoctor, prepareDoctor, violationWith } from './feasible.ts'
import { type Doctor, type Instance, type InstanceDoctor, type InstancePatient, type Patient, PROFILES } from './types.ts'

/**
 * States the mathematical problem: feasible pairs with their minutes, capacities, points, households, in an order that does
 * not depend on the order of the input.
 *
 * @param patients the whole waiting list
 * @param doctors everyone who states a capacity
 * @throws RangeError when an id is used twice, or a priority, capacity, age, cap or instant is not what its type says
 */
export function toInstance(patients: readonly Patient[], doctors: readonly Doctor[]): Instance {
  const orderedDoctors = doctors.toSorted((a, b) => compareText(a.id, b.id))
  const orderedPatients = bySeniority(patients)
  assertDistinct(orderedDoctors, 'doctor')
  assertDistinct(
    patients.toSorted((a, b) => compareText(a.id, b.id)),
    'patient',
  )
  orderedDoctors.forEach(assertDoctor)
  orderedPatients.forEach(assertPatient)
  const prepared = orderedDoctors.map(prepareDoctor)
  const arcsOf = arcsTable(prepared)
  const rows = orderedPatients.map(patient => toRow(patient, arcsOf(patient)))
  const households = groupHouseholds(orderedPatients)
  return {
    format: 'trame-assignment/1',
    units: { priority: 'points', minutes: 'minutes' },
    levels: ['max priority', 'min splits', 'min minutes', 'max seniority'],
    sizes: {
      patients: rows.length,
      doctors: orderedDoctors.length,
      arcs: rows.reduce((sum, row) => sum + row.doctors.length, 0),
      households: households.length,
    },
    doctors: orderedDoctors.map(toInstanceDoctor),
    patients: rows,
    households,
  }
}

function toInstanceDoctor({ id, capacity }: Doctor): InstanceDoctor {
  const { total, adult = null, child = null, ald = null, home = null } = capacity
  return { id, total, adult, child, ald, home }
}

/** The doctors possible for a patient, at what distance, and who was taken away by what. */
type Arcs = Pick<InstancePatient, 'doctors' | 'minutes' | 'eliminated'>

function toRow({ id, profile, priority }: Patient, { doctors, minutes, eliminated }: Arcs): InstancePatient {
  return { id, profile, priority, doctors, minutes, eliminated }
}

/** The arcs of each patient, computed once for all whose constraints are the same: they share the same arrays. */
function arcsTable(doctors: PreparedDoctor[]): (patient: Patient) => Arcs {
  const known = new Map<string, Arcs>()
  const travel = travelTable(doctors)
  const ageBand = ageBands(doctors)
  return patient => {
    const { place, communeCode, profile, age, languages, wheelchair, maxMinutes, excluded } = patient
    const key = JSON.stringify([place?.lon, place?.lat, communeCode, profile, ageBand(age), languages, wheelchair, maxMinutes, excluded])
    const found = known.get(key)
    if (found) return found
    const arcs = arcsTo(patient, doctors, travel(patient))
    known.set(key, arcs)
    return arcs
  }
}

/** Ages that no doctor tells apart are one band. */
function ageBands(doctors: PreparedDoctor[]): (age: number) => number {
  const youngest = doctors.flatMap(({ doctor }) => doctor.minAge ?? [])
  const oldest = doctors.flatMap(({ doctor }) => doctor.maxAge ?? [])
  return age => youngest.filter(limit => age >= limit).length + oldest.filter(limit => age > limit).length
}

function arcsTo(patient: Patient, doctors: PreparedDoctor[], minutes: (number | null)[]): Arcs {
  const arcs: Arcs = { doctors: [], minutes: [], eliminated: {} }
  for (let d = 0; d < doctors.length; d++) {
    const time = minutes[d]!
    const violated = violationWith(patient, doctors[d]!, time)
    if (violated) {
      arcs.eliminated[violated.constraint] = (arcs.eliminated[violated.constraint] ?? 0) + 1
    } else {
      arcs.doctors.push(d)
      arcs.minutes.push(time!)
    }
  }
  return arcs
}

/** Minutes from a place to every doctor, computed once per distinct place. */
function travelTable(doctors: PreparedDoctor[]): (patient: Patient) => (number | null)[] {
  const known = new Map<string, (number | null)[]>()
  return ({ place }) => {
    const key = place ? `${place.lon} ${place.lat}` : ''
    const found = known.get(key)
    if (found) return found
    const row = doctors.map(({ doctor }) => minutesBetween(place, doctor.place))
    known.set(key, row)
    return row
  }
}

function groupHouseholds(patients: Patient[]): Instance['households'] {
  const groups = new Map<string, number[]>()
  patients.forEach(({ household }, index) => {
    if (household === null) return
    const members = groups.get(household)
    if (members) members.push(index)
    else groups.set(household, [index])
  })
  return [...groups]
    .filter(([, members]) => members.length > 1)
    .map(([id, members]) => ({ id, members }))
    .toSorted((a, b) => compareText(a.id, b.id))
}

function bySeniority(patients: readonly Patient[]): Patient[] {
  return patients
    .map(patient => ({ patient, instant: Date.parse(patient.since) }))
    .toSorted((a, b) => a.instant - b.instant || compareText(a.patient.id, b.patient.id))
    .map(({ patient }) => patient)
}

/** By code units: the same order on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function assertDistinct(sorted: readonly { id: string }[], what: string): void {
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i]!.id === sorted[i - 1]!.id) throw new RangeError(`${what} ${sorted[i]!.id} is given twice`)
  }
}

function assertDoctor({ id, capacity }: Doctor): void {
  for (const places of [capacity.total, ...PROFILES.map(profile => capacity[profile] ?? 0)]) {
    if (!Number.isSafeInteger(places) || places < 0) throw new RangeError(`doctor ${id}: ${places} is not a number of places`)
  }
}

function assertPatient({ id, priority, since, maxMinutes, age }: Patient): void {
  if (!Number.isSafeInteger(priority) || priority < 1)
    throw new RangeError(`patient ${id}: priority ${priority} is not an integer of 1 or more`)
  if (!Number.isSafeInteger(maxMinutes) || maxMinutes < 0) throw new RangeError(`patient ${id}: ${maxMinutes} is not a travel cap`)
  if (!(age >= 0)) throw new RangeError(`patient ${id}: ${age} is not an age`)
  // An instant without a zone would be read in the machine's own: two machines, two orders.
  const zoned = !since.includes('T') || /(Z|[+-]\d\d:?\d\d)$/i.test(since)
  if (!zoned || Number.isNaN(Date.parse(since))) throw new RangeError(`patient ${id}: ${since} is not an instant`)
}
