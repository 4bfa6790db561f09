/** Who may open a page. Every page says it; a page that does not say it does not compile. */

export const roles = ['coordinator', 'doctor', 'nurse', 'pharmacist', 'professional', 'board', 'treasurer', 'funder', 'partner'] as const
export type Role = (typeof roles)[number]

export const roleNames: Record<Role, string> = {
  coordinator: 'Coordination',
  doctor: 'Médecin',
  nurse: 'Infirmier ou infirmière',
  pharmacist: 'Pharmacie',
  professional: 'Professionnel de santé',
  board: 'Bureau',
  treasurer: 'Trésorerie',
  funder: 'CPAM et ARS',
  partner: 'Partenaire',
}

/** What a signed link may be for; one purpose, one kind of page. */
export type Purpose = 'sign-in' | 'proposal' | 'capacity' | 'tracking' | 'draft' | 'record'

export type Access = { kind: 'open' } | { kind: 'member'; roles: readonly Role[] } | { kind: 'link'; purpose: Purpose }

/** Anyone, signed in or not. Such a page shows no personal data. */
export const open: Access = { kind: 'open' }
/** People who hold at least one of these roles in the community. */
export const members = (...allowed: Role[]): Access => ({ kind: 'member', roles: allowed })
/** Every role of the community. */
export const anyMember: Access = { kind: 'member', roles }
/** The holder of a valid signed link of this purpose; the path has a `:token`. */
export const link = (purpose: Purpose): Access => ({ kind: 'link', purpose })

/** Who is asking, in the community asked for. */
export type Who =
  | { kind: 'anonymous' }
  | { kind: 'member'; personId: string; membershipId: string; name: string; roles: readonly Role[]; rpps: string | null }
  | { kind: 'link'; linkId: string; purpose: Purpose; subjectId: string }
  | { kind: 'system'; job: string }

export const hasRole = (who: Who, ...allowed: Role[]): boolean => who.kind === 'member' && who.roles.some(r => allowed.includes(r))

/** True when `who` satisfies a declaration. Links are resolved before (they need the token). */
export function may(who: Who, access: Access): boolean {
  switch (access.kind) {
    case 'open':
      return true
    case 'member':
      return hasRole(who, ...access.roles)
    case 'link':
      return who.kind === 'link' && who.purpose === access.purpose
  }
}

/** How the access matrix and docs/access.md write a declaration. */
export function accessText(access: Access): string {
  switch (access.kind) {
    case 'open':
      return 'open'
    case 'member':
      return access.roles.length === roles.length ? 'any member' : access.roles.join(', ')
    case 'link':
      return `signed link: ${access.purpose}`
  }
}
