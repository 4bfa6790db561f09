/** What a long solve is doing, in this order. 'people': who is served and by whom, households apart; 'households': keeping them together. */
export type Phase = 'people' | 'households'

/**
 * How a caller follows a solve and ends it early. The engine has no clock: it calls both after a counted amount of work, every few
 * milliseconds on a list of thousands, and never changes its answer because of them.
 */
export type Hooks = {
  /** `fraction` of the phase, from 0 to 1, never going back within a phase */
  onProgress?: (progress: { phase: Phase; fraction: number }) => void
  /** true = end now: `solve` and `replan` throw `Stopped` */
  shouldStop?: () => boolean
}

/** Thrown by `solve` and `replan` when `shouldStop` said so. Nothing of the unfinished plan is kept. */
export class Stopped extends Error {
  override name = 'Stopped'
  constructor() {
    super('the solve was stopped by its caller')
  }
}

/** Tells how far a phase is, and ends the solve when the caller asks for it. */
export function tell({ onProgress, shouldStop }: Hooks, phase: Phase, fraction: number): void {
  if (shouldStop?.()) throw new Stopped()
  onProgress?.({ phase, fraction: Math.min(1, fraction) })
}
