/**
 * An extract of the national directory in its official format (`PS_LibreAcces_Personne_activite`, 52 or 56 columns), of people
 * who do not exist: names drawn at random, RPPS numbers with a right key, phones in the ranges that ARCEP keeps for fiction.
 * Pure but for the writing: the same seed gives the same file.
 */
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { luhnKey, makeRpps } from '#domain/ids.ts'
import { families, men, streets, women } from './names.ts'
import { type Kind, professions, type Skill, secondSkill, sectors, specialties } from './nomenclature.ts'

export interface DemoCommune {
  code: string
  name: string
  postalCode: string
  population: number
  lon: number
  lat: number
}
export interface Territory {
  slug: string
  name: string
  department: string
  contract: { aciSignedOn: string; years: number; size: number | null; association: string | null; interCpts: string | null }
  facts: string[]
  hypotheses: string[]
  source: string
  /** How many self-employed people of each profession; general practitioners apart from other doctors. */
  professionals: Partial<Record<Kind, number>>
  communes: DemoCommune[]
}

/** The five territories of `demo/territories.json`, each fact with its source. */
export const territories: readonly Territory[] = (
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'territories.json'), 'utf8')) as { territories: Territory[] }
).territories

const COLUMNS_52 =
  "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Libellé civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|Code type de voie (coord. structure)|Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|Adresse e-mail (coord. structure)|Code Département (structure)|Libellé Département (structure)|Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|Code section tableau pharmaciens|Libellé section tableau pharmaciens|"
/** The header of the extract, without its newline. */
export const headerLine = (columns: 52 | 56): string =>
  columns === 52 ? COLUMNS_52 : `${COLUMNS_52}Code rôle|Libellé rôle|Code genre activité|Libellé genre activité|`

export interface Place {
  commune: Pick<DemoCommune, 'code' | 'name' | 'postalCode'>
  structureId: string
  siret: string
  finess: string
  name: string
  sector: keyof typeof sectors
  mode: 'L' | 'S'
  number: number
  street: string
  phone: string
  /** The line lacks the commune code, as some do in the real one. */
  codeMissing: boolean
}
export interface Person {
  rpps: string
  family: string
  given: string
  woman: boolean
  kind: Kind
  skills: readonly Skill[]
  places: Place[]
}

/** Seeded generator (mulberry32): numbers in [0, 1). */
export function random(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export class Maker {
  readonly #next: () => number
  #serial: number
  constructor(seed: number) {
    this.#next = random(seed)
    this.#serial = 1_000_000 + (seed % 1000) * 1000
  }
  chance(p: number): boolean {
    return this.#next() < p
  }
  int(below: number): number {
    return Math.floor(this.#next() * below)
  }
  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!
  }
  digits(n: number): string {
    let text = ''
    while (text.length < n) text += this.int(10)
    return text
  }
  withKey(digits: string): string {
    return digits + luhnKey(digits)
  }
  /** Corsican numbers have no key that we know of. */
  finess(department: string): string {
    return /^\d+$/.test(department) ? this.withKey(department + this.digits(6)) : department + this.digits(7)
  }
  /** Fictional by rule: 01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49 (ARCEP numbering plan). */
  phone(department: string): string {
    const zone = { '91': '019900', '78': '019900', '27': '026191', '03': '046571', '13': '046571' }[department]
    return (zone ?? this.pick(['019900', '026191', '035301', '046571', '053649'])) + this.digits(4)
  }
  /** One of the communes, the more likely the more people live there. */
  commune(communes: readonly DemoCommune[]): DemoCommune {
    let at = this.#next() * communes.reduce((sum, c) => sum + c.population, 0)
    for (const commune of communes) {
      at -= commune.population
      if (at < 0) return commune
    }
    return communes[0]!
  }

  place(kind: Kind, commune: DemoCommune, department: string, shared: Map<string, Place[]>, mode: 'L' | 'S' = 'L'): Place {
    const key = `${kind === 'pharmacist' ? 'pharmacy' : mode}-${commune.code}`
    const known = shared.get(key) ?? []
    if (known.length > 0 && this.chance(kind === 'pharmacist' ? 0.4 : 0.45)) return { ...this.pick(known), codeMissing: this.chance(0.03) }
    const street = this.pick(streets)
    const group = mode === 'L' && this.chance(0.6)
    const place: Place = {
      commune,
      structureId: `R10${String(this.#serial++).padStart(12, '0')}`,
      siret: this.withKey(this.digits(13)),
      finess: mode === 'S' || (group && this.chance(0.2)) ? this.finess(department) : '',
      name:
        kind === 'pharmacist'
          ? `PHARMACIE DES ${street}`
          : mode === 'S'
            ? `CENTRE DE SANTE DES ${street}`
            : group
              ? `CABINET DES ${street}`
              : '',
      sector: kind === 'pharmacist' ? 'SA33' : mode === 'S' ? 'SA05' : group ? 'SA08' : 'SA07',
      mode,
      number: 1 + this.int(120),
      street,
      phone: this.phone(department),
      codeMissing: this.chance(0.03),
    }
    if (place.name) shared.set(key, [...known, place])
    return place
  }

  person(kind: Kind): Person {
    const woman = this.chance(kind === 'midwife' || kind === 'speechTherapist' || kind === 'nurse' ? 0.88 : 0.5)
    const skills = kind === 'gp' ? [...this.pick(professions.gp.skills)] : kind === 'specialist' ? [this.pick(specialties)] : []
    if (kind === 'gp' && this.chance(0.1)) skills.push(secondSkill)
    return {
      rpps: makeRpps(`10${this.digits(8)}`),
      family: this.chance(0.06) ? `${this.pick(families)}-${this.pick(families)}` : this.pick(families),
      given: this.pick(woman ? women : men),
      woman,
      kind,
      skills,
      places: [],
    }
  }
}

export interface ExtractOptions {
  /** 2: some weeks later. In each territory one person left and another came, a few moved, a few phones changed. */
  edition?: 1 | 2
  columns?: 52 | 56
}

/** The invented people of the territories, by RPPS number; the numbers of professionals of each are exact. */
export function inventPeople(chosen: readonly Territory[], seed: number, edition: 1 | 2 = 1): Person[] {
  const people: Person[] = []
  const taken = new Set<string>()
  chosen.forEach((territory, i) => {
    const make = new Maker(seed * 31 + i)
    const later = new Maker(seed * 31 + i + 7919)
    // A commune of two territories gets its people from the last one only, so that both counts stay exact.
    const elsewhere = new Set(chosen.slice(i + 1).flatMap(t => t.communes.map(c => c.code)))
    const communes = territory.communes.filter(c => !elsewhere.has(c.code))
    const shared = new Map<string, Place[]>()
    const own: Person[] = []
    const add = (maker: Maker, kind: Kind) => {
      let person = maker.person(kind)
      while (taken.has(person.rpps)) person = maker.person(kind)
      taken.add(person.rpps)
      person.places.push(maker.place(kind, maker.commune(communes), territory.department, shared))
      if (maker.chance(0.08)) person.places.push(maker.place(kind, maker.commune(communes), territory.department, shared))
      // Where the number of self-employed people is published there are only those.
      else if (!territory.facts.join().includes('liberal professionals') && kind !== 'pharmacist' && maker.chance(0.06))
        person.places.push(maker.place(kind, maker.commune(communes), territory.department, shared, 'S'))
      return person
    }
    for (const [kind, count] of Object.entries(territory.professionals) as [Kind, number][])
      for (let n = 0; n < count; n++) own.push(add(make, kind))
    if (edition === 2) laterOn(own, later, add, territory, communes, shared)
    people.push(...own)
  })
  return people.sort((a, b) => (a.rpps < b.rpps ? -1 : 1))
}

function laterOn(
  own: Person[],
  make: Maker,
  add: (make: Maker, kind: Kind) => Person,
  territory: Territory,
  communes: readonly DemoCommune[],
  shared: Map<string, Place[]>,
) {
  const gone = make.int(own.length)
  own.push(add(make, own[gone]!.kind))
  own.splice(gone, 1)
  const others = communes.length > 1 ? communes : territory.communes
  for (let n = 0; n < Math.ceil(own.length / 100); n++) {
    const person = make.pick(own)
    const from = person.places[0]!.commune.code
    const to = others.filter(c => !person.places.some(p => p.commune.code === c.code))
    if (to.length > 0)
      person.places = [
        make.place(person.kind, make.pick(to), territory.department, shared),
        ...person.places.filter(p => p.commune.code !== from),
      ]
  }
  for (let n = 0; n < Math.ceil(own.length / 80); n++) make.pick(own).places[0]!.phone = make.phone(territory.department)
}

/** The lines of a person: one per place and skill, as in the directory. Each ends with `|` and a newline. */
export function linesOf(person: Person, columns: 52 | 56 = 56): string {
  const { code, label, doctor, authority } = professions[person.kind]
  const civility = `${doctor ? 'DR|Docteur' : '|'}|${person.woman ? 'MME|Madame' : 'M|Monsieur'}`
  const head = `8|${person.rpps}|8${person.rpps}|${civility}|${person.family}|${person.given}|${code}|${label}|C|Civil|`
  let text = ''
  for (const skill of person.skills.length ? person.skills : [null])
    for (const p of person.places) {
      const c = p.commune
      const commune = p.codeMissing ? postal(c.name) : c.name
      const department = c.code.slice(0, 2)
      text +=
        head +
        (skill ? `${skill.type}|${skill.typeLabel}|${skill.code}|${skill.label}` : '|||') +
        `|${p.mode}|${p.mode === 'L' ? 'Libéral' : 'Salarié'}|${p.siret}|${p.siret.slice(0, 9)}|${p.finess}||${p.structureId}|${p.name}|||` +
        `|${p.number}||R|Rue|DES ${p.street}|||${c.postalCode}|${p.codeMissing ? '' : c.code}|${commune}|99000|France|${p.phone}||||${department}|||${authority}` +
        `|${p.sector}|${sectors[p.sector]}|||${columns === 56 ? 'FON-AU|Autre fonction|GENR01|Activité standard de soin ou de pharmacien|' : ''}\n`
    }
  return text
}

/** `Saint-Pourçain-sur-Sioule` → `ST POURCAIN SUR SIOULE`: how the post office writes it. */
const postal = (name: string) =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .replace(/['’-]/g, ' ')
    .replace(/\bSAINT\b/g, 'ST')
    .replace(/\bSAINTE\b/g, 'STE')

/** Writes the extract of the territories' invented people. Returns how many people and lines. */
export async function writeExtract(
  file: string,
  chosen: readonly Territory[] = territories,
  seed = 1,
  { edition = 1, columns = 56 }: ExtractOptions = {},
): Promise<{ people: number; lines: number }> {
  const people = inventPeople(chosen, seed, edition)
  const text = people.map(p => linesOf(p, columns)).join('')
  const handle = await open(file, 'w')
  try {
    await handle.writeFile(`${headerLine(columns)}\n${text}`)
  } finally {
    await handle.close()
  }
  return { people: people.length, lines: text.split('\n').length - 1 }
}
