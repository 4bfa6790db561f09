/** What a page in another language must not have kept of the French; for the areas whose pages patients read. */
import assert from 'node:assert/strict'
import { factsOf, type Language, languageCodes, type Sentence, uiWords } from '#platform/ui/index.ts'
import { uiCatalogue } from '#platform/ui/words/index.ts'
import type { Reply } from './app.ts'

/** Leads to the other languages, French among them. */
export const switcher = /<nav class="languages"[\s\S]*?<\/nav>/
const unmarked = (html: string) => html.replace(/<(span|bdi|p|a)[^>]*\blang="fr"[^>]*>[\s\S]*?<\/\1>/g, '').replace(switcher, '')
/** What a reader sees, what people wrote or are called (marked as French) left out. */
export const seen = (page: Pick<Reply, 'html'>): string =>
  unmarked(page.html)
    .replace(/<[^>]+>/g, m => / (aria-label|content|title)="([^"]*)"/.exec(m)?.[2] ?? ' ')
    .replace(/&#39;/g, "'")
    .replace(/[\u00a0\u202f\s]+/g, ' ')
/** Words that would betray a French sentence forgotten outside the catalogues. */
const betray = /\b(vous|votre|nous|demande|médecin|page suivante|Fermer|Rien|Aucun|jusqu|depuis|avec)\b/i

/** French sentences of catalogues, long enough not to be a word of somebody's name. */
export const sentencesOf = (...catalogues: Readonly<Record<string, Sentence>>[]): string[] =>
  [...catalogues, uiCatalogue.fr]
    .flatMap(c => Object.values(c))
    .flatMap(s => (typeof s === 'string' ? [s] : (Object.values(s) as string[])))
    .flatMap(s => s.split(/\{\w+\}/))
    .map(s => s.replace(/[\u00a0\u202f]/g, ' ').trim())
    .filter(s => s.split(/\s+/).length >= 3)

/** French labels, however short, that `lang` says otherwise: none may stand alone between two tags. */
export function labelsOf(catalogue: Record<Language, Readonly<Record<string, Sentence>>>, lang: Language): Set<string> {
  const mine = new Set(Object.values(catalogue[lang]))
  return new Set(
    Object.values(catalogue.fr).flatMap(s => (typeof s === 'string' && !mine.has(s) ? [s.replace(/[\u00a0\u202f]/g, ' ')] : [])),
  )
}
const betweenTags = (html: string) => [...html.matchAll(/>([^<>]+)</g)].map(m => m[1]!.replace(/[\u00a0\u202f\s]+/g, ' ').trim())

/** Its language and direction, nothing left in French, and each address that exists in every language (`spoken`) keeps it. */
export function assertSpoken(
  page: Reply,
  lang: Language,
  name: string,
  o: { french: readonly string[]; labels: ReadonlySet<string>; spoken: RegExp },
): void {
  const text = seen(page)
  const { tag, dir } = factsOf(lang)
  assert.match(page.html, new RegExp(`<html lang="${tag}"${dir === 'rtl' ? ' dir="rtl"' : ''} class=`), name)
  assert.deepEqual(
    o.french.filter(s => text.includes(s)),
    [],
    `${lang} ${name}`,
  )
  assert.deepEqual(
    betweenTags(unmarked(page.html)).filter(s => o.labels.has(s)),
    [],
    `${lang} ${name}`,
  )
  assert.doesNotMatch(text, betray, `${lang} ${name}`)
  assert.ok(!text.includes('\u202f'), name)
  const ids = [...page.html.matchAll(/ id="([^"]*)"/g)].map(m => m[1]!)
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
    `${lang} ${name}: two things of one id`,
  )
  assert.ok(!page.html.includes('<nav class="languages"') || text.includes(uiWords(lang)('unread')), `${name} says that nobody has read it`)
  for (const [, href] of page.html.replace(switcher, '').matchAll(/<(?:a|form)[^>]*\b(?:href|action)="(\/[^"]*)"/g))
    if (o.spoken.test(href!)) assert.match(href!, /[?&](?:amp;)?lang=/, `${name}: ${href} loses the language`)
}
/** Easy to read: no sentence beyond twenty words, and clearly shorter than the ordinary French. */
export function assertEasy(easy: Readonly<Record<string, Sentence>>, ordinary: Readonly<Record<string, Sentence>>): void {
  const lengths = (all: Readonly<Record<string, Sentence>>) =>
    Object.values(all)
      .filter((s): s is string => typeof s === 'string')
      .flatMap(s => s.split(/[.?!]\s|\n|\.$/))
      .map(s => s.split(/\s+/).filter(Boolean).length)
      // A label of one word is as short in both.
      .filter(n => n > 1)
  const [short, long] = [lengths(easy), lengths(ordinary)]
  assert.ok(Math.max(...short) <= 20, `${Math.max(...short)} words`)
  const mean = (ns: number[]) => ns.reduce((a, b) => a + b, 0) / ns.length
  assert.ok(mean(short) < 0.7 * mean(long), `${mean(short)} against ${mean(long)}`)
}
/** A sentence of more than three words is never the French copied. */
export function assertTranslated(catalogue: Record<Language, Readonly<Record<string, Sentence>>>): void {
  for (const lang of languageCodes.filter(l => l !== 'fr' && l !== 'falc'))
    for (const [key, french] of Object.entries(catalogue.fr))
      if (typeof french === 'string' && french.split(' ').length > 3) assert.notEqual(catalogue[lang][key], french, `${lang} ${key}`)
}
