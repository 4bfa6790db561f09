/** The public form: six short pages, three minutes, no account, no health detail, no social-security number. */
import { link, open } from '../../../../platform/access.ts'
import type { Form, Raw } from '../../../../platform/fields.ts'
import { action, type Ctx, type Html, page, type Refused, type Route } from '../../../../platform/page.ts'
import { Button, FormView, PageTitle, Stack, typo } from '../../../../platform/ui/index.ts'
import { territoryCommunes } from '../../../territory/index.ts'
import { dropDraft, saveDraft, startDraft } from '../../store/drafts.ts'
import { ELSEWHERE, nothing } from './fields.ts'
import { review } from './review.tsx'
import { active, after, before, type DraftCtx, draftId, draftOf, forOther, phone, type Step, steps, url } from './steps.ts'

export const begin = page({
  path: '/c/:cpts/demande',
  title: 'Je cherche un médecin traitant',
  access: open,
  posture: 'patient',
  phone,
  perMinute: 10,
  form: nothing,
  show: ctx => (
    <Stack gap="loose">
      <PageTitle
        title="Je cherche un médecin traitant"
        lead="Trois minutes, sans compte. À la fin, vous recevez un numéro pour suivre votre demande."
      />
      <ul class="listed">
        <li>
          {typo('Nous cherchons, parmi les médecins qui ont de la place, celui qui vous convient le mieux et qui est près de chez vous.')}
        </li>
        <li>
          {typo('L’ordre de la liste est public : ')}
          <a href={`${ctx.home}/comment-la-liste-est-ordonnee`}>comment la liste est ordonnée</a>.
        </li>
        <li>{typo('Vous pouvez continuer à chercher de votre côté, et quitter la liste quand vous voulez.')}</li>
        <li>{typo('En cas d’urgence, n’attendez pas : appelez le 15.')}</li>
      </ul>
      <form method="post" action={`${ctx.home}/demande`}>
        <input type="hidden" name="_key" value={ctx.key()} />
        <Button>Commencer</Button>
      </form>
      <p>
        {typo('Déjà inscrit ? ')}
        <a href={`${ctx.home}/suivi`}>Suivre ma demande</a>
      </p>
    </Stack>
  ),
  async submit(ctx) {
    const token = await startDraft(ctx.tx, ctx.now)
    return { to: `${ctx.home}/demande/${token}/qui` }
  },
})

/** One page of the form: what was answered before is kept, going back loses nothing. */
function stepPage(step: Step): Route {
  return page({
    path: `/c/:cpts/demande/:token/${step.slug}`,
    title: step.title(false),
    access: link('draft'),
    posture: 'patient',
    phone,
    form: step.form,
    async show(ctx, refused) {
      const draft = await draftOf(ctx)
      return stepView(ctx as never, step, refused ? { ...draft, ...refused.raw } : draft, refused)
    },
    async submit(ctx, input) {
      const c = ctx as unknown as DraftCtx
      const draft = await draftOf(ctx)
      const errors = step.check?.(c, input as never, draft) ?? {}
      if (Object.keys(errors).length) return { errors }
      const raw = rawOfStep(step.form, input as Record<string, unknown>)
      await saveDraft(ctx.tx, draftId(ctx), raw)
      const now = { ...draft, ...raw }
      if (step.slug === 'qui') {
        const stop = notForUs(now)
        if (stop) return { to: url(c, stop) }
        if (now.communeCode?.[0] && !(await territoryCommunes(ctx.tx)).some(x => x.code === now.communeCode![0]))
          return { errors: { communeCode: 'Choisissez une commune de la liste.' } }
      }
      return { to: url(c, ctx.query.has('relire') ? 'verifier' : after(now, step.slug)) }
    },
  })
}
const notForUs = (raw: Raw) => (raw.hasDoctor?.[0] === 'yes' ? 'deja-un-medecin' : raw.communeCode?.[0] === ELSEWHERE ? 'ailleurs' : null)

/** Typed values back to what a form posts. */
function rawOfStep(form: Form, input: Record<string, unknown>): Raw {
  const raw: Raw = {}
  for (const name of Object.keys(form.fields)) {
    const v = input[name]
    raw[name] = v === null || v === undefined || v === false ? [] : Array.isArray(v) ? v.map(String) : [v === true ? 'on' : String(v)]
  }
  return raw
}

async function stepView(ctx: DraftCtx, step: Step, raw: Raw, refused?: Refused): Promise<Html> {
  const list = active(raw)
  const at = list.findIndex(s => s.slug === step.slug)
  const back = before(raw, step.slug)
  const communes = step.slug === 'qui' ? await territoryCommunes(ctx.tx) : []
  const review = ctx.query.has('relire')
  return (
    <Stack gap="loose">
      <PageTitle
        title={step.title(forOther(raw))}
        lead={step.lead}
        back={back ? { label: 'Page précédente', href: url(ctx, back) } : undefined}
      />
      <p class="muted">
        Page {at + 1} sur {list.length + 1}
      </p>
      <FormView
        form={step.form}
        action={`${url(ctx, step.slug)}${review ? '?relire' : ''}`}
        formKey={ctx.key()}
        raw={
          step.slug === 'situation' && !raw.situation
            ? { situation: raw.hasDoctor?.[0] === 'left' || raw.hasDoctor?.[0] === 'leaving' ? ['doctorLeft'] : [] }
            : raw
        }
        errors={refused?.errors}
        options={
          step.slug === 'qui'
            ? { communeCode: [...communes.map(c => ({ value: c.code, label: c.name })), { value: ELSEWHERE, label: 'Une autre commune' }] }
            : undefined
        }
        submit={review ? 'Enregistrer' : 'Continuer'}
      />
    </Stack>
  )
}

/** Dead ends that are kind: nothing is recorded, and there is somewhere to go. */
const stop = (slug: string, title: string, body: (ctx: Ctx) => Html) =>
  page({
    path: `/c/:cpts/demande/:token/${slug}`,
    title,
    access: link('draft'),
    posture: 'patient',
    phone,
    show: ctx => (
      <Stack gap="loose">
        <PageTitle title={title} />
        {body(ctx as Ctx)}
      </Stack>
    ),
  })
const elsewhere = stop('ailleurs', 'Une autre communauté s’occupe de cette commune', ctx => (
  <>
    <p>
      {typo(
        `${ctx.cpts.name} cherche des médecins pour les habitants de son territoire. Pour une autre commune, adressez-vous à la communauté de santé (CPTS) de cette commune : la mairie et une pharmacie la connaissent.`,
      )}
    </p>
    <p>
      {typo(
        'L’Assurance Maladie peut aussi vous aider : appelez le 36 46, ou écrivez depuis votre compte ameli. Rien de ce que vous avez saisi n’est gardé.',
      )}
    </p>
    <p>
      <a href={`${ctx.home}/demande/${(ctx.params as { token: string }).token}/qui`}>Changer de commune</a>
    </p>
  </>
))
const already = stop('deja-un-medecin', 'Vous avez déjà un médecin traitant', ctx => (
  <>
    <p>
      {typo(
        'Cette liste est pour les personnes qui n’en ont pas, ou qui vont perdre le leur. Pour en changer, il suffit qu’un médecin accepte et le déclare avec vous : vous n’avez rien à demander au premier.',
      )}
    </p>
    <p>
      <a href={`${ctx.home}/demande/${(ctx.params as { token: string }).token}/qui`}>Corriger ma réponse</a>
    </p>
  </>
))

export const giveUpDraft = action({
  path: '/c/:cpts/demande/:token/abandonner',
  access: link('draft'),
  form: nothing,
  from: begin,
  async submit(ctx) {
    await dropDraft(ctx.tx, draftId(ctx), ctx.now)
    return { to: ctx.home }
  },
})

export const applyRoutes: readonly Route[] = [begin, ...steps.map(stepPage), elsewhere, already, review, giveUpDraft]
