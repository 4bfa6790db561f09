/** Turns the manifest of areas into an HTTP application: one handler per kind of route, the same guards for all. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { notFound, Problem } from '../errors.ts'
import type { FieldSpec } from '../fields.ts'
import { MAX_FILE_BYTES } from '../files.ts'
import { randomUUIDv7 } from '../ids.ts'
import type { Route } from '../page.ts'
import { assets } from './assets.ts'
import { downloadHandler, liveHandler, pageHandlers, siteHandler } from './handlers.tsx'
import { Limiter } from './limits.ts'
import { problemPage } from './shell.tsx'
import { type AppOptions, type Env, isUnavailable, type Web } from './web.ts'

export type { AppOptions }

const MAX_BODY = 256 * 1024
/** A form with a file: the file and the words around it. */
const MAX_FILE_BODY = MAX_FILE_BYTES + MAX_BODY
const atMost = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem(413, 'Envoi trop volumineux', 'Ce que vous envoyez dépasse la taille acceptée. Réduisez-le puis recommencez.')
    },
  })

export function createApp(options: AppOptions): Hono<Env> {
  const web: Web = { ...options, limiter: new Limiter(options.clock) }
  const app = new Hono<Env>()

  app.use(async (c, next) => {
    const requestId = randomUUIDv7()
    c.set('requestId', requestId)
    c.set('peer', peerOf(c.env?.incoming?.socket.remoteAddress, c.req.header('x-forwarded-for'), options.trustProxy ?? false))
    const from = performance.now()
    await next()
    c.header('X-Request-Id', requestId)
    // Outside secureHeaders, whose policy is for our own pages: what somebody gave us may do nothing at all.
    if (c.get('sandbox'))
      c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
    // The path of the route, not the address: an address may hold a token.
    options.log.info('request', {
      id: requestId,
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      ms: Math.round(performance.now() - from),
    })
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      strictTransportSecurity: 'max-age=63072000; includeSubDomains',
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    }),
  )
  app.use(async (c, next) => {
    // Whatever the address: a page is read or a form is sent.
    if (!/^(GET|HEAD|POST)$/.test(c.req.method)) return c.body(null, 405, { Allow: 'GET, HEAD, POST' })
    // No text of PostgreSQL holds U+0000: nothing of ours has such an address.
    if (/%00/.test(c.req.url)) throw notFound()
    await next()
  })
  app.use(csrf({ origin: origin => sameOrigin(origin, options.baseUrl) }))
  app.get('/healthz', async c => {
    try {
      await options.db.ping()
      return c.json({ status: 'ok' })
    } catch {
      return c.json({ status: 'database unavailable' }, 503)
    }
  })
  app.get('/public/*', assets())
  for (const route of inOrder(options.areas.flatMap(a => a.routes))) mount(app, web, route)

  app.notFound(c => {
    // An address of a community typed with a slash too many is the page without it.
    const page = /^(\/c\/[\w-]+(?:\/[\w-]+)*)\/+$/.exec(c.req.path)?.[1]
    return page && c.req.method !== 'POST' ? c.redirect(page + new URL(c.req.url).search, 308) : problemPage(c, web, 404)
  })
  app.onError((error, c) => {
    if (error instanceof Problem) return problemPage(c, web, error.status, error)
    const status =
      'status' in error && typeof error.status === 'number' && error.status < 500 ? (error.status as Problem['status']) : undefined
    if (status) return problemPage(c, web, status)
    const code = (error as { code?: string }).code
    // The class and the code of a fault, never its message: a message may quote a row.
    options.log.error('fault', {
      id: c.get('requestId'),
      route: c.req.routePath,
      name: error.name,
      code,
      where: error.stack
        ?.split('\n')
        .find(l => /\/src\//.test(l))
        ?.trim()
        .replace(/.*\/src\//, 'src/'),
    })
    return problemPage(c, web, isUnavailable(code) ? 503 : 500)
  })
  return app
}

function mount(app: Hono<Env>, web: Web, route: Route) {
  // The type says it too; a manifest built in plain JavaScript would not.
  if (!route.access) throw new Error(`the route ${route.path} declares no access: the server does not start`)
  switch (route.kind) {
    case 'page': {
      const { show, submit, knock } = pageHandlers(web, route, route)
      app.get(route.path, show)
      if (route.submit) app.post(route.path, knock, limitOf(route), submit)
      return
    }
    case 'action': {
      const { submit, knock } = pageHandlers(web, route.from, route)
      app.post(route.path, knock, limitOf(route), submit)
      return
    }
    case 'download':
      app.get(route.path, downloadHandler(web, route))
      return
    case 'live':
      app.get(route.path, liveHandler(web, route))
      return
    case 'site':
      app.get(route.path, siteHandler(web, route))
  }
}

/** Nobody reads the body of a form before this: a larger one is refused by its announced length, or while it comes. */
const limitOf = (route: { form?: { fields: Record<string, FieldSpec> } }) =>
  atMost(Object.values(route.form?.fields ?? {}).some(f => f.control === 'file') ? MAX_FILE_BODY : MAX_BODY)

/** Fixed segments before parameters, so that `/demandes/nouvelle` is never taken for an identifier. */
export function inOrder(routes: readonly Route[]): Route[] {
  const seen = new Set<string>()
  for (const r of routes) {
    const id = `${r.kind === 'action' ? 'POST' : 'GET'} ${r.path}`
    if (seen.has(id)) throw new Error(`two routes declare ${id}`)
    seen.add(id)
  }
  const rank = (path: string) =>
    path
      .split('/')
      .map(s => (s.startsWith(':') ? '~' : s))
      .join('/')
  return [...routes].sort((a, b) => (rank(a.path) < rank(b.path) ? -1 : 1))
}

const sameOrigin = (origin: string, baseUrl: string) => origin === new URL(baseUrl).origin

function peerOf(socket: string | undefined, forwarded: string | undefined, trust: boolean): string {
  // The last address is the one our own proxy wrote.
  return (trust && forwarded?.split(',').at(-1)?.trim()) || socket || 'local'
}
