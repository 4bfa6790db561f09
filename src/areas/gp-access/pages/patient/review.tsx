/** The last page of the public form: everything at a glance, what becomes of it, one consent, one button. */
import { link } from '../../../../platform/access.ts'
import { notFound } from '../../../../platform/errors.ts'
import { isDay, type Raw, type Value } from '../../../../platform/fields.ts'
import { type Html, type Outcome, page, type Refused } from '../../../../platform/page.ts'
import { Callout, Facts, FormView, frDate, frPhone, LinkButton, PageTitle, Stack, typo } from '../../../../platform/ui/index.ts'
import { territoryCommunes } from '../../../territory/index.ts'
import { languageName, type SituationKey, situationOptions, toSituation } from '../../fields.ts'
import { proxyNames, readNumber } from '../../rules.ts'
import { dropDraft } from '../../store/drafts.ts'
import { enterRequest } from '../../store/requests.ts'
import { acknowledge, openTracking } from '../../store/tracking.ts'
import { identityForm, needsForm, proxyForm, reachForm, sendForm, situationForm, whoForm } from './fields.ts'
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
  title: 'Vérifier et envoyer',
  access: link('draft'),
  posture: 'patient',
  phone,
  form: sendForm,
  perMinute: 10,
  async show(ctx, refused) {
    const raw = await draftOf(ctx)
    const all = whole(raw)
    if ('missing' in all) return <Incomplete href={url(ctx as never, all.missing)} />
    return reviewView(ctx as never, raw, all, refused)
  },
  async submit(ctx): Promise<Outcome> {
    const raw = await draftOf(ctx)
    const all = whole(raw)
    if ('missing' in all) return { to: url(ctx as never, all.missing) }
    const communes = await territoryCommunes(ctx.tx)
    if (!communes.some(c => c.code === all.who.communeCode)) throw notFound()
    const { identity, needs, reach, proxy } = all
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
        householdOf: needs.householdOf ? readNumber(needs.householdOf) : null,
        proxy: proxy && { kind: proxy.proxyKind, name: proxy.proxyName, contact: proxy.proxyContact },
        consentBy: proxy ? 'proxy' : 'patient',
      },
      proxy ? 'proxy' : 'patient',
    )
    await acknowledge(ctx.tx, ctx, { baseUrl: ctx.baseUrl, home: ctx.home, cptsName: ctx.cpts.name }, { ...entered, email: reach.email })
    await dropDraft(ctx.tx, draftId(ctx), ctx.now)
    return { to: `${ctx.home}/suivi/${await openTracking(ctx.tx, entered.id, ctx.now)}?recue` }
  },
})
function Incomplete({ href }: { href: string }) {
  return (
    <Stack>
      <PageTitle title="Il manque une page" lead="Une réponse est à compléter avant d’envoyer la demande." />
      <p>
        <LinkButton kind="primary" href={href}>
          Compléter
        </LinkButton>
      </p>
    </Stack>
  )
}

async function reviewView(ctx: DraftCtx, raw: Raw, all: Whole, refused?: Refused): Promise<Html> {
  const communes = await territoryCommunes(ctx.tx)
  const change = (slug: string, what: string) => (
    <a href={`${url(ctx, slug)}?relire`}>
      Modifier<span class="away"> {what}</span>
    </a>
  )
  const { identity, reach, needs, proxy } = all
  const said = situationOptions.filter(o => all.situation.includes(o.value)).map(o => o.label)
  return (
    <Stack gap="loose">
      <PageTitle title="Vérifier et envoyer" back={{ label: 'Page précédente', href: url(ctx, before(raw, 'verifier')!) }} />
      <Facts
        items={[
          ...(proxy
            ? [
                {
                  label: 'Demande faite par',
                  value: `${proxy.proxyName} (${proxyNames[proxy.proxyKind].toLowerCase()})`,
                  note: change('aidant', 'qui fait la demande'),
                },
              ]
            : []),
          {
            label: 'Personne',
            value: `${identity.givenNames} ${identity.usedName ?? identity.birthName}, né(e) le ${isDay(identity.birthDate) ? frDate(identity.birthDate) : ''}`,
            note: change('identite', 'l’identité'),
          },
          { label: 'Commune', value: communes.find(c => c.code === all.who.communeCode)?.name ?? '', note: change('qui', 'la commune') },
          {
            label: 'Situation',
            value: said.length ? (
              <ul>
                {said.map(s => (
                  <li>{typo(s)}</li>
                ))}
              </ul>
            ) : (
              'Rien de particulier'
            ),
            note: change('situation', 'la situation'),
          },
          {
            label: 'Besoins',
            value:
              [
                needs.languages.map(languageName).join(', '),
                needs.wheelchair && 'accès en fauteuil roulant',
                needs.farther && 'accepte d’aller plus loin',
                needs.householdOf && `avec le foyer de la demande ${needs.householdOf}`,
              ]
                .filter(Boolean)
                .join(' ; ') || 'Aucun en particulier',
            note: change('besoins', 'les besoins'),
          },
          {
            label: 'Contact',
            value: [reach.phone && frPhone(reach.phone), reach.email].filter(Boolean).join(' ; ') || 'Par la personne qui aide',
            note: change('contact', 'le contact'),
          },
        ]}
      />
      <Callout title="Ce que deviennent ces réponses">
        <p>
          {typo(
            `${ctx.cpts.name} s’en sert pour trouver un médecin traitant, et pour rien d’autre. Les lisent : la coordination, et le médecin qui accepte. Vous voyez à tout moment qui les a ouvertes, et vous pouvez quitter la liste.`,
          )}
        </p>
        <p>
          <a href="/donnees">En savoir plus sur vos données</a>
        </p>
      </Callout>
      <FormView
        form={sendForm}
        action={url(ctx, 'verifier')}
        formKey={ctx.key()}
        raw={refused?.raw}
        errors={refused?.errors}
        submit="Envoyer ma demande"
      />
    </Stack>
  )
}
