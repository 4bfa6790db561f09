/** A page as a screen reader has it: Chromium's accessibility tree, said in French line by line, and what is wrong with it. */
import type { Page } from 'playwright-core'

export interface Heard {
  role: string
  name: string
  description: string
  /** Of a heading. */
  level?: number
  properties: Record<string, unknown>
  children: Heard[]
}
interface Raw {
  nodeId: string
  ignored: boolean
  role?: { value: string }
  name?: { value: string }
  description?: { value: string }
  properties?: { name: string; value: { value: unknown } }[]
  childIds?: string[]
  parentId?: string
}
/** The tree, from the page down; what is hidden to a screen reader gives its place to its children. */
export async function treeOf(page: Page): Promise<Heard> {
  const cdp = await page.context().newCDPSession(page)
  const { nodes } = (await cdp.send('Accessibility.getFullAXTree' as never)) as { nodes: Raw[] }
  await cdp.detach()
  const by = new Map(nodes.map(n => [n.nodeId, n]))
  const made = (n: Raw): Heard[] => {
    const children = (n.childIds ?? []).flatMap(id => (by.has(id) ? made(by.get(id)!) : []))
    if (n.ignored || !n.role) return children
    const properties = Object.fromEntries((n.properties ?? []).map(p => [p.name, p.value.value]))
    return [
      {
        role: n.role.value,
        name: n.name?.value ?? '',
        description: n.description?.value ?? '',
        level: properties.level as number | undefined,
        properties,
        children,
      },
    ]
  }
  return { role: 'page', name: '', description: '', properties: {}, children: nodes.filter(n => !n.parentId).flatMap(made) }
}
export const all = (node: Heard): Heard[] => [node, ...node.children.flatMap(all)]
/** What has the keyboard. */
export const focused = (tree: Heard): Heard | undefined =>
  all(tree).findLast(n => n.properties.focused === true && n.role !== 'RootWebArea')

/** Roles one acts on: each must have a name, and is said whole. */
const acted: Record<string, string> = {
  link: 'lien',
  button: 'bouton',
  textbox: 'champ',
  searchbox: 'champ de recherche',
  combobox: 'liste déroulante',
  checkbox: 'case à cocher',
  radio: 'bouton radio',
  spinbutton: 'nombre',
  Date: 'champ de date',
  DisclosureTriangle: 'volet',
}
const places: Record<string, string> = {
  banner: 'En-tête',
  navigation: 'Navigation',
  main: 'Contenu',
  contentinfo: 'Pied de page',
  complementary: 'À part',
  form: 'Formulaire',
}
const lists: Record<string, string> = {
  list: 'liste',
  table: 'tableau',
  group: 'groupe',
  radiogroup: 'groupe',
  image: 'image',
  region: 'partie',
}
const told: Record<string, string> = { alert: 'annoncé aussitôt', status: 'annoncé' }
/** Said with what they name. */
const silent = new Set(['LabelText', 'Legend', 'ListMarker', 'InlineTextBox', 'LineBreak'])

const states = ({ role, properties: p }: Heard): string =>
  [
    role === 'checkbox' || role === 'radio' ? (p.checked === 'true' || p.checked === true ? 'coché' : 'non coché') : '',
    role === 'DisclosureTriangle' ? (p.expanded === true ? 'ouvert' : 'fermé') : '',
    p.required === true ? 'obligatoire' : '',
    p.invalid === 'true' ? 'refusé' : '',
  ]
    .filter(Boolean)
    .map(s => `, ${s}`)
    .join('')

/** One line for each thing said, in order. */
export function transcript(node: Heard): string[] {
  const { role, name, children } = node
  if (silent.has(role)) return []
  if (role === 'StaticText') return name.trim() ? [name] : []
  if (role === 'heading') return [`titre ${node.level} : ${name}`]
  if (acted[role]) return [`${acted[role]} : ${name}${states(node)}${node.description ? ` (${node.description})` : ''}`]
  const inside = joined(children)
  if (role === 'form' && !name) return inside
  if (places[role]) return [`— ${places[role]}${name ? ` : ${name}` : ''}`, ...inside]
  if (told[role]) return [`${told[role]} :`, ...inside.map(l => `  ${l}`)]
  if (role === 'paragraph' || role === 'listitem' || role === 'definition' || role === 'term' || role === 'row')
    return inside.length > 1 && inside.every(l => !/^\S.* : /.test(l)) ? [inside.join(' ')] : inside
  if (role === 'list')
    return [`liste${name ? ` : ${name}` : ''}, ${counted(children.filter(c => c.role === 'listitem').length)}`, ...inside]
  if (lists[role] && name) return [`${lists[role]} : ${name}${states(node)}${node.description ? ` (${node.description})` : ''}`, ...inside]
  return inside
}
const counted = (n: number) => `${n} ${n < 2 ? 'élément' : 'éléments'}`
const joined = (children: Heard[]) => children.flatMap(transcript)

/** What a person who does not see would stumble on. */
export function stumbles(tree: Heard): string[] {
  const nodes = all(tree)
  const faults = nodes
    .filter(n => (acted[n.role] || n.role === 'navigation' || n.role === 'table' || n.role === 'image') && !n.name.trim())
    .map(n => `${n.role} without a name`)
  for (const role of ['banner', 'main', 'contentinfo']) if (nodes.filter(n => n.role === role).length !== 1) faults.push(`not one ${role}`)
  const levels = nodes.filter(n => n.role === 'heading').map(n => n.level ?? 0)
  if (levels.filter(l => l === 1).length !== 1) faults.push(`${levels.filter(l => l === 1).length} headings of level 1`)
  for (const [i, l] of levels.entries()) if (l > (levels[i - 1] ?? 0) + 1) faults.push(`heading of level ${l} after ${levels[i - 1] ?? 0}`)
  // A box that nobody has filled in yet is not wrong.
  if (!nodes.some(n => n.role === 'alert'))
    faults.push(
      ...nodes.filter(n => n.properties.invalid === 'true').map(n => `${n.role} « ${n.name} » said to be wrong, and nothing was refused`),
    )
  return faults
}

const DAY = '(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)'
/** What differs from one day to the next is said by its kind. */
export const lasting = (line: string): string =>
  line
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/(?<=\S)\s+/g, ' ')
    .replace(/\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b/g, '‹numéro›')
    .replace(/\b\d{2}\/\d{2}\/\d{4}\b/g, '‹date›')
    .replace(
      new RegExp(
        `(?:${DAY} )?\\d{1,2}(?:er)? (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?: \\d{4})?`,
        'g',
      ),
      '‹jour›',
    )
    .replace(new RegExp(`(?:demain|${DAY})(?= (?:à )?\\d)`, 'g'), '‹jour›')
    .replace(/\b\d{1,2} h(?: \d{2})?\b/g, '‹heure›')
    .trimEnd()
