/** Reads the rules written in publicodes (rules.publicodes): for the page that shows them, and for the oracle of the tests. */

export type Tree = { [key: string]: Tree | Tree[] | string | number } | string | number
/** The part of YAML these files use: maps and lists by indentation, plain and double-quoted texts, numbers. */
export function parseRules(text: string): Record<string, Tree> {
  const lines = text
    .split('\n')
    .filter(l => l.trim() && !l.trimStart().startsWith('#'))
    .map(l => ({ indent: l.length - l.trimStart().length, text: l.trim() }))
  let at = 0
  const scalar = (s: string): string | number => (/^-?\d+(\.\d+)?$/.test(s) ? Number(s) : s.replace(/^"(.*)"$/, '$1'))
  const block = (indent: number): Tree | Tree[] => (lines[at]!.text.startsWith('- ') ? list(indent) : map(indent))
  const entry = (target: Record<string, unknown>, line: string, indent: number) => {
    const [, key, rest] = /^(.+?):(?: (.*))?$/.exec(line) ?? []
    if (key === undefined) throw new Error(`not a rule: ${line}`)
    at++
    target[key] = rest ? scalar(rest) : block(lines[at]!.indent > indent ? lines[at]!.indent : indent)
  }
  const map = (indent: number): Tree => {
    const target: Record<string, unknown> = {}
    while (at < lines.length && lines[at]!.indent === indent && !lines[at]!.text.startsWith('- ')) entry(target, lines[at]!.text, indent)
    return target as Tree
  }
  const list = (indent: number): Tree[] => {
    const items: Tree[] = []
    while (at < lines.length && lines[at]!.indent === indent && lines[at]!.text.startsWith('- ')) {
      const rest = lines[at]!.text.slice(2)
      if (!/^[^"]+?:( |$)/.test(rest)) {
        at++
        items.push(scalar(rest))
        continue
      }
      lines[at] = { indent: indent + 2, text: rest }
      items.push(map(indent + 2))
    }
    return items
  }
  return map(0) as Record<string, Tree>
}
