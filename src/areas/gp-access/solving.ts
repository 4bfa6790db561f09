/** Solving away from the pages and outside any transaction: in a process that can be stopped. */
import { type Doctor, type Instance, type Plan, solve, type WhyNot } from '#domain/assignment/index.ts'
import { inOwnProcess, type OwnProcessOptions } from '#platform/own-process.ts'
import type { Before, KeptResult } from './kept.ts'
import type { Read } from './patients.ts'

/** The list and the places as they were read. */
export interface List extends Read {
  doctors: Doctor[]
}
export interface Question {
  request: string
  doctor: string
}
/** `left`: he no longer waits. */
export type Answer = WhyNot | { kind: 'left' }
export const phases = ['read', 'pairs', 'solve', 'households', 'explain', 'keep'] as const
export type Phase = (typeof phases)[number]
/** Where a computation is; `done` is the share of the phase, 0 to 1, when known. */
export interface Step {
  phase: Phase
  done: number | null
}
/** A plan ready to be kept: each of `lines` is JSON of a few hundred `KeptLine`. */
export interface Made {
  result: KeptResult
  lines: string[]
  given: Record<string, number>
}
/** What its process says of it on the way: where it is, then its lines, few at a time so that the pages are answered between two. */
export type Told = Step | { lines: string }
export type Work =
  | { kind: 'solve'; instance: Instance }
  | { kind: 'plan'; list: List; before: Before | null }
  | { kind: 'why-not'; list: List; questions: readonly Question[] }

const worker = new URL('./solve-worker.ts', import.meta.url)
const aside = <T>(work: Work, options?: OwnProcessOptions<Told>) => inOwnProcess<T, Told>(worker, work, options)

/** Below this a solve takes less time than starting a process. */
export const IN_PROCESS = 300
export const solveAside = (instance: Instance): Promise<Plan> =>
  instance.sizes.patients <= IN_PROCESS ? Promise.resolve(solve(instance)) : aside<Plan>({ kind: 'solve', instance })

/** The plan of a list with all that is kept of it; the process ends when the signal says so. */
export async function planAside(list: List, before: Before | null, { onTell, signal }: OwnProcessOptions<Step>): Promise<Made> {
  const lines: string[] = []
  const told = (told: Told) => void ('lines' in told ? lines.push(told.lines) : onTell?.(told))
  const made = await aside<Omit<Made, 'lines'>>({ kind: 'plan', list, before }, { onTell: told, ...(signal && { signal }) })
  return { ...made, lines }
}
/** One answer per question, in their order. */
export const whyNotAside = (list: List, questions: readonly Question[]): Promise<Answer[]> =>
  aside<Answer[]>({ kind: 'why-not', list, questions })
