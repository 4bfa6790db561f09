/** The plan over HTTP: its page, explained, sent line by line. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { verify } from '#domain/assignment/index.ts'
import type { Command, CommandCtx } from '#platform/command.ts'
import { one, rows, sql } from '#platform/db/types.ts'
import { type Community, type Person, type TestApp, testApp, uuidOf } from '../../../test/app.ts'
import { commands } from './commands.ts'
import { reasonText, violationText, whyNotText } from './explain.ts'
import { aCapacity, aDoctor, aWaiting, system, withCommunes } from './gp-access.fixture.ts'
import { gpAccessArea } from './index.ts'
import { made as madeOf, work as workOf } from './plan.fixture.ts'
import { stateCapacity } from './store/capacities.ts'
import { planInput } from './store/plans.ts'
import { accept, expireDue, leave, propose, refuse } from './store/proposals.ts'
import { newHousehold } from './store/requests.ts'

let t: TestApp
let c: Community
let me: Person
const site = { baseUrl: 'http://localhost:3000', home: '/c/x', cptsName: 'CPTS d’essai' }
before(async () => {
  t = await testApp([gpAccessArea()])
  await withCommunes(t)
})
after(() => t.close())
beforeEach(async () => {
  c = await t.community()
  await withCommunes(t, c)
  me = await t.person(c, ['coordinator'], { name: 'Claire Roux' })
})
const path = (rest = '') => `/c/${c.slug}/plan${rest}`
const work = () => workOf(t, c)
const made = () => madeOf(t, c, me)
const last = async () =>
  path(`/${(await t.within(c, tx => one<{ id: string }>(tx, sql`select id from app.plan order by created_at desc, id desc limit 1`))).id}`)
const state = (id: string) =>
  t.within(c, tx => one<{ state: string }>(tx, sql`select state from app.request where id = ${id}`)).then(r => r.state)
const sent = () =>
  t.within(c, tx =>
    rows<{ request: string }>(tx, sql`select request_id as request from app.proposal where plan_id is not null order by sent_at`),
  )

describe('computing', () => {
  it('refuses without patients or places, and says which', async () => {
    assert.match((await t.get(path(), me)).text, /Personne n’attend de médecin/)
    assert.equal((await t.post(path(), {}, me)).status, 422)
    await aWaiting(t, c)
    assert.match((await t.get(path(), me)).text, /Aucun médecin n’a de place libre/)
  })
  it('shows the finding, the proof, each pair with its reason, who stays without', async () => {
    await aDoctor(t, c, { name: 'Dr Martin', total: 1 })
    await aDoctor(t, c, { name: 'Dre Petit', total: 1, communeCode: '91477' })
    await aWaiting(t, c, { birthName: 'Urgente', ald: true })
    await aWaiting(t, c, { birthName: 'Ancienne', since: new Date('2026-03-01T00:00:00Z') })
    await aWaiting(t, c, { birthName: 'Dernier' })
    const { text, status } = await t.get(await made(), me)
    assert.equal(status, 200)
    assert.match(text, /2 patients ont un médecin, 1 reste sans proposition/)
    assert.match(text, /2 patients sur 3 ont un médecin, à \d+ min en moyenne/)
    assert.match(text, /Optimal, prouvé : aucun autre plan ne fait mieux/)
    assert.match(text, /Urgente Camille/)
    assert.match(text, /Envoyer les propositions/)
    assert.match(text, /Il repose sur la liste et les places du 22\/11\/2026 à 10 h/)
    const without = (await t.get(`${await last()}?etat=sans`, me)).text
    assert.match(without, /Dernier Camille .* Les 2 médecins qui conviennent n’ont plus de place/)
    assert.doesNotMatch(without, /Urgente|Envoyer les propositions/)
    const plans = (await t.get(path(), me)).text
    assert.match(plans, /Terminé 3 2 Optimal, prouvé Pas envoyées/)
  })
  it('is for coordinators of this community', async () => {
    await aDoctor(t, c)
    await aWaiting(t, c)
    const plan = await made()
    for (const role of ['doctor', 'board', 'funder'] as const) assert.equal((await t.get(plan, await t.person(c, [role]))).status, 404)
    const other = await t.community()
    const theirs = await t.person(other, ['coordinator'])
    const id = plan.split('/').at(-1)!
    assert.equal((await t.get(`/c/${other.slug}/plan/${id}`, theirs)).status, 404)
    assert.equal((await t.post(`/c/${other.slug}/plan/${id}/envoyer`, { all: 'yes' }, theirs)).status, 404)
    assert.equal((await t.get(path('/rien'), me)).status, 404)
  })
})

describe('sending', () => {
  it('sends the ticked lines once, and says so on the plan', async () => {
    await aDoctor(t, c, { total: 3 })
    const [a, b] = [await aWaiting(t, c, { birthName: 'Cochée' }), await aWaiting(t, c, { birthName: 'Décochée' })]
    const plan = await made()
    await t.get(plan, me)
    assert.equal((await t.post(`${plan}/envoyer`, {}, me)).status, 422)
    const done = await t.post(`${plan}/envoyer`, { line: [a.id] }, me)
    assert.match((await t.get(done.location!, me)).text, /1 proposition est partie.*72 heures/)
    assert.deepEqual([await state(a.id), await state(b.id)], ['proposed', 'prioritised'])
    const again = await t.post(`${plan}/envoyer`, { line: [a.id] }, me)
    assert.match((await t.get(again.location!, me)).text, /étaient déjà parties/)
    assert.equal((await sent()).length, 1)
    const { text } = await t.get(plan, me)
    assert.match(text, /1 proposition envoyée/)
    assert.doesNotMatch(text, /ont changé depuis ce plan/)
  })
  it('reports what moved on, sends the others, and says that the plan is out of date', async () => {
    const doctor = await aDoctor(t, c, { name: 'Dr Ailleurs', total: 9 })
    const stays = await aWaiting(t, c, { birthName: 'Reste' })
    const gone = await aWaiting(t, c, { birthName: 'Parti' })
    const taken = await aWaiting(t, c, { birthName: 'Devancé' })
    const plan = await made()
    assert.doesNotMatch((await t.get(plan, me)).text, /ont changé depuis ce plan/)
    await t.within(c, tx => leave(tx, system(t), gone.id, 'gave_up'))
    await t.within(c, tx => propose(tx, system(t), site, { requestId: taken.id, membershipId: doctor.membershipId, minutes: 5 }))
    assert.match((await t.get(plan, me)).text, /La liste ou les places ont changé depuis ce plan/)
    const { status, text } = await t.post(`${plan}/envoyer`, { all: 'yes' }, me)
    assert.equal(status, 200)
    assert.match(text, /1 proposition est partie/)
    assert.match(text, /Ce qui n’est pas parti 2/)
    assert.match(text, /Parti Camille .*« Sortie de la liste »/)
    assert.match(text, /Devancé Camille .*« Proposée à un médecin »/)
    assert.deepEqual(await sent(), [{ request: stays.id }])
  })
  it('never sends above the places a doctor has left, nor to one whose statement is over', async () => {
    const doctor = await aDoctor(t, c, { name: 'Dr Réduit', total: 3 })
    for (let i = 0; i < 3; i++) await aWaiting(t, c)
    const plan = await made()
    await t.get(plan, me)
    await t.within(c, tx => stateCapacity(tx, system(t), doctor.membershipId, aCapacity({ total: 1 }), 'coordinator'))
    const { text } = await t.post(`${plan}/envoyer`, { all: 'yes' }, me)
    assert.match(text, /1 proposition est partie/)
    assert.match(text, /Dr Réduit n’a plus de place/)
    assert.equal((await sent()).length, 1)
  })
})

describe('who is asked again', () => {
  const excluded = async (id: string) => (await t.within(c, tx => planInput(tx, t.now))).patients.find(p => p.id === id)!.excluded
  const desk = (id: string, step: string, reason: string) => t.post(`/c/${c.slug}/demandes/${id}/${step}`, { reason }, me)
  it('not after his no, his silence, his wish or the patient’s; again after a withdrawal by the coordination', async () => {
    const doctor = await aDoctor(t, c, { total: 9 })
    for (const [step, reason, out] of [
      ['retirer', 'withdrawn', false],
      ['retirer', 'other_doctor', false],
      ['retirer', 'patient_declined', true],
      ['retirer', 'doctor_asked', true],
      ['remettre', 'no_show', false],
      ['remettre', 'unreachable_pair', false],
      ['remettre', 'doctor_gave_up', true],
      ['remettre', 'patient_declined', true],
    ] as const) {
      const { id } = await aWaiting(t, c)
      const proposal = await t.within(c, tx =>
        propose(tx, system(t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 5 }),
      )
      if (step === 'remettre') await t.within(c, tx => accept(tx, system(t), proposal))
      assert.equal((await desk(id, step, reason)).status, 303)
      assert.deepEqual(await excluded(id), out ? [doctor.membershipId] : [], `${step}, ${reason}`)
    }
    const [no, silence] = [await aWaiting(t, c), await aWaiting(t, c)]
    for (const { id } of [no, silence]) {
      const p = await t.within(c, tx => propose(tx, system(t), site, { requestId: id, membershipId: doctor.membershipId, minutes: 5 }))
      await t.within(c, async tx => (id === no.id ? refuse(tx, system(t), p, 'full') : expireDue(tx, { ...system(t), now: later(t, 73) })))
      assert.deepEqual(await excluded(id), [doctor.membershipId])
    }
  })
})
const later = (app: TestApp, hours: number) => new Date(app.now.getTime() + hours * 3600_000)

describe('why not', () => {
  it('names the constraint, or what the others would lose', async () => {
    const near = await aDoctor(t, c, { name: 'Dr Près', total: 1 })
    const far = await aDoctor(t, c, { name: 'Dr Étampes', communeCode: '91223' })
    const urgent = await aWaiting(t, c, { birthName: 'Urgente', ald: true })
    const other = await aWaiting(t, c, { birthName: 'Autre' })
    const plan = await made()
    await t.get(plan, me)
    const ask = async (patient: string, doctor: string) => {
      const done = await t.post(`${plan}/pourquoi`, { patient, doctor }, me)
      return done.location ? t.get(done.location, me) : done
    }
    assert.match((await ask(other.id, far.membershipId)).text, /Il est à \d+ min \(estimation\) ; la limite de ce patient est de 30 min/)
    const waiting = await ask(other.id, near.membershipId)
    assert.match(waiting.text, /recalculée avec cette paire imposée/, 'nothing is solved while a page is being made')
    await work()
    assert.match(
      (await t.get(`${plan}/pourquoi?patient=${other.id}&medecin=${near.membershipId}`, me)).text,
      /C’est possible, mais le plan entier y perdrait : 30 points servis de moins/,
    )
    assert.match((await ask(urgent.id, near.membershipId)).text, /C’est le médecin que le plan propose/)
    assert.equal((await ask('rien', near.membershipId)).status, 404)
    assert.equal((await ask(uuidOf('nobody'), near.membershipId)).status, 404)
    assert.equal((await t.get(`${plan}/pourquoi?patient=${other.id}`, await t.person(c, ['doctor']))).status, 404)
  })
  it('says when the patient no longer waits', async () => {
    await aDoctor(t, c)
    const { id } = await aWaiting(t, c)
    const plan = await made()
    await t.get(plan, me)
    await t.within(c, tx => leave(tx, system(t), id, 'has_doctor'))
    assert.match((await t.get(`${plan}/pourquoi?patient=${id}`, me)).text, /n’attend plus de médecin/)
  })
  it('keeps a household together and says it', async () => {
    await aDoctor(t, c, { name: 'Dr Seul', total: 1 })
    await aDoctor(t, c, { name: 'Dre Famille', total: 2, communeCode: '91477' })
    const [a, b] = [await aWaiting(t, c, { birthName: 'Père' }), await aWaiting(t, c, { birthName: 'Fille' })]
    await t.within(c, tx => newHousehold(tx, system(t), [a.id, b.id]))
    const { text } = await t.get(await made(), me)
    assert.match(text, /chaque foyer a un seul médecin/)
    assert.match(text, /Avec son foyer : Fille Camille/)
  })
})

describe('words', () => {
  it('say every constraint and every reason without a code', () => {
    const offered = {
      excluded: 'x',
      profile: '0',
      age: '16-75',
      commune: '91377',
      language: 'en, pt',
      wheelchair: 'no',
      travelUnknown: 'x',
      travelCap: '42',
    }
    const needed = {
      excluded: 'x',
      profile: 'home',
      age: '82',
      commune: '91377',
      language: 'ar',
      wheelchair: 'yes',
      travelUnknown: 'patient',
      travelCap: '30',
    }
    for (const k of Object.keys(offered) as (keyof typeof offered)[]) {
      const words = violationText({ constraint: k, needed: needed[k], offered: offered[k] })
      assert.match(words, /^[A-ZÀ-Ý].*\.$/u)
      assert.doesNotMatch(words, /undefined|null/)
    }
    assert.match(reasonText({ kind: 'nobodyCan', eliminated: { travelCap: 3, language: 1 } }), /3 trop loin, 1 ne parle pas la langue/)
    assert.match(reasonText({ kind: 'nobodyCan', eliminated: {} }), /Aucun médecin n’a déclaré de place/)
    assert.match(whyNotText({ kind: 'cost', priority: 0, splits: 0, minutes: 0, exact: true }), /aussi bien/)
    assert.match(
      whyNotText({ kind: 'cost', priority: 0, splits: 1, minutes: -4, exact: false }),
      /1\sfoyer de plus à séparer, contre 4.min de trajet de moins\. \(Comparaison/,
    )
  })
})

describe('the command', () => {
  const run = async (name: string, o: { args?: string[]; options?: Record<string, string>; flags?: string[] }) => {
    const said: string[] = []
    const command = commands.find(x => x.name === name) as Command
    const ctx = {
      now: t.now,
      args: o.args ?? [],
      option: (n: string) => o.options?.[n],
      flag: (n: string) => o.flags?.includes(n) ?? false,
      say: (line: string) => said.push(line),
      signal: new AbortController().signal,
      db: async () => t.db,
    } as unknown as CommandCtx
    return { code: await command.run(ctx), said }
  }
  it('gives the plan in words, as JSON, and the instance any solver can be given', async () => {
    await aDoctor(t, c, { name: 'Dr Martin', total: 1 })
    const { id } = await aWaiting(t, c, { ald: true })
    await aWaiting(t, c)
    const options = { cpts: c.slug }
    const words = (await run('assign', { options })).said.join('\n').replace(/[\u00a0\u202f]/g, ' ')
    assert.match(words, /1 patient a un médecin, 1 sans proposition/)
    assert.match(words, /Points servis : 31 \(borne : 31\)/)
    assert.match(words, new RegExp(`${id}  31 points  5 min  Dr Martin`))
    assert.doesNotMatch(words, /Tissier|Camille/)
    const instance = JSON.parse((await run('assign', { options, flags: ['instance'] })).said[0]!)
    const plan = JSON.parse((await run('assign', { options, flags: ['json'] })).said[0]!)
    assert.equal(instance.format, 'trame-assignment/1')
    assert.equal(verify(instance, plan).ok, true)
    await assert.rejects(run('assign', { options: { cpts: 'personne' } }), /Aucune communauté/)
    assert.equal((await t.within(c, tx => one<{ n: number }>(tx, sql`select count(*)::int as n from app.plan`))).n, 0)
  })
  it('prints the columns of an import, and refuses a file that is not there', async () => {
    const { said } = await run('import requests', { flags: ['columns'] })
    assert.match(said.at(-1)!, /^nom de naissance;nom utilisé;prénoms/)
    await assert.rejects(run('import requests', { args: ['/rien.csv'], options: { cpts: c.slug } }), /n’existe pas/)
  })
})
