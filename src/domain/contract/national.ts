/**
 * The national texts, as data. A row says at most how much, for a text, a size, a heading, a part and a period; where that is written, and
 * whether anything establishes it. The split by mission is established by no source that could be read: it is shipped as `assumed`, and
 * satisfies every total that a source announces. Amounts of an amendment that was negotiated in autumn 2020 and never signed are not here.
 */
import { type AciSize, aciSizes } from '../size.ts'
import { rules } from './rules.ts'
import type { Delay, Heading, NationalText, Origin, Part, Period, Provenance, Row, SourceId, StatedTotal, Tables, TextId } from './types.ts'

/** Thousands of euros for sizes 1 to 4; null: no source, and no reasonable guess. */
type Line = readonly [Heading, Part, Period, readonly (number | null)[]]
interface Proof {
  provenance: Provenance
  sources: readonly SourceId[]
  note: string | null
}
const agreed2019: readonly Line[] = [
  ['running', 'running', 'year', [50, 60, 75, 90]],
  ['access', 'fixed', 'year', [15, 20, 35, 45]],
  ['access', 'variable', 'year', [15, 20, 35, 45]],
  ['access', 'compensation', 'year', [35, 42.5, 50, 70]],
  ['pathways', 'fixed', 'year', [25, 35, 45, 50]],
  ['pathways', 'variable', 'year', [25, 35, 45, 50]],
  ['prevention', 'fixed', 'year', [10, 15, 17.5, 20]],
  ['prevention', 'variable', 'year', [10, 15, 17.5, 20]],
  ['quality', 'fixed', 'year', [7.5, 10, 12.5, 15]],
  ['quality', 'variable', 'year', [7.5, 10, 12.5, 15]],
  ['support', 'fixed', 'year', [10, 12.5, 12.5, 15]],
  ['support', 'variable', 'year', [10, 12.5, 12.5, 15]],
]
const crisisOfAmendment2: readonly Line[] = [
  ['crisis', 'plan', 'first-year', [25, null, null, 50]],
  ['crisis', 'plan', 'later-year', [12.5, null, null, 25]],
  ['crisis', 'occurrence', 'event', [37.5, null, null, 80]],
]
const assumed = (note: string, ...sources: SourceId[]): Proof => ({ provenance: 'assumed', sources, note })
const SPLIT = 'Aucune source lue n’établit ce montant. Il respecte les totaux annoncés.'
const KEPT = 'Repris de l’accord de 2019\u202f: aucune source lue ne dit si l’avenant 2 l’a changé.'

function proof2019(heading: Heading, part: Part, size: AciSize): Proof {
  if (heading === 'running')
    return { provenance: 'sourced', sources: size === 3 ? ['S47', 'S48'] : size === 2 ? ['S47'] : ['S47', 'S24'], note: null }
  if (part === 'compensation' && size === 1)
    return { provenance: 'derived', sources: ['S38', 'seed-003'], note: '220 000 € (avec) moins 185 000 € (sans)' }
  if (part === 'compensation' && size === 4)
    return { provenance: 'derived', sources: ['S38', 'S07'], note: '450 000 € (avec) moins 380 000 € (sans)' }
  return assumed(SPLIT, ...(size === 3 && part === 'variable' ? ['S45'] : []))
}
function proofAmendment2(heading: Heading, part: Part, size: AciSize): Proof {
  if (heading === 'crisis')
    return assumed(
      size === 4
        ? 'Le total de la mission (130 000 €) se déduit de 580 000 € moins 450 000 €\u202f; son partage suit une proposition de 2020, non signée.'
        : 'D’après une proposition de 2020, non signée.',
      'S53',
    )
  if (heading === 'running' && (size === 1 || size === 4)) return { provenance: 'sourced', sources: ['S24'], note: null }
  return assumed(KEPT, ...(part === 'running' ? ['S47'] : []))
}
function rowsOf(text: TextId, article: string, lines: readonly Line[], proof: (h: Heading, p: Part, s: AciSize) => Proof): Row[] {
  return lines.flatMap(([heading, part, period, amounts]) =>
    aciSizes.flatMap((size, i): Row[] => {
      const thousands = amounts[i]
      if (thousands == null) return []
      const id = `${text}/${size}/${heading}/${part}/${period}`
      const origin: Origin = { of: 'row', id, article, ...proof(heading, part, size), typed: null }
      return [{ text, size, heading, part, period, cents: Math.round(thousands * 100_000), origin }]
    }),
  )
}
const rows: readonly Row[] = [
  ...rowsOf('aci-2019', 'ACI 2019, art. 8', agreed2019, proof2019),
  ...rowsOf('avenant-2', 'ACI modifié par l’avenant 2', [...agreed2019, ...crisisOfAmendment2], proofAmendment2),
]

function announced(
  text: TextId,
  size: AciSize,
  compensation: boolean,
  thousands: number,
  sources: SourceId[],
  rest: Partial<StatedTotal & { note: string }> = {},
): StatedTotal {
  const id = `${text}/${size}/total/${compensation ? 'with' : 'without'}`
  const origin: Origin = { of: 'total', id, provenance: 'sourced', article: null, sources, note: rest.note ?? null, typed: null }
  return { text, size, compensation, cents: thousands * 100_000, rounded: rest.rounded ?? false, origin }
}
const totals: readonly StatedTotal[] = [
  announced('aci-2019', 1, true, 220, ['S38']),
  announced('aci-2019', 1, false, 185, ['seed-003'], {
    note: 'La taille 1 se lit au montant\u202f: le communiqué ne donne pas la population.',
  }),
  announced('aci-2019', 2, true, 287, ['S38'], { rounded: true }),
  announced('aci-2019', 3, true, 370, ['S38']),
  announced('aci-2019', 4, true, 450, ['S38', 'seed-004']),
  announced('aci-2019', 4, false, 380, ['S07']),
  announced('avenant-2', 4, true, 580, ['S17', 'S18', 'S49']),
]

const texts: readonly NationalText[] = [
  {
    id: 'aci-2019',
    name: 'Accord conventionnel interprofessionnel de 2019',
    signed: '2019-06-20',
    inForce: '2019-08-25',
    origin: {
      of: 'rule',
      id: 'text/aci-2019',
      provenance: 'sourced',
      article: 'Arrêté du 21 août 2019 (NOR SSAS1924409A)',
      sources: ['S08', 'S04', 'S09'],
      note: null,
      typed: null,
    },
    core: ['access', 'pathways', 'prevention'],
    optional: ['quality', 'support'],
  },
  {
    id: 'avenant-2',
    name: 'Avenant 2 à l’accord (20 décembre 2021)',
    signed: '2021-12-20',
    inForce: '2022-04-01',
    origin: {
      of: 'rule',
      id: 'text/avenant-2',
      provenance: 'assumed',
      article: 'Avis publié au JO du 31 mars 2022',
      sources: ['S15', 'S16'],
      note: 'Le jour d’effet n’est pas dans les extraits lus\u202f: lendemain de la publication.',
      typed: null,
    },
    core: ['access', 'pathways', 'prevention', 'crisis'],
    optional: ['quality', 'support'],
  },
]
const delay = (mission: Delay['mission'], start: number, deployed: number): Delay => ({
  mission,
  start,
  deployed,
  origin: { of: 'rule', id: `delay/${mission}`, provenance: 'sourced', article: null, sources: ['S30', 'S33'], note: null, typed: null },
})

/** What is national, as it is known. Amounts by mission: see the note on each row. */
export const national: Tables = {
  texts,
  rows,
  totals,
  rules,
  delays: [delay('access', 6, 18), delay('pathways', 12, 24), delay('prevention', 12, 24), delay('crisis', 6, 18)],
  advancePercent: 75,
}
