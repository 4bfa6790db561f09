/** In the meantime: what the patient may do while he waits, where to call, and « I did it ». */
import { link } from '#platform/access.ts'
import { choice, form } from '#platform/fields.ts'
import { action, type Route } from '#platform/page.ts'
import { Button, frDate, frPhone, Section, typo } from '#platform/ui/index.ts'
import { type InterimLine, interimKinds, interimNames } from '../../interim.ts'
import { markInterim } from '../../store/interim.ts'
import { getRequest } from '../../store/requests.ts'

export const interimForm = form({
  route: choice({ label: 'Relais', options: interimKinds.map(value => ({ value, label: interimNames[value] })) }),
  used: choice({
    label: 'Fait',
    options: [
      { value: 'yes', label: 'C’est fait' },
      { value: 'no', label: 'Ce n’est pas fait' },
    ],
  }),
})

export const Meanwhile = ({ lines, at, newKey }: { lines: readonly InterimLine[]; at: string; newKey: () => string }) => (
  <Section title="En attendant" id="en-attendant" lead="Vous pouvez déjà vous faire soigner, sans perdre votre place.">
    {lines.map(l => (
      <Section level={3} title={l.name}>
        <p>{typo(l.text)}</p>
        {l.phone && (
          <p>
            <a href={`tel:${l.phone}`}>{frPhone(l.phone)}</a>
          </p>
        )}
        <form method="post" action={`${at}/relais`} class="cluster">
          <input type="hidden" name="_key" value={newKey()} />
          <input type="hidden" name="route" value={l.route} />
          {l.usedAt && <span>{typo(`Fait, noté le ${frDate(l.usedAt)}.`)}</span>}
          <Button
            kind="quiet"
            name="used"
            value={l.usedAt ? 'no' : 'yes'}
            label={`${l.usedAt ? 'Ce n’est pas fait' : 'C’est fait'} : ${l.name}`}
          >
            {l.usedAt ? 'Ce n’est pas fait' : 'C’est fait'}
          </Button>
        </form>
      </Section>
    ))}
  </Section>
)

/** `from` is the patient's page, which imports this file. */
export const interimAct = (from: Parameters<typeof action>[0]['from']): Route =>
  action({
    path: '/c/:cpts/suivi/:token/relais',
    access: link('tracking'),
    form: interimForm,
    from,
    async submit(ctx, { route, used }) {
      const r = await getRequest(ctx.tx, ctx as never, ctx.who.kind === 'link' ? ctx.who.subjectId : '')
      await markInterim(ctx.tx, ctx, r.id, route, used === 'yes')
      return {
        to: `${ctx.home}/suivi/${ctx.params.token}#en-attendant`,
        notice: used === 'yes' ? 'Merci, c’est noté. Vous gardez votre place dans la liste.' : 'C’est corrigé.',
      }
    },
  })
