/** What the patients of a doctor who leaves read. */
import { ar } from './ar.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { falc } from './falc.ts'
import { fr } from './fr.ts'
import { pt } from './pt.ts'
import { ro } from './ro.ts'
import { tr } from './tr.ts'
import { uk } from './uk.ts'

export const departure = { fr, falc, en, ar, es, pt, ro, tr, uk }
