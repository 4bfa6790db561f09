/** What happens between a request and its answer: who, which community, may they, one transaction, an audit line, HTML. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context, Handler, MiddlewareHandler } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type Access, may, type Purpose, type Who } from '../access.ts'
import { audit } from '../audit.ts'
import { dayOf } from '../clock.ts'
import type { Entry } from '../db/database.ts'
import type { Tx } from '../db/types.ts'
import { badRequest, conflict, type NextStep, notFound, Problem } from '../errors.ts'
import type { Errors, Raw } from '../fields.ts'
import { isUuid, randomUUIDv7 } from '../ids.ts'
import { findLink } from '../links.ts'
import type { AnyAction, AnyPage, Ctx, DownloadSpec, Html, LiveSpec, Outcome, Refused, SitePageSpec } from '../page.ts'
import { inLanguage, type Language, languageOf } from '../ui/languages.ts'
import { uiWords } from '../ui/words/index.ts'
import { firstAnswer, isFirst, keepAnswer } from './forms-once.ts'
import { peerHash } from './limits.ts'
import { closeSession, openSession, sessionHash } from './session.ts'
import { sitePage, tenantPage } from './shell.tsx'
import { type Env, isUnavailable, type Web } from './web.ts'

type C = Context<Env>

/** The errors of a form travel as an exception so that the transaction rolls back. */
class FormRefused extends Error {
  readonly errors: Errors
  readonly status: 422 | 409
  constructor(errors: Errors, status: 422 | 409 = 422) {
    super('form refused')
    this.errors = errors
    this.status = status
  }
}

/** Opens the community of the path, finds out who is asking, and refuses what the declaration does not allow. */
async function within<T>(web: Web, c: C, access: Access, work: (ctx: Ctx) => Promise<T>, lang: Language = 'fr'): Promise<T> {
  const now = web.clock()
  const params = c.req.param() as Record<string, string>
  const slug = params.cpts ?? ''
  let asked: { cptsId: string; who: Who } | undefined
  try {
    return await web.db.enter(slug, sessionHash(c), now, async (tx, entry) => {
      if (!entry) throw notFound()
      const who = access.kind === 'link' ? await holder(tx, access, slug, params.token ?? '', now) : whoIs(entry)
      // Only somebody known is worth a line: the doors of a public site are tried all day long.
      if (entry.personId) asked = { cptsId: entry.cptsId, who }
      const ctx: Ctx = {
        tx,
        cpts: { id: entry.cptsId, slug, name: entry.cptsName, demo: entry.demo && web.demo },
        who,
        now,
        today: dayOf(now),
        params: params as never,
        query: new URL(c.req.url).searchParams,
        baseUrl: web.baseUrl,
        home: `/c/${slug}`,
        requestId: c.get('requestId'),
        lang,
        peer: peerHash(c.get('peer')),
        key: randomUUIDv7,
      }
      if (!may(who, access)) throw entry.personId ? notFound() : new SignInFirst(ctx.home)
      return work(ctx)
    })
  } catch (error) {
    // What was refused, or does not exist for who asked, is on record although its transaction is gone.
    if (asked && error instanceof Problem && error.status === 404) {
      const { cptsId, who } = asked
      const label = who.kind === 'member' ? undefined : 'Quelqu’un d’une autre communauté'
      await web.db.inTenant(cptsId, tx =>
        audit(tx, { who, now, requestId: c.get('requestId'), label }, { action: 'access.denied', detail: { route: c.req.routePath } }),
      )
    }
    throw error
  }
}
/** Nobody is signed in and the page needs somebody: the sign-in page of the community, then back. */
export class SignInFirst extends Error {
  readonly home: string
  constructor(home: string) {
    super('sign in first')
    this.home = home
  }
}

function whoIs(e: Entry): Who {
  return e.personId && e.membershipId
    ? {
        kind: 'member',
        personId: e.personId,
        membershipId: e.membershipId,
        name: e.personName ?? '',
        roles: e.roles as never,
        rpps: e.rpps,
      }
    : { kind: 'anonymous' }
}
async function holder(tx: Tx, access: Access & { kind: 'link' }, slug: string, token: string, now: Date): Promise<Who> {
  const found = await findLink(tx, token, access.purpose)
  if (!found) throw notFound()
  const next = afterTheLink(access.purpose, slug, token)
  if (found.revokedAt)
    throw new Problem(
      410,
      'Lien retiré',
      'Ce lien a été retiré. Si vous attendez une réponse, demandez un nouveau lien à votre communauté.',
      next,
    )
  if (found.expiresAt <= now)
    throw new Problem(410, 'Lien expiré', 'Ce lien n’est plus valable. Vous pouvez en recevoir un nouveau ; rien n’a été perdu.', next)
  return { kind: 'link', linkId: found.id, purpose: found.purpose, subjectId: found.subjectId }
}
/** An expired link always leads somewhere: a new one is sent to the address it was for, never shown to who holds the old one. */
function afterTheLink(purpose: Purpose, slug: string, token: string): NextStep {
  if (purpose === 'draft') return { label: 'Recommencer ma demande', path: `/c/${slug}/demande`, method: 'get' }
  if (purpose === 'tracking') return { label: 'Suivre ma demande', path: `/c/${slug}/suivi`, method: 'get' }
  if (purpose === 'sign-in') return { label: 'Me connecter', path: `/c/${slug}/connexion`, method: 'get' }
  return { label: 'Recevoir un nouveau lien', path: `/c/${slug}/lien/${token}/renouveler`, method: 'post' }
}

/** Deadlocks, serialization failures and lost connections are tried again before anybody hears of them. */
async function patiently<T>(attempt: () => Promise<T>, tries = 3): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      const code = (error as { code?: string }).code
      const again = code === '40001' || code === '40P01' || isUnavailable(code)
      if (!again || n >= tries) throw error
      await new Promise(resolve => setTimeout(resolve, 20 * n))
    }
  }
}

export function pageHandlers(web: Web, page: AnyPage, acting: AnyPage | AnyAction) {
  const langOf = (c: C): Language => (page.spoken ? languageOf(c.req.query('lang')) : 'fr')
  const show: Handler<Env> = async c => {
    const html = await toSignIn(c, () => patiently(() => within(web, c, page.access, ctx => draw(web, ctx, page, c), langOf(c))))
    return html instanceof Response ? html : answer(c, html, 200)
  }
  const submit: Handler<Env> = async c => {
    const data = await body(c)
    if (acting.perMinute && !web.limiter.allows(c.get('peer'), acting.path, acting.perMinute))
      throw new Problem(
        429,
        'Trop d’envois',
        'Trop d’envois depuis votre connexion. Attendez une minute puis recommencez ; ce que vous aviez saisi n’a pas été envoyé.',
      )
    const key = String(data.get('_key') ?? '')
    if (!isUuid(key)) throw badRequest('Le formulaire est incomplet. Rechargez la page puis recommencez.')
    const raw: Raw = {}
    try {
      const done = await toSignIn(c, () =>
        patiently(() => within(web, c, acting.access, ctx => once(ctx, key, c, acting, data, raw, web, page.spoken), langOf(c))),
      )
      return done instanceof Response ? done : done(c)
    } catch (error) {
      if (!(error instanceof FormRefused)) throw error
      const refused: Refused = { errors: error.errors, raw, action: acting.path }
      const html = await within(web, c, page.access, ctx => draw(web, ctx, page, c, refused), langOf(c))
      return answer(c, html, error.status)
    }
  }
  /** Before anything of a large body is read: may who sends it send it? A stranger cannot make the server hold a file. */
  const knock: MiddlewareHandler<Env> = async (c, next) => {
    if (acting.access.kind === 'open' || !isLarge(c)) return next()
    const refused = await toSignIn(c, () => patiently(() => within(web, c, acting.access, async () => null)))
    return refused ?? next()
  }
  return { show, submit, knock }
}

async function draw(web: Web, ctx: Ctx, page: AnyPage, c: C, refused?: Refused): Promise<string> {
  const content = (await page.show(ctx, refused)) as Html
  const title = (ctx.lang !== 'fr' && page.titleIn?.(ctx.lang)) || (typeof page.title === 'string' ? page.title : page.title(ctx))
  return tenantPage(
    web,
    ctx,
    {
      title: refused ? uiWords(ctx.lang)('errorTitle', { title }) : title,
      spoken: page.spoken,
      posture: page.posture,
      islands: page.islands,
      path: new URL(c.req.url).pathname,
      phone: await page.phone?.(ctx as never),
    },
    content,
  )
}

/** Runs the submission unless this very form was already submitted; then gives the first answer again. */
async function once(
  ctx: Ctx,
  key: string,
  c: C,
  acting: AnyPage | AnyAction,
  data: FormData,
  raw: Raw,
  web: Web,
  spoken: AnyPage['spoken'],
): Promise<(c: C) => Response | Promise<Response>> {
  const { tx } = ctx
  const form = ((ctx.lang !== 'fr' && acting.formIn?.(ctx.lang)) || acting.form) as
    | { parse(d: FormData): { ok: boolean; value: never; errors: Errors; raw: Raw } }
    | undefined
  const parsed = form?.parse(data)
  if (parsed) Object.assign(raw, parsed.raw)
  if (parsed && !parsed.ok) throw new FormRefused(parsed.errors)

  const actor = ctx.who.kind === 'member' ? ctx.who.personId : ctx.who.kind === 'link' ? ctx.who.linkId : 'anonymous'
  const path = new URL(c.req.url).pathname
  // The path of the route when the address holds a token: what is stored never lets anybody in.
  const kept = acting.path.includes(':token') ? acting.path : path
  if (!(await isFirst(tx, key, actor, kept, ctx.now))) {
    const location = await firstAnswer(tx, key, actor)
    if (location === null) throw conflict('Ce formulaire a déjà été envoyé. Rechargez la page pour voir où en est la demande.')
    return res => res.redirect(location, 303)
  }
  const outcome: Outcome = await acting.submit!(ctx as never, parsed?.value as never)
  if ('errors' in outcome) throw new FormRefused(outcome.errors, outcome.conflict ? 409 : 422)
  if ('show' in outcome) {
    const html = await tenantPage(
      web,
      ctx,
      { title: outcome.title, posture: 'posture' in acting ? acting.posture : undefined, path, spoken },
      outcome.show,
    )
    // Submitted again, the page of the same address says where things stand.
    await keepAnswer(tx, key, path, undefined)
    return res => answer(res, html, 200)
  }
  const to = spoken ? inLanguage(outcome.to, ctx.lang) : outcome.to
  const location = outcome.notice ? withNotice(to, key) : to
  await keepAnswer(tx, key, location, outcome.notice)
  const cookie = outcome.signIn ? await openSession(tx, outcome.signIn, ctx.now) : undefined
  return async res => {
    if (outcome.signOut) await closeSession(res, web.db, ctx.now)
    cookie?.(res)
    return res.redirect(location, 303)
  }
}

/** The place inside a page stays last in the address. */
function withNotice(to: string, key: string): string {
  const [page = '', place] = to.split('#', 2)
  return `${page}${page.includes('?') ? '&' : '?'}fait=${key}${place ? `#${place}` : ''}`
}

/** Somebody who must sign in first is sent there and comes back. */
async function toSignIn<T>(c: C, work: () => Promise<T>): Promise<T | Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SignInFirst)) throw error
    const next = c.req.method === 'GET' ? `?suite=${encodeURIComponent(new URL(c.req.url).pathname + new URL(c.req.url).search)}` : ''
    return c.redirect(`${error.home}/connexion${next}`, 303)
  }
}

/** A file or a stream is not a page: its reader is told no, and the person who opened it where to sign in. */
async function signedIn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SignInFirst)) throw error
    const next: NextStep = { label: 'Me connecter', path: `${error.home}/connexion`, method: 'get' }
    throw new Problem(
      401,
      'Connexion nécessaire',
      'Il faut être connecté pour recevoir ce fichier. Connectez-vous, puis demandez-le de nouveau.',
      next,
    )
  }
}

/** Bytes read whoever sends them: asking twice costs more. Who does not say how much comes may send a lot. */
const READ_UNASKED = 16 * 1024
const isLarge = (c: C): boolean =>
  c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > READ_UNASKED
async function body(c: C): Promise<FormData> {
  const type = c.req.header('content-type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/.test(type))
    throw new Problem(415, 'Envoi incompris', 'Ce formulaire a été envoyé dans une forme inconnue.')
  try {
    return await c.req.formData()
  } catch (error) {
    if (error instanceof Problem) throw error
    throw badRequest('Le formulaire reçu est illisible. Rechargez la page puis recommencez.')
  }
}
function answer(c: C, html: string, status: 200 | 422 | 409): Response {
  c.header('Cache-Control', 'no-store')
  return c.html(html, status)
}

export function downloadHandler(web: Web, spec: DownloadSpec<string>): Handler<Env> {
  return async c => {
    const file = await signedIn(() =>
      within(web, c, spec.access, ctx => spec.respond(ctx), spec.spoken ? languageOf(c.req.query('lang')) : 'fr'),
    )
    c.header('Cache-Control', 'no-store')
    c.header('Content-Type', file.type)
    if (file.sandbox) c.set('sandbox', true)
    if (file.name)
      c.header('Content-Disposition', `${file.inline ? 'inline' : 'attachment'}; filename="${file.name.replace(/[^\w.-]+/g, '-')}"`)
    return c.body(typeof file.body === 'function' ? await file.body() : file.body)
  }
}

export function liveHandler(web: Web, spec: LiveSpec<string>): Handler<Env> {
  return async c => {
    // The first counts prove the right to listen; each later one proves it again.
    const counts = () => within(web, c, spec.access, ctx => spec.counts(ctx))
    let last = JSON.stringify(await signedIn(counts))
    return streamSSE(c, async stream => {
      // Whoever leaves ends the pause too: nothing of his stays behind.
      const left = new AbortController()
      const { signal } = left
      stream.onAbort(() => left.abort())
      await stream.writeSSE({ event: 'counts', data: last })
      while (await pause(spec.everySeconds * 1000, true, { signal }).catch(() => false)) {
        const next = await counts().then(JSON.stringify, () => null)
        if (next === null) return
        await stream.writeSSE(next === last ? { event: 'still', data: '' } : { event: 'counts', data: next })
        last = next
      }
    })
  }
}

export function siteHandler(web: Web, spec: SitePageSpec): Handler<Env> {
  return async c => {
    const lang = spec.spoken ? languageOf(c.req.query('lang')) : 'fr'
    const html = await patiently(() =>
      web.db.inSite(async tx => {
        const ctx = {
          tx,
          now: web.clock(),
          query: new URL(c.req.url).searchParams,
          params: c.req.param() as Record<string, string>,
          baseUrl: web.baseUrl,
          requestId: c.get('requestId'),
          demo: web.demo,
          lang,
          key: randomUUIDv7,
        }
        const title = (lang !== 'fr' && spec.titleIn?.(lang)) || spec.title
        return sitePage(web, { title, lang, spoken: spec.spoken, path: spec.path, query: ctx.query }, await spec.show(ctx))
      }),
    )
    return answer(c, html, 200)
  }
}
