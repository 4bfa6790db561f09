/** The rules of the house hold in every file; and each rule, tried on a file made to break it, says so. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { importsOf, problems, type SourceFile } from './architecture.ts'

const root = path.join(import.meta.dirname, '..')
const files: SourceFile[] = globSync(['src/**/*', 'test/**/*.{ts,tsx}', 'bench/**/*.ts', 'demo/**/*.ts'], {
  cwd: root,
  withFileTypes: true,
})
  .filter(entry => entry.isFile())
  .map(entry => path.join(entry.parentPath, entry.name))
  .map(file => ({ path: path.relative(root, file).split(path.sep).join('/'), text: readFileSync(file, 'utf8') }))

describe('the house', () => {
  it('is seen whole', () => {
    assert.ok(files.length > 150, `${files.length} files`)
    const imports = files.flatMap(importsOf)
    assert.ok(
      imports.some(i => i.target === 'src/platform/page.ts'),
      'aliases and relative paths lead to the same file',
    )
    const missing = imports.filter(i => i.target.startsWith('src/') && !files.some(f => f.path === i.target)).map(i => i.target)
    assert.deepEqual(missing, [], 'every import leads to a file')
  })
  it('keeps its rules', () => assert.deepEqual(problems(files), []))
})

describe('each rule bites', () => {
  const door = (area: string): SourceFile[] => [
    { path: `src/areas/${area}/README.md`, text: '' },
    { path: `src/areas/${area}/index.ts`, text: '' },
  ]
  const cases: [rule: string, file: string, text: string, says: RegExp][] = [
    ['domain imports no package', 'src/domain/x.ts', "import fs from 'node:fs'", /domain imports nothing/],
    ['domain imports no platform', 'src/domain/x.ts', "import { sql } from '../platform/db/types.ts'", /domain imports nothing/],
    ['nor through an alias', 'src/domain/x.ts', "import { sql } from '#platform/db/types.ts'", /domain imports nothing/],
    ['one way to each file', 'src/areas/a/x.ts', "import { sql } from '../../platform/db/types.ts'", /import #platform\/db\/types\.ts/],
    ['platform knows no area', 'src/platform/x.ts', "import { a } from '#areas/people/index.ts'", /platform knows no area/],
    ['nor the wiring', 'src/platform/x.ts', "import { areas } from '../areas.ts'", /platform knows no area/],
    ['only the door of another area', 'src/areas/a/x.ts', "import { s } from '../people/store.ts'", /only index\.ts/],
    ['even as a type', 'src/areas/a/x.ts', "import type { S } from '#areas/people/store.ts'", /only index\.ts/],
    ['even later', 'src/areas/a/x.ts', "const s = await import('../people/store.ts')", /only index\.ts/],
    ['even passed on', 'src/areas/a/x.ts', "export { s } from '../people/store.ts'", /only index\.ts/],
    ['a store asks no page', 'src/areas/a/store/x.ts', "import { P } from '../pages/p.tsx'", /stands above/],
    ['rules ask no store', 'src/areas/a/rules.ts', "import type { S } from './store/s.ts'", /stands above/],
    ['an area does not import the wiring', 'src/areas/a/x.ts', "import { areas } from '../../areas.ts'", /does not import src\/areas\.ts/],
    ['nor a test', 'src/areas/a/x.ts', "import { t } from '../../../test/app.ts'", /does not import test/],
    ['nor a package', 'src/areas/a/x.ts', "import { z } from 'zod'", /uses the platform, not zod/],
    ['the driver', 'src/platform/x.ts', "import pg from 'pg'", /database driver/],
    ['the query builder', 'src/areas/a/x.ts', "import { sql } from 'kysely'", /database driver/],
    ['hono', 'src/areas/a/x.ts', "import { Hono } from 'hono'", /hono stays/],
    ['the environment', 'src/areas/a/x.ts', 'const p = process.env.PORT', /environment/],
    ['the network', 'src/platform/x.ts', "const r = await fetch('https://exemple.fr')", /network/],
    ['the clock of the domain', 'src/domain/x.ts', 'const now = new Date()', /clock/],
    ['the clock of the rules', 'src/areas/a/rules.ts', 'const now = Date.now()', /clock/],
    ['the clock of a folder of rules', 'src/areas/a/rules/x.ts', 'const now = Date.now()', /clock/],
    ['chance', 'src/areas/a/rules.ts', 'const n = Math.random()', /randomness/],
    ['chance in the domain', 'src/domain/x.ts', 'const n = crypto.randomUUID()', /randomness/],
    ['inline style', 'src/areas/a/pages.tsx', '<p style="color: red">x</p>', /inline style/],
    ['things left to do', 'src/areas/a/x.ts', '// TODO later', /issue/],
    ['long files', 'src/areas/a/x.ts', 'x\n'.repeat(401), /401 lines/],
    ['vague folders', 'src/areas/a/utils/x.ts', '', /« utils »/],
  ]
  for (const [rule, file, text, says] of cases)
    it(rule, () => {
      const found = problems([{ path: file, text }, ...door('a'), ...door('people')])
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0]!, says)
      assert.ok(found[0]!.startsWith(`${file}:`))
    })
  it('circles between areas, however long', () => {
    const uses = (a: string, b: string): SourceFile => ({ path: `src/areas/${a}/x.ts`, text: `import { y } from '#areas/${b}/index.ts'` })
    const doors = ['a', 'b', 'c'].flatMap(door)
    assert.deepEqual(problems([uses('a', 'b'), uses('b', 'c'), ...doors]), [])
    assert.match(problems([uses('a', 'b'), uses('b', 'c'), uses('c', 'a'), ...doors]).join(), /a → b → c → … import each other in a circle/)
  })
  it('circles between files, unless a type alone closes them', () => {
    const uses = (a: string, b: string, word = 'import'): SourceFile => ({
      path: `src/domain/${a}.ts`,
      text: `${word} { y } from './${b}.ts'`,
    })
    assert.deepEqual(problems([uses('a', 'b'), uses('b', 'c'), uses('c', 'a', 'import type')]), [])
    assert.match(
      problems([uses('a', 'b'), uses('b', 'c'), uses('c', 'a')]).join(),
      /domain\/a\.ts → src\/domain\/b\.ts → src\/domain\/c\.ts → …/,
    )
    assert.equal(problems([uses('a', 'b'), uses('b', 'a', 'export')]).length, 1)
  })
  it('an area without README or index', () => {
    assert.deepEqual(problems([{ path: 'src/areas/a/x.ts', text: '' }]), ['src/areas/a: has no README.md', 'src/areas/a: has no index.ts'])
  })
  it('and leaves the rest alone', () => {
    const fine: SourceFile[] = [
      {
        path: 'src/areas/a/x.ts',
        text: "import { p } from '#areas/people/index.ts'\nimport { d } from '#domain/ids.ts'\n// see https://fetch(x)",
      },
      { path: 'src/areas/a/x.test.ts', text: "import pg from 'pg'\nimport { s } from '#areas/people/store.ts'" },
      { path: 'src/main.ts', text: "import { areas } from './areas.ts'" },
      { path: 'src/domain/x.ts', text: 'export const at = (now: Date) => new Date(now.getTime() + 1)' },
    ]
    assert.deepEqual(problems([...fine, ...door('a'), ...door('people')]), [])
  })
})
