import { type Point, travelMinutes } from '../geo.ts'
import type { Doctor, Patient, Violation } from './types.ts'

/** A doctor with his lists as sets, ready for thousands of checks. */
export type PreparedDoctor = { doctor: Doctor; communes: Set<string>; languages: Set<string> }

export function prepareDoctor(doctor: Doctor): PreparedDoctor {
  return { doctor, communes: new Set(doctor.communes), languages: new Set(doctor.languages) }
}

/** The travel time between two people, or null when one has no coordinates. */
export function minutesBetween(a: Point | null, b: Point | null): number | null {
  return a && b ? travelMinutes(a, b) : null
}

/**
 * The first constraint that forbids the pair, in the order of `CONSTRAINTS`, or null when the pair is feasible.
 * Says nothing of places left: capacity is the plan's business.
 */
export function violation(patient: Patient, doctor: Doctor): Violation | null {
  return violationWith(patient, prepareDoctor(doctor), minutesBetween(patient.place, doctor.place))
}

/** Same as `violation`, with the doctor prepared and the travel already computed. */
export function violationWith(patient: Patient, { doctor, communes, languages }: PreparedDoctor, minutes: number | null): Violation | null {
  if (patient.excluded.includes(doctor.id)) return { constraint: 'excluded', needed: doctor.id, offered: 'refused' }
  if (doctor.capacity[patient.profile] === 0) return { constraint: 'profile', needed: patient.profile, offered: '0' }
  if (patient.age < (doctor.minAge ?? 0) || patient.age > (doctor.maxAge ?? Number.POSITIVE_INFINITY)) {
    return { constraint: 'age', needed: String(patient.age), offered: `${doctor.minAge ?? 0}-${doctor.maxAge ?? ''}` }
  }
  if (communes.size > 0 && !communes.has(patient.communeCode)) {
    return { constraint: 'commune', needed: patient.communeCode, offered: doctor.communes.join(', ') }
  }
  if (patient.languages.length > 0 && !patient.languages.some(language => languages.has(language))) {
    return { constraint: 'language', needed: patient.languages.join(', '), offered: doctor.languages.join(', ') }
  }
  if (patient.wheelchair && !doctor.wheelchair) return { constraint: 'wheelchair', needed: 'yes', offered: 'no' }
  if (minutes === null) return { constraint: 'travelUnknown', needed: patient.place ? 'doctor' : 'patient', offered: 'no coordinates' }
  if (minutes > patient.maxMinutes) return { constraint: 'travelCap', needed: String(patient.maxMinutes), offered: String(minutes) }
  return null
}
