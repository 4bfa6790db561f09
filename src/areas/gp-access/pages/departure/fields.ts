/** What a departure asks: a day, counts, waves. */
import { choices, date, type Field, form } from '#platform/fields.ts'
import { isUuid } from '#platform/ids.ts'
import { waveCriteria, waveNames } from '../../departure.ts'
import { departureForm } from '../simulation/fields.ts'

const { doctor, ...mine } = departureForm.fields
export const announceForm = form({ doctor, ...mine })
/** The doctor himself: he need not say who he is. */
export const myDepartureForm = form(mine)

/** Ticked boxes whose options come from the database. */
const ticked = (label: string, hint: string, isOne: (text: string) => boolean): Field<string[]> => ({
  control: 'checkboxes',
  label,
  hint,
  required: false,
  check: raw =>
    raw.every(isOne) ? { ok: true, value: [...new Set(raw)] } : { ok: false, error: 'Cette page a expiré. Rechargez-la puis recommencez.' },
})
export const waveForm = form({
  criteria: choices({
    label: 'Qui',
    hint: 'Chaque patient est dans la première vague qui le prend.',
    options: waveCriteria.map(value => ({ value, label: waveNames[value] })),
    required: true,
    missing: 'Cochez qui est dans cette vague.',
  }),
  startsOn: date({ label: 'À partir du' }),
  groups: ticked('Vers un cabinet de groupe ou un centre', 'Les places de ses médecins sont réunies.', text => /^[\w-]{1,60}$/.test(text)),
  doctors: ticked('Vers ces médecins', 'Rien de coché, ni ici ni au-dessus : vers tous ceux qui ont des places.', isUuid),
})
