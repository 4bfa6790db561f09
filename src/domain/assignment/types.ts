import type { Point } from '../geo.ts'

/** What a doctor may limit separately. A patient has exactly one: a home visit wins over a long illness (ALD), over a child, over an adult. */
export const PROFILES = ['adult', 'child', 'ald', 'home'] as const
export type Profile = (typeof PROFILES)[number]

/** A person on the waiting list, without a médecin traitant. */
export type Patient = {
  id: string
  /** null when the commune has no coordinates: travel is then unknown and nobody can be proposed */
  place: Point | null
  communeCode: string
  profile: Profile
  /** whole years */
  age: number
  /** points of the CPTS's voted rules: an integer, 1 or more */
  priority: number
  /** ISO instant of the request; the older first at equal points */
  since: string
  /** people of one household are proposed to one doctor when possible */
  household: string | null
  /** the doctor must speak at least one; empty = no need */
  languages: string[]
  wheelchair: boolean
  /** travel cap in whole minutes: nobody is sent farther */
  maxMinutes: number
  /** ids of the doctors who already refused him, or whom he refused */
  excluded: string[]
}

/** A doctor who said how many new patients he takes. */
export type Doctor = {
  id: string
  place: Point | null
  communeCode: string
  /** places in all, and by profile: absent = limited by the total only, 0 = refuses that profile */
  capacity: { total: number } & Partial<Record<Profile, number>>
  minAge?: number
  maxAge?: number
  /** INSEE codes he takes patients from; empty = any */
  communes: string[]
  languages: string[]
  wheelchair: boolean
}

/** What can forbid a pair, in the order in which it is looked at: the first one violated is the one named. */
export const CONSTRAINTS = ['excluded', 'profile', 'age', 'commune', 'language', 'wheelchair', 'travelUnknown', 'travelCap'] as const
export type Constraint = (typeof CONSTRAINTS)[number]

/** Why a pair is impossible, with the values compared. */
export type Violation = { constraint: Constraint; needed: string; offered: string }

/** A doctor as the mathematics sees him: capacities only. `null` = no limit of its own. */
export type InstanceDoctor = { id: string; total: number } & Record<Profile, number | null>

/** A patient as the mathematics sees him: `doctors[i]` is a feasible doctor (index in `Instance.doctors`), `minutes[i]` away. */
export type InstancePatient = {
  id: string
  profile: Profile
  priority: number
  doctors: number[]
  minutes: number[]
  /** how many doctors each constraint took away */
  eliminated: Partial<Record<Constraint, number>>
}

/**
 * The exact mathematical problem as plain JSON: any other solver can be given it.
 *
 * Choose at most one feasible doctor per patient, within each doctor's total and per-profile capacities, so as to optimise
 * `levels` in that order. `splits` = Σ over households of max(0, distinct doctors among its placed members − 1).
 * Patients are listed by seniority (oldest request first, then id), doctors by id: the order is part of the problem, since
 * `seniority` (level 4) is Σ over placed patients of (number of patients − index). It is optimised exactly when there are
 * no households, and for given household decisions otherwise.
 */
export type Instance = {
  format: 'trame-assignment/1'
  units: { priority: 'points'; minutes: 'minutes' }
  levels: ['max priority', 'min splits', 'min minutes', 'max seniority']
  sizes: { patients: number; doctors: number; arcs: number; households: number }
  doctors: InstanceDoctor[]
  patients: InstancePatient[]
  /** only households of two or more; members are indexes in `patients` */
  households: { id: string; members: number[] }[]
}

/** The three levels of the objective, or a bound on them. */
export type Levels = { priority: number; splits: number; minutes: number }

/** Why a patient has no proposal. */
export type Reason =
  /** no doctor satisfies his constraints; `eliminated` counts the doctors each one took away */
  | { kind: 'nobodyCan'; eliminated: Partial<Record<Constraint, number>> }
  /** doctors could, but their places went to others; `lowestServed` = the fewest points served among these doctors */
  | { kind: 'capacity'; points: number; doctors: string[]; lowestServed: number | null; eliminated: Partial<Record<Constraint, number>> }

/** The value of one more place, lexicographic: points first, then minutes (may be negative when points are positive). */
export type Price = { points: number; minutes: number }

/**
 * The dual certificate: a price for a place at each doctor, and for a place of a limited profile.
 * For any prices lexicographically ≥ 0, Σ capacity × price + Σ best surplus of each household (or single patient) bounds every
 * possible plan (weak duality): `verify` recomputes that sum. Doctors whose prices are all zero are left out.
 */
export type Proof = {
  prices: ({ doctor: string; total: Price } & Partial<Record<Profile, Price>>)[]
  /** the bound these prices prove by themselves */
  certified: Levels
  /** 'prices': the bound is `certified`; 'search': branch-and-bound raised it further, which only running it again checks */
  by: 'prices' | 'search'
  /** nodes of the branch-and-bound, and whether it stopped at its budget */
  nodes: number
  exhausted: boolean
}

/** The answer: who is proposed to whom, why the others are not, and how far from the best possible plan this is. */
export type Plan = {
  pairs: { patient: string; doctor: string; minutes: number; priority: number }[]
  unplaced: { patient: string; reason: Reason }[]
  objective: Levels
  /** no plan can be better than this, lexicographically */
  bound: Levels
  /** 0 = proven optimal on all levels; else the relative distance to the bound at the first level that differs */
  gap: number
  proof: Proof
  splits: { household: string; doctors: string[] }[]
}
