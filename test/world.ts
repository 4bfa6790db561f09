/** Two communities with people of every role and something in every table: what the tests of isolation walk through. */
import assert from 'node:assert/strict'
import { type ContractSide, contractSide } from '#areas/contract/contract.fixture.ts'
import { commune, importRun, people } from '#areas/directory/directory.fixture.ts'
import { addNote, addPartner, setRemoved } from '#areas/directory/store.ts'
import { aCapacity, aPatient, system } from '#areas/gp-access/gp-access.fixture.ts'
import { changePriority } from '#areas/gp-access/store/by-hand.ts'
import { stateCapacity } from '#areas/gp-access/store/capacities.ts'
import { changeSituation } from '#areas/gp-access/store/change.ts'
import { addWave, announce, getDeparture, joinDeparture } from '#areas/gp-access/store/departures.ts'
import { startDraft } from '#areas/gp-access/store/drafts.ts'
import { compareFundFile } from '#areas/gp-access/store/fund.ts'
import { saveOwnTexts } from '#areas/gp-access/store/interim.ts'
import { askPlan, askWhyNot } from '#areas/gp-access/store/plan-runs.ts'
import { makePlan } from '#areas/gp-access/store/plans.ts'
import { accept, appoint, declare, leave, propose, seen } from '#areas/gp-access/store/proposals.ts'
import { admit, enterRequest, type RequestInput } from '#areas/gp-access/store/requests.ts'
import { askSending } from '#areas/gp-access/store/sending.ts'
import { currentRule, saveSettings, voteRule } from '#areas/gp-access/store/settings.ts'
import { type DiagnosisSide, diagnosisSide } from '#areas/territory/diagnosis.fixture.ts'
import { decideSize, setCommunes } from '#areas/territory/store.ts'
import { type Purpose, type Role, roles } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { seal } from '#platform/audit-chain.ts'
import { dayOf } from '#platform/clock.ts'
import { run, sql, type Tx } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { mintLink } from '#platform/links.ts'
import { type PseudonymLine, pseudonymsOf } from '#platform/pseudonyms.ts'
import { BASE, type Community, type Person, type TestApp } from './app.ts'

export interface Side extends Community {
  people: Record<Role, Person>
  /** A member whom nothing depends on. */
  spare: Person
  /** The agency's delegate; `people.funder` is the fund's. */
  agency: Person
  /** By state, and `older`, `newer` (two of one person), `relative` (in a household), `mover` (whose doctor leaves). */
  requests: Record<string, string>
  numbers: Record<string, string>
  proposals: Record<'pending' | 'accepted' | 'appointed' | 'seen', string>
  tokens: Record<Purpose | 'accepted' | 'appointed' | 'seen' | 'gone' | 'appointedTracking', string>
  partner: string
  removedPartner: string
  note: string
  /** A priority changed by hand, on `prioritised`. */
  change: string
  plan: string
  /** A file of the sickness fund, compared; it finds `received`. */
  fundFile: string
  /** One that waits for a worker. */
  openPlan: string
  /** Of a doctor of his own, with a wave and a request. */
  departure: string
  departureCode: string
  wave: string
  contract: ContractSide
  diagnosis: DiagnosisSide
  rpps: string
  communes: [string, string]
  /** Not in the territory. */
  otherCommune: string
  today: string
  later: string
}
export interface WorldOptions {
  /** What the texts that people typed are made of: a canary to look for. */
  text?(where: string): string
}

const territories = {
  a: [
    { code: '91377', name: 'Massy' },
    { code: '91477', name: 'Palaiseau' },
  ],
  b: [
    { code: '03190', name: 'Moulins' },
    { code: '03321', name: 'Yzeure' },
  ],
} as const
const other = { code: '91223', name: 'Étampes' }

export async function world(t: TestApp, o: WorldOptions = {}): Promise<{ a: Side; b: Side }> {
  for (const c of [...territories.a, ...territories.b, other]) await commune(t, c.code, c.name, 10_000)
  const run = await importRun(t)
  return { a: await side(t, 'a', run, o), b: await side(t, 'b', run, o) }
}

async function side(t: TestApp, which: 'a' | 'b', run: number, { text = w => `${w} ${which}` }: WorldOptions): Promise<Side> {
  const c = await t.community(`cote-${which}`, `CPTS ${which}`)
  const actor = system(t)
  const communes = territories[which].map(x => x.code) as [string, string]
  await t.within(c, tx => setCommunes(tx, actor, communes))
  const [rpps, doctorRpps] = (await people(t, run, [
    { family: text('family'), given: 'Claude', places: [{ commune: communes[0], phone: '0169000000', name: text('place') }] },
    { family: 'Doctor', given: 'Dominique', places: [{ commune: communes[1], phone: '0169000001' }] },
  ])) as [string, string]
  const everybody = {} as Record<Role, Person>
  for (const role of roles)
    everybody[role] = await t.person(c, [role], {
      name: text(`member-${role}`),
      ...(role === 'doctor' && { rpps: doctorRpps }),
    })
  const spare = await t.person(c, ['professional'], { name: text('member-spare') })
  const leaver = await t.person(c, ['doctor'], { name: text('member-leaver') })
  const made = await t.within(c, tx => patients(tx, { t, c, communes, doctor: everybody.doctor, text }))
  const rest = await t.within(c, tx => others(tx, { t, communes, doctor: everybody.doctor, rpps, requests: made.requests, text }))
  const left = await t.within(c, tx => departure(tx, { t, communes, text, leaver, doctor: everybody.doctor, made }))
  const fund = await t.within(c, tx => fundOf(tx, { t, communes, text }))
  const agency = await t.person(c, ['funder'], { name: text('member-agency') })
  const signing = { community: everybody.board.membershipId, fund: everybody.funder.membershipId, agency: agency.membershipId }
  const contract = await t.within(c, tx => contractSide(tx, actor, text, signing))
  const diagnosis = await t.within(c, tx => diagnosisSide(tx, actor, communes[0], text))
  const links = await t.within(c, tx => tokens(tx, t, { ...made, doctor: everybody.doctor, spare, commune: communes[0] }))
  await t.within(c, tx => oddments(tx, t))
  await t.within(c, tx => audit(tx, actor, { action: 'request.list', named: [made.requests.received!] }))
  await seal(t.db, c.id)
  // After the seal, so that something waits for the next one.
  await t.within(c, tx =>
    saveSettings(tx, { proposalHours: 72, travelMinutes: 30, farMinutes: 60, capacityDays: 60, phone: '+33169000000' }, t.now),
  )
  await t.within(c, tx => decideSize(tx, actor, { size: 2, reason: text('size-reason'), decidedOn: '2026-01-05' }))
  const later = dayOf(new Date(t.now.getTime() + 20 * 86_400_000))
  const shared = { rpps, communes, otherCommune: other.code, today: dayOf(t.now), later }
  return { ...c, people: everybody, spare, agency, ...made, ...rest, ...fund, ...left, contract, diagnosis, tokens: links, ...shared }
}

interface Making {
  t: TestApp
  c: Community
  communes: readonly [string, string]
  doctor: Person
  text(where: string): string
}
async function patients(tx: Tx, { t, c, communes, doctor, text }: Making) {
  const actor = system(t)
  const site = { baseUrl: BASE, home: `/c/${c.slug}`, cptsName: c.name }
  const requests: Record<string, string> = {}
  const numbers: Record<string, string> = {}
  const proposals = {} as Side['proposals']
  await stateCapacity(tx, actor, doctor.membershipId, aCapacity({ communeCode: communes[1], total: 50, languages: ['ar'] }), 'doctor')
  const enter = async (name: string, more: Partial<RequestInput> = {}) => {
    const input = aPatient({
      birthName: text(`birthName-${name}`),
      usedName: text(`usedName-${name}`),
      givenNames: text(`givenNames-${name}`),
      proxy: { name: text(`proxyName-${name}`), kind: 'family', contact: text(`proxyContact-${name}`) },
      communeCode: communes[0],
      ...more,
    })
    const entered = await enterRequest(tx, actor, input, 'proxy', new Date(t.now.getTime() - 30 * 86_400_000))
    requests[name] = entered.id
    numbers[name] = entered.number
    return entered.id
  }
  const waiting = async (name: string, more: Partial<RequestInput> = {}) => {
    const id = await enter(name, more)
    await admit(tx, actor, id)
    return id
  }
  const sent = async (name: string) =>
    propose(tx, actor, site, { requestId: await waiting(name), membershipId: doctor.membershipId, minutes: 9 })
  await enter('received')
  await waiting('prioritised', { ald: true, languages: ['ar'] })
  await waiting('relative', { householdOf: numbers.prioritised! })
  proposals.pending = await sent('proposed')
  for (const name of ['accepted', 'appointed', 'seen'] as const) {
    proposals[name] = await sent(name)
    await accept(tx, actor, proposals[name])
    if (name !== 'accepted') await appoint(tx, actor, requests[name]!, dayOf(t.now))
    if (name === 'seen') await seen(tx, actor, requests.seen!, dayOf(t.now))
  }
  const closed = await sent('closed')
  await accept(tx, actor, closed)
  await seen(tx, actor, requests.closed!, dayOf(t.now))
  await declare(tx, actor, requests.closed!, dayOf(t.now), 'fund')
  await leave(tx, actor, await waiting('exited'), 'gave_up')
  const twice = { birthName: text('birthName-twice'), givenNames: 'Sacha', birthDate: '1990-01-01' }
  await enter('older', twice)
  await enter('newer', twice)
  await changePriority(tx, actor, requests.prioritised!, 5, text('priority-reason'))
  const { birthName: _n, usedName: _u, givenNames: _g, birthDate: _b, sex: _s, proxy: _p, consentBy: _c, ...said } = aPatient()
  await changeSituation(tx, actor, site, requests.relative!, { ...said, communeCode: communes[1], treatment: true, householdOf: null })
  return { requests, numbers, proposals }
}

type Others = Omit<Making, 'c'> & { rpps: string; requests: Record<string, string> }
async function others(tx: Tx, { t, communes, doctor, rpps, requests, text }: Others) {
  const actor = system(t)
  const facts = (name: string) => ({
    kind: 'town-hall' as const,
    name: text(name),
    commune: communes[0],
    address: text(`${name}-address`),
    phone: '+33169000002',
    email: 'mairie@exemple.fr',
    ambulances: null,
    vsl: null,
    source: text(`${name}-source`),
    verifiedAt: '2026-01-05',
  })
  const partner = await addPartner(tx, actor, facts('partner'))
  const removedPartner = await addPartner(tx, actor, facts('removed-partner'))
  await setRemoved(tx, actor, removedPartner, true)
  await addNote(tx, actor, { rpps, field: 'phone', value: '+33169000009', source: text('note-source'), verifiedAt: '2026-01-05' })
  const [note] = (await sql<{ id: string }>`select id from app.directory_note`.execute(tx)).rows
  await voteRule(tx, await currentRule(tx), text('decision'), '2026-01-05', t.now)
  const [change] = (await sql<{ id: string }>`select id from app.priority_change`.execute(tx)).rows
  const plan = await makePlan(tx, actor)
  await askWhyNot(tx, actor, { planId: plan, request: requests.prioritised!, doctor: doctor.membershipId })
  await askSending(tx, actor, plan, [requests.prioritised!])
  const { id: openPlan } = await askPlan(tx, actor, { patients: 2, doctors: 1, ruleVersion: 1 })
  return { partner, removedPartner, openPlan, note: note!.id, change: change!.id, plan }
}

type Asking = Pick<Side, 'requests' | 'numbers'>
/** A doctor who leaves, one of his patients who asked, a wave towards the other doctor. */
async function departure(
  tx: Tx,
  { t, communes, text, leaver, doctor, made }: Pick<Making, 't' | 'communes' | 'text' | 'doctor'> & { leaver: Person; made: Asking },
) {
  const actor = system(t)
  const counts = [{ communeCode: communes[0], profile: 'adult' as const, patients: 40 }]
  const { id } = await announce(tx, actor, { membershipId: leaver.membershipId, leavesOn: '2028-06-30', patients: 40, counts })
  const { id: request, number } = await enterRequest(
    tx,
    actor,
    aPatient({ birthName: text('birthName-mover'), givenNames: text('givenNames-mover'), communeCode: communes[0] }),
    'patient',
    t.now,
  )
  made.requests.mover = request
  made.numbers.mover = number
  await joinDeparture(tx, actor, id, request)
  await admit(tx, actor, request)
  const wave = await addWave(tx, actor, id, {
    criteria: ['everybody'],
    startsOn: dayOf(t.now),
    doctors: [{ membershipId: doctor.membershipId, groupName: text('group') }],
  })
  const { code } = (await getDeparture(tx, id))!
  return { departure: id, departureCode: code, wave }
}

export const FUND_KEY = 'K7QM42XD9RTBVWNC3HJF8PAE6GYS'
/** What the fund's program makes of somebody with an ALD. */
export const fundLine = (birthName: string, givenNames: string, commune: string): PseudonymLine => ({
  ...pseudonymsOf(FUND_KEY, { birthName, usedName: null, givenNames, birthDate: '1980-05-17' }),
  commune,
  ald: true,
})
/** A file of two people, one of whom waits here and did not say his ALD. */
async function fundOf(tx: Tx, { t, communes, text }: Pick<Making, 't' | 'communes' | 'text'>) {
  const lines = [fundLine(text('birthName-received'), text('givenNames-received'), communes[0]), fundLine('Inconnu', 'Ange', communes[0])]
  return { fundFile: await compareFundFile(tx, system(t), FUND_KEY, lines) }
}

type Made = Pick<Side, 'requests' | 'proposals'> & { doctor: Person; spare: Person; commune: string }
/** A public form filled in to its last page. */
const answers = (commune: string) => ({
  forWhom: ['me'],
  communeCode: [commune],
  hasDoctor: ['left'],
  birthName: ['Brouillon'],
  givenNames: ['Alex'],
  birthDate: ['1980-05-17'],
  situation: [],
  phone: ['+33169000000'],
  preferredContact: ['phone'],
})
async function tokens(tx: Tx, t: TestApp, m: Made): Promise<Side['tokens']> {
  const expiresAt = new Date(t.now.getTime() + 30 * 86_400_000)
  const link = (purpose: Purpose, subjectId: string) => mintLink(tx, { purpose, subjectId, now: t.now, expiresAt })
  const draft = await startDraft(tx, t.now, answers(m.commune))
  await run(tx, sql`update app.signed_link set expires_at = ${expiresAt} where purpose = 'draft'`)
  return {
    'sign-in': await link('sign-in', m.spare.membershipId),
    proposal: await link('proposal', m.proposals.pending),
    accepted: await link('proposal', m.proposals.accepted),
    appointed: await link('proposal', m.proposals.appointed),
    seen: await link('proposal', m.proposals.seen),
    capacity: await link('capacity', m.doctor.membershipId),
    tracking: await link('tracking', m.requests.prioritised!),
    gone: await link('tracking', m.requests.exited!),
    appointedTracking: await link('tracking', m.requests.appointed!),
    record: await link('record', m.doctor.membershipId),
    draft,
  }
}
async function oddments(tx: Tx, t: TestApp): Promise<void> {
  await run(
    tx,
    sql`insert into app.idempotency (id, actor, path, location, at) values (${randomUUIDv7()}, 'anonymous', '/', '/', ${t.now})`,
  )
  await run(
    tx,
    sql`insert into app.waiting_estimate (cell, people, served, steps, computed_at) values ('*|*|*', 40, 20, '[[5, 40, 12], [30, 20, 8]]', ${t.now})`,
  )
  await saveOwnTexts(tx, system(t), [{ route: 'slots', text: 'Appelez-nous.', phone: '+33169000001' }])
  const table = {
    by: 'age',
    month: '2026-10-01',
    people: 40,
    weeks: 6,
    rows: [{ key: '75+', label: '75 ans ou plus', people: 40, weeks: 6 }],
  }
  await run(
    tx,
    sql`insert into app.publication (month, published_at, people, tables, counts) values ('2026-10-01', ${t.now}, 40, ${JSON.stringify([table])}::jsonb, '{}')`,
  )
}

/** Every table of schema app. */
export async function appTables(t: TestApp): Promise<string[]> {
  const rows = await t.owner(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'app' and c.relkind in ('r', 'p') order by 1`,
  )
  return rows.map(r => String(r.name))
}
/** Every row of a community, one text a row; `where` leaves some out. */
export async function rowsOf(t: TestApp, cptsId: string, leaveOut: Record<string, string> = {}): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const table of await appTables(t)) {
    const rows = await t.owner(
      `select to_jsonb(x)::text as row from app.${table} x where cpts_id = $1 ${leaveOut[table] ? `and not (${leaveOut[table]})` : ''} order by 1`,
      [cptsId],
    )
    found[table] = rows.map(r => String(r.row))
  }
  return found
}
/** Rows that came, went or changed, so that a failure says which. */
export function differences(before: Record<string, string[]>, after: Record<string, string[]>): string[] {
  const lines = (a: Record<string, string[]>) => Object.entries(a).flatMap(([table, rows]) => rows.map(row => `${table} ${row}`))
  const [was, is] = [new Set(lines(before)), new Set(lines(after))]
  return [...[...was].filter(l => !is.has(l)).map(l => `- ${l}`), ...[...is].filter(l => !was.has(l)).map(l => `+ ${l}`)]
}
/** The attempts that were refused are recorded where they were made; nothing else may change there. */
export const butDenials = {
  audit_event: `action = 'access.denied'`,
  audit_unsealed: `event_id in (select id from app.audit_event where action = 'access.denied')`,
}
/** Fails by name when a table holds nothing: what is not there cannot be seen leaking. */
export async function holdsSomethingEverywhere(t: TestApp, side: Side): Promise<void> {
  const empty = Object.entries(await rowsOf(t, side.id)).filter(([, rows]) => rows.length === 0)
  assert.deepEqual(
    empty.map(([table]) => table),
    [],
    'test/world.ts puts nothing in these tables: write a row of theirs there',
  )
}
