import type { Flow } from './flow.ts'
import { KINDS, type Network } from './network.ts'
import { type Instance, PROFILES, type Price, type Proof } from './types.ts'

/**
 * Prices of places in two parts, points and minutes: index `d` for a doctor's total, `d * KINDS + k` for the extra price of
 * one of his limited profiles. Minutes may be fractions in 64ths, which doubles add exactly.
 */
export type Prices = { points: Float64Array; minutes: Float64Array; kindPoints: Float64Array; kindMinutes: Float64Array }

/** Reads the prices of an optimal flow: its potentials, unfolded, without the seniority part. */
export function pricesOf(flow: Flow): Prices {
  const { network, potential } = flow
  const m = network.doctors
  const prices = emptyPrices(m)
  for (let d = 0; d < m; d++) {
    let total = Math.max(0, potential[network.totals + d]!)
    // A profile limited by the total only has no price of its own: it is the doctor's.
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      if (network.kindCapacity[node] === network.capacity[d]) total = Math.max(total, potential[node]!)
    }
    const [points, minutes] = unfold(network, total)
    prices.points[d] = points
    prices.minutes[d] = minutes
    for (let node = d * KINDS; node < (d + 1) * KINDS; node++) {
      if (potential[node]! <= total) continue
      const [kindPoints, kindMinutes] = unfold(network, potential[node]!)
      prices.kindPoints[node] = kindPoints - points
      prices.kindMinutes[node] = kindMinutes - minutes
    }
  }
  return prices
}

export function emptyPrices(doctors: number): Prices {
  return {
    points: new Float64Array(doctors),
    minutes: new Float64Array(doctors),
    kindPoints: new Float64Array(doctors * KINDS),
    kindMinutes: new Float64Array(doctors * KINDS),
  }
}

/** Points and minutes of a folded cost; each part is exact because the units were chosen larger than twice the parts below. */
function unfold({ pointUnit, minuteUnit }: Network, folded: number): [number, number] {
  const points = Math.round(folded / pointUnit)
  return [points, Math.round((folded - points * pointUnit) / minuteUnit)]
}

/** The certificate as the plan carries it: only what has a price. */
export function toProofPrices({ points, minutes, kindPoints, kindMinutes }: Prices, { doctors }: Instance): Proof['prices'] {
  const listed: Proof['prices'] = []
  doctors.forEach((doctor, d) => {
    const total: Price = { points: points[d]!, minutes: minutes[d]! }
    const own: Partial<Record<(typeof PROFILES)[number], Price>> = {}
    PROFILES.forEach((profile, k) => {
      const node = d * KINDS + k
      if (kindPoints[node] !== 0 || kindMinutes[node] !== 0) own[profile] = { points: kindPoints[node]!, minutes: kindMinutes[node]! }
    })
    if (total.points !== 0 || total.minutes !== 0 || Object.keys(own).length > 0) listed.push({ doctor: doctor.id, total, ...own })
  })
  return listed
}

/** The prices of a certificate, for the doctors of an instance who were there when it was made. */
export function readPrices(listed: Proof['prices'], { doctors }: Instance, doctorOf: Map<string, number>): Prices {
  const prices = emptyPrices(doctors.length)
  for (const { doctor, total, ...own } of listed) {
    const d = doctorOf.get(doctor)
    if (d === undefined) continue
    prices.points[d] = total.points
    prices.minutes[d] = total.minutes
    PROFILES.forEach((profile, k) => {
      prices.kindPoints[d * KINDS + k] = own[profile]?.points ?? 0
      prices.kindMinutes[d * KINDS + k] = own[profile]?.minutes ?? 0
    })
  }
  return prices
}
