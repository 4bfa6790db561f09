/** Words nobody would write, planted in every text: never run as markup, never in the log, never shown without a line of audit (R31, R53, R55, R56). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { members, type roles } from '#platform/access.ts'
import { jsonLog } from '#platform/log.ts'
import { type Area, page } from '#platform/page.ts'
import { type Person, type TestApp, testApp } from '../app.ts'
import { type Answer, type Ask, appOn, type Call, calls, fill, key, query, sample, undoing } from '../manifest.ts'
import { type Side, world } from '../world.ts'
import { failing } from './failing.ts'

/** Breaks out of an attribute, of a text and of an island's data, if it is not escaped; also odd for a log and a spreadsheet. */
const canary = (where: string) => `=cq-${where}-"'><i data-xss=1>\u001b[31m\\"}{`
const markup = /<i data-xss/
const planted = /cq-([\w-]+?)-(?:&quot;|\\u0022|\\"|"")/g

let t: TestApp
let a: Side
let lines: string[]
let ask: Ask
let dry: Ask
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a } = await world(t, { text: canary }))
  lines = []
  const log = jsonLog(line => lines.push(line))
  ask = appOn(t, { log })
  dry = appOn(t, { db: undoing(t.db), log })
})
after(() => t.close())

const gets = () => calls().filter(c => c.method === 'GET' && c.kind !== 'live')
const posts = () => calls().filter(c => c.method === 'POST')
const allowed = ({ access }: Call): Person | null =>
  access.kind === 'member' ? a.people[access.roles.includes('coordinator') ? 'coordinator' : access.roles[0]!] : null
const isText = (answer: Answer) => /^text\/(html|csv)/.test(answer.headers.get('content-type') ?? '')
const isHtml = (answer: Answer) => answer.headers.get('content-type')?.startsWith('text/html') ?? false

/** Every page as each role that may open it. */
async function visits(): Promise<{ call: Call; who: string; answer: Answer }[]> {
  const all: { call: Call; who: string; answer: Answer }[] = []
  for (const call of gets())
    for (const who of call.access.kind === 'member' ? call.access.roles : ['anonymous', 'coordinator' as const]) {
      const as = who === 'anonymous' ? null : a.people[who as (typeof roles)[number]]
      all.push({ call, who, answer: await ask('GET', fill(call.path, a) + query(call.path, a), { as }) })
    }
  return all
}

describe('what people typed (R31)', () => {
  it('is text on every page, as every role', async () => {
    const seen = new Set<string>()
    for (const { call, who, answer } of await visits()) {
      if (!isHtml(answer)) continue
      assert.doesNotMatch(answer.html, markup, `${key(call)} as ${who}`)
      for (const [, where] of answer.html.matchAll(planted)) seen.add(where!)
    }
    const must = [
      'birthName-prioritised',
      'usedName-accepted',
      'givenNames-received',
      'proxyName-prioritised',
      'proxyContact-prioritised',
      'member-doctor',
      'member-spare',
      'partner',
      'partner-address',
      'partner-source',
      'note-source',
      'size-reason',
      'decision',
      'family',
      'place',
      'step-note',
      'step-withdrawn',
      'signatory',
      'proof-title',
      'proof-reason',
      'annex-withdrawn',
      'receipt-note',
      'baseline-missing',
      'figure-missing',
      'figure-source',
      'action-title',
      'action-owner',
      'article',
      'confirmation-withdrawn',
      'review-others',
      'review-author',
      'review-comment',
      'review-answer',
      'minutes-said',
      'minutes-reason',
      'commitment',
      'commitment-owner',
    ]
    assert.deepEqual(
      must.filter(m => !seen.has(m)),
      [],
      'these canaries were seen, as text',
    )
  })
  it('is text when a form gives it back, and when an address carries it', async () => {
    for (const call of posts()) {
      const bad = Object.fromEntries(Object.keys(sample(call, a)).map(n => [n, canary(n)]))
      t.now = new Date(t.now.getTime() + 60_000)
      const { html } = await dry('POST', fill(call.path, a), { as: allowed(call), fields: bad })
      assert.doesNotMatch(html, markup, key(call))
    }
    const names = [
      'q',
      'suite',
      'a',
      'page',
      'tri',
      'etat',
      'tache',
      'commune',
      'besoin',
      'nom',
      'import',
      'patient',
      'medecin',
      'id',
      'faire',
      'fait',
      'profil',
      'role',
      'groupe',
      'etape',
      'mission',
      'annee',
      'indicateur',
      'code',
    ]
    const search = names.map(n => `${n}=${encodeURIComponent(canary(n))}`).join('&')
    for (const call of gets()) {
      const answer = await ask('GET', `${fill(call.path, a)}?${search}`, { as: allowed(call) })
      if (isHtml(answer)) assert.doesNotMatch(answer.html, markup, key(call))
      for (const [name, value] of answer.headers) assert.doesNotMatch(value, markup, `${key(call)}: ${name}`)
    }
  })
  it('is no formula in a file for a spreadsheet (R33)', async () => {
    let cells = 0
    for (const call of gets().filter(c => c.path.endsWith('.csv'))) {
      const { html } = await ask('GET', fill(call.path, a), { as: allowed(call) })
      assert.doesNotMatch(html, /(^|[;\n"])=cq-/, key(call))
      cells += html.match(/'=cq-/g)?.length ?? 0
    }
    assert.ok(cells > 10, `${cells} cells were made harmless`)
  })
})

describe('a patient’s data (R53)', () => {
  const names = () =>
    new Map(Object.entries(a.requests).flatMap(([name, id]) => ['birthName', 'usedName', 'givenNames'].map(f => [`${f}-${name}`, id])))
  /** Patients told by an answer: a name, or a tracking number. */
  const shown = ({ html }: Answer) => {
    const known = names()
    const byNumber = Object.entries(a.numbers).flatMap(([name, number]) => (html.includes(number) ? [a.requests[name]!] : []))
    return new Set([...[...html.matchAll(/cq-([\w]+-[\w]+)-/g)].flatMap(m => known.get(m[1]!) ?? []), ...byNumber])
  }
  /** Whom the record says an answer showed: one by one, or together in a list. */
  async function recorded(answer: Answer): Promise<{ each: Set<string>; listed: string[] }> {
    const rows = await t.owner(`select subject_id, detail from app.audit_event where request_id = $1`, [answer.headers.get('x-request-id')])
    const listed = rows.flatMap(r => ((r.detail as { named?: string[] }).named ?? []) as string[])
    return { each: new Set([...rows.map(r => String(r.subject_id)), ...listed]), listed }
  }
  /** Patients shown and not on record; patients that a list has on record and did not show. */
  async function unrecorded(all: { call: Call; who: string; answer: Answer }[]): Promise<string[]> {
    const wrong = new Set<string>()
    for (const { call, who, answer } of all) {
      const people = shown(answer)
      const { each, listed } = await recorded(answer)
      const missing = [...people].filter(id => !each.has(id)).length
      const tooMany = isText(answer) ? listed.filter(id => !people.has(id)).length : 0
      if (missing + tooMany > 0)
        wrong.add(
          `${key(call)} as ${who}: shows ${people.size} patients, ${missing} of them not on record (\`named\` in the line), ${tooMany} on record and not shown`,
        )
    }
    return [...wrong]
  }
  it('is never shown without a line that says who saw whom', async () => {
    const all = await visits()
    assert.ok(all.filter(v => shown(v.answer).size > 0).length >= 10, 'pages that show patients were seen')
    assert.deepEqual(await unrecorded(all), [])
  })
  it('one look, one line', async () => {
    const looks = [
      [`/demandes/${a.requests.received}`, a.people.coordinator, a.requests.received],
      [`/mes-patients/${a.proposals.accepted}`, a.people.doctor, a.requests.accepted],
      [`/suivi/${a.tokens.tracking}`, null, a.requests.prioritised],
      [`/proposition/${a.tokens.proposal}`, null, a.requests.proposed],
      [`/proposition/${a.tokens.accepted}`, null, a.requests.accepted],
    ] as const
    for (const [path, as, patient] of looks) {
      const answer = await ask('GET', `/c/${a.slug}${path}`, { as })
      assert.equal(answer.status, 200, path)
      const rows = await t.owner(
        `select action, actor_kind, actor_label, at, request_id from app.audit_event where request_id = $1 and subject_id = $2 and action like '%.read'`,
        [answer.headers.get('x-request-id'), patient],
      )
      assert.equal(rows.length, 1, `${path}: one line`)
      assert.equal(rows[0]!.actor_kind, as ? 'member' : 'link', path)
    }
  })
  it('is refused to who has no part in it, on record too', async () => {
    const before = (await t.owner(`select 1 from app.audit_event where action = 'access.denied'`)).length
    const colleague = await t.person(a, ['doctor'], { name: 'Autre médecin' })
    for (const path of [
      `/mes-patients/${a.proposals.accepted}`,
      `/mes-patients/${a.proposals.pending}`,
      `/demandes/${a.requests.accepted}`,
    ]) {
      const { status, html } = await ask('GET', `/c/${a.slug}${path}`, { as: colleague })
      assert.equal(status, 404, path)
      assert.doesNotMatch(html, /cq-/)
    }
    assert.equal((await t.owner(`select 1 from app.audit_event where action = 'access.denied'`)).length, before + 3)
  })
  it('the measure sees a page that forgets', async () => {
    const route = page({ path: '/c/:cpts/essai', title: 'Essai', access: members('nurse'), show: () => canary('birthName-received') })
    const all: Area[] = [{ name: 'essai', routes: [route] }]
    const answer = await appOn(t, { all })('GET', `/c/${a.slug}/essai`, { as: a.people.nurse })
    assert.deepEqual(await unrecorded([{ call: calls(all)[0]!, who: 'nurse', answer }]), [
      '/c/:cpts/essai GET as nurse: shows 1 patients, 1 of them not on record (`named` in the line), 0 on record and not shown',
    ])
  })
})

describe('the log (R55, R56)', () => {
  it('is one JSON object a line, and knows no name, no address, no token, whatever happened', async () => {
    lines = lines.slice(0, 0)
    const kept: string[] = []
    const log = jsonLog(line => kept.push(line))
    const asking = appOn(t, { log, db: undoing(t.db) })
    const evil = Object.assign(new Error(`${canary('fault')}\r\n{"level":"info"}`), { code: '23505', detail: canary('detail') })
    for (const call of calls().filter(c => c.kind !== 'live')) {
      t.now = new Date(t.now.getTime() + 60_000)
      const path = fill(call.path, a) + query(call.path, a)
      const fields = call.method === 'POST' ? sample(call, a) : undefined
      await asking(call.method, path, { as: allowed(call), fields })
      await appOn(t, { log, db: failing(t.db, 1, evil) })(call.method, path, {
        as: allowed(call),
        fields,
        headers: { 'user-agent': canary('agent').replace(/[^ -~]/g, ''), referer: 'http://x/cq-referer-' },
      })
      await asking('GET', `/${encodeURIComponent(canary('path'))}`)
    }
    assert.ok(kept.length > 200)
    const secrets = [
      ...Object.values(a.tokens),
      ...[...Object.values(a.people)].map(p => p.cookie.split('=')[1]!),
      ...Object.values(a.numbers),
      ...Object.values(a.people).map(p => p.personId),
    ]
    for (const line of kept) {
      assert.match(line, /^[^\n\r\u001b]*\n$/)
      const entry = JSON.parse(line) as Record<string, unknown>
      assert.ok(entry.level === 'info' || entry.level === 'error')
      assert.doesNotMatch(line, /cq-|data-xss|@exemple|1980-05-17/, line)
      assert.ok(!secrets.some(s => line.includes(s)), line)
    }
    assert.ok(
      kept.some(l => l.includes('"fault"')),
      'faults were logged',
    )
  })
})

describe('a log line', () => {
  it('stays one line of JSON whatever is logged (R55)', () => {
    const kept: string[] = []
    const values = ['\r\n{"level":"error"}', '\u001b[2J', '"}{', '\u2028\u0000', canary('log')]
    for (const value of values) jsonLog(line => kept.push(line)).info(value, { value, [value]: 1 })
    assert.equal(kept.length, values.length)
    for (const [i, line] of kept.entries()) {
      assert.match(line, /^[^\n\r\u001b\u0000]*\n$/)
      const entry = JSON.parse(line) as Record<string, unknown>
      assert.deepEqual([entry.level, entry.event, entry.value], ['info', values[i], values[i]])
    }
  })
})

describe('a token', () => {
  it('is kept nowhere in the clear but in the message that brings it', async () => {
    const fresh = appOn(t)
    const made = await fresh('POST', `/c/${a.slug}/demande`, { fields: {} })
    const answered = await fresh('POST', `/c/${a.slug}/suivi`, { fields: { number: a.numbers.received!, birthDate: '1980-05-17' } })
    const tokens = [made, answered].map(r => /\/([\w-]{43})(\/|\?|$)/.exec(r.location ?? '')![1]!)
    const found: string[] = []
    for (const [table, rows] of Object.entries(await everything()))
      for (const row of rows) if ([...tokens, ...Object.values(a.tokens)].some(token => row.includes(token))) found.push(table)
    assert.deepEqual([...new Set(found)], [])
  })
  async function everything(): Promise<Record<string, string[]>> {
    const tables = await t.owner(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'platform') and c.relkind = 'r'`,
    )
    const found: Record<string, string[]> = {}
    for (const { name } of tables)
      found[String(name)] = (await t.owner(`select (to_jsonb(x) - 'body')::text as row from ${name} x`)).map(r => String(r.row))
    return found
  }
})
