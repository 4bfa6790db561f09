/** The yearly report: the same records as the screens, mission by mission, with the money and what changed since the year before. */
import { addDays, type Day } from '#domain/calendar.ts'
import { partNames, type Standing, sayMissing, standings, type YearStatement } from '#domain/contract/index.ts'
import type { Report, ReportSection, ReportTable } from '#platform/report/report.ts'
import { frDate, frEuros, frList, frNumber, frPercent, plural, typo } from '#platform/ui/index.ts'
import { headingLabel } from './pages/annex.tsx'
import { type Line, linesOf, valueText } from './pages/indicators.tsx'
import { missionState } from './pages/timeline.tsx'
import { partyWords, provenanceWords } from './pages/words.tsx'
import {
  type Action,
  actionState,
  agreements,
  beneficiaries,
  categories,
  type Life,
  type Mission,
  matching,
  missionLabel,
  type Proof,
} from './rules.ts'
import type { Account, Recorded } from './store.ts'

export interface ReportMatter {
  community: string
  author: string
  account: Account
  life: Life
  steps: readonly Recorded[]
  actions: readonly Action[]
  proofs: readonly Proof[]
  year: YearStatement
  today: Day
  /** Whether small numbers of people may be told to who reads. */
  count: boolean
}
const lastDay = (y: { to: Day }) => addDays(y.to, -1)
const spanText = (y: { from: Day; to: Day }) => `du ${frDate(y.from)} au ${frDate(lastDay(y))}`
/** Never an empty cell: what is not known says so. */
const orNone = (text: string | null | undefined, otherwise: string) => (text ? typo(text) : otherwise)

export function reportOf(m: ReportMatter): Report {
  const before = m.account.statement.years.find(y => y.year === m.year.year - 1) ?? null
  const held = m.life.missions.map(x => x.mission)
  const running = m.today < m.year.to
  return {
    title: typo(`Bilan annuel, année ${m.year.year} du contrat`),
    subtitle: typo(`${m.community}, ${spanText(m.year)}${running ? ` ; état au ${frDate(m.today)}` : ''}`),
    author: m.community,
    sections: [
      identity(m),
      ...held.flatMap(mission => missionSections(m, mission, before)),
      ...money(m, before),
      evidence(m),
      ...missing(m),
    ],
  }
}

function identity({ life, steps, community }: ReportMatter): ReportSection {
  const terms = life.terms!
  const signed = steps.findLast(s => s.signatories.length > 0)
  const rows = [
    ['Communauté', community],
    ['Texte national', agreements[terms.agreement]],
    ['Contrat en cours', life.period ? spanText(life.period) : 'Aucun'],
    ['Taille', `Taille ${terms.size}${terms.sizeReason ? ` (${terms.sizeReason})` : ''}`],
    ['Missions', frList(terms.missions.map(missionLabel))],
    ['Compensation des soins non programmés', terms.snpCompensation ? 'Prévue' : 'Non prévue'],
    ['Signataires', signed ? frList(signed.signatories.map(s => `${s.name} (${partyWords[s.party]})`)) : 'Non enregistrés'],
  ]
  return {
    title: 'Fiche d’identité du contrat',
    level: 1,
    paragraphs: [],
    tables: [
      {
        caption: 'Le contrat',
        columns: [{ label: 'Élément' }, { label: 'Ce qui est enregistré', wide: 2 }],
        rows: rows.map(r => r.map(typo)),
      },
    ],
  }
}

function missionSections(m: ReportMatter, mission: Mission, before: YearStatement | null): ReportSection[] {
  const at = m.life.missions.find(x => x.mission === mission)!
  const state = missionState(at, m.today).words
  const dates = [
    at.started ? `démarrée le ${frDate(at.started)}` : 'pas encore démarrée',
    at.deployed
      ? `déployée le ${frDate(at.deployed)}`
      : at.deployedBy
        ? `à déployer avant le ${frDate(at.deployedBy)}`
        : 'calendrier libre',
  ]
  const actions = m.actions.filter(a => a.mission === mission && a.startsOn < m.year.to && (a.closed?.on ?? a.endsOn) >= m.year.from)
  const now = linesOf(m.account, m.year).filter(l => l.d.mission === mission)
  const past = before ? linesOf(m.account, before) : []
  return [
    {
      title: missionLabel(mission),
      level: 1,
      paragraphs: [
        typo(`${state} : ${dates.join(', ')}.`),
        ...(actions.length ? [] : ['Aucune action de cette mission n’est inscrite au plan pour cette année.']),
      ],
      tables: [...(actions.length ? [actionTable(actions, m.today)] : []), indicatorTable(now, past, m.count)],
    },
  ]
}
const stateNames = {
  planned: 'À venir',
  running: 'En cours',
  late: 'Fin dépassée',
  done: 'Menée à bien',
  'given-up': 'Abandonnée',
} as const
const actionTable = (actions: readonly Action[], today: Day): ReportTable => ({
  caption: plural(actions.length, 'action', 'actions'),
  columns: [
    { label: 'Action', wide: 1.6 },
    { label: 'Portée par' },
    { label: 'Calendrier' },
    { label: 'Pour qui' },
    { label: 'Budget', numeric: true },
    { label: 'État et résultat', wide: 1.5 },
  ],
  rows: actions.map(a => [
    typo(a.title),
    typo(a.owner),
    `${frDate(a.startsOn)} au ${frDate(a.endsOn)}`,
    frList(a.beneficiaries.map(b => beneficiaries[b])),
    a.budgetCents === null ? 'Aucun' : frEuros(a.budgetCents),
    `${stateNames[actionState(a, today)]}${a.closed ? typo(` : ${a.closed.note}`) : ''}`,
  ]),
})
function indicatorTable(now: readonly Line[], past: readonly Line[], count: boolean): ReportTable {
  const was = (l: Line) => past.find(p => p.d.code === l.d.code)
  return {
    caption: 'Indicateurs',
    columns: [
      { label: 'Indicateur', wide: 1.8 },
      { label: 'Cette année', wide: 1.4 },
      { label: 'Année précédente', wide: 1.2 },
      { label: 'Évolution' },
      { label: 'Cible', numeric: true },
      { label: 'Poids', numeric: true },
      { label: 'Preuves', numeric: true },
    ],
    rows: now.map(l => [
      typo(l.d.name),
      l.value.state === 'unavailable' ? typo(`Non disponible : ${l.value.reason}`) : valueText(count, l.d, l.value),
      told(was(l), count),
      change(l, was(l), count),
      orNone(l.target, 'Aucune'),
      l.weight ? frPercent(l.weight / 10_000) : 'Sans poids',
      frNumber(l.proofs),
    ]),
  }
}
const told = (l: Line | undefined, count: boolean): string =>
  !l || l.value.state === 'unavailable' ? 'Non disponible' : valueText(count, l.d, l.value)
/** The difference with the year before, in points or in number; none when either is not known. */
function change(l: Line, was: Line | undefined, count: boolean): string {
  if (l.value.state !== 'measured' || was?.value.state !== 'measured') return 'Sans comparaison'
  if (!count && l.d.source === 'requests') return 'Sans comparaison'
  const part = (v: { numerator: number; denominator: number }) => v.numerator / v.denominator
  const [a, b] = [part(l.value.ratio), part(was.value.ratio)]
  const sign = a > b ? '+\u202f' : ''
  return l.d.measure === 'share' ? `${sign}${frNumber(100 * (a - b), 1)} point(s)` : `${sign}${frNumber(a - b)}`
}

const columns = (first: string, ...others: string[]) => [{ label: first, wide: 1.4 }, ...others.map(label => ({ label, numeric: true }))]
const parts = ['envelope', 'acquired', 'expected', 'open', 'lost'] as const
const acquired = (rows: readonly Standing[]) => rows.reduce((n, s) => n + s.acquired.cents, 0)
const evolution = (now: number, was: number | null): [string, string] =>
  was === null ? ['Première année', 'Première année'] : [frEuros(was), `${now > was ? '+\u202f' : ''}${frEuros(now - was)}`]

function money(m: ReportMatter, before: YearStatement | null): ReportSection[] {
  const rows = standings(m.account.statement, m.account.facts, m.year.year)
  const past = before ? standings(m.account.statement, m.account.facts, before.year) : []
  const sum = (list: readonly Standing[], of: (s: Standing) => number) => frEuros(list.reduce((n, s) => n + of(s), 0))
  const budget = m.actions.filter(a => a.startsOn < m.year.to && a.endsOn >= m.year.from).reduce((n, a) => n + (a.budgetCents ?? 0), 0)
  const { ceilings } = m.year
  const ceiling = (c: NonNullable<typeof ceilings>['withCompensation']) =>
    c.computed ? `${frEuros(c.computed.cents)} (${provenanceWords[c.computed.provenance].word})` : 'un montant est inconnu'
  return [
    {
      title: 'Partie financière',
      level: 1,
      paragraphs: [
        typo(
          `Chaque montant dit d’où il est connu : au contrat, publié, déduit ou supposé. ${ceilings ? `Plafond de l’année sans la compensation des soins non programmés : ${ceiling(ceilings.withoutCompensation)} ; avec elle : ${ceiling(ceilings.withCompensation)}.` : ''}`,
        ),
        typo(`Budget des actions de l’année : ${frEuros(budget)}.`),
      ],
      tables: [
        {
          caption: 'Possible et acquis, par mission',
          columns: [...columns('Mission', 'Possible', 'Acquis', 'Attendu', 'À décider', 'Non atteint'), { label: 'Connu', wide: 0.6 }],
          rows: rows.map(r => [
            headingLabel(r.heading),
            ...parts.map(k => frEuros(r[k].cents)),
            provenanceWords[r.envelope.provenance].word,
          ]),
          total: ['Total', ...parts.map(k => sum(rows, r => r[k].cents)), provenanceWords[m.year.envelope.provenance].word],
        },
        {
          caption: 'Exigible et versé, par mission ; comparaison avec l’année précédente',
          columns: columns('Mission', 'Exigible', 'Versé', 'Acquis', 'Acquis l’année précédente', 'Évolution'),
          rows: rows.map(r => {
            const was = before ? (past.find(p => p.heading === r.heading)?.acquired.cents ?? 0) : null
            return [
              headingLabel(r.heading),
              frEuros(r.payable.cents),
              frEuros(r.received),
              frEuros(r.acquired.cents),
              ...evolution(r.acquired.cents, was),
            ]
          }),
          total: [
            'Total',
            sum(rows, r => r.payable.cents),
            sum(rows, r => r.received),
            sum(rows, r => r.acquired.cents),
            ...evolution(acquired(rows), before ? acquired(past) : null),
          ],
        },
        {
          caption: 'Détail des parts',
          columns: [
            { label: 'Mission' },
            { label: 'Part' },
            { label: 'Possible', numeric: true },
            { label: 'Dû', numeric: true },
            { label: 'Connu' },
          ],
          rows: m.year.lines.map(l => [
            headingLabel(l.heading),
            partNames[l.part],
            frEuros(l.envelope.cents),
            frEuros(l.due.cents),
            provenanceWords[l.envelope.provenance].word,
          ]),
        },
      ],
    },
  ]
}

function evidence({ proofs, year }: ReportMatter): ReportSection {
  const own = matching(proofs, { span: year }).filter(p => !p.withdrawn)
  return {
    title: 'Preuves',
    level: 1,
    paragraphs: own.length
      ? ['Les fichiers sont dans le dossier, avec leurs empreintes (SHA256SUMS) et le registre chaîné.']
      : ['Aucune preuve n’est datée de cette année.'],
    tables: own.length
      ? [
          {
            caption: plural(own.length, 'preuve', 'preuves'),
            columns: [
              { label: 'Ce que cela prouve', wide: 2 },
              { label: 'Type' },
              { label: 'Date' },
              { label: 'Mission' },
              { label: 'Ligne du registre', numeric: true },
            ],
            rows: own.map(p => [
              typo(p.kind === 'unavailable' ? `${p.title} (non disponible : ${p.reason})` : p.title),
              categories[p.category],
              frDate(p.day),
              p.mission ? missionLabel(p.mission) : 'Toutes',
              frNumber(p.no),
            ]),
          },
        ]
      : [],
  }
}
function missing({ year }: ReportMatter): ReportSection[] {
  if (year.missing.length === 0) return []
  return [{ title: 'Ce qui manque au calcul', level: 1, paragraphs: year.missing.map(x => typo(sayMissing(x))), tables: [] }]
}
