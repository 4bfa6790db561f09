/** How what the national directory writes in capitals is shown, and which numbers are never shown. */

/**
 * The public number of a practice as digits by pairs will be drawn from it, or null: mobile numbers (06, 07, and 06 9x overseas)
 * are taken for personal ones and never leave the store.
 */
export function publicPhone(raw: string | null | undefined): string | null {
  if (!raw) return null
  const digits = raw.replace(/[^\d+]/g, '').replace(/^(\+33|0033)0?/, '0')
  if (!/^0[1-9]\d{8}$/.test(digits) || /^0[67]/.test(digits)) return null
  return `+33${digits.slice(1)}`
}
export const isMobile = (phone: string): boolean => /^(\+33|0)[67]/.test(phone)

const LITTLE = new Set(
  'rue avenue place boulevard chemin route impasse allée allee square cours quai passage résidence residence sentier bis ter de du des la le les l d et à a au aux en sur sous lès les'.split(
    ' ',
  ),
)
const SIGLES = new Set(
  'SCM SELARL SELAS SELAFA SCP SISA MSP CPTS CH CHU CHI EHPAD SSIAD CMP CCAS ZA ZAC ZI BP CS SAS SARL EURL II III IV XXIII'.split(' '),
)

/** Capitals that run on: two words or more, or one too long to be initials. */
const SHOUTED = /(?<![\p{L}\d])(?:\p{Lu}[\p{Lu}'’]*(?:[ -]\p{Lu}[\p{Lu}'’]*)+|\p{Lu}{5,})(?![\p{L}\d])/gu

/**
 * A line in capitals as one writes it: « 12 RUE DE L'EGLISE » gives « 12 rue de l’Eglise ». In a line that has small letters
 * too, only the capitals that run on are quieted: « 58 Rue DES ROSIERS » gives « 58 rue des Rosiers », « Cabinet SCM » stays.
 */
export function quiet(line: string): string {
  const text = line.trim().replace(/\s+/g, ' ')
  if (!/\p{Ll}/u.test(text)) return quietAll(text)
  const said = text.replace(/(\p{L})'(?=\p{L})/gu, '$1’')
  const calm = said.replace(SHOUTED, words => quietAll(`0 ${words}`).slice(2))
  if (calm === said) return said
  return calm.replace(
    /^(\d+[^ ]* )(\p{Lu}\p{Ll}+)/u,
    (_, n: string, way: string) => n + (LITTLE.has(way.toLowerCase()) ? way.toLowerCase() : way),
  )
}
function quietAll(text: string): string {
  let first = true
  return text.replace(/[\p{L}\p{M}]+|['’]/gu, word => {
    if (word === "'" || word === '’') return '’'
    if (SIGLES.has(word)) {
      first = false
      return word
    }
    const low = word.toLowerCase()
    // « 12 rue »: after a number the street is not the first word of a sentence.
    const little = LITTLE.has(low) && (!first || /^\d/.test(text))
    first = false
    return little ? low : low.charAt(0).toUpperCase() + low.slice(1)
  })
}
/** A name in capitals with its capitals where they belong: « LE GOFF-D'ORGEVAL » gives « Le Goff-D’Orgeval ». */
export function properName(name: string): string {
  const curly = name.trim().replaceAll("'", '’')
  if (/\p{Ll}/u.test(curly)) return curly
  return curly.replace(/[\p{L}\p{M}]+/gu, w => w.charAt(0) + w.slice(1).toLowerCase())
}
const TITLES: Record<string, string> = { DR: 'Dr', PR: 'Pr' }
export interface Named {
  familyName: string
  givenName?: string | null
  civility?: string | null
}
/** « Dr Jeanne Le Goff ». */
export function fullName({ familyName, givenName, civility }: Named): string {
  const title = civility ? TITLES[civility.toUpperCase()] : undefined
  return [title && `${title}\u00a0`, givenName && `${properName(givenName)} `, properName(familyName)].filter(Boolean).join('')
}
/** « Le Goff Jeanne »: as lists are sorted. */
export const sortedName = ({ familyName, givenName }: Named): string =>
  givenName ? `${properName(familyName)} ${properName(givenName)}` : properName(familyName)
