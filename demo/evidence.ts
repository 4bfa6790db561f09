/**
 * What the contract of a territory is judged on, invented from end to end: weights and targets, figures of the fund, proofs, money
 * that came, actions. Grand Versailles has its fifteen actions over two years and five missions; the published plan was of 2021 and
 * 2022, here it is around today. Everything goes through the functions of the screens.
 */
import { type Beneficiary, definitionOf, type IndicatorCode, type Mission } from '#areas/contract/rules.ts'
import { accountOf, chooseIndicator, closeAction, enterFigure, fileProof, recordReceipt, writeAction } from '#areas/contract/store.ts'
import { addDays } from '#domain/calendar.ts'
import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { Tx } from '#platform/db/types.ts'
import { keepBytes } from '#platform/files.ts'
import type { Maker, Territory } from './extract.ts'

/** Weight in percent, target, starting point. */
const chosen: [code: IndicatorCode, weight: number, target: number | null, baseline: number | string][] = [
  ['gp-found', 40, 60, 'Aucun registre des demandes avant Trame'],
  ['gp-30-days', 20, 50, 'Aucun registre des demandes avant Trame'],
  ['no-gp', 40, 9, 12],
  ['pathways-written', 40, 3, 1],
  ['case-meetings', 60, 8, 4],
  ['prevention-actions', 60, 4, 2],
  ['flu', 40, 60, 54],
  ['quality-groups', 100, 6, 2],
  ['trainees', 100, 8, 'Non suivi avant le contrat'],
]
const proofs: [code: IndicatorCode, category: 'attendance' | 'minutes' | 'procedure' | 'report', title: string, ago: number][] = [
  ['pathways-written', 'procedure', 'Protocole du parcours diabète de type 2', 310],
  ['case-meetings', 'attendance', 'Concertation pluriprofessionnelle, neuf participants', 290],
  ['case-meetings', 'attendance', 'Concertation pluriprofessionnelle, onze participants', 232],
  ['prevention-actions', 'report', 'Journée de dépistage du diabète, 64 personnes', 205],
  ['case-meetings', 'minutes', 'Concertation sur trois situations complexes', 171],
  ['quality-groups', 'minutes', 'Groupe qualité : erreurs d’ordonnance', 150],
  ['pathways-written', 'procedure', 'Protocole de sortie d’hospitalisation', 128],
  ['trainees', 'report', 'Accueil de deux internes, semestre de printemps', 110],
  ['case-meetings', 'attendance', 'Concertation pluriprofessionnelle, huit participants', 96],
  ['prevention-actions', 'report', 'Vaccination à domicile, 38 personnes', 61],
  ['quality-groups', 'attendance', 'Groupe qualité : iatrogénie après 75 ans', 44],
  ['crisis-plan', 'procedure', 'Plan de crise, version transmise à l’ARS', 80],
  ['case-meetings', 'attendance', 'Concertation pluriprofessionnelle, dix participants', 40],
]
const titles: [
  Mission,
  string,
  owner: string,
  Beneficiary[],
  IndicatorCode | null,
  units: number | null,
  hours: number | null,
  budget: number,
][] = [
  ['access', 'Permanence d’inscription des patients sans médecin', 'Groupe accès aux soins', ['patients'], 'gp-found', 20, 60, 18_000],
  [
    'access',
    'Cabinets d’accueil d’assistants médicaux',
    'Groupe accès aux soins',
    ['patients', 'professionals'],
    'no-gp',
    null,
    null,
    42_000,
  ],
  ['access', 'État des lieux des soins non programmés', 'Coordination', ['population'], 'unscheduled-map', 1, 25, 3_500],
  ['access', 'Protocole cystite en officine', 'Groupe pharmacies', ['patients'], null, null, null, 6_000],
  ['pathways', 'Parcours diabète de type 2', 'Groupe parcours', ['patients', 'patient-lists'], 'pathways-written', 1, 40, 15_000],
  ['pathways', 'Retour à domicile après hospitalisation', 'Groupe ville-hôpital', ['patients'], 'pathways-written', 1, 35, 12_000],
  ['pathways', 'Concertations mensuelles', 'Groupe parcours', ['patients', 'professionals'], 'case-meetings', 4, 24, 14_400],
  ['prevention', 'Dépistage des cancers féminins', 'Groupe prévention', ['population'], 'prevention-actions', 1, 30, 9_000],
  ['prevention', 'Vaccination grippe des patients fragiles', 'Groupe infirmier', ['population'], 'prevention-actions', 1, 18, 5_000],
  ['prevention', 'Activité physique adaptée', 'Groupe prévention', ['patients', 'population'], null, null, null, 11_000],
  [
    'quality',
    'Groupe qualité des prescriptions après 75 ans',
    'Groupe qualité',
    ['patients', 'professionals'],
    'quality-groups',
    2,
    16,
    8_000,
  ],
  ['quality', 'Déclaration des événements indésirables', 'Groupe qualité', ['patients', 'professionals'], 'quality-groups', 2, 20, 4_000],
  ['support', 'Accueil des internes et des stagiaires', 'Groupe attractivité', ['professionals'], 'trainees', 4, 12, 7_500],
  ['support', 'Rencontre des jeunes installés', 'Groupe attractivité', ['professionals'], null, null, null, 3_000],
  ['support', 'Guide d’installation du territoire', 'Coordination', ['professionals'], null, null, null, 2_500],
]

export async function evidence(tx: Tx, territory: Territory, cptsId: string, who: Actor['who'], now: Date, make: Maker): Promise<void> {
  const today = dayOf(now)
  const actor = (ago: number): Actor => ({ who, now: new Date(now.getTime() - ago * 86_400_000), requestId: 'demo' })
  const account = await accountOf(tx, cptsId, today)
  if (!account) return
  const held = account.contract.terms.missions
  const share = (code: IndicatorCode, n: number) => ({ numerator: n, denominator: definitionOf(code)?.measure === 'share' ? 100 : 1 })
  for (const [code, weight, target, baseline] of chosen)
    if (held.includes(definitionOf(code)!.mission))
      await chooseIndicator(tx, actor(180), {
        code,
        weight: weight * 100,
        target: target === null ? null : share(code, target),
        baseline: typeof baseline === 'number' ? share(code, baseline) : null,
        baselineMissing: typeof baseline === 'string' ? baseline : null,
      })

  const adults = Math.round(territory.communes.reduce((n, c) => n + c.population, 0) * 0.79)
  const begun = account.spans.filter(s => s.from <= today)
  for (const [i, span] of begun.slice(-3).entries()) {
    const extractedOn = addDays(span.from, 40)
    if (extractedOn > today) continue
    const ratio = { numerator: Math.round(adults * (0.125 - 0.009 * i)), denominator: adults }
    const source = 'Fichier annuel de la CPAM (démonstration, chiffre inventé)'
    await enterFigure(tx, actor(120 - i), { code: 'no-gp', year: span.year, ratio, unavailable: null, source, extractedOn, fileId: null })
    const season = i === begun.slice(-3).length - 1 ? 'La saison n’est pas terminée' : null
    const flu = season ? null : { numerator: Math.round(adults * 0.13), denominator: Math.round(adults * 0.235) }
    await enterFigure(tx, actor(110 - i), {
      code: 'flu',
      year: span.year,
      ratio: flu,
      unavailable: season,
      source,
      extractedOn,
      fileId: null,
    })
  }

  for (const [code, category, title, ago] of proofs) {
    const { mission } = definitionOf(code)!
    if (!held.includes(mission) && mission !== 'crisis') continue
    if (mission === 'crisis' && !account.facts.missions.some(m => m.mission === 'crisis')) continue
    const day = addDays(today, -ago - make.int(6))
    const words = `Document de démonstration\n\n${title}\nLe ${day}\n`
    const kept = make.chance(0.92) ? await keepBytes(tx, actor(ago - 2), `${code}-${day}.txt`, new TextEncoder().encode(words)) : null
    const file = kept?.ok
      ? { id: kept.file.id, sha256: kept.file.sha256, name: kept.file.givenName, type: kept.file.type, bytes: kept.file.bytes }
      : null
    await fileProof(tx, actor(ago - 2), {
      title,
      category,
      day,
      mission,
      indicators: [code],
      reason: file ? null : 'Feuille non retrouvée',
      file,
    })
  }

  // What the calculation says was payable in the last two years came some weeks later; the latest is still awaited.
  const since = begun.at(-2)?.from ?? account.contract.signed
  const due = (await accountOf(tx, cptsId, today))!.statement.payments.filter(p => p.day >= since && addDays(p.day, 45) <= today)
  for (const p of due) {
    const day = addDays(p.day, 24 + make.int(15))
    await recordReceipt(tx, actor(30), {
      day,
      heading: p.heading,
      cents: p.figure.cents,
      note: `Virement CPAM, année ${p.year} (démonstration)`,
    })
  }

  const all = territory.slug === 'grand-versailles' ? titles : titles.filter((_, i) => i % 2 === 0)
  for (const [i, [mission, title, owner, beneficiaries, code, units, hours, budget]] of all.entries()) {
    if (!held.includes(mission)) continue
    const startsOn = addDays(today, -380 + i * 42 + make.int(20))
    const endsOn = addDays(startsOn, 150 + 30 * make.int(7))
    const id = await writeAction(tx, actor(175), {
      ...{ mission, title, owner, beneficiaries, startsOn, endsOn },
      ...{ budgetCents: budget * 100, indicators: code ? [code] : [], units, hours },
    })
    if (endsOn < today && i % 4 !== 3)
      await closeAction(tx, actor(3), id, { on: addDays(endsOn, make.int(9) - 5), how: 'done', note: 'Menée à bien (démonstration).' })
  }
}
