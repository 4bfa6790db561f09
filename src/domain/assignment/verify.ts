import { compareLevels, gapOf, splitUnit, toBound } from './levels.ts'
import { type Instance, type InstanceDoctor, type Levels, type Plan, PROFILES, type Price, type Profile } from './types.ts'

/** Above this size a household's surplus is bounded, not enumerated (2^size subsets). */
export const LARGEST_ENUMERATED = 8

/** What `verify` found. `certified` is the bound that the prices prove by weak duality, recomputed here. */
export type Verdict = { ok: boolean; errors: string[]; certified: Levels }

/** Lexicographic value: points, then `rest` minutes (a split counting for more minutes than any plan has). */
type Value = { points: number; rest: number }

/**
 * Checks a plan against its instance without trusting or running the solver, in time linear in the arcs (times 2^size of a
 * household): each pair is feasible, capacities hold, the objective is what the pairs add up to, and the prices prove the bound.
 * When the plan says its bound comes from the search, the part beyond `certified` is not checked: `certified` says how far
 * the prices alone go.
 */
export function verify(instance: Instance, plan: Plan): Verdict {
  const errors: string[] = []
  const objective = checkPairs(instance, plan, errors)
  if (compareLevels(objective, plan.objective) !== 0) errors.push(`the pairs add up to ${text(objective)}, not ${text(plan.objective)}`)
  const certified = priceBound(instance, plan, errors)
  if (compareLevels(certified, plan.proof.certified) !== 0) {
    errors.push(`the prices prove ${text(certified)}, not ${text(plan.proof.certified)}`)
  }
  if (compareLevels(plan.objective, plan.bound) < 0) errors.push('the plan is better than its own bound')
  if (plan.proof.by === 'prices' && compareLevels(plan.bound, certified) !== 0) errors.push('the bound is not the one the prices prove')
  if (compareLevels(plan.bound, certified) < 0) errors.push('the bound is weaker than what the prices prove')
  if (plan.gap !== gapOf(plan.objective, plan.bound)) errors.push(`gap ${plan.gap} is not the distance to the bound`)
  return { ok: errors.length === 0, errors, certified }
}

function text({ priority, splits, minutes }: Levels): string {
  return `${priority} points, ${splits} splits, ${minutes} min`
}

function checkPairs(instance: Instance, plan: Plan, errors: string[]): Levels {
  const patientOf = new Map(instance.patients.map((patient, p) => [patient.id, p]))
  const doctorOf = new Map(instance.doctors.map((doctor, d) => [doctor.id, d]))
  const placed = new Map<number, number>()
  const used = instance.doctors.map(() => ({ total: 0, adult: 0, child: 0, ald: 0, home: 0 }))
  const sum: Levels = { priority: 0, splits: 0, minutes: 0 }
  for (const pair of plan.pairs) {
    const p = patientOf.get(pair.patient) ?? -1
    const d = doctorOf.get(pair.doctor) ?? -1
    const patient = instance.patients[p]
    const arc = patient?.doctors.indexOf(d) ?? -1
    if (!patient || arc < 0) {
      errors.push(`${pair.patient} with ${pair.doctor} is not a feasible pair`)
      continue
    }
    if (placed.has(p)) errors.push(`${pair.patient} is placed twice`)
    if (patient.minutes[arc] !== pair.minutes || patient.priority !== pair.priority) errors.push(`${pair.patient}: wrong minutes or points`)
    placed.set(p, d)
    used[d]!.total++
    used[d]![patient.profile]++
    sum.priority += patient.priority
    sum.minutes += patient.minutes[arc]!
  }
  instance.doctors.forEach((doctor, d) => {
    checkCapacity(doctor, used[d]!, errors)
  })
  checkUnplaced(instance, plan, placed, errors)
  for (const { members } of instance.households) {
    const doctors = new Set(members.map(member => placed.get(member)).filter(doctor => doctor !== undefined))
    sum.splits += Math.max(0, doctors.size - 1)
  }
  return sum
}

function checkCapacity(doctor: InstanceDoctor, used: { total: number } & Record<Profile, number>, errors: string[]): void {
  if (used.total > doctor.total) errors.push(`${doctor.id} has ${used.total} patients for ${doctor.total} places`)
  for (const profile of PROFILES) {
    const places = doctor[profile]
    if (places !== null && used[profile] > places) errors.push(`${doctor.id} has ${used[profile]} ${profile} patients for ${places} places`)
  }
}

function checkUnplaced(instance: Instance, plan: Plan, placed: Map<number, number>, errors: string[]): void {
  const unplaced = new Set(plan.unplaced.map(({ patient }) => patient))
  instance.patients.forEach(({ id }, p) => {
    if (unplaced.has(id) === placed.has(p)) errors.push(`${id} is neither placed nor unplaced, or both`)
  })
}

/** Weak duality: for any prices ≥ 0, capacity × price plus what each household gains at most at these prices bounds every plan. */
function priceBound(instance: Instance, plan: Plan, errors: string[]): Levels {
  const doctorOf = new Map(instance.doctors.map((doctor, d) => [doctor.id, d]))
  const prices = instance.doctors.map(() => ({ adult: zero(), child: zero(), ald: zero(), home: zero() }))
  const bound: Value = { points: 0, rest: 0 }
  const pay = (price: Price, places: number, what: string) => {
    if (price.points < 0 || (price.points === 0 && price.minutes < 0)) errors.push(`${what} has a negative price`)
    if (!Number.isFinite(price.points) || !Number.isFinite(price.minutes)) errors.push(`${what} has no price`)
    bound.points += price.points * places
    bound.rest += price.minutes * places
  }
  for (const priced of plan.proof.prices) {
    const d = doctorOf.get(priced.doctor) ?? -1
    const doctor = instance.doctors[d]
    if (!doctor) {
      errors.push(`${priced.doctor} has a price and is not in the instance`)
      continue
    }
    doctorOf.delete(priced.doctor)
    pay(priced.total, doctor.total, priced.doctor)
    for (const profile of PROFILES) {
      const own = priced[profile] ?? { points: 0, minutes: 0 }
      pay(own, Math.min(doctor.total, doctor[profile] ?? doctor.total), `${priced.doctor}, ${profile}`)
      prices[d]![profile] = { points: priced.total.points + own.points, rest: priced.total.minutes + own.minutes }
    }
  }
  const unit = splitUnit(instance)
  const alone = new Set(instance.patients.keys())
  for (const { members } of instance.households) {
    for (const member of members) alone.delete(member)
    add(bound, householdSurplus(instance, prices, members, unit))
  }
  for (const p of alone) add(bound, patientSurplus(instance, prices, p))
  return toBound(bound.points, -bound.rest, unit)
}

type Prices = Record<Profile, Value>[]

function zero(): Value {
  return { points: 0, rest: 0 }
}

function add(to: Value, { points, rest }: Value): void {
  to.points += points
  to.rest += rest
}

function better(a: Value, b: Value): boolean {
  return a.points > b.points || (a.points === b.points && a.rest > b.rest)
}

function gain(instance: Instance, prices: Prices, p: number, arc: number): Value {
  const patient = instance.patients[p]!
  const price = prices[patient.doctors[arc]!]![patient.profile]
  return { points: patient.priority - price.points, rest: -patient.minutes[arc]! - price.rest }
}

function patientSurplus(instance: Instance, prices: Prices, p: number): Value {
  let best = zero()
  for (let arc = 0; arc < instance.patients[p]!.doctors.length; arc++) {
    const value = gain(instance, prices, p, arc)
    if (better(value, best)) best = value
  }
  return best
}

/** The most a household gains at these prices, members together or apart, each split paid. */
function householdSurplus(instance: Instance, prices: Prices, members: number[], unit: number): Value {
  if (members.length > LARGEST_ENUMERATED) {
    // Each at his best and no split paid: a valid bound, merely a weaker one.
    const sum = zero()
    for (const member of members) add(sum, patientSurplus(instance, prices, member))
    return sum
  }
  const together = bestTogether(instance, prices, members)
  const partition: (Value | undefined)[] = [zero()]
  let best = zero()
  for (let set = 1; set < 1 << members.length; set++) {
    const lowest = set & -set
    let found: Value | undefined
    for (let part = set; part > 0; part = (part - 1) & set) {
      const one = together[part]
      const others = partition[set ^ part]
      if (!(part & lowest) || !one || !others) continue
      const value = { points: one.points + others.points, rest: one.rest + others.rest - (part === set ? 0 : unit) }
      if (!found || better(value, found)) found = value
    }
    partition[set] = found
    if (found && better(found, best)) best = found
  }
  return best
}

/** For each subset of the members, the best gain of placing all of them with one doctor, undefined when none can. */
function bestTogether(instance: Instance, prices: Prices, members: number[]): (Value | undefined)[] {
  const gains = new Map<number, (Value | undefined)[]>()
  members.forEach((member, i) => {
    instance.patients[member]!.doctors.forEach((doctor, arc) => {
      const row = gains.get(doctor) ?? []
      row[i] = gain(instance, prices, member, arc)
      gains.set(doctor, row)
    })
  })
  const best: (Value | undefined)[] = []
  for (const row of gains.values()) {
    const sums: (Value | undefined)[] = [zero()]
    for (let set = 1; set < 1 << members.length; set++) {
      const lowest = 31 - Math.clz32(set & -set)
      const own = row[lowest]
      const rest = sums[set & (set - 1)]
      sums[set] = own && rest && { points: own.points + rest.points, rest: own.rest + rest.rest }
      const sum = sums[set]
      const current = best[set]
      if (sum && (!current || better(sum, current))) best[set] = sum
    }
  }
  return best
}
