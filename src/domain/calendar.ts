/**
 * Days without hours: `YYYY-MM-DD`, compared as text. Months and years are counted as French procedure counts them: to the same day of
 * the month, or the last day of the month when there is none (code de procédure civile, art. 641, used here by analogy). Public
 * holidays: code du travail, art. L3133-1; Alsace and Moselle: art. L3134-13.
 */

/** A day of the Gregorian calendar, `YYYY-MM-DD`. */
export type Day = string

/** Days since 1970-01-01 (H. Hinnant, « chrono-compatible low-level date algorithms », days_from_civil). */
export function dayNumber(day: Day): number {
  const y = digit(day, 0) * 1000 + digit(day, 1) * 100 + digit(day, 2) * 10 + digit(day, 3)
  const m = digit(day, 5) * 10 + digit(day, 6)
  const year = m <= 2 ? y - 1 : y
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + digit(day, 8) * 10 + digit(day, 9) - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
const digit = (day: Day, at: number): number => day.charCodeAt(at) - 48
/** The day of a number of {@link dayNumber}. */
export function dayOf(number: number): Day {
  const z = number + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp + (mp < 10 ? 3 : -9)
  return write(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * mp + 2) / 5) + 1)
}
const write = (year: number, month: number, day: number): Day =>
  `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`

/** Whether a text is a day that exists: « 2023-02-29 » is not. */
export const isDay = (text: string): text is Day => /^\d{4}-\d{2}-\d{2}$/.test(text) && dayOf(dayNumber(text)) === text

/** @throws RangeError when the text is not a day that exists */
export function asDay(text: string): Day {
  if (!isDay(text)) throw new RangeError(`not a day: ${text}`)
  return text
}
export const yearOf = (day: Day): number => Number(day.slice(0, 4))
export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
export const addDays = (day: Day, days: number): Day => dayOf(dayNumber(day) + days)
/** Days from one day to another, the second not counted; negative when it comes before. */
export const daysFrom = (from: Day, to: Day): number => dayNumber(to) - dayNumber(from)
export const earliest = (a: Day, b: Day): Day => (a <= b ? a : b)
export const latest = (a: Day, b: Day): Day => (a >= b ? a : b)

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** The same day of the month, `months` later (or before, if negative); the last of the month when it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const index = yearOf(day) * 12 + Number(day.slice(5, 7)) - 1 + months
  const [year, month] = [Math.floor(index / 12), ((index % 12) + 12) % 12]
  const last = month === 1 && isLeapYear(year) ? 29 : MONTHS[month]!
  return write(year, month + 1, Math.min(Number(day.slice(8, 10)), last))
}
/** Counted from the first day each time: what is signed on 29 February comes back to the 29th every fourth year. */
export const anniversary = (first: Day, years: number): Day => addMonths(first, 12 * years)

/** Easter Sunday (anonymous Gregorian algorithm, Meeus, Jones, Butcher). */
export function easter(year: number): Day {
  const a = year % 19
  const [b, c] = [Math.floor(year / 100), year % 100]
  const [d, e] = [Math.floor(b / 4), b % 4]
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const [i, k] = [Math.floor(c / 4), c % 4]
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  return write(year, month, (h + l - 7 * m + 33 * month + 19) % 32)
}

/** Where holidays differ. Days kept overseas only (abolition of slavery…) are not in it. */
export type HolidayRegion = 'france' | 'alsace-moselle'
const holidaysKept = new Map<string, ReadonlyMap<Day, string>>()
/** Public holidays of a year, by day, with their French name. */
export function holidays(year: number, region: HolidayRegion = 'france'): ReadonlyMap<Day, string> {
  const key = `${year} ${region}`
  const kept = holidaysKept.get(key)
  if (kept) return kept
  const sunday = easter(year)
  const days: [Day, string][] = [
    [write(year, 1, 1), 'jour de l’an'],
    [addDays(sunday, 1), 'lundi de Pâques'],
    [write(year, 5, 1), 'fête du Travail'],
    [write(year, 5, 8), 'victoire de 1945'],
    [addDays(sunday, 39), 'Ascension'],
    [addDays(sunday, 50), 'lundi de Pentecôte'],
    [write(year, 7, 14), 'fête nationale'],
    [write(year, 8, 15), 'Assomption'],
    [write(year, 11, 1), 'Toussaint'],
    [write(year, 11, 11), 'armistice de 1918'],
    [write(year, 12, 25), 'Noël'],
  ]
  if (region === 'alsace-moselle') days.push([addDays(sunday, -2), 'Vendredi saint'], [write(year, 12, 26), 'Saint-Étienne'])
  const named = new Map<Day, string>()
  // Two holidays may fall on one day: 1 May 2008 was also Ascension.
  for (const [day, name] of days.sort(([a], [b]) => (a < b ? -1 : 1))) named.set(day, named.has(day) ? `${named.get(day)}, ${name}` : name)
  holidaysKept.set(key, named)
  return named
}
/** 0 on Monday, 6 on Sunday. */
export const weekday = (day: Day): number => (((dayNumber(day) + 3) % 7) + 7) % 7
/** Monday to Friday, holidays left out (jours ouvrés). */
export const isWorkingDay = (day: Day, region: HolidayRegion = 'france'): boolean =>
  weekday(day) < 5 && !holidays(yearOf(day), region).has(day)
/** That day, or the first working day after it (+1) or the last one before it (-1). */
export function toWorkingDay(day: Day, way: 1 | -1, region: HolidayRegion = 'france'): Day {
  let at = day
  while (!isWorkingDay(at, region)) at = addDays(at, way)
  return at
}
/** The n-th working day after a day; that day itself is not counted, nor moved when `count` is zero. */
export function addWorkingDays(day: Day, count: number, region: HolidayRegion = 'france'): Day {
  let at = day
  for (let left = Math.abs(count); left > 0; ) {
    at = addDays(at, Math.sign(count))
    if (isWorkingDay(at, region)) left--
  }
  return at
}
/** Working days after `from`, up to and including `to`; zero when `to` is not after. */
export function workingDaysBetween(from: Day, to: Day, region: HolidayRegion = 'france'): number {
  if (to <= from) return 0
  // Monday to Friday up to a day, counted from a Monday far in the past; then the holidays that fall on them.
  const weekdaysTo = (n: number) => {
    const days = n + 1 + 4_000_006
    return Math.floor(days / 7) * 5 + Math.min(days % 7, 5)
  }
  let count = weekdaysTo(dayNumber(to)) - weekdaysTo(dayNumber(from))
  for (let year = yearOf(from); year <= yearOf(to); year++)
    for (const day of holidays(year, region).keys()) if (day > from && day <= to && weekday(day) < 5) count--
  return count
}
