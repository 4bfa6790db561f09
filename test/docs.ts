/** Writes what is generated: docs/access.md and docs/data.md (`npm run docs`). Tests fail when they are stale. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { accessText } from '../src/platform/access.ts'
import { type Call, calls } from './manifest.ts'

export interface Declared {
  method: string
  path: string
  who: string
}

/** One table per area: every address, what it is, who may. */
export function accessDoc(all: readonly Call[]): string {
  const areas = [...new Set(all.map(c => c.area))].sort()
  const lines = areas.flatMap(area => [
    '',
    `## ${area}`,
    '',
    '| | address | what | who |',
    '|---|---|---|---|',
    ...all.filter(c => c.area === area).map(c => `| ${c.method} | \`${c.path}\` | ${what(c)} | ${accessText(c.access)} |`),
  ])
  return `${head}${lines.join('\n')}\n`
}
const head = `# Who may open what

Written by \`npm run docs\` from what each page declares; \`test/access.test.ts\` compares it with what the server answers to each role.
To somebody who may not, a page does not exist: 404, or the sign-in page for who is not signed in. A signed link opens its one purpose
to its holder, without an account.
`
const what = (c: Call) => `${c.title.replaceAll('|', '/')}${c.kind === 'download' ? ' (file)' : c.kind === 'live' ? ' (stream)' : ''}`

export const readAccessDoc = (text: string): Declared[] =>
  [...text.matchAll(/^\| (GET|POST) \| `([^`]+)` \|.*\| ([^|]+) \|$/gm)].map(m => ({ method: m[1]!, path: m[2]!, who: m[3]! }))

if (process.argv[1] === import.meta.filename) {
  const docs = path.join(import.meta.dirname, '..', 'docs')
  writeFileSync(path.join(docs, 'access.md'), accessDoc(calls()))
  console.log('docs/access.md')
}
