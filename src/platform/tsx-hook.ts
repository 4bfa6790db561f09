/**
 * Lets Node import `.tsx` without a build: it strips types from `.ts` by itself, but refuses JSX, which esbuild turns into calls.
 * What was turned once, and what V8 compiled, is kept beside the packages for the next process: 0.9 s of processor to load the
 * application instead of 2.0.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, enableCompileCache, registerHooks } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TransformOptions } from 'esbuild'

const require = createRequire(import.meta.url)
/** Emptied by `npm ci`. Where nobody may write nothing is kept, and all else is the same. */
const cache = path.join(import.meta.dirname, '../../node_modules/.cache/trame')
const options: TransformOptions = { loader: 'tsx', format: 'esm', jsx: 'automatic', jsxImportSource: 'hono/jsx', sourcemap: 'inline' }
const recipe = JSON.stringify([options, require('esbuild/package.json').version])

enableCompileCache(path.join(cache, 'compiled'))
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.tsx')) return next(url, context)
    return { format: 'module', source: turned(fileURLToPath(url)), shortCircuit: true }
  },
})

/** The JavaScript of this file: the kept one if it was made from the same text in the same way. */
function turned(file: string): string {
  const text = readFileSync(file, 'utf8')
  const stamp = `// ${hash(recipe, text)}\n`
  const kept = path.join(cache, 'tsx', hash(file))
  try {
    const code = readFileSync(kept, 'utf8')
    if (code.startsWith(stamp)) return code
  } catch {
    // Not turned yet.
  }
  const { transformSync } = require('esbuild') as typeof import('esbuild')
  const { code } = transformSync(text, { ...options, sourcefile: file, banner: stamp.trimEnd() })
  keep(kept, code)
  return code
}

/** Written aside, then renamed: who reads at the same time finds all of it or nothing. */
function keep(file: string, code: string): void {
  const draft = `${file}.${randomUUID()}`
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(draft, code)
    renameSync(draft, file)
  } catch {
    // A folder that cannot be written: it is turned again next time.
  }
}

function hash(...parts: string[]): string {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('base64url')
}
