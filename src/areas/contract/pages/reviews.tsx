/** The yearly reviews: their list, preparing one, its meeting, the days to answer. */
import { listMembersByRole } from '#areas/people/index.ts'
import { oneAtATime, rawShown, reconcile, theirsSaid } from '#platform/edits.ts'
import type { Errors, Option } from '#platform/fields.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { Count, DataTable, FormView, frDate, LinkButton, Notice, P, PageTitle, rawOf } from '#platform/ui/index.ts'
import { delayForm, meetingForm, prepareForm } from '../fields.ts'
import { clockState, type Party, parties, signatoryErrors } from '../rules.ts'
import {
  accountOf,
  answerDays,
  changeMeeting,
  comments,
  type MeetingInput,
  prepareReview,
  type Review,
  reviews,
  setAnswerDays,
} from '../store.ts'
import { backToReview, loadReview, ReviewTag, reviewHref } from './review-words.tsx'
import { cancelTo, mayWrite, readers, Tabs, writers } from './words.tsx'

const here = (ctx: Ctx) => `${ctx.home}/contrat/dialogues`
const back = (ctx: Ctx) => ({ label: 'Dialogue de gestion', href: here(ctx) })

export const reviewsPage = page({
  path: '/c/:cpts/contrat/dialogues',
  title: 'Dialogue de gestion',
  access: readers,
  async show(ctx) {
    const all = await reviews(ctx.tx)
    const said = await comments(ctx.tx)
    const write = mayWrite(ctx)
    const days = await answerDays(ctx.tx)
    const of = (r: Review) => said.filter(c => c.reviewId === r.id)
    const late = (r: Review) => of(r).filter(c => clockState(c, ctx.today) === 'late').length
    return (
      <>
        <PageTitle
          title="Dialogue de gestion"
          count={all.length}
          lead="Chaque année, la CPTS, l’Assurance maladie et l’ARS examinent les mêmes chiffres, puis arrêtent la part variable dans un compte rendu signé des trois."
          actions={
            write && (
              <LinkButton href={`${here(ctx)}/preparer`} kind="primary">
                Préparer un dialogue
              </LinkButton>
            )
          }
        />
        <Tabs ctx={ctx} at="/contrat/dialogues" />
        {all.length > 0 && <Count n={all.length} one="dialogue" many="dialogues" />}
        <DataTable
          caption="Dialogues de gestion, le plus récent d’abord"
          captionHidden
          rows={all}
          rowHref={r => reviewHref(ctx, r.id)}
          columns={[
            { key: 'year', label: 'Année du contrat', cell: r => `Année ${r.year}` },
            { key: 'day', label: 'Réunion', tight: true, cell: r => frDate(r.day) },
            { key: 'state', label: 'Où il en est', cell: r => <ReviewTag r={r} /> },
            { key: 'comments', label: 'Commentaires', numeric: true, cell: r => of(r).length },
            { key: 'late', label: 'Réponses en retard', numeric: true, cell: r => late(r) },
          ]}
          empty={{
            title: 'Aucun dialogue de gestion n’est préparé',
            children: write
              ? 'Fixez la date et les trois signataires ; vous ouvrirez les chiffres aux financeurs quand ils seront prêts.'
              : 'La coordination le prépare, puis vous l’ouvre.',
            action: write && <LinkButton href={`${here(ctx)}/preparer`}>Préparer un dialogue</LinkButton>,
          }}
        />
        <P muted>
          {`Une question des financeurs reçoit sa réponse en ${days} jours ouvrés au plus. `}
          {write && <a href={`${here(ctx)}/delai`}>Changer ce délai</a>}
        </P>
      </>
    )
  },
})

type Choices = Record<Party, Option[]>
async function choicesOf(ctx: Ctx): Promise<Choices> {
  const option = (m: { id: string; name: string; profession: string | null }) => ({
    value: m.id,
    label: m.profession ? `${m.name}, ${m.profession.charAt(0).toLowerCase()}${m.profession.slice(1)}` : m.name,
  })
  const delegates = (await listMembersByRole(ctx.tx, 'funder')).map(option)
  return { community: (await listMembersByRole(ctx.tx, 'board')).map(option), fund: delegates, agency: delegates }
}
type Typed = { day: string; others: string | null } & Record<Party, string>
/** Who is chosen must be on the list; nobody signs for two. */
async function meetingOf(ctx: Ctx, input: Typed): Promise<{ errors: Errors } | { meeting: MeetingInput }> {
  const choices = await choicesOf(ctx)
  const unknown = parties.filter(p => !choices[p].some(o => o.value === input[p]))
  const errors = { ...Object.fromEntries(unknown.map(p => [p, 'Choisissez une personne de la liste.'])), ...signatoryErrors(input) }
  if (Object.keys(errors).length) return { errors }
  const { community, fund, agency } = input
  return { meeting: { day: input.day, signatories: { community, fund, agency }, others: input.others } }
}
function MissingPeople({ ctx, choices }: { ctx: Ctx; choices: Choices }) {
  if (choices.community.length > 0 && choices.fund.length > 1) return null
  return (
    <Notice tone="wait" title="Il manque des signataires">
      {'Chaque partie signe avec son compte : un membre du bureau, un délégué de la CPAM et un de l’ARS. '}
      <a href={`${ctx.home}/membres/nouveau`}>Inviter une personne</a>
    </Notice>
  )
}

/** Contract years begun that have no review yet, the latest first. */
async function yearsFor(ctx: Ctx): Promise<Option[]> {
  const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
  const taken = new Set((await reviews(ctx.tx)).map(r => r.year))
  return (account?.statement.years ?? [])
    .filter(y => y.from <= ctx.today && !taken.has(y.year))
    .reverse()
    .map(y => ({ value: String(y.year), label: `Année ${y.year} (${y.from.slice(0, 4)}–${y.to.slice(0, 4)})` }))
}
export const prepareReviewPage = page({
  path: '/c/:cpts/contrat/dialogues/preparer',
  title: 'Préparer un dialogue de gestion',
  access: writers,
  form: prepareForm,
  async show(ctx, refused) {
    const choices = await choicesOf(ctx)
    const years = await yearsFor(ctx)
    return (
      <>
        <PageTitle
          title="Préparer un dialogue de gestion"
          back={back(ctx)}
          lead="Les financeurs ne lisent rien de cette salle tant que vous ne l’avez pas ouverte."
        />
        <MissingPeople ctx={ctx} choices={choices} />
        {years.length === 0 && (
          <Notice title="Aucune année à examiner">
            Chaque année commencée a déjà son dialogue, ou aucun contrat signé n’est enregistré.
          </Notice>
        )}
        <FormView
          form={prepareForm}
          action={`${here(ctx)}/preparer`}
          submit="Préparer"
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf({ year: years[0]?.value })}
          errors={refused?.errors}
          options={{ year: years, ...choices }}
          secondary={cancelTo(here(ctx))}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    if (!(await yearsFor(ctx)).some(y => y.value === input.year)) return { errors: { year: 'Choisissez une année de la liste.' } }
    const checked = await meetingOf(ctx, input)
    if ('errors' in checked) return checked
    const id = await prepareReview(ctx.tx, ctx, Number(input.year), checked.meeting)
    return { to: reviewHref(ctx, id), notice: 'Dialogue préparé. Ouvrez-le aux financeurs quand les chiffres sont prêts.' }
  },
})

/** As the form says it. */
const storedMeeting = (r: Review) => ({
  day: r.day,
  ...Object.fromEntries(parties.map(p => [p, r.signatories[p].membershipId])),
  others: r.others.join('\n') || null,
})
export const meetingPage = page({
  path: '/c/:cpts/contrat/dialogues/:id/reunion',
  title: 'Date et participants',
  access: writers,
  form: meetingForm,
  async show(ctx, refused) {
    const r = await loadReview(ctx, ctx.params.id)
    const choices = await choicesOf(ctx)
    return (
      <>
        <PageTitle title="Date et participants" back={backToReview(ctx, r)} />
        <MissingPeople ctx={ctx} choices={choices} />
        <FormView
          form={meetingForm}
          action={reviewHref(ctx, r.id, '/reunion')}
          submit="Enregistrer"
          formKey={ctx.key()}
          raw={rawShown(meetingForm, storedMeeting(r), refused?.raw)}
          errors={refused?.errors}
          options={{ ...choices }}
          secondary={cancelTo(reviewHref(ctx, r.id))}
        />
      </>
    )
  },
  async submit(ctx, typed): Promise<Outcome> {
    await oneAtATime(ctx.tx, `review ${ctx.params.id}`)
    const r = await loadReview(ctx, ctx.params.id)
    const merged = reconcile(meetingForm, typed, storedMeeting(r))
    if ('errors' in merged) return merged
    const checked = await meetingOf(ctx, merged.value)
    if ('errors' in checked) return checked
    if (!(await changeMeeting(ctx.tx, ctx, r.id, checked.meeting)))
      return {
        errors: { '': 'Une partie a déjà signé le compte rendu, qui nomme les participants : écrivez-en d’abord une nouvelle version.' },
      }
    return { to: reviewHref(ctx, r.id), notice: `Date et participants enregistrés.${theirsSaid(merged.theirs)}` }
  },
})

export const delayPage = page({
  path: '/c/:cpts/contrat/dialogues/delai',
  title: 'Délai de réponse',
  access: writers,
  form: delayForm,
  async show(ctx, refused) {
    return (
      <>
        <PageTitle
          title="Délai de réponse aux financeurs"
          back={back(ctx)}
          lead="Il vaut pour les questions à venir : une date déjà annoncée ne change pas."
        />
        <FormView
          form={delayForm}
          action={`${here(ctx)}/delai`}
          submit="Enregistrer"
          formKey={ctx.key()}
          raw={rawShown(delayForm, { days: await answerDays(ctx.tx) }, refused?.raw)}
          errors={refused?.errors}
          secondary={cancelTo(here(ctx))}
        />
      </>
    )
  },
  async submit(ctx, typed): Promise<Outcome> {
    await oneAtATime(ctx.tx, 'answer delay')
    const merged = reconcile(delayForm, typed, { days: await answerDays(ctx.tx) })
    if ('errors' in merged) return merged
    const { days } = merged.value
    await setAnswerDays(ctx.tx, ctx, days)
    return { to: here(ctx), notice: `Une question posée à partir d’aujourd’hui reçoit sa réponse en ${days} jours ouvrés au plus.` }
  },
})
