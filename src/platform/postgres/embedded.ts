/** Starts the PostgreSQL that npm installed, on a data folder of ours, and stops it with us. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'
import { type Binaries, findBinaries } from './binaries.ts'
import { forgetSocket, initialise, prepareFolders, readPassword } from './folders.ts'
import { type RunAs, runAs } from './identity.ts'
import { takeLock } from './lock.ts'
import { retirePredecessor } from './predecessor.ts'
import { PostgresFailed } from './refusals.ts'

export { DataDirectoryFromOtherVersion, DataDirectoryInUse, NoEmbeddedPostgres, PostgresFailed } from './refusals.ts'

export type EmbeddedOptions = {
  /** Everything of this server lives in this folder; it is made if missing. */
  dir: string
  /** Also listen on 127.0.0.1 with passwords; 0 picks a free port. Without it only the unix socket exists. */
  tcpPort?: number
  /** Further server settings, e.g. `{ fsync: 'off' }` for throw-away data. */
  settings?: Record<string, string>
  /** Another PostgreSQL than the one from npm: the tests run on the machine's own as well. */
  programs?: Binaries
  /** Receives what the server prints. */
  log?: (line: string) => void
}

/** What a PostgreSQL client needs to connect. `host` is the folder of the unix socket, or 127.0.0.1. */
export type Connection = { host: string; port: number; user: string; database: string; password?: string }

export type EmbeddedPostgres = {
  /** The owner of the `trame` database: not a superuser, may create roles. */
  connection: Connection
  /** The server's administrator, for backups and tests. */
  superuser: Connection
  pid: number
  /** Settles when the server has ended, asked or not. */
  exited: Promise<void>
  /** Lets transactions under way be rolled back, writes everything, ends. May be called twice. */
  stop(): Promise<void>
}

/** Owner of the application's database, and the database itself. */
export const owner = 'trame_owner'
export const database = 'trame'

// No statement and no value may reach the log, they hold patients' data: the message of an error quotes what it refuses. Errors
// go to the client that caused them; the log keeps the life of the server.
const settings: Record<string, string> = {
  shared_buffers: '128MB',
  max_connections: '60',
  unix_socket_permissions: '0700',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/**
 * Starts PostgreSQL on `dir`, creating the cluster at the first start.
 * Throws `DataDirectoryInUse` when a living Trame holds the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dir = path.resolve(options.dir)
  const as = runAs()
  const folders = prepareFolders(dir, as)
  const release = takeLock(dir)
  try {
    const programs = options.programs ?? findBinaries(dir)
    await initialise(folders, programs, as)
    await retirePredecessor(folders)
    const tcp = process.platform === 'win32' ? (options.tcpPort ?? 0) : options.tcpPort
    const port = tcp === undefined ? 5432 : await choosePort(tcp)
    const args = ['-D', folders.data, '-p', String(port), ...flags(folders.socket, tcp !== undefined, options.settings)]
    const server = await launch(programs, as, args, options.log)
    const ended = () => {
      forgetSocket(folders)
      release()
    }
    return handle(server, ended, { host: tcp === undefined ? folders.socket : '127.0.0.1', port, password: readPassword(folders) })
  } catch (error) {
    release()
    throw error
  }
}

function flags(socket: string, tcp: boolean, extra: Record<string, string> = {}): string[] {
  const all = {
    listen_addresses: tcp ? '127.0.0.1' : '',
    unix_socket_directories: process.platform === 'win32' ? '' : socket,
    ...settings,
    ...extra,
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function choosePort(wanted: number): Promise<number> {
  if (wanted !== 0) return wanted
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise(resolve => probe.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** Runs the server until it accepts connections. */
async function launch(programs: Binaries, as: RunAs, args: string[], log: (line: string) => void = () => {}): Promise<ChildProcess> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const { server, printed } = await attempt(programs, as, args, log)
    if (server) return server
    // After a kill -9 of the server, its last processes need a moment to notice; PostgreSQL rightly refuses to start beside them.
    const soon = printed.includes('shared memory block') && performance.now() < deadline
    if (!soon) throw new PostgresFailed(`PostgreSQL n’a pas démarré\u202f:\n${printed.trim()}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function attempt(programs: Binaries, as: RunAs, args: string[], log: (line: string) => void) {
  const [command, ...rest] = [...as.prefix, path.join(programs.bin, 'postgres'), ...args]
  // Detached: Ctrl+C reaches every process of the terminal, and it is for Trame to finish its work first, then stop the server.
  const server = spawn(command!, rest, { stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: environment(programs) })
  let printed = ''
  const ready = await new Promise<boolean>(resolve => {
    server.once('error', error => {
      printed += error.message
      resolve(false)
    })
    server.once('close', () => resolve(false))
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-4000)
      for (const line of text.split('\n')) if (line) log(line)
      if (printed.includes('ready to accept connections')) resolve(true)
    })
  })
  return { server: ready ? server : undefined, printed }
}

/** The environment of the server's programs. */
function environment(programs: Binaries): NodeJS.ProcessEnv | undefined {
  return programs.libraryPath === undefined ? undefined : { LD_LIBRARY_PATH: programs.libraryPath }
}

function handle(server: ChildProcess, ended: () => void, at: { host: string; port: number; password: string }): EmbeddedPostgres {
  const exited = new Promise<void>(resolve => {
    if (server.exitCode !== null || server.signalCode !== null) resolve()
    else server.once('exit', () => resolve())
  })
  exited.then(ended)
  const stop = async () => {
    // Fast, then without a last checkpoint (recovered at the next start), then by force: stopping must never hang.
    for (const [signal, patience] of [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ] as const) {
      server.kill(signal)
      if (await settlesWithin(exited, patience)) return
    }
  }
  return {
    connection: { ...at, user: owner, database },
    superuser: { ...at, user: 'postgres', database: 'postgres' },
    pid: server.pid!,
    exited,
    stop,
  }
}

async function settlesWithin(event: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const settled = await Promise.race([event.then(() => true), late])
  clearTimeout(timer)
  return settled
}
