/** The lines of a plan as a file: by number, for who wants to check it in a spreadsheet. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { sheet } from '#platform/sheet.ts'
import { reasonText } from '../../explain.ts'
import { stateNames } from '../../rules.ts'
import { type PlanLine, planLines } from '../../store/plan-lines.ts'
import { getPlan } from '../../store/plans.ts'
import { idOf } from '../desk/words.tsx'

export const planSheets = sheet<PlanLine>({
  path: '/c/:cpts/plan/:id/propositions',
  title: 'Plan',
  access: members('coordinator'),
  columns: [
    { label: 'Numéro', value: l => l.number },
    { label: 'Commune', value: l => l.commune },
    { label: 'Points', value: l => l.points, type: 'number' },
    { label: 'Médecin', value: l => l.doctorName },
    { label: 'Trajet estimé (minutes)', value: l => l.minutes, type: 'number' },
    { label: 'Médecin du plan précédent', value: l => l.beforeName },
    { label: 'Pourquoi personne', value: l => (l.why.reason ? reasonText(l.why.reason) : null) },
    { label: 'État', value: l => stateNames[l.state] },
  ],
  async rows(ctx, format) {
    const kept = await getPlan(ctx.tx, idOf((ctx.params as { id: string }).id))
    if (!kept?.result) throw notFound()
    const everybody = { commune: '', doctor: '' }
    const [placed, unplaced] = await Promise.all([
      planLines(ctx.tx, kept.id, { view: 'placed', ...everybody }, null),
      planLines(ctx.tx, kept.id, { view: 'unplaced', ...everybody }, null),
    ])
    const lines = [...placed, ...unplaced]
    await audit(ctx.tx, ctx, {
      action: 'plan.export',
      subject: { kind: 'plan', id: kept.id },
      detail: { format },
      named: lines.map(l => l.id),
    })
    return lines
  },
})
