/** What the sources announce, checked against any tables: an empty list when all hold, otherwise what does not. */
import { euros } from '../money.ts'
import type { AciSize } from '../size.ts'
import { ceilings } from './ceilings.ts'
import { contractOf, factsOf, five, published, six, started, termsOf } from './contracts.fixture.ts'
import { deadlines } from './deadlines.ts'
import { compute } from './engine.ts'
import { sources } from './sources.ts'
import { sizeOf } from './terms.ts'
import type { Heading, Mission, Part, Provenance, Tables, TextId } from './types.ts'

/** Size, text, with the compensation of unscheduled care or without, all missions: euros a year. Where each is said: national.ts. */
const announced: readonly [AciSize, TextId, 'with' | 'without', number][] = [
  [1, 'aci-2019', 'without', 185_000],
  [1, 'aci-2019', 'with', 220_000],
  [2, 'aci-2019', 'with', 287_500],
  [3, 'aci-2019', 'with', 370_000],
  [4, 'aci-2019', 'without', 380_000],
  [4, 'aci-2019', 'with', 450_000],
  [4, 'avenant-2', 'with', 580_000],
]
/** Running part by size: 75 % and 25 % of it. */
const advances: readonly [AciSize, TextId, number, number][] = [
  [1, 'aci-2019', 37_500, 12_500],
  [2, 'aci-2019', 45_000, 15_000],
  [3, 'aci-2019', 56_250, 18_750],
  [4, 'aci-2019', 67_500, 22_500],
  [1, 'avenant-2', 37_500, 12_500],
  [4, 'avenant-2', 67_500, 22_500],
]
/** Start and deployment of access, then of pathways and prevention, then the end. */
const dates: Record<keyof typeof published, readonly [string, string, string, string, string]> = {
  'sud-allier': ['2020-12-17', '2021-12-17', '2021-06-17', '2022-06-17', '2025-06-17'],
  'noe-sante': ['2021-06-14', '2022-06-14', '2021-12-14', '2022-12-14', '2025-12-14'],
  'grand-versailles': ['2021-06-17', '2022-06-17', '2021-12-17', '2022-12-17', '2025-12-17'],
  'vexin-normand': ['2022-04-19', '2023-04-19', '2022-10-19', '2023-10-19', '2026-10-19'],
}

/** What a source establishes, and nothing else. */
function established(text: TextId, size: AciSize, heading: Heading, part: Part): Provenance {
  if (heading === 'running') return text === 'aci-2019' || size === 1 || size === 4 ? 'sourced' : 'assumed'
  return text === 'aci-2019' && part === 'compensation' && (size === 1 || size === 4) ? 'derived' : 'assumed'
}

export function goldenFailures(tables: Tables): string[] {
  const failures: string[] = []
  const same = (what: string, got: unknown, expected: unknown) => {
    if (got !== expected) failures.push(`${what}: ${got} instead of ${expected}`)
  }
  for (const [size, text, which, amount] of announced) {
    const both = ceilings(termsOf({ text, missions: text === 'aci-2019' ? five : six }), size, { tables })
    const one = which === 'with' ? both.withCompensation : both.withoutCompensation
    same(`ceiling ${text} size ${size} ${which}`, one.computed?.cents, euros(amount))
    // Computed on one side, announced on the other; the one that a source rounds is said so.
    const [said, agreement] = size === 2 ? [287_000, 'rounded'] : [amount, 'equal']
    same(`announced ${text} size ${size} ${which}`, one.stated?.figure.cents, euros(said))
    same(`agreement ${text} size ${size} ${which}`, one.agreement, agreement)
  }
  for (const [size, text, advance, rest] of advances) {
    const statement = compute(contractOf({ terms: { size, text } }), factsOf({ missions: started('2020-09-01') }), '2026-01-01', tables)
    const paid = (year: number) => statement.payments.filter(p => p.heading === 'running' && p.year === year).map(p => p.figure.cents)
    same(`running ${text} size ${size}, at signature`, paid(1).join(), `${euros(advance + rest)}`)
    same(`running ${text} size ${size}, second year`, paid(2).join(), `${euros(advance)},${euros(rest)}`)
  }
  same('size of 32 048 inhabitants', sizeOf(published['vexin-normand'].terms), 1)
  same('size of 265 000 inhabitants', sizeOf(published['grand-versailles'].terms), 4)
  for (const [id, [accessStart, accessDeployed, start, deployed, end]] of Object.entries(dates)) {
    const contract = published[id as keyof typeof published]
    const found = deadlines(contract, factsOf(), contract.signed, tables)
    const due = (mission: Mission | null, what: string) => found.find(d => d.mission === mission && d.what === what)?.due
    same(`${id}: access starts`, due('access', 'start'), accessStart)
    same(`${id}: access deployed`, due('access', 'deployment'), accessDeployed)
    for (const mission of ['pathways', 'prevention'] as const) {
      same(`${id}: ${mission} starts`, due(mission, 'start'), start)
      same(`${id}: ${mission} deployed`, due(mission, 'deployment'), deployed)
    }
    same(`${id}: end`, due(null, 'end'), end)
  }
  const crisis = deadlines(
    contractOf({ signed: '2023-03-01', terms: { text: 'avenant-2', missions: six } }),
    factsOf(),
    '2023-03-01',
    tables,
  )
  const ofCrisis = crisis.filter(d => d.mission === 'crisis').map(d => d.due)
  same('crisis starts and is deployed', ofCrisis.join(), '2023-09-01,2024-09-01')
  // The one share by mission that a source gives: about 30 % of access is variable at size 3, half of pathways and of prevention.
  const at3 = (mission: Mission, part: string) =>
    tables.rows.find(r => r.text === 'aci-2019' && r.size === 3 && r.heading === mission && r.part === part)?.cents ?? 0
  const variable = (['access', 'pathways', 'prevention'] as const).reduce((sum, m) => sum + at3(m, 'variable'), 0)
  same('variable of the socles at size 3, announced « about 97 k »', variable, euros(97_500))
  same('variable of all missions at size 3', variable + at3('quality', 'variable') + at3('support', 'variable'), euros(122_500))
  for (const mission of ['pathways', 'prevention'] as const)
    same(`${mission}: half variable`, at3(mission, 'fixed'), at3(mission, 'variable'))
  const access = at3('access', 'fixed') + at3('access', 'variable') + at3('access', 'compensation')
  const percent = (100 * at3('access', 'variable')) / access
  same('share of access that is variable, « quasiment 30 % »', percent > 28.5 && percent < 30, true)
  return failures
}

/** Each row says what the sources establish of it, cites sources that are listed, and says why when it is assumed. */
export function provenanceFailures(tables: Tables): string[] {
  const failures: string[] = []
  const same = (what: string, got: unknown, expected: unknown) => {
    if (got !== expected) failures.push(`${what}: ${got} instead of ${expected}`)
  }
  for (const { text, size, heading, part, period, cents, origin } of tables.rows) {
    same(`provenance of ${origin.id}`, origin.provenance, established(text, size, heading, part))
    if (!(Number.isSafeInteger(cents) && cents > 0)) failures.push(`${origin.id} is worth ${cents}`)
    if (origin.provenance === 'assumed' && !origin.note) failures.push(`${origin.id} is assumed without saying why`)
    if (origin.provenance !== 'assumed' && origin.sources.length === 0) failures.push(`${origin.id} has no source`)
    for (const id of origin.sources) if (!sources[id]) failures.push(`${origin.id} cites ${id}, which is not listed`)
    same(`name of ${origin.id}`, origin.id, `${text}/${size}/${heading}/${part}/${period}`)
  }
  return failures
}
