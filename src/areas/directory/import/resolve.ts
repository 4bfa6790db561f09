/** Which commune a place is in: by its code, by a former code, or by postal code and name. */
import { cityOfDistrict } from '#domain/ids.ts'
import type { ImportConnection } from './connection.ts'
import { fold } from './fold.ts'

const CITIES = new Set(['75056', '69123', '13055'])
/** First digits of their codes, to ask the set of the cities only then. */
const CITY_FIRST = [0x37, 0x36, 0x31]
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

/** The five characters of a position. */
function codeAt(at: number): string {
  const rest = String(at % 1000).padStart(3, '0')
  const two = Math.floor(at / 1000)
  return `${Math.floor(two / 12)}${'0123456789AB'[two % 12]}${rest}`
}

const NOT_FOUND = -1
/** Answer of `resolve`: the code as given is the present one. */
export const AS_GIVEN = -2

export class CommuneResolver {
  /** 0 unknown, otherwise 1 + position of the present commune (itself, or the one it was merged into). */
  readonly #present = new Uint32Array(120_000)
  readonly #cities = new Set<number>()
  /** Candidates of a postal code: folded name → position. */
  readonly #byPostalCode = new Map<string, Map<string, number>>()
  readonly #cache = new Map<string, number>()
  /** Communes known. */
  size = 0
  /** Number of places whose commune was found otherwise than by a present code. */
  found = 0

  static async load(connection: ImportConnection): Promise<CommuneResolver> {
    const resolver = new CommuneResolver()
    const communes = await connection.query<{ code: string; search: string; postal_codes: string }>(
      `select code, search, array_to_string(postal_codes, ' ') as postal_codes from ref.commune`,
    )
    for (const { code, search, postal_codes } of communes.rows) resolver.#add(code, search, postal_codes.split(' '))
    const aliases = await connection.query<{ old_code: string; code: string }>('select old_code, code from ref.commune_alias')
    for (const { old_code, code } of aliases.rows) {
      const at = position(Buffer.from(old_code), 0)
      if (at !== -1) resolver.#present[at] = 1 + position(Buffer.from(code), 0)
    }
    return resolver
  }

  #add(code: string, folded: string, postalCodes: string[]) {
    const at = position(Buffer.from(code), 0)
    if (at === -1) return
    this.#present[at] = 1 + at
    this.size++
    // A postal code of Paris, Lyon or Marseille means the district, which says more than the city.
    if (CITIES.has(code)) {
      this.#cities.add(at)
      return
    }
    const names = cityOfDistrict(code) ? [folded, folded.replace(/ (\d+)er? arrondissement/, ' $1')] : [folded]
    for (const postalCode of postalCodes) {
      let candidates = this.#byPostalCode.get(postalCode)
      if (!candidates) {
        candidates = new Map()
        this.#byPostalCode.set(postalCode, candidates)
      }
      for (const n of names) candidates.set(n, at)
    }
  }

  /**
   * The present commune of a place: `AS_GIVEN`, a position for `write`, or -1 when not found. `bytes[from…to]` is the code as
   * given; `postalCode` and `label` are asked for only when it does not answer.
   */
  resolve(bytes: Uint8Array, from: number, to: number, postalCode: () => string, label: () => string): number {
    if (to - from === 5) {
      const at = position(bytes, from)
      const present = at === -1 ? 0 : this.#present[at]!
      if (present === at + 1 && !(CITY_FIRST.includes(bytes[from]!) && this.#cities.has(at))) return AS_GIVEN
      if (present !== 0) {
        // Merged since, or the whole city was given: then its district, when the postal code tells.
        const better = present === at + 1 ? this.#search(postalCode(), label()) : present - 1
        if (better === NOT_FOUND) return AS_GIVEN
        this.found++
        return better
      }
    }
    const at = this.#search(postalCode(), label())
    if (at !== NOT_FOUND) this.found++
    return at
  }

  /** Writes the five characters of a position. */
  write(at: number, out: Buffer, offset: number): void {
    out.write(codeAt(at), offset, 'latin1')
  }

  #search(postalCode: string, label: string): number {
    const key = `${postalCode}|${label}`
    let at = this.#cache.get(key)
    if (at === undefined) {
      at = this.#lookUp(postalCode, label)
      if (this.#cache.size >= CACHE) this.#cache.clear()
      this.#cache.set(key, at)
    }
    return at
  }

  #lookUp(postalCode: string, label: string): number {
    const candidates = this.#byPostalCode.get(postalCode)
    if (!candidates) return NOT_FOUND
    const places = new Set(candidates.values())
    if (places.size === 1) return [...places][0]!
    const name = fold(label)
    return candidates.get(name) ?? candidates.get(expand(name)) ?? NOT_FOUND
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
