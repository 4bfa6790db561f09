/** The attacker of these tests is another than the one in comparison.ts: he writes out every world, one after the other. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  bandOf,
  FEWEST_COMMUNITIES,
  LEVELS_OF_DOUBT,
  type Levels,
  leastDoubt,
  levelOf,
  mayTell,
  type Published,
  SCALE,
} from './comparison.ts'

const group = (levels: Record<string, number>): Levels => new Map(Object.entries(levels))
const five = (...levels: number[]): Levels => new Map(levels.map((l, i) => ['abcdefghij'[i]!, l]))

/**
 * Every level that a community may have had in a publication, for an attacker who knows his own levels, who took part, and which
 * levels did not change from one publication to the next; all publications at once.
 */
function placed(all: readonly Published[], attacker: string, target: string, at: number, scale: number): Set<number> {
  // One unknown for a community as long as its level stays.
  const unknown: string[] = []
  const nameAt = all.map(
    ({ levels }, r) =>
      new Map(
        [...levels].map(([c, level]) => {
          let since = r
          while (since > 0 && all[since - 1]!.levels.get(c) === level) since--
          const name = `${c} since ${since}`
          if (c !== attacker && !unknown.includes(name)) unknown.push(name)
          return [c, name]
        }),
      ),
  )
  const told = all.map(p => JSON.stringify(bandOf(p.levels.values(), p.told)))
  const found = new Set<number>()
  const sought = nameAt[at]!.get(target)!
  // First, so that a level found is not looked for again.
  const order = [sought, ...unknown.filter(u => u !== sought)]
  const world = new Map<string, number>()
  const fits = () =>
    all.every(
      (p, r) =>
        JSON.stringify(
          bandOf(
            [...p.levels].map(([c, own]) => (c === attacker ? own : world.get(nameAt[r]!.get(c)!)!)),
            p.told,
          ),
        ) === told[r],
    )
  const fill = (i: number): void => {
    if (i > 0 && found.has(world.get(sought)!)) return
    if (i === order.length) {
      if (fits()) found.add(world.get(sought)!)
      return
    }
    for (let level = 0; level < scale; level++) {
      world.set(order[i]!, level)
      fill(i + 1)
    }
    world.delete(order[i]!)
  }
  fill(0)
  return found
}
/** The fewest levels between which any attacker hesitates, for any other community, in any of the publications. */
function least(all: readonly Published[], scale: number): number {
  let fewest = Number.POSITIVE_INFINITY
  const everybody = [...new Set(all.flatMap(p => [...p.levels.keys()]))]
  for (const attacker of everybody)
    for (const target of everybody)
      for (const [at, p] of all.entries())
        if (attacker !== target && p.levels.has(target)) fewest = Math.min(fewest, placed(all, attacker, target, at, scale).size)
  return fewest
}
/** Year after year, as the application does: what may not be told is not. */
function publish(years: readonly Levels[], scale: number): Published[] {
  const out: Published[] = []
  for (const levels of years) {
    const told = mayTell(levels, out, scale)
    if (told) out.push({ levels, told })
  }
  return out
}

describe('a rate', () => {
  it('leaves its community as a level of the scale, and nothing finer', () => {
    assert.equal(SCALE[levelOf({ numerator: 617, denominator: 1000 })], 60)
    assert.equal(SCALE[levelOf({ numerator: 91, denominator: 1000 })], 10)
    assert.equal(SCALE[levelOf({ numerator: 0, denominator: 7 })], 0)
    assert.equal(SCALE[levelOf({ numerator: 7, denominator: 7 })], 100)
    assert.equal(SCALE[levelOf({ numerator: 1, denominator: 100 })], 0, 'of two as near, the lower')
    assert.ok(SCALE.every((p, i) => i === 0 || p > SCALE[i - 1]!))
  })
})

describe('one publication', () => {
  it('needs five communities', () => {
    assert.equal(FEWEST_COMMUNITIES, 5)
    assert.equal(mayTell(five(3, 9, 14, 20), []), null)
    assert.equal(mayTell(five(3, 9, 14, 20, 26), []), 'quarters')
  })
  it('tells the level that a quarter, a half and three quarters reach', () => {
    assert.deepEqual(bandOf([26, 3, 20, 9, 14], 'quarters'), { low: 9, middle: 14, high: 20 })
    assert.deepEqual(bandOf([1, 2, 3, 4, 5, 6], 'middle'), { low: null, middle: 3, high: null })
  })
  it('of communities that are all at the top tells the middle alone: with the quarters, the lowest of them would know the others', () => {
    const top = SCALE.length - 1
    const levels = five(top - 1, top, top, top, top)
    assert.equal(leastDoubt({ levels, told: 'quarters' }, []), 1)
    assert.equal(mayTell(levels, []), 'middle')
  })
})

describe('two publications', () => {
  const S = 8
  it('one community withdraws: what its leaving would tell is not told', () => {
    const before = group({ a: 1, b: 1, c: 3, d: 4, e: 6, f: 7 })
    const after = group({ b: 1, c: 3, d: 4, e: 6, f: 7 })
    const careless: Published[] = [
      { levels: before, told: 'quarters' },
      { levels: after, told: 'quarters' },
    ]
    // What a member would have had.
    const seen = placed(careless, 'f', 'a', 0, S)
    assert.ok(seen.size < LEVELS_OF_DOUBT, `a is among ${[...seen]}`)
    assert.ok(leastDoubt(careless[1]!, careless.slice(0, 1), S) < LEVELS_OF_DOUBT, 'and we see it')
    const careful = publish([before, after], S)
    assert.ok(careful[1]?.told !== 'quarters')
    assert.ok(least(careful, S) >= LEVELS_OF_DOUBT)
  })
  it('a community that goes to another size is followed: its level is in both groups', () => {
    const small = group({ a: 5, b: 5, c: 5, d: 5, e: 5, f: 2 })
    const large = group({ a: 5, g: 0, h: 1, i: 2, j: 7 })
    const alone = leastDoubt({ levels: large, told: 'quarters' }, [], S)
    assert.ok(leastDoubt({ levels: large, told: 'quarters' }, [{ levels: small, told: 'quarters' }], S) <= alone)
  })
})

/** Some years of a group where communities come, go, and mostly stay as they were. */
const history = (years: number, scale: number) =>
  fc
    .tuple(
      fc.array(fc.nat(scale - 1), { minLength: 5, maxLength: 6 }),
      fc.array(
        fc.array(
          fc.oneof({ weight: 8, arbitrary: fc.constant('stays') }, { weight: 2, arbitrary: fc.constant('leaves') }, fc.nat(scale - 1)),
          {
            minLength: 7,
            maxLength: 7,
          },
        ),
        { minLength: years - 1, maxLength: years - 1 },
      ),
    )
    .map(([first, moves]) => {
      const all: Levels[] = [five(...first)]
      for (const move of moves) {
        const next = new Map(all.at(-1)!)
        for (const [i, m] of move.entries()) {
          const name = 'abcdefg'[i]!
          if (m === 'leaves') next.delete(name)
          else if (m !== 'stays' && (next.has(name) || next.size < 6)) next.set(name, m as number)
        }
        all.push(next)
      }
      return all
    })
const unknowns = (all: readonly Levels[]) =>
  new Set(all.flatMap((l, r) => [...l].filter(([c, v]) => all[r - 1]?.get(c) !== v).map(([c]) => c + r))).size

describe('an attacker who is one of the communities, with every publication before him', () => {
  it('is foreseen exactly for two of them: as many levels as worlds written out one by one', () => {
    fc.assert(
      fc.property(history(2, 4), fc.constantFrom('quarters', 'middle'), fc.constantFrom('quarters', 'middle'), (years, one, two) => {
        fc.pre(years.every(y => y.size > 1) && unknowns(years) <= 8)
        const all: Published[] = [
          { levels: years[0]!, told: one },
          { levels: years[1]!, told: two },
        ]
        const related = [...years[0]!.keys()].some(c => years[1]!.has(c))
        fc.pre(related)
        const foreseen = Math.min(leastDoubt(all[1]!, all.slice(0, 1), 4))
        assert.equal(foreseen, least(all, 4))
      }),
      { numRuns: 25 },
    )
  })
  it('cannot place another among fewer than three levels, whoever came, left or stayed', () => {
    let published = 0
    fc.assert(
      fc.property(history(2, 5), years => {
        fc.pre(unknowns(years) <= 7)
        const all = publish(years, 5)
        published += all.length
        if (all.length) assert.ok(least(all, 5) >= LEVELS_OF_DOUBT, JSON.stringify(all.map(p => [p.told, ...p.levels])))
      }),
      { numRuns: 15 },
    )
    assert.ok(published > 8, `${published} tables were published and attacked`)
  })
  it('would place some if each publication were looked at alone', () => {
    const found = fc.sample(history(2, 5), { numRuns: 40, seed: 7 }).some(years => {
      if (unknowns(years) > 7) return false
      const careless = years.flatMap((levels): Published[] => {
        const told = mayTell(levels, [], 5)
        return told ? [{ levels, told }] : []
      })
      return careless.length === 2 && least(careless, 5) < LEVELS_OF_DOUBT
    })
    assert.ok(found)
  })
})
