/** The public form: six short pages, three minutes, no account, no health detail, no social-security number. */
import { link, open } from '../../../../platform/access.ts'
import { notFound, Problem } from '../../../../platform/errors.ts'
import { type Errors, type Form, isDay, type Raw, type Value } from '../../../../platform/fields.ts'
import { action, type Ctx, type Html, type Outcome, page, type Refused, type Route } from '../../../../platform/page.ts'
import { Button, Callout, Facts, FormView, frDate, frPhone, LinkButton, PageTitle, Stack, typo } from '../../../../platform/ui/index.ts'
import { territoryCommunes } from '../../../territory/index.ts'
import { languageName, problemsOf, type SituationKey, situationOptions, toSituation } from '../../fields.ts'
import { proxyNames, readNumber } from '../../rules.ts'
import { dropDraft, readDraft, saveDraft, startDraft } from '../../store/drafts.ts'
import { enterRequest } from '../../store/requests.ts'
import { settings } from '../../store/settings.ts'
import { acknowledge, openTracking } from '../../store/tracking.ts'
import { ELSEWHERE, identityForm, needsForm, nothing, proxyForm, reachForm, sendForm, situationForm, whoForm } from './fields.ts'

const phone = async (ctx: Pick<Ctx, 'tx'>) => {
  const { phone: number } = await settings(ctx.tx)
  return number ? { number } : null
}
type DraftCtx = Omit<Ctx, 'params'> & { params: { token: string } }
const draftId = (ctx: Pick<Ctx, 'who'>) => (ctx.who.kind === 'link' ? ctx.who.subjectId : '')
async function draftOf(ctx: Pick<Ctx, 'tx' | 'who'>): Promise<Raw> {
  const draft = await readDraft(ctx.tx, draftId(ctx))
  if (!draft)
    throw new Problem(
      410,
      'Demande déjà envoyée',
      'Cette demande est déjà partie, ou a été effacée. Suivez-la avec son numéro, ou recommencez.',
    )
  return draft
}
/** What was answered, in the form's own types; null while a page is missing or no longer valid. */
function answers<F extends Form>(form: F, raw: Raw): Value<F> | null {
  const data = new URLSearchParams()
  for (const name of Object.keys(form.fields)) for (const v of raw[name] ?? []) data.append(name, v)
  const parsed = form.parse(data)
  return parsed.ok ? (parsed.value as Value<F>) : null
}

interface Step {
  slug: string
  title: (other: boolean) => string
  lead?: string
  // biome-ignore lint/suspicious/noExplicitAny: each step has its own form
  form: Form<any>
  /** Left out for who it does not concern. */
  when?: (raw: Raw) => boolean
  check?: (ctx: DraftCtx, value: never, raw: Raw) => Errors
}
const forOther = (raw: Raw) => raw.forWhom?.[0] === 'other'

const steps: readonly Step[] = [
  { slug: 'qui', title: () => 'Pour commencer', form: whoForm },
  {
    slug: 'aidant',
    title: () => 'Vous, qui faites la demande',
    lead: 'Votre nom sera gardé avec la demande : la personne pourra le lire.',
    form: proxyForm,
    when: forOther,
  },
  {
    slug: 'identite',
    title: other => (other ? 'La personne qui cherche un médecin' : 'Vous'),
    lead: 'Ni carte Vitale, ni numéro de sécurité sociale : ils ne vous seront jamais demandés ici.',
    form: identityForm,
    check: (ctx, value: Value<typeof identityForm>) => problemsOf({ birthDate: value.birthDate }, { today: ctx.today, hasProxy: true }),
  },
  {
    slug: 'situation',
    title: other => (other ? 'Sa situation' : 'Votre situation'),
    lead: 'Ces réponses décident de l’ordre de la liste, selon une règle publique.',
    form: situationForm,
  },
  {
    slug: 'besoins',
    title: other => (other ? 'Ce qu’il lui faut' : 'Ce qu’il vous faut'),
    lead: 'Tout est facultatif.',
    form: needsForm,
    check: (ctx, value: Value<typeof needsForm>) => problemsOf({ householdOf: value.householdOf }, { today: ctx.today, hasProxy: true }),
  },
  {
    slug: 'contact',
    title: other => (other ? 'Comment joindre la personne' : 'Comment vous joindre'),
    lead: 'Nos messages ne disent jamais rien de votre demande : seulement qu’il y a du nouveau.',
    form: reachForm,
    check: (ctx, value: Value<typeof reachForm>, raw) => problemsOf(value, { today: ctx.today, hasProxy: forOther(raw) }),
  },
]
const active = (raw: Raw) => steps.filter(s => s.when?.(raw) ?? true)
const url = (ctx: DraftCtx, slug: string) => `${ctx.home}/demande/${ctx.params.token}/${slug}`
const after = (raw: Raw, slug: string) => {
  const list = active(raw)
  return list[list.findIndex(s => s.slug === slug) + 1]?.slug ?? 'verifier'
}
const before = (raw: Raw, slug: string) => {
  const list = [...active(raw).map(s => s.slug), 'verifier']
  return list[list.indexOf(slug) - 1]
}

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
