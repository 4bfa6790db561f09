/** The public form, one group of questions a page; the forms of the page that follows it. */
import { shownField } from '#platform/edits.ts'
import { checkbox, choice, date, type Form, form, hidden, text } from '#platform/fields.ts'
import { type Language, languageCodes, languages } from '#platform/ui/index.ts'
import { contactForm, identityForm, needsForm, proxyForm, situationForm } from '../../fields.ts'
import { interimKinds, interimNames } from '../../interim.ts'
import { wordsOfForm } from '../../words/index.ts'

export const ELSEWHERE = 'ailleurs'

export const whoForm = form({
  forWhom: choice({
    label: 'Pour qui faites-vous cette demande ?',
    options: [
      { value: 'me', label: 'Pour moi' },
      {
        value: 'other',
        label: 'Pour quelqu’un d’autre',
        hint: 'Un proche, un patient, une personne que vous accompagnez. Il lui faut son accord.',
      },
    ],
    missing: 'Dites pour qui vous faites cette demande.',
  }),
  communeCode: choice({ label: 'Commune où habite la personne', control: 'select', missing: 'Choisissez la commune.' }),
  hasDoctor: choice({
    label: 'A-t-elle un médecin traitant ?',
    options: [
      { value: 'no', label: 'Non' },
      { value: 'left', label: 'Non, il est parti ou il a pris sa retraite' },
      { value: 'leaving', label: 'Oui, mais il part bientôt' },
      { value: 'yes', label: 'Oui' },
    ],
    missing: 'Dites si la personne a un médecin traitant.',
  }),
})
export const reachForm = form({
  phone: contactForm.fields.phone,
  email: contactForm.fields.email,
  preferredContact: contactForm.fields.preferredContact,
})
export const sendForm = form({
  consent: checkbox({
    label: 'La personne concernée est d’accord avec cette demande et avec l’usage de ces réponses décrit ci-dessus',
    mustBeTrue: 'Sans cet accord, la demande ne peut pas être enregistrée. Cochez la case si la personne est d’accord.',
  }),
})
export { identityForm, needsForm, proxyForm, situationForm }

export const findForm = form({
  number: text({ label: 'Numéro de suivi', hint: 'Il ressemble à K7QM-42XD.', max: 20, width: 12, autocomplete: 'off' }),
  birthDate: date({ label: 'Date de naissance', autocomplete: 'bday' }),
})
export const leaveForm = form({
  why: choice({
    label: 'Pourquoi',
    options: [
      { value: 'gave_up', label: 'Je ne cherche plus' },
      { value: 'has_doctor', label: 'J’ai trouvé un médecin' },
      { value: 'out_of_territory', label: 'J’habite maintenant une autre commune' },
    ],
  }),
})
export const dayForm = form({ day: date({ label: 'Jour de la consultation' }) })
export const changeForm = form({
  communeCode: choice({ label: 'Commune où vous habitez', control: 'select', missing: 'Choisissez la commune.' }),
  ...situationForm.fields,
  ...needsForm.fields,
  ...reachForm.fields,
  shown: shownField,
})
export const interimForm = form({
  route: choice({ label: 'Relais', options: interimKinds.map(value => ({ value, label: interimNames[value] })) }),
  used: choice({
    label: 'Fait',
    options: [
      { value: 'yes', label: 'C’est fait' },
      { value: 'no', label: 'Ce n’est pas fait' },
    ],
  }),
})
export const languageForm = form({
  language: choice({ label: 'Langue de nos messages', options: languageCodes.map(value => ({ value, label: languages[value].name })) }),
})
export const eraseForm = form({
  sure: checkbox({
    label: 'J’ai compris que c’est définitif',
    mustBeTrue: 'Cochez la case pour effacer, ou gardez votre demande.',
  }),
})
export const nothing = form({ nothing: hidden({ required: false }) })

/** The same form in the language of the page. */
export const inLang = <F extends Form>(f: F, lang: Language): F => (lang === 'fr' ? f : (wordsOfForm(f, lang) as F))
