/** Why a doctor is, or is not, for a patient: the engine's codes in words. Pure. */
import type { Constraint, Profile, Reason, Violation } from '#domain/assignment/index.ts'
import { frList, frName, frNumber, NBSP, plural } from '#platform/ui/french.ts'
import { languageName } from './fields.ts'
import type { KeptReason, Moved, Why } from './kept.ts'
import { profileNames } from './rules.ts'
import type { Answer } from './solving.ts'

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

const eliminatedBy: Record<Constraint, [one: string, many: string]> = {
  excluded: ['déjà sollicité sans suite', 'déjà sollicités sans suite'],
  profile: ['ne prend pas ce profil', 'ne prennent pas ce profil'],
  age: ['ne prend pas cet âge', 'ne prennent pas cet âge'],
  commune: ['ne prend pas cette commune', 'ne prennent pas cette commune'],
  language: ['ne parle pas la langue', 'ne parlent pas la langue'],
  wheelchair: ['cabinet non accessible', 'cabinets non accessibles'],
  travelUnknown: ['trajet inconnu', 'trajets inconnus'],
  travelCap: ['trop loin', 'trop loin'],
}
/** « 12 trop loin, 3 ne prennent pas ce profil » : why no doctor, counted. */
export function eliminatedText(e: Partial<Record<Constraint, number>>): string {
  return Object.entries(e)
    .filter(([, n]) => n > 0)
    .toSorted((a, b) => b[1] - a[1])
    .map(([c, n]) => `${frNumber(n)} ${eliminatedBy[c as Constraint][n < 2 ? 0 : 1]}`)
    .join(', ')
}
/** Why a patient has no proposal, for somebody who was not there when it was computed. */
export function reasonText(reason: Reason | KeptReason): string {
  if (reason.kind === 'nobodyCan') {
    const why = eliminatedText(reason.eliminated)
    return why ? `Aucun médecin ne convient : ${why}.` : 'Aucun médecin n’a déclaré de place.'
  }
  const n = typeof reason.doctors === 'number' ? reason.doctors : reason.doctors.length
  const who = n === 1 ? 'Le seul médecin qui convient n’a' : `Les ${plural(n, 'médecin qui convient', 'médecins qui conviennent')} n’ont`
  return reason.lowestServed === null
    ? `${who} plus de place.`
    : `${who} plus de place : la dernière va à un patient de ${plural(reason.lowestServed, 'point', 'points')}, il en a ${frNumber(reason.points)}.`
}

/** What bound a line, sentence by sentence: who is nearer and cannot, who is nearer and was given to others, why not the doctor of before. */
export function explanationLines(
  why: Why,
  o: {
    doctorName: (id: string) => string
    patientName: (id: string) => string
    communeName?: (code: string) => string
    before?: string | null
  },
): string[] {
  const { reason, passed = [], impossible = [], together = [], more = 0, moved, unkept } = why
  if (unkept) return []
  const lines: string[] = []
  if (moved) lines.push(movedText(moved, o.before ?? 'Son médecin du plan précédent', o.communeName))
  if (reason) lines.push(reasonText(reason))
  else if (passed.length === 0 && impossible.length === 0) lines.push('C’est le médecin le plus proche.')
  else if (passed.length === 0) lines.push('C’est le plus proche des médecins qui conviennent.')
  if (together.length) lines.push(`Avec son foyer : ${frList(together.map(o.patientName))}.`)
  for (const p of passed)
    lines.push(
      p.full
        ? `${frName(o.doctorName(p.doctor), 'Le')}, à ${p.minutes}${NBSP}min : ${p.places < 2 ? 'sa place va' : `ses ${p.places} places vont`} à des patients que le plan ne peut pas mieux placer ailleurs${p.price.points > 0 ? ` (une place y vaut ${plural(p.price.points, 'point', 'points')})` : ''}.`
        : `${frName(o.doctorName(p.doctor), 'Le')}, à ${p.minutes}${NBSP}min : il lui reste une place, mais le plan y perdrait ailleurs.`,
    )
  for (const i of impossible)
    lines.push(
      `${frName(o.doctorName(i.doctor), 'Le')}${i.minutes === null ? '' : `, à ${i.minutes}${NBSP}min`} : ${lower(violationText(i.violation, o.communeName))}`,
    )
  if (more > 0)
    lines.push(
      `Et ${plural(more, 'autre médecin', 'autres médecins')}${reason ? '' : more < 2 ? ' plus proche' : ' plus proches'}, de même.`,
    )
  return lines
}
/** Why somebody is no longer with the doctor of the plan before. */
export function movedText(m: Moved, before: string, communeName?: (code: string) => string): string {
  switch (m.kind) {
    case 'gone':
      return `${before} n’offre plus de place.`
    case 'impossible':
      return `${before} ne convient plus : ${lower(violationText(m.violation, communeName))}`
    case 'nearer':
      return `${before} est plus loin de ${m.minutes}${NBSP}min : une place s’est libérée plus près.`
    case 'taken':
      return `Les places de ${before} vont à d’autres : le plan entier y gagne.`
    case 'whole':
      return `${before} pouvait le garder, mais le plan entier y perdait.`
  }
}
const lower = (s: string) => s.charAt(0).toLowerCase() + s.slice(1)

/** The answer to « Pourquoi pas le Dr X ? ». */
export function whyNotText(w: Answer, communeName?: (code: string) => string): string {
  switch (w.kind) {
    case 'proposed':
      return 'C’est le médecin que le plan propose.'
    case 'left':
      return 'Ce patient n’attend plus de médecin : sa demande a avancé depuis ce plan.'
    case 'impossible':
      return violationText(w.violation, communeName)
    case 'noPlace':
      return 'Il n’a pas de place à donner à ce patient.'
    case 'cost': {
      const costs = [
        ...(w.priority < 0
          ? [`${plural(-w.priority, 'point servi', 'points servis')} de moins : un patient plus prioritaire perdrait sa place`]
          : []),
        ...(w.splits > 0 ? [`${plural(w.splits, 'foyer', 'foyers')} de plus à séparer`] : []),
        ...(w.minutes > 0 ? [`${w.minutes}${NBSP}min de trajet de plus, tous patients réunis`] : []),
      ]
      const gains = [
        ...(w.splits < 0 ? [`${plural(-w.splits, 'foyer', 'foyers')} de moins à séparer`] : []),
        ...(w.minutes < 0 ? [`${-w.minutes}${NBSP}min de trajet de moins`] : []),
      ]
      if (costs.length === 0)
        return 'Ce serait aussi bien : le plan a choisi entre deux solutions égales. Vous pouvez le proposer vous-même.'
      const but = gains.length ? `, contre ${frList(gains)}` : ''
      return `C’est possible, mais le plan entier y perdrait : ${frList(costs)}${but}.${w.exact ? '' : ' (Comparaison avec le meilleur plan trouvé.)'}`
    }
  }
}
