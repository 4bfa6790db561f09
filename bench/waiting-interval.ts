/**
 * npm run bench -- waiting-interval [--years 3] [--seed 20] [--demo]
 *
 * How often the wait that came true was inside the interval told. At each past month only what was known then is used: the waits of
 * the twelve months before, those still waiting counted as such. Each person waiting on that day is told an interval, and his wait,
 * known to us today, falls in it, before it or after it. It says « a half »: the right share is 50 %, neither less nor more.
 * Beside it, on the same people, the usual way: median of those already served, ± their median absolute deviation (half of them by
 * construction). Two invented histories: one where nothing changes, one queue where places open irregularly and the pressing are served
 * first, so that waits depend on each other. With --demo, the fourteen weeks of the demonstration, where some waits are not over.
 */
import { parseArgs } from 'node:util'
import { ageGroups, groupsOf, type WaitProfile } from '#areas/gp-access/waiting.ts'
import { curveOf, firstKnown, type Interval, type Wait, WINDOW_DAYS } from '#domain/waiting.ts'
import { Maker } from '../demo/extract.ts'
import { machine, median, openBench, print } from './kit/kit.ts'

const { values } = parseArgs({
  options: { years: { type: 'string', default: '3' }, seed: { type: 'string', default: '20' }, demo: { type: 'boolean', default: false } },
})
const DAYS = Number(values.years) * 365

/** A whole life in the list, in days since the beginning of the history; `served` or `left` is when it ended, neither when it has not. */
interface Life extends WaitProfile {
  asked: number
  served: number | null
  left: number | null
  weight: number
}
const end = (l: Life) => Math.min(l.served ?? Number.POSITIVE_INFINITY, l.left ?? Number.POSITIVE_INFINITY)

const COMMUNES = ['A', 'B', 'C', 'D', 'E', 'F']
function arrivals(make: Maker, perDay: number): Life[] {
  const lives: Life[] = []
  for (let day = 0; day < DAYS; day += -Math.log(1 - make.int(1_000_000) / 1_000_000) / perDay) {
    const r = make.int(100)
    const age = r < 12 ? 0 : r < 35 ? 1 : r < 58 ? 2 : r < 76 ? 3 : 4
    const care = make.chance(0.08) ? 'home' : make.chance(0.25) ? 'ald' : 'other'
    const commune = COMMUNES[Math.min(make.int(6), make.int(6))]!
    const weight = { home: 50, ald: 30, other: 3 }[care] + (age === 4 ? 20 : 0) + make.int(15)
    lives.push({
      asked: Math.floor(day),
      served: null,
      left: null,
      weight,
      care,
      age: ageGroups[age]!,
      commune,
      epci: commune < 'D' ? '1' : '2',
    })
  }
  return lives
}
/** Everybody of a profile draws his wait from the same curve, for ever; one in five leaves before. */
function steady(make: Maker): Life[] {
  const lives = arrivals(make, 2.2)
  for (const l of lives) {
    const scale = { home: 160, ald: 45, other: 110 }[l.care] * (l.commune < 'D' ? 0.8 : 1.4)
    const draw = (s: number) => Math.max(1, Math.ceil(s * (-Math.log(1 - make.int(1_000_000) / 1_000_000)) ** 0.8))
    l.served = l.asked + draw(scale)
    const leaves = l.asked + draw(300)
    if (leaves < l.served) Object.assign(l, { served: null, left: leaves })
  }
  return lives
}
/** Places open in bursts and are fewer in the second year; the heaviest, then the oldest, is served, each where he lives. */
function queue(make: Maker): Life[] {
  const lives = arrivals(make, 2.2)
  const waiting: Record<string, Life[]> = { '1': [], '2': [] }
  let next = 0
  for (let day = 0; day < DAYS + 2000; day++) {
    for (; next < lives.length && lives[next]!.asked <= day; next++) waiting[lives[next]!.epci!]!.push(lives[next]!)
    const lean = day > 365 && day < 730 ? 0.7 : 1
    for (const epci of ['1', '2']) {
      const list = waiting[epci]!
      const places = make.chance(0.09 * lean) ? 3 + make.int(epci === '1' ? 24 : 17) : 0
      list.sort((a, b) => score(b, day) - score(a, day) || a.asked - b.asked)
      // A doctor does not take everybody: one in four is passed over this time.
      for (const l of list.filter(() => make.chance(0.75)).slice(0, places)) l.served = day + 1
      waiting[epci] = list.filter(l => {
        if (l.served === null && make.chance(1 / 500)) l.left = day + 1
        return l.served === null && l.left === null
      })
    }
  }
  return lives
}
const score = (l: Life, day: number) => l.weight + Math.min(24, 2 * Math.floor((day - l.asked) / 30))

/** What was known on a day, as the application reads it. */
function knownOn(day: number, lives: readonly Life[]): (Wait & WaitProfile)[] {
  const begin = day - WINDOW_DAYS
  return lives
    .filter(l => l.asked < day && end(l) > begin)
    .map(l => {
      const served = l.served !== null && l.served <= day
      const to = Math.min(end(l), day) - l.asked
      return { from: Math.max(0, begin - l.asked), to, served, care: l.care, age: l.age, commune: l.commune, epci: l.epci }
    })
    .filter(w => w.to > w.from)
}
type Falls = 'inside' | 'before' | 'after' | 'open'
interface Tally {
  told: number
  unknown: number
  falls: Record<Falls, number>
  widths: number[]
}
const tally = (): Tally => ({ told: 0, unknown: 0, falls: { inside: 0, before: 0, after: 0, open: 0 }, widths: [] })
/** Where the wait fell. One that is not over is decided only when it is already past the end. */
function fall(life: Life, from: number, to: number | null, until: number): Falls {
  const wait = life.served === null ? null : life.served - life.asked
  if (wait !== null) return wait < from ? 'before' : to !== null && wait > to ? 'after' : 'inside'
  return to !== null && Math.min(end(life), until) - life.asked > to ? 'after' : 'open'
}
function count(t: Tally, interval: { from: number; to: number | null } | null, life: Life, until: number): void {
  if (!interval) return void t.unknown++
  t.told++
  t.falls[fall(life, interval.from, interval.to, until)]++
  if (interval.to !== null) t.widths.push(interval.to - interval.from)
}

function backTest(lives: readonly Life[], { first, last, step, until }: { first: number; last: number; step: number; until: number }) {
  const ours = new Map<string, Tally>()
  const naive = new Map<string, Tally>()
  const of = (m: Map<string, Tally>, key: string) => m.get(key) ?? m.set(key, tally()).get(key)!
  for (let day = first; day <= last; day += step) {
    const known = knownOn(day, lives)
    const groups = new Map<string, Wait[]>()
    for (const w of known) for (const g of groupsOf(w)) groups.set(g, [...(groups.get(g) ?? []), w])
    const curves = new Map([...groups].map(([g, ws]) => [g, curveOf(ws)]))
    const usual = (l: Life) => {
      for (const g of groupsOf(l)) {
        const served = (groups.get(g) ?? []).filter(w => w.served).map(w => w.to)
        if (served.length < 11) continue
        const m = median(served)
        const spread = median(served.map(s => Math.abs(s - m)))
        return { from: m - spread, to: m + spread }
      }
      return null
    }
    for (const l of lives) {
      if (l.asked >= day || end(l) <= day) continue
      // Those who left without a doctor never had a wait to foretell.
      if (l.left !== null) continue
      const waited = day - l.asked
      const found = firstKnown(
        groupsOf(l).flatMap(g => (curves.has(g) ? [{ group: g, curve: curves.get(g)! }] : [])),
        { waited: waited < 7 ? 0 : waited },
      )
      const told: Interval | undefined = found?.interval
      for (const key of [`${l.care}|${l.age}`, 'everybody']) {
        count(of(ours, key), told ? { from: told.from.day, to: told.to?.day ?? null } : null, l, until)
        count(of(naive, key), usual(l), l, until)
      }
    }
  }
  return { ours, naive }
}
const percent = (n: number, of: number) => (of ? `${Math.round((100 * n) / of)} %` : '–').padStart(6)
function show(title: string, { ours, naive }: ReturnType<typeof backTest>): void {
  print()
  print(title)
  print(
    '                     answers  no answer  |  ours: inside before  after   open no end   days  |  served only: inside before  after   open no end   days',
  )
  for (const key of [...ours.keys()].sort((a, b) => Number(a === 'everybody') - Number(b === 'everybody') || (a < b ? -1 : 1))) {
    const line = (t: Tally) =>
      `${percent(t.falls.inside, t.told)} ${percent(t.falls.before, t.told)} ${percent(t.falls.after, t.told)} ${percent(t.falls.open, t.told)} ${percent(t.told - t.widths.length, t.told)} ${String(t.widths.length ? Math.round(median(t.widths)) : '–').padStart(6)}`
    const o = ours.get(key)!
    print(
      `${key.padEnd(18)} ${String(o.told).padStart(9)} ${String(o.unknown).padStart(10)}  |        ${line(o)}  |               ${line(naive.get(key)!)}`,
    )
  }
}

print(machine())
print(
  'inside: share of waits inside the interval told (right: 50 %); open: no end told and not over, or not over and not past the end; no end: nothing said of the latest, so that nothing falls after; days: median width.',
)
for (const [name, invent] of [
  ['Nothing changes, waits independent', steady],
  ['A queue: places in bursts, fewer in the second year, the pressing first', queue],
] as const) {
  const lives = invent(new Maker(Number(values.seed)))
  const from = performance.now()
  const result = backTest(lives, { first: 365, last: DAYS, step: 30, until: DAYS + 2000 })
  show(
    `${name}: ${lives.length} requests in ${values.years} years, told each month from the second year on (${Math.round(performance.now() - from)} ms)`,
    result,
  )
}
if (values.demo) await demo()

/** The waits of the demonstration, week after week; what is not over today is counted as open unless already past the end. */
async function demo(): Promise<void> {
  const { loadDemo } = await import('../demo/load.ts')
  const { pastWaits } = await import('#areas/gp-access/store/waiting.ts')
  const { rows, sql } = await import('#platform/db/types.ts')
  const bench = await openBench()
  try {
    const now = new Date('2026-11-22T09:00:00Z')
    await loadDemo({ db: bench.db, owner: bench.owner, now, baseUrl: 'http://localhost', say: () => {} })
    const communities = await bench.db.inSite(tx =>
      rows<{ id: string; name: string }>(tx, sql`select id, name from platform.cpts order by name`),
    )
    const begin = now.getTime() - 98 * 86_400_000
    for (const { id, name } of communities) {
      const lives = (await bench.db.inTenant(id, tx => pastWaits(tx, now))).map((w): Life => {
        const asked = Math.floor((w.since.getTime() - begin) / 86_400_000)
        return { ...w, asked, served: w.served ? asked + w.to : null, left: null, weight: 0 }
      })
      show(
        `${name}, the demonstration's fourteen weeks: ${lives.length} requests, told each week from the sixth on`,
        backTest(lives, { first: 42, last: 91, step: 7, until: 98 }),
      )
    }
  } finally {
    await bench.close()
  }
}
