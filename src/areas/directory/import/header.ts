/** The first line of the extract: which column is where. Labels drift from year to year, their meaning does not. */
import { ImportRefused } from './report.ts'

/** The columns read, as the directory labels them; compared once normalised. */
const COLUMNS = {
  identifierKind: 'Type d’identifiant PP',
  identifier: 'Identifiant PP',
  practiceCivility: 'Code civilité d’exercice',
  civility: 'Code civilité',
  familyName: 'Nom d’exercice',
  givenName: 'Prénom d’exercice',
  professionCode: 'Code profession',
  profession: 'Libellé profession',
  categoryCode: 'Code catégorie professionnelle',
  category: 'Libellé catégorie professionnelle',
  skillCode: 'Code savoir-faire',
  skill: 'Libellé savoir-faire',
  modeCode: 'Code mode exercice',
  mode: 'Libellé mode exercice',
  siret: 'Numéro SIRET site',
  finess: 'Numéro FINESS site',
  structureId: 'Identifiant technique de la structure',
  name: 'Raison sociale site',
  sign: 'Enseigne commerciale site',
  addressee: 'Complément destinataire',
  place: 'Complément point géographique',
  number: 'Numéro Voie',
  numberSuffix: 'Indice répétition voie',
  streetKind: 'Libellé type de voie',
  street: 'Libellé Voie',
  distribution: 'Mention distribution',
  postalCode: 'Code postal',
  communeCode: 'Code commune',
  commune: 'Libellé commune',
  phone: 'Téléphone',
  sectorCode: 'Code secteur d’activité',
  sector: 'Libellé secteur d’activité',
  roleCode: 'Code rôle',
  role: 'Libellé rôle',
  activityCode: 'Code genre activité',
  activity: 'Libellé genre activité',
} as const

export type Column = keyof typeof COLUMNS

/** Absent from the 52-column extracts of 2021 and before. */
const OPTIONAL: readonly Column[] = ['roleCode', 'role', 'activityCode', 'activity']

const MAX_COLUMNS = 200

export interface Header {
  /** Number of separators of every line. */
  separators: number
  /** Position of each column, -1 for an absent optional one. */
  at: Record<Column, number>
}

/** The label as it is compared: `Code postal (coord. structure)` → `code postal`. */
export function normaliseLabel(label: string): string {
  return label
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** Reads the header line (without its end of line). Throws `ImportRefused`, naming every column that is missing. */
export function readHeader(line: string): Header {
  const labels = line.split('|')
  if (labels.length < 10) {
    const other = [';', '\t', ','].find(s => line.split(s).length >= 10)
    const seen = other === undefined ? '' : ` Ici, c’est ${{ ';': 'le point-virgule', '\t': 'la tabulation', ',': 'la virgule' }[other]}.`
    throw new ImportRefused(
      'separator',
      `Ligne 1\u202f: les colonnes doivent être séparées par une barre verticale («\u202f|\u202f»).${seen} Reprenez le fichier PS_LibreAcces_Personne_activite de l’Annuaire Santé. Rien n’a été changé.`,
      1,
    )
  }
  if (labels.length > MAX_COLUMNS)
    throw new ImportRefused(
      'separator',
      `Ligne 1\u202f: ${labels.length} colonnes, ce n’est pas une extraction de l’Annuaire Santé. Rien n’a été changé.`,
      1,
    )
  const positions = new Map<string, number>()
  labels.forEach((label, i) => {
    const name = normaliseLabel(label)
    if (name && !positions.has(name)) positions.set(name, i)
  })
  const at = {} as Record<Column, number>
  const missing: string[] = []
  for (const [column, label] of Object.entries(COLUMNS) as [Column, string][]) {
    at[column] = positions.get(normaliseLabel(label)) ?? -1
    if (at[column] === -1 && !OPTIONAL.includes(column)) missing.push(label)
  }
  if (missing.length)
    throw new ImportRefused(
      'missing-column',
      `Ligne 1\u202f: il manque ${missing.length === 1 ? 'la colonne' : 'les colonnes'} ${missing.map(m => `«\u202f${m}\u202f»`).join(', ')}. Reprenez le fichier PS_LibreAcces_Personne_activite de l’Annuaire Santé. Rien n’a été changé.`,
      1,
    )
  return { separators: labels.length - 1, at }
}
