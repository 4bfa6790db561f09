/** How a sentence is said in each language; a catalogue that lacks something is named. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  catalogueFaults,
  inLanguage,
  type Language,
  languageCodes,
  languageOf,
  type Sentence,
  speaker,
  type Translated,
} from './languages.ts'
import { uiCatalogue } from './words/index.ts'

const fr = { hello: 'Bonjour {name} !', n: { one: '{n} jour', other: '{n} jours' }, plain: 'Oui' } as const
const all = (o: Partial<Record<Language, Translated<typeof fr>>> = {}) =>
  ({ ...Object.fromEntries(languageCodes.map(l => [l, fr])), ...o }) as Record<Language, Translated<typeof fr>>

describe('a sentence', () => {
  it('is filled, with the punctuation of French in French only', () => {
    assert.equal(speaker<typeof fr>(all(), 'fr')('hello', { name: 'Inès' }), 'Bonjour Inès\u202f!')
    const en = { hello: 'Hello {name}!', n: { one: '{n} day', other: '{n} days' }, plain: 'Yes' }
    assert.equal(speaker<typeof fr>(all({ en }), 'en')('hello', { name: 'Inès' }), 'Hello Inès!')
  })
  it('has the form of its number: two in English, four in Ukrainian, six in Arabic', () => {
    const uk = { hello: '{name}', n: { one: '{n} день', few: '{n} дні', many: '{n} днів', other: '{n} дня' }, plain: 'Так' }
    const say = speaker<typeof fr>(all({ uk }), 'uk')
    assert.deepEqual(
      [1, 2, 5, 11, 21, 22].map(n => say('n', { n })),
      ['1 день', '2 дні', '5 днів', '11 днів', '21 день', '22 дні'],
    )
    assert.equal(say('hello', { name: `${say.day('2026-11-01', { year: true })}.` }), 'неділя, 1 листопада 2026 р.', 'one dot at the end')
    const n = { zero: 'z', one: 'o', two: 't', few: 'f', many: 'm', other: 'r' }
    const ar = speaker<typeof fr>(all({ ar: { hello: '{name}', n, plain: 'نعم' } }), 'ar')
    assert.deepEqual(
      [0, 1, 2, 3, 11, 100].map(k => ar('n', { n: k })),
      ['z', 'o', 't', 'f', 'm', 'r'],
    )
  })
  it('keeps the order of what is written from left to right inside Arabic', () => {
    const ar = { hello: 'مرحبا {name}', n: fr.n, plain: 'نعم' }
    assert.equal(speaker<typeof fr>(all({ ar }), 'ar')('hello', { name: '06 12' }), 'مرحبا \u206806 12\u2069')
  })
  it('says days in Paris, in each language, with the digits of French papers', () => {
    const at = new Date('2026-11-22T23:30:00Z')
    const days = (lang: Language) =>
      speaker<typeof fr>(all(), lang)
        .day(at)
        .replace(/[\u2068\u2069\u00a0]/g, m => (m === '\u00a0' ? ' ' : ''))
    assert.equal(days('fr'), 'lundi 23 novembre')
    assert.equal(days('en'), 'Monday 23 November')
    assert.equal(days('uk'), 'понеділок, 23 листопада')
    assert.match(days('ar'), /الاثنين.*23/)
    assert.equal(speaker<typeof fr>(all(), 'tr').date('2026-11-22'), '22.11.2026')
  })
})

describe('an address', () => {
  it('carries the language, once, and French needs nothing', () => {
    assert.equal(inLanguage('/c/x/suivi', 'ar'), '/c/x/suivi?lang=ar')
    assert.equal(inLanguage('/c/x/suivi?recue&lang=ar#en-attendant', 'pt'), '/c/x/suivi?recue&lang=pt#en-attendant')
    assert.equal(inLanguage('/c/x/suivi?lang=ar', 'fr'), '/c/x/suivi')
    assert.equal(languageOf('AR'), 'fr')
    assert.equal(languageOf('constructor'), 'fr')
    assert.equal(languageOf('falc'), 'falc')
  })
})

describe('the words of the page around every page', () => {
  it('exist in every language, with their holes and their numbers', () => assert.deepEqual(catalogueFaults(uiCatalogue), []))
  it('a fault is seen: missing, a hole lost, a hole too many, a number forgotten, French punctuation', () => {
    const whats = (lang: Language, broken: Record<string, Sentence>) =>
      catalogueFaults({ ...all(), [lang]: broken } as never)
        .filter(f => f.lang === lang)
        .map(f => f.what)
    const ok = { hello: 'Hi {name}', n: { one: '{n} d', other: '{n} d' }, plain: 'Yes' }
    assert.deepEqual(whats('en', ok), [])
    assert.deepEqual(whats('en', { ...ok, plain: undefined as never }), ['is missing'])
    assert.deepEqual(whats('en', { ...ok, hello: 'Hi' }), ['lost {name}'])
    assert.deepEqual(whats('en', { ...ok, plain: 'Yes {x}' }), ['has an unknown {x}'])
    assert.deepEqual(whats('ar', { ...ok, n: { one: '{n}', other: '{n}' } }).length, 4)
    assert.deepEqual(whats('en', { ...ok, plain: 'Yes !' }), ['has French punctuation'])
  })
})
