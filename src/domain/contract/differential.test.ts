import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { aciSizes } from '../size.ts'
import { anyCase, type Case, contractOf, factsOf, indicatorOf, measured, six, started } from './contracts.fixture.ts'
import { differences } from './differential.fixture.ts'
import { goldenFailures, provenanceFailures } from './golden.fixture.ts'
import { national } from './national.ts'
import { parseRules } from './publicodes.ts'
import { missions, type Row, type Tables, type TextId } from './types.ts'

/** Everything started, measured and done, so that every amount of a text and a size is in the sum. */
function everything(text: TextId, size: Row['size']): Case {
  const signed = '2022-05-02'
  const indicators = missions.filter(m => m !== 'crisis').map(mission => indicatorOf({ id: mission, mission }))
  const contract = contractOf({ signed, terms: { text, size, missions: six }, indicators })
  const values = indicators.flatMap(i => [1, 2, 3, 4, 5].map(year => measured(i.id, year, 100)))
  const crisis = [
    ...['2022-09-01', '2023-09-01'].map(day => ({ what: 'plan', day }) as const),
    { what: 'occurrence', day: '2023-12-01' } as const,
  ]
  return { contract, facts: factsOf({ missions: started(signed, six), values, crisis }), on: '2024-01-15' }
}
const cases = (['aci-2019', 'avenant-2'] as const).flatMap(text => aciSizes.map(size => everything(text, size)))
/** Whether a golden case or the oracle sees it. */
const seen = (tables: Tables, row: Row): boolean =>
  goldenFailures(tables).length > 0 ||
  cases.some(c => c.contract.terms.text === row.text && c.contract.terms.size === row.size && differences(c, tables).length > 0)

describe('two implementations of the same rules, one of them in publicodes', () => {
  it('are equal to the cent: every line and every payment of random contracts', () => {
    fc.assert(
      fc.property(anyCase, one => assert.deepEqual(differences(one), [])),
      { numRuns: 40 },
    )
  })
  it('are equal where everything is started, measured and done, at every size, under both texts', () => {
    for (const one of cases) assert.deepEqual(differences(one), [])
    assert.deepEqual(provenanceFailures(national), [])
  })
  it('read the rules as YAML does: maps, lists, quotes', () => {
    assert.deepEqual(
      parseRules(
        '# note\na: oui\nb:\n  titre: "\'x\'"\n  variations:\n    - si: a > 1\n      alors: 2\n    - sinon: b\nc:\n  somme:\n    - a * b\n    - 3\n',
      ),
      {
        a: 'oui',
        b: { titre: "'x'", variations: [{ si: 'a > 1', alors: 2 }, { sinon: 'b' }] },
        c: { somme: ['a * b', 3] },
      },
    )
    assert.throws(() => parseRules('sans deux-points'))
  })
})

describe('no row of the national tables can change without a test that fails', () => {
  for (const text of ['aci-2019', 'avenant-2'] as const)
    it(`a cent more, a cent less, or no row: ${text}`, () => {
      const rows = national.rows
      for (const [n, row] of rows.entries()) {
        if (row.text !== text) continue
        const others = rows.filter(r => r !== row)
        assert.ok(seen({ ...national, rows: rows.with(n, { ...row, cents: row.cents + 1 }) }, row), `${row.origin.id} + 1`)
        assert.ok(seen({ ...national, rows: rows.with(n, { ...row, cents: row.cents - 1 }) }, row), `${row.origin.id} - 1`)
        assert.ok(seen({ ...national, rows: others }, row), `without ${row.origin.id}`)
      }
    })
  it('a stronger or weaker provenance than the sources give', () => {
    for (const [n, row] of national.rows.entries())
      for (const provenance of ['contract', 'sourced', 'derived', 'assumed'] as const) {
        if (provenance === row.origin.provenance) continue
        const altered = { ...national, rows: national.rows.with(n, { ...row, origin: { ...row.origin, provenance } }) }
        assert.ok(provenanceFailures(altered).length > 0, `${row.origin.id} as ${provenance}`)
      }
  })
  it('an announced total, a delay, the rate of the advance', () => {
    for (const [n, total] of national.totals.entries()) {
      const altered = { ...national, totals: national.totals.with(n, { ...total, cents: total.cents + 100_000 }) }
      assert.ok(goldenFailures(altered).length > 0, total.origin.id)
    }
    for (const [n, delay] of national.delays.entries())
      for (const key of ['start', 'deployed'] as const)
        assert.ok(
          goldenFailures({ ...national, delays: national.delays.with(n, { ...delay, [key]: delay[key] + 1 }) }).length > 0,
          delay.mission,
        )
    assert.ok(goldenFailures({ ...national, advancePercent: 60 }).length > 0)
  })
})
