/** What `npm run trame -- …` can do: each command is declared like a page, and an area declares its own (`commands.ts`). */
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { maybe, sql, type Tx } from './db/types.ts'
import type { OwnerLogin } from './engine.ts'
import { Refusal } from './errors.ts'
import type { Log } from './log.ts'
import type { Progress } from './progress.ts'

export interface CommandCtx {
  config: Config
  now: Date
  log: Log
  /** The words after the command's name. */
  args: readonly string[]
  /** The value of `--name`, if given. */
  option(name: string): string | undefined
  flag(name: string): boolean
  /** One line on standard output. */
  say(line: string): void
  /** A progress line on standard error. */
  progress(label: string): Progress
  /** Fires at Ctrl+C: give up and leave the data as they were. */
  signal: AbortSignal
  /** The application's own connection, on a migrated database. Opened when first asked for. */
  db(): Promise<Database>
  /** For what the application's login may not do (imports). Also on a migrated database. */
  owner(): Promise<OwnerLogin>
  /** The same on the database as it is: looks, changes nothing. */
  ownerAsIs(): Promise<OwnerLogin>
}
export interface Command {
  /** One or two words: `doctor`, `cpts create`. */
  name: string
  /** What follows the name, for the help: `--slug NOM [--epci SIREN]`. */
  usage: string
  /** One French sentence. */
  summary: string
  /** Options that take a value and those that do not; any other is refused. */
  options?: readonly string[]
  flags?: readonly string[]
  /** At most this many words beside the options (0). */
  words?: number
  /** The exit code; nothing means 0. Throws `Refusal` with a sentence for the operator. */
  run(ctx: CommandCtx): Promise<number | undefined>
}

/** What was typed, understood by the command's declaration. */
export interface Typed {
  command: Command
  args: string[]
  options: Map<string, string>
  flags: Set<string>
}

/** Finds the command and its options. Throws `Refusal` naming what is not understood. */
export function understand(commands: readonly Command[], words: readonly string[]): Typed | undefined {
  // The longest name first: « cpts create » before « cpts ».
  const command = [...commands]
    .sort((a, b) => b.name.length - a.name.length)
    .find(c => c.name.split(' ').every((word, i) => words[i] === word))
  if (!command) return undefined
  const help = `Son usage\u202f: npm run trame -- ${command.name} ${command.usage}`.trimEnd()
  const typed: Typed = { command, args: [], options: new Map(), flags: new Set() }
  const rest = words.slice(command.name.split(' ').length)
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!
    if (!word.startsWith('--')) {
      typed.args.push(word)
      continue
    }
    const [name = '', inline] = word.slice(2).split(/=(.*)/s)
    if (command.flags?.includes(name) && inline === undefined) typed.flags.add(name)
    else if (command.options?.includes(name)) {
      const value = inline ?? rest[++i]
      if (value === undefined || (inline === undefined && value.startsWith('--'))) throw new Refusal(`--${name} attend une valeur. ${help}`)
      typed.options.set(name, value)
    } else throw new Refusal(`La commande «\u202f${command.name}\u202f» ne connaît pas ${word}. ${help}`)
  }
  if (typed.args.length > (command.words ?? 0)) throw new Refusal(`«\u202f${typed.args[command.words ?? 0]}\u202f» est de trop. ${help}`)
  return typed
}

/** The value of an option the command cannot do without. */
export function required(ctx: CommandCtx, name: string): string {
  const value = ctx.option(name)
  if (!value) throw new Refusal(`Indiquez --${name}.`)
  return value
}

/** One transaction of the community named by `--cpts`. Throws `Refusal` when none has that name. */
export async function inCommunity<T>(ctx: CommandCtx, work: (tx: Tx) => Promise<T>): Promise<T> {
  const slug = required(ctx, 'cpts')
  const db = await ctx.db()
  const found = await db.inSite(tx => maybe<{ id: string }>(tx, sql`select id from platform.cpts where slug = ${slug}`))
  if (!found) throw new Refusal(`Aucune communauté ne s’appelle «\u202f${slug}\u202f».`)
  return db.inTenant(found.id, work)
}
