/**
 * The rules of rules.publicodes in French, for the page « Les règles du contrat »: each formula as sentences, each amount by size. Pure: the texts
 * of the files come in. Where an amount is known from comes from national.ts, never from here.
 */
import { type AciSize, aciSizes } from '../size.ts'
import { parseRules, type Tree } from './publicodes.ts'
import type { Heading, Mission, Origin, Part, Period, RuleId, TextId } from './types.ts'

/** A line of a formula; `depth` says under which one it stands. */
export interface FormulaLine {
  depth: number
  text: string
}
export interface ReadableRule {
  /** As the file names it: « accès . part fixe ». */
  name: string
  anchor: string
  title: string
  says: string | null
  /** Empty for a rule that only receives a value. */
  formula: FormulaLine[]
  /** What it is worth when nothing is given. */
  unless: string | null
}

type Node = Exclude<Tree, string | number>
const isNode = (t: Tree | Tree[] | undefined): t is Node => typeof t === 'object' && !Array.isArray(t)

/** The names of a rule in an address. */
export const anchorOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** Every rule of a file that computes or receives something, in its order; the names that only hold others are left out. `beside`: files whose names it uses. */
export function readableRules(text: string, ...beside: string[]): ReadableRule[] {
  const rules = parseRules(text)
  const say = sayerOf([rules, ...beside.map(parseRules)].flatMap(r => Object.keys(r)))
  return Object.entries(rules).flatMap(([name, tree]): ReadableRule[] => {
    if (tree === 'oui') return []
    const node = isNode(tree) ? tree : null
    const words = (key: string) => (typeof node?.[key] === 'string' ? (node[key] as string) : null)
    const given = node?.['par défaut']
    return [
      {
        name,
        anchor: anchorOf(name),
        title: words('titre') ?? sayName(name),
        says: words('description'),
        formula: node ? formulaOf(node, say, 0) : [{ depth: 0, text: say(String(tree)) }],
        unless: given === undefined ? null : isNode(given as Tree) ? null : String(given).replaceAll("'", ''),
      },
    ]
  })
}
const sayName = (name: string) => {
  const said = name.replaceAll(' . ', ', ')
  return said[0]!.toUpperCase() + said.slice(1)
}

/** Puts names between guillemets and signs as one writes them. */
function sayerOf(all: readonly string[]): (expression: string) => string {
  // « indicateur N » is written once for the four.
  const names = all.flatMap(n => [n, ...[1, 2, 3, 4].map(i => n.replace(/\bN\b/, `${i}`))]).sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`(?<![\\p{L}\\d])(${names.map(n => n.replaceAll('.', '\\.')).join('|')})(?![\\p{L}\\d])`, 'gu')
  return expression =>
    expression
      .replaceAll(pattern, name => `« ${name.replaceAll(' . ', ', ')} »`)
      .replace(/'([^']*)'/g, '« $1 »')
      .replaceAll(' // ', ' ÷ (partie entière) ')
      .replaceAll(' / ', ' ÷ ')
      .replaceAll(' * ', ' × ')
      .replaceAll(' - ', ' − ')
      .replaceAll(' <= ', ' ≤ ')
      .replaceAll(' >= ', ' ≥ ')
}
function formulaOf(node: Node, say: (e: string) => string, depth: number): FormulaLine[] {
  const line = (text: string): FormulaLine => ({ depth, text })
  const list = (all: Tree | Tree[] | undefined, lead: string) => [line(lead), ...(all as Tree[]).flatMap(t => stepOf(t, say, depth + 1))]
  if (node.variations) return (node.variations as Node[]).flatMap(v => caseOf(v, say, depth))
  if (node.somme) return list(node.somme, 'La somme de :')
  if (node['le minimum de']) return list(node['le minimum de'], 'Le plus petit de :')
  if (node.valeur !== undefined) return [line(`${say(String(node.valeur))}${node.arrondi ? ', arrondi à l’unité la plus proche' : ''}`)]
  return []
}
const stepOf = (t: Tree, say: (e: string) => string, depth: number): FormulaLine[] =>
  isNode(t) ? formulaOf(t, say, depth) : [{ depth, text: say(String(t)) }]
/** A case of a rule that has several. */
function caseOf(v: Node, say: (e: string) => string, depth: number): FormulaLine[] {
  const [lead, then] = v.sinon === undefined ? [`Si ${conditionOf(v.si as Tree, say)} :`, v.alors as Tree] : ['Sinon :', v.sinon as Tree]
  if (isNode(then)) return [{ depth, text: lead }, ...formulaOf(then, say, depth + 1)]
  return [{ depth, text: `${lead} ${say(String(then))}` }]
}
const conditionOf = (si: Tree, say: (e: string) => string): string =>
  isNode(si) ? (si['toutes ces conditions'] as Tree[]).map(c => conditionOf(c, say)).join(' et ') : say(String(si))

// Amounts

const headings: Readonly<Record<Mission, string>> = {
  access: 'accès',
  pathways: 'parcours',
  prevention: 'prévention',
  crisis: 'crise',
  quality: 'qualité',
  support: 'accompagnement',
}
/** The rule that holds an amount of the national table. */
export function amountRule(heading: Heading, part: Part, period: Period): string {
  if (heading === 'running') return 'fonctionnement'
  const parts: Partial<Record<Part, string>> = {
    fixed: 'part fixe',
    variable: 'part variable',
    compensation: 'compensation',
    occurrence: 'survenue',
  }
  return `${headings[heading]} . ${parts[part] ?? (period === 'first-year' ? 'premier plan' : 'mise à jour')}`
}
const textWords: Readonly<Record<TextId, string>> = { 'aci-2019': 'accord de 2019', 'avenant-2': 'avenant 2' }
/** Cents of each size, as the file of amounts says under a text; null where it says nothing. */
export function amountsOf(text: string, rule: string, under: TextId): Record<AciSize, number | null> {
  const tree = parseRules(text)[rule]
  const situation = (size: AciSize): Record<string, string> => ({ taille: String(size), texte: textWords[under] })
  return Object.fromEntries(aciSizes.map(s => [s, tree !== undefined && isNode(tree) ? amountIn(tree, situation(s)) : null])) as Record<
    AciSize,
    number | null
  >
}
function amountIn(node: Node, situation: Record<string, string>): number | null {
  const found = (node.variations as Node[]).find(v => holds(v.si as Tree, situation))
  return found ? Math.round(Number(found.alors) * 100) : null
}
function holds(si: Tree, situation: Record<string, string>): boolean {
  if (isNode(si)) return (si['toutes ces conditions'] as Tree[]).every(c => holds(c, situation))
  const [, name, value] = /^(taille|texte) = '?([^']*)'?$/.exec(String(si)) ?? []
  if (!name) throw new RangeError(`an amount by something else than size and text: ${String(si)}`)
  return situation[name] === value
}

/** The formulas that carry out a rule of payment; none when it is a date, or somebody's decision. */
export const formulasOf: Readonly<Record<RuleId, readonly string[]>> = {
  'running-at-signature': ['signature', 'premier versement'],
  'running-each-year': ['avance', 'solde'],
  'running-held': [],
  advance: ['avance en pour cent', 'avance'],
  'fixed-from-start': ['avance', 'premier versement', 'solde'],
  'prorata-days': ['compté', 'perdu', 'enveloppe'],
  'variable-by-indicators': ['variable gagnée', 'indicateur N . part', 'indicateur N . gagné'],
  'variable-from-start': ['enveloppe variable'],
  'compensation-as-fixed': [],
  'crisis-when-done': [],
  'repaid-prorata': ['solde'],
  'renewal-continues': [],
  'decided-in-minutes': [],
}
/** Where on the page an amount or a rule is explained; null for what somebody typed. */
export function placeOf(o: Origin): string | null {
  if (o.id in formulasOf) return `regle-${o.id}`
  if (o.of === 'typed') return null
  if (o.of === 'total') return 'totaux'
  if (o.of === 'rule') return o.id.startsWith('delay/') ? 'delais' : null
  const [, , heading, part, period] = o.id.split('/') as [string, string, Heading, Part, Period]
  return anchorOf(amountRule(heading, part, period))
}
