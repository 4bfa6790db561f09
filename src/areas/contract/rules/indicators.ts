/**
 * The indicators a contract may choose from. Names and definitions follow what contracts and funds use (domain dossier 3.3);
 * weights, targets and starting points are those of each contract, never ours.
 */
import type { Ratio } from '#domain/contract/index.ts'
import type { Mission } from './missions.ts'

/**
 * Where the number comes from: `requests`, worked out from the requests for a treating doctor; `proofs`, the proofs filed for it;
 * `import`, a figure of the fund or the agency, entered with its date and its document.
 */
export type Source = 'requests' | 'proofs' | 'import'
export interface Definition {
  code: IndicatorCode
  mission: Mission
  name: string
  /** `count` without a denominator, `done` yes or no. */
  measure: 'share' | 'count' | 'done'
  kind: 'action' | 'result'
  better: 'higher' | 'lower'
  source: Source
  numerator: string
  denominator: string | null
}
const define = <C extends string>(
  code: C,
  mission: Mission,
  name: string,
  d: Partial<Omit<Definition, 'code' | 'mission' | 'name'>> & { numerator: string },
) => ({ code, mission, name, measure: 'count', kind: 'action', better: 'higher', source: 'proofs', denominator: null, ...d }) as const

export const catalogue = [
  define('gp-found', 'access', 'Demandes qui ont abouti à un médecin traitant déclaré', {
    measure: 'share',
    kind: 'result',
    source: 'requests',
    numerator: 'Parmi elles, celles dont la première consultation a eu lieu et le médecin traitant est déclaré',
    denominator: 'Demandes reçues dans l’année du contrat, hors doublons et hors territoire',
  }),
  define('gp-30-days', 'access', 'Médecin traitant déclaré en trente jours au plus', {
    measure: 'share',
    kind: 'result',
    source: 'requests',
    numerator: 'Parmi elles, celles closes trente jours au plus après la demande',
    denominator: 'Demandes closes dans l’année du contrat avec un médecin traitant déclaré',
  }),
  define('gp-ald', 'access', 'Patients en ALD qui ont trouvé un médecin traitant', {
    measure: 'share',
    kind: 'result',
    source: 'requests',
    numerator: 'Parmi elles, celles qui ont abouti à un médecin traitant déclaré',
    denominator: 'Demandes de patients en ALD reçues dans l’année du contrat, hors doublons et hors territoire',
  }),
  define('no-gp', 'access', 'Habitants de 17 ans ou plus sans médecin traitant', {
    measure: 'share',
    kind: 'result',
    better: 'lower',
    source: 'import',
    numerator: 'Assurés de 17 ans ou plus sans médecin traitant déclaré',
    denominator: 'Assurés de 17 ans ou plus qui résident dans le territoire',
  }),
  define('no-gp-ald', 'access', 'Patients en ALD sans médecin traitant', {
    measure: 'share',
    kind: 'result',
    better: 'lower',
    source: 'import',
    numerator: 'Patients en ALD sans médecin traitant déclaré',
    denominator: 'Patients en ALD qui résident dans le territoire',
  }),
  define('emergency', 'access', 'Passages aux urgences non suivis d’hospitalisation', {
    measure: 'share',
    kind: 'result',
    better: 'lower',
    source: 'import',
    numerator: 'Passages aux urgences sans hospitalisation',
    denominator: 'Passages aux urgences des habitants du territoire',
  }),
  define('unscheduled-map', 'access', 'État des lieux des soins non programmés à jour', {
    measure: 'done',
    numerator: 'État des lieux déposé comme preuve dans l’année',
  }),
  define('pathways-written', 'pathways', 'Parcours formalisés', { numerator: 'Protocoles de parcours déposés comme preuves' }),
  define('case-meetings', 'pathways', 'Réunions de concertation pluriprofessionnelle', {
    numerator: 'Comptes rendus ou émargements déposés comme preuves',
  }),
  define('prevention-actions', 'prevention', 'Actions de prévention menées', { numerator: 'Actions dont une preuve est déposée' }),
  define('flu', 'prevention', 'Vaccination contre la grippe à 65 ans ou plus', {
    measure: 'share',
    kind: 'result',
    source: 'import',
    numerator: 'Habitants de 65 ans ou plus vaccinés dans la saison',
    denominator: 'Habitants de 65 ans ou plus',
  }),
  define('crisis-plan', 'crisis', 'Plan de crise écrit ou mis à jour, transmis à l’ARS', {
    measure: 'done',
    numerator: 'Plan daté de l’année, déposé comme preuve',
  }),
  define('crisis-exercise', 'crisis', 'Exercice de crise tenu', {
    measure: 'done',
    numerator: 'Compte rendu d’exercice déposé comme preuve',
  }),
  define('quality-groups', 'quality', 'Réunions des groupes qualité', { numerator: 'Comptes rendus ou émargements déposés comme preuves' }),
  define('trainees', 'support', 'Étudiants et remplaçants accueillis', { numerator: 'Accueils dont une preuve est déposée' }),
] as const satisfies readonly (Omit<Definition, 'code'> & { code: string })[]

export type IndicatorCode = (typeof catalogue)[number]['code']
export const definitionOf = (code: string): Definition | null => catalogue.find(d => d.code === code) ?? null

/** A number, or the reason why there is none: not available is never zero. */
export type Figure = { state: 'known'; ratio: Ratio } | { state: 'unavailable'; reason: string }
