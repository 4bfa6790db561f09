/**
 * What a person (or somebody for him) says of himself, once for the public form, the coordinator's and the file.
 * Yes/no facts only: never a diagnosis, never a free text about health, never the NIR.
 * A form of several parts is `form({ ...identityForm.fields, ...contactForm.fields })`; `problemsOf` checks what one field alone cannot.
 */
import type { Situation } from '#domain/priority.ts'
import { checkbox, choice, choices, date, type Errors, email, form, type Option, phone, text } from '#platform/fields.ts'
import { proxyKinds, proxyNames, readNumber } from './rules.ts'
import { type Say, sayIn } from './words/index.ts'

/** Who he is. */
export const identityForm = form({
  birthName: text({ label: 'Nom de naissance', max: 80, autocomplete: 'family-name' }),
  usedName: text({ label: 'Nom utilisé, s’il est différent', max: 80, required: false }),
  givenNames: text({ label: 'Prénoms', max: 80, autocomplete: 'given-name' }),
  birthDate: date({ label: 'Date de naissance', min: '1900-01-01', autocomplete: 'bday' }),
  sex: choice({
    label: 'Sexe',
    required: false,
    control: 'radio',
    options: [
      { value: 'F', label: 'Féminin' },
      { value: 'M', label: 'Masculin' },
    ],
  }),
})

/** Where he lives and how to reach him. The communes are those of the territory: give them to the ui as `options.communeCode`. */
export const contactForm = form({
  communeCode: choice({ label: 'Commune où vous habitez', control: 'select', missing: 'Choisissez la commune où vous habitez.' }),
  phone: phone({ label: 'Téléphone', required: false }),
  email: email({ label: 'Adresse électronique', required: false }),
  preferredContact: choice({
    label: 'Comment vous joindre de préférence',
    control: 'radio',
    options: [
      { value: 'phone', label: 'Par téléphone' },
      { value: 'email', label: 'Par courrier électronique' },
      { value: 'proxy', label: 'Par la personne qui m’aide' },
    ],
  }),
})

/** The facts that decide the order of the list (domain/priority), in the order they are asked. */
export const situationOptions = [
  { value: 'ald', label: 'J’ai une affection de longue durée (ALD)', hint: 'Sans dire laquelle.' },
  { value: 'treatment', label: 'Je prends un traitement tous les jours' },
  { value: 'specialist', label: 'Je suis suivi par un spécialiste' },
  { value: 'hospitalExit', label: 'Je suis sorti de l’hôpital il y a moins de trois mois' },
  { value: 'pregnancy', label: 'Je suis enceinte' },
  { value: 'homeVisit', label: 'Je ne peux pas me déplacer jusqu’à un cabinet' },
  { value: 'reducedMobility', label: 'Je me déplace difficilement' },
  { value: 'isolation', label: 'Je vis seul, sans personne pour m’aider' },
  { value: 'precarity', label: 'J’ai la complémentaire santé solidaire (C2S) ou l’aide médicale d’État (AME)' },
  { value: 'doctorLeft', label: 'Mon médecin est parti ou a pris sa retraite' },
] as const satisfies readonly (Option & { value: keyof Situation })[]
export type SituationKey = (typeof situationOptions)[number]['value']
export const situationKeys = situationOptions.map(o => o.value)
export const situationForm = form({
  situation: choices({
    label: 'Votre situation',
    hint: 'Cochez tout ce qui est vrai. Rien de plus ne vous est demandé.',
    options: situationOptions,
  }),
})
export const toSituation = (ticked: readonly SituationKey[]): Situation =>
  Object.fromEntries(situationKeys.map(k => [k, ticked.includes(k)])) as unknown as Situation
export const fromSituation = (s: Situation): SituationKey[] => situationKeys.filter(k => s[k])

/** Languages one may need or speak, besides French (ISO 639-1; LSF as `fsl`). */
export const languageOptions = [
  { value: 'ar', label: 'Arabe' },
  { value: 'en', label: 'Anglais' },
  { value: 'es', label: 'Espagnol' },
  { value: 'pt', label: 'Portugais' },
  { value: 'it', label: 'Italien' },
  { value: 'de', label: 'Allemand' },
  { value: 'pl', label: 'Polonais' },
  { value: 'ro', label: 'Roumain' },
  { value: 'ru', label: 'Russe' },
  { value: 'uk', label: 'Ukrainien' },
  { value: 'tr', label: 'Turc' },
  { value: 'zh', label: 'Chinois' },
  { value: 'vi', label: 'Vietnamien' },
  { value: 'ta', label: 'Tamoul' },
  { value: 'fsl', label: 'Langue des signes française' },
] as const satisfies readonly Option[]
export const languageName = (code: string): string => languageOptions.find(l => l.value === code)?.label ?? code

/** What the doctor must have, and how far one may go. */
export const needsForm = form({
  languages: choices({
    label: 'Langue nécessaire, si le français ne suffit pas',
    hint: 'Le médecin parlera au moins une des langues cochées.',
    options: languageOptions,
  }),
  wheelchair: checkbox({ label: 'Il me faut un cabinet accessible en fauteuil roulant' }),
  farther: checkbox({ label: 'J’accepte un médecin plus éloigné que la limite habituelle' }),
  householdOf: text({
    label: 'Numéro de suivi d’un proche qui vit avec vous',
    hint: 'S’il cherche aussi un médecin, vous serez proposés au même.',
    max: 20,
    width: 12,
    required: false,
  }),
})

/** Who enters it for him; nothing when he does it himself. */
export const proxyForm = form({
  proxyKind: choice({
    label: 'Qui fait la demande',
    control: 'select',
    options: proxyKinds.map(value => ({ value, label: proxyNames[value] })),
  }),
  proxyName: text({ label: 'Nom de la personne ou de la structure', max: 120 }),
  proxyContact: text({ label: 'Téléphone ou adresse électronique', max: 120 }),
})

/** What one field alone cannot know: the day, the territory, that somebody can be reached, the shape of a tracking number. */
export function problemsOf(
  v: { birthDate?: string; phone?: string | null; email?: string | null; preferredContact?: string; householdOf?: string | null },
  o: { today: string; hasProxy: boolean },
  say: Say = sayIn('fr'),
): Errors {
  const errors: Errors = {}
  if (v.birthDate && v.birthDate > o.today) errors.birthDate = say('wrong.birthDate')
  if (v.preferredContact === 'email' && !v.email) errors.email = say('wrong.email')
  if (v.preferredContact === 'phone' && !v.phone) errors.phone = say('wrong.phone')
  if (v.preferredContact === 'proxy' && !o.hasProxy) errors.preferredContact = say('wrong.proxy')
  if (v.householdOf && !readNumber(v.householdOf)) errors.householdOf = say('wrong.household')
  return errors
}
