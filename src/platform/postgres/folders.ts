/** The data folder: what is where, and how it is made so that a start killed half-way leaves nothing harmful. */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Binaries } from './binaries.ts'
import type { RunAs } from './identity.ts'
import { DataDirectoryFromOtherVersion, PostgresFailed } from './refusals.ts'

/** `data` is PostgreSQL's own; `socket` holds its unix socket. */
export type Folders = { dir: string; data: string; socket: string }

/** Makes the folders, closed to everyone else. */
export function prepareFolders(dir: string, as: RunAs): Folders {
  const socket = socketFolder(dir)
  for (const folder of [dir, socket]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (as.owner) chownSync(folder, as.owner.uid, as.owner.gid)
  }
  refuseForeign(socket, as)
  return { dir, data: path.join(dir, 'data'), socket }
}

/**
 * A unix socket's path is limited to 107 bytes, and PostgreSQL reads a comma as a list: such a folder gets its socket in the
 * system's temporary folder, under a name that depends on the folder only.
 */
function socketFolder(dir: string): string {
  const near = path.join(dir, 'socket')
  if (Buffer.byteLength(near) <= 88 && !/[,"]|^\s|\s$/.test(near)) return near
  const name = createHash('sha256').update(`${process.getuid?.()} ${dir}`).digest('hex').slice(0, 20)
  return path.join(tmpdir(), `trame-${name}`)
}

/** The temporary folder is everybody's: someone else's folder under our name would let them in. */
function refuseForeign(socket: string, as: RunAs): void {
  if (process.platform === 'win32') return
  const found = lstatSync(socket)
  const expected = as.owner?.uid ?? process.getuid?.()
  if (!found.isDirectory() || found.uid !== expected || (found.mode & 0o077) !== 0)
    throw new PostgresFailed(
      `Le dossier ${socket} appartient à quelqu’un d’autre ou lui est ouvert\u202f: supprimez-le, puis relancez Trame.`,
    )
}

/** Leaves nothing of ours in the system's temporary folder. */
export function forgetSocket({ dir, socket }: Folders): void {
  if (path.dirname(socket) !== dir) rmSync(socket, { recursive: true, force: true })
}

/** Makes the cluster if there is none, under a temporary name and then renamed: a cluster exists whole or not at all. */
export async function initialise(folders: Folders, programs: Binaries, as: RunAs): Promise<void> {
  sweepDrafts(folders.dir)
  if (existsSync(folders.data)) return checkVersion(folders, programs)
  const draft = `${folders.data}.new-${process.pid}`
  mkdirSync(draft, { mode: 0o700 })
  if (as.owner) chownSync(draft, as.owner.uid, as.owner.gid)
  const secret = readPassword(folders)
  await run(programs, as, 'initdb', [
    ...['-D', draft, '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--data-checksums'],
    // The machine's own locales change with its updates and then silently break indexes; PostgreSQL brings its own since 17.
    ...(programs.major >= 17 ? ['--locale-provider=builtin'] : []),
    ...['--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions'],
  ])
  const sql = [
    `alter role postgres password '${secret}'`,
    `create role trame_owner login createrole password '${secret}'`,
    'create database trame owner trame_owner',
    // The maintenance database is nobody's business but the administrator's.
    'revoke connect on database postgres from public',
  ]
  // Single-user mode, one statement a line: no client, no socket, and nobody can come in before the roles are right.
  await run(programs, as, 'postgres', ['--single', '-D', draft, '-c', 'exit_on_error=on', 'postgres'], `${sql.join('\n')}\n`)
  renameSync(draft, folders.data)
}

/** Removes what killed first starts left. Their last program may still be writing there: what resists goes at a later start. */
function sweepDrafts(dir: string): void {
  for (const name of readdirSync(dir).filter(each => each.startsWith('data.new-'))) {
    try {
      rmSync(path.join(dir, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    } catch {
      // Harmless: each start has a draft of its own.
    }
  }
}

function checkVersion(folders: Folders, programs: Binaries): void {
  const theirs = readFileSync(path.join(folders.data, 'PG_VERSION'), 'utf8').trim()
  if (theirs !== String(programs.major)) throw new DataDirectoryFromOtherVersion(folders.data, theirs, programs.major)
}

/** The password asked over TCP, drawn once per folder and readable by its owner only. */
export function readPassword(folders: Folders): string {
  const file = path.join(folders.dir, 'password')
  try {
    writeFileSync(file, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8')
}

/** Runs one of PostgreSQL's programs to its end. */
async function run(programs: Binaries, as: RunAs, program: string, args: string[], input = ''): Promise<void> {
  const [command, ...rest] = [...as.prefix, path.join(programs.bin, program), ...args]
  const env = programs.libraryPath === undefined ? undefined : { LD_LIBRARY_PATH: programs.libraryPath }
  const child = spawn(command!, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env })
  let printed = ''
  child.stdout.on('data', chunk => {
    printed += chunk
  })
  child.stderr.on('data', chunk => {
    printed += chunk
  })
  child.stdin.on('error', () => {
    // It ended without reading: its status says why.
  })
  child.stdin.end(input)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) throw new PostgresFailed(`La base de données n’a pas pu être créée (${program})\u202f:\n${printed.trim().slice(-4000)}`)
}
