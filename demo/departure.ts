/** In two territories a doctor leaves: announced, his letter sent, some of his patients asking each day, two waves gone, one to come. */
import { ASSUMED_SHARES, apportion, type Counted } from '#areas/gp-access/simulation/index.ts'
import { capacityOf, stateCapacity } from '#areas/gp-access/store/capacities.ts'
import { addWave, announce, getDeparture, joinDeparture, sendWave } from '#areas/gp-access/store/departures.ts'
import { admit, enterRequest, type RequestInput } from '#areas/gp-access/store/requests.ts'
import { PROFILES } from '#domain/assignment/index.ts'
import { distanceKm } from '#domain/geo.ts'
import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import { rows, sql, type Tx } from '#platform/db/types.ts'
import { Maker } from './extract.ts'
import type { Life } from './life.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** How many patients each of them follows, and how many have asked by now. */
const LEAVING: Record<string, { patients: number; asking: number }> = {
  'noe-sante': { patients: 870, asking: 48 },
  'sud-allier': { patients: 1240, asking: 64 },
}

export interface Stage {
  /** Something that happens at an instant, if it has come. */
  plan(at: number, work: (tx: Tx, actor: Actor) => Promise<void>): void
  /** What the doctor answers to a proposal, and what follows. */
  answer(proposalId: string, requestId: string, sent: number): void
  somebody(make: Maker, communeCode: string, at: number): RequestInput
}
/** The doctor who leaves, if one does: the sixth of the territory. */
export const leaverOf = (life: Life) => (LEAVING[life.slug] ? life.setup.doctors[5] : undefined)

export function depart(life: Life, { plan, answer, somebody }: Stage): void {
  const [leaver, counted] = [leaverOf(life), LEAVING[life.slug]]
  if (!leaver || !counted) return
  const make = new Maker(life.seed * 13 + 1)
  const end = life.now.getTime()
  const announcedAt = end - 45 * DAY
  const site = { baseUrl: life.baseUrl, home: `/c/${life.slug}`, cptsName: life.name }
  const communes = life.territory.communes
  const home = communes.find(c => c.code === leaver.communeCode)!
  // More of them near the practice: a quarter as many five kilometres away, a ninth at ten.
  const weights = communes.map(c => (c.population ?? 1_000) / (1 + distanceKm(home, c) / 5) ** 2)
  const around = communes.map((c, i) => ({ ...c, population: weights[i]! }))
  const day = (at: number) => dayOf(new Date(at))
  let id = ''

  plan(announcedAt, async (tx, actor) => {
    const cells = communes.flatMap((c, i) =>
      PROFILES.map(profile => ({ communeCode: c.code, profile, weight: weights[i]! * ASSUMED_SHARES[profile] })),
    )
    const numbers = apportion(
      counted.patients,
      cells.map(c => c.weight),
    )
    const counts = cells.flatMap(({ communeCode, profile }, i): Counted[] =>
      numbers[i] ? [{ communeCode, profile, patients: numbers[i]! }] : [],
    )
    const leavesOn = day(end + 128 * DAY)
    id = (await announce(tx, actor, { membershipId: leaver.membershipId, leavesOn, patients: counted.patients, counts })).id
  })
  for (let n = 0; n < counted.asking; n++) {
    // Many in the first weeks after the letter, then fewer.
    const at = announcedAt + 3 * DAY + Math.floor((make.int(1000) ** 2 / 1e6) * 40 * DAY)
    const communeCode = make.commune(around).code
    const input = somebody(make, communeCode, at)
    plan(at, async (tx, actor) => {
      const since = (await getDeparture(tx, id))!.announcedAt
      const patient: Actor = { ...actor, who: { kind: 'anonymous' } }
      const entered = await enterRequest(
        tx,
        patient,
        { ...input, doctorLeft: true, languages: [] },
        input.proxy ? 'proxy' : 'patient',
        since,
      )
      await joinDeparture(tx, patient, id, entered.id)
      plan(at + (5 + make.int(40)) * HOUR, (tx2, actor2) => admit(tx2, actor2, entered.id))
    })
  }

  // Two colleagues nearby open places for the first wave; the second asks everybody; the third is for after the winter.
  const near = life.setup.doctors
    .filter(d => d !== leaver)
    .map(d => ({ d, km: distanceKm(home, communes.find(c => c.code === d.communeCode)!) }))
    .sort((a, b) => a.km - b.km || (a.d.membershipId < b.d.membershipId ? -1 : 1))
    .slice(0, 3)
    .map(x => x.d)
  const opens = (at: number, places: number) =>
    plan(at - 2 * HOUR, async (tx, actor) => {
      for (const d of near) {
        const had = await capacityOf(tx, d.membershipId)
        const kept = {
          communeCode: d.communeCode,
          adult: null,
          child: null,
          ald: null,
          home: null,
          minAge: null,
          maxAge: null,
          communes: [],
          languages: [],
          wheelchair: true,
        }
        await stateCapacity(
          tx,
          actor,
          d.membershipId,
          { ...(had ?? kept), ...kept, total: places, until: day(end + 100 * DAY) },
          'coordinator',
        )
      }
    })
  const send = (at: number, wave: () => string) =>
    plan(at, async (tx, actor) => {
      await sendWave(tx, actor, site, wave())
      const sent = await rows<{ id: string; request: string }>(
        tx,
        sql`select q.id, q.request_id as request from app.proposal q join app.departure_request x on x.request_id = q.request_id where q.sent_at = ${actor.now}`,
      )
      for (const s of sent) answer(s.id, s.request, at)
    })
  const waves: string[] = []
  plan(announcedAt + 4 * DAY, async (tx, actor) => {
    const towards = near.map(d => ({ membershipId: d.membershipId, groupName: null }))
    waves.push(
      await addWave(tx, actor, id, { criteria: ['ald', 'home', 'age75', 'pregnancy'], startsOn: day(end - 30 * DAY), doctors: towards }),
      await addWave(tx, actor, id, { criteria: ['child'], startsOn: day(end - 12 * DAY), doctors: [] }),
      await addWave(tx, actor, id, { criteria: ['everybody'], startsOn: day(end + 40 * DAY), doctors: [] }),
    )
  })
  opens(end - 30 * DAY, 6)
  send(end - 30 * DAY, () => waves[0]!)
  opens(end - 12 * DAY, 4)
  send(end - 12 * DAY, () => waves[0]!)
  send(end - 12 * DAY + HOUR, () => waves[1]!)
  send(end - 30 * HOUR, () => waves[0]!)
}
