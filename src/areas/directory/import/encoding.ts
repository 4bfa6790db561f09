/**
 * Is this text really UTF-8, and was it ever read as something else? Whole blocks are checked with native searches; the
 * faulty line is looked for only once there is one.
 */
import { isUtf8 } from 'node:buffer'
import { ImportRefused } from './report.ts'

/** What UTF-8 becomes when read as Windows-1252, ISO 8859-1 or Windows-1250 and written again: two letters for one. */
const LEADS = [
  { lead: Buffer.from('Ã'), shown: 'Ã' },
  { lead: Buffer.from('Â'), shown: 'Â' },
  { lead: Buffer.from('Ă'), shown: 'Ă' },
  { lead: Buffer.from('â€'), shown: 'â€' },
  { lead: Buffer.from('\ufffd'), shown: '\ufffd' },
]
/** Second characters such a pair may have: U+0080–U+00BF, or what Windows-1252 and 1250 put at 80–9F. */
const SECOND =
  /^[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\u0102-\u0107\u010c-\u0111\u0118-\u011b\u0139-\u013e\u0141-\u0148\u0150-\u017c\u02c7\u02d8-\u02dd]/

const offsetAfterLine = (block: Buffer, at: number) => {
  let line = 0
  for (let i = block.indexOf(10); i !== -1 && i < at; i = block.indexOf(10, i + 1)) line++
  return line
}

/** Refuses a first block that announces another encoding. */
export function checkStart(block: Buffer): void {
  const [a, b, c] = block
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || block.subarray(0, 200).includes(0))
    throw new ImportRefused(
      'encoding',
      'Ligne 1\u202f: le fichier est en UTF-16. Enregistrez-le en UTF-8 ou reprenez l’extraction d’origine. Rien n’a été changé.',
      1,
    )
  if (a === 0xef && b === 0xbb && c === 0xbf)
    throw new ImportRefused(
      'bom',
      'Ligne 1\u202f: le fichier commence par une marque d’ordre des octets (BOM)\u202f: il a été ouvert et réenregistré par un tableur. Reprenez l’extraction d’origine. Rien n’a été changé.',
      1,
    )
}

/** Refuses a block of whole lines (the first is line `firstLine`) that is not UTF-8 or was mangled before. */
export function checkBlock(block: Buffer, firstLine: number): void {
  if (!isUtf8(block)) throw notUtf8(block, firstLine)
  if (block.includes(0)) {
    const line = firstLine + offsetAfterLine(block, block.indexOf(0))
    throw new ImportRefused('encoding', `Ligne ${line}\u202f: octet nul, le fichier n’est pas du texte. Rien n’a été changé.`, line)
  }
  for (const { lead, shown } of LEADS)
    for (let at = block.indexOf(lead); at !== -1; at = block.indexOf(lead, at + 1)) {
      const always = shown === 'â€' || shown === '\ufffd'
      if (!always && !SECOND.test(block.toString('utf8', at + lead.length, at + lead.length + 3))) continue
      const line = firstLine + offsetAfterLine(block, at)
      throw new ImportRefused(
        'mojibake',
        `Ligne ${line}\u202f: des accents ont été abîmés par une conversion («\u202f${shown}\u202f» suivi d’un signe parasite). Reprenez l’extraction d’origine. Rien n’a été changé.`,
        line,
      )
    }
}

function notUtf8(block: Buffer, firstLine: number): ImportRefused {
  let line = firstLine
  for (let start = 0; start < block.length; line++) {
    const end = block.indexOf(10, start)
    const text = block.subarray(start, end === -1 ? block.length : end + 1)
    if (!isUtf8(text)) {
      // 80–9F are control characters in ISO 8859-1 and letters or quotes in Windows-1252.
      const name = text.some(byte => byte >= 0x80 && byte <= 0x9f) ? 'Windows-1252' : 'ISO 8859-1 (latin-1)'
      return new ImportRefused(
        'encoding',
        `Ligne ${line}\u202f: le fichier n’est pas en UTF-8, probablement en ${name}. Reprenez l’extraction d’origine ou convertissez-la en UTF-8. Rien n’a été changé.`,
        line,
      )
    }
    start += text.length
  }
  return new ImportRefused('encoding', 'Le fichier n’est pas en UTF-8. Rien n’a été changé.')
}

/** True when the block may hold accents written as two characters (NFD), which are composed before being stored. */
export const mayBeDecomposed = (block: Buffer): boolean => block.includes(0xcc) || block.includes(0xcd)
