/** What the solver's thread does: one instance, one answer. */
import { type Plan, solve, type WhyNot, whyNot } from '#domain/assignment/index.ts'
import type { Work } from './solving.ts'

export default (work: Work): Plan | WhyNot =>
  work.kind === 'solve' ? solve(work.instance) : whyNot(work.plan, work.instance, work.patients, work.doctors, work.patient, work.doctor)
