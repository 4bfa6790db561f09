/**
 * The rules of the house as one pure function: files in, sentences out. The test runs it on the repository, and on
 * small offending files to prove that each rule bites.
 */
import path from 'node:path'

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  path: string
  text: string
}
/** Where a rule does not hold, and why. */
type Exceptions = Record<string, string>

/** The driver's home is platform/db and platform/postgres. */
const driverElsewhere: Exceptions = {
  'src/areas/directory/import/connection.ts': 'the import copies millions of rows with COPY, as a role of its own, outside any request',
}
/** What an area may take from a package or from Node. */
const packagesInAreas: Exceptions = {
  'src/areas/directory/import/': 'reads files of several hundred megabytes as streams, and feeds COPY',
  'src/areas/gp-access/solv': 'a plan is solved in a process of its own, away from the pages, and its input is fingerprinted',
}
/** Who may call something named fetch. */
const fetchElsewhere: Exceptions = { 'src/platform/server.ts': 'its fetch is the application that it serves, not the network' }
const MAX_LINES = 400
const DRIVER = new Set(['pg', 'kysely', 'pg-copy-streams', 'pg-pool'])
const FOLDERS = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'lib', 'misc', 'shared'])

/** Every broken rule, one sentence each, with the file and the line. */
export function problems(files: readonly SourceFile[]): string[] {
  const code = files.filter(f => /^(src|test|bench|demo)\/.*\.(ts|tsx)$/.test(f.path))
  return [...code.flatMap(ofOne), ...cyclesBetweenAreas(code), ...cyclesBetweenFiles(code), ...areasWithoutDoor(files)].sort()
}

function ofOne(file: SourceFile): string[] {
  const found: string[] = []
  const say = (line: number, what: string) => found.push(`${file.path}:${line}: ${what}`)
  const bare = withoutComments(file.text)
  const lines = bare.split('\n')
  const inSrc = file.path.startsWith('src/')
  const tests = isTest(file.path)

  for (const { specifier, target, line } of importsOf(file)) {
    const wrong = importProblem(file.path, target) ?? (specifier.startsWith('..') ? wayProblem(file.path, target) : null)
    if (wrong) say(line, wrong)
  }
  const each = (pattern: RegExp, what: string) => {
    for (const [i, line] of lines.entries()) if (pattern.test(line)) say(i + 1, what)
  }
  if (inSrc && !tests && file.path !== 'src/platform/config.ts')
    each(/\bprocess\s*\.\s*env\b|\bprocess\s*\[/, 'the environment is read in platform/config.ts only')
  if (inSrc && !tests && file.path !== 'src/platform/http.ts' && !(file.path in fetchElsewhere))
    each(/(^|[^.\w])fetch\(/, 'the network is asked through platform/http.ts only (time-outs, allow-list)')
  if (isPure(file.path) && !tests) {
    each(/\bnew Date\(\s*\)|\bDate\s*\.\s*now\b|\bDate\(\)|\bperformance\s*\.\s*now\b/, 'the clock is passed in')
    each(/\bMath\s*\.\s*random\b|\brandom(UUID\w*|Bytes|Int)\b|\bgetRandomValues\b/, 'randomness is passed in')
  }
  if (file.path.endsWith('.tsx') && inSrc && !tests) each(/\sstyle=/, 'no inline style: the content security policy refuses it')
  for (const [i, line] of file.text.split('\n').entries())
    if (/\b(TODO|FIXME|XXX)\b/.test(line) && file.path !== 'test/architecture.ts' && file.path !== 'test/architecture.test.ts')
      say(i + 1, 'what is left to do is an issue, not a comment')
  const length = file.text.replace(/\n$/, '').split('\n').length
  if (length > MAX_LINES) say(length, `${length} lines: beyond ${MAX_LINES} a file becomes a folder of the same name`)
  const folder = file.path
    .split('/')
    .slice(0, -1)
    .find(name => FOLDERS.has(name))
  if (folder) say(1, `a folder called « ${folder} » says nothing of what it holds`)
  return found
}

/** Pure: domain, and the rules of each area (a file, or a folder of that name). */
const isPure = (file: string) => file.startsWith('src/domain/') || /^src\/areas\/[^/]+\/rules(\.ts|\/.*\.ts)$/.test(file)
/** Tests and what they start from may reach anything. */
export const isTest = (file: string): boolean => /^(test|bench|demo)\//.test(file) || /\.(test|fixture)\.tsx?$|\/test-kit\.ts$/.test(file)

function importProblem(from: string, target: string): string | null {
  const own = placeOf(from)
  if (isTest(from)) return null
  const local = target.startsWith('src/') || target.startsWith('test/') || target.startsWith('demo/') || target.startsWith('bench/')
  if (!local) return packageProblem(from, own, target)
  const theirs = placeOf(target)
  if (isTest(target)) return `the product does not import ${target}`
  switch (own.layer) {
    case 'domain':
      return theirs.layer === 'domain' ? null : `domain imports nothing, and not ${target}`
    case 'platform':
      return theirs.layer === 'domain' || theirs.layer === 'platform' ? null : `platform knows no area, and not ${target}`
    case 'area':
      if (theirs.layer === 'domain' || theirs.layer === 'platform') return null
      if (theirs.layer !== 'area') return `an area does not import ${target}`
      if (own.area === theirs.area) return againstTheWay(from, target)
      if (target === `src/areas/${theirs.area}/index.ts`) return null
      return `of another area only index.ts may be imported, not ${target}`
    case 'wiring':
      return null
  }
}
/** Inside an area data flow one way: pages ask the store and the rules, the store asks the rules, nobody asks a page. */
function againstTheWay(from: string, target: string): string | null {
  const [own, theirs] = [floorOf(from), floorOf(target)]
  return own !== null && theirs !== null && theirs > own ? `${target} stands above: pages use the store, the store uses the rules` : null
}
const FLOORS = ['rules', 'store', 'pages']
function floorOf(file: string): number | null {
  const room = /^src\/areas\/[^/]+\/([a-z]+)[./]/.exec(file)?.[1]
  const floor = FLOORS.indexOf(room ?? '')
  return floor < 0 ? null : floor
}
/** One way to each file: relative within a room, by its alias from elsewhere; a file that moves inside its room breaks nobody. */
function wayProblem(from: string, target: string): string | null {
  const [own, theirs] = [placeOf(from), placeOf(target)]
  if (theirs.layer === 'wiring') return null
  const same = own.layer === theirs.layer && (own.layer !== 'area' || own.area === (theirs as typeof own).area)
  return same ? null : `from another room, import #${target.slice('src/'.length)}`
}
function packageProblem(from: string, own: Place, target: string): string | null {
  const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]!
  if (own.layer === 'domain') return `domain imports nothing, and not ${target}`
  if (DRIVER.has(name) && !/^src\/platform\/(db|postgres)\//.test(from) && !(from in driverElsewhere))
    return `the database driver (${name}) stays under platform/db`
  if ((name === 'hono' || name === '@hono/node-server') && own.layer !== 'platform') return 'hono stays under platform'
  if (own.layer === 'area' && !Object.keys(packagesInAreas).some(folder => from.startsWith(folder)))
    return `an area uses the platform, not ${target}`
  return null
}

type Place = { layer: 'domain' | 'platform' | 'wiring' } | { layer: 'area'; area: string }
function placeOf(file: string): Place {
  if (file.startsWith('src/domain/')) return { layer: 'domain' }
  if (file.startsWith('src/platform/')) return { layer: 'platform' }
  const area = /^src\/areas\/([^/]+)\//.exec(file)?.[1]
  return area ? { layer: 'area', area } : { layer: 'wiring' }
}

/** What a file imports, as paths from the root or names of packages. */
export function importsOf(file: SourceFile): { specifier: string; target: string; line: number; type: boolean }[] {
  const bare = withoutComments(file.text)
  const pattern =
    /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])([^'"\n]+)\1|^[ \t]*import\s*(['"])([^'"\n]+)\3|\bimport\(\s*(['"])([^'"\n]+)\5/gm
  return [...bare.matchAll(pattern)].map(m => ({
    specifier: m[2] ?? m[4] ?? m[6]!,
    target: resolve(file.path, m[2] ?? m[4] ?? m[6]!),
    line: bare.slice(0, m.index).split('\n').length,
    type: /^\s*(import|export)\s+type\b/.test(m[0]),
  }))
}
function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`
  if (specifier.startsWith('.')) return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier))
  return specifier
}
/** Comments blanked, line breaks kept; addresses in strings (`https://`) survive. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, c => c.replace(/[^\n]/g, ' ')).replace(/(^|[^:'"`\\/])\/\/[^\n]*/g, '$1')
}

/** Files that need each other cannot be read one after the other, and what each holds when the first runs is luck. Types are free. */
function cyclesBetweenFiles(files: readonly SourceFile[]): string[] {
  const needs = new Map<string, Set<string>>()
  for (const file of files) if (!isTest(file.path)) needs.set(file.path, new Set(importsOf(file).flatMap(i => (i.type ? [] : i.target))))
  return circles(needs).map(circle => `${circle[0]}: ${circle.join(' → ')} → … import each other in a circle`)
}

/** Two areas that need each other are one area, or one too many. */
function cyclesBetweenAreas(files: readonly SourceFile[]): string[] {
  const needs = new Map<string, Set<string>>()
  for (const file of files) {
    const own = placeOf(file.path)
    if (own.layer !== 'area' || isTest(file.path)) continue
    for (const { target } of importsOf(file)) {
      const theirs = placeOf(target)
      if (theirs.layer === 'area' && theirs.area !== own.area)
        needs.set(own.area, (needs.get(own.area) ?? new Set<string>()).add(theirs.area))
    }
  }
  return circles(needs).map(circle => `src/areas: ${circle.join(' → ')} → … import each other in a circle`)
}

/** Each circle of a graph once, from its first name in the alphabet; a name is left as soon as all behind it was walked. */
function circles(needs: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found = new Map<string, string[]>()
  const done = new Set<string>()
  const walk = (name: string, way: readonly string[]) => {
    const at = way.indexOf(name)
    if (at >= 0) {
      const circle = way.slice(at)
      const first = circle.indexOf([...circle].sort()[0]!)
      const turned = [...circle.slice(first), ...circle.slice(0, first)]
      found.set(turned.join(), turned)
    } else if (!done.has(name)) {
      for (const next of needs.get(name) ?? []) walk(next, [...way, name])
      done.add(name)
    }
  }
  for (const name of needs.keys()) walk(name, [])
  return [...found.values()]
}

function areasWithoutDoor(files: readonly SourceFile[]): string[] {
  const areas = new Set(files.flatMap(f => /^src\/areas\/([^/]+)\//.exec(f.path)?.[1] ?? []))
  const has = new Set(files.map(f => f.path))
  return [...areas].flatMap(area =>
    ['README.md', 'index.ts'].filter(name => !has.has(`src/areas/${area}/${name}`)).map(name => `src/areas/${area}: has no ${name}`),
  )
}
