/** The documents point at what exists: files, commands, settings, words of the addresses. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { areas } from '../src/areas.ts'
import { commands } from '../src/cli.ts'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const documents: string[] = globSync(['*.md', 'docs/**/*.md', 'src/**/README.md', 'test/README.md'], { cwd: root }).sort()
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts
const benches = globSync('bench/*.ts', { cwd: root }).map(file => path.basename(file, '.ts'))

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
/** Targets of links and pictures, addresses of other sites left out. */
const linksOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(m => m[1]!).filter(target => !/^[a-z]+:/.test(target))
/** As a forge makes the anchor of a title. */
const anchor = (title: string) =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
const anchorsOf = (text: string) => [...text.matchAll(/^#{1,6} (.+)$/gm)].map(m => anchor(m[1]!))

/** Everything a link points at that is not there. Pictures are made by a command: absent all together, they are no fault. */
function broken(file: string, text: string): string[] {
  return linksOf(text).filter(target => {
    const [to = '', part] = target.split('#')
    const found = to === '' ? file : path.posix.join(path.posix.dirname(file), decodeURI(to))
    if (found.startsWith('docs/images/') && !existsSync(path.join(root, 'docs/images'))) return false
    if (found.startsWith('..') || !existsSync(path.join(root, found))) return true
    return part !== undefined && !anchorsOf(read(found)).includes(decodeURI(part))
  })
}
/** Commands written in a document that nobody answers to. */
function unknownCommands(text: string): string[] {
  return [...text.matchAll(/npm (?:run ([\w-]+)|(start|test))((?: [\w./=<>…"-]+)*)/g)].flatMap(([whole, run, own, rest]) => {
    const words = (rest ?? '').trim().split(' ').filter(Boolean)
    if (!Object.hasOwn(scripts, run ?? own!)) return [whole]
    if (words[0] !== '--') return []
    const said = words.slice(1).join(' ')
    if (run === 'bench') return benches.includes(words[1] ?? '') || words[1] === '<name>' ? [] : [whole]
    if (run !== 'trame' || /^(help$|COMMANDE|…)/.test(said)) return []
    return commands.some(c => `${said} `.startsWith(`${c.name} `)) ? [] : [whole]
  })
}
/** The settings named in the rows of a table: « | `PORT` | … ». */
const settingsIn = (text: string) => [...text.matchAll(/\| `([A-Z][A-Z_]+)` \|/g)].map(m => m[1]!).sort()
/** French spaces and apostrophes are put right on the screen (`typo`): compared without them. */
const plain = (text: string) =>
  text
    .replace(/\\u202f|\\u00a0|[\u202f\u00a0]/g, ' ')
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')

describe('the documents', () => {
  it('link to what exists', () => {
    assert.deepEqual(
      documents.flatMap(file => broken(file, read(file)).map(target => `${file} → ${target}`)),
      [],
    )
  })
  it('name commands that exist', () => {
    assert.deepEqual(
      documents.flatMap(file => unknownCommands(read(file)).map(command => `${file}: ${command}`)),
      [],
    )
  })
  it('the README names every command and every bench', () => {
    const text = read('README.md')
    assert.deepEqual(
      commands.map(c => c.name).filter(name => !text.includes(`npm run trame -- ${name}`)),
      [],
    )
    assert.deepEqual(
      benches.filter(name => !text.includes(`npm run bench -- ${name}`)),
      [],
    )
    assert.deepEqual(
      Object.keys(scripts).filter(name => !new RegExp(`npm (run )?${name}\\b`).test(text)),
      [],
    )
  })
  it('the README has the settings of config.ts, all and only', () => {
    const inConfig = settingsIn(read('src/platform/config.ts'))
    assert.ok(inConfig.length > 5)
    assert.deepEqual(settingsIn(read('README.md')), inConfig)
    const asked = [...read('src/platform/config.ts').matchAll(/value\('([A-Z_]+)'\)/g)].map(m => m[1]!)
    assert.deepEqual([...new Set(asked)].sort(), inConfig)
  })
  it('every area has its README', () => {
    const names = areas({ demo: true }).map(a => a.name)
    assert.deepEqual(
      names.filter(name => !existsSync(path.join(root, 'src/areas', name, 'README.md'))),
      [],
    )
  })
  it('every decision is in the list of decisions, and every capability of the list has its line', () => {
    const listed = linksOf(read('docs/adr/README.md'))
    assert.deepEqual(
      globSync('docs/adr/0*.md', { cwd: root })
        .map(file => path.basename(file))
        .filter(name => !listed.includes(name)),
      [],
    )
    const lines = [...read('docs/capabilities.md').matchAll(/^\| ([A-M]\d+) \| .+ \| (works|partly|not yet) \|/gm)]
    assert.equal(new Set(lines.map(m => m[1])).size, 120)
    for (const status of ['works', 'partly', 'not yet'])
      assert.match(
        read('docs/capabilities.md').slice(0, 600),
        new RegExp(`${lines.filter(m => m[2] === status).length} ${status.replace('works', 'work')}`),
      )
  })
  it('what the guide and the README quote is written on a screen', () => {
    const screens = plain(
      globSync('src/**/*.{ts,tsx}', { cwd: root, exclude: file => /\.test\.tsx?$/.test(file) })
        .map(read)
        .join('\n'),
    )
    const quoting = documents.filter(file => file === 'README.md' || file.startsWith(path.join('docs', 'guide')))
    const quotes = quoting.flatMap(file => [...plain(read(file)).matchAll(/« ([^»]+?) »/g)].map(m => ({ file, words: m[1]! })))
    assert.ok(quotes.length > 50)
    assert.deepEqual(
      quotes.filter(q => !screens.includes(q.words) && !screens.includes(q.words.replace(/ ([;:?!])/g, '$1'))),
      [],
    )
  })
  it('every word of an address is in the glossary', () => {
    const glossary = read('GLOSSARY.md')
    const words = areas({ demo: true })
      .flatMap(a => a.routes)
      .flatMap(route => route.path.replace(/\.[a-z]+$/, '').split('/'))
      .filter(word => word !== '' && word !== 'c' && !word.startsWith(':'))
    assert.deepEqual(
      [...new Set(words)].filter(word => !glossary.includes(`\`/${word}\``)),
      [],
    )
  })
})

describe('each check bites', () => {
  it('on a dead link, a dead anchor, a command, a bench and a subcommand nobody has', () => {
    assert.deepEqual(broken('README.md', '[a](LICENCE) [b](nowhere.md) [c](#nothing) [d](https://a.fr) `[e](no.md)`'), [
      'nowhere.md',
      '#nothing',
    ])
    assert.deepEqual(unknownCommands('npm start, npm run chek, npm run bench -- speed, npm run trame -- doctr, npm run trame -- doctor'), [
      'npm run chek',
      'npm run bench -- speed',
      'npm run trame -- doctr',
    ])
  })
})
