/** The last page of the public form: everything at a glance, what becomes of it, one consent, one button. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { link } from '#platform/access.ts'
import { notFound } from '#platform/errors.ts'
import { isDay, type Raw, type Value } from '#platform/fields.ts'
import { type Child, type Html, type Outcome, page, type Refused } from '#platform/page.ts'
import { Callout, Facts, FormView, factsOf, frPhone, isolate, LinkButton, PageTitle, Stack } from '#platform/ui/index.ts'
import { type SituationKey, toSituation } from '../../fields.ts'
import { readNumber } from '../../rules.ts'
import { departureByCode, joinDeparture } from '../../store/departures.ts'
import { dropDraft } from '../../store/drafts.ts'
import { enterRequest } from '../../store/requests.ts'
import { acknowledge, knowsNumber, openTracking } from '../../store/tracking.ts'
import { languageIn, type Say, sayIn, titled } from '../../words/index.ts'
import { siteOf } from '../site.ts'
import { identityForm, inLang, needsForm, proxyForm, reachForm, sendForm, situationForm, whoForm } from './fields.ts'
import { active, answers, before, type DraftCtx, draftId, draftOf, forOther, phone, url } from './steps.ts'

interface Whole {
  who: Value<typeof whoForm>
  proxy: Value<typeof proxyForm> | null
  identity: Value<typeof identityForm>
  situation: SituationKey[]
  needs: Value<typeof needsForm>
  reach: Value<typeof reachForm>
}
/** All the pages together, or the first one to fill in again. */
function whole(raw: Raw): Whole | { missing: string } {
  for (const s of active(raw)) if (!answers(s.form, raw)) return { missing: s.slug }
  return {
    who: answers(whoForm, raw)!,
    proxy: forOther(raw) ? answers(proxyForm, raw) : null,
    identity: answers(identityForm, raw)!,
    situation: answers(situationForm, raw)!.situation,
    needs: answers(needsForm, raw)!,
    reach: answers(reachForm, raw)!,
  }
}

export const review = page({
  path: '/c/:cpts/demande/:token/verifier',
  ...titled('review.title'),
  access: link('draft'),
  posture: 'patient',
  spoken: 'folded',
  phone,
  form: sendForm,
  formIn: lang => inLang(sendForm, lang),
  perMinute: 10,
  async show(ctx, refused) {
    const raw = await draftOf(ctx)
    const all = whole(raw)
    if ('missing' in all) return <Incomplete href={url(ctx as never, all.missing)} say={sayIn(ctx.lang)} />
    return reviewView(ctx as never, raw, all, refused)
  },
  async submit(ctx): Promise<Outcome> {
    const raw = await draftOf(ctx)
    const all = whole(raw)
    if ('missing' in all) return { to: url(ctx as never, all.missing) }
    const communes = await territoryCommunes(ctx.tx)
    if (!communes.some(c => c.code === all.who.communeCode)) throw notFound()
    const { identity, needs, reach, proxy } = all
    const householdOf = needs.householdOf ? readNumber(needs.householdOf) : null
    if (householdOf && !(await knowsNumber(ctx.tx, householdOf))) return { errors: { '': sayIn(ctx.lang)('wrong.householdUnknown') } }
    // From the letter of a doctor who leaves: everybody has the seniority of the announcement, whoever answers first.
    const departure = await departureByCode(ctx.tx, raw.departure?.[0] ?? '', ctx.today)
    const entered = await enterRequest(
      ctx.tx,
      ctx,
      {
        ...identity,
        ...toSituation(all.situation),
        ...reach,
        communeCode: all.who.communeCode,
        languages: needs.languages,
        wheelchair: needs.wheelchair,
        farther: needs.farther,
        householdOf,
        language: ctx.lang,
        proxy: proxy && { kind: proxy.proxyKind, name: proxy.proxyName, contact: proxy.proxyContact },
        consentBy: proxy ? 'proxy' : 'patient',
      },
      proxy ? 'proxy' : 'patient',
      departure?.announcedAt,
    )
    if (departure) await joinDeparture(ctx.tx, ctx, departure.id, entered.id)
    await acknowledge(ctx.tx, ctx, siteOf(ctx), { ...entered, email: reach.email, language: ctx.lang })
    await dropDraft(ctx.tx, draftId(ctx), ctx.now)
    return { to: `${ctx.home}/suivi/${await openTracking(ctx.tx, entered.id, ctx.now)}?recue` }
  },
})
function Incomplete({ href, say }: { href: string; say: Say }) {
  return (
    <Stack>
      <PageTitle title={say('review.incomplete')} lead={say('review.incomplete.lead')} />
      <p>
        <LinkButton kind="primary" href={say.to(href)}>
          {say('review.complete')}
        </LinkButton>
      </p>
    </Stack>
  )
}

async function reviewView(ctx: DraftCtx, raw: Raw, all: Whole, refused?: Refused): Promise<Html> {
  const say = sayIn(ctx.lang)
  const communes = await territoryCommunes(ctx.tx)
  const { identity, reach, needs, proxy } = all
  const situation = inLang(situationForm, ctx.lang).fields.situation.options ?? []
  const said = situation.filter(o => all.situation.includes(o.value as SituationKey)).map(o => o.label)
  const proxyKind = inLang(proxyForm, ctx.lang).fields.proxyKind.options?.find(o => o.value === proxy?.proxyKind)?.label ?? ''
  /** A fact, and the page where it is changed. */
  const fact = (slug: string, label: string, value: Child) => ({
    label,
    value,
    note: (
      <a href={say.to(`${url(ctx, slug)}?relire`)}>
        {say('review.change')}
        <span class="away"> {label}</span>
      </a>
    ),
  })
  const wanted = [
    needs.languages.map(l => languageIn(l, ctx.lang)).join(', '),
    needs.wheelchair && say('need.wheelchair'),
    needs.farther && say('need.farther'),
    needs.householdOf && say('need.household', { number: needs.householdOf }),
  ].filter(x => x !== '' && x !== false && x !== null)
  const ways = [reach.phone && isolate(frPhone(reach.phone), ctx.lang), reach.email].filter(Boolean)
  return (
    <Stack gap="loose">
      <PageTitle title={say('review.title')} back={{ label: say('step.back'), href: say.to(url(ctx, before(raw, 'verifier')!)) }} />
      <Facts
        items={[
          ...(proxy
            ? [fact('aidant', say('review.by'), `${proxy.proxyName} (${proxyKind.toLocaleLowerCase(factsOf(ctx.lang).locale)})`)]
            : []),
          fact(
            'identite',
            say('review.person'),
            say('review.born', {
              name: `${identity.givenNames} ${identity.usedName ?? identity.birthName}`,
              day: isDay(identity.birthDate) ? say.date(identity.birthDate) : '',
            }),
          ),
          fact('qui', say('review.commune'), communes.find(c => c.code === all.who.communeCode)?.name ?? ''),
          fact(
            'situation',
            say('review.situation'),
            said.length ? (
              <ul>
                {said.map(s => (
                  <li>{s}</li>
                ))}
              </ul>
            ) : (
              say('review.nothing')
            ),
          ),
          fact(
            'besoins',
            say('review.needs'),
            wanted.length ? (
              <ul>
                {wanted.map(w => (
                  <li>{w}</li>
                ))}
              </ul>
            ) : (
              say('review.none')
            ),
          ),
          fact('contact', say('review.contact'), ways.length ? ways.map(x => <div>{x}</div>) : say('review.byProxy')),
        ]}
      />
      <Callout title={say('review.becomes')}>
        <p>{say('review.uses', { cpts: ctx.cpts.name })}</p>
        <p>
          <a href={say.to('/donnees')}>{say('review.data')}</a>
        </p>
      </Callout>
      <FormView
        form={inLang(sendForm, ctx.lang)}
        lang={ctx.lang}
        action={say.to(url(ctx, 'verifier'))}
        formKey={ctx.key()}
        raw={refused?.raw}
        errors={refused?.errors}
        submit={say('review.send')}
      />
    </Stack>
  )
}
