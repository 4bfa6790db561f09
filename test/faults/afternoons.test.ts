/** The list over HTTP, by two to five people who press twice while connections are cut: nobody sees a fault, nothing happens twice. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { Desk } from '#areas/gp-access/desk.fixture.ts'
import { aDoctor, aWaiting } from '#areas/gp-access/gp-access.fixture.ts'
import { gpAccessArea } from '#areas/gp-access/index.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { silentLog } from '#platform/log.ts'
import { createApp } from '#platform/web/app.ts'
import { BASE, type Person, textOf } from '../app.ts'
import { assertSound } from '../invariants.ts'
import { Client } from './client.ts'
import { RUNS, record, replay } from './play.ts'

interface Gesture {
  do: 'admit' | 'propose' | 'yes' | 'no' | 'withdraw' | 'put back' | 'leave' | 'resume' | 'places'
  n: number
  /** A double click: the same form twice at the same instant. */
  twice: boolean
  /** Just before, every connection of the application is ended. */
  cut: boolean
}
const gesture: fc.Arbitrary<Gesture> = record({
  do: fc.constantFrom('admit', 'propose', 'propose', 'yes', 'yes', 'no', 'withdraw', 'put back', 'leave', 'resume', 'places'),
  n: fc.nat(7),
  twice: fc.boolean(),
  cut: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
}) as fc.Arbitrary<Gesture>
interface Aim {
  home: string
  desk: Person
  doctor: Person
  patient: string
  proposal: string
}
function address(g: Gesture, { home, desk, doctor, patient, proposal }: Aim): [path: string, fields: Record<string, string>, as: Person] {
  const at = (verb: string) => `${home}/demandes/${patient}/${verb}`
  switch (g.do) {
    case 'admit':
      return [at('recevable'), {}, desk]
    case 'propose':
      return [at('proposer'), { doctor: doctor.membershipId }, desk]
    case 'withdraw':
      return [at('retirer'), { reason: 'withdrawn' }, desk]
    case 'put back':
      return [at('remettre'), { reason: 'no_show' }, desk]
    case 'leave':
      return [at('sortie'), { exit: 'gave_up' }, desk]
    case 'resume':
      return [at('reprendre'), {}, desk]
    case 'places':
      return [`${home}/mes-places`, { total: String(g.n % 3) }, doctor]
    case 'yes':
      return [`${home}/mes-patients/${proposal}`, { answer: 'yes' }, doctor]
    case 'no':
      return [`${home}/mes-patients/${proposal}`, { answer: 'no', reason: 'full' }, doctor]
  }
}

describe('the same over HTTP, by people who press twice and connections that are cut', () => {
  it(`in ${Math.ceil(RUNS / 3)} afternoons`, async test => {
    const app = await Desk.open()
    const web = createApp({ db: app.t.db, areas: [gpAccessArea()], clock: () => app.t.now, log: silentLog, baseUrl: BASE, demo: false })
    const killer = new pg.Pool({ ...app.t.test.superuserConfig, max: 1 })
    const told: Record<number, number> = {}
    let retries = 0
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(gesture, { minLength: 3, maxLength: 8 }), { minLength: 2, maxLength: 5 }), async actors => {
          await app.fresh()
          const client = new Client(
            () => BASE,
            async request => web.request(request),
          )
          const doctors = [await aDoctor(app.t, app.c, { total: 2 }), await aDoctor(app.t, app.c, { total: 1 })]
          const people = [await app.received(), await aWaiting(app.t, app.c), await aWaiting(app.t, app.c), await aWaiting(app.t, app.c)]
          const places = new Set<string>()
          const act = async (g: Gesture) => {
            if (g.cut)
              await killer.query(
                `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'trame_web'`,
              )
            const doctor = doctors[g.n % 2]!
            const patient = people[g.n % people.length]!.id
            const [waiting] = await app.t.owner(
              `select id from app.proposal where cpts_id = $1 and membership_id = $2 order by state <> 'pending', id limit 1`,
              [app.c.id, doctor.membershipId],
            )
            const [path, fields, as] = address(g, {
              home: `/c/${app.c.slug}`,
              desk: app.me,
              doctor,
              patient,
              proposal: String(waiting?.id ?? patient),
            })
            const key = randomUUIDv7()
            const answers = await Promise.all(Array.from({ length: g.twice ? 2 : 1 }, () => client.post(path, fields, as, key)))
            for (const { status, text } of answers) {
              told[status] = (told[status] ?? 0) + 1
              assert.ok([200, 303, 404, 409, 422].includes(status), `${path}: ${status} ${textOf(text).slice(0, 300)}`)
            }
            if (g.do === 'places' && answers.some(a => a.status < 400)) places.add(key)
          }
          await Promise.all(
            actors.map(async gestures => {
              for (const g of gestures) await act(g)
            }),
          )
          await client.assertKept(app.t, app.c)
          retries += client.retries
          const [stated] = await app.t.owner('select count(*)::int as n from app.capacity where cpts_id = $1', [app.c.id])
          assert.equal(stated!.n, doctors.length + places.size, 'each statement of places once')
          await assertSound(app.t, app.c.id)
        }),
        { numRuns: Math.ceil(RUNS / 3), endOnFailure: true, ...replay },
      )
      test.diagnostic(`answers: ${JSON.stringify(told)}; sent again after a cut: ${retries}`)
    } finally {
      await killer.end()
      await app.t.close()
    }
  })
})
