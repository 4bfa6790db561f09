/**
 * French as it is printed: numbers, euros, days and times, with the spaces that must not break.
 * Every instant is read in Europe/Paris, whatever the machine's zone; a day (`YYYY-MM-DD`) has no zone.
 */

/** U+202F, before « ; : ! ? », inside guillemets and between thousands. */
export const THIN = '\u202f'
/** U+00A0, between a number and its unit. */
export const NBSP = '\u00a0'
const ZONE = 'Europe/Paris'

export type Instant = Date | string | number
const DAY = /^\d{4}-\d{2}-\d{2}$/

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  weekday: number
}
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  hourCycle: 'h23',
})
/** What a clock on a wall in Paris shows; a plain day stays itself. */
function parts(at: Instant): Parts {
  if (typeof at === 'string' && DAY.test(at)) {
    const [year, month, day] = at.split('-').map(Number) as [number, number, number]
    return { year, month, day, hour: 0, minute: 0, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() }
  }
  const ms = new Date(at).getTime()
  const wall = new Date(ms + offset(ms))
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    weekday: wall.getUTCDay(),
  }
}
/** Offsets already asked for, by quarter of an hour: no zone changes in the middle of one. */
const offsets = new Map<number, number>()
const QUARTER_MS = 900_000
/** How far the clock in Paris is ahead of UTC at an instant, in milliseconds. Intl takes a hundred times longer than what it is used for. */
function offset(ms: number): number {
  const quarter = Math.floor(ms / QUARTER_MS)
  const known = offsets.get(quarter)
  if (known !== undefined) return known
  const found: Record<string, number> = {}
  for (const p of clock.formatToParts(new Date(quarter * QUARTER_MS))) if (p.type !== 'literal') found[p.type] = Number(p.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = found
  const ahead = Date.UTC(year, month - 1, day, hour, minute) - quarter * QUARTER_MS
  if (offsets.size >= 10_000) offsets.clear()
  offsets.set(quarter, ahead)
  return ahead
}
const dayNumber = (p: Parts) => Math.floor(Date.UTC(p.year, p.month - 1, p.day) / 86_400_000)

const WEEKDAYS = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi']
const MONTHS = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre']
const two = (n: number) => String(n).padStart(2, '0')
const dayOfMonth = (day: number) => (day === 1 ? '1er' : String(day))

/** « 22/11/2026 », for tables. */
export function frDate(at: Instant): string {
  const p = parts(at)
  return `${two(p.day)}/${two(p.month)}/${p.year}`
}
/** « dimanche 22 novembre », for sentences; `year` adds « 2026 ». */
export function frDay(at: Instant, o: { year?: boolean } = {}): string {
  const p = parts(at)
  const day = `${WEEKDAYS[p.weekday]} ${dayOfMonth(p.day)}${NBSP}${MONTHS[p.month - 1]}`
  return o.year ? `${day}${NBSP}${p.year}` : day
}
/** « novembre 2026 ». */
export function frMonth(at: Instant): string {
  const p = parts(at)
  return `${MONTHS[p.month - 1]}${NBSP}${p.year}`
}
/** « 14 h 30 », « 14 h ». */
export function frTime(at: Instant): string {
  const p = parts(at)
  return p.minute ? `${p.hour}${NBSP}h${NBSP}${two(p.minute)}` : `${p.hour}${NBSP}h`
}
/** « 22/11/2026 à 14 h 30 ». */
export const frDateTime = (at: Instant) => `${frDate(at)} à ${frTime(at)}`
/** The Paris day of an instant, as `YYYY-MM-DD`. */
export function isoDay(at: Instant): string {
  const p = parts(at)
  return `${p.year}-${two(p.month)}-${two(p.day)}`
}

/** « 1 234,5 », thousands held by U+202F, a true minus sign. */
export function frNumber(n: number, digits = 0): string {
  const [whole = '0', rest] = Math.abs(n).toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN)
  const zero = !/[1-9]/.test(whole + (rest ?? ''))
  return `${n < 0 && !zero ? '\u2212' : ''}${grouped}${rest ? `,${rest}` : ''}`
}
/** A difference: « +12 », « −4 », « 0 ». */
export const frSigned = (n: number): string => (n > 0 ? `+${frNumber(n)}` : frNumber(n))
/** Whole cents to « 1 234 € » or « 1 234,50 € ». */
export function frEuros(cents: number): string {
  return `${frNumber(cents / 100, cents % 100 === 0 ? 0 : 2)}${NBSP}€`
}
/** A share between 0 and 1 to « 37 % ». */
export const frPercent = (share: number, digits = 0) => `${frNumber(share * 100, digits)}${THIN}%`
/** `+33612345678` to « 06 12 34 56 78 »; anything else is shown as it is. */
export function frPhone(phone: string): string {
  const digits = phone.replace(/[\s.\-()\u00a0\u202f]/g, '').replace(/^(\+33|0033)0?/, '0')
  return /^0\d{9}$/.test(digits) ? (digits.match(/../g) as string[]).join(NBSP) : phone
}
/** « 45 min », « 1 h », « 1 h 35 ». */
export function frMinutes(minutes: number): string {
  const n = Math.round(minutes)
  if (n < 60) return `${n}${NBSP}min`
  const [h, m] = [Math.floor(n / 60), n % 60]
  return m ? `${h}${NBSP}h${NBSP}${two(m)}` : `${h}${NBSP}h`
}
/** « 0 demande », « 1 demande », « 2 demandes »: in French the plural starts at two. */
export function plural(n: number, one: string, many: string): string {
  return `${frNumber(n, Number.isInteger(n) ? 0 : 1)}${NBSP}${Math.abs(n) < 2 ? one : many}`
}
/**
 * A name within a sentence: « le Dr Martin », « au Dr Martin », « de la Dre Petit »; without a title « Claire Roux », « d’Anne
 * Roux ». `Le` begins the sentence.
 */
export function frName(name: string, form: 'le' | 'Le' | 'à' | 'de' = 'le'): string {
  const title = /^(?:Dr|Pr)(e?)\s/.exec(name)
  if (!title) return form === 'à' ? `à ${name}` : form !== 'de' ? name : /^[aeiouyàâéèêëîïôöûüœ]/i.test(name) ? `d’${name}` : `de ${name}`
  const forms = title[1] ? { le: 'la', Le: 'La', à: 'à la', de: 'de la' } : { le: 'le', Le: 'Le', à: 'au', de: 'du' }
  return `${forms[form]} ${name}`
}
/** « a, b et c ». */
export function frList(items: readonly string[], last = 'et'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`
}

/** When, seen from now: « dans 20 min », « il y a 2 h », « demain à 14 h », « jeudi à 14 h », « le 22 novembre à 14 h ». */
export function frRelative(at: Instant, now: Instant): string {
  const minutes = Math.round((new Date(at).getTime() - new Date(now).getTime()) / 60_000)
  const p = parts(at)
  const days = dayNumber(p) - dayNumber(parts(now))
  if (minutes === 0) return 'à l’instant'
  if (Math.abs(minutes) < 60 || (days === 0 && Math.abs(minutes) < 360)) {
    const gap = Math.abs(minutes) < 60 ? frMinutes(Math.abs(minutes)) : `${Math.round(Math.abs(minutes) / 60)}${NBSP}h`
    return minutes < 0 ? `il y a ${gap}` : `dans ${gap}`
  }
  return `${near(p, days, parts(now).year)} à ${frTime(at)}`
}
function near(p: Parts, days: number, year: number): string {
  if (days === 0) return 'aujourd’hui'
  if (days === 1) return 'demain'
  if (days === -1) return 'hier'
  if (days > 1 && days < 7) return WEEKDAYS[p.weekday] as string
  const day = `${dayOfMonth(p.day)}${NBSP}${MONTHS[p.month - 1]}`
  return `le ${p.year === year ? day : `${day}${NBSP}${p.year}`}`
}
/** « jusqu’à jeudi 14 h », « jusqu’au 3 décembre, 14 h »; once passed, « délai passé hier à 14 h ». */
export function frUntil(at: Instant, now: Instant): string {
  const p = parts(at)
  const n = parts(now)
  const days = dayNumber(p) - dayNumber(n)
  if (new Date(at).getTime() < new Date(now).getTime()) return `délai passé ${near(p, days, n.year)} à ${frTime(at)}`
  const when = near(p, days, n.year)
  if (when.startsWith('le ')) return `jusqu’au ${when.slice(3)}, ${frTime(at)}`
  return `jusqu’à ${when} ${frTime(at)}`
}

/** What a sentence has when `typo` may change it: most words of a page have nothing of it, and are not read eight times. */
const TO_LOOK_AT = /['«]|[ \u00a0][;:!?»]|\d[ \u00a0]|À |(?:Drs?|Dres?|Pr|M\.|Mme|Mmes|n°|art\.) /
/** Puts right the spaces and apostrophes of a sentence written on an ordinary keyboard. Leaves times, addresses and URLs alone. */
export function typo(sentence: string): string {
  if (!TO_LOOK_AT.test(sentence)) return sentence
  return sentence
    .replace(/(\p{L})'(?=[\p{L}«])/gu, '$1’')
    .replace(/[ \u00a0]+([;:!?»])/g, `${THIN}$1`)
    .replace(/«[ \u00a0]*(?=[^\s\u202f])/g, `«${THIN}`)
    .replace(/(\d) (?=\d)/g, `$1${NBSP}`)
    .replace(/(\d) (?=(?:€|%|h|min|km|m²|ans?|jours?|mois)(?![\p{L}]))/gu, `$1${NBSP}`)
    .replace(/(\d[ \u00a0]h) (?=\d)/g, `$1${NBSP}`)
    .replace(/(^|\s)À (?=\p{L})/gu, `$1À${NBSP}`)
    .replace(/\b(Drs?|Dres?|Pr|M\.|Mme|Mmes|MM\.|n°|art\.) (?=\S)/g, `$1${NBSP}`)
}
