/**
 * `npm test`: types and style, every test file on the embedded PostgreSQL, those that use a database again over TCP with a
 * password, then the browser journeys. `npm test -- <words>` keeps the files whose path contains one of the words.
 */
import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { add, type Count, nothing, runFiles, type Seconds } from './report.ts'
import { onSocket, overTcp, type RunServer, sweepKilledRuns } from './servers.ts'

const root = path.join(import.meta.dirname, '..')
const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const checksOnly = process.argv.includes('--check')
/** One that never ends must not hold the run for ever; a loaded machine may take its time. */
const timeout = 600_000
/** A file waits for its server as often as it computes: one more than the cores. */
const concurrency = availableParallelism() + 1
/** Chance has played on the first server; the second is asked whether it behaves the same. */
const fewer = { TRAME_RUNS: '4', TRAME_LOOPS: '4' }

const counts: Count[] = []
let ranTests = false

/** Runs one step and tells how it went; a step that throws is one failure, and the next ones still run. */
async function step(name: string, work: () => Promise<Count>): Promise<void> {
  console.log(`▶ ${name}`)
  const start = performance.now()
  let count: Count
  try {
    count = await work()
  } catch (error) {
    count = { ...nothing(), failed: 1, failures: [`✖ ${name}\n  ${error instanceof Error ? error.stack : error}`] }
  }
  counts.push(count)
  console.log(`  ${tell(count)} — ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

function tell({ passed, failed, skipped }: Omit<Count, 'failures'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

async function checks(): Promise<Count> {
  const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const results = await Promise.all([
    command('types (tsc --noEmit)', [tsc, '--noEmit', '-p', root]),
    command('style (biome check)', [biome, 'check', root]),
  ])
  const failures = results.filter(result => result !== undefined)
  for (const failure of failures) console.log(`  ${failure.split('\n')[0]}`)
  return { ...nothing(), passed: results.length - failures.length, failed: failures.length, failures }
}

/** Undefined when it succeeds, else what it printed. */
function command(name: string, args: string[]): Promise<string | undefined> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', text => {
        printed += text
      })
    child.once('error', error => resolve(`✖ ${name}\n${error.message}`))
    child.once('close', code => resolve(code === 0 ? undefined : `✖ ${name}\n${printed.trimEnd()}`))
  })
}

/** The test files under `src` and `test`, or the browser journeys, that the words keep; the longest first: the whole application, every page. */
function find(kind: 'unit' | 'browser'): string[] {
  const isLong = (file: string) => file.startsWith(kind === 'browser' ? path.join('test', 'browser', 'pages-') : 'test')
  const patterns = kind === 'browser' ? ['test/browser/**/*.test.ts'] : ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}']
  return globSync(patterns, { cwd: root })
    .filter(file => kind === 'browser' || !file.startsWith(path.join('test', 'browser')))
    .filter(file => words.length === 0 || words.some(word => file.includes(word)))
    .sort((a, b) => Number(isLong(b)) - Number(isLong(a)) || (a < b ? -1 : 1))
    .map(file => path.join(root, file))
}

/** Starts a server, runs the files on it, stops it. */
async function onServer(start: () => Promise<RunServer>, work: (env: Record<string, string>) => Promise<Count>): Promise<Count> {
  const { server, stop } = await start()
  console.log(`  on ${server.name}`)
  try {
    return await work({ TRAME_TEST_PG: JSON.stringify(server) })
  } finally {
    await stop()
  }
}

async function runAll(): Promise<void> {
  const unit = find('unit')
  const journeys = find('browser')
  if (unit.length + journeys.length === 0) return
  sweepKilledRuns()
  // Each process that asks for a database leaves a file here: what uses one is observed, not guessed from the imports.
  const users = mkdtempSync(path.join(tmpdir(), 'trame-users-'))
  const seconds: Seconds = new Map()
  const options = { concurrency, timeout, seconds }
  try {
    if (unit.length > 0)
      await step(`tests: ${unit.length} files`, () =>
        onServer(onSocket, env => runFiles({ ...options, files: unit, env: { ...env, TRAME_TEST_USERS: users } })),
      )
    const withDatabase = readdirSync(users).map(name => readFileSync(path.join(users, name), 'utf8'))
    const again = unit.filter(file => withDatabase.includes(file)).sort((a, b) => seconds.get(b)! - seconds.get(a)!)
    if (again.length > 0)
      await step(`the ${again.length} files that use a database, again through a URL`, () =>
        onServer(overTcp, env => runFiles({ ...options, files: again, env: { ...fewer, ...env } })),
      )
    if (journeys.length > 0)
      await step(`browser journeys: ${journeys.length} files`, () =>
        onServer(onSocket, env => runFiles({ ...options, concurrency: 2, files: journeys, env })),
      )
  } finally {
    rmSync(users, { recursive: true, force: true })
  }
  ranTests = true
}

const start = performance.now()
if (!existsSync(path.join(root, 'tsconfig.json'))) throw new Error('tsconfig.json is missing')
if (words.length === 0) await step('types and style', checks)
if (!checksOnly) await runAll()

const total = add(counts)
if (total.failures.length > 0) console.log(`\n${total.failures.join('\n\n')}`)
if (!checksOnly && !ranTests) console.log(`\nNo test file${words.length > 0 ? ` matches ${words.join(', ')}` : ' was found'}.`)
console.log(`\n${((performance.now() - start) / 1000).toFixed(1)} s`)
console.log(tell(total))
process.exit(total.failed === 0 && (checksOnly || ranTests) && total.passed > 0 ? 0 : 1)
