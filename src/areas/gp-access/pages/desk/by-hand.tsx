/** Points changed by hand, by a nurse or the coordination: a written reason that the patient reads, kept, and the way back. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { choice, form, hidden, integer, longText, text } from '#platform/fields.ts'
import { action, page } from '#platform/page.ts'
import {
  Button,
  DataTable,
  FormView,
  frDate,
  Notice,
  PageTitle,
  Points,
  plural,
  Section,
  Stack,
  Timeline,
  typo,
} from '#platform/ui/index.ts'
import { ageBand, readNumber, stateNames, waits } from '../../rules.ts'
import { changePriority, lastChanges, priorityView, requestOf, signed, undoChange } from '../../store/by-hand.ts'
import { idOf, waitedFor } from './words.tsx'

const access = members('coordinator', 'nurse')
const back = (ctx: { home: string; params: { id: string } }, notice: string) => ({
  to: `${ctx.home}/demandes/${ctx.params.id}/priorite`,
  notice,
})

export const changeForm = form({
  way: choice({
    label: 'Cette personne doit passer',
    options: [
      { value: 'up', label: 'Plus tôt' },
      { value: 'down', label: 'Plus tard' },
    ],
  }),
  points: integer({
    label: 'De combien de points',
    hint: 'De 1 à 50. Comparez avec les points ci-dessus.',
    min: 1,
    max: 50,
  }),
  reason: longText({
    label: 'Pourquoi',
    hint: 'La personne lira ce motif sur sa page. Une situation, jamais une maladie, un traitement ni un résultat : « sort d’hébergement le 3 décembre », « l’aidant part ».',
    max: 300,
  }),
})
export const priorityPage = page({
  path: '/c/:cpts/demandes/:id/priorite',
  title: 'Changer une priorité',
  access,
  form: changeForm,
  async show(ctx, refused) {
    const v = await priorityView(ctx.tx, ctx, idOf(ctx.params.id))
    const path = `${ctx.home}/demandes/${v.id}/priorite`
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: 'Priorités changées à la main', href: `${ctx.home}/priorites` }}
          title={`Demande n° ${v.number}`}
          lead={`${stateNames[v.state]}, ${ageBand(v.age)}, attend depuis ${waitedFor(v.since, ctx.now)}. Ni nom ni adresse sur cette page.`}
        />
        <Section title="Points">
          <Points lines={v.points.lines} total={v.points.total} />
        </Section>
        {waits(v.state) ? (
          <Section title="Changer à la main">
            <FormView
              form={changeForm}
              action={path}
              formKey={ctx.key()}
              raw={refused?.action.endsWith('/priorite') ? refused.raw : undefined}
              errors={refused?.errors}
              submit="Changer la priorité"
            />
          </Section>
        ) : (
          <Notice>Cette personne n’attend plus dans la liste : sa priorité ne change plus rien.</Notice>
        )}
        {v.changes.length > 0 && (
          <Section title="Changements" count={v.changes.length}>
            {v.changes.map(c => (
              <>
                <Timeline
                  label={`Changement du ${frDate(c.at)}`}
                  events={[
                    { at: c.at, title: `${signed(c.points)} ${Math.abs(c.points) < 2 ? 'point' : 'points'}`, who: c.by, detail: c.reason },
                    ...(c.undoneAt ? [{ at: c.undoneAt, title: 'Annulé', who: c.undoneBy ?? undefined, tone: 'stop' as const }] : []),
                  ]}
                />
                {!c.undoneAt && waits(v.state) && (
                  <form method="post" action={`${path}/annuler`}>
                    <input type="hidden" name="_key" value={ctx.key()} />
                    <input type="hidden" name="change" value={c.id} />
                    <Button kind="secondary" small label={`Annuler ce changement : ${signed(c.points)}, ${c.reason}`}>
                      Annuler ce changement
                    </Button>
                  </form>
                )}
              </>
            ))}
          </Section>
        )}
      </Stack>
    )
  },
  async submit(ctx, { way, points, reason }) {
    if (reason.length < 10) return { errors: { reason: 'Dites en quelques mots pourquoi : la personne le lira.' } }
    await changePriority(ctx.tx, ctx, idOf(ctx.params.id), way === 'up' ? points : -points, reason)
    return back(ctx, 'La priorité est changée. La liste et le prochain plan en tiennent compte ; la personne lit le motif sur sa page.')
  },
})
export const undoAct = action({
  path: '/c/:cpts/demandes/:id/priorite/annuler',
  access,
  form: form({ change: hidden() }),
  from: priorityPage,
  async submit(ctx, { change }) {
    await undoChange(ctx.tx, ctx, idOf(ctx.params.id), idOf(change))
    return back(ctx, 'Le changement est annulé. Il reste écrit dans l’historique.')
  },
})

const findForm = form({
  number: text({ label: 'Numéro de suivi', hint: 'La personne l’a ; il ressemble à K7QM-42XD.', max: 20, width: 12, autocomplete: 'off' }),
})
export const changesPage = page({
  path: '/c/:cpts/priorites',
  title: 'Priorités changées à la main',
  access,
  form: findForm,
  async show(ctx, refused) {
    const changes = await lastChanges(ctx.tx)
    await audit(ctx.tx, ctx, { action: 'request.list', named: changes.map(c => c.requestId) })
    const standing = changes.filter(c => !c.undoneAt).length
    return (
      <Stack gap="loose">
        <PageTitle
          title="Priorités changées à la main"
          lead="La règle votée donne les points de chacun. Quand elle ne voit pas une situation, on les change ici, avec un motif écrit que la personne peut lire."
        />
        <FormView
          form={findForm}
          action={`${ctx.home}/priorites`}
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          submit="Ouvrir cette demande"
        />
        <DataTable
          caption={typo(`Les derniers changements, ${plural(standing, 'en vigueur', 'en vigueur')}`)}
          rows={changes}
          rowHref={c => `${ctx.home}/demandes/${c.requestId}/priorite`}
          columns={[
            { key: 'number', label: 'Demande' },
            { key: 'points', label: 'Points', cell: c => signed(c.points) },
            { key: 'reason', label: 'Pourquoi' },
            { key: 'by', label: 'Par' },
            { key: 'at', label: 'Le', cell: c => frDate(c.at) },
            { key: 'undone', label: 'Annulé', cell: c => (c.undoneAt ? frDate(c.undoneAt) : '') },
          ]}
          empty={{ title: 'Aucune priorité n’a été changée à la main' }}
        />
      </Stack>
    )
  },
  async submit(ctx, { number }) {
    const plain = readNumber(number)
    const found = plain && (await requestOf(ctx.tx, plain))
    if (!found) return { errors: { number: 'Aucune demande ne porte ce numéro. Vérifiez-le avec la personne.' } }
    return { to: `${ctx.home}/demandes/${found.id}/priorite` }
  },
})
export const byHandRoutes = [priorityPage, undoAct, changesPage] as const
