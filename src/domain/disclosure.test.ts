/** The attacker of these tests is another than the one in disclosure.ts: exact linear programming (HiGHS) on the same knowledge. */
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import highsLoader from 'highs'
import { type Counts, DOUBT, leaks, type Range, type Release, shown, suppress, THRESHOLD, totalOf } from './disclosure.ts'

type Highs = { solve(lp: string): { Status: string; ObjectiveValue: number } }
let highs: Highs
before(async () => {
  highs = await (highsLoader as unknown as () => Promise<Highs>)()
})

/** The narrowest place of a cell, whatever sums and differences one does: written out plainly, one unknown a cell and a count. */
function placed(releases: readonly Release[], release: number, cell: string): Range {
  const name = (r: number, c: string) => `${c}_${releases[r]!.counts[c]}`
  const lines = releases.map(
    (_, r) =>
      ` t${r}: ${Object.keys(releases[r]!.counts)
        .map(c => `+ ${name(r, c)}`)
        .join(' ')} = ${totalOf(releases[r]!.counts)}`,
  )
  const shownCells = releases.flatMap(({ counts, hidden }, r) =>
    Object.keys(counts).flatMap(c => (hidden.has(c) ? [] : [` ${name(r, c)} = ${counts[c]}`])),
  )
  const ask = (way: 'Minimize' | 'Maximize') => {
    const { Status, ObjectiveValue } = highs.solve(
      `${way}\n o: ${name(release, cell)}\nSubject To\n${lines.join('\n')}\nBounds\n${[...new Set(shownCells)].join('\n')}\nEnd`,
    )
    assert.equal(Status, 'Optimal', 'the truth satisfies every sum')
    return ObjectiveValue
  }
  // Whole people.
  return { lo: Math.ceil(ask('Minimize') - 1e-6) + 0, hi: Math.floor(ask('Maximize') + 1e-6) }
}
const doubt = ({ lo, hi }: Range) => hi - lo + 1
const smallCells = (releases: readonly Release[]) =>
  releases.flatMap(({ counts }, release) => Object.keys(counts).flatMap(cell => (counts[cell]! < THRESHOLD ? [{ release, cell }] : [])))

/** Publishes month after month as the application does: what cannot be is not, and the previous table stands. */
function publish(months: readonly Counts[]): Release[] {
  const releases: Release[] = []
  for (const counts of months) {
    const hidden = suppress(counts, releases)
    if (hidden) releases.push({ counts, hidden })
  }
  return releases
}

describe('one table', () => {
  it('hides small cells and zeros, and one more when a single one could be subtracted from the total', () => {
    assert.deepEqual([...suppress({ a: 40, b: 5, c: 30, d: 60 }, [])!].sort(), ['b', 'c'])
    assert.deepEqual([...suppress({ a: 40, b: 0, c: 30 }, [])!].sort(), ['b', 'c'])
    assert.deepEqual([...suppress({ a: 40, b: 12, c: 30 }, [])!], [])
  })
  it('hides more when the hidden cells are small together', () => {
    const hidden = suppress({ a: 2, b: 3, c: 40, d: 80 }, [])!
    assert.ok(hidden.has('a') && hidden.has('b') && hidden.has('c') && !hidden.has('d'))
  })
  it('publishes nothing of fewer than eleven people', () => assert.equal(suppress({ a: 4, b: 6 }, []), null))
  it('shows tens', () => assert.deepEqual([11, 14, 15, 24, 25, 104].map(shown), [10, 10, 20, 20, 30, 100]))
})

describe('two publications', () => {
  it('a cell hidden to protect another is not shown the month after, when nothing moved', () => {
    const october = { a: 5, b: 30, c: 60, d: 90 }
    const first: Release = { counts: october, hidden: new Set(['a', 'b']) }
    // What would give it away: b shown in November, unchanged.
    const careless: Release = { counts: october, hidden: new Set(['a', 'c']) }
    assert.ok(leaks([first, careless]).some(l => l.cell === 'a'))
    const hidden = suppress(october, [first])!
    assert.ok(hidden.has('a') && hidden.has('b'))
    assert.deepEqual(leaks([first, { counts: october, hidden }]), [])
  })
  it('a cell that becomes small cannot be had from what the others were: the table waits', () => {
    const october: Release = { counts: { a: 12, b: 30, c: 60 }, hidden: new Set() }
    const november = { a: 10, b: 30, c: 60 }
    const hidden = suppress(november, [october])
    if (hidden)
      for (const s of smallCells([{ counts: november, hidden }]))
        assert.ok(doubt(placed([october, { counts: november, hidden }], s.release + 1, s.cell)) >= DOUBT)
    assert.ok(leaks([october, { counts: november, hidden: new Set(['a']) }]).length > 0)
  })
})

const cells = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const table = (size: number) => fc.tuple(...cells.slice(0, size).map(() => fc.oneof(fc.nat(14), fc.nat(60))))
/** Some months of a table where each cell moves a little, or not at all. */
const history = fc.integer({ min: 2, max: cells.length }).chain(size =>
  fc
    .tuple(
      table(size),
      fc.array(fc.tuple(...cells.slice(0, size).map(() => fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: -4, max: 6 })))), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([first, moves]) => {
      const months = [first as number[]]
      for (const move of moves) months.push(months.at(-1)!.map((n, i) => Math.max(0, n + (move as number[])[i]!)))
      return months.map((m): Counts => Object.fromEntries(m.map((n, i) => [cells[i]!, n])))
    }),
)

describe('an attacker with every table ever published', () => {
  it('cannot find a hidden small cell of one table from its total', () => {
    fc.assert(
      fc.property(history, ([counts]) => {
        const releases = publish([counts!])
        for (const s of smallCells(releases)) assert.ok(doubt(placed(releases, s.release, s.cell)) >= DOUBT)
      }),
      { numRuns: 150 },
    )
  })
  it('cannot find one from several successive tables, even told what did not change', () => {
    let tried = 0
    fc.assert(
      fc.property(history, months => {
        const releases = publish(months)
        for (const s of smallCells(releases)) {
          tried++
          const range = placed(releases, s.release, s.cell)
          assert.ok(
            doubt(range) >= DOUBT,
            `${s.cell} of ${s.release} is between ${range.lo} and ${range.hi}: ${JSON.stringify(releases.map(r => ({ ...r.counts, hidden: [...r.hidden].join('') })))}`,
          )
        }
      }),
      { numRuns: 250 },
    )
    assert.ok(tried > 300, `${tried} small cells attacked`)
  })
  it('nor in the four months where sums taken two by two are not enough to see that he could', () => {
    const months: Counts[] = [
      { a: 0, b: 11, c: 0, d: 0, e: 0, f: 8, g: 2 },
      { a: 0, b: 10, c: 0, d: 0, e: 0, f: 8, g: 1 },
      { a: 0, b: 10, c: 2, d: 0, e: 0, f: 8, g: 1 },
      { a: 0, b: 10, c: 1, d: 0, e: 0, f: 11, g: 1 },
    ]
    const careless = months.map((counts): Release => ({ counts, hidden: new Set(cells.filter(c => counts[c]! < THRESHOLD)) }))
    assert.deepEqual(placed(careless, 0, 'a'), { lo: 0, hi: 3 }, 'what he would have had')
    assert.ok(
      leaks(careless).some(l => l.release === 0 && l.cell === 'a'),
      'and we see it',
    )
    const releases = publish(months)
    for (const s of smallCells(releases)) assert.ok(doubt(placed(releases, s.release, s.cell)) >= DOUBT)
  })
  it('would find some without the second hidden cell, and some without the look at past tables', () => {
    const primary = (counts: Counts): Release => ({ counts, hidden: new Set(cells.filter(c => (counts[c] ?? THRESHOLD) < THRESHOLD)) })
    const alone = fc.sample(history, { numRuns: 150, seed: 7 })
    const found = (publishing: (months: readonly Counts[]) => Release[]) =>
      alone.reduce((n, months) => {
        const releases = publishing(months.filter(m => totalOf(m) >= THRESHOLD))
        return n + smallCells(releases).filter(s => doubt(placed(releases, s.release, s.cell)) < DOUBT).length
      }, 0)
    const naive = found(months => months.map(primary))
    const forgetful = found(months =>
      months.flatMap(counts => {
        const hidden = suppress(counts, [])
        return hidden ? [{ counts, hidden }] : []
      }),
    )
    assert.ok(naive > 50, `${naive} found by hiding only small cells`)
    assert.ok(forgetful > 0, `${forgetful} found by forgetting past tables`)
    assert.equal(found(publish), 0)
  })
})
