import assert from 'node:assert/strict'
import { it } from 'node:test'
import { aciSize } from './size.ts'

it('gives the size of the communities whose size is published', () => {
  assert.equal(aciSize(32_048), 1) // Vexin-Normand, stated size 1
  assert.equal(aciSize(265_000), 4) // Grand Versailles, 450 000 € a year
})
it('is explicit about the side of each bound', () => {
  const vectors: [number, number][] = [
    [0, 1],
    [39_999, 1],
    [40_000, 2],
    [79_999, 2],
    [80_000, 3],
    [175_000, 3],
    [175_001, 4],
  ]
  for (const [population, size] of vectors) assert.equal(aciSize(population), size, String(population))
})
it('refuses what is not a population', () => {
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => aciSize(wrong), RangeError)
})
