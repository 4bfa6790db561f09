/**
 * Lines of the extract → rows of the staging table, byte to byte: no string and no object per line on the usual path.
 * One row per person and place; lines that repeat a place only add their skill to its row.
 */
import { BAR, findSeparators, isCode, LAST, NEWLINE, rppsAt } from './bytes.ts'
import type { Column, Header } from './header.ts'
import { type Label, Labels } from './labels.ts'
import type { Reject, RejectReason } from './report.ts'
import { AS_GIVEN, type CommuneResolver } from './resolve.ts'

/** Columns of the staging table, in the order they are written. Personal columns are null on a person's further rows. */
export const STAGE_COLUMNS = [
  'rpps',
  'family_name',
  'given_name',
  'civility',
  'category_code',
  'profession_code',
  'mode_code',
  'sector_code',
  'role_code',
  'activity_code',
  'structure_id',
  'finess',
  'siret',
  'name',
  'sign',
  'address_extra',
  'street',
  'distribution',
  'postal_code',
  'commune_label',
  'phone',
  'commune_code',
  'place_key',
  'skill_codes',
] as const

const BACKSLASH = 0x5c
const SPACE = 0x20
const COLON = 0x3a
const OPEN = 0x7b
const CLOSE = 0x7d
const KEPT_REJECTS = 1000
const MAX_PLACES = 200
export const MAX_LINE = 16_384

export class Extract {
  lines = 0
  accepted = 0
  rejected = 0
  people = 0
  places = 0
  withoutCommune = 0
  /** False once a person's number was smaller than the one before: the file may then hold a person twice, apart. */
  sorted = true
  /** True when the last line read had not the columns of the header: the file was cut. */
  lastLineBroken = false
  readonly rejectReasons: Partial<Record<RejectReason, number>> = {}
  readonly rejects: Reject[] = []

  readonly #separators: number
  readonly #at: Record<Column, number>
  readonly #communes: CommuneResolver
  readonly #extra: readonly number[]
  readonly #street: readonly number[]
  readonly #addressColumns: readonly number[]
  readonly #postalCode = () => this.#text('postalCode')
  readonly #communeLabel = () => this.#text('commune')
  readonly #labels: Labels

  /** The block being read, and where the separators of the current line are. */
  #in: Buffer = Buffer.alloc(0)
  readonly #ends = new Int32Array(LAST + 1)
  #lineStart = 0

  #out: Buffer
  #o = 0
  #previous = 0
  /** Where the rows of the current person begin: those before can no longer change. */
  #personStart = 0
  /** Rows of the current person in `#out`: where its key begins and ends, and where the row ends. */
  #rows = 0
  readonly #keyStart = new Int32Array(MAX_PLACES)
  readonly #keyEnd = new Int32Array(MAX_PLACES)
  readonly #rowEnd = new Int32Array(MAX_PLACES)
  readonly #flushAt: number

  constructor(header: Header, communes: CommuneResolver, flushAt = 1 << 18) {
    this.#separators = header.separators
    const at = header.at
    this.#at = at
    this.#labels = new Labels(at)
    this.#extra = [at.addressee, at.place]
    this.#street = [at.number, at.numberSuffix, at.streetKind, at.street]
    this.#addressColumns = [at.number, at.numberSuffix, at.street, at.commune]
    this.#communes = communes
    this.#flushAt = flushAt
    this.#out = Buffer.allocUnsafeSlow(flushAt + (flushAt >> 1))
  }

  /** Labels of the codes seen. */
  get labels(): readonly Label[] {
    return this.#labels.found
  }

  /**
   * Reads whole lines (each ends with a newline) from `from` on. Returns the position where it stopped: the end, or earlier
   * when `take()` should be called first.
   */
  read(block: Buffer, from: number): number {
    this.#in = block
    const ends = this.#ends
    const length = block.length
    let start = from
    while (start < length) {
      const end = findSeparators(block, start, ends)
      const found = ends[LAST]!
      this.#lineStart = start
      this.lines++
      if (found === this.#separators) this.#line(end)
      else if (end > start + 1) this.#reject('columns') // an empty line says nothing
      start = end + 1
      if (this.#o >= this.#flushAt && this.#rows === 1) break
    }
    return start
  }

  /** The rows written so far that no further line can change; the caller owns them. */
  take(all = false): Buffer | null {
    const end = all ? this.#o : this.#personStart
    if (end === 0) return null
    const full = this.#out
    const rest = this.#o - end
    this.#out = Buffer.allocUnsafeSlow(Math.max(this.#flushAt + (this.#flushAt >> 1), rest * 2))
    full.copy(this.#out, 0, end, this.#o)
    this.#shift(-end)
    this.#o = rest
    this.#personStart -= end
    return full.subarray(0, end)
  }

  #shift(by: number, from = 0) {
    for (let r = from; r < this.#rows; r++) {
      this.#keyStart[r]! += by
      this.#keyEnd[r]! += by
      this.#rowEnd[r]! += by
    }
  }

  #reject(reason: RejectReason) {
    this.lastLineBroken = reason === 'columns'
    this.rejected++
    this.rejectReasons[reason] = (this.rejectReasons[reason] ?? 0) + 1
    if (this.rejects.length >= KEPT_REJECTS) return
    // Only what identifies a line to its author; never a name, even when the columns are out of place.
    const excerpt = /^\d?\|?\d{0,14}/.exec(this.#in.toString('latin1', this.#lineStart, this.#lineStart + 16))![0]
    this.rejects.push({ line: this.lines + 1, reason, excerpt })
  }

  #start(at: number): number {
    return at === 0 ? this.#lineStart : this.#ends[at - 1]! + 1
  }
  #text(column: Column): string {
    const at = this.#at[column]
    return at === -1 ? '' : this.#in.toString('utf8', this.#start(at), this.#ends[at]!).trim()
  }

  /** The RPPS number of the line as a number, 0 when its key is wrong, -1 when it is another register's. */
  #rpps(): number {
    const kind = this.#at.identifierKind
    const start = this.#start(kind)
    if (this.#ends[kind]! - start !== 1 || this.#in[start] !== 0x38) return -1
    return rppsAt(this.#in, this.#start(this.#at.identifier), this.#ends[this.#at.identifier]!)
  }

  #line(end: number) {
    const at = this.#at
    const rpps = this.#rpps()
    if (rpps <= 0) return this.#reject(rpps === 0 ? 'rpps-key' : 'identifier-kind')
    if (this.#ends[at.familyName]! === this.#start(at.familyName)) return this.#reject('family-name')
    if (this.#ends[at.professionCode]! === this.#start(at.professionCode)) return this.#reject('profession')
    const same = rpps === this.#previous
    if (same) {
      if (this.#rows >= MAX_PLACES) return this.#reject('too-many-places')
    } else {
      if (rpps < this.#previous) this.sorted = false
      this.#previous = rpps
      this.people++
      this.#rows = 0
      this.#personStart = this.#o
    }
    this.accepted++
    this.lastLineBroken = false
    this.#labels.learn(this.#in, this.#lineStart, this.#ends)
    this.#row(same, end)
  }

  /** Writes the row of the current line, or adds its skill to the row of the same place. */
  #row(same: boolean, end: number) {
    const at = this.#at
    const rowStart = this.#o
    this.#room((end - this.#lineStart) * 4 + 256)
    this.#put(at.identifier)
    if (same) {
      // family_name, given_name, civility, category_code
      this.#bar(4)
    } else {
      this.#put(at.familyName)
      this.#put(at.givenName)
      this.#put(this.#filled(at.practiceCivility) ? at.practiceCivility : at.civility)
      this.#put(at.categoryCode)
    }
    this.#put(at.professionCode)
    this.#put(at.modeCode)
    this.#put(at.sectorCode)
    this.#put(at.roleCode)
    this.#put(at.activityCode)
    this.#put(at.structureId)
    this.#put(at.finess)
    this.#put(at.siret)
    this.#put(at.name)
    this.#put(at.sign)
    this.#join(this.#extra)
    this.#join(this.#street)
    this.#put(at.distribution)
    this.#put(at.postalCode)
    this.#put(at.commune)
    this.#put(at.phone)
    const addressed = this.#commune()
    const keyStart = this.#o
    if (!this.#key()) {
      // A person without any place: only the personal columns matter, and only once.
      this.#out[this.#o++] = BAR
      this.#endRow()
      if (same) this.#o = rowStart
      else this.#remember(keyStart, keyStart)
      return
    }
    const keyEnd = this.#o
    const twin = same ? this.#twin(keyStart, keyEnd) : -1
    if (twin !== -1) {
      this.#o = rowStart
      this.#addSkill(twin)
      return
    }
    this.#out[this.#o++] = BAR
    this.#endRow()
    this.places++
    if (addressed) this.withoutCommune++
    this.#remember(keyStart, keyEnd)
  }

  #remember(keyStart: number, keyEnd: number) {
    this.#keyStart[this.#rows] = keyStart
    this.#keyEnd[this.#rows] = keyEnd
    this.#rowEnd[this.#rows] = this.#o
    this.#rows++
  }

  #filled(at: number): boolean {
    return at !== -1 && this.#ends[at]! > this.#start(at)
  }

  #room(bytes: number) {
    if (this.#o + bytes <= this.#out.length) return
    const bigger = Buffer.allocUnsafeSlow((this.#o + bytes) * 2)
    this.#out.copy(bigger, 0, 0, this.#o)
    this.#out = bigger
  }
  #bar(times: number) {
    for (let i = 0; i < times; i++) this.#out[this.#o++] = BAR
  }

  /** Copies a column without the spaces around it, control characters as spaces, backslashes doubled as COPY wants. */
  #copy(at: number) {
    const block = this.#in
    const out = this.#out
    let i = this.#start(at)
    let end = this.#ends[at]!
    let o = this.#o
    while (i < end && block[i]! <= SPACE) i++
    while (end > i && block[end - 1]! <= SPACE) end--
    for (; i < end; i++) {
      const byte = block[i]!
      if (byte === BACKSLASH) out[o++] = BACKSLASH
      out[o++] = Math.max(byte, SPACE)
    }
    this.#o = o
  }
  #put(at: number) {
    if (at !== -1) this.#copy(at)
    this.#out[this.#o++] = BAR
  }
  #join(columns: readonly number[]) {
    const from = this.#o
    for (let c = 0; c < columns.length; c++) {
      const at = columns[c]!
      if (!this.#filled(at)) continue
      if (this.#o > from) this.#out[this.#o++] = SPACE
      this.#copy(at)
    }
    this.#out[this.#o++] = BAR
  }

  /** Writes the commune code; true when the place has an address and no commune was found for it. */
  #commune(): boolean {
    const at = this.#at
    const addressed = this.#filled(at.postalCode) || this.#filled(at.commune) || this.#filled(at.communeCode)
    let found = -1
    if (addressed) {
      const from = this.#start(at.communeCode)
      found = this.#communes.resolve(this.#in, from, this.#ends[at.communeCode]!, this.#postalCode, this.#communeLabel)
      if (found === AS_GIVEN) for (let i = 0; i < 5; i++) this.#out[this.#o++] = this.#in[from + i]!
      else if (found >= 0) {
        this.#communes.write(found, this.#out, this.#o)
        this.#o += 5
      }
    }
    this.#out[this.#o++] = BAR
    return addressed && found === -1
  }

  /** Writes what makes the place the same from one extract to the next; false when the line has no place at all. */
  #key(): boolean {
    const at = this.#at
    const out = this.#out
    const from = this.#o
    if (this.#filled(at.structureId)) this.#copy(at.structureId)
    else if (this.#filled(at.siret)) {
      out[this.#o++] = 0x53 // S
      this.#copy(at.siret)
    } else if (this.#filled(at.finess)) {
      out[this.#o++] = 0x46 // F
      this.#copy(at.finess)
    } else if (this.#filled(at.postalCode) || this.#filled(at.commune)) {
      out[this.#o++] = 0x41 // A
      this.#copy(at.postalCode)
      let hash = 0x811c9dc5
      for (const column of this.#addressColumns)
        for (let i = this.#start(column); i <= this.#ends[column]!; i++) hash = Math.imul(hash ^ this.#in[i]!, 0x01000193)
      this.#o += out.write((hash >>> 0).toString(36).padStart(7, '0'), this.#o, 'latin1')
    }
    if (this.#o === from && !this.#filled(at.modeCode)) return false
    out[this.#o++] = COLON
    this.#copy(at.modeCode)
    out[this.#o++] = COLON
    this.#copy(at.professionCode)
    return true
  }

  #endRow() {
    const out = this.#out
    out[this.#o++] = OPEN
    if (this.#hasSkill()) this.#copy(this.#at.skillCode)
    out[this.#o++] = CLOSE
    out[this.#o++] = NEWLINE
  }

  #hasSkill(): boolean {
    return isCode(this.#in, this.#start(this.#at.skillCode), this.#ends[this.#at.skillCode]!)
  }

  #twin(start: number, end: number): number {
    const out = this.#out
    for (let r = 0; r < this.#rows; r++) {
      let a = this.#keyStart[r]!
      if (this.#keyEnd[r]! - a !== end - start) continue
      let b = start
      while (b < end && out[a] === out[b]) {
        a++
        b++
      }
      if (b === end) return r
    }
    return -1
  }

  /** Adds the skill of the current line to a row already written, in order. */
  #addSkill(row: number) {
    if (!this.#hasSkill()) return
    const from = this.#o
    this.#copy(this.#at.skillCode)
    const skill = this.#out.toString('latin1', from, this.#o)
    this.#o = from
    const close = this.#rowEnd[row]! - 2
    const open = this.#out.lastIndexOf(OPEN, close)
    const skills = this.#out.toString('latin1', open + 1, close).split(',')
    if (skills.includes(skill)) return
    const list = Buffer.from([...skills, skill].filter(Boolean).sort().join(','), 'latin1')
    const by = list.length - (close - open - 1)
    this.#room(by)
    this.#out.copyWithin(close + by, close, this.#o)
    list.copy(this.#out, open + 1)
    this.#o += by
    this.#rowEnd[row]! += by
    this.#shift(by, row + 1)
  }
}
