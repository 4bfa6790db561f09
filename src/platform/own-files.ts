/** Texts that come with the program: read when a page first needs one, then kept. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const kept = new Map<string, string>()
/** @param name from `src`, written by us: `domain/contract/rules.publicodes/montants.publicodes` */
export function ownText(name: string): string {
  const text = kept.get(name) ?? readFileSync(path.join(root, name), 'utf8')
  kept.set(name, text)
  return text
}
