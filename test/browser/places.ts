/** Every page of the manifest, with the identifiers of a demonstration community and somebody who may open it. */
import assert from 'node:assert/strict'
import { memberOf, someMinutes } from '#areas/contract/contract.fixture.ts'
import { freeze } from '#areas/contract/frozen.ts'
import {
  accountOf,
  confirmRule,
  lockAnnex,
  openReview,
  prepareReview,
  recordedSteps,
  reviewOf,
  writeComment,
  writeMinutes,
} from '#areas/contract/store.ts'
import { addWave, announce, getDeparture } from '#areas/gp-access/store/departures.ts'
import { startDraft } from '#areas/gp-access/store/drafts.ts'
import { compareFundFile } from '#areas/gp-access/store/fund.ts'
import { makePlan } from '#areas/gp-access/store/plans.ts'
import { enterRequest, getRequest } from '#areas/gp-access/store/requests.ts'
import { askSending, stopSending } from '#areas/gp-access/store/sending.ts'
import { listMembersByRole } from '#areas/people/store.ts'
import { fileOf } from '#areas/territory/diagnosis.fixture.ts'
import { figures, startImport } from '#areas/territory/store.ts'
import { type Access, type Purpose, type Role, roles } from '#platform/access.ts'
import { dayOf } from '#platform/clock.ts'
import { maybe, one, run, sql, type Tx } from '#platform/db/types.ts'
import { mintLink } from '#platform/links.ts'
import type { Posture } from '#platform/page.ts'
import { areas } from '../../src/areas.ts'
import { FUND_KEY, fundLine } from '../world.ts'
import type { Stage } from './browser.ts'
import { system } from './scenes.ts'

export interface Place {
  /** As the manifest writes it. */
  route: string
  address: string
  posture: Posture
  access: Access
  /** The membership that opens it; null for a visitor. */
  as: string | null
}

/** What identifiers are replaced by; everything of one community. */
interface Names {
  slug: string
  ids: Record<string, string>
}

export async function places(stage: Stage, slug: string): Promise<Place[]> {
  const c = await stage.community(slug)
  const { names, coordinator, doctor, others } = await stage.db.inTenant(c.id, tx => namesOf(tx, slug))
  const found: Place[] = []
  for (const route of areas({ demo: true }).flatMap(a => a.routes)) {
    if (route.kind !== 'page' && route.kind !== 'site') continue
    const role =
      route.access.kind === 'member'
        ? (['coordinator', 'doctor', ...roles] as const).find(r => (route.access as { roles: readonly Role[] }).roles.includes(r))
        : null
    const as =
      role === 'coordinator'
        ? coordinator
        : role === 'doctor'
          ? doctor
          : role
            ? (others[role] ?? assert.fail(`${slug} has no ${role}`))
            : null
    const posture = ('posture' in route && route.posture) || (as ? 'desk' : 'site')
    found.push({ route: route.path, address: fill(route.path, names), posture, access: route.access, as })
  }
  return found.sort((a, b) => (a.route < b.route ? -1 : 1))
}

function fill(path: string, { slug, ids }: Names): string {
  const parts = path.split('/')
  const filled = parts.map((part, i) => {
    if (part === ':cpts') return slug
    if (!part.startsWith(':')) return part
    // « demandes/:id » or, for a page that needs a state of its own, « demandes/:id/reunir ».
    const key = `${parts[i - 1]}/${part}`
    return (
      ids[`${key}/${parts[i + 1]}`] ??
      ids[key] ??
      assert.fail(`${path}: test/browser/places.ts does not know what « ${key} » names; teach it`)
    )
  })
  return filled.join('/') + (ids[`?${parts.slice(-2).join('/')}`] ?? ids[`?${parts.at(-1)}`] ?? '')
}

async function namesOf(tx: Tx, slug: string) {
  const now = new Date()
  const first = async (role: Role) => (await listMembersByRole(tx, role))[0]?.id
  const id = async (what: ReturnType<typeof sql>, name: string) =>
    (await maybe<{ id: string }>(tx, what as never))?.id ?? assert.fail(`${slug} has no ${name}`)
  const request = (state: string) =>
    id(sql`select id from app.request where state = ${state} order by since desc, id limit 1`, `request ${state}`)
  const link = (purpose: Purpose, subjectId: string) =>
    mintLink(tx, { purpose, subjectId, now, expiresAt: new Date(now.getTime() + 3600_000) })
  const pending = await one<{ id: string; membershipId: string }>(
    tx,
    sql`select id, membership_id as "membershipId" from app.proposal where state = 'pending' and expires_at > now() order by sent_at desc, id limit 1`,
  )
  const commune = await id(sql`select commune_code as id from app.territory_commune order by commune_code limit 1`, 'commune')
  const coordinator = (await first('coordinator')) ?? assert.fail(`${slug} has no coordinator`)
  const unsure = await twice(tx, await request('prioritised'))
  // Last of what changes the list: the plan rests on it as it is.
  const plan = await makePlan(tx, system())
  const pair = await id(
    sql`select request_id as id from app.plan_line where plan_id = ${plan} and membership_id is not null order by rank limit 1`,
    'pair',
  )
  // Stopped before a worker hears of it: the list stays as it is.
  await askSending(tx, system(), plan, [pair])
  await stopSending(tx, system(), plan)
  const figure = (await figures(tx, { code: 'no-gp' })).find(f => f.level === 'community') ?? assert.fail(`${slug} has no figure`)
  const { year } = figure
  const departure =
    (await maybe<{ id: string; code: string }>(
      tx,
      sql`select id, code from app.departure where cancelled_at is null order by leaves_on desc, id limit 1`,
    )) ?? assert.fail(`${slug} has no departure`)
  const answers = {
    forWhom: ['other'],
    communeCode: [commune],
    hasDoctor: ['no'],
    proxyKind: ['family'],
    proxyName: ['Dominique Essai'],
    proxyContact: ['01 99 00 00 01'],
    birthName: ['Essai'],
    givenNames: ['Camille'],
    birthDate: ['1958-03-14'],
    situation: ['ald'],
    phone: ['+33199000002'],
    preferredContact: ['phone'],
  }
  const draft = await startDraft(tx, now, answers)
  await run(tx, sql`update app.signed_link set expires_at = ${new Date(now.getTime() + 3600_000)} where purpose = 'draft'`)
  const ids: Record<string, string> = {
    'annuaire/:rpps': await id(
      sql`select rpps as id from app.membership where rpps is not null and 'doctor' = any(roles) order by id limit 1`,
      'doctor',
    ),
    'partenaires/:id': await id(sql`select id from app.partner order by id limit 1`, 'partner'),
    'demandes/:id': await request('prioritised'),
    'demandes/:id/reunir': unsure,
    'mes-patients/:id': pending.id,
    'medecins/:id': pending.membershipId,
    'membres/:id': await id(
      sql`select id from app.membership where ended_at is null and 'nurse' = any(roles) order by id limit 1`,
      'nurse',
    ),
    'plan/:id': plan,
    'etape/:id': await id(sql`select id from app.contract_event where withdrawn_at is null order by day desc, id limit 1`, 'step'),
    'annexe/:id': await id(sql`select event_id as id from app.contract_terms order by from_day desc limit 1`, 'terms'),
    'annexe/:id/retirer': await lockedAnnex(tx),
    'preuves/:id': await id(
      sql`select (payload::jsonb #>> '{said,id}')::uuid as id from app.ledger_entry where book = 'proofs' order by no desc limit 1`,
      'proof',
    ),
    'versements/:id': await id(sql`select id from app.contract_receipt order by day limit 1`, 'receipt'),
    'actions/:id': await id(sql`select id from app.action_sheet where closed_on is null order by starts_on limit 1`, 'action'),
    'dialogues/:id': await openReviewOf(tx, slug),
    'indicateurs/:code': 'no-gp',
    'confirmations/:id': await confirmedRule(tx),
    '?confirmer': '?regle=prorata-days',
    'imports/:id': (await startImport(tx, system(), 'chiffres.csv', fileOf(`no-gp;France;;${year};1;9;;;Rezone CPTS;01/03/${year + 1}`)))
      .id,
    'chiffres/:id': figure.id,
    '?diagnostic/indicateur': `?code=no-gp&annee=${year}`,
    '?diagnostic/source': `?code=no-gp&level=${figure.level}&place=${figure.place}&year=${year}`,
    '?indicateur': '?code=gp-found',
    '?regler': '?code=gp-found',
    '?chiffre': '?code=no-gp',
    'communes/:code': commune,
    'departs/:id': departure.id,
    'depart/:code': departure.code,
    'rapprochement/:id': await compareFundFile(tx, system(), FUND_KEY, [fundLine('Essai', 'Camille', commune)]),
    'connexion/:token': await link('sign-in', coordinator),
    'proposition/:token': await link('proposal', pending.id),
    'places/:token': await link('capacity', pending.membershipId),
    'suivi/:token': await link('tracking', await request('appointed')),
    'demande/:token': draft,
    '?pourquoi': `?patient=${pair}`,
    '?lot': `?faire=completer&id=${await request('received')}`,
  }
  Object.assign(ids, await leaving(tx, pending.membershipId))
  const others: Partial<Record<Role, string>> = {}
  for (const role of roles) others[role] = await first(role)
  return { names: { slug, ids }, coordinator, doctor: pending.membershipId, others }
}

/** The annex of the signature, typed and locked. */
async function lockedAnnex(tx: Tx): Promise<string> {
  const signed = (await recordedSteps(tx)).find(s => s.kind === 'signature') ?? assert.fail('no contract is signed')
  await lockAnnex(tx, system(), signed.id, signed.file!.id, [{ heading: 'running', part: 'running', period: 'year', cents: 9_000_000 }])
  return signed.id
}

/** A review of the last year begun, open to the funders, with a question and minutes to sign. */
async function openReviewOf(tx: Tx, slug: string): Promise<string> {
  const actor = system()
  const today = dayOf(actor.now)
  const c = await one<{ id: string; name: string }>(tx, sql`select id, name from platform.cpts where slug = ${slug}`)
  const account = (await accountOf(tx, c.id, today)) ?? assert.fail(`${slug} has no contract`)
  const year = account.statement.years.filter(y => y.from <= today).at(-1)!
  const [fund, agency] = await listMembersByRole(tx, 'funder')
  const [community] = await listMembersByRole(tx, 'board')
  const signatories = { community: community!.id, fund: fund!.id, agency: agency!.id }
  const id = await prepareReview(tx, actor, year.year, { day: today, signatories, others: null })
  await openReview(tx, actor, id, freeze(account, year, c.name, today))
  const asked = { reviewId: id, code: 'no-gp', asks: true, words: 'Quelle est la source de ce chiffre ?' }
  await writeComment(tx, { ...actor, who: memberOf(fund!.id, fund!.name) }, asked)
  const { figures } = (await reviewOf(tx, id))!
  await writeMinutes(
    tx,
    actor,
    id,
    someMinutes(year.year, { community: c.name, from: year.from, to: year.to, heldOn: today, figures: figures! }),
  )
  return id
}
async function confirmedRule(tx: Tx): Promise<string> {
  const signed = (await recordedSteps(tx)).find(s => s.kind === 'signature') ?? assert.fail('no contract is signed')
  return confirmRule(tx, system(), { rule: 'running-held', article: 'Article 5', fileId: signed.file!.id })
}

/** A departure with a wave: the community's own, or one made here; never of the doctor whose pages are opened. */
async function leaving(tx: Tx, besides: string): Promise<Record<string, string>> {
  const announced = await maybe<{ id: string }>(tx, sql`select id from app.departure where cancelled_at is null order by id limit 1`)
  const other = sql`select id from app.membership where ended_at is null and 'doctor' = any(roles) and id <> ${besides} order by id limit 1`
  const departure =
    announced?.id ??
    (
      await announce(tx, system(), {
        ...(await one<{ membershipId: string }>(tx, sql`select id as "membershipId" from (${other}) o`)),
        leavesOn: '2030-06-30',
        patients: 800,
        counts: [],
      })
    ).id
  const wave = await addWave(tx, system(), departure, { criteria: ['everybody'], startsOn: '2029-01-01', doctors: [] })
  return { 'departs/:id': departure, 'vagues/:wave': wave, 'depart/:code': (await getDeparture(tx, departure))!.code }
}

/** The same person asks a second time: a suspected duplicate. */
async function twice(tx: Tx, requestId: string): Promise<string> {
  const r = await getRequest(tx, system(), requestId)
  return (
    await enterRequest(tx, system(), { ...r, householdOf: null, proxy: null, phone: '+33199000003', consentBy: 'patient' }, 'patient')
  ).id
}
