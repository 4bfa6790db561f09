/** What the patient changed since, and that somebody must look at: said above the record, with one button. */
import type { Ctx } from '#platform/page.ts'
import { Button, Callout, frDateTime, plural } from '#platform/ui/index.ts'
import type { PatientChange } from '../../store/change.ts'
import { reasonText } from './words.tsx'

export function ChangesToSee({ changes, path, ctx }: { changes: readonly PatientChange[]; path: string; ctx: Ctx }) {
  const waiting = changes.filter(c => c.waits)
  if (waiting.length === 0) return null
  return (
    <Callout
      title="Sa situation a changé"
      action={
        <form method="post" action={`${path}/relu`}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button>J’ai vu ce changement</Button>
        </form>
      }
    >
      {waiting.map(c => (
        <p>
          {[
            `${frDateTime(c.at)}, ${c.by} : ${reasonText(`changed:${c.fields.join(',')}`)}.`,
            `Priorité de ${c.before} à ${plural(c.after, 'point', 'points')}.`,
            ...(c.withdrew ? ['La proposition en cours a été retirée et le médecin prévenu : proposez-le à un autre.'] : []),
          ].join(' ')}
        </p>
      ))}
    </Callout>
  )
}
