/** What the rest of the house may know of the database: a transaction, and how to ask it something. */
import { type Kysely, type RawBuilder, sql } from 'kysely'

export type { RawBuilder }
export { sql }

declare const tenant: unique symbol
declare const site: unique symbol

type Handle = Kysely<Record<string, never>>

/** A transaction inside one community. Only `inTenant` and `enter` make one. */
export type Tx = Handle & { readonly [tenant]: true }
/** A transaction outside any community: communities, persons, sessions, reference data. Only `inSite` makes one. */
export type SiteTx = Handle & { readonly [site]: true }
export type AnyTx = Tx | SiteTx

export async function rows<T>(tx: AnyTx, query: RawBuilder<unknown>): Promise<T[]> {
  return (await (query as RawBuilder<T>).execute(tx as Handle)).rows
}
/** The first row or null. */
export async function maybe<T>(tx: AnyTx, query: RawBuilder<unknown>): Promise<T | null> {
  return (await rows<T>(tx, query))[0] ?? null
}
/** The only row; throws when there is none (a fault of ours, not of the user's). */
export async function one<T>(tx: AnyTx, query: RawBuilder<unknown>): Promise<T> {
  const row = await maybe<T>(tx, query)
  if (!row) throw new Error('a query that always returns a row returned none')
  return row
}
/** Runs a write and returns how many rows it changed. */
export async function run(tx: AnyTx, query: RawBuilder<unknown>): Promise<number> {
  const result = await query.execute(tx as Handle)
  return Number(result.numAffectedRows ?? 0n)
}
