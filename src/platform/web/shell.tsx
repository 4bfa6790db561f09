/** The page around every page: title, navigation by role, notice, footer; and the pages of refusals. */
import type { Context } from 'hono'
import { may, roleNames } from '../access.ts'
import type { Problem } from '../errors.ts'
import { isUuid, randomUUIDv7 } from '../ids.ts'
import { type Ctx, type Html, menuOf, navGroups, type Posture } from '../page.ts'
import { Button, LinkButton } from '../ui/actions.tsx'
import { Document } from '../ui/document.tsx'
import { typo } from '../ui/french.ts'
import { assetVersion } from './assets.ts'
import { noticeOf } from './forms-once.ts'
import type { Env, Web } from './web.ts'

interface Around {
  title: string
  posture?: Posture
  islands?: readonly string[]
  path: string
  phone?: { number: string; who?: string; hours?: string } | null
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
      posture={around.posture ?? (signedIn ? 'desk' : 'site')}
      assetVersion={assetVersion}
      cptsName={ctx.cpts.name}
      homeHref={ctx.home}
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
const isUnder = (path: string, href: string) => path === href || path.startsWith(`${href}/`)

/** The sentence of a success, shown where it led: kept with the form's key, so the address holds no words. */
async function notice(ctx: Ctx): Promise<{ text: string } | undefined> {
  const key = ctx.query.get('fait') ?? ''
  if (!isUuid(key)) return undefined
  const text = await noticeOf(ctx.tx, key, new Date(ctx.now.getTime() - 600_000))
  return text === null ? undefined : { text }
}

export async function sitePage(web: Web, around: { title: string }, content: Html): Promise<string> {
  return render(
    <Document title={around.title} posture="site" assetVersion={assetVersion} homeHref="/" demo={web.demo}>
      {content}
    </Document>,
  )
}

async function render(document: Html): Promise<string> {
  return String(await document.toString())
}

const plain: Record<number, [string, string]> = {
  400: ['Demande incomprise', 'Le serveur n’a pas compris cette demande. Revenez à la page précédente puis recommencez.'],
  403: ['Envoi refusé', 'Cet envoi ne vient pas d’une page de Trame. Ouvrez la page puis recommencez.'],
  404: ['Page introuvable', 'Cette page n’existe pas, ou ne vous est pas ouverte. Vérifiez l’adresse ou revenez à l’accueil.'],
  500: [
    'Un problème est survenu',
    'La page n’a pas pu être préparée. Rien n’a été enregistré. Réessayez dans un instant ; si cela recommence, donnez le numéro ci-dessous à votre coordination.',
  ],
  503: ['Service momentanément indisponible', 'Trame ne joint pas sa base de données. Rien n’a été enregistré. Réessayez dans un instant.'],
}

/** A refusal or a fault as a page: what happened, what to do, and the number of the log line. */
export async function problemPage(c: Context<Env>, web: Web, status: number, problem?: Problem): Promise<Response> {
  const [title, sentence] = problem ? [problem.title, problem.message] : (plain[status] ?? plain[status < 500 ? 400 : 500]!)
  const html = await sitePage(
    web,
    { title },
    <article class="problem">
      <h1>{typo(title)}</h1>
      <p>{typo(sentence)}</p>
      {problem?.next?.method === 'post' && (
        <form method="post" action={problem.next.path}>
          <input type="hidden" name="_key" value={randomUUIDv7()} />
          <Button>{problem.next.label}</Button>
        </form>
      )}
      {problem?.next?.method === 'get' && (
        <p>
          <LinkButton kind="primary" href={problem.next.path}>
            {problem.next.label}
          </LinkButton>
        </p>
      )}
      <p>
        <a href="/">Revenir à l’accueil</a>
      </p>
      {status >= 500 && <p class="muted">{typo(`Numéro à donner : ${c.get('requestId')}`)}</p>}
    </article>,
  )
  c.header('Cache-Control', 'no-store')
  if (status === 503 || status === 429) c.header('Retry-After', status === 429 ? '60' : '5')
  return c.html(html, status as 404)
}
