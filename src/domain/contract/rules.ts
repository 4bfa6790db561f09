/** The rules of payment: what is written, what is not, and what we do where nothing is written (`assumed`, until the signed contract says it). */
import type { Provenance, Rule, RuleId, SourceId } from './types.ts'

const rule = (
  id: RuleId,
  provenance: Provenance,
  article: string | null,
  sources: SourceId[],
  says: string,
  note: string | null = null,
): Rule => ({
  id,
  says,
  origin: { of: 'rule', id, provenance, article, sources, note, typed: null },
})
const NOT_FOUND = 'Aucun texte lu ne le règle. Le contrat signé peut le dire\u202f: notez-le alors.'

export const rules: readonly Rule[] = [
  rule(
    'running-at-signature',
    'sourced',
    'ACI 2019, art. 9.1',
    ['S60', 'S59'],
    'Le fonctionnement de la première année est versé en entier à la signature.',
  ),
  rule(
    'running-each-year',
    'sourced',
    'ACI 2019, art. 9.1',
    ['S60', 'S59'],
    'Une fois les missions commencées, le fonctionnement est versé chaque année\u202f: une avance à l’anniversaire, le solde un an après.',
  ),
  rule(
    'running-held',
    'assumed',
    null,
    ['S60'],
    'Tant qu’aucune mission n’a commencé, le fonctionnement des années suivantes attend le premier début de mission, puis est dû en entier.',
    NOT_FOUND,
  ),
  rule('advance', 'sourced', 'ACI 2019, art. 9.1', ['S60', 'S59', 'S24'], 'L’avance est de 75 %.'),
  rule(
    'fixed-from-start',
    'sourced',
    'Contrat type, art. 5',
    ['S59', 'S24'],
    'La part fixe d’une mission est versée à son début, au prorata jusqu’au prochain anniversaire, puis chaque année\u202f: solde de l’année passée et avance de la nouvelle.',
  ),
  rule(
    'prorata-days',
    'assumed',
    null,
    ['S59'],
    'Le prorata se compte en jours, sur les jours de l’année du contrat (365 ou 366).',
    'Le prorata est écrit, sa base en jours ne l’est pas.',
  ),
  rule(
    'variable-by-indicators',
    'assumed',
    null,
    ['S24', 'S46'],
    'La part variable est le plafond de la mission multiplié par la somme des taux des indicateurs, chacun avec son poids.',
    'Que la part variable suive les indicateurs est écrit\u202f; la formule, les poids et les plafonds sont propres à chaque contrat.',
  ),
  rule(
    'variable-from-start',
    'assumed',
    null,
    [],
    'L’année où une mission commence, sa part variable est au prorata, comme sa part fixe.',
    NOT_FOUND,
  ),
  rule(
    'compensation-as-fixed',
    'assumed',
    null,
    [],
    'La compensation des soins non programmés suit les règles de la part fixe de la mission.',
    NOT_FOUND,
  ),
  rule(
    'crisis-when-done',
    'assumed',
    null,
    ['S53'],
    'Le plan de crise est dû quand il est écrit, sa mise à jour chaque année ensuite, la participation à une crise l’année où elle survient\u202f; payés avec le solde.',
    NOT_FOUND,
  ),
  rule('repaid-prorata', 'sourced', null, ['S33'], 'Le contrat rompu, les avances sont rendues au prorata du temps.'),
  rule(
    'renewal-continues',
    'assumed',
    null,
    ['S32'],
    'Le contrat renouvelé continue\u202f: avance et solde, sans nouveau versement à la signature.',
    NOT_FOUND,
  ),
  rule('decided-in-minutes', 'sourced', null, ['S25', 'S46'], 'La part variable est arrêtée au dialogue de gestion.'),
]
