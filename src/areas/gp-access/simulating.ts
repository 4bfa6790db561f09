/** Plans of simulations: solved one after the other away from the pages, and kept a while by what they rest on. */
import type { Doctor, Patient, Plan } from '#domain/assignment/index.ts'
import { toInstance } from '#domain/assignment/index.ts'
import { hashToken } from '#platform/ids.ts'
import { solveAside } from './solving.ts'

/** Today's plan serves every simulation of the day; a changed list or place makes another key. */
const KEPT = 24
const plans = new Map<string, Promise<Plan>>()
let last: Promise<unknown> = Promise.resolve()

/** The plan of this list and these places. Two who ask the same wait for one solve; several solves take their turn. */
export function planOf(patients: readonly Patient[], doctors: readonly Doctor[]): Promise<Plan> {
  const key = hashToken(JSON.stringify([patients, doctors])).toString('base64url')
  const known = plans.get(key)
  if (known) return known
  const made = last.then(() => solveAside(toInstance(patients, doctors)))
  last = made.catch(() => {})
  plans.set(key, made)
  // One that failed is tried again by the next who asks.
  made.catch(() => plans.delete(key))
  for (const oldest of plans.keys()) {
    if (plans.size <= KEPT) break
    plans.delete(oldest)
  }
  return made
}
/** What `work` gives, or null when it needs more than `ms`: it goes on meanwhile. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<null>(resolve => {
    timer = setTimeout(resolve, ms, null)
  })
  try {
    return await Promise.race([work, patience])
  } finally {
    clearTimeout(timer)
  }
}
