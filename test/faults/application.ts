/** The application in a process of its own on a database of the tests: started, killed, started again on the same port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestDatabase } from '../database.ts'

const root = path.join(import.meta.dirname, '..', '..')
const hook = path.join(root, 'src/platform/tsx-hook.ts')

export interface Application {
  readonly url: string
  readonly pid: number
  output(): string
  /** As a power cut would; resolves once it is gone. */
  kill(): Promise<void>
  /** Ready again on the same port; answers in how many milliseconds. */
  again(): Promise<number>
  close(): Promise<void>
}
/** `imports` are loaded before the application: what changes the world around it. */
export async function startApplication(
  db: TestDatabase,
  o: { imports?: string[]; env?: Record<string, string> } = {},
): Promise<Application> {
  const data = mkdtempSync(path.join(tmpdir(), 'trame-fault-'))
  let child: ChildProcess | undefined
  let output = ''
  let port = 0
  let url = ''
  async function start(): Promise<number> {
    const from = performance.now()
    const imports = [hook, ...(o.imports ?? [])].flatMap(file => ['--import', file])
    const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...imports, path.join(root, 'src/main.ts')], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TRAME_DEMO: '0',
        TRAME_DATA: data,
        DATABASE_URL: db.ownerUrl,
        PORT: String(port),
        ...o.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    let said = ''
    for (const stream of [started.stdout!, started.stderr!])
      stream.setEncoding('utf8').on('data', text => {
        said += text
        output += text
      })
    for (const until = performance.now() + 60_000; ; ) {
      const found = /Ouvrez\s+(\S+)/.exec(said)
      if (found) {
        url = found[1]!
        port = Number(new URL(url).port)
        return performance.now() - from
      }
      if (started.exitCode !== null || performance.now() > until) throw new Error(`the application did not start: ${said}`)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    get url() {
      return url
    },
    get pid() {
      return child!.pid!
    },
    output: () => output,
    kill,
    again: start,
    async close() {
      await kill()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A line between a browser and the application that can be cut once the request has gone through: the answer never arrives. */
export async function cuttingProxy(target: () => string): Promise<{ url: string; cutNext(): void; close(): Promise<void> }> {
  let cut = false
  const open = new Set<net.Socket>()
  const server = net.createServer(browser => {
    open.add(browser)
    browser.on('close', () => open.delete(browser))
    const upstream = net.connect(Number(new URL(target()).port), '127.0.0.1')
    for (const [a, b] of [
      [browser, upstream],
      [upstream, browser],
    ] as const) {
      a.on('error', () => b.destroy())
      a.on('close', () => b.destroy())
    }
    browser.on('data', chunk => upstream.write(chunk))
    upstream.on('data', chunk => {
      if (cut) {
        cut = false
        browser.destroy()
      } else browser.write(chunk)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    cutNext() {
      cut = true
    },
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        // What a browser keeps open for its next request is not waited for.
        for (const socket of open) socket.destroy()
      }),
  }
}
