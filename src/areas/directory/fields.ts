/** The forms of the directory. */
import { shownField } from '#platform/edits.ts'
import { choice, date, email, form, hidden, integer, longText, phone, text } from '#platform/fields.ts'
import { noteFields, noteWords, partnerKinds, partnerWords } from './rules.ts'

const source = text({
  label: 'Source',
  hint: 'D’où vient cette information : site de la structure, appel, courrier.',
  max: 120,
})
const verifiedAt = date({ label: 'Vérifié le', min: '2000-01-01' })

export const partnerForm = form({
  kind: choice({
    label: 'Type de partenaire',
    control: 'select',
    options: partnerKinds.map(k => ({ value: k, label: partnerWords[k].label })),
  }),
  name: text({ label: 'Nom', max: 120 }),
  commune: choice({ label: 'Commune', hint: 'Laissez vide si la structure est hors du territoire.', control: 'select', required: false }),
  address: text({ label: 'Adresse publique', max: 200, required: false }),
  phone: phone({
    label: 'Téléphone public',
    hint: 'Le numéro du standard. Les numéros en 06 et 07 ne sont pas publiés.',
    required: false,
    autocomplete: 'off',
  }),
  email: email({ label: 'Adresse électronique publique', required: false, autocomplete: 'off' }),
  ambulances: integer({ label: 'Ambulances', max: 500, required: false }),
  vsl: integer({ label: 'VSL (véhicules sanitaires légers)', max: 500, required: false }),
  source,
  verifiedAt,
})

/** A partner that is there already: the form carries what it showed. */
export const partnerEditForm = form({ ...partnerForm.fields, shown: shownField })

export const noteForm = form({
  field: choice({
    label: 'Ce que vous avez constaté',
    control: 'radio',
    options: noteFields.map(f => ({ value: f, label: noteWords[f] })),
  }),
  phone: phone({ label: 'Téléphone du cabinet', hint: 'Si vous avez choisi le téléphone.', required: false, autocomplete: 'off' }),
  commune: choice({ label: 'Commune d’exercice', hint: 'Si vous avez choisi la commune.', control: 'select', required: false }),
  stopped: date({ label: 'Dernier jour d’exercice', hint: 'Si vous avez choisi la fin d’exercice.', required: false, min: '2000-01-01' }),
  source: longText({ label: 'Source', hint: 'Par exemple : appel au cabinet, courrier du professionnel, Ordre.', max: 120 }),
  verifiedAt,
})

export const idForm = form({ id: hidden() })
