/**
 * npm run bench -- import [--quick]
 *
 * What is compared, on the same server, the same files, in the same run, alternating:
 * ours   importRpps: 56 columns checked, encodings checked, RPPS keys, communes found, one row per person and place, compared with
 *        what is there, indexes (two b-trees, one trigram) and foreign key, one transaction, SHA-256 of the file;
 * plain  COPY of the same bytes, split on `|` into text columns of a table without any index, nothing checked.
 * Each import runs in a process of its own, which tells its time and its peak memory.
 */
import { fork } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { arch, cpus, loadavg, platform, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { loadCommunes } from '#areas/directory/import/communes.ts'
import { importRpps } from '#areas/directory/import/rpps.ts'
import { migrate } from '#platform/db/migrate.ts'
import { type Connection, startEmbedded } from '#platform/postgres/embedded.ts'
import { type BigExtract, writeBigExtract } from '../demo/big-extract.ts'

interface Job {
  work: 'ours' | 'plain'
  file: string
  database: Connection
}
interface Outcome {
  ms: number
  peakMb: number
  rowsWritten: number
  people: number
  status: string
}

const TARGET_RATIO = 0.25
const TARGET_MB = 250

if (process.send) await child()
else await main()

/** One import in a process of its own. */
async function child(): Promise<void> {
  const job = await new Promise<Job>(resolve => process.once('message', m => resolve(m as Job)))
  const started = performance.now()
  const outcome: Outcome = { ms: 0, peakMb: 0, rowsWritten: 0, people: 0, status: 'done' }
  if (job.work === 'ours') {
    const report = await importRpps(job.file, { owner: job.database, confirm: true })
    Object.assign(outcome, { rowsWritten: report.rowsWritten, people: report.people, status: report.status })
  } else {
    const client = new pg.Client(job.database)
    await client.connect()
    const columns = Array.from({ length: 57 }, (_, i) => `c${i} text`) // the line ends with a separator
    await client.query(
      `create schema if not exists plain; drop table if exists plain.extract; create table plain.extract (${columns.join(', ')})`,
    )
    const stream = client.query(copyFrom(`copy plain.extract from stdin (delimiter '|', null '')`))
    await pipeline(createReadStream(job.file, { highWaterMark: 1 << 20 }), stream)
    outcome.rowsWritten = stream.rowCount
    await client.end()
  }
  outcome.ms = performance.now() - started
  outcome.peakMb = process.resourceUsage().maxRSS / 1024
  process.send!(outcome, () => process.exit(0))
}

function run(job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const process_ = fork(import.meta.filename, { execArgv: [] })
    let outcome: Outcome | undefined
    process_.on('message', m => {
      outcome = m as Outcome
    })
    process_.on('error', reject)
    process_.on('exit', code => (outcome ? resolve(outcome) : reject(new Error(`the import ended with code ${code}`))))
    process_.send(job)
  })
}

async function main(): Promise<void> {
  const quick = process.argv.includes('--quick')
  const sizes = quick ? [10_000, 40_000, 160_000] : [62_500, 125_000, 500_000, 2_000_000]
  const pairs = quick ? 3 : 5
  const folder = mkdtempSync(path.join(tmpdir(), 'trame-bench-'))
  const server = await startEmbedded({ dir: path.join(folder, 'postgres') })
  const admin = new pg.Client(server.superuser)
  try {
    await admin.connect()
    await migrate(server.connection)
    await loadCommunes(server.connection)
    await admin.query(`alter database ${server.connection.database} rename to bench_template`)
    const version = (await admin.query<{ v: string }>(`select current_setting('server_version') as v`)).rows[0]!.v
    say(
      `machine  ${cpus().length} × ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 1e9)} GB, ${platform()} ${arch()}, Node ${process.version}, PostgreSQL ${version}`,
    )
    say(
      `load     ${loadavg()
        .map(l => l.toFixed(1))
        .join(' ')} before starting (other work on the machine slows both sides)`,
    )
    say('')
    say('lines      MB      ours s (min–max)        MB/s   plain COPY s (min–max)   MB/s   ratio (min–max)     peak MB')
    const fresh = database(admin, server.connection)
    const times: { lines: number; ms: number; plain: number }[] = []
    let peak = 0
    let ratio = 0
    let largest: { file: string; made: BigExtract; first: number } | undefined
    for (const size of sizes) {
      const file = path.join(folder, `extract-${size}.txt`)
      const made = await writeBigExtract(file, size, 1)
      const result = await alternate(file, fresh, size >= 2_000_000 ? Math.min(pairs, 3) : pairs)
      const mb = made.bytes / 1e6
      peak = Math.max(peak, result.peak)
      ratio = result.ratio.median
      times.push({ lines: made.lines, ms: result.ours.median, plain: result.plain.median })
      const cell = (s: Spread, n = 1000) => `${(s.median / n).toFixed(2)} (${(s.min / n).toFixed(2)}–${(s.max / n).toFixed(2)})`
      say(
        `${String(made.lines).padEnd(9)}  ${mb.toFixed(0).padEnd(6)}  ${cell(result.ours).padEnd(22)}  ${(mb / (result.ours.median / 1000)).toFixed(1).padEnd(5)}  ` +
          `${cell(result.plain).padEnd(23)}  ${(mb / (result.plain.median / 1000)).toFixed(1).padEnd(5)}  ${cell(result.ratio, 1).padEnd(18)}  ${result.peak.toFixed(0)}`,
      )
      if (largest) rmSync(largest.file)
      largest = { file, made, first: result.ours.median }
    }
    say('')
    say(
      `exponent   ours ${exponent(times.map(t => [t.lines, t.ms])).toFixed(2)}, plain ${exponent(times.map(t => [t.lines, t.plain])).toFixed(2)} (slope of log time over log lines, ${times.length} sizes)`,
    )
    await again(largest!, fresh, folder)
    say('')
    say(
      `verdict    ratio ${ratio.toFixed(2)} on the largest file, target ≥ ${TARGET_RATIO}: ${ratio >= TARGET_RATIO ? 'held' : 'MISSED'}; peak memory ${peak.toFixed(0)} MB, target ≤ ${TARGET_MB}: ${peak <= TARGET_MB ? 'held' : 'MISSED'}`,
    )
    if (ratio < TARGET_RATIO || peak > TARGET_MB) process.exitCode = 1
  } finally {
    await admin.end().catch(() => {})
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes a database with communes and an empty directory, and a way to drop it. */
function database(admin: pg.Client, owner: Connection) {
  let n = 0
  return async () => {
    const name = `bench_${++n}`
    await admin.query(`create database ${name} template bench_template owner ${owner.user}`)
    await admin.query('checkpoint') // so that none pays for the writes of the one before
    return { at: { ...owner, database: name }, drop: () => admin.query(`drop database ${name} with (force)`) }
  }
}
type Fresh = ReturnType<typeof database>

interface Spread {
  median: number
  min: number
  max: number
}
function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** Ours, plain, plain, ours…: what slows the machine for a while slows both. */
async function alternate(file: string, fresh: Fresh, pairs: number) {
  const ours: number[] = []
  const plain: number[] = []
  let peak = 0
  for (let k = 0; k < pairs; k++)
    for (const work of k % 2 ? (['plain', 'ours'] as const) : (['ours', 'plain'] as const)) {
      const { at, drop } = await fresh()
      const outcome = await run({ work, file, database: at })
      ;(work === 'ours' ? ours : plain).push(outcome.ms)
      if (work === 'ours') peak = Math.max(peak, outcome.peakMb)
      await drop()
    }
  return { ours: spread(ours), plain: spread(plain), ratio: spread(ours.map((ms, k) => plain[k]! / ms)), peak }
}

/** The imports after the first: same file, same people in another file, people in no order. */
async function again(
  { file, made, first }: { file: string; made: BigExtract; first: number },
  fresh: Fresh,
  folder: string,
): Promise<void> {
  const { at, drop } = await fresh()
  await run({ work: 'ours', file, database: at })
  const same = await run({ work: 'ours', file, database: at })
  line('same file again', same, first)
  const shuffled = path.join(folder, 'other.txt')
  await writeBigExtract(shuffled, made.lines, 1, { trailing: '\n' })
  line('same people, other file', await run({ work: 'ours', file: shuffled, database: at }), first)
  await writeBigExtract(shuffled, made.lines, 1, { later: true })
  line('1 % moved, 1 % gone', await run({ work: 'ours', file: shuffled, database: at }), first)
  await drop()
  await writeBigExtract(shuffled, made.lines, 1, { shuffled: true })
  const other = await fresh()
  line('first, people in no order', await run({ work: 'ours', file: shuffled, database: other.at }), first)
  await other.drop()
}

function line(name: string, o: Outcome, first: number): void {
  say(
    `${name.padEnd(26)} ${(o.ms / 1000).toFixed(2)} s, ${(o.ms / first).toFixed(2)} × the first, ${o.rowsWritten} rows written (${o.status}), peak ${o.peakMb.toFixed(0)} MB`,
  )
}

/** Slope of the least-squares line through the logarithms. */
function exponent(points: [number, number][]): number {
  const xs = points.map(p => Math.log(p[0]))
  const ys = points.map(p => Math.log(p[1]))
  const mean = (v: number[]) => v.reduce((a, b) => a + b) / v.length
  const [mx, my] = [mean(xs), mean(ys)]
  return xs.reduce((s, x, i) => s + (x - mx) * (ys[i]! - my), 0) / xs.reduce((s, x) => s + (x - mx) ** 2, 0)
}

function say(text: string): void {
  console.log(text)
}
