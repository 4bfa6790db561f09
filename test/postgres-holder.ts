/** For the tests: Trames of their own, in other processes, that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'
import type { Login } from './database.ts'

export const scratch = mkdtempSync(path.join(tmpdir(), 'trame-accidents-'))
export const started: ChildProcess[] = []
after(async () => {
  for (const child of started) child.kill('SIGKILL')
  await new Promise(resolve => setTimeout(resolve, 200))
  rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

type Said = { pid: number; superuser: Login; owner: Login; error?: string; message?: string }

/** A Trame of its own on that folder; `said` is its first line. */
export function hold(dir: string, { prefix = [] as string[], env = {} } = {}): { child: ChildProcess; said: Promise<Said> } {
  const [command, ...args] = [...prefix, process.execPath, path.join(import.meta.dirname, 'postgres-holder-process.ts'), dir]
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
  })
  started.push(child)
  const said = new Promise<Said>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += chunk
      if (text.includes('\n')) resolve(JSON.parse(text) as Said)
    })
    child.once('close', code => reject(new Error(`ended with ${code} before saying anything`)))
  })
  // One that is killed on purpose says nothing, and nobody waits for it.
  said.catch(() => {})
  return { child, said }
}

export const exitOf = (child: ChildProcess) => new Promise<number | null>(resolve => child.once('exit', resolve))

/** A PATH on which `name` is replaced by a script of ours. */
export function fakePath(folder: string, name: string, script: string): string {
  const bin = path.join(scratch, folder)
  mkdirSync(bin, { recursive: true })
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(path.join(bin, name), 0o755)
  return `${bin}${path.delimiter}${process.env.PATH}`
}
