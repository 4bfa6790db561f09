/** The labels that the extract repeats on every line beside its codes, kept once each. */
import type { Column } from './header.ts'

const PAIRS = [
  ['profession', 'professionCode', 'profession'],
  ['category', 'categoryCode', 'category'],
  ['skill', 'skillCode', 'skill'],
  ['mode', 'modeCode', 'mode'],
  ['sector', 'sectorCode', 'sector'],
  ['role', 'roleCode', 'role'],
  ['activity', 'activityCode', 'activity'],
] as const satisfies readonly (readonly [string, Column, Column])[]

export interface Label {
  kind: (typeof PAIRS)[number][0]
  code: string
  label: string
}

/** Slots of the table of codes seen; it is never filled beyond half, so that a search always ends. */
const SLOTS = 1 << 14

export class Labels {
  readonly found: Label[] = []
  readonly #columns: { kind: Label['kind']; code: number; label: number }[]
  readonly #seen = new Int32Array(SLOTS)

  constructor(at: Record<Column, number>) {
    this.#columns = PAIRS.map(([kind, code, label]) => ({ kind, code: at[code], label: at[label] })).filter(c => c.code > 0 && c.label > 0)
  }

  /** Keeps the labels of the codes of a line that were not seen before. `ends` says where its separators are. */
  learn(line: Buffer, lineStart: number, ends: Int32Array): void {
    for (let k = 0; k < this.#columns.length; k++) {
      const column = this.#columns[k]!
      const start = ends[column.code - 1]! + 1
      const end = ends[column.code]!
      if (end === start || end - start > 12) continue
      let hash = (k + 1) | 0
      for (let i = start; i < end; i++) hash = Math.imul(hash ^ line[i]!, 0x01000193)
      hash |= 1 // 0 is an empty slot
      let slot = (hash >>> 9) & (SLOTS - 1)
      while (this.#seen[slot] !== 0 && this.#seen[slot] !== hash) slot = (slot + 1) & (SLOTS - 1)
      if (this.#seen[slot] === hash || this.found.length > SLOTS / 2) continue
      this.#seen[slot] = hash
      const text = (at: number) => line.toString('utf8', at === 0 ? lineStart : ends[at - 1]! + 1, ends[at]!).trim()
      if (text(column.label)) this.found.push({ kind: column.kind, code: text(column.code), label: text(column.label) })
    }
  }
}
