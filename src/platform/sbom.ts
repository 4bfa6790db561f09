/**
 * What Trame is made of, for who must answer « are you affected by…? »: a CycloneDX 1.5 bill of the packages that run in production.
 * Read from the lock alone: no network, no date, no random number, so two runs give the same bytes. (`npm sbom --omit dev` leaves out
 * packages shared with a development tool: 12 of 90 on 22 November 2026, nodemailer among them.)
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from './command.ts'

export interface LockedPackage {
  version?: string
  integrity?: string
  license?: string
  dev?: boolean
  optional?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}
/** `package-lock.json`, version 3: what is installed, by its place under the project (`''` is the project). */
export interface Lock {
  packages: Record<string, LockedPackage>
}
interface Component {
  type: 'application' | 'library'
  'bom-ref': string
  name: string
  version: string
  purl: string
  scope?: 'required' | 'optional'
  licenses?: ({ license: { id: string } | { name: string } } | { expression: string })[]
  hashes?: { alg: 'SHA-512'; content: string }[]
}
export interface Bill {
  bomFormat: 'CycloneDX'
  specVersion: '1.5'
  version: 1
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const MODULES = 'node_modules/'
/** The package's name, from its place: `node_modules/a/node_modules/@b/c` is `@b/c`. */
export const nameAt = (place: string): string => place.slice(place.lastIndexOf(MODULES) + MODULES.length)

/** The bill of a lock: every package but those only a development tool needs; optional ones are those of one kind of machine. */
export function billOf(lock: Lock): Bill {
  const { '': project, ...packages } = lock.packages
  if (!project) throw new Error('the lock does not name the project')
  const { name = 'trame' } = project as { name?: string }
  const production = Object.entries(packages).filter(([, p]) => !p.dev)
  const at = new Map(production.map(([place, p]) => [place, refOf(nameAt(place), p)]))
  const needs = new Map([[refOf(name, project), needed(at, '', project)]])
  for (const [place, p] of production) needs.set(at.get(place)!, unique([...(needs.get(at.get(place)!) ?? []), ...needed(at, place, p)]))
  const components = new Map(production.map(([place, p]) => [at.get(place)!, component(nameAt(place), p)]))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...component(name, project), type: 'application', scope: undefined, hashes: undefined } },
    components: unique([...components.keys()]).map(ref => components.get(ref)!),
    dependencies: unique([...needs.keys()]).map(ref => ({ ref, dependsOn: needs.get(ref)! })),
  }
}

/** The packages that the one at `place` asks for and finds; an optional one may not be there. */
function needed(places: Map<string, string>, place: string, p: LockedPackage): string[] {
  const asked = Object.keys({ ...p.dependencies, ...p.optionalDependencies, ...p.peerDependencies })
  return unique(asked.flatMap(name => places.get(resolve(places, place, name) ?? '') ?? []))
}

function component(name: string, p: LockedPackage): Component {
  return {
    type: 'library',
    'bom-ref': refOf(name, p),
    name,
    version: p.version ?? '',
    scope: p.optional ? 'optional' : 'required',
    purl: `pkg:npm/${name.replace('@', '%40')}@${p.version}`,
    hashes: p.integrity
      ? [{ alg: 'SHA-512', content: Buffer.from(p.integrity.replace(/^sha512-/, ''), 'base64').toString('hex') }]
      : undefined,
    licenses: p.license ? [licence(p.license)] : undefined,
  }
}
function licence(text: string): NonNullable<Component['licenses']>[number] {
  if (/ (OR|AND|WITH) /.test(text)) return { expression: text }
  return { license: /^[\w.+-]+$/.test(text) ? { id: text } : { name: text } }
}
const refOf = (name: string, p: LockedPackage) => `${name}@${p.version}`
const unique = (refs: string[]) => [...new Set(refs)].sort()

/** Where Node would find `needed` from `place`: in its own folder, then in those above. */
function resolve(places: Map<string, string>, place: string, needed: string): string | undefined {
  const candidate = `${place && `${place}/`}${MODULES}${needed}`
  if (places.has(candidate)) return candidate
  return place ? resolve(places, place.slice(0, Math.max(0, place.lastIndexOf(MODULES) - 1)), needed) : undefined
}

export const sbom: Command = {
  name: 'sbom',
  usage: '[FICHIER]',
  summary: 'Écrit la liste des paquets employés en production (CycloneDX 1.5, JSON), d’après package-lock.json. Sans réseau.',
  words: 1,
  async run(ctx) {
    const lock = JSON.parse(readFileSync(path.join(import.meta.dirname, '../..', 'package-lock.json'), 'utf8')) as Lock
    const bill = billOf(lock)
    const text = JSON.stringify(bill, null, 2)
    const [file] = ctx.args
    if (!file) ctx.say(text)
    else {
      writeFileSync(file, `${text}\n`)
      ctx.say(`${bill.components.length} paquets écrits dans ${file}.`)
    }
    return 0
  },
}
