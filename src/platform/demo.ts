/** The demonstration: loaded into a database that holds no community yet, by `demo/load.ts`, which the platform only knows by its shape. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { markDemoLoaded } from './db/communities.ts'
import type { Database } from './db/database.ts'
import { one, sql } from './db/types.ts'
import type { OwnerLogin } from './engine.ts'

export interface DemoOptions {
  db: Database
  /** For what the application's role may not write (reference data). */
  owner: OwnerLogin
  now: Date
  /** Address of this instance, for the links of the messages. */
  baseUrl: string
  /** Tells the operator what is being loaded. */
  say(line: string): void
}
/** What `demo/load.ts` exports as `loadDemo`. */
export type LoadDemo = (options: DemoOptions) => Promise<void>

const file = path.resolve(import.meta.dirname, '../../demo/load.ts')

/** True when something was loaded. */
export async function loadDemoIfEmpty(options: DemoOptions): Promise<boolean> {
  if (!existsSync(file) || (await holdsCommunity(options.db))) return false
  const { loadDemo } = (await import(pathToFileURL(file).href)) as { loadDemo: LoadDemo }
  await loadDemo(options)
  await markDemoLoaded(options.owner)
  return true
}

async function holdsCommunity(db: Database): Promise<boolean> {
  const { found } = await db.inSite(tx => one<{ found: boolean }>(tx, sql`select exists (select from platform.cpts) as found`))
  return found
}
