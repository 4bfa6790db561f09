/** What the solver's process does: from the list as it was read to everything that is kept. It says on its way where it is. */
import { type Phase as EnginePhase, type Plan, solve, toInstance, type WhyNot, whyNot } from '#domain/assignment/index.ts'
import { asTexts, best, keep } from './kept.ts'
import { patientsOf } from './patients.ts'
import type { Answer, List, Made, Told, Work } from './solving.ts'

/** How often it says where it is, in milliseconds. */
const TELL_MS = 200

export default (work: Work, tell: (told: Told) => void): Plan | Omit<Made, 'lines'> | Answer[] => {
  switch (work.kind) {
    case 'solve':
      return solve(work.instance)
    case 'plan':
      return plan(work, tell)
    case 'why-not':
      return answers(work)
  }
}

const read = (list: List) => {
  const patients = patientsOf(list)
  return { patients, doctors: list.doctors, instance: toInstance(patients, list.doctors) }
}
function plan({ list, before }: Extract<Work, { kind: 'plan' }>, tell: (told: Told) => void): Omit<Made, 'lines'> {
  tell({ phase: 'pairs', done: null })
  const { patients, doctors, instance } = read(list)
  let said = performance.now()
  const onProgress = ({ phase, fraction }: { phase: EnginePhase; fraction: number }) => {
    // The engine says it thousands of times; whoever listens has pages to answer, and writes it twice a second.
    if (performance.now() - said < TELL_MS) return
    said = performance.now()
    tell({ phase: phase === 'people' ? 'solve' : 'households', done: Math.floor(fraction * 100) / 100 })
  }
  tell({ phase: 'solve', done: 0 })
  const solved = best(instance, before, { onProgress })
  tell({ phase: 'explain', done: null })
  const { result, lines, given } = keep(solved, { instance, patients, doctors, before })
  for (const text of asTexts(lines)) tell({ lines: text })
  return { result, given }
}
/** Each question against the best plan of the list as it is now: what was kept may rest on an older one. */
function answers({ list, questions }: Extract<Work, { kind: 'why-not' }>): Answer[] {
  const { patients, doctors, instance } = read(list)
  const base = solve(instance)
  return questions.map(({ request, doctor }): Answer => {
    if (!patients.some(p => p.id === request)) return { kind: 'left' }
    if (!doctors.some(d => d.id === doctor)) return { kind: 'noPlace' }
    return whyNot(base, instance, patients, doctors, request, doctor) satisfies WhyNot
  })
}
