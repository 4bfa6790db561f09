/**
 * The missions of a contract and the time each has to start and to be deployed, counted from the day it entered the contract.
 * Source: calendar of deployment, ACI CPTS and avenant 2 as published by the ARS Hauts-de-France (PAPS, 30 November 2023):
 * access and crisis 6 and 18 months, pathways and prevention 12 and 24, the two optional ones as the contract says.
 */
import { type Mission, missions, type TextId } from '#domain/contract/index.ts'

export { type Mission, missions, type TextId }

interface MissionRule {
  label: string
  /** For a narrow column. */
  short: string
  kind: 'core' | 'optional'
  /** Months to start and to be deployed; null: free choice. */
  start: number | null
  deployed: number | null
}
export const missionRules: Record<Mission, MissionRule> = {
  access: { label: 'Accès aux soins', short: 'Accès aux soins', kind: 'core', start: 6, deployed: 18 },
  pathways: { label: 'Parcours pluriprofessionnels', short: 'Parcours', kind: 'core', start: 12, deployed: 24 },
  prevention: { label: 'Prévention', short: 'Prévention', kind: 'core', start: 12, deployed: 24 },
  crisis: { label: 'Réponse aux crises sanitaires', short: 'Crises', kind: 'core', start: 6, deployed: 18 },
  quality: { label: 'Qualité et pertinence des soins', short: 'Qualité', kind: 'optional', start: null, deployed: null },
  support: { label: 'Accompagnement des professionnels', short: 'Accompagnement', kind: 'optional', start: null, deployed: null },
}
export const missionLabel = (m: Mission): string => missionRules[m].label
export const isMission = (text: string): text is Mission => (missions as readonly string[]).includes(text)

export const agreements: Record<TextId, string> = {
  'aci-2019': 'ACI de 2019',
  'avenant-2': 'ACI modifié par l’avenant 2',
}
