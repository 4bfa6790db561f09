/** Writes what is generated: docs/access.md and docs/data.md (`npm run docs`). Tests fail when they are stale. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { accessText } from '#platform/access.ts'
import { query, testDatabase } from './database.ts'
import { type Call, calls } from './manifest.ts'
import { type Column, classes, classOf, columnsSql } from './privacy.ts'

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

/** One table per table: every column, what it is, what it says of whom. */
export function dataDoc(columns: readonly Column[]): string {
  const tables = [...new Set(columns.map(c => c.table))]
  const lines = tables.flatMap(table => {
    const own = columns.filter(c => c.table === table)
    return [
      '',
      `## ${table}`,
      '',
      own[0]!.tableComment,
      '',
      '| column | type | what | privacy |',
      '|---|---|---|---|',
      ...own.map(c => `| ${c.column} | ${c.type} | ${c.comment.replaceAll('|', '/')} | ${classOf(c) ?? '?'} |`),
    ]
  })
  return `${dataHead}${lines.join('\n')}\n`
}
const dataHead = `# What is kept

Written by \`npm run docs\` from the comments of the schema and the classes of \`test/privacy.ts\`; \`test/data.test.ts\` fails when it is
stale. Schema \`app\` belongs to communities, one row to one community; \`platform\` knows none; \`ref\` is shared reference data. The job
queue (schema \`jobs\`) holds identifiers only.

${Object.entries(classes)
  .map(([name, meaning]) => `- **${name}**: ${meaning}`)
  .join('\n')}
`

if (process.argv[1] === import.meta.filename) {
  const docs = path.join(import.meta.dirname, '..', 'docs')
  await using database = await testDatabase()
  const columns = await query<Column & Record<string, string>>(database.superuserConfig, columnsSql)
  writeFileSync(path.join(docs, 'access.md'), accessDoc(calls()))
  writeFileSync(path.join(docs, 'data.md'), dataDoc(columns))
  console.log('docs/access.md, docs/data.md')
}
