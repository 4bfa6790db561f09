import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { travelMinutes } from '../geo.ts'
import { bruteForce, tightInstance } from './cases.fixture.ts'
import { costOfForcing } from './explain.ts'
import { type Doctor, explain, type Patient, solve, toInstance, violation, whyNot } from './index.ts'

test('the cost of imposing a pair is the difference between two brute forces', () => {
  fc.assert(
    fc.property(tightInstance, fc.nat(), fc.nat(), (instance, someone, somewhere) => {
      const p = someone % instance.patients.length
      const patient = instance.patients[p]!
      if (patient.doctors.length === 0) return
      const d = patient.doctors[somewhere % patient.doctors.length]!
      const free = bruteForce(instance)!
      const forced = bruteForce(instance, { patient: p, doctor: d })
      const answer = costOfForcing(solve(instance), instance, patient.id, instance.doctors[d]!.id)
      if (!forced) assert.deepEqual(answer, { kind: 'noPlace' })
      else {
        const { priority, splits, minutes } = forced
        assert.deepEqual(answer, {
          kind: 'cost',
          priority: priority - free.priority,
          splits: splits - free.splits,
          minutes: minutes - free.minutes,
          exact: true,
        })
      }
    }),
    { numRuns: 2000, seed: 20260103 },
  )
})

const at = (km: number) => ({ lon: 1, lat: 44 + km / 111.195 })
const doctor = (id: string, km: number, total: number, more: Partial<Doctor> = {}): Doctor => ({
  id,
  place: at(km),
  communeCode: '31555',
  capacity: { total },
  communes: [],
  languages: ['fr'],
  wheelchair: false,
  ...more,
})
const patient = (id: string, priority: number, more: Partial<Patient> = {}): Patient => ({
  id,
  place: at(0),
  communeCode: '31555',
  profile: 'adult',
  age: 40,
  priority,
  since: '2026-01-01T08:00:00Z',
  household: null,
  languages: [],
  wheelchair: true,
  maxMinutes: 60,
  excluded: [],
  ...more,
})

test('an explanation names the closer doctors: who cannot, and who is full', () => {
  const doctors = [doctor('stairs', 0, 5), doctor('full', 2, 1, { wheelchair: true }), doctor('open', 10, 5, { wheelchair: true })]
  const patients = [patient('rich', 9, { maxMinutes: 15 }), patient('me', 1)]
  const instance = toInstance(patients, doctors)
  const plan = solve(instance)
  const told = explain(plan, instance, patients, doctors, 'me')
  assert.equal(told.doctor, 'open')
  assert.deepEqual(told.impossible, [
    { doctor: 'stairs', minutes: 5, violation: { constraint: 'wheelchair', needed: 'yes', offered: 'no' } },
  ])
  assert.deepEqual(
    told.passed.map(({ doctor, taken, places, full }) => ({ doctor, taken, places, full })),
    [{ doctor: 'full', taken: 1, places: 1, full: true }],
  )
  assert.deepEqual(whyNot(plan, instance, patients, doctors, 'me', 'open'), { kind: 'proposed' })
  assert.equal(whyNot(plan, instance, patients, doctors, 'me', 'stairs').kind, 'impossible')
  const cost = whyNot(plan, instance, patients, doctors, 'me', 'full')
  assert.ok(cost.kind === 'cost' && cost.priority === -9 && cost.exact)
  assert.throws(() => explain(plan, instance, patients, doctors, 'nobody'), RangeError)
})

test('an explanation names each doctor nearer than his own, nearest first, and nobody else', () => {
  const someone = fc.record({
    km: fc.integer({ min: 0, max: 6 }),
    wheelchair: fc.boolean(),
    known: fc.constantFrom(true, true, true, false),
  })
  fc.assert(
    fc.property(fc.array(someone, { minLength: 1, maxLength: 5 }), fc.array(someone, { minLength: 1, maxLength: 5 }), (people, offers) => {
      const placed = ({ km, known }: { km: number; known: boolean }) => ({ place: known ? at(km * 2) : null })
      const doctors = offers.map((o, i) => doctor(`d${i}`, 0, 1, { ...placed(o), wheelchair: o.wheelchair }))
      const patients = people.map((o, i) => patient(`p${i}`, i + 1, { ...placed(o), wheelchair: o.wheelchair, maxMinutes: 15 }))
      const instance = toInstance(patients, doctors)
      const plan = solve(instance)
      for (const p of patients) {
        const told = explain(plan, instance, patients, doctors, p.id)
        const away = (d: Doctor) => (p.place && d.place ? travelMinutes(p.place, d.place) : Number.POSITIVE_INFINITY)
        const nearer = doctors
          .filter(d => away(d) < (told.minutes ?? Number.POSITIVE_INFINITY))
          .sort((a, b) => away(a) - away(b) || (a.id < b.id ? -1 : 1))
          .map(d => ({ doctor: d.id, minutes: away(d), violation: violation(p, d)?.constraint }))
        assert.deepEqual(
          told.impossible.map(x => ({ ...x, violation: x.violation.constraint })),
          nearer.filter(x => x.violation),
        )
        assert.deepEqual(
          told.passed.map(x => ({ doctor: x.doctor, minutes: x.minutes, violation: undefined })),
          nearer.filter(x => !x.violation),
        )
      }
    }),
    { numRuns: 500 },
  )
})

test('each constraint is named in the fixed order, with what was needed and offered', () => {
  const hard = doctor('x', 100, 1, { capacity: { total: 1, adult: 0 }, minAge: 50, communes: ['31000'] })
  const order: [Partial<Patient>, Partial<Doctor>, string][] = [
    [{ excluded: ['x'] }, {}, 'excluded'],
    [{}, {}, 'profile'],
    [{}, { capacity: { total: 1 } }, 'age'],
    [{}, { capacity: { total: 1 }, minAge: 0 }, 'commune'],
    [{ languages: ['ar'] }, { capacity: { total: 1 }, minAge: 0, communes: [] }, 'language'],
    [{}, { capacity: { total: 1 }, minAge: 0, communes: [] }, 'wheelchair'],
    [{ place: null, wheelchair: false }, { capacity: { total: 1 }, minAge: 0, communes: [] }, 'travelUnknown'],
    [{ wheelchair: false }, { capacity: { total: 1 }, minAge: 0, communes: [] }, 'travelCap'],
  ]
  for (const [who, whom, expected] of order) {
    const patients = [patient('p', 1, who)]
    const doctors = [{ ...hard, ...whom }]
    const instance = toInstance(patients, doctors)
    const answer = whyNot(solve(instance), instance, patients, doctors, 'p', 'x')
    assert.ok(answer.kind === 'impossible')
    assert.equal(answer.violation.constraint, expected)
    assert.deepEqual(solve(instance).unplaced[0]?.reason, { kind: 'nobodyCan', eliminated: { [expected]: 1 } })
  }
})
