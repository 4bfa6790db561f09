/** Which commune a place is in: by its code, by a former code, or by postal code and name. */
import { cityOfDistrict } from '#domain/ids.ts'
import type { ImportConnection } from './connection.ts'
import { fold } from './fold.ts'

const CITIES = new Set(['75056', '69123', '13055'])
const CACHE = 50_000

/** Position of a five-character code in a dense table, from its bytes; -1 when it is not one. `B` and `A` only in second place. */
function position(bytes: Uint8Array, at: number): number {
  const first = bytes[at]! - 48
  let second = bytes[at + 1]! - 48
  if (second === 17 || second === 18) second -= 7 // A → 10, B → 11
  const a = bytes[at + 2]! - 48
  const b = bytes[at + 3]! - 48
  const c = bytes[at + 4]! - 48
  if (first > 9 || second > 11 || a > 9 || b > 9 || c > 9 || first < 0 || second < 0 || a < 0 || b < 0 || c < 0) return -1
  return (first * 12 + second) * 1000 + a * 100 + b * 10 + c
}

export class CommuneResolver {
  /** 0 unknown, otherwise 1 + rank in `codes`. */
  readonly #byPosition = new Uint32Array(120_000)
  readonly #codes: Buffer[] = []
  readonly #cities = new Set<number>()
  /** Candidates of a postal code: folded name → code. */
  readonly #byPostalCode = new Map<string, Map<string, string>>()
  readonly #cache = new Map<string, Buffer | null>()
  /** Number of places whose commune was found otherwise than by a present code. */
  found = 0

  static async load(connection: ImportConnection): Promise<CommuneResolver> {
    const resolver = new CommuneResolver()
    const communes = await connection.query<{ code: string; name: string; postal_codes: string[] }>(
      'select code, name, postal_codes from ref.commune',
    )
    for (const { code, name, postal_codes } of communes.rows) resolver.#add(code, name, postal_codes)
    const aliases = await connection.query<{ old_code: string; code: string }>('select old_code, code from ref.commune_alias')
    for (const { old_code, code } of aliases.rows) resolver.#set(old_code, code)
    return resolver
  }

  get size(): number {
    return this.#codes.length
  }

  #set(code: string, to: string) {
    const at = position(Buffer.from(code), 0)
    if (at === -1) return
    const known = this.#byPosition[position(Buffer.from(to), 0)]!
    this.#byPosition[at] = code === to ? this.#codes.push(Buffer.from(to)) : known
  }

  #add(code: string, name: string, postalCodes: string[]) {
    this.#set(code, code)
    // A postal code of Paris, Lyon or Marseille means the district, which says more than the city.
    if (CITIES.has(code)) {
      this.#cities.add(this.#codes.length)
      return
    }
    const names = cityOfDistrict(code) ? [fold(name), fold(name.replace(/ (\d+)er? Arrondissement/i, ' $1'))] : [fold(name)]
    for (const postalCode of postalCodes) {
      let candidates = this.#byPostalCode.get(postalCode)
      if (!candidates) {
        candidates = new Map()
        this.#byPostalCode.set(postalCode, candidates)
      }
      for (const n of names) candidates.set(n, code)
    }
  }

  /**
   * The present code (five bytes) of the place, or null. `bytes[codeAt…codeEnd]` is the code as given, `postalCode` and `label`
   * are asked for only when it does not answer.
   */
  resolve(bytes: Uint8Array, codeAt: number, codeEnd: number, postalCode: () => string, label: () => string): Buffer | null {
    if (codeEnd - codeAt === 5) {
      const at = position(bytes, codeAt)
      const rank = at === -1 ? 0 : this.#byPosition[at]!
      if (rank) {
        const code = this.#codes[rank - 1]!
        const same =
          code[0] === bytes[codeAt] &&
          code[1] === bytes[codeAt + 1] &&
          code[2] === bytes[codeAt + 2] &&
          code[3] === bytes[codeAt + 3] &&
          code[4] === bytes[codeAt + 4]
        if (!same) {
          this.found++
          return code
        }
        if (!this.#cities.has(rank)) return code
        // The whole city was given: its district when the postal code tells.
        const district = this.#search(postalCode(), label())
        if (!district) return code
        this.found++
        return district
      }
    }
    const code = this.#search(postalCode(), label())
    if (code) this.found++
    return code
  }

  #search(postalCode: string, label: string): Buffer | null {
    const key = `${postalCode}|${label}`
    let code = this.#cache.get(key)
    if (code === undefined) {
      const text = this.#lookUp(postalCode, label)
      code = text === null ? null : Buffer.from(text)
      if (this.#cache.size >= CACHE) this.#cache.clear()
      this.#cache.set(key, code)
    }
    return code
  }

  #lookUp(postalCode: string, label: string): string | null {
    const candidates = this.#byPostalCode.get(postalCode)
    if (!candidates) return null
    const codes = new Set(candidates.values())
    if (codes.size === 1) return [...codes][0]!
    const name = fold(label)
    return candidates.get(name) ?? candidates.get(expand(name)) ?? null
  }
}

/** `ST POURCAIN S SIOULE CEDEX 2` → `saint pourcain sur sioule`: how the post office shortens names. */
function expand(name: string): string {
  return name
    .replace(/ cedex( \d+)?$/, '')
    .replace(/\bst\b/g, 'saint')
    .replace(/\bste\b/g, 'sainte')
    .replace(/ s /g, ' sur ')
    .replace(/ (?:ss|s\/s) /g, ' sous ')
}
