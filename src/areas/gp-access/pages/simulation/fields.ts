/** What one supposes, in three small forms of one page. They only write the address. */
import { PROFILES } from '#domain/assignment/index.ts'
import { choice, choices, date, type Errors, form, integer, longText } from '#platform/fields.ts'
import { slug } from '#platform/ui/index.ts'
import { profileNames } from '../../rules.ts'
import { type Followed, MAX_PATIENTS, MAX_PLACES, type Named, readCounts } from '../../simulation/index.ts'

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
/** How many patients, as one number or line by line: one of the two. */
export function followedOf(
  { patients, counts }: { patients: number | null; counts: string | null },
  communes: readonly Named[],
): Followed | { errors: Errors } {
  if (counts === null)
    return patients === null
      ? { errors: { patients: 'Indiquez combien de patients sont suivis, ou leur répartition par commune.' } }
      : { patients }
  if (patients !== null) return { errors: { counts: 'Donnez le nombre de patients ou leur répartition, pas les deux.' } }
  const read = readCounts(counts, communes, slug)
  return read.ok ? { counts: read.counts } : { errors: { counts: read.error } }
}
/** Which form an address comes from. */
export const forms = { depart: departureForm, arrivee: arrivalForm, places: placesForm } as const
export type Asked = keyof typeof forms
