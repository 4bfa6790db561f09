/** The public form: six short pages, three minutes, no account, no health detail, no social-security number. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { link, open } from '#platform/access.ts'
import type { Form, Raw } from '#platform/fields.ts'
import { action, type Ctx, type Html, page, type Refused, type Route } from '#platform/page.ts'
import { Button, FormView, PageTitle, Stack } from '#platform/ui/index.ts'
import { dropDraft, saveDraft, startDraft } from '../../store/drafts.ts'
import { type Say, sayIn, titled } from '../../words/index.ts'
import { ELSEWHERE, inLang, nothing } from './fields.ts'
import { review } from './review.tsx'
import { active, after, before, type DraftCtx, draftId, draftOf, forOther, leadOf, phone, type Step, steps, titleOf, url } from './steps.ts'

export const begin = page({
  path: '/c/:cpts/demande',
  ...titled('begin.title'),
  access: open,
  posture: 'patient',
  spoken: 'open',
  phone,
  perMinute: 10,
  form: nothing,
  show: ctx => {
    const say = sayIn(ctx.lang)
    return (
      <Stack gap="loose">
        <PageTitle title={say('begin.title')} lead={say('begin.lead')} />
        <ul class="listed">
          <li>{say('begin.how')}</li>
          <li>
            {say('begin.order')} <a href={say.to(`${ctx.home}/comment-la-liste-est-ordonnee`)}>{say('rule.link')}</a>.
          </li>
          <li>{say('begin.leave')}</li>
          <li>{say('begin.urgent')}</li>
        </ul>
        <form method="post" action={say.to(`${ctx.home}/demande`)}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button>{say('begin.start')}</Button>
        </form>
        <p>
          {say('begin.already')} <a href={say.to(`${ctx.home}/suivi`)}>{say('find.title')}</a>
        </p>
      </Stack>
    )
  },
  async submit(ctx) {
    const token = await startDraft(ctx.tx, ctx.now)
    return { to: `${ctx.home}/demande/${token}/qui` }
  },
})

/** One page of the form: what was answered before is kept, going back loses nothing. */
function stepPage(step: Step): Route {
  return page({
    path: `/c/:cpts/demande/:token/${step.slug}`,
    ...titled(`step.${step.slug}`),
    access: link('draft'),
    posture: 'patient',
    spoken: 'folded',
    phone,
    form: step.form,
    formIn: lang => inLang(step.form, lang),
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
          return { errors: { communeCode: sayIn(ctx.lang)('wrong.commune') } }
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
  const say = sayIn(ctx.lang)
  return (
    <Stack gap="loose">
      <PageTitle
        title={titleOf(step.slug, forOther(raw), say)}
        lead={leadOf(step.slug, forOther(raw), say)}
        back={back ? { label: say('step.back'), href: say.to(url(ctx, back)) } : undefined}
      />
      <p class="muted">{say('step.page', { at: at + 1, of: list.length + 1 })}</p>
      <FormView
        form={inLang(step.form, ctx.lang)}
        lang={ctx.lang}
        action={say.to(`${url(ctx, step.slug)}${review ? '?relire' : ''}`)}
        formKey={ctx.key()}
        raw={
          step.slug === 'situation' && !raw.situation
            ? { situation: raw.hasDoctor?.[0] === 'left' || raw.hasDoctor?.[0] === 'leaving' ? ['doctorLeft'] : [] }
            : raw
        }
        errors={refused?.errors}
        options={
          step.slug === 'qui'
            ? {
                communeCode: [...communes.map(c => ({ value: c.code, label: c.name })), { value: ELSEWHERE, label: say('step.elsewhere') }],
              }
            : undefined
        }
        submit={say(review ? 'step.save' : 'step.next')}
      />
    </Stack>
  )
}

/** Dead ends that are kind: nothing is recorded, and there is somewhere to go. */
const stop = (
  slug: string,
  title: 'elsewhere.title' | 'already.title',
  back: 'elsewhere.back' | 'already.back',
  lines: (say: Say, ctx: Ctx) => string[],
) =>
  page({
    path: `/c/:cpts/demande/:token/${slug}`,
    ...titled(title),
    access: link('draft'),
    posture: 'patient',
    spoken: 'folded',
    phone,
    show: ctx => {
      const say = sayIn(ctx.lang)
      return (
        <Stack gap="loose">
          <PageTitle title={say(title)} />
          {lines(say, ctx as unknown as Ctx).map(l => (
            <p>{l}</p>
          ))}
          <p>
            <a href={say.to(url(ctx as unknown as DraftCtx, 'qui'))}>{say(back)}</a>
          </p>
        </Stack>
      )
    },
  })
const elsewhere = stop('ailleurs', 'elsewhere.title', 'elsewhere.back', (say, ctx) => [
  say('elsewhere.who', { cpts: ctx.cpts.name }),
  say('elsewhere.help'),
])
const already = stop('deja-un-medecin', 'already.title', 'already.back', say => [say('already.why')])

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
