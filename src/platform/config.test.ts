import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { Refusal } from './errors.ts'

test('nothing set: this machine only, the embedded database, the demonstration', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  assert.deepEqual(readConfig({ PATH: '/bin', HOME: '/root' }), {
    port: 3000,
    host: undefined,
    url: undefined,
    databaseUrl: undefined,
    data: path.join(root, 'var'),
    smtpUrl: undefined,
    mailFrom: undefined,
    demo: true,
    trustProxy: false,
  })
})

test('everything set; an empty variable is an unset one', () => {
  const config = readConfig({
    PORT: '0',
    HOST: '0.0.0.0',
    TRAME_URL: 'https://trame.exemple.fr/',
    DATABASE_URL: 'postgresql://u:p@h/d',
    TRAME_DATA: '/srv/trame',
    SMTP_URL: 'smtps://u:p@h:465',
    TRAME_MAIL_FROM: 'CPTS du Vexin <cpts@exemple.fr>',
    TRAME_DEMO: '0',
    TRAME_TRUST_PROXY: '1',
  })
  assert.equal(config.url, 'https://trame.exemple.fr')
  assert.equal(config.port, 0)
  assert.equal(config.demo, false)
  assert.equal(config.trustProxy, true)
  assert.equal(config.data, '/srv/trame')
  assert.equal(readConfig({ PORT: ' ', DATABASE_URL: '' }).port, 3000)
})

const wrong: [Record<string, string>, RegExp][] = [
  [{ PORT: '80a' }, /PORT.*80a/],
  [{ PORT: '65536' }, /PORT/],
  [{ PORT: '-1' }, /PORT/],
  [{ PORT: '3e3' }, /PORT/],
  [{ TRAME_URL: 'http://trame.exemple.fr' }, /https/],
  [{ TRAME_URL: 'trame.exemple.fr' }, /TRAME_URL/],
  [{ TRAME_URL: 'https://trame.exemple.fr/sous' }, /sans chemin/],
  [{ TRAME_URL: 'https://moi@trame.exemple.fr' }, /TRAME_URL/],
  [{ TRAME_URL: 'javascript:alert(1)' }, /TRAME_URL/],
  [{ TRAME_URL: 'http://localhost.exemple.fr' }, /https/],
  [{ DATABASE_URL: 'mysql://u:secret@h/d' }, /DATABASE_URL/],
  [{ SMTP_URL: 'mail.exemple.fr' }, /SMTP_URL/],
  [{ TRAME_MAIL_FROM: 'a@b.fr\r\nBcc: c@d.fr' }, /TRAME_MAIL_FROM/],
  [{ TRAME_DEMO: 'non' }, /TRAME_DEMO.*0.*1/],
  [{ TRAME_TRUST_PROXY: 'true' }, /TRAME_TRUST_PROXY/],
  [{ TRAME_DTAA: '/srv' }, /TRAME_DTAA/],
  [{ trame_demo: '0' }, /trame_demo/],
]
for (const [env, sentence] of wrong)
  test(`refused with one sentence: ${Object.entries(env)[0]!
    .join('=')
    .replaceAll(/[\r\n]/g, ' ')}`, () => {
    assert.throws(
      () => readConfig(env),
      (error: Error) => {
        assert.ok(error instanceof Refusal)
        assert.match(error.message, sentence)
        assert.doesNotMatch(error.message, /secret/)
        return true
      },
    )
  })

test('http is enough on this very machine', () => {
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:8080', 'trame.localhost'])
    assert.equal(readConfig({ TRAME_URL: `http://${host}` }).url, `http://${host}`)
})
