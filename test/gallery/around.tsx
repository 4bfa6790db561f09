/** What the pages of the gallery share: the frame of each posture, and matter shown several times. */
import type { Child } from 'hono/jsx'
import * as ui from '#platform/ui/index.ts'
import { communes, requestForm } from './data.ts'

export const key = '01a2b3c4'
export const phone = { number: '+33169010203', hours: 'du lundi au vendredi, de 9 h à 17 h' }
export const nav = (current: string): ui.NavItem[] =>
  [
    { label: 'Aujourd’hui', group: '' },
    { label: 'Demandes', count: 128, live: 'requests', group: 'Médecin traitant' },
    { label: 'Propositions', count: 9, group: 'Médecin traitant' },
    { label: 'Médecins et places', group: 'Médecin traitant' },
    { label: 'Soins non programmés', count: 3, group: 'Missions' },
    { label: 'Parcours', group: 'Missions' },
    { label: 'Prévention', group: 'Missions' },
    { label: 'Contrat et indicateurs', group: 'Contrat' },
    { label: 'Justificatifs', count: 4, group: 'Contrat' },
    { label: 'Budget', group: 'Contrat' },
    { label: 'Annuaire', group: 'Communauté' },
    { label: 'Réunions', group: 'Communauté' },
  ].map(i => ({ ...i, href: `#${ui.slug(i.label)}`, current: i.label === current }))
const user = { name: 'Claire Roux', role: 'Coordinatrice', links: [{ label: 'Mon compte', href: '#' }], logout: { action: '/x', key } }

interface Around extends Partial<ui.DocumentProps> {
  title: string
  children: Child
}
export const Desk = ({ children, ...p }: Around) => (
  <ui.Document
    posture="desk"
    assetVersion="0"
    cptsName="CPTS Noé Santé"
    homeHref="/"
    nav={nav('Demandes')}
    user={user}
    islands={['dialog', 'select-all', 'suggest']}
    {...p}
  >
    {children}
  </ui.Document>
)
export const Small = ({ children, ...p }: Around & { posture: 'doctor' | 'patient' }) => (
  <ui.Document assetVersion="0" cptsName="CPTS Noé Santé" phone={phone} {...p}>
    {children}
  </ui.Document>
)

export const points = (
  <ui.Points
    lines={[
      { label: '84 ans', points: 30, why: '2 points par an au-delà de 69 ans' },
      { label: 'Affection de longue durée', points: 40 },
      { label: 'Ne peut pas se déplacer', points: 25 },
      { label: '53 jours d’attente', points: 26, why: '1 point tous les deux jours' },
      { label: 'A refusé une proposition', points: -3 },
    ]}
    total={118}
  />
)
export const way: ui.Station[] = [
  { label: 'Demande reçue', at: '2 octobre', state: 'done' },
  { label: 'Dossier complet', at: '5 octobre', state: 'done' },
  { label: 'Proposée à un médecin', at: 'depuis le 20 novembre', state: 'now', detail: 'Réponse attendue jeudi avant 14 h.' },
  { label: 'Rendez-vous', state: 'todo' },
  { label: 'Médecin déclaré', state: 'todo' },
]
export const communeOptions = communes.map(c => ({ value: c.code, label: c.name }))
export const groups = [
  { legend: 'La personne', fields: ['name', 'birth', 'tel', 'mail', 'postcode', 'commune'] },
  {
    legend: 'Sa situation',
    lead: 'Ces réponses décident de l’ordre de la liste.',
    fields: ['since', 'ald', 'situation', 'doctor', 'note'],
  },
  { legend: 'Son accord', fields: ['consent'] },
]
export const faulty = requestForm.parse(
  new URLSearchParams(
    'caller=kin&name=Le Goff-Marchand&birth=31/02/1954&tel=06 12 34&mail=jb.legoff@@orange&postcode=91370&situation=home&since=dix',
  ),
)
