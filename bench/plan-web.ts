/**
 * npm run bench -- plan-web [--rounds 6] [--patients 5000] [--doctors 300] [--household 1] [--rate 10] [--seconds 4]
 *
 * Does the web stay quick while a plan is computed? The real server (src/main.ts, jobs, mail and seals included) in a process of its own, on a
 * PostgreSQL of its own; requests leave at a steady rate from this process, a list page and a record in turn, each timed from the moment it
 * was due. Rounds go idle, then « Calculer le plan » over HTTP until the plan is finished, then idle again. Prints p95 idle and while the
 * plan runs, their ratio (wished: at most 1.5), how long plans took, and what the page of the plan costs: statements, bytes.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type pg from 'pg'
import { crowdIn } from '#areas/gp-access/crowd.fixture.ts'
import { getPlan, openPlan } from '#areas/gp-access/store/plans.ts'
import { createPerson } from '#areas/people/index.ts'
import { setCommunes } from '#areas/territory/index.ts'
import { systemClock } from '#platform/clock.ts'
import { createCommunity } from '#platform/db/communities.ts'
import { one, run, sql, type Tx } from '#platform/db/types.ts'
import { hashToken, newToken, randomUUIDv7 } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import { createApp } from '#platform/web/app.ts'
import { areas } from '../src/areas.ts'
import { type Bench, machine, median, openBench, print, spread } from './kit/kit.ts'
import { seeingQueries } from './kit/queries.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    patients: { type: 'string', default: '5000' },
    doctors: { type: 'string', default: '300' },
    household: { type: 'string', default: '1' },
    places: { type: 'string', default: '12' },
    rate: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '4' },
  },
})
const rounds = Number(values.rounds)
const patients = Number(values.patients)
const doctors = Number(values.doctors)
const household = Number(values.household)
const places = Number(values.places)
const rate = Number(values.rate)
const seconds = Number(values.seconds)
type Page = 'list' | 'record'
/** When a request was due, and how long after that it was answered; milliseconds. */
interface Timed {
  page: Page
  due: number
  ms: number
}

const bench = await openBench()
let stop = async () => {}
try {
  const { cookie, requestId, id } = await fill(bench)
  const server = await start(bench)
  stop = server.stop
  const pages: Record<Page, string> = { list: '/c/bench/demandes', record: `/c/bench/demandes/${requestId}` }
  const agent = new http.Agent({ keepAlive: true })
  const get = (url: string) => answer(server.port, url, { headers: { cookie }, agent })
  const inside = <T>(work: (tx: Tx) => Promise<T>) => bench.db.inTenant(id, work)
  const computing = () => inside(openPlan)
  const steady = (until: () => boolean) => load(get, pages, until)
  const forSeconds = (s: number) => {
    const end = performance.now() + s * 1000
    return () => performance.now() < end
  }
  // Until V8 has compiled what a server of the day before has.
  await steady(forSeconds(10))
  print(machine())
  print(
    `${patients} patients (households of ${household}), ${doctors} doctors of ${places} places; ${rate} requests a second; ${rounds} rounds, ${seconds} s idle before and after each plan.`,
  )
  print()
  const rounded: { idle: Timed[]; busy: Timed[] }[] = []
  const took: number[] = []
  let planUrl = ''
  for (let round = 0; round < rounds; round++) {
    const idle = await steady(forSeconds(seconds / 2))
    const from = performance.now()
    const asked = await answer(server.port, '/c/bench/plan', {
      method: 'POST',
      agent,
      headers: { cookie, origin: server.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: `_key=${randomUUIDv7()}`,
    })
    if (asked.status !== 303) throw new Error(`« Calculer le plan » answered ${asked.status}`)
    planUrl = asked.location!
    let running = true
    let end = from
    const done = (async () => {
      // Seldom: what asks is load too.
      while (await computing()) {
        end = performance.now()
        await new Promise(resolve => setTimeout(resolve, 150))
      }
      running = false
    })()
    const meanwhile = await steady(() => running)
    await done
    const made = await inside(tx => getPlan(tx, planUrl.split('/').at(-1)!))
    if (made?.state !== 'finished') throw new Error(`the plan ended as ${made?.state}`)
    // What was due after it was last seen running is not counted.
    took.push((end - from) / 1000)
    idle.push(...(await steady(forSeconds(seconds / 2))))
    rounded.push({ idle, busy: meanwhile.filter(t => t.due < end) })
    // Without the plan before, the next one starts afresh too: the long way every time.
    await inside(tx => run(tx, sql`update app.plan set state = 'lost'`))
  }
  await inside(tx => run(tx, sql`update app.plan set state = 'finished'`))
  print(`a plan took ${median(took).toFixed(1)} s (${spread(took, 1)}), web and worker together`)
  for (const [name, of] of [
    ['list', (t: Timed) => t.page === 'list'],
    ['record', (t: Timed) => t.page === 'record'],
    ['both', () => true],
  ] as const) {
    const of95 = (timed: Timed[]) => p95(timed.filter(of).map(t => t.ms))
    const all = (side: 'idle' | 'busy') => rounded.flatMap(r => r[side])
    const count = (side: 'idle' | 'busy') => all(side).filter(of).length
    const middle = (side: 'idle' | 'busy') =>
      median(
        all(side)
          .filter(of)
          .map(t => t.ms),
      ).toFixed(0)
    const each = rounded.map(r => of95(r.busy) / of95(r.idle)).filter(Number.isFinite)
    print(
      `${name}: p95 ${of95(all('idle')).toFixed(0)} ms idle (${count('idle')} requests), ${of95(all('busy')).toFixed(0)} ms while a plan is computed (${count('busy')}); p50 ${middle('idle')} and ${middle('busy')} ms`,
    )
    print(
      `  ratio of p95 ${(of95(all('busy')) / of95(all('idle'))).toFixed(2)} (round by round ${spread(each)}, middle ${median(each).toFixed(2)}), wished at most 1.50`,
    )
  }
  const views = [
    ['the page of the plan', planUrl],
    ['its map and 50 lines of a commune', `${planUrl}?commune=91000`],
    ['those without a doctor', `${planUrl}?etat=sans`],
  ] as const
  for (const [name, url] of views) {
    const { html, statements } = await cost(bench, url, cookie)
    print(`${name}: ${statements} SQL statements, ${Buffer.byteLength(html)} bytes of HTML, ${gzipSync(html).length} once compressed`)
  }
} finally {
  await stop()
  await bench.close()
}

function p95(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(of.length * 0.95) - 1)] ?? Number.NaN
}

async function fill(b: Bench): Promise<{ id: string; cookie: string; requestId: string }> {
  const codes = Array.from({ length: 60 }, (_, i) => String(91_000 + i))
  for (const [i, code] of codes.entries())
    await b.admin.query(
      `insert into ref.commune (code, name, department, postal_codes, population, population_year, lon, lat) values ($1, $2, '91', '{91300}', 4000, 2023, $3, $4)`,
      [code, `Commune ${i}`, 2 + (i % 8) * 0.07, 48.4 + Math.floor(i / 8) * 0.05],
    )
  const { id } = (await createCommunity(b.owner, { slug: 'bench', name: 'CPTS de mesure' }))!
  const token = newToken()
  const system = { who: { kind: 'system' as const, job: 'bench' }, now: new Date(), requestId: 'bench' }
  const { personId, requestId } = await b.db.inTenant(id, async tx => {
    await setCommunes(tx, system, codes)
    const me = await createPerson(tx, { name: 'Claire Roux', email: 'claire@exemple.fr', roles: ['coordinator'], since: '2026-01-01' })
    if ('taken' in me) throw new Error('taken')
    await crowdIn(tx, { patients, doctors, household, places })
    return { personId: me.personId, requestId: (await one<{ id: string }>(tx, sql`select id from app.request limit 1`)).id }
  })
  await b.admin.query(
    `insert into platform.session (token_hash, person_id, created_at, expires_at) values ($1, $2, now(), now() + interval '1 day')`,
    [hashToken(token), personId],
  )
  await b.admin.query('analyze')
  return { id, cookie: `__Host-trame=${token}`, requestId }
}

/** The application as people start it. */
async function start(b: Bench): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const root = path.join(import.meta.dirname, '..')
  const data = mkdtempSync(path.join(tmpdir(), 'trame-bench-web-'))
  const { host, port, user, password, database } = b.owner as pg.ClientConfig
  const url = new URL(`postgres://localhost/${database}`)
  url.username = String(user)
  if (typeof password === 'string') url.password = password
  url.searchParams.set('host', String(host))
  url.searchParams.set('port', String(port))
  const hook = pathToFileURL(path.join(root, 'src/platform/tsx-hook.ts')).href
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hook, path.join(root, 'src/main.ts')], {
    env: { ...process.env, PORT: '0', DATABASE_URL: url.href, TRAME_DATA: data, TRAME_DEMO: '0', TRAME_URL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const at = await new Promise<string>((resolve, reject) => {
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      printed += text
      const found = /Ouvrez\s+(\S+)/.exec(printed)
      if (found) resolve(found[1]!)
    })
    void ended.then(() => reject(new Error(`the application did not start:\n${printed}`)))
  })
  return {
    url: at,
    port: Number(new URL(at).port),
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

interface Answer {
  status: number
  location: string | null
}
function answer(port: number, url: string, { body, ...options }: http.RequestOptions & { body?: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    http
      .request({ port, host: '127.0.0.1', path: url, ...options }, response => {
        response.resume().on('end', () => resolve({ status: response.statusCode!, location: response.headers.location ?? null }))
      })
      .on('error', reject)
      .end(body)
  })
}
/** Requests due every 1/rate second, whatever the answers do; milliseconds from when each was due. */
async function load(get: (url: string) => Promise<Answer>, pages: Record<Page, string>, going: () => boolean): Promise<Timed[]> {
  const timed: Timed[] = []
  const open: Promise<void>[] = []
  const from = performance.now()
  for (let n = 0; going(); n++) {
    const due = from + (n * 1000) / rate
    await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())))
    const page = n % 2 ? 'record' : 'list'
    open.push(
      get(pages[page]).then(({ status }) => {
        if (status !== 200) throw new Error(`${page} answered ${status}: the server cannot keep up with --rate ${rate}`)
        timed.push({ page, due, ms: performance.now() - due })
      }),
    )
  }
  await Promise.all(open)
  return timed
}
/** One request to the same application in this process: its page, and how many statements it asks. */
async function cost(b: Bench, url: string, cookie: string): Promise<{ html: string; statements: number }> {
  const app = createApp({
    db: b.db,
    areas: areas({ demo: false }),
    clock: systemClock,
    log: silentLog,
    baseUrl: 'http://localhost:3000',
    demo: false,
  })
  let statements = 0
  const html = await seeingQueries(
    () => statements++,
    async () => {
      const response = await app.request(`http://localhost:3000${url}`, { headers: { cookie } })
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
      return response.text()
    },
  )
  return { html, statements }
}
