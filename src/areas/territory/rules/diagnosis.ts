/**
 * The indicators of the territorial diagnosis. What Rezone CPTS shows of a territory (paps.sante.fr, ameli.fr: population by age,
 * long-term illness, C2S, people without a treating doctor, emergencies, prevention), what C@rtoSanté shows of the supply of care, and
 * the populations of INSEE. Names and definitions are ours; each source's own definition is its own, hence two figures that may differ.
 */

export const themes = {
  population: 'Population',
  access: 'Accès au médecin',
  supply: 'Professionnels de santé',
  illness: 'Maladies chroniques',
  prevention: 'Prévention',
} as const
export type Theme = keyof typeof themes

/**
 * What a value is: `share` a part of a whole (%), `density` per 10 000 inhabitants, `count` a number, `mean` an average in the unit.
 * `persons`: the numerator counts patients or inhabitants, whose small numbers stay inside the community.
 */
export interface Indicator {
  code: string
  theme: Theme
  name: string
  measure: 'share' | 'density' | 'count' | 'mean'
  unit: string
  persons: boolean
  better: 'higher' | 'lower' | null
  numerator: string
  denominator: string | null
}
type Given = Pick<Indicator, 'numerator'> & Partial<Pick<Indicator, 'measure' | 'unit' | 'persons' | 'better' | 'denominator'>>
const define = (code: string, theme: Theme, name: string, d: Given): Indicator => {
  const measure = d.measure ?? 'share'
  const unit = d.unit ?? { share: '%', density: 'pour 10 000 habitants', count: '', mean: '' }[measure]
  return { code, theme, name, persons: true, better: null, denominator: null, ...d, measure, unit }
}

const insured = 'Assurés qui résident dans le lieu'
export const indicators: readonly Indicator[] = [
  define('population', 'population', 'Habitants', {
    measure: 'count',
    unit: 'habitants',
    persons: false,
    numerator: 'Population municipale',
  }),
  define('age-75', 'population', 'Habitants de 75 ans ou plus', { numerator: 'Habitants de 75 ans ou plus', denominator: 'Habitants' }),
  define('ald', 'population', 'Assurés en affection de longue durée', {
    numerator: 'Assurés exonérés au titre d’une ALD',
    denominator: insured,
  }),
  define('c2s', 'population', 'Bénéficiaires de la complémentaire santé solidaire', {
    numerator: 'Bénéficiaires de la C2S',
    denominator: insured,
  }),
  define('no-gp', 'access', 'Habitants de 17 ans ou plus sans médecin traitant', {
    better: 'lower',
    numerator: 'Assurés de 17 ans ou plus sans médecin traitant déclaré',
    denominator: 'Assurés de 17 ans ou plus',
  }),
  define('no-gp-ald', 'access', 'Patients en ALD sans médecin traitant', {
    better: 'lower',
    numerator: 'Patients en ALD sans médecin traitant déclaré',
    denominator: 'Patients en ALD',
  }),
  define('no-gp-70', 'access', 'Habitants de 70 ans ou plus sans médecin traitant', {
    better: 'lower',
    numerator: 'Assurés de 70 ans ou plus sans médecin traitant déclaré',
    denominator: 'Assurés de 70 ans ou plus',
  }),
  define('emergency', 'access', 'Passages aux urgences non suivis d’hospitalisation', {
    better: 'lower',
    numerator: 'Passages aux urgences sans hospitalisation',
    denominator: 'Passages aux urgences des habitants',
  }),
  define('gp-density', 'supply', 'Médecins généralistes libéraux', {
    measure: 'density',
    persons: false,
    better: 'higher',
    numerator: 'Médecins généralistes libéraux',
    denominator: 'Habitants',
  }),
  define('gp-access', 'supply', 'Accessibilité aux médecins généralistes (APL)', {
    measure: 'mean',
    unit: 'consultations par an et par habitant',
    persons: false,
    better: 'higher',
    numerator: 'Accessibilité potentielle localisée',
  }),
  define('nurse-density', 'supply', 'Infirmiers libéraux', {
    measure: 'density',
    persons: false,
    better: 'higher',
    numerator: 'Infirmiers libéraux',
    denominator: 'Habitants',
  }),
  define('physio-density', 'supply', 'Masseurs-kinésithérapeutes libéraux', {
    measure: 'density',
    persons: false,
    better: 'higher',
    numerator: 'Masseurs-kinésithérapeutes libéraux',
    denominator: 'Habitants',
  }),
  define('diabetes', 'illness', 'Diabète', { numerator: 'Assurés en ALD pour un diabète', denominator: insured }),
  define('heart', 'illness', 'Maladies cardiovasculaires', {
    numerator: 'Assurés en ALD pour une maladie cardiovasculaire',
    denominator: insured,
  }),
  define('psychiatric', 'illness', 'Maladies psychiatriques de longue durée', {
    numerator: 'Assurés en ALD pour une maladie psychiatrique',
    denominator: insured,
  }),
  define('flu', 'prevention', 'Vaccination contre la grippe à 65 ans ou plus', {
    better: 'higher',
    numerator: 'Habitants de 65 ans ou plus vaccinés dans la saison',
    denominator: 'Habitants de 65 ans ou plus',
  }),
  define('breast', 'prevention', 'Dépistage du cancer du sein, de 50 à 74 ans', {
    better: 'higher',
    numerator: 'Femmes dépistées',
    denominator: 'Femmes de 50 à 74 ans',
  }),
  define('colorectal', 'prevention', 'Dépistage du cancer colorectal, de 50 à 74 ans', {
    better: 'higher',
    numerator: 'Personnes dépistées',
    denominator: 'Personnes de 50 à 74 ans',
  }),
  define('cervix', 'prevention', 'Dépistage du cancer du col de l’utérus, de 25 à 65 ans', {
    better: 'higher',
    numerator: 'Femmes dépistées',
    denominator: 'Femmes de 25 à 65 ans',
  }),
  define('polymedication', 'prevention', 'Dix médicaments ou plus à 75 ans ou plus', {
    better: 'lower',
    numerator: 'Personnes à qui dix médicaments ou plus sont délivrés',
    denominator: 'Personnes de 75 ans ou plus',
  }),
]
const byCode = new Map(indicators.map(i => [i.code, i]))
export const indicatorOf = (code: string): Indicator | null => byCode.get(code) ?? null
