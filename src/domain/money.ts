/**
 * Money is integer cents. What is shared out adds up to the whole, to the cent: parts are rounded down, then the cents left over go to
 * the largest remainders, the first part winning a tie (Hamilton's method).
 */

/** An amount in cents of a euro: a safe integer, negative for a repayment. */
export type Cents = number

/** @throws RangeError when it is not a whole number of cents that arithmetic keeps exact */
export function assertCents(cents: Cents): Cents {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`not an amount in cents: ${cents}`)
  return cents
}
/** Whole euros, or euros with at most two decimals, as cents. */
export const euros = (amount: number): Cents => assertCents(Math.round(amount * 100))

/**
 * amount × numerator ÷ denominator, rounded half away from zero, exact whatever the size of the product.
 *
 * @throws RangeError on a denominator of zero or less, or on anything that is not a safe integer
 */
export function proportion(amount: Cents, numerator: number, denominator: number): Cents {
  assertCents(amount)
  assertCents(numerator)
  if (!(Number.isSafeInteger(denominator) && denominator > 0)) throw new RangeError(`not a denominator: ${denominator}`)
  const product = amount * numerator
  if (Number.isSafeInteger(product * 2 + denominator)) {
    const half = Math.floor((2 * Math.abs(product) + denominator) / (2 * denominator))
    return product < 0 && half !== 0 ? -half : half
  }
  const [big, by] = [BigInt(amount) * BigInt(numerator), BigInt(denominator)]
  const rounded = (2n * (big < 0n ? -big : big) + by) / (2n * by)
  return assertCents(Number(big < 0n ? -rounded : rounded))
}

/**
 * Shares out Σ numerators ÷ denominator, rounded once, among the numerators.
 *
 * @param numerators each part before division, zero or more
 * @returns whole parts whose sum is the rounded sum of the exact parts
 */
export function shareOut(numerators: readonly number[], denominator: number): Cents[] {
  if (!(Number.isSafeInteger(denominator) && denominator > 0)) throw new RangeError(`not a denominator: ${denominator}`)
  let [sum, down] = [0, 0]
  const parts = numerators.map(n => {
    if (!(Number.isSafeInteger(n) && n >= 0)) throw new RangeError(`not a part: ${n}`)
    sum += n
    const part = Math.floor(n / denominator)
    down += part
    return part
  })
  let left = proportion(assertCents(sum), 1, denominator) - down
  if (left === 0) return parts
  const order = numerators.map((n, i) => ({ i, rest: n % denominator })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const { i, rest } of order) {
    if (left === 0 || rest === 0) break
    parts[i]!++
    left--
  }
  return parts
}

/**
 * Splits a whole amount in the proportions of the weights: thirds of 185 000 € are 61 666,67, 61 666,67 and 61 666,66 €.
 *
 * @param weights zero or more, at least one above zero
 */
export function split(amount: Cents, weights: readonly number[]): Cents[] {
  const total = weights.reduce((sum, w) => sum + w, 0)
  if (amount < 0) return split(-amount, weights).map(part => (part === 0 ? 0 : -part))
  return shareOut(
    weights.map(w => assertCents(amount * w)),
    total,
  )
}

/** As written in French: « 61 666,67 € », no decimals when there are none; spaces that do not break. */
export function formatEuros(cents: Cents): string {
  const units = Math.floor(Math.abs(assertCents(cents)) / 100)
  const rest = Math.abs(cents) % 100
  const grouped = String(units).replace(/\B(?=(\d{3})+$)/g, '\u202f')
  return `${cents < 0 ? '\u2212' : ''}${grouped}${rest ? `,${String(rest).padStart(2, '0')}` : ''}\u00a0€`
}
