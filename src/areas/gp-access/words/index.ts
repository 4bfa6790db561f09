/** What patients read, in every language: sentences, and the words of the forms. */
import { type FieldSpec, type Form, inWords } from '#platform/fields.ts'
import { factsOf, type Language, languageCodes, type Say as Saying, speaker, type Translated } from '#platform/ui/index.ts'
import { ar } from './ar.ts'
import { departure } from './departure/index.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { falc } from './falc.ts'
import * as fields from './fields/index.ts'
import { fr } from './fr.ts'
import { pt } from './pt.ts'
import { ro } from './ro.ts'
import { tr } from './tr.ts'
import { uk } from './uk.ts'

const french = { ...fr, ...departure.fr }
/** What each file of a language fills. */
export type PatientWords = Translated<typeof fr>
export type Words = Translated<typeof french>
export type Say = Saying<typeof french>
export type Key = keyof typeof french
const patient = { fr, falc, en, ar, es, pt, ro, tr, uk }
/** What a patient reads anywhere: his pages, those of his doctor's departure, the letters. */
export const catalogue = Object.fromEntries(languageCodes.map(lang => [lang, { ...patient[lang], ...departure[lang] }])) as Record<
  Language,
  Words
> & { fr: typeof french }

const speakers = new Map(languageCodes.map(lang => [lang, speaker<typeof french>(catalogue, lang)]))
export const sayIn = (lang: Language): Say => speakers.get(lang)!

/** A form's words in a language, by the names of its fields: `birthName`, `birthName.hint`, `sex.F`, `forWhom.other.hint`. */
export const formWords: Partial<Record<Language, Readonly<Record<string, string>>>> = { ...fields }
export function wordsOfForm(f: Form, lang: Language): Form {
  const words = formWords[lang] ?? {}
  return inWords(f, lang, (name, field) => ({
    label: words[name] ?? field.label,
    hint: words[`${name}.hint`],
    missing: words[`${name}.missing`],
    options: byValue(field, value => (name === 'languages' ? languageIn(value, lang) : words[`${name}.${value}`])),
    hints: byValue(field, value => words[`${name}.${value}.hint`]),
  }))
}
const byValue = (field: FieldSpec, word: (value: string) => string | undefined) =>
  Object.fromEntries((field.options ?? []).flatMap(o => (word(o.value) === undefined ? [] : [[o.value, word(o.value)!]])))

/** The name of a language in another: what the platform of the browser's makers agreed on. Sign language is ours to say. */
export function languageIn(code: string, lang: Language): string {
  if (code === 'fsl') return formWords[lang]?.['languages.fsl'] ?? 'Langue des signes française'
  const name = new Intl.DisplayNames(factsOf(lang).locale, { type: 'language' }).of(code) ?? code
  return name.charAt(0).toLocaleUpperCase(lang) + name.slice(1)
}

/** The title of a page, in French and in the others. */
export const titled = (
  key:
    | 'begin.title'
    | 'find.title'
    | 'track.title'
    | 'review.title'
    | 'rule.title'
    | 'rule.delays'
    | 'depart.title'
    | 'act.change'
    | 'act.erase'
    | 'elsewhere.title'
    | 'already.title'
    | `step.${'qui' | 'aidant' | 'identite' | 'situation' | 'besoins' | 'contact'}`,
) => ({
  title: sayIn('fr')(key),
  titleIn: (lang: Language) => sayIn(lang)(key),
})
