/** « Ma situation a changé » and « Effacer ma demande »: the two acts that have a page of their own. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { link } from '#platform/access.ts'
import { rawShown } from '#platform/edits.ts'
import { type Ctx, type Outcome, page, type Route } from '#platform/page.ts'
import { Button, Callout, FormView, frPhone, LinkButton, Notice, PageTitle, rawOf, Section, Stack } from '#platform/ui/index.ts'
import { getRequest, type Request } from '../../store/requests.ts'
import { type Say, sayIn, titled } from '../../words/index.ts'
import { siteOf } from '../site.ts'
import { answersNow, changing, erasing, leaving } from './acts.ts'
import { changeForm, ELSEWHERE, eraseForm, inLang } from './fields.ts'
import { phone } from './steps.ts'
import { here, mine, type TrackCtx } from './tracking.tsx'

const doing = (ctx: TrackCtx, say: Say) => ({ tx: ctx.tx, actor: ctx as unknown as Ctx, site: siteOf(ctx), id: mine(ctx), say })
/** His answers as the form shows them. */
export const answersOf = (r: Request) => rawOf({ ...answersNow(r), phone: r.phone && frPhone(r.phone) })
/** The territory's communes, his own when it has left it, and the way out. */
export async function communesFor(ctx: Pick<Ctx, 'tx'>, r: Request, say: Say) {
  const all = (await territoryCommunes(ctx.tx)).map(c => ({ value: c.code, label: c.name }))
  const own = all.some(c => c.value === r.communeCode) ? [] : [{ value: r.communeCode, label: r.commune }]
  return [...own, ...all, { value: ELSEWHERE, label: say('step.elsewhere') }]
}

export const changePage = page({
  path: '/c/:cpts/suivi/:token/situation',
  ...titled('act.change'),
  access: link('tracking'),
  posture: 'patient',
  spoken: 'folded',
  phone,
  form: changeForm,
  formIn: lang => inLang(changeForm, lang),
  async show(ctx, refused) {
    const c = ctx as unknown as TrackCtx
    const say = sayIn(ctx.lang)
    const r = await getRequest(ctx.tx, ctx as unknown as Ctx, mine(ctx))
    const back = { label: say('track.title'), href: say.to(here(c)) }
    if (!changing.offered(r))
      return (
        <Stack gap="loose">
          <PageTitle title={say('act.change')} back={back} lead={say(r.state === 'exited' ? 'state.exited' : 'state.closed')} />
        </Stack>
      )
    return (
      <Stack gap="loose">
        <PageTitle title={say('act.change')} lead={say('change.lead')} back={back} />
        {r.state === 'proposed' && <Notice tone="wait">{say('change.proposed')}</Notice>}
        {(r.state === 'accepted' || r.state === 'appointed') && <Notice tone="wait">{say('change.accepted')}</Notice>}
        <FormView
          form={inLang(changeForm, ctx.lang)}
          lang={ctx.lang}
          action={say.to(`${here(c)}/situation`)}
          formKey={ctx.key()}
          raw={rawShown(changeForm, answersNow(r), refused?.raw, answersOf(r))}
          errors={refused?.errors}
          options={{ communeCode: await communesFor(ctx, r, say) }}
          groups={[
            { legend: say('step.besoins'), lead: say('step.besoins.lead'), fields: ['languages', 'wheelchair', 'farther', 'householdOf'] },
            { legend: say('step.contact'), fields: ['phone', 'email', 'preferredContact'] },
          ]}
          submit={say('step.save')}
        />
      </Stack>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const c = ctx as unknown as TrackCtx
    const say = sayIn(ctx.lang)
    const done = await changing.do(doing(c, say), input)
    if ('errors' in done) return done
    if ('moved' in done) return { title: say('moved.title'), show: <Moved ctx={c} say={say} /> }
    return { to: here(c), notice: 'said' in done ? done.said : undefined }
  },
})
/** Nothing was written: he says whether he left, or chooses another commune. */
const Moved = ({ ctx, say }: { ctx: TrackCtx; say: Say }) => (
  <Stack gap="loose">
    <PageTitle title={say('moved.title')} lead={say('moved.text', { cpts: ctx.cpts.name })} />
    <form method="post" action={say.to(`${here(ctx)}/${leaving.slug}`)}>
      <input type="hidden" name="_key" value={ctx.key()} />
      <Button name="why" value="out_of_territory">
        {say('moved.leave')}
      </Button>
    </form>
    <p>
      <a href={say.to(`${here(ctx)}/situation`)}>{say('moved.back')}</a>
    </p>
  </Stack>
)

export const erasePage = page({
  path: '/c/:cpts/suivi/:token/effacer',
  ...titled('act.erase'),
  access: link('tracking'),
  posture: 'patient',
  spoken: 'folded',
  phone,
  form: eraseForm,
  formIn: lang => inLang(eraseForm, lang),
  async show(ctx, refused) {
    const c = ctx as unknown as TrackCtx
    const say = sayIn(ctx.lang)
    const r = await getRequest(ctx.tx, ctx as unknown as Ctx, mine(ctx))
    return (
      <Stack gap="loose">
        <PageTitle title={say('act.erase')} lead={say('erase.lead')} back={{ label: say('track.title'), href: say.to(here(c)) }} />
        <Lines title={say('erase.goes')} lines={(['who', 'said', 'messages', 'number'] as const).map(l => say(`erase.goes.${l}`))} />
        <Lines
          title={say('erase.stays')}
          lines={[
            say('erase.stays.figure'),
            say('erase.stays.audit'),
            ...(r.state === 'proposed' ? [say('erase.proposed')] : []),
            ...(r.doctorMembershipId ? [say('erase.doctor')] : []),
          ]}
        />
        <FormView
          form={inLang(eraseForm, ctx.lang)}
          lang={ctx.lang}
          action={say.to(`${here(c)}/effacer`)}
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          submit={say('erase.submit')}
          danger
          secondary={<LinkButton href={say.to(here(c))}>{say('erase.keep')}</LinkButton>}
        />
      </Stack>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const c = ctx as unknown as TrackCtx
    const say = sayIn(ctx.lang)
    const done = await erasing.do(doing(c, say), input)
    if ('errors' in done) return done
    return {
      title: say('erase.done'),
      show: (
        <Callout title={say('erase.done')}>
          <p>{say('erase.done.text')}</p>
        </Callout>
      ),
    }
  },
})
const Lines = ({ title, lines }: { title: string; lines: readonly string[] }) => (
  <Section title={title}>
    <ul class="listed">
      {lines.map(l => (
        <li>{l}</li>
      ))}
    </ul>
  </Section>
)
export const changeRoutes: readonly Route[] = [changePage, erasePage]
