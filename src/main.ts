/** The only wiring: config → port → database → migrations → areas → web and worker; and the way back. */
import { areas } from './areas.ts'
import { startSealer } from './platform/audit-chain.ts'
import { type Config, readConfig } from './platform/config.ts'
import { databaseClock } from './platform/database-clock.ts'
import { dropUnfinishedDemo } from './platform/db/communities.ts'
import { type Database, openDatabase } from './platform/db/database.ts'
import { migrate } from './platform/db/migrate.ts'
import { loadDemoIfEmpty } from './platform/demo.ts'
import { openEngine } from './platform/engine.ts'
import { isForOperator } from './platform/errors.ts'
import { type JobsOptions, startJobs } from './platform/jobs.ts'
import { faultOf, jsonLog, type Log } from './platform/log.ts'
import { startCourier } from './platform/mail.ts'
import { openServer } from './platform/server.ts'
import { createApp } from './platform/web/app.ts'

/** How long running requests and jobs may take to finish when asked to stop. */
const PATIENCE_MS = 10_000

/** What has been opened, closed in the opposite order. */
class Opened {
  private readonly closers: (() => Promise<unknown>)[] = []
  add(close: () => Promise<unknown>): void {
    this.closers.push(close)
  }
  async closeAll(log: Log): Promise<void> {
    for (let close = this.closers.pop(); close; close = this.closers.pop())
      await close().catch((error: Error) => log.error('stop', { name: error.name }))
  }
}

/** Starts everything; answers the address. What was opened before a failure is for the caller to close. */
async function start(config: Config, log: Log, opened: Opened): Promise<string> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  // First, so that a busy port refuses before anything else begins.
  const server = await openServer(config)
  const stopServer = () => server.stop(PATIENCE_MS)
  opened.add(stopServer)
  const engine = await openEngine(config, log)
  opened.add(engine.close)
  if (config.demo && (await dropUnfinishedDemo(engine.owner))) say('  La démonstration n’avait pas fini de se charger : elle recommence.')
  const { web } = await migrate(engine.owner)
  const db: Database = openDatabase({ connection: web })
  opened.add(db.close)
  const { clock, stop: stopClock } = await databaseClock({ db, log })
  opened.add(stopClock)
  const baseUrl = config.url ?? `http://localhost:${server.port}`
  if (config.demo) await loadDemoIfEmpty({ db, owner: engine.owner, now: clock(), baseUrl, say })
  const list = areas({ demo: config.demo })
  const app = createApp({ db, areas: list, clock, log, baseUrl, demo: config.demo, trustProxy: config.trustProxy })
  server.serve(app.fetch)
  await startWorkers({ db, areas: list, clock, log, baseUrl, demo: config.demo }, config, opened)
  // Requests stop before what they need.
  opened.add(stopServer)
  return baseUrl
}

/** What happens without anybody asking: scheduled jobs, mail, the sealing of the audit. */
async function startWorkers(options: JobsOptions, config: Config, opened: Opened): Promise<void> {
  const jobs = await startJobs(options)
  opened.add(() => jobs.stop(PATIENCE_MS / 2))
  const courier = await startCourier({ ...options, smtpUrl: config.smtpUrl, from: config.mailFrom })
  opened.add(courier.stop)
  const sealer = startSealer(options)
  opened.add(sealer.stop)
}

function welcome(config: Config, url: string): string {
  const where = config.databaseUrl ? 'votre serveur PostgreSQL (DATABASE_URL)' : config.data
  return `
  Trame est prête.

    Ouvrez      ${url}
    Données     ${where}
    Arrêter     Ctrl+C
`
}

async function main(): Promise<void> {
  // On a terminal the welcome stays readable: faults only. Elsewhere everything, one JSON object a line.
  const full = jsonLog()
  const log: Log = process.stderr.isTTY ? { ...full, info() {} } : full
  const opened = new Opened()
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    await opened.closeAll(log)
    process.exit(code)
  }
  // A log that cannot be written (disk full, reader gone) must not take the application down.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('unhandledRejection', error => log.error('unhandled-rejection', faultOf(error)))
  process.on('uncaughtException', error => {
    log.error('uncaught-exception', faultOf(error))
    void stop(1)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1)
      process.stdout.write('\n  Arrêt en cours… (une deuxième fois : tout de suite)\n')
      void stop(0)
    })
  try {
    const config = readConfig()
    process.stdout.write(welcome(config, await start(config, log, opened)))
  } catch (error) {
    if (stopping) return
    process.stderr.write(`${isForOperator(error) ? error.message : `Trame n’a pas pu démarrer : ${(error as Error).stack ?? error}`}\n`)
    await stop(1)
  }
}

await main()
