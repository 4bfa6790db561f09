/** Why a doctor is, or is not, for a patient: the engine's codes in words. Pure. */
import type { Constraint, Profile, Reason, Violation } from '#domain/assignment/index.ts'
import { frList, frNumber, NBSP, plural } from '#platform/ui/french.ts'
import { languageName } from './fields.ts'
import { profileNames } from './rules.ts'

/** One sentence for the pair that cannot be. */
export function violationText(v: Violation, communeName: (code: string) => string = code => code): string {
  switch (v.constraint) {
    case 'excluded':
      return 'Ce médecin a déjà été sollicité pour ce patient, sans suite.'
    case 'profile':
      return `Il ne prend pas, ou plus, de patient « ${profileNames[v.needed as Profile]?.toLowerCase() ?? v.needed} ».`
    case 'age': {
      const [from, to] = v.offered.split('-')
      const range = to ? `de ${from} à ${to}${NBSP}ans` : `à partir de ${from}${NBSP}ans`
      return `Il prend les patients ${range} ; celui-ci a ${v.needed}${NBSP}ans.`
    }
    case 'commune':
      return `Il prend seulement les patients de ${frList(v.offered.split(', ').map(communeName))}.`
    case 'language':
      return `Il faut parler ${frList(
        v.needed.split(', ').map(l => languageName(l).toLowerCase()),
        'ou',
      )} ; ${v.offered ? `il parle ${frList(v.offered.split(', ').map(l => languageName(l).toLowerCase()))}` : 'il parle français'}.`
    case 'wheelchair':
      return 'Son cabinet n’est pas accessible en fauteuil roulant.'
    case 'travelUnknown':
      return 'Le trajet ne peut pas être estimé : la position d’une des deux communes est inconnue.'
    case 'travelCap':
      return `Il est à ${v.offered}${NBSP}min (estimation) ; la limite de ce patient est de ${v.needed}${NBSP}min.`
  }
}

const eliminatedBy: Record<Constraint, string> = {
  excluded: 'déjà sollicité sans suite',
  profile: 'ne prend pas ce profil',
  age: 'ne prend pas cet âge',
  commune: 'ne prend pas cette commune',
  language: 'ne parle pas la langue',
  wheelchair: 'cabinet non accessible',
  travelUnknown: 'trajet inconnu',
  travelCap: 'trop loin',
}
/** « 12 trop loin, 3 ne prennent pas ce profil » : why no doctor, counted. */
export function eliminatedText(e: Partial<Record<Constraint, number>>): string {
  return Object.entries(e)
    .filter(([, n]) => n > 0)
    .toSorted((a, b) => b[1] - a[1])
    .map(([c, n]) => `${frNumber(n)} ${eliminatedBy[c as Constraint]}`)
    .join(', ')
}
/** Why a patient has no proposal, for somebody who was not there when it was computed. */
export function reasonText(reason: Reason): string {
  if (reason.kind === 'nobodyCan') {
    const why = eliminatedText(reason.eliminated)
    return why ? `Aucun médecin ne convient : ${why}.` : 'Aucun médecin n’a déclaré de place.'
  }
  const n = reason.doctors.length
  const who = n === 1 ? 'Le seul médecin qui convient n’a' : `Les ${plural(n, 'médecin qui convient', 'médecins qui conviennent')} n’ont`
  return reason.lowestServed === null
    ? `${who} plus de place.`
    : `${who} plus de place : la dernière va à un patient de ${plural(reason.lowestServed, 'point', 'points')}, il en a ${frNumber(reason.points)}.`
}
