/** The innermost loops of the import: they run on every byte of the file. */

export const BAR = 0x7c
export const NEWLINE = 0x0a

/** Number of columns a line may have; the last cell of the table of separators says how many there were. */
export const LAST = 255

/** Writes in `ends` where the separators of the line at `from` are, and in its last cell how many. Returns the newline. */
export function findSeparators(block: Buffer, from: number, ends: Int32Array): number {
  let n = 0
  let i = from
  for (; ; i++) {
    const byte = block[i]!
    if (byte > BAR) continue
    if (byte === BAR) {
      ends[n] = i
      if (n < LAST - 1) n++
    } else if (byte === NEWLINE) break
  }
  ends[LAST] = n
  return i
}

/** Twice the digit, its two digits added: the doubled half of the Luhn formula. */
const DOUBLED = Uint8Array.of(0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

/** An RPPS number as a number (eleven digits fit in a double), 0 when it is malformed or has a wrong key. */
export function rppsAt(block: Uint8Array, from: number, to: number): number {
  if (to - from !== 11) return 0
  let sum = 0
  let value = 0
  for (let i = 0; i < 11; i++) {
    const digit = block[from + i]! - 48
    if (digit < 0 || digit > 9) return 0
    sum += i & 1 ? DOUBLED[digit]! : digit
    value = value * 10 + digit
  }
  return sum % 10 === 0 ? value : 0
}

/** Letters, digits, hyphens, at least one: what may stand unquoted in an array of PostgreSQL. */
export function isCode(block: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = block[i]! | 0x20
    if (!((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d)) return false
  }
  return to > from
}
