/** The page around every page: title, navigation by role, notice, footer; and the pages of refusals. */
import type { Context } from 'hono'
import { may, roleNames } from '../access.ts'
import type { Problem } from '../errors.ts'
import { isUuid, randomUUIDv7 } from '../ids.ts'
import { type Ctx, type Html, menuOf, navGroups, type Posture } from '../page.ts'
import { Button, LinkButton } from '../ui/actions.tsx'
import { Document } from '../ui/document.tsx'
import { typo } from '../ui/french.ts'
import { inLanguage, type Language, languageCodes, languageOf } from '../ui/languages.ts'
import { uiWords } from '../ui/words/index.ts'
import { assetVersion } from './assets.ts'
import { noticeOf } from './forms-once.ts'
import type { Env, Web } from './web.ts'

interface Around {
  title: string
  posture?: Posture
  islands?: readonly string[]
  path: string
  phone?: { number: string; who?: string; hours?: string } | null
  spoken?: 'open' | 'folded'
}

export async function tenantPage(web: Web, ctx: Ctx, around: Around, content: Html): Promise<string> {
  const { who } = ctx
  const signedIn = who.kind === 'member'
  const nav = signedIn
    ? menuOf(
        who,
        web.areas.flatMap(a => a.nav ?? []),
      ).map(n => ({
        label: n.label,
        group: navGroups[n.group],
        href: ctx.home + n.path,
        current: isUnder(around.path, ctx.home + n.path),
        live: n.live,
      }))
    : []
  // The longest match only: /demandes/plan is not also /demandes.
  const deepest = nav.filter(n => n.current).sort((a, b) => b.href.length - a.href.length)[0]
  const feed = signedIn ? web.areas.find(a => a.live && may(who, a.live.access))?.live : undefined
  return render(
    <Document
      title={around.title}
      lang={ctx.lang}
      languages={choiceOf(around, ctx.query)}
      posture={around.posture ?? (signedIn ? 'desk' : 'site')}
      assetVersion={assetVersion}
      cptsName={ctx.cpts.name}
      homeHref={inLanguage(ctx.home, ctx.lang)}
      nav={nav.map(n => ({ ...n, current: n === deepest }))}
      user={
        signedIn
          ? {
              name: who.name,
              role: who.roles.map(r => roleNames[r]).join(', '),
              links: [],
              logout: { action: `${ctx.home}/deconnexion`, key: randomUUIDv7() },
            }
          : undefined
      }
      notice={await notice(ctx)}
      islands={[...(around.islands ?? []), ...(feed ? ['live'] : [])]}
      liveHref={feed && ctx.home + feed.path}
      phone={around.phone ?? undefined}
      demo={ctx.cpts.demo}
      noindex={signedIn}
    >
      {content}
    </Document>,
  )
}
/** The choice of a page that exists in every language. */
const choiceOf = ({ spoken, path }: Pick<Around, 'spoken' | 'path'>, query: URLSearchParams) =>
  spoken && { links: inEach(path, query), open: spoken === 'open' }
/** The same address in every language; what was said once is not said again. */
function inEach(path: string, query: URLSearchParams) {
  const kept = new URLSearchParams([...query].filter(([name]) => name !== 'fait' && name !== 'lang'))
  const href = kept.size ? `${path}?${kept}` : path
  return languageCodes.map(lang => ({ lang, href: inLanguage(href, lang) }))
}
const isUnder = (path: string, href: string) => path === href || path.startsWith(`${href}/`)

/** The sentence of a success, shown where it led: kept with the form's key, so the address holds no words. */
async function notice(ctx: Ctx): Promise<{ text: string } | undefined> {
  const key = ctx.query.get('fait') ?? ''
  if (!isUuid(key)) return undefined
  const text = await noticeOf(ctx.tx, key, new Date(ctx.now.getTime() - 600_000))
  return text === null ? undefined : { text }
}

/** A page outside any community; a refusal gives neither address nor choice. */
export async function sitePage(
  web: Web,
  around: { title: string; lang?: Language } & Partial<Pick<Around, 'spoken' | 'path'> & { query: URLSearchParams }>,
  content: Html,
): Promise<string> {
  const { spoken, path = '', query = new URLSearchParams() } = around
  return render(
    <Document
      title={around.title}
      lang={around.lang}
      languages={choiceOf({ spoken, path }, query)}
      posture="site"
      assetVersion={assetVersion}
      homeHref={inLanguage('/', around.lang ?? 'fr')}
      demo={web.demo}
    >
      {content}
    </Document>,
  )
}

async function render(document: Html): Promise<string> {
  return String(await document.toString())
}

/** A refusal or a fault as a page: what happened, what to do, and the number of the log line. */
export async function problemPage(c: Context<Env>, web: Web, status: number, problem?: Problem): Promise<Response> {
  const lang = languageOf(c.req.query('lang'))
  const say = uiWords(lang)
  // Our own sentences are exact and in French; another language gets the general one of the status.
  const known = ([400, 403, 404, 409, 410, 429, 500, 503] as const).find(s => s === status) ?? (status < 500 ? 400 : 500)
  const [title, sentence] =
    problem && lang === 'fr' ? [problem.title, problem.message] : [say(`problem.${known}`), say(`problem.${known}.what`)]
  const label = lang === 'fr' ? problem?.next?.label : say('goOn')
  const html = await sitePage(
    web,
    { title, lang },
    <article class="problem">
      <h1>{typo(title)}</h1>
      <p>{typo(sentence)}</p>
      {problem?.next?.method === 'post' && (
        <form method="post" action={problem.next.path}>
          <input type="hidden" name="_key" value={randomUUIDv7()} />
          <Button>{label}</Button>
        </form>
      )}
      {problem?.next?.method === 'get' && (
        <p>
          <LinkButton kind="primary" href={inLanguage(problem.next.path, lang)}>
            {label}
          </LinkButton>
        </p>
      )}
      <p>
        <a href={inLanguage('/', lang)}>{say('home')}</a>
      </p>
      {status >= 500 && <p class="muted">{say('number', { id: c.get('requestId') })}</p>}
    </article>,
  )
  c.header('Cache-Control', 'no-store')
  if (status === 503 || status === 429) c.header('Retry-After', status === 429 ? '60' : '5')
  return c.html(html, status as 404)
}
