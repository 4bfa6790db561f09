/** What is kept of a page's text is never older than the text. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, it } from 'node:test'

const root = path.join(import.meta.dirname, '../..')
mkdirSync(path.join(root, 'var'), { recursive: true })
// Here rather than in the machine's temporary folder: the page finds our packages.
const dir = mkdtempSync(path.join(root, 'var', 'tsx-'))
const page = path.join(dir, 'page.tsx')
const kept = path.join(root, 'node_modules/.cache/trame/tsx', createHash('sha256').update(page).update('\0').digest('base64url'))
after(() => {
  rmSync(dir, { recursive: true, force: true })
  rmSync(kept, { force: true })
})
/** What a new process says of the page. */
function says(): string {
  const hook = path.join(import.meta.dirname, 'tsx-hook.ts')
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', hook, page])
  return stdout.toString() + stderr.toString()
}
const write = (word: string) => writeFileSync(page, `const word: string = '${word}'\nconsole.log((<b class="x">{word}</b>).toString())\n`)

it('a page is turned once, again when it changes, and again when what was kept is spoilt', () => {
  write('un')
  assert.equal(says(), '<b class="x">un</b>\n')
  assert.ok(existsSync(kept), 'it is kept')
  // A mark that the page's text does not hold shows who answers.
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('"un"', '"gardé"'))
  assert.equal(says(), '<b class="x">gardé</b>\n')
  write('deux')
  assert.equal(says(), '<b class="x">deux</b>\n')
  writeFileSync(kept, readFileSync(kept, 'utf8').slice(20))
  assert.equal(says(), '<b class="x">deux</b>\n')
})
