/** The home of a community and the pages of the law, in every language. */
import { type Language, languageCodes, type Say as Saying, speaker, type Translated } from '#platform/ui/index.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { falc } from './falc.ts'
import { fr } from './fr.ts'
import { pt } from './pt.ts'
import { ro } from './ro.ts'
import { tr } from './tr.ts'
import { uk } from './uk.ts'

export type PublicWords = Translated<typeof fr>
export type Say = Saying<typeof fr>
export const catalogue: Record<Language, PublicWords> = { fr, falc, en, ar, es, pt, ro, tr, uk }

const speakers = new Map(languageCodes.map(lang => [lang, speaker<typeof fr>(catalogue, lang)]))
export const sayIn = (lang: Language): Say => speakers.get(lang)!
/** The title of a page, in French and in the others. */
export const titled = (key: 'home.title' | 'front.title' | 'a11y.title' | 'legal.title' | 'data.title' | 'source.title') => ({
  title: sayIn('fr')(key),
  titleIn: (lang: Language) => sayIn(lang)(key),
})
