/** The pairs of a plan as a file: by number, for who wants to check it in a spreadsheet. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { sheet } from '#platform/sheet.ts'
import { stateNames } from '../../rules.ts'
import { getPlan, type PlanPerson, planDoctors, planPeople } from '../../store/plans.ts'
import { idOf } from '../desk/words.tsx'

interface Line {
  person: PlanPerson | undefined
  priority: number | null
  doctor: string | null
  minutes: number | null
}
export const planSheets = sheet<Line>({
  path: '/c/:cpts/plan/:id/propositions',
  title: 'Plan',
  access: members('coordinator'),
  columns: [
    { label: 'Numéro', value: l => l.person?.number ?? null },
    { label: 'Commune', value: l => l.person?.commune ?? null },
    { label: 'Points', value: l => l.priority, type: 'number' },
    { label: 'Médecin', value: l => l.doctor },
    { label: 'Trajet estimé (minutes)', value: l => l.minutes, type: 'number' },
    { label: 'État', value: l => (l.person ? stateNames[l.person.state] : null) },
  ],
  async rows(ctx, format) {
    const kept = await getPlan(ctx.tx, idOf((ctx.params as { id: string }).id))
    if (!kept?.result) throw notFound()
    const { pairs, unplaced } = kept.result
    const ids = [...pairs.map(p => p.patient), ...unplaced.map(u => u.patient)]
    const [people, doctors] = await Promise.all([
      planPeople(ctx.tx, kept.id, ids),
      planDoctors(ctx.tx, [...new Set(pairs.map(p => p.doctor))]),
    ])
    await audit(ctx.tx, ctx, { action: 'plan.export', subject: { kind: 'plan', id: kept.id }, detail: { format, rows: ids.length } })
    const person = new Map(people.map(p => [p.id, p]))
    const doctor = new Map(doctors.map(d => [d.id, d.name]))
    return [
      ...pairs.map(p => ({
        person: person.get(p.patient),
        priority: p.priority,
        doctor: doctor.get(p.doctor) ?? null,
        minutes: p.minutes,
      })),
      ...unplaced.map(u => ({ person: person.get(u.patient), priority: null, doctor: null, minutes: null })),
    ]
  },
})
