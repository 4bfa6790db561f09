/** How many random plays, and which one again: a failure prints its seed and path. TRAME_RUNS=200 · TRAME_SEED=… TRAME_PATH=… */
import fc from 'fast-check'

export const RUNS = Number(process.env.TRAME_RUNS ?? 15)
export const replay = {
  ...(process.env.TRAME_SEED && { seed: Number(process.env.TRAME_SEED) }),
  ...(process.env.TRAME_PATH && { path: process.env.TRAME_PATH }),
}
/** A record that prints as one would write it. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T>(model, { noNullPrototype: true })
