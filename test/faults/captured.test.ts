/**
 * Nobody is captured, nobody loses his place: whatever two to five people do at once, statement by statement, and whoever is cut
 * in the middle (R41). TRAME_RUNS sets how many interleavings; a failure prints the seed and the path that play it again:
 * TRAME_SEED=… TRAME_PATH=….
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { aCapacity, aDoctor, aPatient, system, withCommunes } from '#areas/gp-access/gp-access.fixture.ts'
import { stateCapacity } from '#areas/gp-access/store/capacities.ts'
import { accept, appoint, declare, expireDue, leave, propose, putBack, refuse, seen } from '#areas/gp-access/store/proposals.ts'
import { admit, enterRequest, merge, move } from '#areas/gp-access/store/requests.ts'
import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { Tx } from '#platform/db/types.ts'
import { Problem } from '#platform/errors.ts'
import { type Community, type TestApp, testApp } from '../app.ts'
import { assertSound, broken } from '../invariants.ts'
import { type Command, EXIT, List } from './list.model.ts'
import { type Lockstep, lockstep, type Script, type Turn } from './lockstep.ts'
import { RUNS, record, replay } from './play.ts'

const START = new Date('2026-11-22T09:00:00Z')
const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }

let t: TestApp
let steps: Lockstep
before(async () => {
  t = await testApp([])
  await withCommunes(t)
  // Whoever made a circle hears of it at once: nothing here waits a second for it.
  await t.owner(`alter database ${t.test.name} set deadlock_timeout = '20ms'`)
  steps = await lockstep(t.db, t.test.superuserConfig)
})
after(async () => {
  await steps?.close()
  await t?.close()
})

/** One community, what is true of it according to the model, and the way from one to the other. */
class World {
  readonly list = new List()
  readonly c: Community
  patients: string[] = []
  proposals: string[] = []
  doctors: string[] = []
  statements: string[] = []
  now = START.getTime()
  /** Transactions begun and not ended, and how many ended: whoever was alone must be told what the model says. */
  open = 0
  ended = 0
  readonly seen = { done: 0, refused: 0, cut: 0 }
  constructor(c: Community) {
    this.c = c
  }
  static async begin(people: number, places: readonly number[], alone: readonly Command[]): Promise<World> {
    const w = new World(await t.community())
    t.now = START
    for (const total of places) {
      w.doctors.push((await aDoctor(t, w.c, { total })).membershipId)
      w.list.doctors.push([{ total, used: 0 }])
    }
    for (let person = 0; person < people; person++)
      for (const command of [
        { do: 'open', person, monthsAgo: person },
        { do: 'admit', patient: person },
      ] as const)
        await w.alone([command])
    // One has a doctor, another waits for an answer.
    await w.alone([
      { do: 'propose', patient: 0, doctor: 0 },
      { do: 'accept', proposal: 0 },
      { do: 'propose', patient: 1, doctor: 0 },
      ...alone,
    ])
    return w
  }
  private async alone(commands: readonly Command[]): Promise<void> {
    const script = this.script(commands)
    for (let command = script.next(); command; command = script.next()) {
      const [result] = await Promise.allSettled([t.db.inTenant(this.c.id, command.work)])
      await command.end(result!, false)
    }
  }
  script(commands: readonly Command[]): Script {
    const left = [...commands]
    return {
      next: () => {
        for (let asked = left.shift(); asked; asked = left.shift()) {
          if (asked.do === 'wait') {
            this.now += asked.hours * 3600_000
            t.now = new Date(this.now)
            continue
          }
          const command = this.aim(asked)
          if (command) return this.begun(command)
        }
        return null
      },
    }
  }
  /** Indices among those there are; null when there are none. */
  private aim(c: Command): Command | null {
    const of = (n: number, all: unknown[]) => (all.length ? n % all.length : -1)
    const aimed = {
      ...c,
      ...('patient' in c && { patient: of(c.patient, this.patients) }),
      ...('proposal' in c && { proposal: of(c.proposal, this.proposals) }),
      ...('doctor' in c && { doctor: of(c.doctor, this.doctors) }),
      ...('into' in c && { into: of(c.into, this.patients) }),
    }
    return Object.values(aimed).includes(-1) ? null : (aimed as Command)
  }
  private begun(command: Command) {
    const actor: Actor = { who: { kind: 'system', job: 'test' }, now: new Date(this.now), requestId: 'test' }
    const alone = this.open++ === 0
    const before = this.ended
    return {
      work: (tx: Tx) => this.run(tx, actor, command),
      end: async (result: PromiseSettledResult<unknown>, cut: boolean) => {
        const lonely = alone && this.open === 1 && this.ended === before
        this.open--
        this.ended++
        if (cut) return this.wasCut(command, result)
        await this.judge(command, actor.now.getTime(), result, lonely)
      },
    }
  }
  private async run(tx: Tx, actor: Actor, c: Command): Promise<unknown> {
    const id = 'patient' in c ? this.patients[c.patient]! : ''
    switch (c.do) {
      case 'open': {
        const since = new Date(actor.now.getTime() - c.monthsAgo * 30 * 86_400_000)
        return (await enterRequest(tx, actor, aPatient({ birthName: `Personne-${c.person}` }), 'patient', since)).id
      }
      case 'admit':
        return admit(tx, actor, id)
      case 'propose':
        return propose(tx, actor, site, { requestId: id, membershipId: this.doctors[c.doctor]!, minutes: 5 })
      case 'accept':
        return accept(tx, actor, this.proposals[c.proposal]!)
      case 'refuse':
        return refuse(tx, actor, this.proposals[c.proposal]!, 'full')
      case 'withdraw':
        return putBack(tx, actor, id, 'test', ['proposed'])
      case 'put back':
        return putBack(tx, actor, id, 'test', ['accepted', 'appointed', 'seen'])
      case 'leave':
        return leave(tx, actor, id, EXIT)
      case 'resume':
        return move(tx, actor, id, { to: 'received', from: ['exited'] })
      case 'appoint':
        return appoint(tx, actor, id, dayOf(actor.now))
      case 'see':
        return seen(tx, actor, id, dayOf(actor.now))
      case 'declare':
        return declare(tx, actor, id, dayOf(actor.now), 'patient')
      case 'merge':
        return merge(tx, actor, id, this.patients[c.into]!)
      case 'places': {
        const stated = await stateCapacity(tx, actor, this.doctors[c.doctor]!, aCapacity({ total: c.total }), 'doctor')
        assert.ok('id' in stated, 'nobody leaves here')
        return stated.id
      }
      case 'expire':
        return expireDue(tx, actor)
    }
  }
  private wasCut(c: Command, { status }: PromiseSettledResult<unknown>): void {
    assert.equal(status, 'rejected', `${JSON.stringify(c)} was cut before its commit`)
    this.seen.cut++
  }
  /** Done: the model allows it and the rules hold at this instant. Refused: a sentence for the person, and nothing else. */
  private async judge(c: Command, now: number, result: PromiseSettledResult<unknown>, alone: boolean): Promise<void> {
    const what = JSON.stringify(c)
    const no = this.list.forbids(c, now)
    if (result.status === 'rejected') {
      const error = result.reason as Error & { code?: string }
      if (error instanceof Problem) {
        this.seen.refused++
        if (alone) assert.ok(no, `${what} was refused although nobody else was there: ${error.message}`)
      } else throw new Error(`${what}: ${error.code ?? ''} ${error.message}`)
      return
    }
    assert.equal(no, null, `${what} was done`)
    this.seen.done++
    this.list.apply(c, now, c.do === 'expire' ? await this.expired(now) : [])
    if (c.do === 'open') this.patients.push(String(result.value))
    if (c.do === 'places') this.statements.push(String(result.value))
    if (c.do === 'propose') this.proposals.push(String(result.value))
    t.now = START
    assert.deepEqual(await broken(t, this.c.id), [], `after ${what}`)
    t.now = new Date(this.now)
  }
  /** Those the worker took: the model agrees that each was waiting and late. */
  private async expired(now: number): Promise<number[]> {
    const rows = await t.owner(`select id from app.proposal where cpts_id = $1 and state = 'expired'`, [this.c.id])
    const fresh = rows.map(r => this.proposals.indexOf(String(r.id))).filter(i => this.list.proposals[i]!.state !== 'expired')
    for (const i of fresh)
      assert.ok(this.list.proposals[i]!.state === 'pending' && this.list.proposals[i]!.expires <= now, `proposal ${i} expired`)
    return fresh
  }
  /** The database says what the model says, person by person and place by place. */
  async compare(): Promise<void> {
    const patients = await t.owner(
      `select state, exit, since, doctor_membership_id as doctor, declared_on is not null as declared from app.request where cpts_id = $1 order by array_position($2::uuid[], id)`,
      [this.c.id, this.patients],
    )
    assert.deepEqual(
      patients.map(p => ({
        ...p,
        since: (p.since as Date).getTime(),
        doctor: p.doctor === null ? null : this.doctors.indexOf(String(p.doctor)),
      })),
      this.list.patients.map(({ state, exit, since, doctor, declared }) => ({ state, exit, since, doctor, declared })),
    )
    const proposals = await t.owner('select state from app.proposal where cpts_id = $1 order by array_position($2::uuid[], id)', [
      this.c.id,
      this.proposals,
    ])
    assert.deepEqual(
      proposals.map(p => p.state),
      this.list.proposals.map(p => p.state),
    )
    for (const [i, id] of this.doctors.entries()) {
      // The statement in force is the last one that was committed; those before it are in any order.
      const places = await t.owner(
        'select total, used from app.capacity where cpts_id = $1 and membership_id = $2 order by superseded_at is null, array_position($3::uuid[], id) nulls first',
        [this.c.id, id, this.statements],
      )
      assert.deepEqual(places, this.list.doctors[i])
    }
  }
}

const nat = fc.nat(5)
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 1, arbitrary: record({ do: fc.constant('open' as const), person: fc.nat(2), monthsAgo: fc.nat(12) }) },
  { weight: 2, arbitrary: record({ do: fc.constantFrom('withdraw', 'put back', 'leave', 'resume', 'admit' as const), patient: nat }) },
  { weight: 2, arbitrary: record({ do: fc.constantFrom('appoint', 'see', 'declare' as const), patient: nat }) },
  { weight: 6, arbitrary: record({ do: fc.constant('propose' as const), patient: nat, doctor: nat }) },
  { weight: 6, arbitrary: record({ do: fc.constantFrom('accept', 'accept', 'refuse' as const), proposal: nat }) },
  { weight: 2, arbitrary: record({ do: fc.constant('merge' as const), patient: nat, into: nat }) },
  { weight: 2, arbitrary: record({ do: fc.constant('places' as const), doctor: nat, total: fc.nat(2) }) },
  { weight: 1, arbitrary: record({ do: fc.constant('expire' as const) }) },
  { weight: 1, arbitrary: record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 80) }) },
) as fc.Arbitrary<Command>
/** What one person does before the others come: somebody is on the way to the end. */
const begin: fc.Arbitrary<Command> = fc.oneof(
  record({ do: fc.constantFrom('accept', 'refuse' as const), proposal: fc.nat(2) }),
  record({ do: fc.constantFrom('appoint', 'see', 'declare', 'put back' as const), patient: fc.nat(1) }),
) as fc.Arbitrary<Command>
const turn: fc.Arbitrary<Turn> = record({
  who: fc.nat(11),
  crash: fc.oneof({ weight: 40, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})
const play = record({
  people: fc.integer({ min: 2, max: 5 }),
  places: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  alone: fc.array(begin, { maxLength: 5 }),
  actors: fc.array(fc.array(command, { minLength: 2, maxLength: 8 }), { minLength: 2, maxLength: 5 }),
  turns: fc.array(turn, { minLength: 20, maxLength: 200 }),
})

describe('nobody is captured (R41)', () => {
  it(`in ${RUNS} interleavings of two to five people, some cut in the middle`, async test => {
    const total = { done: 0, refused: 0, cut: 0 }
    const reached = new Set<string>()
    await fc.assert(
      fc.asyncProperty(play, async ({ people, places, alone, actors, turns }) => {
        const w = await World.begin(people, places, alone)
        await steps.run(
          w.c.id,
          actors.map(a => w.script(a)),
          turns[Symbol.iterator](),
        )
        await w.compare()
        for (const r of await t.owner('select distinct to_state from app.request_event where cpts_id = $1', [w.c.id]))
          reached.add(String(r.to_state))
        for (const k of ['done', 'refused', 'cut'] as const) total[k] += w.seen[k]
        // The clock's worker passes once more: nothing outlives its clock.
        t.now = new Date(w.now)
        await t.within(w.c, tx => expireDue(tx, system(t)))
        await assertSound(t, w.c.id)
      }),
      { numRuns: RUNS, endOnFailure: Boolean(process.env.TRAME_FAST), ...replay },
    )
    test.diagnostic(
      `${total.done} done, ${total.refused} refused, ${total.cut} cut; states reached: ${[...reached].filter(s => s !== 'null').join(', ')}`,
    )
  })
})
