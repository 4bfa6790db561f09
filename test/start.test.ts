/** The application as it is started: `npm start` in a process of its own, on a data folder of its own. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { emptyDatabase, testDatabase } from './database.ts'

const root = path.join(import.meta.dirname, '..')
const hook = path.join(root, 'src/platform/tsx-hook.ts')
const made: string[] = []
const alive = new Set<ChildProcess>()
const folder = () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'trame-start-'))
  made.push(dir)
  return dir
}
after(() => {
  for (const child of alive) child.kill('SIGKILL')
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

interface Running {
  child: ChildProcess
  output(): string
  /** Exit code, or the signal. */
  exit: Promise<number | string | null>
}
function run(file: string, args: string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hook, path.join(root, file), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TRAME_DEMO: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  let output = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  const exit = new Promise<number | string | null>(resolve =>
    child.once('close', (code, signal) => {
      alive.delete(child)
      resolve(code ?? signal)
    }),
  )
  return { child, output: () => output, exit }
}
/** Started and ready; answers its address. */
async function start(env: Record<string, string>): Promise<Running & { url: string; ms: number }> {
  const from = performance.now()
  const running = run('src/main.ts', [], { PORT: '0', ...env })
  const url = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const found = /Ouvrez\s+(\S+)/.exec(running.output())
      if (found) {
        clearInterval(look)
        resolve(found[1]!)
      }
    }, 5)
    running.exit.then(code => {
      clearInterval(look)
      reject(new Error(`ended with ${code}: ${running.output()}`))
    })
  })
  return { ...running, url, ms: performance.now() - from }
}
const trame = async (env: Record<string, string>, ...words: string[]) => {
  const command = run('src/cli.ts', words, env)
  return { code: await command.exit, text: command.output() }
}
const health = (url: string) =>
  fetch(`${url}/healthz`).then(
    r => r.status,
    () => 0,
  )
async function until(what: string, app: Running, condition: () => Promise<boolean>, ms = 20_000): Promise<number> {
  const from = performance.now()
  while (!(await condition())) {
    if (performance.now() - from > ms) throw new Error(`never happened: ${what}. ${app.output()}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return performance.now() - from
}

test('a life: first start, a second one refused, commands beside it, a stop that ends well, a start again', async t => {
  const TRAME_DATA = folder()
  const app = await start({ TRAME_DATA })
  t.diagnostic(`first start ${Math.round(app.ms)} ms`)
  assert.equal(await health(app.url), 200)
  const sentence = app.output()
  assert.match(sentence, /Arrêter\s+Ctrl\+C/)

  const second = run('src/main.ts', [], { TRAME_DATA, PORT: '0' })
  assert.equal(await second.exit, 1)
  assert.match(second.output(), /^Trame tourne déjà.*\n$/)
  const samePort = run('src/main.ts', [], { TRAME_DATA: folder(), PORT: new URL(app.url).port })
  assert.equal(await samePort.exit, 1)
  assert.match(samePort.output(), /^Le port \d+ est déjà pris.*\n$/)
  assert.equal(await health(app.url), 200, 'the first one did not notice')

  assert.deepEqual(await trame({ TRAME_DATA }, 'cpts', 'create', '--slug', 'noe', '--name', 'CPTS Noé'), {
    code: 0,
    text: 'CPTS Noé\u202f: créée, 0 communes. Adresse\u202f: http://localhost:3000/c/noe\n',
  })
  const verified = await trame({ TRAME_DATA }, 'audit', 'verify', '--cpts', 'noe')
  assert.equal(verified.code, 0, verified.text)
  const doctor = await trame({ TRAME_DATA }, 'doctor')
  assert.equal(doctor.code, 0, doctor.text)
  assert.match(doctor.text, /Cloisonnement\u202f: chaque table/)

  const from = performance.now()
  app.child.kill('SIGTERM')
  assert.equal(await app.exit, 0)
  t.diagnostic(`stop ${Math.round(performance.now() - from)} ms`)
  assert.ok(performance.now() - from < 5000)
  assert.throws(() => readFileSync(path.join(TRAME_DATA, 'postgres/data/postmaster.pid')), 'the database was stopped')

  const again = await start({ TRAME_DATA })
  t.diagnostic(`later start ${Math.round(again.ms)} ms`)
  again.child.kill('SIGINT')
  assert.equal(await again.exit, 0)
})

test('killed without warning, it starts again on what was written', async t => {
  const TRAME_DATA = folder()
  const app = await start({ TRAME_DATA })
  await trame({ TRAME_DATA }, 'cpts', 'create', '--slug', 'noe', '--name', 'CPTS Noé')
  app.child.kill('SIGKILL')
  await app.exit
  const again = await start({ TRAME_DATA })
  t.diagnostic(`after kill -9 ${Math.round(again.ms)} ms`)
  assert.match((await trame({ TRAME_DATA }, 'audit', 'verify')).text, /noe/)
  again.child.kill('SIGTERM')
  await again.exit
})

test('the embedded database killed under it comes back by itself', async t => {
  const TRAME_DATA = folder()
  const app = await start({ TRAME_DATA })
  process.kill(Number.parseInt(readFileSync(path.join(TRAME_DATA, 'postgres/data/postmaster.pid'), 'utf8'), 10), 'SIGKILL')
  await until('the loss is noticed', app, async () => app.output().includes('database-stopped'))
  const ms = await until('it serves again', app, async () => (await health(app.url)) === 200)
  t.diagnostic(`serves again after ${Math.round(ms)} ms`)
  app.child.kill('SIGTERM')
  assert.equal(await app.exit, 0)
})

test('on a PostgreSQL of one’s own', async () => {
  await using db = await emptyDatabase()
  const env = { DATABASE_URL: db.ownerUrl, TRAME_DATA: folder() }
  const app = await start(env)
  assert.equal(await health(app.url), 200)
  assert.equal((await trame(env, 'doctor')).text.match(/Migrations\u202f: \d+ appliquées/)?.length, 1)
  app.child.kill('SIGTERM')
  assert.equal(await app.exit, 0)
})

test('an unreachable database, a newer one, a wrong setting: one sentence, nothing done', async () => {
  const gone = run('src/main.ts', [], { PORT: '0', DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/d' })
  assert.equal(await gone.exit, 1)
  assert.match(gone.output(), /^La base de données ne répond pas .*\n$/)
  assert.doesNotMatch(gone.output(), /secret/)

  await using db = await testDatabase()
  const owner = new pg.Client(db.ownerConfig)
  await owner.connect()
  await owner.query("insert into public.trame_migration (name, checksum) values ('9999_later.sql', 'x')")
  const newer = run('src/main.ts', [], { PORT: '0', DATABASE_URL: db.ownerUrl })
  assert.equal(await newer.exit, 1)
  assert.match(newer.output(), /^Cette base de données vient d’une version plus récente de Trame \(9999_later\.sql\).*\n$/)
  await owner.end()

  const wrong = run('src/main.ts', [], { TRAME_DOMO: '1' })
  assert.equal(await wrong.exit, 1)
  assert.match(wrong.output(), /^Trame ne connaît pas la variable TRAME_DOMO.*\n$/)
})

test('commands: what is not understood is said, with the usage', async () => {
  const env = { TRAME_DATA: folder() }
  for (const [words, sentence] of [
    [['nimporte'], /ne connaît pas la commande/],
    [['cpts', 'create', '--slag', 'x'], /ne connaît pas --slag.*--slug/s],
    [['cpts', 'create', '--slug'], /--slug attend une valeur/],
    [['doctor', 'maintenant'], /«\u202fmaintenant\u202f» est de trop/],
  ] as const) {
    const { code, text } = await trame(env, ...words)
    assert.equal(code, 1)
    assert.match(text, sentence)
    assert.equal(text.trimEnd().split('\n').length, 1)
  }
  const help = await trame(env, 'help')
  assert.equal(help.code, 0)
  for (const name of ['audit verify', 'cpts create', 'doctor', 'import communes', 'import rpps', 'migrate'])
    assert.match(help.text, new RegExp(name))
})
