/** The forms of the contract. */

import type { Heading, Part, Period } from '#domain/contract/index.ts'
import { aciSizes, sizeRanges } from '#domain/size.ts'
import { shownField } from '#platform/edits.ts'
import { checkbox, choice, choices, date, euros, type Field, file, form, hidden, integer, longText, text } from '#platform/fields.ts'
import { acceptAttribute, acceptedFiles } from '#platform/files.ts'
import {
  agreements,
  BEYOND,
  type Beneficiary,
  beneficiaries,
  type Category,
  COMMITMENTS,
  catalogue,
  categories,
  decided,
  type Mission,
  missionRules,
  missions,
  type TextId,
} from './rules.ts'

export const missionOptions = missions.map(value => ({ value, label: missionRules[value].label }))
const document = (label = 'Document qui le prouve') => file({ label, required: false, accept: acceptAttribute, hint: acceptedFiles })
const note = longText({ label: 'À savoir', required: false, max: 500 })

export const stepForm = form({
  kind: choice({
    label: 'Étape',
    control: 'radio',
    options: [
      { value: 'mission-start', label: 'Une mission démarre' },
      { value: 'mission-deployed', label: 'Une mission est déployée' },
      { value: 'letter', label: 'Lettre d’intention déposée' },
      { value: 'letter-accepted', label: 'Lettre d’intention validée par l’ARS' },
      { value: 'project', label: 'Projet de santé déposé', hint: 'Sans opposition de l’ARS dans les deux mois, il est validé tacitement.' },
      { value: 'opposition', label: 'L’ARS s’oppose au projet de santé' },
      { value: 'validation', label: 'Projet de santé validé par écrit' },
      { value: 'termination', label: 'Contrat résilié' },
    ] as const,
  }),
  mission: choice({
    label: 'Mission',
    control: 'select',
    required: false,
    options: missionOptions,
    hint: 'Pour un démarrage ou un déploiement.',
  }),
  day: date({ label: 'Date', min: '2016-01-01' }),
  note,
  proof: document(),
})

const signatory = (label: string) => text({ label, required: false, max: 120 })
export const termsForm = form({
  kind: choice({
    label: 'Ce qui est signé',
    control: 'radio',
    options: [
      { value: 'signature', label: 'Le contrat', hint: 'Signé par la CPTS, la CPAM et l’ARS.' },
      { value: 'amendment', label: 'Un avenant' },
      { value: 'renewal', label: 'Le renouvellement' },
    ] as const,
  }),
  day: date({ label: 'Date de signature', min: '2016-01-01' }),
  fromDay: date({ label: 'Prend effet le', required: false, min: '2016-01-01', hint: 'Vide : le jour de la signature.' }),
  years: integer({ label: 'Durée en années', min: 1, max: 10, hint: 'Cinq ans pour l’ACI.' }),
  agreement: choice({
    label: 'Texte national',
    control: 'radio',
    options: Object.entries(agreements).map(([value, label]) => ({ value: value as TextId, label })),
  }),
  size: choice({
    label: 'Taille écrite au contrat',
    control: 'radio',
    options: aciSizes.map(n => ({ value: `${n}` as const, label: `Taille ${n}`, hint: sizeRanges[n] })),
  }),
  sizeReason: text({
    label: 'Raison de cette taille',
    required: false,
    max: 300,
    hint: 'Si elle n’est pas celle que donne la population.',
  }),
  missions: choices({ label: 'Missions choisies', required: true, options: missionOptions, missing: 'Cochez au moins une mission.' }),
  snp: choice({
    label: 'Compensation des soins non programmés',
    options: [
      { value: 'yes', label: 'Prévue' },
      { value: 'no', label: 'Non prévue' },
    ] as const,
    hint: 'Elle change le plafond annuel.',
  }),
  community: signatory('Signe pour la CPTS'),
  fund: signatory('Signe pour l’Assurance maladie'),
  agency: signatory('Signe pour l’ARS'),
  note,
  proof: document('Contrat ou avenant signé'),
})

export const withdrawForm = form({
  why: text({ label: 'Pourquoi', max: 300, hint: 'Par exemple : erreur de date. L’étape reste dans l’historique, barrée.' }),
})

export const proofForm = form({
  title: text({ label: 'Ce que cela prouve', max: 160, hint: 'Par exemple : réunion de concertation du 12 mars, douze participants.' }),
  category: choice({
    label: 'Type de pièce',
    control: 'select',
    options: Object.entries(categories).map(([value, label]) => ({ value: value as Category, label })),
  }),
  day: date({ label: 'Date de ce qui est prouvé', min: '2016-01-01' }),
  mission: choice({ label: 'Mission', control: 'select', required: false, options: missionOptions }),
  indicators: choices({
    label: 'Indicateurs servis',
    options: catalogue.map(d => ({ value: d.code, label: d.name })),
    hint: 'Une preuve compte pour chaque indicateur coché.',
  }),
  proof: document('Fichier'),
  unavailable: text({
    label: 'Sans fichier, parce que',
    required: false,
    max: 300,
    hint: 'Si la pièce n’existe pas ou ne peut pas être donnée.',
  }),
})

interface AnnexLine {
  heading: Heading
  part: Part
  period: Period
  label: string
}
const line = (heading: Heading, part: Part, period: Period, label: string): AnnexLine => ({ heading, part, period, label })
const parts = (heading: Heading) => ({
  [`${heading}-fixed`]: line(heading, 'fixed', 'year', 'Part fixe, par an'),
  [`${heading}-variable`]: line(heading, 'variable', 'year', 'Part variable, par an au plus'),
})
/** The lines of an annex, by the name of their field. */
export const annexLines: Record<string, AnnexLine> = {
  running: line('running', 'running', 'year', 'Fonctionnement, par an'),
  ...parts('access'),
  'access-compensation': line('access', 'compensation', 'year', 'Compensation des soins non programmés, par an'),
  ...parts('pathways'),
  ...parts('prevention'),
  'crisis-plan': line('crisis', 'plan', 'first-year', 'Plan de crise, la première année'),
  'crisis-update': line('crisis', 'plan', 'later-year', 'Plan de crise, les années suivantes'),
  'crisis-occurrence': line('crisis', 'occurrence', 'event', 'Crise survenue, par an au plus'),
  ...parts('quality'),
  ...parts('support'),
}
export const amountFields = Object.fromEntries(
  Object.entries(annexLines).map(([name, l]) => [name, euros({ label: l.label, required: false })]),
)
export const annexForm = form({
  ...amountFields,
  paper: document('Annexe signée'),
})

const headingOptions = [
  { value: 'running', label: 'Fonctionnement' },
  ...missions.map(value => ({ value, label: missionRules[value].label })),
] as const satisfies readonly { value: Heading; label: string }[]
export const receiptForm = form({
  day: date({ label: 'Date du virement', min: '2016-01-01' }),
  heading: choice({ label: 'Ce qui est payé', control: 'select', options: headingOptions }),
  amount: euros({ label: 'Montant en euros' }),
  back: choice({
    label: 'Sens',
    options: [
      { value: 'in', label: 'Reçu' },
      { value: 'out', label: 'Rendu' },
    ] as const,
  }),
  note: text({ label: 'Référence', required: false, max: 300, hint: 'Par exemple : libellé du relevé.' }),
})

export const indicatorForm = form({
  indicator: hidden({ max: 40 }),
  weight: integer({
    label: 'Poids, en % de la part variable de sa mission',
    min: 0,
    max: 100,
    hint: 'Zéro retire l’indicateur du calcul.',
  }),
  target: integer({ label: 'Cible', required: false, min: 0, max: 1_000_000, hint: 'Un nombre, ou un pourcentage pour une part.' }),
  baseline: integer({ label: 'Point de départ (T0)', required: false, min: 0, max: 1_000_000 }),
  missing: text({ label: 'Point de départ non disponible, parce que', required: false, max: 300 }),
  shown: shownField,
})
export const figureForm = form({
  indicator: hidden({ max: 40 }),
  year: choice({ label: 'Année du contrat', control: 'select' }),
  numerator: integer({ label: 'Numérateur', required: false, max: 100_000_000 }),
  denominator: integer({ label: 'Dénominateur', required: false, min: 1, max: 100_000_000 }),
  unavailable: text({ label: 'Non disponible, parce que', required: false, max: 300, hint: 'À la place du chiffre ; jamais un zéro.' }),
  source: text({ label: 'Source', max: 200, hint: 'Par exemple : fichier annuel de la CPAM, page 4.' }),
  extractedOn: date({ label: 'Date de la source', min: '2016-01-01' }),
  proof: document('Document'),
})

/** A figure of the diagnosis, taken in one click. */
export const takeForm = form({
  indicator: hidden({ max: 40 }),
  year: hidden({ max: 2 }),
  figure: hidden({ max: 36 }),
  as: choice({
    label: 'Ce qu’il devient',
    options: [
      { value: 'value', label: 'Chiffre de l’année' },
      { value: 'baseline', label: 'Point de départ' },
    ] as const,
  }),
})

export const actionForm = form({
  title: text({ label: 'Action', max: 160 }),
  mission: choice({ label: 'Mission', control: 'select', options: missionOptions }),
  owner: text({ label: 'Qui la porte', max: 120, hint: 'Une personne ou un groupe de travail.' }),
  startsOn: date({ label: 'Début', min: '2016-01-01' }),
  endsOn: date({ label: 'Fin prévue', min: '2016-01-01' }),
  beneficiaries: choices({
    label: 'Pour qui',
    required: true,
    options: Object.entries(beneficiaries).map(([value, label]) => ({ value: value as Beneficiary, label })),
    missing: 'Cochez au moins un bénéficiaire.',
  }),
  budget: euros({ label: 'Budget en euros', required: false }),
  indicators: choices({
    label: 'Indicateurs servis',
    options: catalogue.map(d => ({ value: d.code, label: d.name })),
    hint: 'Le premier coché est celui que l’action fait avancer.',
  }),
  units: integer({
    label: 'Ce qu’elle ajoute à cet indicateur',
    required: false,
    min: 1,
    max: 100_000,
    hint: 'Par exemple : 4 réunions, 30 patients.',
  }),
  hours: integer({ label: 'Heures de travail', required: false, min: 1, max: 100_000 }),
})
export const closeForm = form({
  how: choice({
    label: 'Comment elle se termine',
    options: [
      { value: 'done', label: 'Menée à bien' },
      { value: 'given-up', label: 'Abandonnée' },
    ] as const,
  }),
  day: date({ label: 'Date', min: '2016-01-01' }),
  note: longText({ label: 'Ce qu’il en est résulté', max: 500 }),
})

const meeting = {
  day: date({ label: 'Date de la réunion', min: '2016-01-01' }),
  community: choice({ label: 'Signe pour la CPTS', control: 'select', hint: 'Un membre du bureau, avec son compte.' }),
  fund: choice({ label: 'Signe pour l’Assurance maladie', control: 'select' }),
  agency: choice({ label: 'Signe pour l’ARS', control: 'select' }),
  others: longText({ label: 'Autres participants', required: false, max: 1000, hint: 'Un par ligne : nom, fonction.' }),
}
export const prepareForm = form({ year: choice({ label: 'Année du contrat', control: 'select' }), ...meeting })
export const meetingForm = form({ ...meeting, shown: shownField })
export const delayForm = form({
  days: integer({ label: 'Jours ouvrés pour répondre', min: 1, max: 90, hint: 'Comptés à partir du lendemain de la question.' }),
  shown: shownField,
})
export const nothingForm = form({})
export const commentForm = form({
  asks: choice({
    label: 'Ce commentaire',
    options: [
      { value: 'yes', label: 'Demande une réponse' },
      { value: 'no', label: 'Est une remarque' },
    ] as const,
  }),
  words: longText({ label: 'Votre commentaire', max: 1000, hint: 'Ne nommez aucun patient.' }),
})
export const answerForm = form({
  comment: hidden({ max: 40 }),
  words: longText({ label: 'Votre réponse', max: 1000, hint: 'Ne nommez aucun patient.' }),
})
export const signForm = form({
  sha256: hidden({ max: 64 }),
  read: checkbox({
    label: 'J’ai lu ce compte rendu et je le signe au nom de la partie que je représente.',
    mustBeTrue: 'Cochez la case : votre signature porte sur ce texte.',
  }),
})

/** Names of the fields of a mission, of an indicator, of a commitment. */
export const partFields = (m: Mission) => ({ amount: `${m}-amount`, rate: `${m}-rate`, reason: `${m}-reason` })
export const nextFields = (code: string) => ({ target: `${code}-target`, weight: `${code}-weight` })
export const commitmentFields = (n: number) => ({ what: `commitment-${n}-what`, owner: `commitment-${n}-owner`, by: `commitment-${n}-by` })
const partEntries = decided.flatMap(m => {
  const f = partFields(m)
  return [
    [f.amount, euros({ label: 'Montant arrêté, en euros', required: false, max: BEYOND / 100 })],
    [f.rate, integer({ label: 'Ou taux arrêté, en %', required: false, max: 100 })],
    [f.reason, text({ label: 'Motif', required: false, max: 300 })],
  ] as const
})
const nextEntries = catalogue.flatMap(d => {
  const f = nextFields(d.code)
  return [
    [f.target, integer({ label: `Cible : ${d.name}`, required: false, max: 1_000_000 })],
    [f.weight, integer({ label: `Poids en % : ${d.name}`, required: false, max: 100 })],
  ] as const
})
const commitmentEntries = Array.from({ length: COMMITMENTS }, (_, i) => commitmentFields(i + 1)).flatMap(
  (f, i) =>
    [
      [f.what, text({ label: `Engagement ${i + 1}`, required: false, max: 200 })],
      [f.owner, text({ label: `Qui s’en charge (engagement ${i + 1})`, required: false, max: 120 })],
      [f.by, date({ label: `Avant le (engagement ${i + 1})`, required: false, min: '2016-01-01' })],
    ] as const,
)
export const minutesForm = form({
  held: date({ label: 'Date de la réunion', min: '2016-01-01' }),
  said: longText({ label: 'Ce qui a été dit', required: false, max: 3000, hint: 'Ne nommez aucun patient.' }),
  ...(Object.fromEntries([...partEntries, ...nextEntries, ...commitmentEntries]) as Record<string, Field<number | string | null>>),
})

export const confirmForm = form({
  rule: hidden({ max: 40 }),
  article: text({ label: 'Article du contrat signé', max: 120, hint: 'Par exemple : article 5.2, page 7.' }),
  paper: document('Le contrat ou l’avenant qui le dit'),
})

export const comparisonForm = form({
  agrees: choice({
    label: 'Participation',
    options: [
      { value: 'yes', label: 'Nous donnons nos taux', hint: 'À partir de la prochaine publication.' },
      { value: 'no', label: 'Nous ne les donnons pas, ou plus', hint: 'Ce qui est déjà publié le reste ; rien de plus ne part.' },
    ] as const,
  }),
  decision: text({ label: 'Qui l’a décidé, et quand', max: 200, hint: 'Par exemple : bureau du 12 mars 2026.' }),
})
