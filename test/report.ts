/** Follows the test files of one step, keeps the count, and tells the failures in full. */
import path from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'

/** The outcome of one step. */
export type Count = { passed: number; failed: number; skipped: number; failures: string[] }
/** How long each file took, in seconds. */
export type Seconds = Map<string, number>

export const nothing = (): Count => ({ passed: 0, failed: 0, skipped: 0, failures: [] })

export type FilesOptions = { files: string[]; concurrency: number; timeout: number; env: Record<string, string>; seconds: Seconds }

type TestEvent = {
  name: string
  nesting: number
  file?: string
  skip?: string | boolean
  todo?: string | boolean
  details: { type?: string; error?: Error & { failureType?: string } }
}

const root = path.join(import.meta.dirname, '..')

/** Runs the files, each in a process of its own, `concurrency` at a time, and says which were the longest. */
export async function runFiles({ files, concurrency, timeout, env, seconds }: FilesOptions): Promise<Count> {
  const counts: Count[] = []
  const queue = [...files]
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const from = performance.now()
      counts.push(await runFile(file, timeout, env))
      seconds.set(file, (performance.now() - from) / 1000)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const longest = files.toSorted((a, b) => seconds.get(b)! - seconds.get(a)!).slice(0, 8)
  if (files.length > 1) console.log(`  longest: ${longest.map(file => `${short(file)} ${Math.round(seconds.get(file)!)} s`).join(' · ')}`)
  return add(counts)
}

/** The sum of several counts. */
export function add(counts: Count[]): Count {
  const sum = (key: 'passed' | 'failed' | 'skipped') => counts.reduce((total, count) => total + count[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), failures: counts.flatMap(count => count.failures) }
}

/** Runs one file. One that takes too long is ended and failed, and so is one that holds no test. */
async function runFile(file: string, timeout: number, env: Record<string, string>): Promise<Count> {
  const count = nothing()
  const names: string[] = []
  let tests = 0
  let printed = ''
  const fail = (title: string, error: unknown) => {
    const heading = short(`${file}: ${title}`)
    process.stdout.write(`  ✖ ${heading}\n`)
    count.failed++
    count.failures.push(describe(heading, error, count.failed === 1 ? printed : ''))
  }
  // Not the runner's own time-out: it is kept by the test's process, which an endless loop never lets look at its clock.
  const watchdog = new AbortController()
  const timer = setTimeout(() => watchdog.abort(), timeout)
  const stream = run({ files: [file], signal: watchdog.signal, env: { ...process.env, ...env } })
  stream.on('test:start', ({ name, nesting }) => {
    names[nesting] = name
  })
  for (const channel of ['test:stdout', 'test:stderr'] as const)
    stream.on(channel, ({ message }) => {
      printed = (printed + message).slice(-20_000)
    })
  stream.on('test:pass', (event: TestEvent) => {
    if (event.details.type === 'suite' || isFile(event)) return
    tests++
    if (event.skip !== undefined || event.todo !== undefined) {
      count.skipped++
      process.stdout.write(`  ﹣ ${short(`${file}: ${event.name}`)} — skipped${typeof event.skip === 'string' ? `: ${event.skip}` : ''}\n`)
    } else count.passed++
  })
  stream.on('test:fail', (event: TestEvent) => {
    tests++
    // A parent that fails because of its children only: they have been counted.
    if (event.details.error?.failureType === 'subtestsFailed' || watchdog.signal.aborted) return
    if (event.todo !== undefined) count.skipped++
    else fail([...names.slice(0, event.nesting), event.name].join(' › '), event.details.error)
  })
  await new Promise<void>((resolve, reject) => stream.on('end', resolve).on('error', reject).resume())
  clearTimeout(timer)
  if (watchdog.signal.aborted) fail('too long', `ended after ${timeout / 1000} s`)
  else if (tests === 0) fail('empty', 'this file holds no test')
  return count
}

/** For a file without tests the runner reports the file itself as a test. */
function isFile(event: TestEvent): boolean {
  return event.nesting === 0 && path.isAbsolute(event.name)
}

function short(text: string): string {
  return text.replaceAll(`${root}${path.sep}`, '')
}

function describe(title: string, error: unknown, output: string): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const said = cause instanceof Error ? inspect(cause, { depth: 5 }) : String(cause)
  const printed = output.trim() === '' ? '' : `\n  — what the file printed —\n${indent(output.trimEnd())}`
  return `✖ ${title}\n${indent(said)}${printed}`
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}
