/** The missions of a contract, as the kernel of the contract knows them: names, months to start and to be deployed. */
import { type Mission, missionNames, missions, national, type TextId } from '#domain/contract/index.ts'

export { type Mission, missions, type TextId }

interface MissionRule {
  label: string
  kind: 'core' | 'optional'
  /** Months to start and to be deployed; null: free choice. */
  start: number | null
  deployed: number | null
}
const ruleOf = (mission: Mission): MissionRule => {
  const delay = national.delays.find(d => d.mission === mission)
  const core = national.texts.some(t => t.core.includes(mission))
  return { label: missionNames[mission], kind: core ? 'core' : 'optional', start: delay?.start ?? null, deployed: delay?.deployed ?? null }
}
export const missionRules = Object.fromEntries(missions.map(m => [m, ruleOf(m)])) as Record<Mission, MissionRule>
export const missionLabel = (m: Mission): string => missionRules[m].label
export const isMission = (text: string): text is Mission => (missions as readonly string[]).includes(text)

export const agreements: Record<TextId, string> = {
  'aci-2019': 'ACI de 2019',
  'avenant-2': 'ACI modifié par l’avenant 2',
}
