/** Following a plan being computed or a question being answered, and stopping a plan. */
import { members } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { action, live } from '#platform/page.ts'
import { typo } from '#platform/ui/index.ts'
import { stopPlan, whyNotAsked } from '../../store/plan-runs.ts'
import { getPlan } from '../../store/plans.ts'
import { nothing } from '../desk/forms.ts'
import { idOf } from '../desk/words.tsx'
import { planPage } from './plan.tsx'
import { isOpen, leftText, percentDone } from './run.tsx'

/** What the island follows; `step` changes when the drawing of the stations does. */
export const liveRun = live({
  path: '/c/:cpts/plan/:id/vivant',
  title: 'Avancement d’un plan',
  access: members('coordinator'),
  everySeconds: 1,
  async counts(ctx) {
    const p = await getPlan(ctx.tx, idOf(ctx.params.id))
    if (!p) throw notFound()
    return {
      step: `${p.state} ${p.attempts} ${p.phase ?? ''}`,
      open: isOpen(p) ? 1 : 0,
      percent: percentDone(p) ?? '',
      left: typo(leftText(p, ctx.now)),
    }
  },
})

/** Open until the question of the address is answered. */
export const liveAnswer = live({
  path: '/c/:cpts/plan/:id/pourquoi/vivant',
  title: 'Avancement d’une réponse',
  access: members('coordinator'),
  everySeconds: 1,
  async counts(ctx) {
    const [request, doctor] = [idOf(ctx.query.get('patient') ?? ''), idOf(ctx.query.get('medecin') ?? '')]
    const asked = await whyNotAsked(ctx.tx, { planId: idOf(ctx.params.id), request, doctor })
    if (!asked) throw notFound()
    return { step: '', open: asked.answer || asked.givenUp ? 0 : 1 }
  },
})

export const stopAct = action({
  path: '/c/:cpts/plan/:id/arreter',
  access: members('coordinator'),
  form: nothing,
  from: planPage,
  async submit(ctx) {
    const id = idOf(ctx.params.id)
    const plan = await getPlan(ctx.tx, id)
    if (!plan) throw notFound()
    const stopped = await stopPlan(ctx.tx, ctx, id)
    return {
      to: `${ctx.home}/plan/${id}`,
      notice: stopped || plan.state === 'stopped' ? 'Le calcul est arrêté. Rien n’est parti.' : 'Le calcul était déjà terminé.',
    }
  },
})
