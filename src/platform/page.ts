/**
 * A page is a path, a title, an access, what it shows and, when it has a form, what submitting it does.
 * Nothing here runs a page (see web/): areas only declare.
 */
import type { Child } from 'hono/jsx'
import { type Access, may, type Role, type Who } from './access.ts'
import type { Across } from './across.ts'
import type { SiteTx, Tx } from './db/types.ts'
import type { Errors, Form, Raw, Value } from './fields.ts'
import type { Language } from './ui/languages.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSX nodes of hono are async strings
export type Html = any
export type { Child }

export interface Cpts {
  id: string
  slug: string
  name: string
  demo: boolean
}

/** The parameters of a path, by name: `'/c/:cpts/demandes/:id'` → `{ cpts, id }`. */
export type Params<P extends string> = P extends `${string}:${infer N}/${infer R}`
  ? { [K in N | keyof Params<`/${R}`>]: string }
  : P extends `${string}:${infer N}`
    ? { [K in N]: string }
    : Record<never, string>

/** Everything a page of a community may use; one explicit value, no global state. */
export interface Ctx<P extends string = string> {
  tx: Tx
  cpts: Cpts
  who: Who
  now: Date
  /** The day in Paris, `YYYY-MM-DD`. */
  today: string
  params: Params<P>
  query: URLSearchParams
  /** Address of this instance, without a final slash: for links in messages. */
  baseUrl: string
  /** `/c/<slug>`: prefix of every address of the community. */
  home: string
  requestId: string
  /** The language the address asks for; French on every page that is not `spoken`. */
  lang: Language
  /** Where the visitor's network address is needed (limits), its hash; never the address. */
  peer: string
  /** A fresh idempotency key for each form of the page. */
  key(): string
}

/** What a refused form gives back to `show`. */
export interface Refused {
  raw: Raw
  errors: Errors
  /** Path of the action that was refused: a page with several forms knows which one. */
  action: string
}

export type Outcome =
  /** 303 to another page, with a sentence shown there once. */
  | {
      to: string
      notice?: string /** Also opens a session for this person. */
      signIn?: string /** Also ends the session. */
      signOut?: true
    }
  /** 422: same page, values kept, nothing written. The key `''` is for the form as a whole. `conflict`: somebody else was first (409). */
  | { errors: Errors; conflict?: true }
  /** 200: an answer that ends the exchange (a thank-you after a signed link). */
  | { show: Html; title: string }

export type Posture = 'desk' | 'doctor' | 'patient' | 'site'

interface Common<P extends string> {
  path: P
  access: Access
}
interface Spoken<F> {
  /** Its title in another language than French. */
  titleIn?(lang: Language): string
  /** Its form in another language than French: the same fields, other words. */
  formIn?(lang: Language): F
}
export interface PageSpec<P extends string, F extends Form | undefined> extends Common<P>, Spoken<F> {
  kind: 'page'
  title: string | ((ctx: Ctx<P>) => string)
  /** Exists in every language of ui/languages.ts: shows the choice, opened out on the pages one arrives by. */
  spoken?: 'open' | 'folded'
  posture?: Posture
  islands?: readonly string[]
  /** The human who answers, at the foot of the page. */
  phone?(ctx: Ctx<P>): Promise<{ number: string; who?: string; hours?: string } | null>
  show(ctx: Ctx<P>, refused?: Refused): Promise<Html> | Html
  form?: F
  submit?(ctx: Ctx<P>, input: Value<F>): Promise<Outcome>
  /** At most this many submissions per visitor's network and minute; public forms have one. */
  perMinute?: number
}
export interface ActionSpec<P extends string, F extends Form | undefined> extends Common<P>, Spoken<F> {
  kind: 'action'
  form: F
  submit(ctx: Ctx<P>, input: Value<F>): Promise<Outcome>
  /** The page shown again when the form is refused; it has the same parameters. */
  from: AnyPage
  perMinute?: number
}
export interface DownloadSpec<P extends string> extends Common<P> {
  kind: 'download'
  /** Given in the language that the address asks for. */
  spoken?: true
  /** What it gives: shown in the route inventory. */
  title: string
  respond(ctx: Ctx<P>): Promise<{
    name?: string
    type: string
    /** A function when it takes long: called once the transaction has ended. */
    body: string | Uint8Array<ArrayBuffer> | (() => Promise<Uint8Array<ArrayBuffer>>)
    /** Opens in the browser instead of being kept as a file. */
    inline?: boolean
    /** Bytes that somebody gave us, which nothing may run. */
    sandbox?: true
  }>
}
/** A stream of server-sent events: `counts` is asked again at each tick and sent when it changed. */
export interface LiveSpec<P extends string> extends Common<P> {
  kind: 'live'
  title: string
  everySeconds: number
  counts(ctx: Ctx<P>): Promise<Record<string, string | number>>
}
/** A page outside any community (home, persons). */
export interface SiteCtx {
  tx: SiteTx
  now: Date
  query: URLSearchParams
  params: Record<string, string>
  baseUrl: string
  requestId: string
  demo: boolean
  /** The language the address asks for; French on every page that is not `spoken`. */
  lang: Language
  key(): string
}
export interface SitePageSpec {
  kind: 'site'
  path: string
  title: string
  titleIn?(lang: Language): string
  /** Exists in every language, as a page of a community may. */
  spoken?: 'open' | 'folded'
  access: Access
  show(ctx: SiteCtx): Promise<Html> | Html
}

// biome-ignore lint/suspicious/noExplicitAny: the manifest holds pages of every shape
export type AnyPage = PageSpec<any, any>
// biome-ignore lint/suspicious/noExplicitAny: the manifest holds actions of every shape
export type AnyAction = ActionSpec<any, any>
// biome-ignore lint/suspicious/noExplicitAny: the manifest holds routes of every shape
export type Route = AnyPage | AnyAction | DownloadSpec<any> | LiveSpec<any> | SitePageSpec

export const page = <const P extends string, F extends Form | undefined = undefined>(
  spec: Omit<PageSpec<P, F>, 'kind'>,
): PageSpec<P, F> => ({
  kind: 'page',
  ...spec,
})
/** A form that posts to an address of its own and belongs to the page `from`. */
export const action = <const P extends string, F extends Form>(spec: Omit<ActionSpec<P, F>, 'kind'>): ActionSpec<P, F> => ({
  kind: 'action',
  ...spec,
})
export const download = <const P extends string>(spec: Omit<DownloadSpec<P>, 'kind'>): DownloadSpec<P> => ({ kind: 'download', ...spec })
export const live = <const P extends string>(spec: Omit<LiveSpec<P>, 'kind'>): LiveSpec<P> => ({ kind: 'live', ...spec })
export const sitePage = (spec: Omit<SitePageSpec, 'kind'>): SitePageSpec => ({ kind: 'site', ...spec })

/** What a job may use. It always runs inside one community. */
export interface JobCtx {
  now: Date
  cpts: Cpts
  baseUrl: string
  requestId: string
  who: Who
  /** One transaction of the community. */
  inTenant<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}
/** Work that comes back by itself, for each community. */
export interface Job {
  /** `area.verb`, e.g. `gp-access.expire`. */
  name: string
  /** Cron expression (UTC), at most every minute. */
  schedule: string
  work(ctx: JobCtx): Promise<void>
}

/** Work that comes back by itself once for all communities: what concerns several of them. */
export interface PlatformJob {
  name: string
  schedule: string
  /** One run for the whole instance, not one for each community. */
  once: true
  work(ctx: PlatformJobCtx): Promise<void>
}
export interface PlatformJobCtx {
  now: Date
  requestId: string
  who: Who
  /** True on a demonstration: its communities are compared with one another, and with no others. */
  demo: boolean
  /** See across.ts. */
  asPlatform<T>(reason: string, work: (across: Across) => Promise<T>): Promise<T>
  inSite<T>(work: (tx: SiteTx) => Promise<T>): Promise<T>
}
/** Headings of the menu, in their order; one's own entries come first and have none. */
export const navGroups = { mine: '', doctor: 'Médecin traitant', rule: 'Règle et transparence', community: 'Communauté' } as const

export interface NavItem {
  label: string
  group: keyof typeof navGroups
  /** After `/c/<slug>`. */
  path: string
  access: Access
  /** Smaller first, within its group. */
  order: number
  /** The roles that start their day on this page; the others start on the first of their menu. */
  desk?: readonly Role[]
  /** Key of a live counter shown beside it (see `Area.live`). */
  live?: string
}
/** What this person may open, in the order of the menu. */
export const menuOf = (who: Who, entries: readonly NavItem[]): NavItem[] => {
  const groups = Object.keys(navGroups)
  return entries.filter(n => may(who, n.access)).sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.order - b.order)
}
/** An area as the wiring sees it. */
export interface Area {
  name: string
  routes: readonly Route[]
  nav?: readonly NavItem[]
  /** The live route that feeds the counters of the menu, after `/c/<slug>`. */
  live?: { path: string; access: Access }
  jobs?: readonly (Job | PlatformJob)[]
}
