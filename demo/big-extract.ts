/** Extracts of any size for the benches: the same format, people invented by the thousand, written as they are made. */
import { open } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { makeRpps } from '#domain/ids.ts'
import { type DemoCommune, headerLine, linesOf, Maker, type Place } from './extract.ts'
import type { Kind } from './nomenclature.ts'

const kinds: readonly Kind[] = [
  'gp',
  'specialist',
  'pharmacist',
  'dentist',
  'midwife',
  'nurse',
  'nurse',
  'nurse',
  'physiotherapist',
  'speechTherapist',
]

export interface BigExtract {
  lines: number
  people: number
  bytes: number
}

/**
 * Writes `lines` lines (or a few more, to end with a whole person) of people over all the communes of France. Memory does not grow with the file. `shuffled`
 * puts the people in no order; by default they follow their RPPS number. `later` is the same extract some weeks later: one person
 * in a hundred is gone, one has moved. `trailing` is added at the end (an empty line makes another file of the same people).
 */
export async function writeBigExtract(
  file: string,
  lines: number,
  seed = 1,
  { shuffled = false, later = false, trailing = '' } = {},
): Promise<BigExtract> {
  const communes = allCommunes()
  const make = new Maker(seed)
  const handle = await open(file, 'w')
  let written = 0
  let people = 0
  let bytes = 0
  let text = `${headerLine(56)}\n`
  const flush = async () => {
    const block = Buffer.from(text)
    bytes += block.length
    await handle.writeFile(block)
    text = ''
  }
  try {
    while (written < lines) {
      const kind = kinds[make.int(kinds.length)]!
      const person = make.person(kind)
      // Distinct whatever the number of people: 7 368 787 is prime, hence a permutation of 0…10^7 − 1 by multiplication.
      const rank = shuffled ? (people * 7_368_787) % 10_000_000 : people
      person.rpps = makeRpps(`10${String(rank * 10 + make.int(10)).padStart(8, '0')}`)
      const places = make.chance(0.25) ? 2 : 1
      for (let p = 0; p < places; p++) {
        const commune = communes[make.int(communes.length)]!
        person.places.push(make.place(kind, commune, commune.code.slice(0, 2), none, make.chance(0.3) ? 'S' : 'L'))
      }
      if (later && people % 100 === 1) person.places[0]!.commune = communes[people % communes.length]!
      if (!(later && people % 100 === 0)) text += linesOf(person)
      written += places * Math.max(1, person.skills.length)
      people++
      none.clear()
      if (text.length > 1 << 19) await flush()
    }
    text += trailing
    await flush()
  } finally {
    await handle.close()
  }
  return { lines: written, people, bytes }
}

const none = new Map<string, Place[]>()

function allCommunes(): DemoCommune[] {
  const list = createRequire(import.meta.url)('@etalab/decoupage-administratif/data/communes.json') as {
    code: string
    nom: string
    type: string
    codesPostaux?: string[]
  }[]
  return list
    .filter(c => (c.type === 'commune-actuelle' || c.type === 'arrondissement-municipal') && c.codesPostaux?.length)
    .map(c => ({ code: c.code, name: c.nom, postalCode: c.codesPostaux![0]!, population: 1, lon: 0, lat: 0 }))
}
