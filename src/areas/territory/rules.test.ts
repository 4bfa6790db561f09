import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { besideCentres, type Commune, populationOf, type SizeDecision, searchOf, sizeOf, yearsText } from './rules.ts'

const commune = (code: string, population: number | null, o: Partial<Commune> = {}): Commune => ({
  code,
  name: code,
  department: code.slice(0, 2),
  postalCodes: [],
  epciSiren: null,
  epciName: null,
  cityCode: null,
  population,
  populationYear: 2023,
  lon: null,
  lat: null,
  ...o,
})

describe('the population of a territory', () => {
  it('is the sum, with its years and what is missing', () => {
    const p = populationOf([commune('91064', 4686), commune('91377', 51_560, { populationYear: 2022 }), commune('91999', null)])
    assert.deepEqual(p, { total: 56_246, years: [2022, 2023], unknown: ['91999'], counted: 3 })
    assert.equal(yearsText(p.years), '2022 et 2023')
  })
  it('never counts a city and its districts twice', () => {
    const districts = [commune('13202', 25_000, { cityCode: '13055' }), commune('13203', 55_000, { cityCode: '13055' })]
    assert.equal(populationOf(districts).total, 80_000)
    assert.equal(populationOf([...districts, commune('13055', 870_000)]).total, 870_000)
  })
})

describe('the size', () => {
  const decision = (size: SizeDecision['size']): SizeDecision => ({
    size,
    reason: 'contrat',
    decidedOn: '2021-10-19',
    by: 'x',
    at: new Date(0),
  })
  const small = populationOf([commune('27001', 32_048)])
  it('is deduced, until the contract says otherwise, until that is withdrawn', () => {
    assert.deepEqual(sizeOf(small, []), { size: 1, deduced: 1, decision: null })
    assert.equal(sizeOf(small, [decision(2)]).size, 2)
    assert.equal(sizeOf(small, [decision(null), decision(2)]).size, 1)
  })
  it('is not known for an empty territory', () => assert.equal(sizeOf(populationOf([]), []).size, null))
})

it('understands what is typed: name, postal code, SIREN', () => {
  assert.deepEqual(searchOf(' 91 570 '), { by: 'postal-code', code: '91570' })
  assert.deepEqual(searchOf('247 800 584'), { by: 'siren', siren: '247800584' })
  assert.deepEqual(searchOf('L’Haÿ'), { by: 'name', text: 'L’Haÿ' })
  assert.deepEqual(searchOf('a'), { by: 'nothing' })
})

it('puts a mark beside its centre, never nearer to another commune', () => {
  const at = (lon: number, lat: number, population: number) => ({ lon, lat, population })
  const communes = [at(2.2, 48.7, 50_000), at(2.21, 48.7, 100), at(2.19, 48.7, 100), at(2.2, 48.9, 900)]
  for (const [i, mark] of besideCentres(communes).entries()) {
    const nearest = communes
      .map((c, j) => [Math.hypot((c.lon - mark.lon) * 0.67, c.lat - mark.lat), j] as const)
      .sort((a, b) => a[0] - b[0])[0]
    assert.equal(nearest?.[1], i)
    assert.ok(i !== 0 || mark.lat !== 48.7 || mark.lon !== 2.2)
  }
})
