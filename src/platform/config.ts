/**
 * What the operator may set, read and checked in one place: nothing else looks at the environment.
 *
 * | variable | meaning | unset |
 * |---|---|---|
 * | `PORT` | port of the web server, 0 for any free one | 3000 |
 * | `HOST` | address it listens on; `0.0.0.0` or `::` to be reached from other machines (containers) | this machine only (IPv4 and IPv6) |
 * | `TRAME_URL` | address people type; https, unless its host is this machine (cookies are `__Host-`) | `http://localhost:PORT` |
 * | `DATABASE_URL` | PostgreSQL ≥ 15, as a role that may create roles | the embedded PostgreSQL, under `TRAME_DATA` |
 * | `TRAME_DATA` | folder of what this machine keeps | `var/` in the project |
 * | `SMTP_URL` | `smtp://` or `smtps://`, with its user and password | no mail leaves |
 * | `TRAME_MAIL_FROM` | sender of the mails | `Trame <ne-pas-repondre@host of TRAME_URL>` |
 * | `TRAME_DEMO` | `0` turns the demonstration off. On, a database without any community receives the demonstration ones | on |
 * | `TRAME_TRUST_PROXY` | `1` believes X-Forwarded-For: only behind a proxy of one's own | `0` |
 */
import path from 'node:path'
import { Refusal } from './errors.ts'

export interface Config {
  port: number
  /** Undefined: the loopback addresses only. */
  host?: string
  /** Undefined: follows from the port really taken. */
  url?: string
  /** Undefined: the embedded PostgreSQL. */
  databaseUrl?: string
  /** Absolute path. */
  data: string
  smtpUrl?: string
  mailFrom?: string
  demo: boolean
  trustProxy: boolean
}

/** What TRAME_… may be called. TRAME_TEST_PG is how the test runner tells its tests where its server is. */
const known = ['TRAME_URL', 'TRAME_DATA', 'TRAME_DEMO', 'TRAME_MAIL_FROM', 'TRAME_TRUST_PROXY', 'TRAME_TEST_PG']
const root = path.resolve(import.meta.dirname, '../..')

/** Reads the settings; throws `Refusal` with a sentence naming the wrong one. An empty variable is an unset one. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const value = (name: string) => env[name]?.trim() || undefined
  refuseUnknown(Object.keys(env))
  return {
    port: port(value('PORT')),
    host: value('HOST'),
    url: address(value('TRAME_URL')),
    databaseUrl: databaseUrl(value('DATABASE_URL')),
    data: path.resolve(value('TRAME_DATA') ?? path.join(root, 'var')),
    smtpUrl: smtpUrl(value('SMTP_URL')),
    mailFrom: mailFrom(value('TRAME_MAIL_FROM')),
    demo: yesNo('TRAME_DEMO', value('TRAME_DEMO'), true),
    trustProxy: yesNo('TRAME_TRUST_PROXY', value('TRAME_TRUST_PROXY'), false),
  }
}

/** True for the names and addresses of this very machine, where a browser accepts secure cookies over http. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '[::1]' || host === '::1'

function refuseUnknown(names: string[]): void {
  // A misspelt setting would silently keep its default: better not to start.
  const unknown = names.find(name => /^TRAME_/i.test(name) && !known.includes(name))
  if (unknown) throw new Refusal(`Trame ne connaît pas la variable ${unknown}\u202f: corrigez son nom (${settable()}) ou retirez-la.`)
}
const settable = () => known.filter(name => name !== 'TRAME_TEST_PG').join(', ')

function port(text: string | undefined): number {
  if (text === undefined) return 3000
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new Refusal(`PORT vaut «\u202f${text}\u202f»\u202f: indiquez un nombre entre 0 et 65535, par exemple PORT=3000.`)
  return number
}

function address(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username)
    throw new Refusal(
      `TRAME_URL vaut «\u202f${text}\u202f»\u202f: indiquez l’adresse que les gens tapent, sans chemin, par exemple https://trame.exemple.fr.`,
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new Refusal(
      `TRAME_URL commence par http:// (${url.origin})\u202f: hors de cette machine il faut https://, sans quoi le navigateur refuse d’ouvrir une session.`,
    )
  return url.origin
}

function databaseUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:$/.test(parse(text)?.protocol ?? '')) return text
  // Never the value: it holds a password.
  throw new Refusal('DATABASE_URL n’est pas une adresse PostgreSQL\u202f: attendu postgres://utilisateur:motdepasse@hôte:5432/base.')
}

function smtpUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = parse(text)
  if (url && /^smtps?:$/.test(url.protocol) && url.hostname) return text
  throw new Refusal('SMTP_URL n’est pas une adresse de serveur de courriel\u202f: attendu smtp://utilisateur:motdepasse@hôte:587.')
}

function mailFrom(text: string | undefined): string | undefined {
  if (text === undefined || /^(?:[^<>\r\n",]+ <[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/.test(text)) return text
  throw new Refusal(
    `TRAME_MAIL_FROM vaut «\u202f${text}\u202f»\u202f: indiquez une adresse, par exemple «\u202fTrame <trame@exemple.fr>\u202f».`,
  )
}

function yesNo(name: string, text: string | undefined, unset: boolean): boolean {
  if (text === undefined) return unset
  if (text !== '0' && text !== '1') throw new Refusal(`${name} vaut «\u202f${text}\u202f»\u202f: indiquez 0 (non) ou 1 (oui).`)
  return text === '1'
}

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

/** What the system asks of a process before it starts one, and nothing of ours: Windows starts none without its own folder. */
export function bareEnvironment(): Record<string, string> {
  const { SystemRoot } = process.env
  return SystemRoot ? { SystemRoot } : {}
}
