/**
 * The languages a patient may read us in, and how a sentence of a catalogue is said in each: holes filled, plurals by
 * `Intl.PluralRules`, days and numbers by `Intl` in Europe/Paris. French keeps its own typography (french.ts).
 */
import { frDate, frDateTime, frDay, frMonth, frNumber, type Instant, THIN, typo } from './french.ts'

export interface LanguageFacts {
  /** In its own language: whoever needs it can read it. */
  name: string
  /** BCP 47, for `lang` and `hreflang`; « simple » is the registered variant for easy reading. */
  tag: string
  dir: 'ltr' | 'rtl'
  /** For `Intl`; Latin digits everywhere, as on French papers. */
  locale: string
}
export const languages = {
  fr: { name: 'Français', tag: 'fr', dir: 'ltr', locale: 'fr' },
  falc: { name: 'Facile à lire', tag: 'fr-simple', dir: 'ltr', locale: 'fr' },
  en: { name: 'English', tag: 'en', dir: 'ltr', locale: 'en-GB' },
  ar: { name: 'العربية', tag: 'ar', dir: 'rtl', locale: 'ar-u-nu-latn' },
  es: { name: 'Español', tag: 'es', dir: 'ltr', locale: 'es' },
  pt: { name: 'Português', tag: 'pt', dir: 'ltr', locale: 'pt-PT' },
  ro: { name: 'Română', tag: 'ro', dir: 'ltr', locale: 'ro' },
  tr: { name: 'Türkçe', tag: 'tr', dir: 'ltr', locale: 'tr' },
  uk: { name: 'Українська', tag: 'uk', dir: 'ltr', locale: 'uk' },
} as const satisfies Record<string, LanguageFacts>
export type Language = keyof typeof languages
export const languageCodes = Object.keys(languages) as Language[]
export const factsOf = (lang: Language): LanguageFacts => languages[lang]
/** French, ordinary or easy: its punctuation and its day names. */
export const isFrench = (lang: Language): boolean => lang === 'fr' || lang === 'falc'

/** What an address asks for (`?lang=ar`); French for anything else. */
export const languageOf = (asked: string | null | undefined): Language =>
  asked && Object.hasOwn(languages, asked) ? (asked as Language) : 'fr'
/** The same address, read in `lang`: no cookie remembers it, so each link and each form carries it. */
export function inLanguage(href: string, lang: Language): string {
  const [path = '', fragment] = href.split('#', 2)
  const [before, query] = path.split('?', 2)
  const kept = (query ?? '').split('&').filter(p => p && !p.startsWith('lang='))
  if (lang !== 'fr') kept.push(`lang=${lang}`)
  return `${before}${kept.length ? `?${kept.join('&')}` : ''}${fragment === undefined ? '' : `#${fragment}`}`
}

/** A sentence, or one for each number (`n`) that the language tells apart. */
export type Sentence = string | Forms
export type Forms = { readonly [K in Intl.LDMLPluralRule]?: string } & { readonly other: string }
type HolesIn<S> = S extends `${string}{${infer H}}${infer Rest}` ? H | HolesIn<Rest> : never
/** The holes of the French sentence: every language fills the same ones. */
export type Holes<S> = S extends string ? HolesIn<S> : S extends { other: infer O } ? 'n' | HolesIn<O> : never
/** What a language must write: a sentence for each key of the French, in as many forms as it has. */
export type Translated<F> = { readonly [K in keyof F]: F[K] extends string ? string : Forms }

type Args<S> = [Holes<S>] extends [never] ? [] : [holes: Record<Holes<S>, string | number>]
export interface Say<F> {
  <K extends keyof F & string>(key: K, ...holes: Args<F[K]>): string
  lang: Language
  /** « dimanche 22 novembre »; `year` adds « 2026 ». */
  day(at: Instant, o?: { year?: boolean }): string
  /** « novembre 2026 ». */
  month(at: Instant): string
  /** « 22/11/2026 ». */
  date(at: Instant): string
  dateTime(at: Instant): string
  number(n: number): string
  list(items: readonly string[]): string
  /** An address of ours, read in this language. */
  to(href: string): string
}

const FSI = '\u2068'
const PDI = '\u2069'
/** A phone number or a name inside a sentence read from right to left keeps its own order. */
export const isolate = (text: string, lang: Language): string => (languages[lang].dir === 'rtl' ? `${FSI}${text}${PDI}` : text)

const ZONE = 'Europe/Paris'
type DateKind = 'day' | 'dayOfYear' | 'month' | 'date' | 'dateTime'
const format = new Map<string, Intl.DateTimeFormat>()
function dateFormat(lang: Language, kind: DateKind): Intl.DateTimeFormat {
  const key = `${lang} ${kind}`
  const made =
    format.get(key) ??
    new Intl.DateTimeFormat(languages[lang].locale, {
      timeZone: ZONE,
      ...(kind === 'day' || kind === 'dayOfYear'
        ? { weekday: 'long', day: 'numeric', month: 'long', year: kind === 'dayOfYear' ? 'numeric' : undefined }
        : kind === 'month'
          ? { month: 'long', year: 'numeric' }
          : {
              day: '2-digit',
              month: '2-digit',
              year: 'numeric',
              ...(kind === 'dateTime' && { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
            }),
    })
  format.set(key, made)
  return made
}
/** Noon of a plain day is that day in Paris, whatever the season. */
const instant = (at: Instant) => (typeof at === 'string' && at.length === 10 ? new Date(`${at}T12:00:00Z`) : new Date(at))

/** The sentences of a catalogue in `lang`. `F` is the French, which says what exists and which holes there are. */
export function speaker<F extends object>(catalogue: Record<Language, Translated<F>>, lang: Language): Say<F> {
  const words = catalogue[lang] as Record<string, Sentence>
  const french = isFrench(lang)
  const plural = new Intl.PluralRules(languages[lang].locale)
  const number = (n: number) => (french ? frNumber(n) : new Intl.NumberFormat(languages[lang].locale).format(n))
  const say = ((key: string, holes: Record<string, string | number> = {}) => {
    const found = words[key]!
    const sentence = typeof found === 'string' ? found : (found[plural.select(Number(holes.n))] ?? found.other)
    const filled = sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = holes[name]
      return value === undefined ? '' : isolate(typeof value === 'number' ? number(value) : value, lang)
    })
    // A date may end with the dot of its own abbreviation: « 2026 р. ».
    return french ? typo(filled) : filled.replace(/([^.])\.\.(?!\.)/g, '$1.')
  }) as unknown as Say<F>
  const dated = (kind: DateKind) => (at: Instant) => isolate(dateFormat(lang, kind).format(instant(at)), lang)
  return Object.assign(say, {
    lang,
    number,
    day: (at: Instant, o: { year?: boolean } = {}) => (french ? frDay(at, o) : dated(o.year ? 'dayOfYear' : 'day')(at)),
    month: french ? frMonth : dated('month'),
    date: french ? frDate : dated('date'),
    dateTime: french ? frDateTime : dated('dateTime'),
    list: (items: readonly string[]) => new Intl.ListFormat(languages[lang].locale).format(items),
    to: (href: string) => inLanguage(href, lang),
  })
}

export interface CatalogueFault {
  lang: Language
  key: string
  what: string
}
/** Every hole of the French in each language, every number a language tells apart, no French punctuation elsewhere. */
export function catalogueFaults(catalogue: Record<Language, Record<string, Sentence>>): CatalogueFault[] {
  const faults: CatalogueFault[] = []
  const holes = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map(m => m[1]!)
  for (const lang of languageCodes) {
    const say = (key: string, what: string) => faults.push({ lang, key, what })
    const numbers = new Intl.PluralRules(languages[lang].locale).resolvedOptions().pluralCategories
    for (const [key, french] of Object.entries(catalogue.fr)) {
      const mine = catalogue[lang][key]
      if (mine === undefined) {
        say(key, 'is missing')
        continue
      }
      const expected = new Set(typeof french === 'string' ? holes(french) : holes(french.other).filter(h => h !== 'n'))
      const forms = typeof mine === 'string' ? { other: mine } : mine
      if ((typeof mine === 'string') !== (typeof french === 'string')) say(key, 'has forms in one language only')
      // « many » is for millions in the Romance languages: ours never reach them.
      if (typeof mine !== 'string')
        for (const n of numbers)
          if (!mine[n] && !(n === 'many' && numbers.length === 3 && !['uk'].includes(lang))) say(key, `lacks the form « ${n} »`)
      for (const form of Object.values(forms) as string[]) {
        const got = new Set(holes(form).filter(h => typeof mine === 'string' || h !== 'n'))
        for (const h of expected) if (!got.has(h)) say(key, `lost {${h}}`)
        for (const h of got) if (!expected.has(h)) say(key, `has an unknown {${h}}`)
        if (form.trim() === '' || form !== form.trim()) say(key, 'is empty or has outer spaces')
        if (!isFrench(lang) && (form.includes(THIN) || / [;:!?»]/.test(form))) say(key, 'has French punctuation')
      }
    }
    for (const key of Object.keys(catalogue[lang])) if (!(key in catalogue.fr)) say(key, 'is not in the French')
  }
  return faults
}
