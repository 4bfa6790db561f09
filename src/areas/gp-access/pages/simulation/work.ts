/** One simulation, from its address to its effect: read without a write, solved aside, put on record with everybody it shows. */
import { audit } from '#platform/audit.ts'
import type { Ctx } from '#platform/page.ts'
import { planOf } from '../../simulating.ts'
import { type Basis, type Change, type Effect, effectOf, isOrphan, type Range, rangeOf, suppose } from '../../simulation/index.ts'
import { basisOf, readOnly } from '../../store/simulation.ts'
import { type Address, addressOf, leavingOf } from './asked.ts'

export interface Simulated {
  effect: Effect
  /** What the guesses change, when somebody leaves: over the middle guess and both ends. */
  ranges: { left: Range; orphansPlaced: Range } | null
}
export async function begin(ctx: Pick<Ctx, 'tx' | 'now' | 'query'>): Promise<{ basis: Basis; address: Address }> {
  const basis = await readOnly(ctx.tx, tx => basisOf(tx, ctx.now, leavingOf(ctx.query)))
  const address = addressOf(ctx.query, basis)
  return { basis, address }
}
/** Who looked at what; `named`: those whose number the page shows. */
export async function looked(ctx: Ctx, basis: Basis, changes: readonly Change[], named: readonly string[]): Promise<void> {
  const count = (kind: Change['kind']) => changes.filter(c => c.kind === kind).length
  await audit(ctx.tx, ctx, {
    action: 'simulation.read',
    named,
    detail: { patients: basis.patients.length, departures: count('departure'), arrivals: count('arrival'), places: count('places') },
  })
}
export async function simulate(basis: Basis, changes: readonly Change[]): Promise<Simulated> {
  const [today, supposed] = [suppose(basis, []), suppose(basis, changes)]
  const before = { ...today, plan: await planOf(today.patients, today.doctors) }
  const after = { ...supposed, plan: await planOf(supposed.patients, supposed.doctors) }
  const effect = effectOf(before, after, basis.communes)
  if (!changes.some(c => c.kind === 'departure')) return { effect, ranges: null }
  const ends = []
  for (const guess of ['low', 'high'] as const) {
    const { patients, doctors } = suppose(basis, changes, guess)
    ends.push(await planOf(patients, doctors))
  }
  const plans = [after.plan, ...ends]
  return {
    effect,
    ranges: {
      left: rangeOf(plans.map(p => p.unplaced.length)),
      orphansPlaced: rangeOf(plans.map(p => p.pairs.filter(x => isOrphan(x.patient)).length)),
    },
  }
}
