/** What one supposes, in three small forms of one page. They only write the address. */
import { PROFILES } from '#domain/assignment/index.ts'
import { choice, choices, date, form, integer, longText } from '#platform/fields.ts'
import { profileNames } from '../../rules.ts'
import { MAX_PATIENTS, MAX_PLACES } from '../../simulation/index.ts'

export const countsField = longText({
  label: 'Patients par commune et profil',
  hint: 'Une ligne par commune : adultes, enfants, ALD, visites à domicile. Par exemple « Massy ; 120 ; 20 ; 30 ; 5 ». Un tableau se colle tel quel.',
  required: false,
})
export const departureForm = form({
  doctor: choice({ label: 'Médecin qui part', control: 'select', missing: 'Choisissez le médecin qui part.' }),
  on: date({ label: 'Date du départ' }),
  patients: integer({
    label: 'Nombre de patients suivis',
    hint: 'Si vous ne savez pas où ils habitent, ce nombre suffit : le reste est estimé.',
    required: false,
    min: 1,
    max: MAX_PATIENTS,
  }),
  counts: countsField,
})
export const arrivalForm = form({
  commune: choice({ label: 'Commune du cabinet', control: 'select', missing: 'Choisissez la commune du cabinet.' }),
  count: integer({ label: 'Nouveaux patients', min: 1, max: MAX_PLACES }),
  profiles: choices({
    label: 'Patients qu’il prend',
    hint: 'Rien de coché : il prend tout le monde.',
    options: PROFILES.map(value => ({ value, label: profileNames[value] })),
  }),
})
export const placesForm = form({
  doctor: choice({ label: 'Médecin', control: 'select', missing: 'Choisissez le médecin qui ouvre des places.' }),
  count: integer({ label: 'Places de plus', min: 1, max: MAX_PLACES }),
})
/** Which form an address comes from. */
export const forms = { depart: departureForm, arrivee: arrivalForm, places: placesForm } as const
export type Asked = keyof typeof forms
