/** « Et maintenant » : what the rules allow from where the request stands, the next step first. */
import type { Form } from '#platform/fields.ts'
import type { Child, Ctx, Refused } from '#platform/page.ts'
import {
  Button,
  Callout,
  Cluster,
  Disclosure,
  FormView,
  frDay,
  frName,
  frPhone,
  frUntil,
  LinkButton,
  P,
  Stack,
} from '#platform/ui/index.ts'
import { mayFollow } from '../../rules.ts'
import type { RecordView } from '../../store/record.ts'
import { appointmentForm, declaredForm, householdForm, incompleteForm, putBackForm, seenForm, withdrawForm } from './forms.ts'

interface Props {
  view: RecordView
  ctx: Ctx
  refused?: Refused
}
export function Actions({ view, ctx, refused }: Props) {
  const { request: r, proposals } = view
  const path = `${ctx.home}/demandes/${r.id}`
  const pending = proposals.find(p => p.state === 'pending')
  const reach = r.phone ? `Téléphone : ${frPhone(r.phone)}.` : r.email ? `Adresse : ${r.email}.` : ''
  const form = (o: {
    at: string
    summary: string
    form: Form
    submit: string
    danger?: boolean
    open?: boolean
    children?: Child
    values?: Record<string, string>
  }) => {
    const wrong = refused?.action.endsWith(`/${o.at}`) ? refused : undefined
    const view = (
      <FormView
        form={o.form}
        id={`form-${o.at}`}
        action={`${path}/${o.at}`}
        submit={o.submit}
        formKey={ctx.key()}
        danger={o.danger}
        raw={wrong?.raw ?? Object.fromEntries(Object.entries(o.values ?? {}).map(([k, v]) => [k, [v]]))}
        errors={wrong?.errors}
      >
        {o.children}
      </FormView>
    )
    return o.open ? (
      view
    ) : (
      <Disclosure summary={o.summary} open={wrong !== undefined}>
        {view}
      </Disclosure>
    )
  }
  const press = (at: string, words: string, kind: 'primary' | 'secondary' = 'primary') => (
    <form method="post" action={`${path}/${at}`}>
      <input type="hidden" name="_key" value={ctx.key()} />
      <Button kind={kind}>{words}</Button>
    </form>
  )
  const incomplete = () =>
    form({
      at: 'a-completer',
      summary: 'Demander de compléter',
      form: incompleteForm,
      submit: r.email ? 'Écrire au patient' : 'Marquer « à compléter »',
    })
  const seen = (open: boolean) =>
    form({
      at: 'vu',
      summary: 'La première consultation a eu lieu',
      form: seenForm,
      submit: 'Confirmer la consultation',
      open,
      values: { day: r.appointmentOn && r.appointmentOn <= ctx.today ? r.appointmentOn : '' },
    })
  const appointment = (open: boolean) =>
    form({
      at: 'rendez-vous',
      summary: r.state === 'appointed' ? 'Changer la date du rendez-vous' : 'Fixer le rendez-vous',
      form: appointmentForm,
      submit: 'Enregistrer le rendez-vous',
      open,
      values: { day: r.appointmentOn ?? '' },
    })
  const declared = (open: boolean) =>
    r.declaredOn
      ? null
      : form({
          at: 'declare',
          summary: 'La déclaration est confirmée',
          form: declaredForm,
          submit: 'Confirmer la déclaration',
          open,
          values: { day: ctx.today },
        })
  const putBack = () =>
    form({ at: 'remettre', summary: 'Remettre dans la liste', form: putBackForm, submit: 'Remettre dans la liste', danger: true })

  const { title, body, others } = ((): { title: string; body: Child; others: Child[] } => {
    switch (r.state) {
      case 'received':
        return {
          title: 'Cette demande est-elle recevable ?',
          body: (
            <>
              <P>Il habite le territoire, n’a pas de médecin traitant, et ses coordonnées permettent de le joindre.</P>
              {press('recevable', 'Déclarer recevable')}
            </>
          ),
          others: [incomplete()],
        }
      case 'incomplete':
        return {
          title: 'Il manque une information.',
          body: (
            <>
              <P>{`Complétez la demande avec lui, puis déclarez-la recevable. ${reach}`}</P>
              <Cluster>
                {press('recevable', 'Déclarer recevable')}
                <LinkButton href={`${path}/modifier`}>Compléter la demande</LinkButton>
              </Cluster>
            </>
          ),
          others: [],
        }
      case 'admissible':
      case 'prioritised':
        return {
          title: 'Il attend un médecin.',
          body: (
            <>
              <P>Le plan lui en cherchera un avec tous les autres. Vous pouvez aussi le proposer vous-même.</P>
              <LinkButton kind="primary" href={`${path}/proposer`}>
                Proposer à un médecin
              </LinkButton>
            </>
          ),
          others: [incomplete()],
        }
      case 'proposed':
        return {
          title: pending
            ? `${frName(pending.doctorName, 'Le')} a ${frUntil(pending.expiresAt, ctx.now)} pour répondre.`
            : 'Un médecin a la demande.',
          body: <P>Sans réponse, la proposition s’éteint et le patient retrouve exactement sa place.</P>,
          others: [
            form({ at: 'retirer', summary: 'Retirer la proposition', form: withdrawForm, submit: 'Retirer la proposition', danger: true }),
          ],
        }
      case 'accepted':
        return {
          title: `${frName(r.doctorName ?? 'Un médecin', 'Le')} a accepté. Quand est le premier rendez-vous ?`,
          body: (
            <>
              <P>{`Prévenez le patient. ${reach}`}</P>
              {appointment(true)}
            </>
          ),
          others: [seen(false), declared(false), putBack()],
        }
      case 'appointed':
        return {
          title: `Rendez-vous avec ${frName(r.doctorName ?? 'son médecin')}${r.appointmentOn ? `, ${frDay(r.appointmentOn)}` : ''}. A-t-il eu lieu ?`,
          body: seen(true),
          others: [appointment(false), declared(false), putBack()],
        }
      case 'seen':
        return {
          title: 'La consultation a eu lieu. Le médecin traitant est-il déclaré ?',
          body: (
            <>
              <P>La demande se termine quand la déclaration est confirmée, et pas avant.</P>
              {declared(true)}
            </>
          ),
          others: [putBack()],
        }
      case 'declared':
      case 'closed':
        return {
          title: `${frName(r.doctorName ?? 'Un médecin', 'Le')} est son médecin traitant.`,
          body: <P>La demande est close. Il n’y a plus rien à faire.</P>,
          others: [],
        }
      case 'exited':
        return {
          title: 'La demande est sortie de la liste.',
          body: (
            <>
              <P>S’il s’agit d’une erreur, elle revient avec son ancienneté.</P>
              {press('reprendre', 'Reprendre la demande', 'secondary')}
            </>
          ),
          others: [],
        }
    }
  })()
  return (
    <Stack gap="tight">
      <Callout title={title}>{body}</Callout>
      {others}
      {r.state !== 'closed' && r.state !== 'exited' && (
        <>
          {r.householdId ? (
            <Disclosure summary="Quitter le foyer">
              <P>La demande ne sera plus liée à celles du foyer.</P>
              {press('foyer/quitter', 'Quitter le foyer', 'secondary')}
            </Disclosure>
          ) : (
            form({ at: 'foyer', summary: 'Lier à un foyer', form: householdForm, submit: 'Lier au foyer' })
          )}
          {mayFollow(r.state, 'exited') && (
            <a class="onward" href={`${path}/sortie`}>
              Sortir de la liste
            </a>
          )}
        </>
      )}
    </Stack>
  )
}
