/**
 * Size of a community (taille 1 to 4), from the population of its territory. The size decides the ceilings of the contract.
 *
 * Source: accord conventionnel interprofessionnel (ACI) in favour of CPTS, 2019, financing tables, which name four sizes:
 * under 40 000 inhabitants, 40 000 to 80 000, 80 000 to 175 000, above 175 000. On which side the bounds themselves fall
 * is not in the texts read: 40 000 and 80 000 are taken here as the larger size, 175 000 as size 3 (« above » is size 4).
 * The signed contract prevails: an area that shows the size lets it be overridden with a reason.
 */
export type AciSize = 1 | 2 | 3 | 4

/** Population from which the size is reached, inclusive, but for size 4 which begins above its bound. */
const SECOND = 40_000
const THIRD = 80_000
const THIRD_UP_TO = 175_000

/**
 * @param population inhabitants (population municipale de référence), zero or more
 * @throws RangeError when it is not a finite number of people
 */
export function aciSize(population: number): AciSize {
  if (!(Number.isFinite(population) && population >= 0)) throw new RangeError(`not a population: ${population}`)
  if (population < SECOND) return 1
  if (population < THIRD) return 2
  return population <= THIRD_UP_TO ? 3 : 4
}

/** How the agreement names each size, for people. */
export const sizeRanges: Record<AciSize, string> = {
  1: 'moins de 40 000 habitants',
  2: 'de 40 000 à 80 000 habitants',
  3: 'de 80 000 à 175 000 habitants',
  4: 'plus de 175 000 habitants',
}
export const aciSizes = [1, 2, 3, 4] as const satisfies readonly AciSize[]
