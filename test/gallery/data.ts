/** Invented people in a real territory: the ten communes of CPTS Noé Santé (IGN centres, INSEE populations). */
import { checkbox, choice, choices, date, email, form, integer, longText, phone, text, yesNo } from '#platform/fields.ts'

export const now = new Date('2026-11-24T09:12:00Z')

export const communes = [
  { code: '91064', name: 'Bièvres', lon: 2.20652, lat: 48.75657, population: 4686 },
  { code: '91136', name: 'Champlan', lon: 2.27817, lat: 48.70801, population: 2615 },
  { code: '91312', name: 'Igny', lon: 2.22442, lat: 48.73647, population: 10214 },
  { code: '91377', name: 'Massy', lon: 2.27529, lat: 48.72751, population: 51560 },
  { code: '91477', name: 'Palaiseau', lon: 2.22868, lat: 48.71478, population: 37165 },
  { code: '91534', name: 'Saclay', lon: 2.16605, lat: 48.73597, population: 4650 },
  { code: '91635', name: 'Vauhallan', lon: 2.19899, lat: 48.73076, population: 2046 },
  { code: '91645', name: 'Verrières-le-Buisson', lon: 2.25217, lat: 48.75041, population: 15330 },
  { code: '91661', name: 'Villebon-sur-Yvette', lon: 2.23541, lat: 48.69589, population: 10610 },
  { code: '91666', name: 'Villejust', lon: 2.22284, lat: 48.67801, population: 2540 },
]
export const demand = [
  { code: '91377', count: 64 },
  { code: '91477', count: 41 },
  { code: '91645', count: 17 },
  { code: '91312', count: 12 },
  { code: '91661', count: 14 },
  { code: '91666', count: 7 },
  { code: '91136', count: 3 },
  { code: '91064', count: 5 },
  { code: '91534', count: 1 },
]
export const doctors = [
  { id: 'd1', label: 'Dre Petit', lon: 2.2712, lat: 48.7308, capacity: 6 },
  { id: 'd2', label: 'Dr Haddad', lon: 2.2835, lat: 48.7245, capacity: 4 },
  { id: 'd3', label: 'Dr Martin', lon: 2.2342, lat: 48.7168, capacity: 5 },
  { id: 'd4', label: 'Dre Nguyen', lon: 2.2218, lat: 48.7112, capacity: 0 },
  { id: 'd5', label: 'Dr Lefèvre', lon: 2.2569, lat: 48.7465, capacity: 3 },
  { id: 'd6', label: 'Dre Diallo', lon: 2.2401, lat: 48.6988, capacity: 2 },
]
const centre = (code: string) => communes.find(c => c.code === code)!
const doctor = (id: string) => doctors.find(d => d.id === id)!
export const threads = [
  { from: centre('91377'), to: doctor('d1'), count: 6, label: 'Massy vers la Dre Petit : 6 patients' },
  { from: centre('91377'), to: doctor('d5'), count: 2, label: 'Massy vers le Dr Lefèvre : 2 patients' },
  { from: centre('91477'), to: doctor('d3'), count: 5, label: 'Palaiseau vers le Dr Martin : 5 patients' },
  { from: centre('91666'), to: doctor('d6'), count: 2, label: 'Villejust vers la Dre Diallo : 2 patients' },
  { from: centre('91064'), to: doctor('d5'), count: 1, label: 'Bièvres vers le Dr Lefèvre : 1 patient' },
]

const people: [string, number, string, string, 'ok' | 'wait' | 'late' | 'stop' | 'neutral', string, number, string][] = [
  ['Bernard Lucette', 84, 'Massy', 'ALD, ne se déplace plus', 'late', 'Sans réponse', 118, '2026-10-02'],
  ['Traoré Aminata', 31, 'Palaiseau', 'Grossesse', 'wait', 'Proposée', 96, '2026-11-19'],
  ['Le Goff-Marchand Jean-Baptiste', 67, 'Verrières-le-Buisson', 'ALD', 'wait', 'Proposée', 92, '2026-11-12'],
  ['Da Silva Maria', 72, 'Massy', 'Médecin parti en retraite', 'neutral', 'À qualifier', 74, '2026-11-20'],
  ['Cohen Daniel', 58, 'Igny', 'ALD', 'neutral', 'Priorisée', 71, '2026-11-17'],
  ['Nguyen Thi Lan', 45, 'Villebon-sur-Yvette', 'C2S', 'ok', 'Rendez-vous fixé', 63, '2026-10-28'],
  ['Martin Paul', 39, 'Villejust', '', 'neutral', 'À compléter', 22, '2026-11-21'],
  ['Kaplan Esther', 91, 'Palaiseau', 'Sortie d’hôpital le 18/11', 'late', 'À rappeler', 131, '2026-11-18'],
  ['Roussel Hugo', 24, 'Bièvres', '', 'ok', 'Médecin déclaré', 12, '2026-09-14'],
  ['Benali Karim', 49, 'Massy', 'ALD', 'stop', 'Injoignable', 58, '2026-08-30'],
]
export const requests = people.map(([name, age, commune, reason, tone, state, points, at], i) => ({
  id: `r${i + 1}`,
  name,
  age,
  commune,
  reason,
  tone,
  state,
  points,
  at,
}))
export type Request = (typeof requests)[number]

export const requestForm = form({
  caller: choice({
    label: 'Qui appelle ?',
    options: [
      { value: 'patient', label: 'La personne elle-même' },
      { value: 'kin', label: 'Un proche', hint: 'Demandez son nom et son lien avec la personne.' },
      { value: 'pro', label: 'Un professionnel de santé' },
    ],
  }),
  name: text({ label: 'Nom de naissance', hint: "Tel qu'il figure sur la carte d'identité.", autocomplete: 'off', max: 80 }),
  birth: date({ label: 'Date de naissance', min: '1900-01-01', max: '2026-11-24' }),
  tel: phone({ label: 'Téléphone', hint: 'Pour rappeler sous 48 heures. Par exemple 06 12 34 56 78.' }),
  mail: email({ label: 'Adresse électronique', required: false }),
  postcode: text({ label: 'Code postal', width: 6, max: 5, inputmode: 'numeric' }),
  commune: choice({ label: 'Commune', control: 'select' }),
  since: integer({ label: 'Sans médecin traitant depuis combien de mois ?', required: false, max: 600, width: 4 }),
  ald: choice({
    label: 'La personne est-elle en affection de longue durée (ALD) ?',
    options: yesNo,
    hint: 'Oui ou non suffit : ne notez pas la maladie.',
  }),
  situation: choices({
    label: 'Situation',
    hint: 'Cochez tout ce qui convient.',
    options: [
      { value: 'home', label: 'Ne peut pas se déplacer' },
      { value: 'pregnant', label: 'Grossesse' },
      { value: 'c2s', label: 'Complémentaire santé solidaire (C2S)' },
      { value: 'out', label: 'Sortie récente de l’hôpital' },
    ],
  }),
  doctor: text({ label: 'Ancien médecin traitant', required: false, suggest: 'doctors' }),
  note: longText({
    label: 'Ce qu’il faut savoir pour l’appeler',
    hint: 'Horaires, langue, tiers à joindre. Aucune information médicale.',
    required: false,
    max: 300,
  }),
  consent: checkbox({
    label: 'La personne a été informée et accepte que la CPTS cherche un médecin pour elle',
    mustBeTrue: 'Sans cet accord, la demande ne peut pas être enregistrée : lisez l’information à la personne puis cochez la case.',
  }),
})
export const refusalForm = form({
  reason: choice({
    label: 'Pourquoi ?',
    options: [
      { value: 'full', label: 'Je n’ai plus de place ce mois-ci' },
      { value: 'far', label: 'Le domicile est trop loin' },
      { value: 'known', label: 'Je connais déjà cette personne et ne souhaite pas la suivre' },
      { value: 'other', label: 'Une autre raison' },
    ],
  }),
})
