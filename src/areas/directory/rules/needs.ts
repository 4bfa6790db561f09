/** What people look for, in plain words, and the codes of the national directory behind each word. */
import { DOCTOR, generalMedicine } from '#domain/professions.ts'

/** A line of the list « what are you looking for? ». */
export interface Need {
  /** In the address: French, without accents. */
  key: string
  label: string
  many: string
  /** Professions (TRE_G15); empty for partners. */
  professions: readonly string[]
  /** At least one of these skills (TRE_R38). */
  skills?: readonly string[]
  /** None of these skills. */
  otherThan?: readonly string[]
  partnerKinds?: readonly PartnerKind[]
}

export const partnerKinds = [
  'town-hall',
  'ccas',
  'dac',
  'cmp',
  'msp',
  'esp',
  'health-centre',
  'hospital',
  'ehpad',
  'home-care',
  'ambulance',
  'pharmacy-group',
  'association',
  'other',
] as const
export type PartnerKind = (typeof partnerKinds)[number]
export const partnerWords: Record<PartnerKind, { key: string; label: string; many: string }> = {
  'town-hall': { key: 'mairie', label: 'Mairie', many: 'Mairies' },
  ccas: { key: 'ccas', label: 'CCAS (action sociale communale)', many: 'CCAS' },
  dac: { key: 'dac', label: 'DAC (appui à la coordination)', many: 'DAC' },
  cmp: { key: 'cmp', label: 'CMP (centre médico-psychologique)', many: 'CMP' },
  msp: { key: 'msp', label: 'Maison de santé (MSP)', many: 'MSP' },
  esp: { key: 'esp', label: 'Équipe de soins primaires (ESP)', many: 'ESP' },
  'health-centre': { key: 'centre-de-sante', label: 'Centre de santé', many: 'Centres de santé' },
  hospital: { key: 'hopital', label: 'Hôpital ou clinique', many: 'Hôpitaux et cliniques' },
  ehpad: { key: 'ehpad', label: 'EHPAD', many: 'EHPAD' },
  'home-care': { key: 'soins-a-domicile', label: 'Soins ou aide à domicile', many: 'Services à domicile' },
  ambulance: { key: 'transport-sanitaire', label: 'Transport sanitaire', many: 'Transports sanitaires' },
  'pharmacy-group': { key: 'groupement-de-pharmacies', label: 'Groupement de pharmacies', many: 'Groupements de pharmacies' },
  association: { key: 'association', label: 'Association', many: 'Associations' },
  other: { key: 'autre-partenaire', label: 'Autre partenaire', many: 'Autres partenaires' },
}

const doctor = (key: string, label: string, many: string, ...skills: string[]): Need => ({
  key,
  label,
  many,
  professions: [DOCTOR],
  skills,
})
const other = (code: string, key: string, label: string, many: string): Need => ({ key, label, many, professions: [code] })

const specialists: Need[] = [
  doctor('allergologue', 'Allergologue', 'Allergologues', 'SM57'),
  doctor('cardiologue', 'Cardiologue', 'Cardiologues', 'SM04', 'SM73', 'SM79', 'SM80', 'SM81'),
  doctor('dermatologue', 'Dermatologue', 'Dermatologues', 'SM15'),
  doctor('endocrinologue', 'Endocrinologue', 'Endocrinologues', 'SM16', 'SM62'),
  doctor('gastro-enterologue', 'Gastro-entérologue', 'Gastro-entérologues', 'SM24'),
  doctor('geriatre', 'Gériatre', 'Gériatres', 'SM18'),
  doctor('gynecologue', 'Gynécologue', 'Gynécologues', 'SM19', 'SM20', 'SM51', 'SM52'),
  doctor('medecin-vasculaire', 'Médecin vasculaire', 'Médecins vasculaires', 'SM61'),
  doctor('neurologue', 'Neurologue', 'Neurologues', 'SM32', 'SM33', 'SM84'),
  doctor('ophtalmologue', 'Ophtalmologue', 'Ophtalmologues', 'SM38', 'SM85'),
  doctor('orl', 'Médecin ORL', 'Médecins ORL', 'SM34', 'SM39', 'SM86'),
  doctor('pediatre', 'Pédiatre', 'Pédiatres', 'SM40', 'SM87', 'SM88', 'SM89', 'SM90'),
  doctor('pneumologue', 'Pneumologue', 'Pneumologues', 'SM41', 'SM91'),
  doctor('psychiatre', 'Psychiatre', 'Psychiatres', 'SM42', 'SM43', 'SM92', 'SM93'),
  doctor('radiologue', 'Radiologue', 'Radiologues', 'SM44', 'SM55', 'SM74', 'SM94'),
  doctor('rhumatologue', 'Rhumatologue', 'Rhumatologues', 'SM48'),
]
/** The first contact first, then in the order of the alphabet. */
export const needs: readonly Need[] = [
  doctor('medecin-generaliste', 'Médecin généraliste', 'Médecins généralistes', ...generalMedicine),
  other('60', 'infirmier', 'Infirmier ou infirmière', 'Infirmiers et infirmières'),
  other('70', 'kinesitherapeute', 'Kinésithérapeute', 'Kinésithérapeutes'),
  other('21', 'pharmacien', 'Pharmacien', 'Pharmaciens'),
  other('40', 'chirurgien-dentiste', 'Chirurgien-dentiste', 'Chirurgiens-dentistes'),
  other('50', 'sage-femme', 'Sage-femme', 'Sages-femmes'),
  other('91', 'orthophoniste', 'Orthophoniste', 'Orthophonistes'),
  ...specialists,
  {
    key: 'autre-medecin',
    label: 'Autre médecin',
    many: 'Autres médecins',
    professions: [DOCTOR],
    otherThan: [...generalMedicine, ...specialists.flatMap(s => s.skills ?? [])],
  },
  other('26', 'audioprothesiste', 'Audioprothésiste', 'Audioprothésistes'),
  other('95', 'dieteticien', 'Diététicien', 'Diététiciens'),
  other('94', 'ergotherapeute', 'Ergothérapeute', 'Ergothérapeutes'),
  other('28', 'opticien', 'Opticien', 'Opticiens'),
  other('92', 'orthoptiste', 'Orthoptiste', 'Orthoptistes'),
  other('80', 'pedicure-podologue', 'Pédicure-podologue', 'Pédicures-podologues'),
  other('93', 'psychologue', 'Psychologue', 'Psychologues'),
  other('96', 'psychomotricien', 'Psychomotricien', 'Psychomotriciens'),
]
const partnerNeed = (kind: PartnerKind): Need => ({ ...partnerWords[kind], professions: [], partnerKinds: [kind] })
export const allPartners: Need = {
  key: 'partenaires',
  label: 'Structures et partenaires',
  many: 'Structures et partenaires',
  professions: [],
  partnerKinds,
}

/** The need of a key; professions without a word of their own are `profession-<code>`. */
export function needOf(key: string | null): Need | null {
  if (!key) return null
  if (key === allPartners.key) return allPartners
  const code = /^profession-(\d{2})$/.exec(key)?.[1]
  if (code) return other(code, key, `Profession ${code}`, `Profession ${code}`)
  const kind = partnerKinds.find(k => partnerWords[k].key === key)
  return kind ? partnerNeed(kind) : (needs.find(n => n.key === key) ?? null)
}

/** Does somebody of this profession with these skills answer the need? The twin of the condition in app.directory_page. */
export const answers = (need: Need, profession: string, skills: readonly string[]): boolean =>
  need.professions.includes(profession) &&
  (!need.skills || need.skills.some(s => skills.includes(s))) &&
  !need.otherThan?.some(s => skills.includes(s))

export interface ProfessionCount {
  code: string
  label: string | null
  skills: string[]
  n: number
}
export interface NeedCount {
  need: Need
  n: number
}
/** Counts by need from counts by profession and skills; only what is there. A doctor of two specialities counts in both. */
export function countNeeds(counts: readonly ProfessionCount[]): NeedCount[] {
  const known = needs.map(need => ({ need, n: counts.reduce((sum, c) => sum + (answers(need, c.code, c.skills) ? c.n : 0), 0) }))
  const rest = new Map<string, NeedCount>()
  for (const c of counts.filter(c => !needs.some(n => n.professions.includes(c.code)))) {
    const label = c.label ?? `Profession ${c.code}`
    const line = rest.get(c.code) ?? { need: other(c.code, `profession-${c.code}`, label, label), n: 0 }
    line.n += c.n
    rest.set(c.code, line)
  }
  return [...known, ...[...rest.values()].sort((a, b) => a.need.label.localeCompare(b.need.label, 'fr'))].filter(x => x.n > 0)
}
/** What somebody does, as one says it: « Médecin généraliste », « Cardiologue », or the label of the directory. */
export function occupation(profession: string, skills: readonly string[], label: string | null): string {
  const found = needs.filter(n => !n.otherThan && answers(n, profession, skills))
  if (found.length) return found.map((n, i) => (i ? n.label.toLowerCase() : n.label)).join(' et ')
  return label ?? 'Professionnel de santé'
}
