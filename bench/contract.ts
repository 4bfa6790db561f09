/**
 * npm run bench -- contract [--trials 5] [--events 30] [--sizes 1,10,100,300,900]
 *
 * The contracts of 1 to 900 communities over five years, recomputed whole. On the same PostgreSQL, alternating:
 * ours  counts the events of each indicator, reads contracts, missions and indicators, and runs the kernel: every line with its steps, its
 *       provenance and its payments;
 * SQL   one statement by hand that counts the same events and adds the same sums, to the cent, and explains nothing.
 * Both must find the same total of each community and year, to the cent. Then events are added for one community in a hundred, and only theirs
 * are counted and computed again. `kernel` is our time without the database.
 *
 * Every size is filled first, each in a schema of its own; a trial goes through all of them, up then down, ours first then last: what else the
 * machine does falls on all alike. `CPU` is the processor used by this process and by the server's (one backend, no parallel workers, Linux
 * only), in nanoseconds from the scheduler: it does not count the waiting for others, and on a busy machine it is the figure to read.
 * The exponent is the slope of ln(time) on ln(communities) through all sizes from ten up: below, the round trips weigh more than the work.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { addDays } from '#domain/calendar.ts'
import { type Contract, compute, type Facts, type Indicator, type Mission, national } from '#domain/contract/index.ts'
import type { AciSize } from '#domain/size.ts'
import { Maker } from '../demo/extract.ts'
import { machine, median, openBench, print, spread } from './kit/kit.ts'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '5' },
    events: { type: 'string', default: '30' },
    sizes: { type: 'string', default: '1,10,100,300,900' },
  },
})
const TRIALS = Number(values.trials)
const WARM_UP = 20
const YEARS = 5
const ON = '2026-11-22'
const MISSIONS: readonly Mission[] = ['access', 'pathways', 'prevention', 'quality', 'support']
const WEIGHTS = [3334, 3333, 3333]
const TARGET = Number(values.events)

const bench = await openBench(4)
const client = await bench.admin.connect()
try {
  await client.query('set max_parallel_workers_per_gather to 0')
  const backend = Number((await client.query('select pg_backend_pid() as pid')).rows[0].pid)
  /** Milliseconds of processor used so far, here and in the server's process; NaN where it cannot be read. */
  const cpu = (): number => {
    try {
      const own = process.cpuUsage()
      return Number(readFileSync(`/proc/${backend}/schedstat`, 'utf8').split(' ')[0]) / 1e6 + (own.user + own.system) / 1000
    } catch {
      return Number.NaN
    }
  }
  const timed = async <T>(work: () => Promise<T>): Promise<{ found: T; ms: number; cpu: number }> => {
    const [from, used] = [performance.now(), cpu()]
    const found = await work()
    return { found, ms: performance.now() - from, cpu: cpu() - used }
  }
  const sizes = values.sizes.split(',').map(Number)
  const at = (size: number) => client.query(`set search_path to bench_${size}`)
  print(machine())
  print(
    `${YEARS} years, ${MISSIONS.length} missions, ${MISSIONS.length * WEIGHTS.length} indicators each; ${TRIALS} trials through all sizes, alternating. ms: median (range).`,
  )
  const events = new Map<number, number>()
  for (const size of sizes) events.set(size, await fill(client, size))
  // The application lives long and its compiler is warm: so is ours, before the first measure.
  const warm = sizes.includes(100) ? 100 : sizes.at(-1)!
  await at(warm)
  for (let i = 0; i < WARM_UP; i++) await recompute(client, null)

  interface Measures {
    ours: number[]
    sql: number[]
    kernel: number[]
    changed: number[]
    oursCpu: number[]
    sqlCpu: number[]
    changedCpu: number[]
  }
  const measures = new Map<number, Measures>(
    sizes.map(s => [s, { ours: [], sql: [], kernel: [], changed: [], oursCpu: [], sqlCpu: [], changedCpu: [] }]),
  )
  // Trial 0 warms caches and plans, and is not counted.
  for (let trial = 0; trial <= TRIALS; trial++)
    for (const size of trial % 2 ? sizes : sizes.toReversed()) {
      await at(size)
      const m = measures.get(size)!
      const oursFirst = trial % 2 === 0
      const early = oursFirst ? await timed(() => recompute(client, null)) : null
      const sql = await timed(() => byHand(client))
      const ours = early ?? (await timed(() => recompute(client, null)))
      same(ours.found.totals, sql.found)
      const touched = await change(client, size, trial)
      const changed = await timed(() => recompute(client, touched))
      if (trial === 0) {
        same((await recompute(client, null)).totals, await byHand(client))
        continue
      }
      m.ours.push(ours.ms)
      m.kernel.push(ours.found.kernel)
      m.sql.push(sql.ms)
      m.changed.push(changed.ms)
      m.oursCpu.push(ours.cpu)
      m.sqlCpu.push(sql.cpu)
      m.changedCpu.push(changed.cpu)
    }

  const cell = (ms: number[]) => `${median(ms).toFixed(1)} (${spread(ms, 1)})`.padEnd(26)
  const ratio = (a: number[], b: number[]) => median(a.map((t, i) => t / b[i]!))
  const percent = (a: number[], b: number[]) => `${(100 * ratio(a, b)).toFixed(1)} %`
  for (const [what, ours, sql, changed] of [
    ['clock', 'ours', 'sql', 'changed'],
    ['CPU', 'oursCpu', 'sqlCpu', 'changedCpu'],
  ] as const) {
    print()
    print(
      `${what.padEnd(6)}communities     events   ours                      ${what === 'clock' ? 'of which kernel  ' : ''.padEnd(17)}by hand in SQL             ours ÷ SQL   after 1 % changed         ÷ full`,
    )
    for (const size of sizes) {
      const m = measures.get(size)!
      print(
        `${String(size).padStart(17)} ${String(events.get(size)).padStart(10)}   ${cell(m[ours])}${(what === 'clock' ? median(m.kernel).toFixed(1) : '').padEnd(17)}${cell(m[sql])} ${ratio(m[ours], m[sql]).toFixed(2).padEnd(12)} ${cell(m[changed])}${size < 100 ? '–' : percent(m[changed], m[ours])}`,
      )
    }
  }
  print()
  const grown = sizes.filter(s => s >= 10)
  for (const [what, key] of [
    ['ours, clock', 'ours'],
    ['ours, CPU', 'oursCpu'],
    ['SQL, clock', 'sql'],
    ['SQL, CPU', 'sqlCpu'],
  ] as const) {
    // One slope a trial, so that the range says how far it is settled.
    const slopes = measures.get(grown[0]!)![key].map((_, n) => slope(grown.map(s => [s, measures.get(s)![key][n]!] as const)))
    print(
      `exponent from ${grown[0]} to ${grown.at(-1)} communities: ${what.padEnd(12)} ${median(slopes).toFixed(3)} (${spread(slopes, 3)})`,
    )
  }
} finally {
  client.release()
  await bench.close()
}

/** Slope of ln y on ln x, by least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (i: 0 | 1) => logs.reduce((n, p) => n + p[i], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  return logs.reduce((n, [x, y]) => n + (x - mx) * (y - my), 0) / logs.reduce((n, [x]) => n + (x - mx) ** 2, 0)
}
async function fill(client: pg.PoolClient, size: number): Promise<number> {
  const make = new Maker(20)
  await client.query(`
    create schema bench_${size}; set search_path to bench_${size};
    create table amount(size int, heading text, part text, cents bigint);
    create table contract(cpts int primary key, signed date, size int);
    create table mission(cpts int, mission text, started date, primary key (cpts, mission));
    create table indicator(cpts int, id int, mission text, weight int, target int, primary key (cpts, id));
    create table event(cpts int not null, indicator int not null, year int not null, at date not null);`)
  await client.query('insert into amount select * from jsonb_to_recordset($1) as r(size int, heading text, part text, cents bigint)', [
    JSON.stringify(national.rows.filter(r => r.text === 'aci-2019')),
  ])
  for (let cpts = 1; cpts <= size; cpts++) {
    const signed = addDays('2020-01-15', make.int(700))
    await client.query('insert into contract values ($1, $2, $3)', [cpts, signed, 1 + make.int(4)])
    // One mission in ten has not started; the others within two years of the signature.
    for (const [m, mission] of MISSIONS.entries()) {
      if (m === 0 || !make.chance(0.1))
        await client.query('insert into mission values ($1, $2, $3)', [cpts, mission, addDays(signed, make.int(730))])
      for (const [w, weight] of WEIGHTS.entries())
        await client.query('insert into indicator values ($1, $2, $3, $4, $5)', [cpts, m * 10 + w, mission, weight, TARGET])
    }
  }
  // Between none and twice the target, evenly: half of the indicators reach it.
  await client.query(
    `insert into event select i.cpts, i.id, y, c.signed + 365 * (y - 1) + (n % 360)
     from indicator i join contract c using (cpts), generate_series(1, $1) y, generate_series(1, ((i.cpts * 31 + i.id * 17 + y * 7) % (2 * $2 + 1))::int) n
     order by y, n, i.cpts`,
    [YEARS, TARGET],
  )
  await client.query('create index event_of on event (cpts); analyze contract, mission, indicator, event')
  return Number((await client.query('select count(*) from event')).rows[0].count)
}
/** New events for one community in a hundred, one at least. */
async function change(client: pg.PoolClient, size: number, trial: number): Promise<number[]> {
  const which = Array.from({ length: Math.max(1, Math.round(size / 100)) }, (_, i) => 1 + ((i * 97 + trial * 13) % size))
  await client.query(`insert into event select cpts, id, ${YEARS}, '2026-06-01' from indicator where cpts = any($1)`, [which])
  return which
}

type Totals = Map<string, number>
async function recompute(client: pg.PoolClient, only: number[] | null): Promise<{ totals: Totals; kernel: number }> {
  const where = only ? 'where cpts = any($1)' : ''
  const ask = (text: string) => client.query({ text: text.replace('WHERE', where), values: only ? [only] : [], rowMode: 'array' })
  const contracts = (await ask('select cpts, signed::text, size from contract WHERE order by cpts')).rows as [number, string, AciSize][]
  const missionRows = (await ask('select cpts, mission, started::text from mission WHERE')).rows as [number, Mission, string][]
  const indicatorRows = (await ask('select cpts, id, mission, weight, target from indicator WHERE')).rows as [
    number,
    number,
    Mission,
    number,
    number,
  ][]
  const counts = (await ask('select cpts, indicator, year, count(*)::int from event WHERE group by 1, 2, 3')).rows as [
    number,
    number,
    number,
    number,
  ][]
  const indicators = group(
    indicatorRows,
    ([, id, mission, weight, target]): Indicator => ({
      id: String(id),
      mission,
      name: `${mission} ${id}`,
      kind: 'action',
      measure: 'count',
      better: 'higher',
      formula: 'ratio',
      weight,
      cap: 100,
      floor: 0,
      baseline: null,
      targets: [{ year: 1, target: { numerator: target, denominator: 1 } }],
      fromYear: 1,
      toYear: null,
    }),
  )
  const missions = group(missionRows, ([, mission, started]) => ({ mission, started, deployed: null }))
  const values = group(counts, ([, indicator, year, numerator]): Facts['values'][number] => ({
    indicator: String(indicator),
    year,
    value: { state: 'measured', ratio: { numerator, denominator: 1 } },
  }))
  const totals: Totals = new Map()
  const from = performance.now()
  for (const [cpts, signed, size] of contracts) {
    const contract: Contract = {
      id: String(cpts),
      signed,
      years: YEARS,
      terms: { text: 'aci-2019', size, population: null, missions: MISSIONS, compensation: true, annex: [] },
      amendments: [],
      renewals: [],
      terminated: null,
      indicators: indicators.get(cpts) ?? [],
      confirmed: [],
    }
    const facts: Facts = { missions: missions.get(cpts) ?? [], values: values.get(cpts) ?? [], crisis: [], decisions: [], receipts: [] }
    for (const year of compute(contract, facts, ON).years) totals.set(`${cpts}/${year.year}`, year.due.cents)
  }
  return { totals, kernel: performance.now() - from }
}
function group<Row extends readonly [number, ...unknown[]], T>(rows: readonly Row[], make: (row: Row) => T): Map<number, T[]> {
  const found = new Map<number, T[]>()
  for (const row of rows) {
    const list = found.get(row[0])
    if (list) list.push(make(row))
    else found.set(row[0], [make(row)])
  }
  return found
}

/** The same sums, written by hand: what a year brings to each community. */
async function byHand(client: pg.PoolClient): Promise<Totals> {
  const { rows } = await client.query({
    rowMode: 'array',
    text: `
      with counted as (select cpts, indicator as id, year, count(*) as n from event group by 1, 2, 3),
      years as (
        select cpts, size, y as year, (signed + make_interval(years => y - 1))::date as a, (signed + make_interval(years => y))::date as b
        from contract, generate_series(1, ${YEARS}) y),
      active as (
        select y.cpts, y.year, y.size, m.mission, y.b - y.a as days, greatest(0, y.b - greatest(y.a, m.started)) as on_days
        from years y join mission m using (cpts)),
      timed as (
        -- Due from the start, lost before it: the cent left over goes to the larger remainder.
        select v.cpts, v.year, v.mission, a.part,
          a.cents * v.on_days / v.days + case when (a.cents * v.on_days) % v.days >= (a.cents * (v.days - v.on_days)) % v.days
            and (a.cents * v.on_days) % v.days > 0 then 1 else 0 end as due
        from active v join amount a on a.size = v.size and a.heading = v.mission
        where v.on_days > 0),
      exact as (
        select t.cpts, t.year, t.mission, i.id, i.target, t.due, t.due * i.weight as share
        from timed t join indicator i on i.cpts = t.cpts and i.mission = t.mission
        where t.part = 'variable'),
      ranked as (
        select *, share / 10000 as base,
          due - sum(share / 10000) over w as left_over,
          row_number() over (partition by cpts, year, mission order by share % 10000 desc, id) as rank
        from exact window w as (partition by cpts, year, mission)),
      variable as (
        select r.cpts, r.year,
          sum(round((r.base + case when r.rank <= r.left_over then 1 else 0 end) * least(c.n, r.target)::numeric / r.target)) as due
        from ranked r join counted c using (cpts, id, year) group by 1, 2),
      fixed as (select cpts, year, sum(due) as due from timed where part <> 'variable' group by 1, 2),
      running as (
        select y.cpts, y.year, case when y.year = 1 or exists (select from mission m where m.cpts = y.cpts and m.started < y.b) then a.cents else 0 end as due
        from years y join amount a on a.size = y.size and a.heading = 'running')
      select r.cpts, r.year, (r.due + coalesce(f.due, 0) + coalesce(v.due, 0))::bigint::text
      from running r left join fixed f using (cpts, year) left join variable v using (cpts, year)`,
  })
  return new Map((rows as [number, number, string][]).map(([cpts, year, due]) => [`${cpts}/${year}`, Number(due)]))
}
function same(ours: Totals, theirs: Totals): void {
  if (ours.size !== theirs.size) throw new Error(`${ours.size} years on one side, ${theirs.size} on the other`)
  for (const [key, cents] of ours) if (theirs.get(key) !== cents) throw new Error(`${key}: ${cents} and ${theirs.get(key)} cents`)
}
