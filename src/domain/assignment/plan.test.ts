import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bruteForce, smallCase, tightInstance } from './cases.fixture.ts'
import { type Doctor, type Instance, type Levels, type Patient, type Plan, solve, toInstance, verify, violation } from './index.ts'
import { compareLevels } from './levels.ts'

const RUNS = { numRuns: 1000, seed: 20260102 }

test('a whole case, from people to plan, equals brute force', () => {
  fc.assert(
    fc.property(smallCase, ({ patients, doctors }) => {
      const instance = toInstance(patients, doctors)
      const { seniority: _, ...best } = bruteForce(instance)!
      assert.deepEqual(solve(instance).objective, best)
    }),
    RUNS,
  )
})

test('every pair satisfies every constraint, capacities hold, each patient is there once', () => {
  fc.assert(
    fc.property(smallCase, ({ patients, doctors }) => {
      const plan = solve(toInstance(patients, doctors))
      const names = [...plan.pairs, ...plan.unplaced].map(({ patient }) => patient)
      assert.deepEqual(names.toSorted(), patients.map(({ id }) => id).toSorted())
      for (const pair of plan.pairs) {
        const patient = patients.find(({ id }) => id === pair.patient)!
        assert.equal(violation(patient, doctors.find(({ id }) => id === pair.doctor)!), null)
        assert.ok(pair.minutes <= patient.maxMinutes)
      }
      for (const { id, capacity } of doctors) {
        const mine = plan.pairs
          .filter(({ doctor }) => doctor === id)
          .map(({ patient }) => patients.find(({ id }) => id === patient)!.profile)
        assert.ok(mine.length <= capacity.total)
        for (const profile of mine) assert.ok(mine.filter(other => other === profile).length <= (capacity[profile] ?? capacity.total))
      }
    }),
    RUNS,
  )
})

test('the order of the input changes nothing, to the letter', () => {
  const shuffled = smallCase.chain(({ patients, doctors }) =>
    fc.record({
      patients: fc.constant(patients),
      doctors: fc.constant(doctors),
      otherPatients: fc.shuffledSubarray(patients, { minLength: patients.length }),
      otherDoctors: fc.shuffledSubarray(doctors, { minLength: doctors.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ patients, doctors, otherPatients, otherDoctors }) => {
      const instance = toInstance(patients, doctors)
      const other = toInstance(otherPatients, otherDoctors)
      assert.equal(JSON.stringify(other), JSON.stringify(instance))
      assert.equal(JSON.stringify(solve(other)), JSON.stringify(solve(instance)))
    }),
    RUNS,
  )
})

test('never worse than the greedy plan made by hand', () => {
  fc.assert(
    fc.property(tightInstance, instance => {
      assert.ok(compareLevels(solve(instance).objective, greedy(instance)) <= 0)
    }),
    RUNS,
  )
})

function greedy(instance: Instance): Levels {
  const left = instance.doctors.map(doctor => ({ ...doctor }))
  const sum: Levels = { priority: 0, splits: 0, minutes: 0 }
  const place = new Map<number, number>()
  const order = [...instance.patients.keys()].sort((a, b) => instance.patients[b]!.priority - instance.patients[a]!.priority || a - b)
  for (const p of order) {
    const { doctors, minutes, profile, priority } = instance.patients[p]!
    const open = [...doctors.keys()].filter(arc => left[doctors[arc]!]!.total > 0 && left[doctors[arc]!]![profile] !== 0)
    const arc = open.toSorted((a, b) => minutes[a]! - minutes[b]!)[0]
    if (arc === undefined) continue
    const doctor = left[doctors[arc]!]!
    doctor.total--
    if (doctor[profile] !== null) doctor[profile]!--
    place.set(p, doctors[arc]!)
    sum.priority += priority
    sum.minutes += minutes[arc]!
  }
  for (const { members } of instance.households) {
    sum.splits += Math.max(0, new Set(members.flatMap(member => place.get(member) ?? [])).size - 1)
  }
  return sum
}

test('a falsified plan or certificate is refused', () => {
  fc.assert(
    fc.property(tightInstance, instance => {
      const plan = solve(instance)
      const refused = (change: (copy: Plan) => void) => {
        const copy = structuredClone(plan)
        change(copy)
        assert.equal(verify(instance, copy).ok, false)
      }
      refused(copy => copy.bound.priority++)
      refused(copy => copy.objective.minutes--)
      refused(copy => copy.proof.prices.push({ doctor: 'nobody', total: { points: 0, minutes: 0 } }))
      if (plan.pairs.length > 0) {
        refused(copy => copy.pairs.pop())
        refused(copy => copy.pairs.push(copy.pairs[0]!))
        refused(copy => copy.pairs[0]!.minutes++)
      }
      for (const [index, { total }] of plan.proof.prices.entries()) {
        const places = instance.doctors.find(({ id }) => id === plan.proof.prices[index]!.doctor)!.total
        if (places > 0 && total.points > 0) refused(copy => (copy.proof.prices[index]!.total.points = -1))
      }
    }),
    RUNS,
  )
})

const doctor = (id: string, km: number, total: number): Doctor => ({
  id,
  place: { lon: 1, lat: 44 + km / 111.195 },
  communeCode: '31555',
  capacity: { total },
  communes: [],
  languages: ['fr'],
  wheelchair: true,
})

const patient = (id: string, priority: number, more: Partial<Patient> = {}): Patient => ({
  id,
  place: { lon: 1, lat: 44 },
  communeCode: '31555',
  profile: 'adult',
  age: 40,
  priority,
  since: '2026-01-01T08:00:00Z',
  household: null,
  languages: [],
  wheelchair: false,
  maxMinutes: 60,
  excluded: [],
  ...more,
})

test('reasons: nobody can, with the doctors counted by constraint; or the places went to more points', () => {
  const doctors = [doctor('near', 1, 1), doctor('far', 40, 3), { ...doctor('no-child', 1, 3), capacity: { total: 3, child: 0 } }]
  const child = patient('child', 1, { profile: 'child', age: 8, maxMinutes: 20, excluded: ['near'] })
  const one = patient('one', 5, { maxMinutes: 20, excluded: ['no-child'] })
  const two = patient('two', 3, { maxMinutes: 20, excluded: ['no-child'] })
  const plan = solve(toInstance([child, two, one], doctors))
  assert.deepEqual(
    plan.pairs.map(({ patient, doctor }) => [patient, doctor]),
    [['one', 'near']],
  )
  assert.deepEqual(plan.unplaced, [
    { patient: 'child', reason: { kind: 'nobodyCan', eliminated: { excluded: 1, travelCap: 1, profile: 1 } } },
    {
      patient: 'two',
      reason: { kind: 'capacity', points: 3, doctors: ['near'], lowestServed: 5, eliminated: { excluded: 1, travelCap: 1 } },
    },
  ])
})

test('the lowest points served are the lowest among the doctors who could have taken him', () => {
  const plan = solve(toInstance([patient('a', 4), patient('b', 5), patient('c', 2)], [doctor('near', 1, 1), doctor('next', 2, 1)]))
  const reason = plan.unplaced[0]?.reason
  assert.ok(reason?.kind === 'capacity' && reason.lowestServed === 4)
  const shared = solve(toInstance([patient('a', 4), patient('b', 5), patient('c', 2)], [doctor('near', 1, 2)]))
  const other = shared.unplaced[0]?.reason
  assert.ok(other?.kind === 'capacity' && other.lowestServed === 4)
})

test('at equal points the older request is served', () => {
  const younger = patient('a', 2, { since: '2026-01-02T08:00:00+02:00' })
  const older = patient('b', 2, { since: '2026-01-02T05:59:00Z' })
  const plan = solve(toInstance([younger, older], [doctor('only', 1, 1)]))
  assert.deepEqual(
    plan.pairs.map(({ patient }) => patient),
    ['b'],
  )
})

test('people alike but for their age go to whoever takes that age', () => {
  const young = patient('young', 1, { age: 15 })
  const old = patient('old', 1, { age: 71 })
  const doctors = [
    { ...doctor('adults', 1, 3), minAge: 16 },
    { ...doctor('not-old', 2, 3), maxAge: 70 },
  ]
  const pairs = solve(toInstance([young, patient('middle', 1), old], doctors)).pairs.map(({ patient, doctor }) => [patient, doctor])
  assert.deepEqual(pairs, [
    ['middle', 'adults'],
    ['old', 'adults'],
    ['young', 'not-old'],
  ])
})

test('what is not a list of people is refused', () => {
  assert.throws(() => toInstance([patient('a', 1), patient('a', 2)], []), /given twice/)
  assert.throws(() => toInstance([patient('a', 0)], []), /priority/)
  assert.throws(() => toInstance([patient('a', 1.5)], []), /priority/)
  assert.throws(() => toInstance([patient('a', 1, { since: '2026-01-01T08:00:00' })], []), /instant/)
  assert.throws(() => toInstance([], [doctor('d', 1, -1)]), /places/)
  assert.throws(() => solve(toInstance([patient('a', 2 ** 50)], [doctor('d', 1, 1)])), /too large/)
})
