/**
 * The contract of each territory. The days of signature are facts (domain dossier 1.6 and 9; the year of Vexin-Normand is inferred);
 * what is not published is supposed, and says so in its note. The people are invented.
 */
import type { Mission, Terms } from '#areas/contract/rules.ts'
import { chooseComparison, recordStep } from '#areas/contract/store.ts'
import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { Tx } from '#platform/db/types.ts'
import { keepBytes } from '#platform/files.ts'
import type { Territory } from './extract.ts'

const SUPPOSED = 'Démonstration : ni la date ni l’étape ne sont publiées, elles sont supposées.'
const FACT = 'Date publiée par la CPTS.'
const five: Mission[] = ['access', 'pathways', 'prevention', 'quality', 'support']
const six: Mission[] = [...five.slice(0, 3), 'crisis', 'quality', 'support']

interface Plan {
  size: Terms['size']
  sizeReason?: string
  snp: boolean
  signed: { day: string; agreement: Terms['agreement']; missions: Mission[]; note?: string }
  before?: ['project' | 'validation', string, string][]
  amendments?: [day: string, missions: Mission[]][]
  renewed?: [day: string, missions: Mission[]]
  /** Start, deployment. */
  lived: Partial<Record<Mission, [string, string?]>>
  signatories: [community: string, fund: string, agency: string]
}
const plans: Record<string, Plan> = {
  'sud-allier': {
    size: 1,
    sizeReason: 'Plafond publié de 185 000 € par an : taille 1.',
    snp: false,
    signed: { day: '2020-06-17', agreement: 'aci-2019', missions: five },
    amendments: [['2022-10-03', six]],
    renewed: ['2025-06-17', six],
    lived: {
      access: ['2020-11-02', '2021-11-15'],
      pathways: ['2021-04-12', '2022-05-09'],
      prevention: ['2021-05-03', '2022-06-01'],
      crisis: ['2023-02-06', '2024-01-15'],
      quality: ['2022-01-10', '2023-03-06'],
      support: ['2021-09-06', '2022-10-03'],
    },
    signatories: ['Dr Aubin Vialard, président', 'Hélène Courtadon, directrice', 'Bruno Sarrazin, délégué départemental'],
  },
  'noe-sante': {
    size: 3,
    snp: true,
    signed: { day: '2020-12-14', agreement: 'aci-2019', missions: five },
    renewed: ['2025-12-14', six],
    lived: {
      access: ['2021-04-06', '2022-04-11'],
      pathways: ['2021-10-04', '2022-11-07'],
      prevention: ['2021-09-13', '2022-10-17'],
      crisis: ['2026-05-18'],
      quality: ['2022-05-09', '2023-09-04'],
      support: ['2021-11-15', '2023-01-16'],
    },
    signatories: ['Dre Solène Darnault, présidente', 'Yves Taupin, directeur', 'Irène Malbec, déléguée départementale'],
  },
  'marseille-2-3': {
    size: 3,
    snp: true,
    signed: {
      day: '2023-02-17',
      agreement: 'avenant-2',
      missions: six,
      note: 'Validée depuis cette date par la CPAM et l’ARS ; prise comme date de signature.',
    },
    lived: {
      access: ['2023-06-05', '2024-07-01'],
      pathways: ['2023-11-06', '2025-03-10'],
      prevention: ['2023-10-02', '2025-01-20'],
      crisis: ['2023-07-03', '2024-08-12'],
      quality: ['2024-09-02'],
    },
    signatories: ['Dr Karim Estrine, président', 'Odile Ferrat, directrice', 'Paul Ansaldi, délégué départemental'],
  },
  'vexin-normand': {
    size: 1,
    snp: true,
    before: [
      ['project', '2021-05-17', SUPPOSED],
      ['validation', '2021-07-15', 'Juillet 2021, publié ; le jour est supposé.'],
    ],
    signed: {
      day: '2021-10-19',
      agreement: 'aci-2019',
      missions: five,
      note: '19 octobre, publié ; l’année est déduite de la validation.',
    },
    lived: {
      access: ['2022-03-01', '2023-04-03'],
      pathways: ['2022-09-05', '2023-09-18'],
      prevention: ['2022-10-03', '2023-10-02'],
      quality: ['2023-01-09', '2024-02-05'],
      support: ['2022-02-07', '2023-05-15'],
    },
    signatories: ['Dr Rémi Hautot, président', 'Claude Bellanger, directrice', 'Anne Lescure, déléguée départementale'],
  },
  'grand-versailles': {
    size: 4,
    snp: true,
    signed: { day: '2020-12-17', agreement: 'aci-2019', missions: five },
    renewed: ['2025-12-17', five],
    amendments: [['2026-03-02', six]],
    lived: {
      access: ['2021-05-03', '2022-05-16'],
      pathways: ['2021-11-08', '2022-11-21'],
      prevention: ['2021-09-06', '2022-10-10'],
      crisis: ['2026-06-15'],
      quality: ['2022-03-07', '2023-06-05'],
      support: ['2021-10-04', '2022-12-05'],
    },
    signatories: ['Dre Maud Lestrange, présidente', 'Denis Rouault, directeur', 'Sylvie Combes, déléguée départementale'],
  },
}

/** Name and function of who signs for the agency. */
export const agencyOf = (slug: string): [name: string, quality: string] | null => {
  const [name, quality] = plans[slug]?.signatories[2].split(', ') ?? []
  return name && quality ? [name, quality] : null
}

export async function contractLife(tx: Tx, territory: Territory, who: Actor['who'], now: Date): Promise<void> {
  const plan = plans[territory.slug]
  if (!plan) return
  const actor: Actor = { who, now: new Date(now.getTime() - 190 * 86_400_000), requestId: 'demo' }
  const today = dayOf(now)
  const terms = (fromDay: string, agreement: Terms['agreement'], missions: Mission[]): Terms => ({
    fromDay,
    agreement,
    size: plan.size,
    sizeReason: plan.sizeReason ?? null,
    years: 5,
    missions,
    snpCompensation: plan.snp,
  })
  const [community, fund, agency] = plan.signatories
  const signatories = [
    { party: 'community', name: community },
    { party: 'fund', name: fund },
    { party: 'agency', name: agency },
  ] as const
  const nothing = { mission: null, terms: null, fileId: null } as const
  for (const [kind, day, note] of plan.before ?? []) await recordStep(tx, actor, { ...nothing, kind, day, note })
  const kept = await keepBytes(tx, actor, 'contrat-signe.txt', new TextEncoder().encode(paper(territory, plan.signed.day)))
  const signature = { kind: 'signature', day: plan.signed.day, note: plan.signed.note ?? FACT } as const
  await recordStep(tx, actor, {
    ...nothing,
    ...signature,
    terms: terms(plan.signed.day, plan.signed.agreement, plan.signed.missions),
    signatories: [...signatories],
    fileId: kept.ok ? kept.file.id : null,
  })
  await chooseComparison(tx, actor, { agrees: true, decision: 'décision du bureau, supposée pour la démonstration.' })
  const agreed = [
    ...(plan.amendments ?? []).map(([day, missions]) => ['amendment', day, missions] as const),
    ...(plan.renewed ? [['renewal', ...plan.renewed] as const] : []),
  ]
  for (const [kind, day, missions] of agreed)
    if (day <= today) await recordStep(tx, actor, { ...nothing, kind, day, terms: terms(day, 'avenant-2', missions), note: SUPPOSED })
  for (const [mission, [start, deployed]] of Object.entries(plan.lived) as [Mission, [string, string?]][]) {
    if (start <= today) await recordStep(tx, actor, { ...nothing, kind: 'mission-start', mission, day: start, note: SUPPOSED })
    if (deployed && deployed <= today)
      await recordStep(tx, actor, { ...nothing, kind: 'mission-deployed', mission, day: deployed, note: SUPPOSED })
  }
}
const paper = (t: Territory, day: string) =>
  `Document de démonstration.\n\nIci se trouverait le contrat tripartite signé le ${day} par ${t.name}, la CPAM et l’ARS.\n`
