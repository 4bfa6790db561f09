/** The hashes of the audit chain, in the shapes of RFC 6962: anybody can compute them again from an export. */
import { createHash } from 'node:crypto'

const sha256 = (...parts: (Buffer | string)[]): Buffer =>
  parts.reduce<ReturnType<typeof createHash>>((h, p) => h.update(p), createHash('sha256')).digest()
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** Root before the first batch. */
export const GENESIS: Buffer = Buffer.alloc(32)

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One text for one value: members in the order of their names (RFC 8785). */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const object = value as { readonly [key: string]: Json }
  return `{${Object.keys(object)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(object[key]!)}`)
    .join(',')}}`
}
/** A leaf and a node can never have the same hash: the prefix differs. */
export const leafHash = (value: Json): Buffer => sha256(LEAF, canonical(value))

/** Merkle tree hash: the left part is the largest power of two below the count. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0]!
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(NODE, merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)))
}
/** Root of a batch: binds what came before, what is in it, its number and its count. */
export function batchRoot(previous: Buffer, merkle: Buffer, no: number, count: number): Buffer {
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(no, 0)
  numbers.writeUInt32BE(count, 4)
  return sha256(previous, merkle, numbers)
}
