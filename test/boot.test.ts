/** The first seconds of every command: which Node runs it, when packages are installed, what its exit code and signals become. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'

type Boot = {
  chooseNode(modules: string, machine: string, running: { version: string; execPath: string }): string | undefined
  agrees(wanted: Packages, installed: Packages): boolean
  pinned: Record<string, string>
}
type Packages = Record<string, { version?: string; integrity?: string; optional?: boolean }>

const root = path.join(import.meta.dirname, '..')
const bootFile = path.join(root, 'bin', 'boot.js')
const { agrees, chooseNode, pinned } = (await import(bootFile)) as Boot
const scratch = mkdtempSync(path.join(tmpdir(), 'trame-boot-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

type Ended = { code: number | null; out: string; err: string }

/** Runs our Node to its end, as from a terminal without the test's own settings. */
function node(args: string[], onOutput: (pid: number) => void = () => {}): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { env: { ...process.env, NODE_TEST_CONTEXT: undefined, npm_execpath: undefined } })
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.on('data', chunk => {
      ended.out += chunk
      onOutput(child.pid!)
    })
    child.stderr.on('data', chunk => {
      ended.err += chunk
    })
    child.once('close', code => resolve({ ...ended, code }))
  })
}

function script(name: string, text: string): string {
  const file = path.join(scratch, name)
  writeFileSync(file, text)
  return file
}

const bin = (name: string) => path.join(root, 'bin', name)
/** Makes the Node that boots believe it is another version. */
const as = (version: string) => ['--import', `data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`]

describe('which Node runs', () => {
  const modules = path.join(scratch, 'node_modules')
  const file = path.join(modules, pinned['linux-x64']!)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, '')

  test('always the pinned one when it is there, even beside a newer one', () => {
    assert.equal(chooseNode(modules, 'linux-x64', { version: 'v20.1.0', execPath: '/node' }), file)
    assert.equal(chooseNode(modules, 'linux-x64', { version: 'v27.0.0', execPath: '/node' }), file)
  })

  test('the running one when none is pinned for the machine, if recent enough', () => {
    assert.equal(chooseNode(modules, 'sunos-x64', { version: 'v26.0.0', execPath: '/node' }), '/node')
    assert.equal(chooseNode(modules, 'linux-arm64', { version: 'v27.0.0', execPath: '/node' }), '/node')
    assert.equal(chooseNode(modules, 'linux-arm64', { version: 'v25.9.0', execPath: '/node' }), undefined)
  })

  test('every pinned Node is a package of package.json, at one version', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>
    }
    const versions = Object.values(pinned).map(each => optionalDependencies[each.split('/')[0]!])
    assert.equal(new Set(versions).size, 1)
    assert.match(versions[0] ?? '', /^26\./)
  })

  test('a command under an older Node runs under the pinned one', async () => {
    const { out, code } = await node([
      ...as('v20.0.0'),
      bin('run.js'),
      script('version.ts', 'const v: string = process.version\nconsole.log(v)'),
    ])
    assert.equal(code, 0)
    assert.match(out, /^v26\./)
  })

  test('a Node too old to install is told so in one sentence', async () => {
    const { err, code } = await node([...as('v18.20.0'), bin('run.js'), 'x.ts'])
    assert.equal(code, 1)
    assert.equal(err, 'Trame a besoin de Node 20 ou plus récent, et v18.20.0 est installé\u202f: voir https://nodejs.org/fr/download.\n')
  })
})

describe('what a command becomes', () => {
  test('its arguments and its exit code are those of the file', async () => {
    const { out, code } = await node([
      bin('run.js'),
      script('exit.ts', 'console.log(process.argv.slice(2).join("|")); process.exit(7)'),
      'é è',
      '--b',
    ])
    assert.deepEqual({ out, code }, { out: 'é è|--b\n', code: 7 })
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    test(`${signal} reaches the file once, and its answer is ours`, async () => {
      const file = script(
        `${signal}.ts`,
        `let n = 0\nprocess.on('${signal}', () => { n++; setTimeout(() => process.exit(40 + n), 300) })\nconsole.log('ready'); setInterval(() => {}, 1000)`,
      )
      let sent = false
      const { code } = await node([bin('run.js'), file], pid => {
        if (!sent) process.kill(pid, signal)
        sent = true
      })
      assert.equal(code, 41)
    })

  test('a bench that does not exist is refused', async () => {
    const { err, code } = await node([bin('bench.js'), 'nope'])
    assert.equal(code, 1)
    assert.match(err, /^Aucune mesure ne s’appelle «\u202fnope\u202f»/)
  })
})

describe('installing', () => {
  /** A project whose npm is a script of ours: it notes that it ran, takes its time, and ends with `code`. */
  function project(name: string, code = 0): { folder: string; install: () => Promise<Ended>; runs: () => number; stamp: string } {
    const folder = path.join(scratch, name)
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }))
    const npm = script(
      `${name}-npm.mjs`,
      `import fs from 'node:fs'
       fs.appendFileSync('runs', 'x')
       if (process.argv[2] !== 'ci') process.exit(9)
       await new Promise(resolve => setTimeout(resolve, 400))
       fs.mkdirSync('node_modules', { recursive: true })
       process.exit(${code})`,
    )
    const call = `const { install } = await import('${pathToFileURL(bootFile)}'); await install(${JSON.stringify(folder)}, [process.execPath, ${JSON.stringify(npm)}])`
    return {
      folder,
      install: () => node(['--input-type=module', '-e', call]),
      runs: () => (existsSync(path.join(folder, 'runs')) ? readFileSync(path.join(folder, 'runs'), 'utf8').length : 0),
      stamp: path.join(folder, 'node_modules', '.installed'),
    }
  }

  test('never through a link to the packages of another copy', async () => {
    const { folder, install, runs } = project('linked')
    const other = path.join(scratch, 'other-packages')
    mkdirSync(other)
    symlinkSync(other, path.join(folder, 'node_modules'))
    const { code, err } = await install()
    assert.equal(code, 1)
    assert.match(err, /est un lien/)
    assert.equal(runs(), 0)
  })

  test('once, then again only when the lock changes', async () => {
    const { folder, install, runs } = project('once')
    const first = await install()
    assert.equal(first.code, 0, first.err)
    assert.match(first.err, /^Installation des paquets de Trame/)
    assert.deepEqual(await install(), { code: 0, out: '', err: '' })
    assert.equal(runs(), 1)
    writeFileSync(path.join(folder, 'package-lock.json'), '{"packages":{"":{},"node_modules/b":{"version":"2.0.0"}}}')
    await install()
    assert.equal(runs(), 2)
  })

  test('once for two commands started together', async () => {
    const { install, runs } = project('together')
    const both = await Promise.all([install(), install()])
    assert.deepEqual(
      both.map(each => each.code),
      [0, 0],
    )
    assert.equal(runs(), 1)
    assert.match(both.map(each => each.err).join(''), /Le processus \d+ installe déjà les paquets\u202f: on l’attend/)
  })

  test('again after a failure, which is told in a sentence', async () => {
    const { install, runs, stamp } = project('fails', 1)
    const { code, err } = await install()
    assert.equal(code, 1)
    assert.match(err, /Les paquets n’ont pas pu être installés\u202f: vérifiez la connexion/)
    assert.equal(existsSync(stamp), false)
    await install()
    assert.equal(runs(), 2)
  })

  test('in spite of a lock left by a killed command', async () => {
    const { folder, install, runs } = project('killed')
    mkdirSync(path.join(folder, 'var'))
    writeFileSync(path.join(folder, 'var', 'install.lock'), '999999999')
    assert.equal((await install()).code, 0)
    assert.equal(runs(), 1)
    assert.equal(existsSync(path.join(folder, 'var', 'install.lock')), false)
  })

  test('not when npm, run by hand, already installed what the lock says', async () => {
    const { folder, install, runs, stamp } = project('by-hand')
    mkdirSync(path.join(folder, 'node_modules'))
    writeFileSync(path.join(folder, 'node_modules', '.package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}')
    assert.equal((await install()).code, 0)
    assert.equal(runs(), 0)
    assert.equal(existsSync(stamp), true)
  })

  test('npm’s record agrees only if nothing but other machines’ packages is missing', () => {
    const wanted: Packages = { '': {}, a: { version: '1', integrity: 'x' }, other: { version: '1', optional: true } }
    assert.equal(agrees(wanted, { a: { version: '1', integrity: 'x' } }), true)
    assert.equal(agrees(wanted, {}), false)
    assert.equal(agrees(wanted, { a: { version: '1', integrity: 'y' } }), false)
    assert.equal(agrees(wanted, { a: { version: '2', integrity: 'x' } }), false)
    assert.equal(agrees(wanted, { a: { version: '1', integrity: 'x' }, gone: { version: '1' } }), false)
  })
})
