/**
 * The engine against npm `highs` on the same lists, in turns in one process; how its time grows; what households cost.
 *
 *   npm run bench -- assignment [--only growth,highs,households,streets] [--case 5000x300] [--limit 300]
 */
import { parseArgs } from 'node:util'
import type { Highs } from 'highs'
import { type Instance, type Plan, solve, verify } from '#domain/assignment/index.ts'
import { CASES, type Case, distinct, exponent, GROWTH, greedy, LONGER, STREETS, stated, text, WITH_HOUSEHOLDS } from './kit/cases.ts'
import { type Found, loadHighs, onePerCohort, onePerPatient, type Rows, runHighs, toModel } from './kit/highs.ts'
import { machine, median, print, spread } from './kit/kit.ts'

const { values } = parseArgs({
  args: process.argv.slice(2).filter(arg => arg !== '--'),
  options: {
    only: { type: 'string', default: 'growth,highs,streets,households' },
    case: { type: 'string', default: '' },
    limit: { type: 'string', default: '300' },
  },
})
const limit = Number(values.limit)
const isChosen = ({ name }: Case) => name.includes(values.case)
let wrong = 0

type Timed = { plan: Plan; ms: number; cpu: number; peak: number }

/** `cpu` counts every thread of the process: on a shared machine it says more than the clock on the wall. */
function time(instance: Instance): Timed {
  const cpu = process.cpuUsage()
  const from = performance.now()
  const plan = solve(instance)
  const ms = performance.now() - from
  const { user, system } = process.cpuUsage(cpu)
  return { plan, ms, cpu: (user + system) / 1000, peak: process.resourceUsage().maxRSS / 1024 }
}

function tellOurs(instance: Instance, runs: Timed[]): Timed {
  const { plan, peak } = runs.at(-1)!
  const verdict = verify(instance, plan)
  const ms = median(runs.map(run => run.ms))
  const cpu = median(runs.map(run => run.cpu))
  if (!verdict.ok) wrong++
  print(
    `  ours   ${ms.toFixed(0)} ms (${spread(
      runs.map(run => run.ms),
      0,
    )}), processor ${cpu.toFixed(0)} ms: ${text(plan.objective)}`,
  )
  print(
    `         ${plan.pairs.length} placed; bound ${text(plan.bound)}, gap ${(100 * plan.gap).toFixed(3)} %; proof ${verdict.ok ? 'checked' : verdict.errors[0]}; process ${peak.toFixed(0)} MiB at most so far`,
  )
  return { plan, ms, cpu, peak }
}

function tellInstance({ name }: Case, instance: Instance): void {
  const { arcs, households } = instance.sizes
  print(`\n${name}: ${arcs} possible pairs, ${distinct(instance)} different rows, ${households} households of two or more`)
}

function growth(title: string, cases: Case[]): void {
  print(`\n== How time grows: ${title} ==`)
  const points = cases.filter(isChosen).map(one => {
    const instance = stated(one)
    tellInstance(one, instance)
    const { ms, cpu } = tellOurs(instance, Array.from({ length: 4 }, () => time(instance)).slice(1))
    return { patients: one.shape.patients, arcs: instance.sizes.arcs, ms, cpu }
  })
  if (points.length < 4) return
  const slope = (size: 'patients' | 'arcs', time: 'ms' | 'cpu') => exponent(points.map(p => ({ size: p[size], ms: p[time] }))).toFixed(2)
  print(`\nexponent over ${points.length} sizes, against patients: ${slope('patients', 'ms')} (processor ${slope('patients', 'cpu')});`)
  print(`against possible pairs: ${slope('arcs', 'ms')} (processor ${slope('arcs', 'cpu')})`)
}

function against(highs: Highs, one: Case): void {
  const instance = stated(one)
  tellInstance(one, instance)
  const runs = [time(instance), time(instance)]
  const theirs = tryHighs('highs ', highs, instance, onePerPatient(instance))
  runs.push(time(instance))
  const grouped = instance.sizes.households > 0 ? null : tryHighs('highs, given our cohorts', highs, instance, onePerCohort(instance))
  runs.push(time(instance))
  const ours = tellOurs(instance, runs.slice(1))
  tellTheirs('highs ', ours, theirs)
  if (grouped) tellTheirs('highs given the same people put together as we do', ours, grouped)
  const byHand = greedy(instance)
  print(`  greedy ${byHand.placed} placed, ${byHand.priority} points, ${byHand.minutes} min`)
}

function tryHighs(name: string, highs: Highs, instance: Instance, rows: Rows): Found | string {
  try {
    return runHighs(highs, instance, rows, toModel(instance, rows), limit)
  } catch (error) {
    // WebAssembly has 4 GiB at most: a model may not fit.
    return `${name} failed: ${error instanceof Error ? error.message : error}`
  }
}

function tellTheirs(name: string, { plan, ms }: Timed, found: Found | string): void {
  if (typeof found === 'string') {
    print(`  ${found}`)
    return
  }
  if (!found.ended) {
    const best = found.levels.priority > 0 ? `; its best so far: ${text(found.levels)}` : ''
    print(`  ${name} did not end in ${limit} s (stopped after ${(found.ms / 1000).toFixed(0)} s, status ${found.status})${best}`)
    return
  }
  const isSame = text(found.levels) === text(plan.objective)
  if (!isSame && plan.gap === 0) wrong++
  print(
    `  ${name} ${found.ms.toFixed(0)} ms: ${text(found.levels)}; ratio ${(ms / found.ms).toFixed(4)}; same value at each level: ${isSame ? 'yes' : 'NO'}`,
  )
}

print(machine())
print('Compared: points first, then households kept together, then minutes; HiGHS gets the levels folded into one cost, as sparse arrays.')
const parts = values.only.split(',')
if (parts.includes('growth')) {
  growth('the list grows, the doctors stay', LONGER)
  growth('doctors grow with patients', GROWTH)
}
// HiGHS comes second: its memory would count in ours.
const highs = parts.some(part => part !== 'growth') ? await loadHighs() : null
const sections: [string, string, Case[]][] = [
  ['highs', 'In turns with HiGHS', CASES],
  ['streets', 'Nobody alike: each at an address of his own', STREETS],
  ['households', 'With households, a mixed-integer problem', WITH_HOUSEHOLDS],
]
for (const [part, title, cases] of sections) {
  if (!parts.includes(part)) continue
  print(`\n== ${title} ==`)
  for (const one of cases.filter(isChosen)) against(highs!, one)
}
if (wrong > 0) process.exitCode = 1
