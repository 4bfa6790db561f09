/** The lists that the engine is measured on: real communes, invented people, one in ten without a doctor. */
import { type Instance, type Levels, toInstance } from '#domain/assignment/index.ts'
import { type Shape, waitingList } from './waiting-list.ts'

export type Case = { name: string; shape: Shape }

const usual = { households: 0, places: 'commune', caps: [20, 30, 30, 45], room: 0.8, seed: 2026 } as const

const of = (where: string, territories: string[], patients: number, doctors: number, more: Partial<Shape> = {}): Case => ({
  name: `${patients}x${doctors} ${where}`,
  shape: { ...usual, territories, patients, doctors, ...more },
})

const NORTH_ESSONNE = ['noe-sante']
const VERSAILLES = ['grand-versailles']

/** Compared with HiGHS. The rural list has few places and people ready to go far. */
export const CASES: Case[] = [
  of('Noé Santé', NORTH_ESSONNE, 1_000, 40),
  of('Vexin Normand', ['vexin-normand'], 3_300, 19, { caps: [45, 60, 90], room: 0.6 }),
  of('Noé Santé + Grand Versailles', [...NORTH_ESSONNE, ...VERSAILLES], 5_000, 300),
  of('Noé Santé', NORTH_ESSONNE, 15_000, 100),
  of('Grand Versailles', VERSAILLES, 26_500, 180),
]

/** How time grows with the list: one territory and its doctors, whose places grow with it. */
export const LONGER: Case[] = [3_312, 6_625, 13_250, 26_500, 53_000].map(patients => of('Grand Versailles', VERSAILLES, patients, 180))

/** How time grows when doctors grow with patients: pairs grow nearly as the square. */
export const GROWTH: Case[] = [
  [3_312, 22],
  [6_625, 45],
  [13_250, 90],
  [26_500, 180],
].map(([patients = 0, doctors = 0]) => of('Grand Versailles', VERSAILLES, patients, doctors))

/** One in four waits with somebody of his household, then one in two, then three in five. */
export const WITH_HOUSEHOLDS: Case[] = [
  of('Noé Santé', NORTH_ESSONNE, 1_000, 40, { households: 0.25 }),
  of('Vexin Normand', ['vexin-normand'], 3_300, 19, { caps: [45, 60, 90], room: 0.6, households: 0.25 }),
  of('Noé Santé + Grand Versailles', [...NORTH_ESSONNE, ...VERSAILLES], 5_000, 300, { households: 0.25 }),
  of('Noé Santé', NORTH_ESSONNE, 15_000, 100, { households: 0.25 }),
  ...[0.5, 0.6].map(share =>
    of(`Noé Santé + Grand Versailles, ${100 * share} % with somebody`, [...NORTH_ESSONNE, ...VERSAILLES], 5_000, 300, {
      households: share,
    }),
  ),
]

/** Everybody at an address of his own: hardly two people alike, nothing to put together. */
export const STREETS: Case[] = [
  of('Noé Santé + Grand Versailles, addresses', [...NORTH_ESSONNE, ...VERSAILLES], 5_000, 300, { places: 'street' }),
]

export function stated({ shape }: Case): Instance {
  const { patients, doctors } = waitingList(shape)
  return toInstance(patients, doctors)
}

/** How many different rows a list has: same profile, doctors and minutes. */
export function distinct({ patients }: Instance): number {
  return new Set(patients.map(({ profile, doctors, minutes }) => `${profile} ${doctors} ${minutes}`)).size
}

/** What is done by hand: most points first, then seniority, each to the nearest doctor who still has a place. */
export function greedy({ doctors, patients }: Instance): { placed: number; priority: number; minutes: number } {
  const left = doctors.map(doctor => ({ ...doctor }))
  const order = patients.map((_, p) => p).sort((a, b) => patients[b]!.priority - patients[a]!.priority || a - b)
  const sum = { placed: 0, priority: 0, minutes: 0 }
  for (const p of order) {
    const patient = patients[p]!
    let best = -1
    patient.doctors.forEach((d, arc) => {
      if (left[d]!.total > 0 && left[d]![patient.profile] !== 0 && (best < 0 || patient.minutes[arc]! < patient.minutes[best]!)) best = arc
    })
    if (best < 0) continue
    const doctor = left[patient.doctors[best]!]!
    doctor.total--
    const own = doctor[patient.profile]
    if (own !== null) doctor[patient.profile] = own - 1
    sum.placed++
    sum.priority += patient.priority
    sum.minutes += patient.minutes[best]!
  }
  return sum
}

export const text = ({ priority, splits, minutes }: Levels): string => `${priority} points, ${splits} splits, ${minutes} min`

/** Slope of log(time) against log(size), least squares. */
export function exponent(points: { size: number; ms: number }[]): number {
  const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const)
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}
