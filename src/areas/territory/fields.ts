/** The forms of the territory. */
import { isCommuneCode } from '#domain/ids.ts'
import { aciSizes, sizeRanges } from '#domain/size.ts'
import { choice, date, type Field, form, longText } from '#platform/fields.ts'

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
