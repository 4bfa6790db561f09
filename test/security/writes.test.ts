/** What a write may touch, and what is left when it stops in the middle (R5, R40, R60, F34). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { rows, sql, type Tx } from '#platform/db/types.ts'
import { type Person, type TestApp, testApp } from '../app.ts'
import { broken } from '../invariants.ts'
import { type Ask, appOn, type Call, calls, type Fields, fill, key, sample, undoing } from '../manifest.ts'
import { appTables, differences, rowsOf, type Side, world } from '../world.ts'
import { down, failing } from './failing.ts'

let t: TestApp
let a: Side
let b: Side
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a, b } = await world(t))
})
after(() => t.close())

const allowed = ({ access }: Call): Person | null =>
  access.kind === 'member' ? a.people[access.roles.includes('coordinator') ? 'coordinator' : access.roles[0]!] : null
const posts = () => calls().filter(c => c.method === 'POST' && c.path.startsWith('/c/:cpts'))

describe('a form writes its own fields and nothing else (R5)', () => {
  /** What a submission wrote, before it is undone: new and changed rows, without what is drawn at random. */
  async function written(ask: (look: (tx: Tx) => Promise<void>) => Ask, call: Call, fields: Fields) {
    let found: string[] = []
    const tables = await appTables(t)
    const asking = ask(async tx => {
      const parts = tables.map(name => sql`select ${name} as name, to_jsonb(x)::text as row from ${sql.table(`app.${name}`)} x`)
      const all = await rows<{ name: string; row: string }>(tx, sql.join(parts, sql` union all `))
      const fresh = all.filter(r => !known.has(`${r.name} ${r.row}`))
      if (fresh.length) found = fresh.map(r => `${r.name} ${plain(r.row)}`).sort()
    })
    const { status } = await asking('POST', fill(call.path, a), { as: allowed(call), fields })
    return { status, found }
  }
  const known = new Set<unknown>()
  const drawn = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  /** Identifiers made by the submission are all alike; those of the world stay. */
  function plain(row: string): string {
    const text = JSON.stringify(JSON.parse(row), (name, v) => {
      if (
        ['token_hash', 'number', 'body', 'request_id', 'location', 'notice', 'hash'].includes(name) &&
        typeof v === 'string' &&
        !known.has(v)
      )
        return 'drawn'
      return typeof v === 'string' && drawn.test(v) && !known.has(v) ? 'id' : v
    })
    return text
      .replace(/[\w-]{43}/g, 'token')
      .replace(/(?<![\w-])[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}(?![\w-])/g, 'number')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, id => (known.has(id) ? id : 'id'))
  }
  it('whatever columns are sent along', async () => {
    for (const side of [a, b])
      for (const [table, all] of Object.entries(await rowsOf(t, side.id)))
        for (const row of all) {
          known.add(`${table} ${row}`)
          for (const id of row.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []) known.add(id)
        }
    const columns = (
      await t.owner(`select distinct attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('app', 'platform') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`)
    ).map(c => String(c.name))
    const camel = (name: string) => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase())
    const value = (name: string) =>
      /cpts_id/.test(name)
        ? b.id
        : /role/.test(name)
          ? 'coordinator'
          : /_id$|^id$/.test(name)
            ? a.partner
            : /_at$|since|until|_on$/.test(name)
              ? '2001-01-01'
              : /state/.test(name)
                ? 'accepted'
                : '1'
    const silent: string[] = []
    for (const call of posts()) {
      const fields = sample(call, a)
      const own = new Set(Object.keys(call.form?.fields ?? {}))
      const extra = Object.fromEntries(
        [...columns, 'role', 'tenant', 'admin', 'verified'].flatMap(c => [c, camel(c)].filter(n => !own.has(n)).map(n => [n, value(c)])),
      )
      if (call.perMinute) t.now = new Date(t.now.getTime() + 60_000)
      const on = (look: (tx: Tx) => Promise<void>) => appOn(t, { db: undoing(t.db, look) })
      const [honest, greedy] = [await written(on, call, fields), await written(on, call, { ...fields, ...extra })]
      assert.deepEqual(greedy, honest, key(call))
      if (honest.status >= 400 || (honest.found.length < 2 && !leadsElsewhere.has(call.path))) silent.push(`${key(call)}: ${honest.status}`)
    }
    // A form that writes nothing with the sample of test/manifest.ts proves nothing: give it a better one.
    assert.deepEqual(silent, [])
  })
})

/** Forms that look something up and lead to its page: they have nothing to write. */
const leadsElsewhere = new Set(['/c/:cpts/priorites', '/c/:cpts/regle/changer'])

describe('a write that stops in the middle leaves nothing (F34, R42)', () => {
  /** Fails at the 1st, 2nd, 3rd… statement until nothing fails; answers how many statements there were. */
  async function stopEverywhere(
    name: string,
    path: string,
    as: Person | null,
    fields: Record<string, string>,
    done: RegExp,
  ): Promise<number> {
    const before = await rowsOf(t, a.id)
    for (let n = 1; n < 60; n++) {
      t.now = new Date(t.now.getTime() + 60_000)
      const db = failing(t.db, n)
      const answer = await appOn(t, { db })('POST', path, { as, fields })
      if (db.asked() < n) {
        assert.match(`${answer.status} ${answer.location}`, done, name)
        const changed = differences(before, await rowsOf(t, a.id))
        assert.ok(
          changed.some(l => l.startsWith('+ audit_event')),
          `${name}: on record`,
        )
        return n - 1
      }
      assert.equal(answer.status, 500, `${name}, statement ${n}`)
      assert.deepEqual(differences(before, await rowsOf(t, a.id)), [], `${name}: something was left after statement ${n}`)
    }
    return assert.fail(`${name} never ends`)
  }
  const home = () => `/c/${a.slug}`
  it('proposing, accepting, refusing, entering, leaving, and a few more', async () => {
    assert.deepEqual(await broken(t), [], 'the world stands')
    const { coordinator, doctor } = a.people
    const told: Record<string, number> = {}
    const stop = async (name: string, path: string, as: Person | null, fields: Record<string, string>, done: RegExp) => {
      told[name] = await stopEverywhere(name, home() + path, as, fields, done)
      assert.deepEqual(await broken(t), [], name)
    }
    await stop('admit', `/demandes/${a.requests.received}/recevable`, coordinator, {}, /^303 .*\/demandes\//)
    await stop('propose', `/demandes/${a.requests.received}/proposer`, coordinator, { doctor: doctor.membershipId }, /^303 .*\/demandes\//)
    await stop('refuse', `/proposition/${a.tokens.proposal}`, null, { answer: 'no', reason: 'full' }, /^303 .*\/proposition\//)
    await stop('propose again', `/demandes/${a.requests.relative}/proposer`, coordinator, { doctor: doctor.membershipId }, /^303 /)
    const [sent] = await t.owner(`select id from app.proposal where request_id = $1 and state = 'pending'`, [a.requests.relative])
    await stop('accept', `/mes-patients/${sent!.id}`, doctor, { answer: 'yes' }, /^303 .*\/mes-patients\//)
    await stop('enter', `/demande/${a.tokens.draft}/verifier`, null, { consent: 'on' }, /^303 .*\/suivi\//)
    await stop('leave', `/suivi/${a.tokens.tracking}/quitter`, null, { why: 'gave_up' }, /^303 .*\/suivi\//)
    await stop('leave after a yes', `/suivi/${a.tokens.appointedTracking}/quitter`, null, { why: 'has_doctor' }, /^303 .*\/suivi\//)
    await stop('come back', `/suivi/${a.tokens.gone}/revenir`, null, {}, /^303 .*\/suivi\//)
    await stop('merge', `/demandes/${a.requests.newer}/reunir`, coordinator, { with: a.requests.older! }, /^303 /)
    await stop('say places', `/places/${a.tokens.capacity}`, null, { total: '9' }, /^200 /)
    await stop(
      'invite',
      '/membres/nouveau',
      coordinator,
      { name: 'Nouvelle', email: 'nouvelle@exemple.fr', roles: 'nurse', profession: '', rpps: '' },
      /^303 /,
    )
    for (const [name, n] of Object.entries(told)) assert.ok(n >= 4, `${name}: ${n} statements only, the loop did not bite`)
  })
  it('and a lost connection or a deadlock is tried again before anybody hears of it', async () => {
    for (const code of ['40P01', '40001', '57P01', 'ECONNRESET']) {
      const db = failing(t.db, 3, Object.assign(new Error('planned'), { code }))
      const answer = await appOn(t, { db })('POST', `${home()}/territoire/taille`, {
        as: a.people.coordinator,
        fields: { size: '3', decidedOn: a.today, reason: `essai ${code}` },
      })
      assert.equal(answer.status, 303, code)
      assert.equal((await t.owner('select 1 from app.contract_size where reason = $1', [`essai ${code}`])).length, 1, code)
    }
  })
  it('the loop sees what a write in two transactions leaves behind', async () => {
    const before = await rowsOf(t, a.id)
    const db = failing(t.db, 2)
    const two = async () => {
      const write = (reason: string) =>
        db.inTenant(a.id, tx =>
          sql`insert into app.contract_size (id, size, reason, decided_on, by, at) values (gen_random_uuid(), 1, ${reason}, now(), 'x', now())`.execute(
            tx,
          ),
        )
      await write('first')
      await write('second')
    }
    await assert.rejects(two, /planned/)
    assert.equal(differences(before, await rowsOf(t, a.id)).length, 1)
    await t.owner(`update app.capacity set used = used + 1, used_adult = used_adult + 1 where used < total`)
    assert.match((await broken(t)).join(), /^places that do not match the acceptances: [^,]*(,places[^,]*)*$/)
  })
})

describe('a database that fails (R60)', () => {
  const secret = 'Tissier-canari'
  it('gives a page that says what to do, a number, and nothing of what was asked', async () => {
    const fault = Object.assign(new Error(`duplicate key: ${secret}`), { code: '23505', detail: secret })
    for (const call of calls().filter(c => c.kind !== 'live')) {
      const path = fill(call.path, a)
      const asked = { as: allowed(call), ...(call.method === 'POST' && { fields: sample(call, a) }) }
      t.now = new Date(t.now.getTime() + 60_000)
      const away = await appOn(t, { db: down(t.db) })(call.method, path, asked)
      assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '5'], key(call))
      const wrong = await appOn(t, { db: down(t.db, fault) })(call.method, path, asked)
      assert.equal(wrong.status, 500, key(call))
      for (const { html, headers } of [away, wrong]) {
        assert.ok(html.includes(headers.get('x-request-id')!), `${key(call)}: gives the number of the log line`)
        assert.doesNotMatch(html, new RegExp(`${secret}|ECONNREFUSED|23505|\\bat .*\\.ts|node_modules|select `), key(call))
      }
    }
  })
  it('really away: the address answers nobody', async () => {
    const nobody = openDatabase({ connection: { host: '127.0.0.1', port: 1, user: 'trame_web', database: 'x' } })
    const answer = await appOn(t, { db: nobody })('GET', `/c/${a.slug}`)
    assert.equal(answer.status, 503)
    assert.equal((await appOn(t, { db: nobody })('GET', '/healthz')).status, 503)
    await nobody.close()
  })
})

describe('what is typed is checked by the server (R40)', () => {
  const refused: [what: string, path: string, fields: Record<string, string>, field: RegExp][] = [
    [
      'a RPPS number with a wrong key',
      '/membres/nouveau',
      { name: 'X', email: 'x@exemple.fr', roles: 'nurse', rpps: '10003456782' },
      /RPPS n’est pas valable/,
    ],
    ['an address that is none', '/membres/nouveau', { name: 'X', email: 'x@', roles: 'nurse' }, /nom@exemple\.fr/],
    ['a role that does not exist', '/membres/nouveau', { name: 'X', email: 'x@exemple.fr', roles: 'admin' }, /réponses proposées/],
    ['a day that does not exist', '/territoire/taille', { size: '1', decidedOn: '2026-02-30', reason: 'x' }, /22\/11\/1980/],
    ['a decision in the future', '/territoire/taille', { size: '1', decidedOn: '2031-01-01', reason: 'x' }, /futur/],
    ['a size that does not exist', '/territoire/taille', { size: '7', decidedOn: '2026-01-01', reason: 'x' }, /réponses proposées/],
    [
      'too many vehicles',
      '/partenaires/nouveau',
      { kind: 'ambulance', name: 'X', ambulances: '501', source: 'x', verifiedAt: '2026-01-01' },
      /de 0 à 500/,
    ],
    [
      'a personal number as a public one',
      '/partenaires/nouveau',
      { kind: 'ccas', name: 'X', phone: '0612345678', source: 'x', verifiedAt: '2026-01-01' },
      /06 ou 07/,
    ],
    [
      'a commune out of the territory',
      '/partenaires/nouveau',
      { kind: 'ccas', name: 'X', commune: '03190', source: 'x', verifiedAt: '2026-01-01' },
      /commune du territoire/,
    ],
    [
      'a name too long',
      '/partenaires/nouveau',
      { kind: 'ccas', name: 'x'.repeat(121), source: 'x', verifiedAt: '2026-01-01' },
      /120 au plus/,
    ],
  ]
  for (const [what, path, fields, says] of refused)
    it(what, async () => {
      const before = await rowsOf(t, a.id)
      const answer = await appOn(t)('POST', `/c/${a.slug}${path}`, { as: a.people.coordinator, fields })
      assert.equal(answer.status, 422)
      assert.match(answer.html.replace(/&#39;/g, "'").replace(/[\u00a0\u202f]/g, ' '), says)
      assert.deepEqual(differences(before, await rowsOf(t, a.id)), [])
    })
})
