/** `npm run trame -- …`: the same functions as the application, from the shell. Uses the running server when there is one. */
import { commands as directory } from './areas/directory/commands.ts'
import { commands as gpAccess } from './areas/gp-access/commands.ts'
import { commands as people } from './areas/people/commands.ts'
import { commands as territory } from './areas/territory/commands.ts'
import { type Command, type CommandCtx, type Typed, understand } from './platform/command.ts'
import { platformCommands } from './platform/commands.ts'
import { type Config, readConfig } from './platform/config.ts'
import { type Database, openDatabase } from './platform/db/database.ts'
import { migrate } from './platform/db/migrate.ts'
import { type Engine, joinEngine } from './platform/engine.ts'
import { isForOperator, Refusal } from './platform/errors.ts'
import { silentLog } from './platform/log.ts'
import { progress } from './platform/progress.ts'

/** Areas append theirs here. */
export const commands: readonly Command[] = [...platformCommands, ...territory, ...people, ...directory, ...gpAccess]

function help(): string {
  const lines = [...commands]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(c => `  ${`${c.name} ${c.usage}`.trimEnd()}\n      ${c.summary}`)
  return `npm run trame -- COMMANDE\n\n${lines.join('\n')}\n`
}

/** Runs what was typed; answers the exit code. */
async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0 || /^(help|aide|-h|--help)$/.test(words[0]!)) {
    process.stdout.write(help())
    return 0
  }
  const typed = understand(commands, words)
  if (!typed)
    throw new Refusal(
      `Trame ne connaît pas la commande «\u202f${words.slice(0, 2).join(' ')}\u202f». La liste\u202f: npm run trame -- help`,
    )
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(130)
      process.stderr.write('\nInterruption demandée\u202f: les données restent comme avant…\n')
      ending.abort()
    })
  const means = new Means(readConfig())
  try {
    return (await typed.command.run(context(typed, means, ending.signal))) ?? 0
  } catch (error) {
    if (!ending.signal.aborted) throw error
    process.stderr.write(`${isForOperator(error) ? error.message : 'Interrompu. Rien n’a été changé.'}\n`)
    return 130
  } finally {
    await means.close()
  }
}

function context({ args, options, flags }: Typed, means: Means, signal: AbortSignal): CommandCtx {
  return {
    config: means.config,
    now: new Date(),
    log: silentLog,
    args,
    option: name => options.get(name),
    flag: name => flags.has(name),
    say: line => process.stdout.write(`${line}\n`),
    progress: label => progress(label),
    signal,
    db: () => means.db(),
    owner: async () => (await means.migrated()).owner,
    ownerAsIs: async () => (await means.engine()).owner,
  }
}

/** The database, reached and migrated when a command first asks for it. */
class Means {
  readonly config: Config
  private engineOnce: Promise<Engine> | undefined
  private migratedOnce: Promise<Engine> | undefined
  private dbOnce: Promise<Database> | undefined
  private web: Parameters<typeof openDatabase>[0]['connection'] | undefined
  constructor(config: Config) {
    this.config = config
  }
  engine(): Promise<Engine> {
    this.engineOnce ??= joinEngine(this.config, silentLog)
    return this.engineOnce
  }
  migrated(): Promise<Engine> {
    this.migratedOnce ??= this.engine().then(async engine => {
      this.web = (await migrate(engine.owner)).web
      return engine
    })
    return this.migratedOnce
  }
  db(): Promise<Database> {
    this.dbOnce ??= this.migrated().then(() => openDatabase({ connection: this.web!, size: 4 }))
    return this.dbOnce
  }
  async close(): Promise<void> {
    await (await this.dbOnce?.catch(() => undefined))?.close()
    await (await this.engineOnce?.catch(() => undefined))?.close()
  }
}

if (import.meta.main)
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${isForOperator(error) ? error.message : `La commande a échoué\u202f: ${(error as Error).stack ?? error}`}\n`)
    process.exitCode = 1
  }
