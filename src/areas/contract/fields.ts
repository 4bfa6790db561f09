/** The forms of the contract. */
import { aciSizes, sizeRanges } from '#domain/size.ts'
import { choice, choices, date, file, form, integer, longText, text } from '#platform/fields.ts'
import { acceptAttribute, acceptedFiles } from '#platform/files.ts'
import { agreements, missionRules, missions, type TextId } from './rules.ts'

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
