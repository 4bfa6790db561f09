/** The page around every page: head, header, navigation, main, footer, in four postures. */
import { raw as html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { cx, type Link, Mark, Shape, type Tone, t } from './base.tsx'
import { frPhone } from './french.ts'
import { factsOf, type Language } from './languages.ts'
import { uiWords } from './words/index.ts'

export type Posture = 'desk' | 'doctor' | 'patient' | 'site'
export interface NavItem extends Link {
  current?: boolean
  count?: number
  /** Key of a live counter (island `live`). */
  live?: string
  /** Items of one group stand together under its name. */
  group?: string
}
export interface DocumentProps {
  title: string
  lang?: Language
  /** The same page in the other languages, each named in its own; `open` shows them all at once, on the pages one arrives by. */
  languages?: { links: { lang: Language; href: string }[]; open: boolean }
  children?: Child
  posture: Posture
  assetVersion: string
  cptsName?: string
  /** A logo of the community's own, served by us. */
  cptsLogo?: string
  homeHref?: string
  nav?: NavItem[]
  user?: { name: string; role?: string; links?: Link[]; logout?: { action: string; key: string } }
  /** After a 303: what was done, what comes next. */
  notice?: { tone?: Tone; text: Child }
  /** A human who answers: always on the patient's pages. */
  phone?: { number: string; hours?: string; who?: string }
  /** Names of files in `public/islands/`, without `.js`. */
  islands?: string[]
  /** Address of the server-sent events for the counters. */
  liveHref?: string
  footer?: Link[]
  demo?: boolean
  /** Signed pages never enter a search engine. */
  noindex?: boolean
  /** Very large lists: the page takes the whole width. */
  wide?: boolean
}

const FONT = '/public/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2'
const footerOf = (lang: Language = 'fr'): Link[] => {
  const say = uiWords(lang)
  return [
    { label: say('accessibility'), href: say.to('/accessibilite') },
    { label: say('legal'), href: say.to('/mentions-legales') },
    { label: say('data'), href: say.to('/donnees') },
    { label: say('source'), href: say.to('/code-source') },
  ]
}

export function Document(p: DocumentProps) {
  const islands = [...new Set([...(p.islands ?? []), ...(p.posture === 'desk' ? ['shortcuts'] : [])])]
  const small = p.posture === 'doctor' || p.posture === 'patient'
  const title = [p.title, p.cptsName, 'Trame'].filter(Boolean).join(' · ')
  const say = uiWords(p.lang)
  const { tag, dir } = factsOf(p.lang ?? 'fr')
  const footer = p.footer ?? footerOf(p.lang)
  return (
    <>
      {html('<!doctype html>')}
      <html lang={tag} dir={dir === 'rtl' ? dir : undefined} class={cx(p.posture, p.lang === 'falc' && 'easy')}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{t(title)}</title>
          <meta name="color-scheme" content="light dark" />
          <meta name="theme-color" content="#faf7f1" media="(prefers-color-scheme: light)" />
          <meta name="theme-color" content="#141923" media="(prefers-color-scheme: dark)" />
          <meta name="format-detection" content="telephone=no" />
          {(p.noindex || small) && <meta name="robots" content="noindex, nofollow" />}
          <link rel="preload" href={FONT} as="font" type="font/woff2" crossorigin="anonymous" />
          <link rel="stylesheet" href={`/public/trame.css?v=${p.assetVersion}`} />
          <link rel="stylesheet" href={`/public/desk.css?v=${p.assetVersion}`} />
          {p.languages?.links.map(l => (
            <link rel="alternate" hreflang={factsOf(l.lang).tag} href={l.href} />
          ))}
          <link rel="icon" href="/public/favicon.svg" type="image/svg+xml" />
          {islands.map(name => (
            <script type="module" src={`/public/islands/${name}.js?v=${p.assetVersion}`} />
          ))}
        </head>
        <body class={cx(p.wide && 'wide', Boolean(p.nav?.length) && 'with-nav')} data-live-href={p.liveHref}>
          <a class="skip" href="#contenu">
            {say('skip')}
          </a>
          {p.demo && (
            <aside class="demo" aria-label={say('demonstration')}>
              <Shape tone="wait" /> {say('demo')}
            </aside>
          )}
          <Header {...p} small={small} />
          {p.languages && <Languages lang={p.lang ?? 'fr'} {...p.languages} />}
          {p.nav && p.nav.length > 0 && <Navigation items={p.nav} posture={p.posture} />}
          <main id="contenu" tabindex={-1}>
            {p.notice && (
              <div class={`notice tone-${p.notice.tone ?? 'ok'}`} role="status">
                <Shape tone={p.notice.tone ?? 'ok'} />
                <div>{t(p.notice.text)}</div>
              </div>
            )}
            {p.children}
          </main>
          <footer class="foot">
            {p.phone && (
              <p class="human">
                {t(
                  `${p.phone.who ?? (p.posture === 'patient' || p.languages ? say('human') : 'Nous joindre')}${p.lang && p.lang !== 'fr' && p.lang !== 'falc' ? ': ' : ' : '}`,
                )}
                <a href={`tel:${p.phone.number}`} dir={dir === 'rtl' ? 'ltr' : undefined}>
                  {frPhone(p.phone.number)}
                </a>
                {p.phone.hours && <span class="muted"> {t(p.phone.hours)}</span>}
              </p>
            )}
            <ul class="cluster">
              {footer.map(l => (
                <li>
                  <a href={l.href}>{t(l.label)}</a>
                </li>
              ))}
            </ul>
            {p.languages && p.lang && p.lang !== 'fr' && <p class="note">{say('unread')}</p>}
          </footer>
        </body>
      </html>
    </>
  )
}

/** Each language under its own name: whoever cannot read this page finds his. */
function Languages({ lang, links, open }: { lang: Language; links: { lang: Language; href: string }[]; open: boolean }) {
  const here = factsOf(lang)
  const list = (
    <ul class="cluster">
      {links.map(l => {
        const { name, tag, dir } = factsOf(l.lang)
        return (
          <li>
            <a href={l.href} lang={tag} hreflang={tag} dir={dir} aria-current={l.lang === lang ? 'true' : undefined}>
              {name}
            </a>
          </li>
        )
      })}
    </ul>
  )
  return (
    <nav class="languages" aria-label={uiWords(lang)('languages')}>
      {open ? (
        list
      ) : (
        <details>
          <summary>
            <Globe /> {here.name}
          </summary>
          {list}
        </details>
      )}
    </nav>
  )
}
/** A globe: what a language menu looks like to who cannot read its name. */
const Globe = () => (
  <svg class="globe" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    <circle cx="10" cy="10" r="8" />
    <ellipse cx="10" cy="10" rx="3.6" ry="8" />
    <path d="M2.6 7h14.8M2.6 13h14.8" />
  </svg>
)

/** « VM »: on a phone, who is signed in takes the place of two letters. */
const initialsOf = (name: string) =>
  name
    .replace(/^(Dre?|Pre?)\s+/, '')
    .split(/[\s-]+/)
    .map(word => word[0]?.toUpperCase())
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join('')

function Header(p: DocumentProps & { small: boolean }) {
  const name = p.cptsName ?? 'Trame'
  const brand = (
    <>
      <Mark size={p.small ? 22 : 28} />
      {p.cptsLogo && <img src={p.cptsLogo} alt="" height="32" />}
      <span>{name}</span>
    </>
  )
  return (
    <header class="head">
      {p.homeHref ? (
        <a class="brand" href={p.homeHref}>
          {brand}
        </a>
      ) : (
        <span class="brand">{brand}</span>
      )}
      {p.nav && p.nav.length > 0 && (
        <button type="button" class="button quiet menu-button" popovertarget="navigation">
          Menu
        </button>
      )}
      {p.user && (
        <details class="user">
          <summary>
            <span class="user-initials">{initialsOf(p.user.name)}</span>
            <span class="user-name">{p.user.name}</span>
            {p.user.role && <span class="muted">{t(p.user.role)}</span>}
          </summary>
          <div class="float">
            <p class="user-who muted">{t([p.user.name, p.user.role].filter(Boolean).join(', '))}</p>
            <ul>
              {(p.user.links ?? []).map(l => (
                <li>
                  <a href={l.href}>{t(l.label)}</a>
                </li>
              ))}
            </ul>
            {p.user.logout && (
              <form method="post" action={p.user.logout.action}>
                <input type="hidden" name="_key" value={p.user.logout.key} />
                <button type="submit" class="button quiet">
                  Se déconnecter
                </button>
              </form>
            )}
          </div>
        </details>
      )}
    </header>
  )
}

function Navigation({ items, posture }: { items: NavItem[]; posture: Posture }) {
  const groups: { name: string; items: NavItem[] }[] = []
  for (const item of items) {
    const name = item.group ?? ''
    const last = groups.at(-1)
    if (last && last.name === name) last.items.push(item)
    else groups.push({ name, items: [item] })
  }
  return (
    <nav id="navigation" class="nav" aria-label="Menu principal" popover="auto">
      {posture === 'desk' && (
        <button type="button" class="button quiet nav-close" popovertarget="navigation" popovertargetaction="hide">
          Fermer le menu
        </button>
      )}
      {groups.map(g => (
        <div class="nav-group">
          {g.name && <p class="nav-name">{t(g.name)}</p>}
          <ul>
            {g.items.map(i => (
              <li>
                <a href={i.href} aria-current={i.current ? 'page' : undefined}>
                  <span>{t(i.label)}</span>
                  {(i.count !== undefined || i.live) && (
                    <span class="badge" data-live={i.live}>
                      {i.count || ''}
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
