/** The partners that the national directory does not have: published counts where there are some, invented names everywhere. */
import type { PartnerFacts } from '#areas/directory/index.ts'
import { Maker, type Territory } from './extract.ts'

/** What each territory is known to have (domain dossier 9.4: two CMP, four MSP, six ESP, ten ambulances and seventeen VSL in Sud Allier). */
const KNOWN: Record<string, { cmp: number; msp: number; esp: number; ambulances: number[]; vsl: number[]; others: number }> = {
  'sud-allier': { cmp: 2, msp: 4, esp: 6, ambulances: [4, 3, 3], vsl: [7, 6, 4], others: 3 },
  'noe-sante': { cmp: 2, msp: 3, esp: 2, ambulances: [5, 4], vsl: [4, 3], others: 6 },
  'marseille-2-3': { cmp: 2, msp: 3, esp: 1, ambulances: [6, 5], vsl: [5, 4], others: 6 },
  'vexin-normand': { cmp: 1, msp: 2, esp: 1, ambulances: [4], vsl: [5], others: 4 },
  'grand-versailles': { cmp: 4, msp: 5, esp: 6, ambulances: [6, 5, 5, 4], vsl: [6, 5, 3, 2], others: 30 },
}
const SOURCE = 'Démonstration (structure inventée)'

export function partnersOf(t: Territory): PartnerFacts[] {
  const make = new Maker(t.communes.length * 131)
  const known = KNOWN[t.slug] ?? { cmp: 1, msp: 1, esp: 1, ambulances: [2], vsl: [2], others: 2 }
  const bySize = [...t.communes].sort((a, b) => b.population - a.population)
  const town = (i: number) => bySize[i % Math.min(bySize.length, 8)]!
  const one = (kind: PartnerFacts['kind'], name: string, i: number, more: Partial<PartnerFacts> = {}): PartnerFacts => ({
    kind,
    name: `${name} ${town(i).name}`,
    commune: town(i).code,
    address: null,
    phone: `+33${make.phone(t.department).slice(1)}`,
    email: null,
    ambulances: null,
    vsl: null,
    source: SOURCE,
    verifiedAt: '2026-10-05',
    ...more,
  })
  const many = (n: number, kind: PartnerFacts['kind'], name: string) => Array.from({ length: n }, (_, i) => one(kind, name, i))
  return [
    ...t.communes.slice(0, 12).map((c, i) => ({ ...one('town-hall', 'Mairie de', i), name: `Mairie de ${c.name}`, commune: c.code })),
    ...many(Math.min(3, t.communes.length), 'ccas', 'CCAS de'),
    one('dac', 'Dispositif d’appui à la coordination,', 0),
    one('hospital', 'Centre hospitalier de', 0),
    ...many(known.cmp, 'cmp', 'Centre médico-psychologique de'),
    ...many(known.msp, 'msp', 'Maison de santé pluriprofessionnelle de'),
    ...many(known.esp, 'esp', 'Équipe de soins primaires de'),
    ...known.ambulances.map((ambulances, i) => one('ambulance', 'Ambulances de', i, { ambulances, vsl: known.vsl[i] ?? 0 })),
    ...many(known.others, 'ehpad', 'Résidence des Tilleuls,'),
  ]
}
