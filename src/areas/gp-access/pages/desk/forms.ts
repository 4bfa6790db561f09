/** The small forms of a record, each written once. */
import { choice, choices, date, form, hidden, text } from '#platform/fields.ts'
import { exitNames, exits } from '../../rules.ts'
import { missingKinds, missingLabels } from '../../store/record.ts'

const missingOptions = missingKinds.map(value => ({ value, label: missingLabels[value] }))

export const nothing = form({})
export const incompleteForm = form({
  missing: choices({
    label: 'Ce qui manque',
    hint: 'Le patient reçoit ces mots, et rien d’autre.',
    required: true,
    missing: 'Cochez ce qui manque.',
    options: missingOptions,
  }),
})
export const exitForm = form({
  exit: choice({
    label: 'Pourquoi la demande sort de la liste',
    control: 'radio',
    options: exits.filter(e => e !== 'duplicate').map(value => ({ value, label: exitNames[value] })),
  }),
})
export const appointmentForm = form({ day: date({ label: 'Date du rendez-vous', min: '2020-01-01' }) })
export const seenForm = form({ day: date({ label: 'Date de la première consultation', min: '2020-01-01' }) })
export const declaredForm = form({
  day: date({ label: 'Date de la déclaration', min: '2020-01-01' }),
  by: choice({
    label: 'Confirmée par',
    control: 'select',
    options: [
      { value: 'fund', label: 'L’Assurance maladie' },
      { value: 'doctor', label: 'Le médecin' },
      { value: 'patient', label: 'Le patient' },
      { value: 'coordinator', label: 'La coordination' },
    ],
  }),
})
export const withdrawForm = form({
  reason: choice({
    label: 'Pourquoi la proposition est retirée',
    hint: 'Si le médecin ou le patient ne le souhaite pas, ce médecin ne lui sera plus proposé ; sinon il peut l’être de nouveau.',
    control: 'select',
    options: [
      { value: 'withdrawn', label: 'Proposée par erreur' },
      { value: 'other_doctor', label: 'Un autre médecin convient mieux' },
      { value: 'patient_declined', label: 'Le patient préfère un autre médecin' },
      { value: 'doctor_asked', label: 'Le médecin l’a demandé par téléphone' },
    ],
  }),
})
export const putBackForm = form({
  reason: choice({
    label: 'Pourquoi il revient dans la liste',
    control: 'select',
    options: [
      { value: 'doctor_gave_up', label: 'Le médecin y renonce' },
      { value: 'no_show', label: 'Le patient n’est pas venu' },
      { value: 'patient_declined', label: 'Le patient préfère un autre médecin' },
      { value: 'unreachable_pair', label: 'Ils n’ont pas pu se joindre' },
    ],
  }),
})
export const householdForm = form({ number: text({ label: 'Numéro de suivi d’une personne du foyer', max: 20, width: 12 }) })
export const mergeForm = form({ with: hidden() })
export const proposeForm = form({ doctor: choice({ label: 'Médecin', control: 'radio', missing: 'Choisissez un médecin.' }) })
export const bulkForm = form({
  doing: choice({
    label: 'Action',
    options: [
      { value: 'admettre', label: 'Déclarer recevables' },
      { value: 'completer', label: 'Demander de compléter' },
      { value: 'sortir', label: 'Sortir de la liste' },
    ],
  }),
  ids: text({ label: 'Demandes', max: 8000 }),
  exit: choice({
    label: 'Pourquoi elles sortent',
    control: 'select',
    required: false,
    options: exits.filter(e => e !== 'duplicate').map(value => ({ value, label: exitNames[value] })),
  }),
  missing: choices({ label: 'Ce qui manque', options: missingOptions }),
})
