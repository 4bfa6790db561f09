/** Codes and labels of the ANS nomenclatures used by the demonstration (TRE_G15, TRE_R38, TRE_R39, TRE_R02). */
export interface Skill {
  type: string
  typeLabel: string
  code: string
  label: string
}
const ordinal = (code: string, label: string): Skill => ({ type: 'S', typeLabel: 'Spécialité ordinale', code, label: `${label} (SM)` })

const general = [
  [ordinal('SM26', 'Qualifié en Médecine générale')],
  [ordinal('SM26', 'Qualifié en Médecine générale')],
  [ordinal('SM54', 'Médecine générale')],
  [ordinal('SM53', 'Spécialiste en Médecine générale')],
]
export const secondSkill: Skill = { type: 'C', typeLabel: 'Compétence', code: 'C05', label: 'Médecine appliquée aux sports (C)' }

export const specialties: readonly Skill[] = [
  ordinal('SM04', 'Cardiologie et Maladies vasculaires'),
  ordinal('SM15', 'Dermatologie et Vénéréologie'),
  ordinal('SM16', 'Endocrinologie et Métabolisme'),
  ordinal('SM18', 'Gériatrie'),
  ordinal('SM19', 'Gynécologie médicale'),
  ordinal('SM24', 'Gastro-entérologie et Hépatologie'),
  ordinal('SM32', 'Neurologie'),
  ordinal('SM38', 'Ophtalmologie'),
  ordinal('SM40', 'Pédiatrie'),
  ordinal('SM41', 'Pneumologie'),
  ordinal('SM42', 'Psychiatrie'),
  ordinal('SM44', 'Radio-diagnostic'),
  ordinal('SM48', 'Rhumatologie'),
]

interface Profession {
  code: string
  label: string
  /** Called « docteur ». */
  doctor: boolean
  authority: string
  skills: readonly (readonly Skill[])[]
}
const profession = (code: string, label: string, authority: string, doctor = false, skills: Profession['skills'] = []): Profession => ({
  code,
  label,
  doctor,
  authority,
  skills,
})

export type Kind =
  | 'gp'
  | 'specialist'
  | 'pharmacist'
  | 'dentist'
  | 'midwife'
  | 'nurse'
  | 'physiotherapist'
  | 'podiatrist'
  | 'speechTherapist'
  | 'orthoptist'

export const professions: Record<Kind, Profession> = {
  gp: profession('10', 'Médecin', 'CNOM', true, general),
  specialist: profession('10', 'Médecin', 'CNOM', true),
  pharmacist: profession('21', 'Pharmacien', 'CNOP', true),
  dentist: profession('40', 'Chirurgien-Dentiste', 'CNOCD', true),
  midwife: profession('50', 'Sage-Femme', 'CNOSF'),
  nurse: profession('60', 'Infirmier', 'ONI'),
  physiotherapist: profession('70', 'Masseur-Kinésithérapeute', 'CNOMK'),
  podiatrist: profession('80', 'Pédicure-Podologue', 'ONPP'),
  speechTherapist: profession('91', 'Orthophoniste', 'ARS'),
  orthoptist: profession('92', 'Orthoptiste', 'ARS'),
}

export const sectors = {
  SA05: 'Centre de santé',
  SA07: 'Cabinet individuel',
  SA08: 'Cabinet de groupe',
  SA33: "Pharmacie d'officine",
} as const
