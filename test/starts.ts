/** For the tests: Trame as it is started, in processes of their own, on data folders of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'

const root = path.join(import.meta.dirname, '..')
const hook = path.join(root, 'src/platform/tsx-hook.ts')
const made: string[] = []
const alive = new Set<ChildProcess>()
export const folder = () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'trame-start-'))
  made.push(dir)
  return dir
}
after(() => {
  for (const child of alive) child.kill('SIGKILL')
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

export interface Running {
  child: ChildProcess
  output(): string
  /** Exit code, or the signal. */
  exit: Promise<number | string | null>
}
export function run(file: string, args: string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hook, path.join(root, file), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TRAME_DEMO: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  let output = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  const exit = new Promise<number | string | null>(resolve =>
    child.once('close', (code, signal) => {
      alive.delete(child)
      resolve(code ?? signal)
    }),
  )
  return { child, output: () => output, exit }
}
/** Started and ready; answers its address. */
export async function start(env: Record<string, string>): Promise<Running & { url: string; ms: number }> {
  const from = performance.now()
  const running = run('src/main.ts', [], { PORT: '0', ...env })
  const url = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const found = /Ouvrez\s+(\S+)/.exec(running.output())
      if (found) {
        clearInterval(look)
        resolve(found[1]!)
      }
    }, 5)
    running.exit.then(code => {
      clearInterval(look)
      reject(new Error(`ended with ${code}: ${running.output()}`))
    })
  })
  return { ...running, url, ms: performance.now() - from }
}
export const trame = async (env: Record<string, string>, ...words: string[]) => {
  const command = run('src/cli.ts', words, env)
  return { code: await command.exit, text: command.output() }
}
export const health = (url: string) =>
  fetch(`${url}/healthz`).then(
    r => r.status,
    () => 0,
  )
export async function until(what: string, app: Running, condition: () => Promise<boolean>, ms = 20_000): Promise<number> {
  const from = performance.now()
  while (!(await condition())) {
    if (performance.now() - from > ms) throw new Error(`never happened: ${what}. ${app.output()}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return performance.now() - from
}
