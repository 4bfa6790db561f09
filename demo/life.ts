/** Fourteen weeks of a community, event by event, through the same functions as the screens: no row is written by hand. */

import type { Interim } from '#areas/gp-access/interim.ts'
import { refusals } from '#areas/gp-access/rules.ts'
import { chosenOf, ruleFrom } from '#areas/gp-access/standing.ts'
import { changePriority, changesOf, undoChange } from '#areas/gp-access/store/by-hand.ts'
import { stateCapacity } from '#areas/gp-access/store/capacities.ts'
import { markInterim, saveOwnTexts } from '#areas/gp-access/store/interim.ts'
import { makePlan, planPairs } from '#areas/gp-access/store/plans.ts'
import { accept, appoint, declare, expireDue, leave, propose, putBack, refuse, seen } from '#areas/gp-access/store/proposals.ts'
import { publishWaits } from '#areas/gp-access/store/publications.ts'
import { admit, enterRequest, getRequest, move, newHousehold, type RequestInput } from '#areas/gp-access/store/requests.ts'
import { adoptRule } from '#areas/gp-access/store/rule-change.ts'
import { currentRule } from '#areas/gp-access/store/settings.ts'
import { estimateWaits } from '#areas/gp-access/store/waiting.ts'
import type { Actor } from '#platform/audit.ts'
import { dayOf } from '#platform/clock.ts'
import type { Database } from '#platform/db/database.ts'
import { rows, run, sql, type Tx } from '#platform/db/types.ts'
import { Problem } from '#platform/errors.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { depart, leaverOf } from './departure.ts'
import { Maker, type Territory } from './extract.ts'
import { families, men, title, women } from './names.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const WEEKS = 14

export interface Setup {
  coordinator: Actor['who'] & { kind: 'member' }
  doctors: { membershipId: string; communeCode: string }[]
}
export interface Life {
  db: Database
  cptsId: string
  slug: string
  name: string
  territory: Territory
  setup: Setup
  now: Date
  baseUrl: string
  seed: number
  phone: string | null
}
/** How many people ask in fourteen weeks. */
const ARRIVALS: Record<string, number> = {
  'noe-sante': 260,
  'marseille-2-3': 280,
  'vexin-normand': 150,
  'sud-allier': 150,
  'grand-versailles': 320,
}

/** More places a doctor, where few doctors are members. */
const MORE_PLACES: Record<string, number> = { 'grand-versailles': 2 }

interface Event {
  at: number
  run(tx: Tx, actor: Actor): Promise<void>
}

export async function live(life: Life): Promise<void> {
  const make = new Maker(life.seed * 7 + 3)
  const end = life.now.getTime()
  const begin = end - WEEKS * 7 * DAY
  const site = { baseUrl: life.baseUrl, home: `/c/${life.slug}`, cptsName: life.name }
  const events: Event[] = []
  /** Only what has happened by now; the rest is for whoever opens the demonstration. */
  const plan = (at: number, work: Event['run']) => {
    if (at < end) events.push({ at, run: work })
  }
  const by = (who: Actor['who'], at: number): Actor => ({ who, now: new Date(at), requestId: 'demo' })
  const doctorActor = (at: number, proposalId: string) =>
    by({ kind: 'link', linkId: randomUUIDv7(), purpose: 'proposal', subjectId: proposalId }, at)
  const patientActor = (at: number, requestId: string) =>
    by({ kind: 'link', linkId: randomUUIDv7(), purpose: 'tracking', subjectId: requestId }, at)
  const system = (at: number) => by({ kind: 'system', job: 'demo' }, at)

  for (const [i, doctor] of life.setup.doctors.entries()) statements(i, doctor)
  for (let n = 0, left = ARRIVALS[life.slug] ?? 150; n < left; n++) arrival(begin + make.int(end - begin))
  // Six weeks ago the general meeting gave more weight to isolation and pregnancy; older plans keep the first rule.
  plan(end - 42 * DAY, async (tx, actor) => {
    const before = await currentRule(tx)
    const rule = ruleFrom({ ...chosenOf(before), isolation: 10, pregnancy: 20 }, before)
    const day = dayOf(new Date(actor.now.getTime() - 2 * DAY))
    await adoptRule(tx, actor, { rule, seen: before.version, decision: `${before.decision} bis`, decidedOn: day })
  })
  // A plan every other week, the last one yesterday, and the worker that lets the clocks run out every day.
  for (let at = end - 28 * HOUR; at > begin + 7 * DAY; at -= 14 * DAY) plan(at, sendPlan)
  for (let at = begin; at < end; at += DAY) plan(at, (tx, actor) => expireDue(tx, system(actor.now.getTime())).then(() => {}))

  depart(life, {
    plan,
    answer,
    somebody: (m, communeCode, at) => somebody(m, title(m.pick(families)), communeCode, ageOf(m), at),
  })

  while (events.length) {
    events.sort((a, b) => b.at - a.at)
    // A day in one transaction: fast, and nothing is seen of a day half played.
    const today = events.at(-1)!.at + DAY
    await life.db.inTenant(life.cptsId, async tx => {
      // A plan made when the tables were empty reads them from end to end; nothing else tells PostgreSQL that they have grown.
      await run(tx, sql`discard plans`)
      while (events.length && events.at(-1)!.at < today) {
        const event = events.pop()!
        await event.run(tx, by(life.setup.coordinator, event.at))
        events.sort((a, b) => b.at - a.at)
      }
    })
  }
  await life.db.inTenant(life.cptsId, meanwhile)
  await life.db.inTenant(life.cptsId, byHand)
  await life.db.inTenant(life.cptsId, async tx => {
    await estimateWaits(tx, system(end))
    // Each month that ended was published then, as it was known then.
    for (let at = begin; at <= end; at += DAY) if (dayOf(new Date(at)).endsWith('-01')) await publishWaits(tx, system(at))
  })
  // What left in the past left then: the mailbox is not flooded, only today's messages wait.
  await life.db.inTenant(life.cptsId, tx =>
    run(
      tx,
      sql`update app.message set state = 'sent', sent_at = created_at where state = 'waiting' and created_at < ${new Date(end - HOUR)}`,
    ),
  )

  /** Some have used what they are offered while they wait; the community has a number of its own for what cannot wait. */
  async function meanwhile(tx: Tx): Promise<void> {
    const own =
      'Appelez le numéro ci-dessous, du lundi au samedi\u202f: une place est gardée chaque jour dans un cabinet du territoire. La nuit et le dimanche\u202f: le 15.'
    await saveOwnTexts(tx, by(life.setup.coordinator, begin), [{ route: 'slots', text: own, phone: life.phone }])
    const chance = new Maker(life.seed * 11 + 5)
    const waiting = await rows<{ id: string; route: Interim; since: Date }>(
      tx,
      sql`select i.request_id as id, i.route, r.since from app.interim_route i join app.request r on r.id = i.request_id where r.state = 'prioritised' order by r.since, r.id, i.route`,
    )
    for (const { id, route, since } of waiting.filter(() => chance.chance(0.12))) {
      const at = Math.max(end - (1 + chance.int(20)) * DAY, Math.min(end, since.getTime() + DAY))
      await markInterim(tx, chance.chance(0.7) ? patientActor(at, id) : by(life.setup.coordinator, at), id, route, true)
    }
  }

  /** What the rule does not see: a few priorities changed by hand, one of them taken back. */
  async function byHand(tx: Tx): Promise<void> {
    const waiting = await rows<{ id: string; since: Date }>(
      tx,
      sql`select id, since from app.request where state = 'prioritised' order by since, id limit 40`,
    )
    for (const [i, { points, reason, undone }] of HAND.entries()) {
      const request = waiting[i * 7 + 3]
      if (!request) continue
      const at = Math.max(end - (20 - 4 * i) * DAY, request.since.getTime() + HOUR)
      await changePriority(tx, by(life.setup.coordinator, Math.min(at, end)), request.id, points, reason)
      if (!undone) continue
      const [change] = await changesOf(tx, request.id)
      await undoChange(tx, by(life.setup.coordinator, Math.min(at + 2 * DAY, end)), request.id, change!.id)
    }
  }

  function statements(i: number, doctor: Setup['doctors'][number]) {
    const profile = make.int(6)
    const capacity = (at: number): Parameters<typeof stateCapacity>[3] => ({
      communeCode: doctor.communeCode,
      total: (i % 7 === 0 ? 2 + make.int(6) : 1 + make.int(2)) + (MORE_PLACES[life.slug] ?? 0),
      adult: null,
      child: profile === 1 ? 0 : null,
      ald: profile === 2 ? 2 : null,
      home: profile === 3 ? 1 : profile === 4 ? 0 : make.chance(0.5) ? 0 : null,
      minAge: null,
      maxAge: profile === 5 ? 75 : null,
      communes: [],
      languages: LANGUAGES.filter(() => make.chance(0.12)),
      wheelchair: make.chance(0.7),
      until: new Date(at + 60 * DAY).toISOString().slice(0, 10),
    })
    const state = (at: number) =>
      plan(
        at,
        async (tx, actor) =>
          void (await stateCapacity(
            tx,
            by({ kind: 'link', linkId: randomUUIDv7(), purpose: 'capacity', subjectId: doctor.membershipId }, actor.now.getTime()),
            doctor.membershipId,
            capacity(at),
            'doctor',
          )),
      )
    if (make.chance(0.8)) state(begin + make.int(20 * DAY))
    // One doctor in five has not answered again: his places are shown as expired.
    if (make.chance(0.8) && doctor !== leaverOf(life)) state(end - make.int(25 * DAY))
  }

  function arrival(at: number) {
    const commune = make.commune(life.territory.communes)
    const people = make.chance(0.16) ? 2 + make.int(3) : 1
    const family = title(make.pick(families))
    const ids: string[] = []
    for (let n = 0; n < people; n++) {
      const input = somebody(make, family, commune.code, people > 1 ? (n < 2 ? 28 + make.int(30) : make.int(15)) : ageOf(make), at)
      plan(at + n * 5 * 60_000, async (tx, actor) => {
        const { id } = await enterRequest(
          tx,
          input.proxy ? by({ kind: 'anonymous' }, actor.now.getTime()) : by({ kind: 'anonymous' }, actor.now.getTime()),
          input,
          input.proxy ? 'proxy' : 'patient',
        )
        ids.push(id)
        if (ids.length === people && people > 1) await newHousehold(tx, by(life.setup.coordinator, actor.now.getTime()), ids)
        check(id, actor.now.getTime() + (4 + make.int(60)) * HOUR)
      })
    }
  }
  /** The coordinator opens it: mostly admissible, sometimes something is missing, sometimes it leaves. */
  function check(id: string, at: number) {
    const roll = make.int(100)
    plan(at, async (tx, actor) => {
      await getRequest(tx, actor, id)
      if (roll < 84) await admit(tx, actor, id)
      else if (roll < 91) await move(tx, actor, id, { to: 'incomplete', reason: 'Numéro de téléphone à confirmer' })
      else
        await leave(
          tx,
          actor,
          id,
          (['unreachable', 'has_doctor', 'redirected_dac', 'redirected_mas', 'out_of_territory'] as const)[roll % 5]!,
        )
    })
  }

  async function sendPlan(tx: Tx, actor: Actor): Promise<void> {
    const planId = await makePlan(tx, actor)
    // The last plan is only begun: the list that a newcomer opens must have people to place.
    const kept = end - actor.now.getTime() < 7 * DAY ? 0.4 : 0.8
    for (const pair of await planPairs(tx, planId)) {
      if (!make.chance(kept)) continue
      const proposalId = await propose(tx, actor, site, {
        requestId: pair.patient,
        membershipId: pair.doctor,
        minutes: pair.minutes,
        planId,
      })
      answer(proposalId, pair.patient, actor.now.getTime())
    }
    await run(tx, sql`update app.plan set sent_at = ${actor.now} where id = ${planId}`)
  }
  function answer(proposalId: string, requestId: string, sent: number) {
    const roll = make.int(100)
    const at = sent + (1 + make.int(70)) * HOUR
    // Silence: the clock runs out by itself.
    if (roll >= 84) return
    going(at, proposalId, 'pending', async tx => {
      const actor = doctorActor(at, proposalId)
      if (roll >= 64) return void (await refuse(tx, actor, proposalId, make.pick(refusals)))
      if (!(await tried(tx, () => accept(tx, actor, proposalId)))) return void (await refuse(tx, actor, proposalId, 'full'))
      if (roll === 0)
        going(at + 3 * DAY, proposalId, 'accepted', tx2 => putBack(tx2, doctorActor(at + 3 * DAY, proposalId), requestId, 'doctor_gave_up'))
      else if (roll < 58) visit(proposalId, requestId, at)
    })
  }
  /** A step of a proposal, unless it was stopped meanwhile: its doctor announced that he leaves. */
  function going(at: number, proposalId: string, state: 'pending' | 'accepted', work: (tx: Tx) => Promise<unknown>) {
    plan(at, async tx => {
      const [still] = await rows(tx, sql`select 1 from app.proposal where id = ${proposalId} and state = ${state}`)
      if (still) await work(tx)
    })
  }
  function visit(proposalId: string, requestId: string, at: number) {
    const called = at + (1 + make.int(4)) * DAY
    const day = called + (3 + make.int(18)) * DAY
    const iso = (t: number) => new Date(t).toISOString().slice(0, 10)
    const step = (when: number, work: (tx: Tx) => Promise<unknown>) => going(when, proposalId, 'accepted', work)
    step(called, tx => appoint(tx, doctorActor(called, proposalId), requestId, iso(day)))
    if (make.chance(0.1)) return
    step(day + 8 * HOUR, tx => seen(tx, doctorActor(day + 8 * HOUR, proposalId), requestId, iso(day)))
    if (make.chance(0.2)) return
    const later = day + (1 + make.int(6)) * DAY
    const byPatient = make.chance(0.4)
    step(later, tx =>
      declare(
        tx,
        byPatient ? patientActor(later, requestId) : doctorActor(later, proposalId),
        requestId,
        iso(later),
        byPatient ? 'patient' : 'doctor',
      ),
    )
  }
}

/** False when it was refused (no place left): then nothing of it stays. */
async function tried(tx: Tx, work: () => Promise<unknown>): Promise<boolean> {
  await run(tx, sql`savepoint tried`)
  try {
    await work()
    return true
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    await run(tx, sql`rollback to savepoint tried`)
    return false
  }
}
const HAND = [
  { points: 15, reason: 'Sort d’hébergement d’urgence à la fin du mois, sans proche sur place.', undone: false },
  { points: 10, reason: 'La personne qui l’aide part vivre dans une autre région en janvier.', undone: false },
  { points: -10, reason: 'Est suivi par son ancien médecin jusqu’à l’été, à sa demande.', undone: false },
  { points: 10, reason: 'Deux demandes d’un même foyer à rapprocher.', undone: true },
] as const
const LANGUAGES = ['ar', 'en', 'es', 'pt', 'tr', 'ro', 'uk', 'fsl']
/** Those who look for a doctor are older than the population, and have young families among them. */
function ageOf(make: Maker): number {
  const r = make.int(100)
  return r < 12 ? make.int(16) : r < 45 ? 18 + make.int(32) : r < 75 ? 50 + make.int(25) : 75 + make.int(20)
}
function somebody(make: Maker, family: string, communeCode: string, age: number, at: number): RequestInput {
  const woman = make.chance(0.55)
  const p = (below: number) => make.int(100) < below
  const born = new Date(at - (age * 365.25 + make.int(365)) * DAY).toISOString().slice(0, 10)
  const proxy = p(24)
  const old = age >= 70
  return {
    birthName: family,
    usedName: woman && age > 40 && p(30) ? title(make.pick(families)) : null,
    givenNames: title(make.pick(woman ? women : men)),
    birthDate: born,
    sex: woman ? 'F' : 'M',
    // The range that ARCEP keeps for fiction (06 39 98).
    phone: proxy && p(40) ? null : `+3363998${make.digits(4)}`,
    email: p(55) ? `patient.${make.digits(6)}@exemple.fr` : null,
    communeCode,
    preferredContact: proxy && p(60) ? 'proxy' : 'phone',
    ald: p(old ? 48 : age > 45 ? 22 : 6),
    treatment: p(old ? 70 : 25),
    specialist: p(old ? 45 : 15),
    pregnancy: woman && age >= 20 && age <= 42 && p(9),
    reducedMobility: p(old ? 35 : 5),
    homeVisit: p(age >= 80 ? 28 : old ? 8 : 1),
    precarity: p(14),
    isolation: p(old ? 25 : 8),
    doctorLeft: p(46),
    hospitalExit: p(old ? 10 : 3),
    languages: p(7) ? [make.pick(LANGUAGES)] : [],
    wheelchair: p(old ? 8 : 2),
    farther: p(30),
    proxy: proxy
      ? {
          name: make.pick([
            'Pharmacie des Tilleuls',
            'Cabinet infirmier des Lilas',
            'CCAS',
            'Fille de la personne',
            'Fils de la personne',
            'Maison France Services',
          ]),
          kind: make.pick(['pharmacist', 'nurse', 'town_hall', 'family', 'social'] as const),
          contact: `01 99 00 ${make.digits(2)} ${make.digits(2)}`,
        }
      : null,
    consentBy: proxy ? 'proxy' : 'patient',
    householdOf: null,
  }
}
