/**
 * The public sources that the national tables rest on. Only extracts of most of them could be read: the long tables of the agreement
 * (ACI art. 8, amendment no. 2) were not seen whole, which is why most amounts by mission are `assumed`.
 */
import type { SourceId } from './types.ts'

export interface Source {
  /** In French. */
  title: string
  /** Where it was read, without the protocol; null for a document that is no page. */
  where: string | null
  /** The text itself, article by article, rather than somebody who tells it. */
  text?: true
}
export const sources: Readonly<Record<SourceId, Source>> = {
  S04: { title: 'Note de la CNAM sur l’ACI (2019)', where: '123dok.net/document/y4wrknx5' },
  S07: { title: 'Kiné actualité, 26 juin 2019', where: 'kineactu.com/index.php/article/11347' },
  S08: {
    title: 'Arrêté du 21 août 2019 portant approbation de l’ACI',
    where: 'juriblio.fr/arretes/arrete-du-21-aout-2019/173172467',
    text: true,
  },
  S09: { title: 'Les centres de santé, « CPTS, épisode 2 »', where: 'lescentresdesante.com' },
  S15: { title: 'ameli.fr, « ACI, signature d’un avenant »', where: 'ameli.fr/orthophoniste/actualites/aci-signature-d-un-avenant' },
  S16: { title: 'Avis relatif à l’avenant 2, JO du 31 mars 2022', where: 'legifrance.gouv.fr/jorf/id/JORFTEXT000045443303', text: true },
  S17: { title: 'Syndicat des médecins libéraux, avenant 2', where: 'lesml.org/fr/216-les-articles-du-sml.php?id=794' },
  S18: { title: 'Concours pluripro, « Quelles sont les clés pour établir le budget initial d’une CPTS »', where: 'concourspluripro.fr' },
  S24: { title: 'Sénat, rapport 32 (2025-2026) sur les CPTS, financement', where: 'senat.fr/rap/r25-032/r25-0325.html' },
  S25: { title: 'Sénat, rapport 32 (2025-2026) sur les CPTS', where: 'senat.fr/rap/r25-032/r25-0321.html' },
  S30: { title: 'PAPS Hauts-de-France, « Le financement de la CPTS » (30 novembre 2023)', where: 'hauts-de-france.paps.sante.fr' },
  S32: { title: 'Medaviz, durée et renouvellement du contrat', where: 'medaviz.com/?p=85138' },
  S33: { title: 'Medaviz, missions socles et rémunération de l’ACI', where: 'medaviz.com' },
  S38: { title: 'Le Quotidien du médecin, 21 novembre 2019', where: 'medecine-generale.lequotidiendumedecin.fr' },
  S45: { title: 'Forum de la FCPTS, une présidente de CPTS de taille 3', where: 'fcpts.org/?p=6762' },
  S46: { title: 'Sénat, rapport 32 (2025-2026) sur les CPTS, suivi des fonds', where: 'senat.fr/rap/r25-032/r25-0327.html' },
  S47: { title: 'Le Concours médical, tableau du volet fonctionnement', where: 'leconcoursmedical.fr/content/3246' },
  S48: { title: 'Forum de la FCPTS, budget de coordination d’une CPTS de taille 3', where: 'fcpts.org' },
  S49: { title: 'Le Quotidien du médecin, congrès de Nantes', where: 'neurologie-psychiatrie.lequotidiendumedecin.fr' },
  S53: {
    title: 'Concours pluripro, « La CNAM gonfle encore l’enveloppe » (proposition de novembre 2020, non signée)',
    where: 'concourspluripro.fr',
  },
  S59: { title: 'Contrat type de l’ACI, art. 5 et 6', where: 'juriblio.fr, annexe 307390221', text: true },
  S60: { title: 'ACI, art. 9', where: 'juriblio.fr, annexe 307390210', text: true },
  S13: { title: 'CSP, art. L1434-12 (version au 30 juin 2022)', where: 'circulaire.legifrance.gouv.fr, LEGISCTA000031917906', text: true },
  'seed-003': { title: 'Communiqué de signature, CPTS Sud Allier, 17 juin 2020', where: null },
  'seed-004': { title: 'Communiqué de signature, CPTS Grand Versailles, 17 décembre 2020', where: null },
  CPC641: { title: 'Code de procédure civile, art. 641', where: 'legifrance.gouv.fr/codes/article_lc/LEGIARTI000006411002', text: true },
}
