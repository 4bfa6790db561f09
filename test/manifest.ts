/** The manifest as the tests walk it: every method of every route, its path filled in, its form filled in. */
import assert from 'node:assert/strict'
import { fileOf } from '#areas/territory/diagnosis.fixture.ts'
import type { Access } from '#platform/access.ts'
import type { Database } from '#platform/db/database.ts'
import type { Tx } from '#platform/db/types.ts'
import type { FieldSpec, Form } from '#platform/fields.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { type Log, silentLog } from '#platform/log.ts'
import type { AnyPage, Area, Route } from '#platform/page.ts'
import { writePseudonyms } from '#platform/pseudonyms.ts'
import { createApp } from '#platform/web/app.ts'
import { areas } from '../src/areas.ts'
import { BASE, type Person, type TestApp } from './app.ts'
import { FUND_KEY, fundLine, type Side } from './world.ts'

export const allAreas = (): Area[] => areas({ demo: true })

export interface Call {
  area: string
  method: 'GET' | 'POST'
  path: string
  kind: Route['kind']
  title: string
  access: Access
  form: Form | undefined
  /** Path of the page that shows the form. */
  shown: string
  perMinute?: number
}
/** Each route once per method that it answers. */
export function calls(all: readonly Area[] = allAreas()): Call[] {
  return all.flatMap(area => area.routes.flatMap(route => callsOf(area.name, route))).sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
export const key = (c: { method: string; path: string }): string => `${c.path} ${c.method}`

function callsOf(area: string, route: Route): Call[] {
  const perMinute = 'perMinute' in route ? (route as AnyPage).perMinute : undefined
  const title = 'title' in route ? (typeof route.title === 'string' ? route.title : '(title of what is shown)') : ''
  const one = (method: Call['method']): Call => ({
    area,
    method,
    path: route.path,
    kind: route.kind,
    title: title || `${(route as { from?: AnyPage }).from?.path ?? ''} (form)`,
    access: route.access,
    form: 'form' in route ? (route as AnyPage).form : undefined,
    shown: (route as { from?: AnyPage }).from?.path ?? route.path,
    perMinute,
  })
  if (route.kind === 'action') return [one('POST')]
  return route.kind === 'page' && route.submit ? [one('GET'), one('POST')] : [one('GET')]
}
/** What the fund's program wrote of one person. */
const fundSample = (side: Side): string => writePseudonyms(FUND_KEY, [fundLine('Inconnu', 'Ange', side.communes[0])])
export const paramsOf = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(m => m[1]!)

/** In which state a request has to be for an action on it to succeed; « prioritised » for any other path. */
const stateFor: Record<string, string> = {
  recevable: 'received',
  'a-completer': 'received',
  retirer: 'proposed',
  remettre: 'accepted',
  'rendez-vous': 'accepted',
  vu: 'appointed',
  declare: 'seen',
  reprendre: 'exited',
  'pas-un-doublon': 'newer',
  reunir: 'newer',
  quitter: 'relative',
}
/**
 * The path with the identifiers of `side`, in the community `home`. A parameter that nobody taught this function fails by
 * name: say here which thing it names, so that the crossing test can try another community's.
 */
export function fill(path: string, side: Side, home: { slug: string } = side): string {
  const last = path.split('/').at(-1)!
  return path
    .split('/')
    .map((segment, i, all) => {
      if (!segment.startsWith(':')) return segment
      if (segment === ':cpts') return home.slug
      return thing(`${all[i - 1]}/${segment}`, last, side, path)
    })
    .join('/')
}
function thing(what: string, verb: string, side: Side, path: string): string {
  switch (what) {
    case 'demandes/:id':
      // Every act of the patient's page, done by telephone: on who stands where it makes sense.
      if (path.includes('/telephone/'))
        return side.requests[verb === 'vu' || verb === 'declare' ? 'appointed' : verb === 'revenir' ? 'exited' : 'prioritised']!
      return side.requests[stateFor[verb] ?? 'prioritised']!
    case 'mes-patients/:id':
      return side.proposals[verb === 'declare' ? 'seen' : verb === 'vu' ? 'appointed' : verb === ':id' ? 'pending' : 'accepted']
    case 'membres/:id':
      return side.spare.membershipId
    case 'medecins/:id':
      return side.people.doctor.membershipId
    case 'partenaires/:id':
      return verb === 'remettre' ? side.removedPartner : side.partner
    case 'departs/:id':
      return side.departure
    case 'vagues/:wave':
      return side.wave
    case 'depart/:code':
      return side.departureCode
    case 'plan/:id':
      return verb === 'arreter' && !path.includes('/envoi/') ? side.openPlan : side.plan
    case 'annuaire/:rpps':
      return side.rpps
    case 'communes/:code':
      return side.communes[0]
    case 'etape/:id':
      return side.contract.step
    case 'pieces/:id':
      return side.contract.file
    case 'annexe/:id':
      return verb === 'retirer' ? side.contract.lockedTerms : side.contract.openTerms
    case 'preuves/:id':
      return side.contract.proof
    case 'versements/:id':
      return side.contract.receipt
    case 'actions/:id':
      return side.contract.action
    case 'dialogues/:id':
      return verb === 'ouvrir' || verb === 'reunion'
        ? side.contract.preparedReview
        : verb === 'clore'
          ? side.contract.signedReview
          : side.contract.review
    case 'indicateurs/:code':
      return 'no-gp'
    case 'confirmations/:id':
      return side.contract.confirmation
    case 'imports/:id':
      return verb === 'retirer' ? side.diagnosis.writtenImport : side.diagnosis.openImport
    case 'chiffres/:id':
      return side.diagnosis.figure
    case 'documents/:id':
      return side.diagnosis.file
    case 'connexion/:token':
      return side.tokens['sign-in']
    case 'proposition/:token':
      return verb === ':token'
        ? side.tokens.proposal
        : verb === 'vu'
          ? side.tokens.appointed
          : verb === 'declare'
            ? side.tokens.seen
            : side.tokens.accepted
    case 'rapprochement/:id':
      return side.fundFile
    case 'places/:token':
    case 'lien/:token':
      return side.tokens.capacity
    case 'suivi/:token':
      return verb === 'revenir'
        ? side.tokens.gone
        : verb === 'vu' || verb === 'declare'
          ? side.tokens.appointedTracking
          : side.tokens.tracking
    case 'demande/:token':
      return side.tokens.draft
    default:
      return assert.fail(`${path}: test/manifest.ts does not know what « ${what} » names; teach it in fill()`)
  }
}

/** What a page asks of its address beyond the path. */
export function query(path: string, side: Side): string {
  if (path.includes('/plan/:id/pourquoi')) return `?patient=${side.requests.prioritised}&medecin=${side.people.doctor.membershipId}`
  if (/\/contrat\/indicateur(\/|$)/.test(path)) return '?code=no-gp&annee=1'
  if (path.endsWith('/confirmations/confirmer')) return '?regle=prorata-days'
  if (/\/diagnostic\/indicateur/.test(path)) return '?code=no-gp&annee=2025'
  if (path.endsWith('/diagnostic/source')) return '?code=no-gp&level=community&place=&year=2025'
  if (path.endsWith('/demandes/lot')) return `?faire=admettre&id=${side.requests.received}`
  return ''
}

const FIGURE_LINE = 'ald;communauté;;2025;1800;10000;;;Rezone CPTS;01/03/2026'
const diagnosisFields: Record<string, Record<string, string>> = {
  '/diagnostic/chiffre': {
    ...{
      indicator: 'ald',
      level: 'community',
      place: '',
      year: '2025',
      numerator: '1 800',
      denominator: '10 000',
      value: '',
      unavailable: '',
    },
    ...{ source: 'Rezone CPTS', extractedOn: '2026-03-01' },
  },
  '/diagnostic/source': { code: 'no-gp', level: 'community', place: '', year: '2025', source: 'latest' },
}

/** What a form is filled in with. */
export type Fields = Record<string, string | string[] | File>
/** What each form is filled in with; a field nobody named gets a value that its control accepts. */
export function sample(call: Call, side: Side): Fields {
  const values: Fields = {}
  for (const [name, field] of Object.entries((call.form?.fields ?? {}) as Record<string, FieldSpec>)) {
    const value = special(name, call, side) ?? ordinary(name, field, side)
    if (value !== undefined) values[name] = value
  }
  return values
}
function special(name: string, call: Call, side: Side): string | string[] | File | undefined {
  const at = call.path.replace('/c/:cpts', '')
  if (at === '/rapprochement' && name === 'file') return new File([fundSample(side)], 'caisse.csv')
  if (at === '/diagnostic/importer' && name === 'file') return new File([fileOf(FIGURE_LINE)], 'chiffres.csv')
  const own = diagnosisFields[at]?.[name]
  if (own !== undefined) return own
  const known: Record<string, string | string[]> = {
    communeCode: side.communes[0],
    commune: side.communes[0],
    code: [side.otherCommune],
    doctor: side.people.doctor.membershipId,
    with: side.requests.older!,
    number: at === '/suivi' ? side.numbers.prioritised! : side.numbers.received!,
    householdOf: '',
    birthDate: '1980-05-17',
    preferredContact: 'phone',
    phone: '01 69 00 00 00',
    rpps: '',
    suite: '',
    minAge: '',
    maxAge: '',
    ambulances: '',
    vsl: '',
    answer: 'yes',
    hasDoctor: 'no',
    verifiedAt: side.today,
    ids: side.requests.received!,
    id: /retirer$|remettre$/.test(at) && at.startsWith('/annuaire') ? side.note : (side.requests.prioritised ?? ''),
    day: at.endsWith('/rendez-vous') ? side.later : side.today,
    until: side.later,
    decidedOn: side.today,
    why: 'gave_up',
    language: 'ar',
    line: side.requests.prioritised!,
    key: FUND_KEY,
    request: side.requests.received!,
    change: side.change,
    patient: side.requests.prioritised!,
    reason: '',
    on: side.later,
    startsOn: side.today,
    counts: '',
    list: `nom de naissance;prénoms;date de naissance;code commune;téléphone;accord\nTexte;Alex;17/05/1980;${side.communes[0]};0169000000;oui`,
    mission: 'access',
    indicator: 'no-gp',
    extractedOn: side.today,
    endsOn: side.later,
    fromDay: '',
  }
  if (at === '/contrat/indicateur/chiffre') {
    const figure: Record<string, string> = { year: '1', numerator: '1', denominator: '2', unavailable: '' }
    if (name in figure) return figure[name]
  }
  if (at === '/contrat/indicateur/reprendre' && name in { figure: 1, year: 1 }) return name === 'year' ? '1' : side.diagnosis.figure
  if (at === '/contrat/indicateur/regler' && name === 'missing') return ''
  if (at.startsWith('/contrat/dialogues')) {
    const review: Record<string, string> = {
      year: '3',
      community: side.people.board.membershipId,
      fund: side.people.funder.membershipId,
      agency: side.agency.membershipId,
      comment: side.contract.comment,
      sha256: side.contract.minutes,
    }
    if (name in review) return review[name]
    // A whole form of minutes, of which the day and the words are enough.
    if (at.endsWith('/ecrire') && name !== 'held' && name !== 'said') return ''
  }
  if (at === '/contrat/confirmations/confirmer' && name === 'rule') return 'prorata-days'
  if (at === '/contrat/annexe/:id' && name !== 'paper') return '1000'
  if (at === '/contrat/termes' && name === 'kind') return 'amendment'
  if (name === 'reason' && call.form?.fields[name]?.required) return undefined
  return known[name]
}
function ordinary(name: string, field: FieldSpec, side: Side): string | string[] | undefined {
  switch (field.control) {
    case 'text':
      return 'Texte'
    case 'textarea':
      return 'Un texte de quelques mots'
    case 'email':
      return `essai-${name}@exemple.fr`.toLowerCase()
    case 'tel':
      return '01 69 00 00 00'
    case 'date':
      return side.today
    case 'number':
      return String(Math.max(1, Number(field.min ?? 1)))
    case 'select':
    case 'radio':
      return field.options?.[0]?.value ?? ''
    case 'checkboxes':
      return field.options?.[0] ? [field.options[0].value] : []
    case 'checkbox':
      return 'on'
    default:
      // A number carried along by a hidden field has bounds; any other hidden field is named above.
      return field.min === undefined ? '' : String(Math.max(1, Number(field.min)))
  }
}

export interface Answer {
  status: number
  location: string | null
  html: string
  headers: Headers
}
export type Ask = (method: 'GET' | 'HEAD' | 'POST', path: string, o?: Asked) => Promise<Answer>
export interface Asked {
  as?: Person | null
  fields?: Fields
  /** Instead of the fields. */
  body?: BodyInit
  headers?: Record<string, string>
}
/** The whole application on the database of `t`, or on one that stands in front of it. */
export function appOn(t: TestApp, o: { db?: Database; log?: Log; all?: readonly Area[] } = {}): Ask {
  const app = createApp({
    db: o.db ?? t.db,
    areas: o.all ?? allAreas(),
    clock: () => t.now,
    log: o.log ?? silentLog,
    baseUrl: BASE,
    demo: true,
  })
  return async (method, path, { as, fields = {}, body, headers = {} } = {}) => {
    // A file travels as browsers send it; everything else too, in the shorter way.
    const form = Object.values(fields).some(v => v instanceof File) ? new FormData() : new URLSearchParams()
    if (!('_key' in fields)) form.set('_key', randomUUIDv7())
    for (const [name, value] of Object.entries(fields)) for (const v of [value].flat()) form.append(name, v as string)
    const response = await app.request(
      new Request(BASE + path, {
        method,
        ...(method === 'POST' && { body: body ?? form }),
        headers: { ...(method === 'POST' && { origin: BASE }), ...(as && { cookie: as.cookie }), ...headers },
        redirect: 'manual',
      }),
    )
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      // A stream has no end: its beginning is the answer.
      await response.body?.cancel()
      return { status: response.status, location: null, html: '', headers: response.headers }
    }
    const html = new TextDecoder().decode(await response.arrayBuffer())
    return { status: response.status, location: response.headers.get('location'), html, headers: response.headers }
  }
}

/** Does everything, sees the answer, and keeps nothing: each transaction is rolled back after `look`. */
export function undoing(db: Database, look: (tx: Tx) => Promise<void> = async () => {}): Database {
  class Undo extends Error {}
  const undo = async <T, X>(
    open: (work: (tx: X, entry: never) => Promise<T>) => Promise<T>,
    work: (tx: X, entry: never) => Promise<T>,
    looking = look,
  ) => {
    let result: { value: T } | undefined
    try {
      return await open(async (tx, entry) => {
        result = { value: await work(tx, entry) }
        await looking(tx as Tx)
        throw new Undo()
      })
    } catch (error) {
      if (error instanceof Undo && result) return result.value
      throw error
    }
  }
  return {
    ...db,
    enter: (slug, hash, now, work) => undo(w => db.enter(slug, hash, now, w as typeof work), work as never),
    inTenant: (id, work) => undo(w => db.inTenant(id, w as typeof work), work as never),
    inSite: work =>
      undo(
        w => db.inSite(w as typeof work),
        work as never,
        async () => {},
      ),
  }
}

/** True when the page exists for who asks: neither « not found » nor « sign in first ». */
export const exists = (a: Answer): boolean => a.status !== 404 && !isSignIn(a)
/** A page sends to the sign-in page and back; a file or a stream says 401. */
export const isSignIn = (a: { status: number; location: string | null }): boolean =>
  a.status === 401 || (a.status === 303 && /^\/c\/[^/]+\/connexion(\?suite=|$)/.test(a.location ?? ''))
