/**
 * npm run bench -- pages [--pairs 7] [--seconds 2]
 *
 * Our pages (session, community, access, row-level security, audit line, HTML in French) beside a bare node:http + pg server that
 * runs the very same SQL statements, prepared and pipelined likewise, and answers the rows as JSON. Same PostgreSQL, same rows,
 * same run, eight connections, in ABBA order; the load comes from a third process (this one). Prints pages per second, the ratio,
 * and what a page costs: SQL statements, round trips, bytes.
 */
import { fork } from 'node:child_process'
import http from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { aCapacity, aPatient } from '#areas/gp-access/gp-access.fixture.ts'
import { stateCapacity } from '#areas/gp-access/store/capacities.ts'
import { admit, enterRequest } from '#areas/gp-access/store/requests.ts'
import { createPerson } from '#areas/people/index.ts'
import { setCommunes } from '#areas/territory/index.ts'
import { systemClock } from '#platform/clock.ts'
import { createCommunity } from '#platform/db/communities.ts'
import { hashToken, newToken } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import { createApp } from '#platform/web/app.ts'
import { areas } from '../src/areas.ts'
import { type Bench, machine, median, openBench, print, spread } from './kit/kit.ts'
import type { Start, Statement } from './kit/pages-server.ts'
import { type Sent, seeingQueries } from './kit/queries.ts'

const REQUESTS = 400
const CONNECTIONS = 8
const { values } = parseArgs({ options: { pairs: { type: 'string', default: '7' }, seconds: { type: 'string', default: '2' } } })
const seconds = Number(values.seconds)

const bench = await openBench()
const children: ReturnType<typeof fork>[] = []
try {
  const { cookie, requestId } = await fill(bench)
  const pages = { list: '/c/bench/demandes', record: `/c/bench/demandes/${requestId}` }
  const scripts: Start['scripts'] = {}
  const costs: Record<string, { statements: number; rounds: number; bytes: number; gzip: number }> = {}
  for (const [name, url] of Object.entries(pages)) {
    const { rounds, html } = await record(bench, url, cookie)
    scripts[url] = rounds
    costs[name] = { statements: rounds.flat().length, rounds: rounds.length, bytes: Buffer.byteLength(html), gzip: gzipSync(html).length }
  }
  const [ours, raw] = await Promise.all([server('ours', scripts), server('raw', scripts)])
  print(machine())
  print(`${REQUESTS} requests in the list; ${CONNECTIONS} connections; ${values.pairs} ABBA pairs of ${seconds} s a side.`)
  print()
  for (const [name, url] of Object.entries(pages)) {
    const side = (port: number) => load(port, url, cookie)
    await Promise.all([side(ours), side(raw)])
    const ratios: number[] = []
    const rates = { ours: [] as number[], raw: [] as number[] }
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      const order = pair % 2 ? (['raw', 'ours', 'ours', 'raw'] as const) : (['ours', 'raw', 'raw', 'ours'] as const)
      const sum = { ours: 0, raw: 0 }
      for (const which of order) sum[which] += await side(which === 'ours' ? ours : raw)
      rates.ours.push(sum.ours / 2)
      rates.raw.push(sum.raw / 2)
      ratios.push(sum.ours / sum.raw)
    }
    const cost = costs[name]!
    print(`${name}: ${median(rates.ours).toFixed(0)} pages/s, the bare server ${median(rates.raw).toFixed(0)} answers/s`)
    print(`  ratio ${median(ratios).toFixed(2)} (${spread(ratios)}), wished at least 0.20 with HTML`)
    print(`  ${cost.statements} SQL statements in ${cost.rounds} round trips; ${cost.bytes} bytes of HTML, ${cost.gzip} once compressed`)
  }
} finally {
  for (const child of children) child.kill()
  await bench.close()
}

async function fill(b: Bench): Promise<{ cookie: string; requestId: string }> {
  for (const [code, name, lon, lat] of [
    ['91377', 'Massy', 2.28, 48.73],
    ['91477', 'Palaiseau', 2.24, 48.71],
  ] as const)
    await b.admin.query(
      `insert into ref.commune (code, name, department, postal_codes, population, population_year, lon, lat) values ($1, $2, '91', '{91300}', 40000, 2023, $3, $4)`,
      [code, name, lon, lat],
    )
  const { id } = (await createCommunity(b.owner, { slug: 'bench', name: 'CPTS de mesure' }))!
  const token = newToken()
  const system = { who: { kind: 'system' as const, job: 'bench' }, now: new Date(), requestId: 'bench' }
  const { personId, requestId } = await b.db.inTenant(id, async tx => {
    await setCommunes(tx, system, ['91377', '91477'])
    const me = await createPerson(tx, { name: 'Claire Roux', email: 'claire@exemple.fr', roles: ['coordinator'], since: '2026-01-01' })
    if ('taken' in me) throw new Error('taken')
    for (let i = 0; i < 40; i++) {
      const doctor = await createPerson(tx, { name: `Dr Mesure ${i}`, email: `d${i}@exemple.fr`, roles: ['doctor'], since: '2026-01-01' })
      if (!('taken' in doctor)) await stateCapacity(tx, system, doctor.membershipId, aCapacity({ until: '2099-01-01' }), 'doctor')
    }
    let last = ''
    for (let i = 0; i < REQUESTS; i++) {
      last = (
        await enterRequest(
          tx,
          system,
          aPatient({ ald: i % 3 === 0, birthDate: `19${40 + (i % 55)}-03-1${i % 9}`, communeCode: i % 2 ? '91377' : '91477' }),
          'patient',
        )
      ).id
      await admit(tx, system, last)
    }
    return { personId: me.personId, requestId: last }
  })
  await b.admin.query(
    `insert into platform.session (token_hash, person_id, created_at, expires_at) values ($1, $2, now(), now() + interval '1 day')`,
    [hashToken(token), personId],
  )
  await b.admin.query('analyze')
  return { cookie: `__Host-trame=${token}`, requestId }
}

/** What one request of ours asks of the database: statements sent before the first answer comes back are one round. */
async function record(b: Bench, url: string, cookie: string): Promise<{ rounds: Statement[][]; html: string }> {
  const app = createApp({
    db: b.db,
    areas: areas({ demo: false }),
    clock: systemClock,
    log: silentLog,
    baseUrl: 'http://localhost:3000',
    demo: false,
  })
  const ask = () => app.request(`http://localhost:3000${url}`, { headers: { cookie } })
  await ask()
  const rounds: Statement[][] = []
  let open = false
  const since = Date.now()
  const see = ({ name, text, values, done }: Sent) => {
    if (!open) rounds.push([])
    open = true
    const fresh = values.flatMap((v, i) => (/^insert/.test(text.trim()) && isFresh(v, since) ? [i] : []))
    rounds.at(-1)!.push({ name, text, values, fresh })
    const answered = () => {
      open = false
    }
    void done.then(answered, answered)
  }
  const html = await seeingQueries(see, async () => {
    const response = await ask()
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
    return response.text()
  })
  return { rounds, html }
}
/** A UUIDv7 drawn during this request. */
function isFresh(v: unknown, since: number): boolean {
  return typeof v === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(v) && Number.parseInt(v.replaceAll('-', '').slice(0, 12), 16) >= since
}

async function server(side: Start['side'], scripts: Start['scripts']): Promise<number> {
  const child = fork(path.join(import.meta.dirname, 'kit/pages-server.ts'), { stdio: 'inherit', serialization: 'advanced' })
  children.push(child)
  child.send({ side, web: bench.web, scripts } satisfies Start)
  return new Promise(resolve => child.once('message', m => resolve((m as { port: number }).port)))
}
/** Answers per second of one server under a closed load. */
async function load(port: number, url: string, cookie: string): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const end = performance.now() + seconds * 1000
  let done = 0
  const one = () =>
    new Promise<void>((resolve, reject) => {
      http
        .get({ port, host: '127.0.0.1', path: url, agent, headers: { cookie } }, response => {
          if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
          response.resume().on('end', resolve)
        })
        .on('error', reject)
    })
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) {
        await one()
        done++
      }
    }),
  )
  agent.destroy()
  return done / seconds
}
