/** On the record: what he is offered while he waits. */
import type { Ctx, Html } from '#platform/page.ts'
import { Button, Facts, frDate, frPhone, Section } from '#platform/ui/index.ts'
import type { InterimLine } from '../../interim.ts'

/** On the record: offered since when, used or not, and noting it for who calls. */
export function InTheMeantime({ lines, path, ctx }: { lines: readonly InterimLine[]; path: string; ctx: Pick<Ctx, 'key'> }): Html {
  return (
    <Section title="En attendant" lead="Proposé sur sa page de suivi. Notez ce qu’il vous dit avoir fait.">
      <Facts
        items={lines.map(l => ({
          label: l.name,
          value: (
            <form method="post" action={`${path}/relais`} class="cluster">
              <input type="hidden" name="_key" value={ctx.key()} />
              <input type="hidden" name="route" value={l.route} />
              <span>{l.usedAt ? `Fait, noté le ${frDate(l.usedAt)}` : l.offeredAt ? `Proposé le ${frDate(l.offeredAt)}` : 'Proposé'}</span>
              <Button
                small
                kind="quiet"
                name="used"
                value={l.usedAt ? 'no' : 'yes'}
                label={`${l.usedAt ? 'Annuler' : 'C’est fait'} : ${l.name}`}
              >
                {l.usedAt ? 'Annuler' : 'C’est fait'}
              </Button>
            </form>
          ),
          note: l.usedLabel ?? (l.phone ? frPhone(l.phone) : undefined),
        }))}
      />
    </Section>
  )
}
