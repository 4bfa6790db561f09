/** The public form, one group of questions a page. */
import { checkbox, choice, date, form, hidden, text } from '../../../../platform/fields.ts'
import { contactForm, identityForm, needsForm, proxyForm, situationForm } from '../../fields.ts'

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
    ],
  }),
})
export const dayForm = form({ day: date({ label: 'Jour de la consultation' }) })
export const nothing = form({ nothing: hidden({ required: false }) })
