/** The words of the page around every page and of every form, in each language (see languages.ts). */
import { type Language, languageCodes, type Say, speaker, type Translated } from '../languages.ts'
import { ar } from './ar.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { falc } from './falc.ts'
import { fr } from './fr.ts'
import { pt } from './pt.ts'
import { ro } from './ro.ts'
import { tr } from './tr.ts'
import { uk } from './uk.ts'

export type { Language }
export type UiWords = Translated<typeof fr>
export const uiCatalogue: Record<Language, UiWords> = { fr, falc, en, ar, es, pt, ro, tr, uk }

const speakers = new Map<Language, Say<typeof fr>>(languageCodes.map(lang => [lang, speaker<typeof fr>(uiCatalogue, lang)]))
export const uiWords = (lang: Language = 'fr'): Say<typeof fr> => speakers.get(lang)!
