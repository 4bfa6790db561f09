/** The application as it is started: `npm start` in a process of its own, on a data folder of its own. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { folder, health, run, start, trame, until } from './starts.ts'

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

test('an unreachable database, a wrong setting: one sentence, nothing done', async () => {
  const gone = run('src/main.ts', [], { PORT: '0', DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/d' })
  assert.equal(await gone.exit, 1)
  assert.match(gone.output(), /^La base de données ne répond pas .*\n$/)
  assert.doesNotMatch(gone.output(), /secret/)

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
