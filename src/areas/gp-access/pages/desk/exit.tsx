/** Leaving the list: why, and what will happen, before it happens. */
import { members } from '#platform/access.ts'
import { page } from '#platform/page.ts'
import { FormView, frName, frUntil, LinkButton, Notice, PageTitle } from '#platform/ui/index.ts'
import { exitNames, mayFollow, stateNames } from '../../rules.ts'
import { leave, proposalsOf } from '../../store/proposals.ts'
import { getRequest } from '../../store/requests.ts'
import { exitForm } from './forms.ts'
import { idOf, nameOf } from './words.tsx'

export const exitPage = page({
  path: '/c/:cpts/demandes/:id/sortie',
  title: 'Sortir de la liste',
  access: members('coordinator'),
  form: exitForm,
  async show(ctx, refused) {
    const id = idOf(ctx.params.id)
    const r = await getRequest(ctx.tx, ctx, id)
    const pending = (await proposalsOf(ctx.tx, id)).find(p => p.state === 'pending' || p.state === 'accepted')
    const path = `${ctx.home}/demandes/${id}`
    return (
      <>
        <PageTitle
          back={{ label: nameOf(r), href: path }}
          title="Sortir de la liste"
          lead="La demande ne sera plus proposée. Elle garde son ancienneté si elle revient."
        />
        {pending && (
          <Notice tone="wait">
            {pending.state === 'pending'
              ? `La proposition faite ${frName(pending.doctorName, 'à')} (${frUntil(pending.expiresAt, ctx.now)}) sera retirée.`
              : `${frName(pending.doctorName, 'Le')} a accepté ce patient : sa place lui sera rendue. Prévenez-le.`}
          </Notice>
        )}
        {mayFollow(r.state, 'exited') ? (
          <FormView
            form={exitForm}
            action={`${path}/sortie`}
            submit="Sortir de la liste"
            danger
            formKey={ctx.key()}
            raw={refused?.raw}
            errors={refused?.errors}
            secondary={
              <LinkButton kind="quiet" href={path}>
                Annuler
              </LinkButton>
            }
          />
        ) : (
          <Notice>{`Cette demande ne peut pas sortir de la liste : « ${stateNames[r.state]} ».`}</Notice>
        )}
      </>
    )
  },
  async submit(ctx, { exit }) {
    const id = idOf(ctx.params.id)
    await leave(ctx.tx, ctx, id, exit)
    return {
      to: `${ctx.home}/demandes/${id}`,
      notice: `La demande est sortie de la liste : ${exitNames[exit].toLowerCase()}. Vous pouvez la reprendre si c’est une erreur.`,
    }
  },
})
