/**
 * One change, then the plan again: repaired from the plan before, or solved from nothing, in turns; and who has to move.
 *
 *   npm run bench -- replan [--runs 7]
 */
import { parseArgs } from 'node:util'
import { type Doctor, type Patient, type Plan, replan, solve, toInstance, verify } from '#domain/assignment/index.ts'
import { text } from './kit/cases.ts'
import { machine, median, print, spread } from './kit/kit.ts'
import { type Shape, waitingList } from './kit/waiting-list.ts'

const { values } = parseArgs({
  args: process.argv.slice(2).filter(arg => arg !== '--'),
  options: { runs: { type: 'string', default: '7' } },
})
const runs = Number(values.runs)

const places = { territories: ['noe-sante', 'grand-versailles'], caps: [20, 30, 30, 45], room: 0.8, seed: 2026 }
const shapes: [string, Shape][] = [
  ['5000x300, nobody in a household', { ...places, patients: 5_000, doctors: 300, households: 0, places: 'commune' }],
  ['5000x300, one in four waits with somebody', { ...places, patients: 5_000, doctors: 300, households: 0.25, places: 'commune' }],
  ['5000x300, one in two waits with somebody', { ...places, patients: 5_000, doctors: 300, households: 0.5, places: 'commune' }],
  ['5000x300, everybody at an address of his own', { ...places, patients: 5_000, doctors: 300, households: 0, places: 'street' }],
]

type Change = { name: string; patients: Patient[]; doctors: Doctor[] }

function changes(patients: Patient[], doctors: Doctor[], before: Plan): Change[] {
  const { doctor } = before.pairs[0]!
  const used = before.pairs.filter(pair => pair.doctor === doctor).length
  const withPlaces = (total: number) => doctors.map(one => (one.id === doctor ? { ...one, capacity: { ...one.capacity, total } } : one))
  const waiting = patients.slice(10)
  return [
    { name: 'nothing', patients: waiting, doctors },
    { name: 'a doctor loses two places', patients: waiting, doctors: withPlaces(Math.max(0, used - 2)) },
    { name: 'a doctor opens two places', patients: waiting, doctors: withPlaces(used + 2) },
    { name: 'ten patients arrive', patients, doctors },
    { name: 'ten patients leave', patients: patients.slice(20), doctors },
    { name: 'a doctor stops', patients: waiting, doctors: withPlaces(0) },
  ]
}

function timed<T>(work: () => T): { result: T; ms: number; cpu: number } {
  const cpu = process.cpuUsage()
  const from = performance.now()
  const result = work()
  const ms = performance.now() - from
  const { user, system } = process.cpuUsage(cpu)
  return { result, ms, cpu: (user + system) / 1000 }
}

print(machine())
print('Median of the clock on the wall (its range) and of the processor time of all threads; the list is stated beforehand, not counted.')
let wrong = 0
for (const [title, shape] of shapes) {
  const { patients, doctors } = waitingList(shape)
  const before = solve(toInstance(patients.slice(10), doctors))
  print(`\n== ${title}: ${before.pairs.length} pairs before ==`)
  for (const change of changes(patients, doctors, before)) {
    const instance = toInstance(change.patients, change.doctors)
    const repaired = []
    const remade = []
    for (let run = 0; run < runs; run++) {
      repaired.push(timed(() => replan(before, instance)))
      // From nothing takes long with households: twice is enough to compare.
      if (run < (shape.households > 0 ? 1 : runs)) remade.push(timed(() => solve(instance)))
    }
    const { result } = repaired.at(-1)!
    const fresh = remade.at(-1)!.result
    const was = new Map(before.pairs.map(pair => [pair.patient, pair.doctor]))
    const movedFresh = fresh.pairs.filter(({ patient, doctor }) => was.has(patient) && was.get(patient) !== doctor).length
    const isSame = text(result.plan.objective) === text(fresh.objective)
    const verdict = verify(instance, result.plan)
    if (!verdict.ok || (!isSame && result.plan.gap === 0 && fresh.gap === 0)) wrong++
    print(`${change.name}`)
    print(
      `  repaired ${median(repaired.map(r => r.ms)).toFixed(0)} ms (${spread(
        repaired.map(r => r.ms),
        0,
      )}), processor ${median(repaired.map(r => r.cpu)).toFixed(0)} ms; ${result.moved.length} moved, ${result.kept} kept, ${result.placed.length} newly placed; gap ${(100 * result.plan.gap).toFixed(3)} %, proof ${verdict.ok ? 'checked' : verdict.errors[0]}${result.incremental ? '' : '; solved again'}`,
    )
    print(
      `  remade   ${median(remade.map(r => r.ms)).toFixed(0)} ms, processor ${median(remade.map(r => r.cpu)).toFixed(0)} ms; ${movedFresh} moved; gap ${(100 * fresh.gap).toFixed(3)} %; same value: ${isSame ? 'yes' : `no, ${text(result.plan.objective)} against ${text(fresh.objective)}`}`,
    )
  }
}
if (wrong > 0) process.exitCode = 1
