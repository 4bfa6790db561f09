/**
 * A person's name and day of birth become pseudonyms, the same wherever they are computed with the same key: two lists are compared
 * without either leaving home. This file is also the program that the fund runs at its side, alone, on any Node from 18 (Trame gives
 * it with its types taken off): it needs nothing else, opens no connection, and writes only what is printed below.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

export interface Identity {
  birthName: string
  usedName: string | null
  givenNames: string
  /** `YYYY-MM-DD` */
  birthDate: string
}
/** Why a pseudonym differs from the strict one; each forgives one thing that lists often write otherwise. */
export const variants = ['strict', 'used', 'given', 'swapped'] as const
export type Variant = (typeof variants)[number]
export type Pseudonyms = Record<Variant, string | null>

const USE = 'trame-rapprochement-1'
/** No 0/O, 1/I/L: a key is read over the telephone. 28 characters of 31 are 138 bits. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const KEY_LENGTH = 28

export function newKey(): string {
  let letters = ''
  while (letters.length < KEY_LENGTH)
    for (const byte of randomBytes(40)) if (byte < 248 && letters.length < KEY_LENGTH) letters += ALPHABET[byte % 31]
  return letters.match(/.{4}/g)!.join('-')
}
/** A key as it was typed or dictated; null when it cannot be one. */
export function readKey(typed: string): string | null {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '')
  return plain.length === KEY_LENGTH && [...plain].every(letter => ALPHABET.includes(letter)) ? plain : null
}
/** 128 bits of HMAC-SHA-256, in 22 characters. */
const code = (key: string, text: string): string =>
  createHmac('sha256', key).update(`${USE}\n${text}`).digest().subarray(0, 16).toString('base64url')
/** The same for everybody who holds the key; says which key a file was made with, and nothing of the key. */
export const printOf = (key: string): string => code(key, 'cle')

/** Capitals without accents; ligatures in full; everything that is not a letter is gone. */
const letters = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .replaceAll('Œ', 'OE')
    .replaceAll('Æ', 'AE')
    .replace(/[^A-Z]/g, '')
/** A surname without the « de », « du », « des », « d’ » that one list keeps and the other drops; « Le », « La » belong to it. */
export const surname = (text: string): string => letters(text.trim().replace(/^(?:(?:de|du|des)\s+|d\s*['’]\s*)/i, ''))
/** The first given name: « Jean-Pierre, Marie » is JEANPIERRE. */
export const firstGiven = (text: string): string => letters(text.trim().split(/[\s,;]+/)[0] ?? '')
const firstPart = (text: string): string => letters(text.trim().split(/[\s,;-]+/)[0] ?? '')

/** Throws when there is nothing to compute from. */
export function pseudonymsOf(key: string, p: Identity): Pseudonyms {
  const [name, given] = [surname(p.birthName), firstGiven(p.givenNames)]
  if (!name || !given) throw new Error('un nom ou un prénom sans lettre')
  const used = p.usedName ? surname(p.usedName) : ''
  const part = firstPart(p.givenNames)
  const [year, month, day] = p.birthDate.split('-') as [string, string, string]
  const of = (n: string, g: string, date: string) => code(key, `${n}\n${g}\n${date}`)
  return {
    strict: of(name, given, p.birthDate),
    used: used && used !== name ? of(used, given, p.birthDate) : null,
    given: part !== given ? of(name, part, p.birthDate) : null,
    swapped: Number(day) <= 12 && day !== month ? of(name, given, `${year}-${day}-${month}`) : null,
  }
}

/** What the file of pseudonyms holds of a person. */
export interface PseudonymLine extends Pseudonyms {
  /** INSEE code. */
  commune: string
  ald: boolean
}
export const MARK = 'trame-pseudonymes-1'
const HEADER = 'strict;nom utilise;prenom;jour et mois;commune;ald'
/** The file that leaves: in the order of the pseudonyms, since the order of a list is already something of its names. */
export const writePseudonyms = (key: string, lines: readonly PseudonymLine[]): string =>
  `${[
    `${MARK};${printOf(key)};${lines.length}`,
    HEADER,
    ...lines.map(l => [...variants.map(v => l[v] ?? ''), l.commune, l.ald ? 'oui' : 'non'].join(';')).sort(),
  ].join('\r\n')}\r\n`

export class BadFile extends Error {
  readonly reasons: string[]
  constructor(reasons: string[]) {
    super(reasons.join('\n'))
    this.reasons = reasons
  }
}
const REASONS_SHOWN = 20
const refuse = (reasons: string[]): never => {
  const more = reasons.length - REASONS_SHOWN
  throw new BadFile(more > 0 ? [...reasons.slice(0, REASONS_SHOWN), `et ${more} autres lignes.`] : reasons)
}

/** Reads a file of pseudonyms, all or nothing. Throws `BadFile` with what is wrong, line by line. */
export function readPseudonyms(bytes: Uint8Array, key: string): PseudonymLine[] {
  const [mark, header, ...rest] = textOf(bytes).split(/\r\n|\n|\r/)
  const [name, print, count] = (mark ?? '').split(';')
  if (name !== MARK) refuse(['Ce fichier n’est pas un fichier de pseudonymes fait par le programme de Trame.'])
  if (print !== printOf(key)) refuse(['La clé n’est pas celle de ce fichier. Vérifiez-la avec qui l’a préparé.'])
  if (header !== HEADER) refuse(['Ligne 2 : les colonnes ne sont pas celles attendues.'])
  const lines: PseudonymLine[] = []
  const reasons: string[] = []
  while (rest.at(-1) === '') rest.pop()
  for (const [i, text] of rest.entries()) {
    const cells = text.split(';')
    const [commune = '', ald = ''] = cells.slice(variants.length)
    const codes = cells.slice(0, variants.length)
    const wrong = codes.some((c, n) => !/^[\w-]{22}$/.test(c) && (n === 0 || c !== ''))
    if (cells.length !== variants.length + 2 || wrong || !/^\d[\dAB]\d{3}$/.test(commune) || !/^(oui|non)$/.test(ald))
      reasons.push(`Ligne ${i + 3} : ce n’est pas une ligne de pseudonymes.`)
    else {
      const [strict, used, given, swapped] = codes.map(c => c || null)
      lines.push({
        strict: strict ?? null,
        used: used ?? null,
        given: given ?? null,
        swapped: swapped ?? null,
        commune,
        ald: ald === 'oui',
      })
    }
  }
  if (reasons.length) refuse(reasons)
  if (lines.length !== Number(count)) refuse([`Le fichier annonce ${count} personnes et en contient ${lines.length} : il est incomplet.`])
  return lines
}

/** UTF-8, or what French spreadsheets wrote before it. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
const columns = ['nom de naissance', 'nom utilise', 'prenoms', 'date de naissance', 'code commune', 'ald'] as const
const needed = ['nom de naissance', 'prenoms', 'date de naissance', 'code commune']
const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase()
/** Cells of a line; a cell between quotes may hold the separator, not a line break. */
const cellsOf = (line: string, separator: string): string[] =>
  [...`${line}${separator}`.matchAll(new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}]*))${separator}`, 'g'))].map(m =>
    (m[1]?.replaceAll('""', '"') ?? m[2] ?? '').trim(),
  )

/** Day as `YYYY-MM-DD`, from 3/12/1954 or 1954-12-03; null when there is none. */
function dayOf(text: string): string | null {
  const fr = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text)
  const iso = fr ? `${fr[3]}-${fr[2]!.padStart(2, '0')}-${fr[1]!.padStart(2, '0')}` : text
  const date = new Date(`${iso}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null
}

/** The fund's own list becomes lines of pseudonyms, all or nothing. Throws `BadFile`: a line by its number, never its content. */
export function pseudonymise(bytes: Uint8Array, key: string): PseudonymLine[] {
  const [first = '', ...rest] = textOf(bytes)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
  const separator = [';', '\t', ','].find(s => first.includes(s)) ?? ';'
  const header = cellsOf(first, separator).map(plain)
  const missing = needed.filter(c => !header.includes(c))
  if (missing.length) refuse([`Il manque : ${missing.join(', ')}. Les colonnes sont : ${columns.join(' ; ')}.`])
  const lines: PseudonymLine[] = []
  const reasons: string[] = []
  for (const [i, text] of rest.entries()) {
    if (text.trim() === '') continue
    const cells = cellsOf(text, separator)
    const cell = (name: (typeof columns)[number]) => cells[header.indexOf(name)] ?? ''
    const birthDate = dayOf(cell('date de naissance'))
    const commune = cell('code commune').toUpperCase()
    const why = [
      cells.length !== header.length && 'pas autant de cellules que de colonnes',
      !birthDate && 'une date de naissance qui n’en est pas une',
      !/^\d[\dAB]\d{3}$/.test(commune) && 'un code commune (INSEE) qui n’en est pas un',
      !(surname(cell('nom de naissance')) && firstGiven(cell('prenoms'))) && 'un nom ou un prénom sans lettre',
      !/^(oui|non|o|n|x|1|0)?$/i.test(cell('ald')) && 'une ALD qui n’est ni oui, ni non',
    ].filter(Boolean)
    if (why.length || !birthDate) {
      reasons.push(`Ligne ${i + 2} : ${why.join(' ; ')}.`)
      continue
    }
    const person = { birthName: cell('nom de naissance'), usedName: cell('nom utilise') || null, givenNames: cell('prenoms'), birthDate }
    // Without the column, the whole list is one of people with an ALD.
    const ald = header.includes('ald') ? /^(oui|o|x|1)$/i.test(cell('ald')) : true
    lines.push({ ...pseudonymsOf(key, person), commune, ald })
  }
  if (reasons.length) refuse(reasons)
  return lines
}

/** What is said when it is run alone. */
const HELP = `Pseudonymes pour le rapprochement avec Trame. Rien ne sort de ce poste que ce qui est écrit dans le fichier produit.

  node pseudonymes.mjs --nouvelle-cle                         tire une clé, à convenir par téléphone
  node pseudonymes.mjs LISTE.csv --cle CLE.txt > ENVOI.csv    prépare le fichier à envoyer
  node pseudonymes.mjs LISTE.csv --cle CLE.txt --retour RETOUR.csv    dit la réponse, ligne par ligne de votre liste

Colonnes de LISTE.csv : ${columns.join(' ; ')}.
`
/** Whose answer is which: the lines of one's own list beside the answer that came back. Numbers of lines, no names. */
function answersOf(list: Uint8Array, back: Uint8Array, key: string): string {
  const [mark, , ...rest] = textOf(back)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
  if (mark !== `trame-retour-1;${printOf(key)}`) refuse(['La clé n’est pas celle de ce retour, ou ce fichier n’en est pas un.'])
  const said = new Map(rest.map(l => l.split(';') as [string, string]))
  return `ligne;reponse\n${pseudonymise(list, key)
    .map((l, i) => `${i + 2};${said.get(l.strict!) ?? 'sans réponse'}`)
    .join('\n')}\n`
}
function main(args: string[]): void {
  const after = (option: string) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined)
  const [list] = args
  if (list === '--nouvelle-cle') return void process.stdout.write(`${newKey()}\n`)
  const keyFile = after('--cle')
  if (!list || list.startsWith('--') || !keyFile) return void process.stdout.write(HELP)
  try {
    const key = readKey(readFileSync(keyFile, 'utf8'))
    if (!key) throw new BadFile(['La clé n’en est pas une : 28 lettres et chiffres, comme celle que donne --nouvelle-cle.'])
    const back = after('--retour')
    process.stdout.write(
      back ? answersOf(readFileSync(list), readFileSync(back), key) : writePseudonyms(key, pseudonymise(readFileSync(list), key)),
    )
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nRien n’a été écrit.\n`)
    process.exitCode = 1
  }
}
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2))
