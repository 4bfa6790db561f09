/** A simulation as a file: commune by commune, today and then. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { sheet } from '#platform/sheet.ts'
import type { CommuneEffect } from '../../simulation/index.ts'
import { begin, simulate } from './work.ts'

export const simulationSheets = sheet<CommuneEffect>({
  path: '/c/:cpts/simulation',
  title: 'Simulation',
  access: members('coordinator'),
  columns: [
    { label: 'Code', value: c => c.key },
    { label: 'Commune', value: c => c.name },
    { label: 'Habitants', value: c => c.population, type: 'number' },
    { label: 'En attente aujourd’hui', value: c => c.waiting.before, type: 'number' },
    { label: 'En attente ensuite', value: c => c.waiting.after, type: 'number' },
    { label: 'Sans médecin après le plan, aujourd’hui', value: c => c.left.before, type: 'number' },
    { label: 'Sans médecin après le plan, ensuite', value: c => c.left.after, type: 'number' },
    { label: 'Place libre la plus proche aujourd’hui (minutes estimées)', value: c => c.nearest.before, type: 'number' },
    { label: 'Place libre la plus proche ensuite (minutes estimées)', value: c => c.nearest.after, type: 'number' },
  ],
  async rows(ctx, format) {
    const { basis, address } = await begin(ctx)
    const { effect } = await simulate(basis, address.changes)
    await audit(ctx.tx, ctx, { action: 'simulation.export', detail: { format, rows: effect.communes.length } })
    return effect.communes
  },
})
