/** What the forms of a record do. Each is one conditional transition, on record, and says what comes next. */
import { members } from '#platform/access.ts'
import { action, type Ctx } from '#platform/page.ts'
import { frDay } from '#platform/ui/index.ts'
import { readNumber } from '../../rules.ts'
import { appoint, declare, putBack, seen } from '../../store/proposals.ts'
import { askToComplete, joinHousehold, leaveHousehold, notDuplicate } from '../../store/record.ts'
import { admit, move, requestNumber } from '../../store/requests.ts'
import { tellPatient } from '../../store/tracking.ts'
import { siteOf } from '../site.ts'
import { appointmentForm, declaredForm, householdForm, incompleteForm, nothing, putBackForm, seenForm, withdrawForm } from './forms.ts'
import { recordPage } from './record.tsx'
import { idOf } from './words.tsx'

const common = { access: members('coordinator'), from: recordPage } as const
const back = (ctx: { home: string; params: { id: string } }, notice: string) => ({ to: `${ctx.home}/demandes/${ctx.params.id}`, notice })
const inFuture = (ctx: Ctx, day: string, what: string) =>
  day > ctx.today ? { errors: { day: `${what} ne peut pas être dans l’avenir.` } } : null

export const admitAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/recevable',
  form: nothing,
  async submit(ctx) {
    await admit(ctx.tx, ctx, idOf(ctx.params.id))
    return back(ctx, 'La demande est dans la liste, à son rang. Proposez-la à un médecin, ou laissez le plan lui en chercher un.')
  },
})
export const incompleteAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/a-completer',
  form: incompleteForm,
  async submit(ctx, { missing }) {
    const written = await askToComplete(ctx.tx, ctx, siteOf(ctx), idOf(ctx.params.id), missing)
    return back(
      ctx,
      written
        ? 'Un message part au patient. La demande vous attend dans « À compléter » ; il garde son rang.'
        : 'Le patient n’a pas donné d’adresse électronique : appelez-le. La demande vous attend dans « À compléter » ; il garde son rang.',
    )
  },
})
export const withdrawAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/retirer',
  form: withdrawForm,
  async submit(ctx, { reason }) {
    const id = idOf(ctx.params.id)
    await putBack(ctx.tx, ctx, id, reason, ['proposed'])
    return back(ctx, 'La proposition est retirée : le lien du médecin ne répond plus. Le patient est de nouveau dans la liste, à sa place.')
  },
})
export const putBackAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/remettre',
  form: putBackForm,
  async submit(ctx, { reason }) {
    const id = idOf(ctx.params.id)
    await putBack(ctx.tx, ctx, id, reason, ['accepted', 'appointed', 'seen'])
    await tellPatient(ctx.tx, ctx, siteOf(ctx), id)
    return back(ctx, 'Le patient est de nouveau dans la liste, à sa place. La place du médecin lui est rendue. Prévenez-les.')
  },
})
export const appointAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/rendez-vous',
  form: appointmentForm,
  async submit(ctx, { day }) {
    const id = idOf(ctx.params.id)
    await appoint(ctx.tx, ctx, id, day)
    await tellPatient(ctx.tx, ctx, siteOf(ctx), id)
    return back(ctx, `Rendez-vous noté pour ${frDay(day)}. Le lendemain, confirmez ici que la consultation a eu lieu.`)
  },
})
export const seenAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/vu',
  form: seenForm,
  async submit(ctx, { day }) {
    const wrong = inFuture(ctx, day, 'La consultation')
    if (wrong) return wrong
    await seen(ctx.tx, ctx, idOf(ctx.params.id), day)
    return back(ctx, 'Consultation confirmée. La demande se termine quand la déclaration du médecin traitant est confirmée.')
  },
})
export const declareAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/declare',
  form: declaredForm,
  async submit(ctx, { day, by }) {
    const wrong = inFuture(ctx, day, 'La déclaration')
    if (wrong) return wrong
    await declare(ctx.tx, ctx, idOf(ctx.params.id), day, by)
    return back(ctx, 'Déclaration enregistrée. La demande se clôt quand la première consultation est confirmée elle aussi.')
  },
})
export const resumeAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/reprendre',
  form: nothing,
  async submit(ctx) {
    await move(ctx.tx, ctx, idOf(ctx.params.id), { to: 'received', from: ['exited'] })
    return back(ctx, 'La demande est reprise avec son ancienneté. Vérifiez qu’elle est toujours recevable.')
  },
})
export const notDuplicateAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/pas-un-doublon',
  form: nothing,
  async submit(ctx) {
    await notDuplicate(ctx.tx, ctx, idOf(ctx.params.id))
    return back(ctx, 'Les deux demandes restent séparées.')
  },
})
export const joinAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/foyer',
  form: householdForm,
  async submit(ctx, input) {
    const id = idOf(ctx.params.id)
    const number = readNumber(input.number)
    if (!number) return { errors: { number: 'Un numéro de suivi s’écrit comme K7QM-42XD. Vérifiez-le.' } }
    if (number === (await requestNumber(ctx.tx, id)))
      return { errors: { number: 'C’est le numéro de cette demande. Donnez celui d’une autre personne du foyer.' } }
    await joinHousehold(ctx.tx, ctx, id, number)
    return back(ctx, 'Les demandes du foyer seront proposées au même médecin quand c’est possible.')
  },
})
export const leaveHouseholdAct = action({
  ...common,
  path: '/c/:cpts/demandes/:id/foyer/quitter',
  form: nothing,
  async submit(ctx) {
    await leaveHousehold(ctx.tx, ctx, idOf(ctx.params.id))
    return back(ctx, 'La demande n’est plus liée au foyer.')
  },
})
export const acts = [
  admitAct,
  incompleteAct,
  withdrawAct,
  putBackAct,
  appointAct,
  seenAct,
  declareAct,
  resumeAct,
  notDuplicateAct,
  joinAct,
  leaveHouseholdAct,
]
