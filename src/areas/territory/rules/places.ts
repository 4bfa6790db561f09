/** Places that a figure is about: communes of the territory, the community, and what it is compared with (INSEE codes of 2026). */

export const levels = ['community', 'commune', 'department', 'region', 'country'] as const
export type Level = (typeof levels)[number]
export const levelNames: Record<Level, string> = {
  community: 'Communauté',
  commune: 'Commune',
  department: 'Département',
  region: 'Région',
  country: 'France',
}
export interface PlaceOf {
  level: Level
  /** INSEE code; empty for the community and for France. */
  place: string
}

export const regionNames: Readonly<Record<string, string>> = {
  '01': 'Guadeloupe',
  '02': 'Martinique',
  '03': 'Guyane',
  '04': 'La Réunion',
  '06': 'Mayotte',
  11: 'Île-de-France',
  24: 'Centre-Val de Loire',
  27: 'Bourgogne-Franche-Comté',
  28: 'Normandie',
  32: 'Hauts-de-France',
  44: 'Grand Est',
  52: 'Pays de la Loire',
  53: 'Bretagne',
  75: 'Nouvelle-Aquitaine',
  76: 'Occitanie',
  84: 'Auvergne-Rhône-Alpes',
  93: 'Provence-Alpes-Côte d’Azur',
  94: 'Corse',
}
/** In the order of their numbers: 01 to 19, 2A, 2B, 21 to 95, then overseas. */
const DEPARTMENTS =
  'Ain,Aisne,Allier,Alpes-de-Haute-Provence,Hautes-Alpes,Alpes-Maritimes,Ardèche,Ardennes,Ariège,Aube,Aude,Aveyron,Bouches-du-Rhône,Calvados,Cantal,Charente,Charente-Maritime,Cher,Corrèze,Corse-du-Sud,Haute-Corse,Côte-d’Or,Côtes-d’Armor,Creuse,Dordogne,Doubs,Drôme,Eure,Eure-et-Loir,Finistère,Gard,Haute-Garonne,Gers,Gironde,Hérault,Ille-et-Vilaine,Indre,Indre-et-Loire,Isère,Jura,Landes,Loir-et-Cher,Loire,Haute-Loire,Loire-Atlantique,Loiret,Lot,Lot-et-Garonne,Lozère,Maine-et-Loire,Manche,Marne,Haute-Marne,Mayenne,Meurthe-et-Moselle,Meuse,Morbihan,Moselle,Nièvre,Nord,Oise,Orne,Pas-de-Calais,Puy-de-Dôme,Pyrénées-Atlantiques,Hautes-Pyrénées,Pyrénées-Orientales,Bas-Rhin,Haut-Rhin,Rhône,Haute-Saône,Saône-et-Loire,Sarthe,Savoie,Haute-Savoie,Paris,Seine-Maritime,Seine-et-Marne,Yvelines,Deux-Sèvres,Somme,Tarn,Tarn-et-Garonne,Var,Vaucluse,Vendée,Vienne,Haute-Vienne,Vosges,Yonne,Territoire de Belfort,Essonne,Hauts-de-Seine,Seine-Saint-Denis,Val-de-Marne,Val-d’Oise,Guadeloupe,Martinique,Guyane,La Réunion,Mayotte'
const numbers = [...Array.from({ length: 19 }, (_, i) => i + 1), '2A', '2B', ...Array.from({ length: 75 }, (_, i) => i + 21)]
export const departmentNames: Readonly<Record<string, string>> = Object.fromEntries(
  [...numbers, 971, 972, 973, 974, 976].map((n, i) => [String(n).padStart(2, '0'), DEPARTMENTS.split(',')[i]!]),
)

/** For people: « Massy », « Essonne », « Île-de-France », « France », the community by its own name. */
export function placeName(p: PlaceOf, communes: ReadonlyMap<string, string>, community = 'La communauté'): string {
  switch (p.level) {
    case 'community':
      return community
    case 'country':
      return 'France'
    case 'commune':
      return communes.get(p.place) ?? `Commune ${p.place}`
    case 'department':
      return departmentNames[p.place] ?? `Département ${p.place}`
    case 'region':
      return regionNames[p.place] ?? `Région ${p.place}`
  }
}
