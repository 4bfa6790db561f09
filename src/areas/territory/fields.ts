/** The forms of the territory and of its diagnosis. */
import { isCommuneCode } from '#domain/ids.ts'
import { aciSizes, sizeRanges } from '#domain/size.ts'
import { checkbox, choice, date, type Field, file, form, hidden, integer, longText, text } from '#platform/fields.ts'
import { acceptAttribute, acceptedFiles } from '#platform/files.ts'
import { indicators, type Level, levelNames, levels } from './rules.ts'

/** Boxes ticked in a list that comes from the reference data: any number of commune codes. */
const communeCodes: Field<string[]> = {
  control: 'checkboxes',
  label: 'Communes',
  required: true,
  options: [],
  check(raw) {
    const codes = [...new Set(raw.filter(Boolean))]
    if (codes.length === 0) return { ok: false, error: 'Cochez au moins une commune.' }
    if (codes.length > 1500 || !codes.every(isCommuneCode))
      return { ok: false, error: 'Un code de commune n’est pas reconnu. Rechargez la page puis recommencez.' }
    return { ok: true, value: codes }
  },
}
export const addForm = form({ code: communeCodes })

export const sizeForm = form({
  size: choice({
    label: 'Taille retenue',
    control: 'radio',
    options: [
      ...aciSizes.map(n => ({ value: `${n}` as const, label: `Taille ${n}`, hint: sizeRanges[n] })),
      { value: 'deduced', label: 'Taille déduite de la population', hint: 'Retire la décision précédente, qui reste dans l’historique.' },
    ] as const,
  }),
  decidedOn: date({ label: 'Date du contrat ou de la décision', min: '2016-01-01' }),
  reason: longText({
    label: 'Raison',
    hint: 'Par exemple : article du contrat, avenant, courrier de la CPAM. Elle reste visible dans l’historique.',
    max: 500,
  }),
})

export const importForm = form({
  file: file({
    label: 'Fichier de chiffres',
    hint: 'Un CSV UTF-8, un chiffre par ligne. Rien n’est écrit avant votre accord.',
    accept: '.csv,.txt',
  }),
})
export const decideForm = form({
  partial: checkbox({ label: 'Importer les lignes justes et laisser les lignes refusées' }),
})
/** Nothing to fill in: a button that says what it does. */
export const agreeForm = form({})
const why = text({ label: 'Pourquoi', max: 300, hint: 'La raison reste visible dans l’historique.' })
export const withdrawForm = form({ why })
export const chooseForm = form({
  code: hidden({ max: 40 }),
  level: hidden({ max: 20 }),
  place: hidden({ required: false, max: 5 }),
  year: hidden({ max: 4 }),
  source: choice({ label: 'Source que la communauté utilise', control: 'radio' }),
  why,
})
export const LATEST = 'latest'
/** A number as people write it, read as the import reads it. */
const typed = (label: string, hint?: string): Field<string | null> =>
  text({ label, hint, required: false, max: 30, width: 14, inputmode: 'text' })
export const figureForm = form({
  indicator: choice({ label: 'Indicateur', control: 'select', options: indicators.map(i => ({ value: i.code, label: i.name })) }),
  level: choice({
    label: 'Échelle',
    control: 'select',
    options: levels.map(value => ({ value, label: levelNames[value] as string })),
  }) as Field<Level>,
  place: text({
    label: 'Code Insee du lieu',
    required: false,
    max: 5,
    width: 8,
    hint: 'De la commune, du département ou de la région ; vide pour la communauté et la France.',
  }),
  year: integer({ label: 'Année', min: 2000, max: 2100, hint: 'L’année dont parle le chiffre.' }),
  numerator: typed('Numérateur', 'Avec le dénominateur.'),
  denominator: typed('Dénominateur'),
  value: typed('Ou la valeur seule', 'Dans l’unité de l’indicateur, par exemple 12,3.'),
  unavailable: text({ label: 'Ou non disponible, parce que', required: false, max: 300, hint: 'À la place du chiffre ; jamais un zéro.' }),
  source: text({ label: 'Source', max: 120, hint: 'Écrite comme l’an passé : Rezone CPTS, C@rtoSanté…' }),
  extractedOn: date({ label: 'Date d’extraction', min: '2000-01-01', hint: 'Le jour où vous l’avez lue.' }),
  proof: file({ label: 'Document', required: false, accept: acceptAttribute, hint: acceptedFiles }),
})
