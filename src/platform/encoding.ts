/**
 * Is this text really UTF-8, and was it ever read as something else? Whole blocks are checked with native searches; the
 * faulty line is looked for only once there is one. Answers are values: each import says in its own words what to do.
 */
import { isUtf8 } from 'node:buffer'

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

/** What is wrong: the file announces or has another encoding, holds what is no text, or its accents were spoilt before. */
export interface EncodingFault {
  kind: 'utf-16' | 'bom' | 'null' | 'encoding' | 'mojibake'
  /** The header is line 1. */
  line: number
  /** Of `encoding`, which one it probably is; of `mojibake`, the sign that shows it. */
  which: string
}

/** A first block that announces another encoding; `bom` is no fault of its own, only the trace of a spreadsheet. */
export function startFault(block: Buffer): EncodingFault | null {
  const [a, b, c] = block
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || block.subarray(0, 200).includes(0))
    return { kind: 'utf-16', line: 1, which: 'UTF-16' }
  return a === 0xef && b === 0xbb && c === 0xbf ? { kind: 'bom', line: 1, which: 'BOM' } : null
}

/** A block of whole lines (the first is line `firstLine`) that is not UTF-8 or was mangled before. */
export function blockFault(block: Buffer, firstLine: number): EncodingFault | null {
  if (!isUtf8(block)) return notUtf8(block, firstLine)
  if (block.includes(0)) return { kind: 'null', line: firstLine + offsetAfterLine(block, block.indexOf(0)), which: '' }
  for (const { lead, shown } of LEADS)
    for (let at = block.indexOf(lead); at !== -1; at = block.indexOf(lead, at + 1)) {
      const always = shown === 'â€' || shown === '\ufffd'
      if (!always && !SECOND.test(block.toString('utf8', at + lead.length, at + lead.length + 3))) continue
      return { kind: 'mojibake', line: firstLine + offsetAfterLine(block, at), which: shown }
    }
  return null
}

function notUtf8(block: Buffer, firstLine: number): EncodingFault {
  let line = firstLine
  for (let start = 0; start < block.length; line++) {
    const end = block.indexOf(10, start)
    const text = block.subarray(start, end === -1 ? block.length : end + 1)
    if (!isUtf8(text)) {
      // 80–9F are control characters in ISO 8859-1 and letters or quotes in Windows-1252.
      const which = text.some(byte => byte >= 0x80 && byte <= 0x9f) ? 'Windows-1252' : 'ISO 8859-1 (latin-1)'
      return { kind: 'encoding', line, which }
    }
    start += text.length
  }
  return { kind: 'encoding', line: firstLine, which: '' }
}

/** True when the block may hold accents written as two characters (NFD), which are composed before being stored. */
export const mayBeDecomposed = (block: Buffer): boolean => block.includes(0xcc) || block.includes(0xcd)
