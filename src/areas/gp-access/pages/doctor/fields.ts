/** What a doctor is asked: a yes or a no, a day, how many places. */
import { checkbox, choice, choices, date, form, hidden, integer, type Option } from '#platform/fields.ts'
import { languageOptions } from '../../fields.ts'
import { refusalNames, refusals } from '../../rules.ts'

export const refusalOptions = refusals.map(value => ({ value, label: refusalNames[value] })) satisfies Option[]

export const answerForm = form({
  answer: choice({
    label: 'Réponse',
    options: [
      { value: 'yes', label: 'Oui' },
      { value: 'no', label: 'Non' },
    ],
  }),
  reason: choice({ label: 'Pourquoi', options: refusals.map(value => ({ value, label: refusalNames[value] })), required: false }),
})
export const appointmentForm = form({ day: date({ label: 'Jour du premier rendez-vous' }) })
export const seenForm = form({ day: date({ label: 'Jour de la première consultation' }) })
export const declaredForm = form({ day: date({ label: 'Jour de la déclaration' }) })
export const giveBackForm = form({
  confirm: checkbox({ label: 'Je ne peux plus suivre ce patient', mustBeTrue: 'Cochez la case pour confirmer.' }),
})
/** The one gesture: a number on a big button. */
export const quickForm = form({ total: integer({ label: 'Nouveaux patients', max: 999 }) })

const places = (label: string, hint?: string) => integer({ label, hint, required: false, max: 999 })
export const capacityForm = form({
  total: integer({ label: 'Nouveaux patients, en tout', max: 999 }),
  adult: places('dont adultes, au plus', 'Vide : pas de limite particulière. 0 : aucun.'),
  child: places('dont enfants de moins de 16 ans, au plus'),
  ald: places('dont patients en ALD, au plus'),
  home: places('dont patients à voir à domicile, au plus'),
  minAge: integer({ label: 'Âge le plus jeune', required: false, max: 120 }),
  maxAge: integer({ label: 'Âge le plus élevé', required: false, max: 120 }),
  communeCode: choice({ label: 'Lieu de consultation', control: 'select' }),
  languages: choices({ label: 'Langues parlées, en plus du français', options: languageOptions }),
  wheelchair: checkbox({ label: 'Mon cabinet est accessible en fauteuil roulant' }),
  until: date({ label: 'Valable jusqu’au' }),
})
export const noForm = form({ nothing: hidden({ required: false }) })
