/** Pure decisions about people: where one goes after signing in, what a list shows, what a message says. */
import type { Role } from '#platform/access.ts'

/** How roles are written in an address. */
export const roleSlugs: Record<Role, string> = {
  coordinator: 'coordination',
  doctor: 'medecin',
  nurse: 'infirmier',
  pharmacist: 'pharmacie',
  professional: 'professionnel',
  board: 'bureau',
  treasurer: 'tresorerie',
  funder: 'cpam-ars',
  partner: 'partenaire',
}

const OURS = /^\/c\/[a-z0-9][a-z0-9-]*(?:[/?][!-[\]-~]*)?$/
/**
 * Where to go after signing in: a page of a community of this very server, or `fallback`. Anything a browser could read as
 * another place (another scheme, `//host`, a backslash, a control character, `..` that climbs out) is the fallback.
 */
export function nextPath(wanted: string | null | undefined, fallback: string): string {
  if (!wanted || wanted.length > 500 || !OURS.test(wanted)) return fallback
  const url = new URL(wanted, 'https://here.invalid')
  const path = url.pathname
  if (url.host !== 'here.invalid' || !OURS.test(path) || path.includes('//')) return fallback
  // Never a loop through the sign-in pages.
  if (/^\/c\/[^/]+\/(de)?connexion(\/|$)/.test(path)) return fallback
  return path + url.search
}

/** Minutes a sign-in link lives, days an invitation does, and how many links one person may be sent in an hour. */
export const SIGN_IN_MINUTES = 20
export const INVITATION_DAYS = 7
export const LINKS_PER_HOUR = 5

export type LinkState = 'live' | 'used' | 'revoked' | 'expired'
export function stateOf(link: { usedAt: Date | null; revokedAt: Date | null; expiresAt: Date }, now: Date): LinkState {
  if (link.usedAt) return 'used'
  if (link.revokedAt) return 'revoked'
  return link.expiresAt <= now ? 'expired' : 'live'
}
export const deadLink: Record<Exclude<LinkState, 'live'>, string> = {
  used: 'Ce lien a déjà servi. Chaque lien ne sert qu’une fois.',
  revoked: 'Ce lien a été remplacé par un plus récent. Ouvrez le dernier message reçu, ou demandez un nouveau lien.',
  expired: 'Ce lien n’est plus valable. Un lien de connexion ne vit pas longtemps, pour votre sécurité.',
}

export interface Listed {
  name: string
  email: string | null
  roles: readonly Role[]
  rpps: string | null
  profession: string | null
  endedAt: Date | null
}
export interface MemberFilter {
  role?: Role
  /** As `fold` writes it. */
  profession?: string
  text?: string
  past?: boolean
}
/** Accents, case and apostrophes do not count when searching. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('\u2019', "'")
    .toLowerCase()

export function matching<M extends Listed>(members: readonly M[], f: MemberFilter): M[] {
  const words = fold(f.text ?? '')
    .split(/\s+/)
    .filter(Boolean)
  return members.filter(m => {
    const haystack = fold([m.name, m.email, m.profession, m.rpps].filter(Boolean).join(' '))
    return (
      (m.endedAt !== null) === (f.past ?? false) &&
      (!f.role || m.roles.includes(f.role)) &&
      (!f.profession || fold(m.profession ?? '') === f.profession) &&
      words.every(w => haystack.includes(w))
    )
  })
}

/** What a filter looks like in the address; the words of `change` win. */
export function filterQuery(f: MemberFilter, change: MemberFilter = {}): string {
  const all = { ...f, ...change }
  const q = new URLSearchParams()
  if (all.role) q.set('role', roleSlugs[all.role])
  if (all.profession) q.set('profession', all.profession)
  if (all.text) q.set('q', all.text)
  if (all.past) q.set('etat', 'anciens')
  return q.size ? `?${q}` : ''
}
export function filterOf(query: URLSearchParams): MemberFilter {
  const role = (Object.keys(roleSlugs) as Role[]).find(r => roleSlugs[r] === query.get('role'))
  return {
    role,
    profession: query.get('profession')?.slice(0, 100) || undefined,
    text: query.get('q')?.normalize('NFC').slice(0, 100).trim() || undefined,
    past: query.get('etat') === 'anciens',
  }
}

/** The text of a message holds the link and the community's name, nothing about the person. */
export function signInMessage(cptsName: string, url: string): { subject: string; body: string } {
  return {
    subject: `Votre lien de connexion (${cptsName})`,
    body: `Bonjour,

Voici votre lien pour entrer dans l’espace ${cptsName} :
${url}

Il sert une seule fois et reste valable ${SIGN_IN_MINUTES} minutes. Vous n’avez pas de mot de passe à retenir.

Si vous n’avez rien demandé, ne faites rien : personne n’entre sans ce lien.
`.replace(/ ([:;])/g, '\u202f$1'),
  }
}
export function invitationMessage(cptsName: string, url: string): { subject: string; body: string } {
  return {
    subject: `Votre accès à l’espace ${cptsName}`,
    body: `Bonjour,

Un accès à l’espace ${cptsName} vous est ouvert. Pour y entrer :
${url}

Ce lien sert une seule fois et reste valable ${INVITATION_DAYS} jours. Ensuite, la page de connexion vous en envoie un nouveau quand vous voulez. Vous n’avez pas de mot de passe à retenir.
`.replace(/ ([:;])/g, '\u202f$1'),
  }
}
