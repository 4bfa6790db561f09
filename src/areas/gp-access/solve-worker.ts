/** A thread that solves one instance and ends: thousands of patients never block the pages of the others. */
import { parentPort, workerData } from 'node:worker_threads'
import { solve, whyNot } from '#domain/assignment/index.ts'
import type { Work } from './solving.ts'

const work = workerData as Work
parentPort?.postMessage(
  work.kind === 'solve' ? solve(work.instance) : whyNot(work.plan, work.instance, work.patients, work.doctors, work.patient, work.doctor),
)
