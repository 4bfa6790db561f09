/**
 * Three years of figures of the diagnosis for each territory, invented from end to end: plausible, near no real figure, and their
 * source says so. They come in files, through the importer; two sources disagree, one was chosen, some figures are not available.
 */
import { chooseSource, commitImport, startImport } from '#areas/territory/store.ts'
import type { Actor } from '#platform/audit.ts'
import { csv, type SheetColumn } from '#platform/csv.ts'
import type { Tx } from '#platform/db/types.ts'
import type { Maker, Territory } from './extract.ts'

const DAY = 86_400_000
const INVENTED = '(jeu de démonstration)'
export const REZONE = `Rezone CPTS ${INVENTED}`
const CARTO = `C@rtoSanté ${INVENTED}`
const FUND = `Fichier de la CPAM ${INVENTED}`

/** Of France, each year's change, how far territories stand apart, out of which share of the population (none: a value alone). */
const shares: [code: string, country: number, yearly: number, apart: number, of: number][] = [
  ['age-75', 10.2, 0.2, 2.5, 1],
  ['ald', 18.4, 0.3, 2.5, 0.98],
  ['c2s', 10.6, 0.1, 5, 0.98],
  ['no-gp', 11.6, -0.3, 2.6, 0.79],
  ['no-gp-ald', 5.8, -0.2, 1.6, 0.18],
  ['no-gp-70', 5.1, -0.1, 1.5, 0.14],
  ['emergency', 78.2, -0.3, 4, 0.31],
  ['diabetes', 4.9, 0.1, 1, 0.98],
  ['heart', 7.3, 0.1, 1.2, 0.98],
  ['psychiatric', 2.6, 0.1, 0.6, 0.98],
  ['flu', 54.1, 0.4, 5, 0.2],
  ['breast', 46.3, -0.6, 5, 0.16],
  ['colorectal', 33.9, 0.3, 4, 0.29],
  ['cervix', 59.4, 0.2, 5, 0.26],
  ['polymedication', 20.8, -0.4, 3, 0.1],
]
/** Per 10 000 inhabitants, and the access to general practitioners. */
const supply: [code: string, country: number, yearly: number, apart: number][] = [
  ['gp-density', 8.4, -0.15, 1.8],
  ['gp-access', 3.3, -0.06, 0.6],
  ['nurse-density', 15.1, 0.2, 5],
  ['physio-density', 11.7, 0.3, 3],
]
const REGION: Record<string, string> = { '91': '11', '78': '11', '13': '93', '27': '28', '03': '84' }

interface Line {
  code: string
  level: string
  place?: string
  year: number
  n?: number
  d?: number
  value?: number
  missing?: string
  source: string
}
const columns = (day: (year: number) => string): SheetColumn<Line>[] => [
  { label: 'indicateur', value: l => l.code },
  { label: 'échelle', value: l => l.level },
  { label: 'code', value: l => l.place },
  { label: 'année', value: l => String(l.year) },
  { label: 'numérateur', type: 'number', value: l => l.n },
  { label: 'dénominateur', type: 'number', value: l => l.d },
  { label: 'valeur', type: 'number', value: l => l.value },
  { label: 'non disponible', value: l => l.missing },
  { label: 'source', value: l => l.source },
  { label: 'date d’extraction', type: 'date', value: l => day(l.year) },
]

export async function diagnosis(tx: Tx, territory: Territory, who: Actor['who'], now: Date, make: Maker): Promise<void> {
  const last = now.getUTCFullYear() - 1
  const years = [last - 2, last - 1, last]
  const people = territory.communes.reduce((sum, c) => sum + c.population, 0)
  /** A spring after the year, and never later than now. */
  const day = (year: number) => {
    const spring = `${year + 1}-03-12`
    const today = now.toISOString().slice(0, 10)
    return spring < today ? spring : today
  }
  const spread = () => (make.int(2001) - 1000) / 1000
  const places = [
    { level: 'France', place: undefined, far: 0 },
    { level: 'région', place: REGION[territory.department], far: 0.4 },
    { level: 'département', place: territory.department, far: 0.7 },
  ]
  const lines = new Map<number, Line[]>(years.map(y => [y, []]))
  const add = (l: Line) => lines.get(l.year)!.push(l)
  const tenth = (v: number) => Math.round(v * 10) / 10

  for (const year of years)
    add({
      code: 'population',
      level: 'communauté',
      year,
      value: Math.round(people * (1 + 0.003 * (year - last))),
      source: `Insee ${INVENTED}`,
    })
  for (const [code, country, yearly, apart, of] of shares) {
    const ours = spread()
    const theirs = places.map(p => ({ ...p, at: spread() * p.far }))
    const each = territory.communes.map(() => spread() * 0.8)
    for (const [k, year] of years.entries()) {
      const rate = (at: number) => Math.max(0.4, country + yearly * (k - 2) + apart * at)
      for (const p of theirs) add({ code, level: p.level, place: p.place, year, value: tenth(rate(p.at)), source: REZONE })
      if (code === 'cervix' && year === last) {
        add({ code, level: 'communauté', year, missing: 'Pas encore publié pour cette année', source: REZONE })
        continue
      }
      if (code !== 'no-gp' && code !== 'ald') {
        const d = Math.round(people * of)
        add({ code, level: 'communauté', year, n: Math.round((d * rate(ours)) / 100), d, source: REZONE })
        continue
      }
      // The community is the sum of its communes.
      const parts = territory.communes.map((c, i) => {
        const d = Math.max(1, Math.round(c.population * of))
        return { place: c.code, d, n: Math.min(d, Math.round((d * rate(ours * 0.6 + each[i]!)) / 100)) }
      })
      for (const p of parts) add({ code, level: 'commune', year, ...p, source: REZONE })
      const n = parts.reduce((sum, p) => sum + p.n, 0)
      const d = parts.reduce((sum, p) => sum + p.d, 0)
      add({ code, level: 'communauté', year, n, d, source: REZONE })
      // The fund counts otherwise: those who moved in during the year are in its number.
      if (code === 'no-gp' && year === last) add({ code, level: 'communauté', year, n: Math.round(n * 1.12), d, source: FUND })
    }
  }
  for (const [code, country, yearly, apart] of supply) {
    const ours = spread() * 0.8
    const theirs = places.map(p => ({ ...p, at: spread() * p.far }))
    for (const [k, year] of years.entries()) {
      const rate = (at: number) => country + yearly * (k - 2) + apart * at
      for (const p of [{ level: 'communauté', place: undefined, at: ours }, ...theirs])
        add({ code, level: p.level, place: p.place, year, value: tenth(rate(p.at)), source: CARTO })
      if (code !== 'nurse-density') continue
      for (const c of territory.communes) {
        const n = Math.round((c.population * rate(ours)) / 10_000)
        const there = n < 6 ? { missing: 'Moins de six professionnels : masqué par la source' } : { n, d: c.population }
        add({ code, level: 'commune', place: c.code, year, ...there, source: CARTO })
      }
    }
  }
  for (const year of years) {
    const actor: Actor = {
      who,
      now: new Date(Math.min(now.getTime() - DAY, Date.parse(`${day(year)}T10:00:00Z`) + 20 * DAY)),
      requestId: 'demo',
    }
    const bytes = new TextEncoder().encode(csv(columns(day), lines.get(year)!))
    const { id } = await startImport(tx, actor, `diagnostic-${year}.csv`, bytes)
    await commitImport(tx, actor, id, false)
  }
  const actor: Actor = { who, now: new Date(now.getTime() - 9 * DAY), requestId: 'demo' }
  const cell = { code: 'no-gp', level: 'community', place: '', year: last } as const
  if (territory.slug !== 'vexin-normand')
    await chooseSource(tx, actor, { ...cell, source: REZONE, reason: 'Même champ que le département et la France, pour comparer' })
}
