import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { national } from './national.ts'
import { amountRule, amountsOf, anchorOf, formulasOf, placeOf, readableRules } from './readable.ts'
import { articleState, sayArticle } from './sentences.ts'

const file = (name: string) => readFileSync(path.join(import.meta.dirname, `rules.publicodes/${name}.publicodes`), 'utf8')
const files = ['versements', 'variable', 'indicateur'].map(file)
const formulas = files.flatMap(f => readableRules(f, ...files))
const formula = (name: string) => formulas.find(r => r.name === name)!.formula.map(l => `${'  '.repeat(l.depth)}${l.text}`)

describe('the rules in French', () => {
  it('say the amounts of the engine, every one, at every size, under both texts', () => {
    const montants = file('montants')
    for (const row of national.rows) {
      const said = amountsOf(montants, amountRule(row.heading, row.part, row.period), row.text)
      assert.equal(said[row.size], row.cents, row.origin.id)
    }
    const one = montants.replace('alors: 15000', 'alors: 15001')
    assert.equal(amountsOf(one, 'accès . part fixe', 'aci-2019')[1], 1_500_100, 'what the file says is what is shown')
  })
  it('say each formula, name and sign, from the file that the tests calculate with', () => {
    assert.deepEqual(formula('solde'), ['« compté » − « premier versement »'])
    assert.deepEqual(formula('premier versement'), ['Si « signature » : « début, montant »', 'Sinon : « avance »'])
    assert.deepEqual(formula('variable gagnée'), ['Le plus petit de :', '  « gagné des indicateurs »', '  « enveloppe variable »'])
    assert.deepEqual(formula('enveloppe'), ['(« compté exact » + « perdu exact ») ÷ « année, jours », arrondi à l’unité la plus proche'])
    assert.match(
      formula('compté').join('\n'),
      /Si « centimes à placer » = 1 et « compté reste » ≥ « perdu reste » : « compté entier » \+ 1/,
    )
    for (const r of formulas) assert.ok(r.formula.length > 0 || r.unless !== null, `${r.name} says nothing`)
    assert.deepEqual(
      formulas.filter(r => r.formula.some(l => /\bsi:|undefined|\[object/.test(l.text))),
      [],
    )
  })
  it('have one place for each amount, each rule of payment and each formula that they name', () => {
    for (const { origin } of [...national.rows, ...national.rules, ...national.delays, ...national.totals])
      assert.ok(placeOf(origin), origin.id)
    for (const names of Object.values(formulasOf))
      for (const n of names)
        assert.ok(
          formulas.some(r => r.name === n),
          n,
        )
    const anchors = formulas.map(r => r.anchor)
    assert.equal(new Set(anchors).size, anchors.length)
    assert.equal(anchorOf('accès . part fixe'), 'acces-part-fixe')
  })
  it('say of each article whether it was read: what only its tellers gave was not (J2)', () => {
    const state = (list: readonly { origin: Parameters<typeof articleState>[0] }[], s: string) =>
      list.filter(r => articleState(r.origin) === s).length
    assert.deepEqual([state(national.rows, 'read'), national.rows.length], [0, 102])
    assert.deepEqual([state(national.rules, 'read'), state(national.rules, 'none'), national.rules.length], [4, 2, 13])
    for (const { origin } of [...national.rows, ...national.rules, ...national.totals, ...national.delays])
      assert.match(sayArticle(origin), /art\. \d|article non lu|aucun article lu/, origin.id)
    const line = readFileSync(path.join(import.meta.dirname, '../../../docs/capabilities.md'), 'utf8')
      .split('\n')
      .find(l => l.startsWith('| J2 |'))!
    assert.match(line, /4 of 13 rules and 0 of 102 amounts/)
  })
})
