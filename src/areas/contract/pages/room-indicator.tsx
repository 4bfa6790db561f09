/** One indicator in the room: what was frozen, what proves it, what the funders write and the coordination answers. */
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Ctx, type Outcome, page, type Refused } from '#platform/page.ts'
import {
  DataTable,
  Disclosure,
  Empty,
  Facts,
  FormView,
  frDate,
  frDateTime,
  frPercent,
  Notice,
  P,
  PageTitle,
  plural,
  rawOf,
  Section,
  Timeline,
  typo,
} from '#platform/ui/index.ts'
import { answerForm, commentForm } from '../fields.ts'
import { indicatorsOn } from '../frozen.ts'
import { tellAnswered, tellAsked } from '../letters.ts'
import { type ClockState, clockState, type Definition, definitionOf, type FrozenIndicator, missionLabel } from '../rules.ts'
import { answerDays, type Comment, comments, frozenOf, type Review, writeAnswer, writeComment } from '../store.ts'
import { sourceWords } from './indicators.tsx'
import { authorText, backToReview, Clock, commenters, isDelegate, loadReview, ratioText, reviewHref, toldText } from './review-words.tsx'
import { Changed, rateShown, todayOf } from './room.tsx'
import { mayWrite, readers, writers } from './words.tsx'

interface Room {
  r: Review
  d: Definition
  f: FrozenIndicator
}
/** @throws 404 when the room is not open, or has no such indicator */
async function loadIndicator(ctx: Ctx, { id, code }: { id: string; code: string }): Promise<Room> {
  const r = await loadReview(ctx, id)
  const f = (await frozenOf(ctx.tx, r.id))?.indicators.find(i => i.code === code)
  const d = definitionOf(code)
  if (!f || !d) throw notFound()
  return { r, d, f }
}

export const roomIndicatorPage = page({
  path: '/c/:cpts/contrat/dialogues/:id/indicateurs/:code',
  title: 'Indicateur du dialogue de gestion',
  access: readers,
  async show(ctx, refused) {
    const room = await loadIndicator(ctx, ctx.params)
    const { r, d, f } = room
    const now = await todayOf(ctx, r)
    const said = (await comments(ctx.tx, r.id)).filter(c => c.code === d.code)
    return (
      <>
        <PageTitle title={d.name} back={backToReview(ctx, r)} lead={`${missionLabel(d.mission)}. Figé le ${frDate(r.openedAt!)}.`} />
        <Facts
          columns={2}
          items={[
            {
              label: 'Valeur figée',
              value: f.value.state === 'unavailable' ? 'Non disponible' : typo(toldText(d, f.value)),
              note: (
                <>
                  {f.value.state === 'unavailable' && typo(`Parce que : ${f.value.reason}`)}
                  {now && <Changed f={f} live={indicatorsOn(now.account, now.year)} d={d} />}
                </>
              ),
            },
            { label: 'Cible', value: d.measure === 'done' ? 'fait' : ratioText(d, f.target) || 'Aucune' },
            { label: 'Taux d’atteinte', value: rateShown(f) || 'Sans objet' },
            { label: 'Poids dans la part variable', value: f.weight ? frPercent(f.weight / 10_000) : 'Aucun' },
            { label: 'Point de départ (T0)', value: ratioText(d, f.baseline) || 'Non disponible', note: f.baselineMissing ?? undefined },
            {
              label: 'L’année précédente',
              value: f.before ? (f.before.state === 'unavailable' ? 'Non disponible' : typo(toldText(d, f.before))) : 'Première année',
              note: f.before?.state === 'unavailable' ? f.before.reason : undefined,
            },
            { label: 'Numérateur', value: d.numerator },
            { label: 'Dénominateur', value: d.denominator ?? 'Sans objet' },
            { label: 'Source', value: sourceWords[d.source] },
            {
              label: 'Le même indicateur, aujourd’hui',
              value: <a href={`${ctx.home}/contrat/indicateur?code=${d.code}&annee=${r.year}`}>Année {r.year}, à ce jour</a>,
            },
          ]}
        />
        {d.source === 'proofs' && (
          <Section title="Preuves à l’ouverture" count={f.proofs.length}>
            <DataTable
              caption="Preuves qui font ce chiffre"
              captionHidden
              rows={f.proofs}
              rowHref={p => `${ctx.home}/contrat/preuves/${p.id}`}
              columns={[
                { key: 'title', label: 'Ce que cela prouve' },
                { key: 'day', label: 'Date', tight: true, cell: p => frDate(p.day) },
                { key: 'no', label: 'Ligne du registre', numeric: true },
                { key: 'hash', label: 'Empreinte de la ligne', cell: p => <code>{p.hash.slice(0, 16)}</code> },
              ]}
              empty={{ title: 'Aucune preuve n’était déposée', children: 'Le chiffre est donc non disponible, et non zéro.' }}
            />
          </Section>
        )}
        <Thread ctx={ctx} room={room} said={said} refused={refused} />
      </>
    )
  },
})

const toneOf: Record<ClockState, 'late' | 'wait' | undefined> = {
  late: 'late',
  waiting: 'wait',
  answered: undefined,
  'answered-late': undefined,
  remark: undefined,
}
async function Thread({ ctx, room, said, refused }: { ctx: Ctx; room: Room; said: Comment[]; refused?: Refused }) {
  const { r, d } = room
  const delegate = isDelegate(ctx)
  const here = reviewHref(ctx, r.id, `/indicateurs/${d.code}`)
  const wasComment = refused?.action.endsWith('/commenter')
  return (
    <Section title="Commentaires" count={said.length}>
      {said.length === 0 ? (
        <Empty title="Aucun commentaire sur cet indicateur">
          {delegate
            ? 'Posez une question : la coordination a un délai pour y répondre.'
            : 'Les délégués de la CPAM et de l’ARS commentent ici.'}
        </Empty>
      ) : (
        <Timeline
          label="Commentaires, dans l’ordre"
          events={said.map(c => ({
            at: c.at,
            title: c.words,
            who: authorText(c),
            tone: toneOf[clockState(c, ctx.today)],
            detail: <Answers ctx={ctx} c={c} r={r} action={`${here}/repondre`} refused={refused} />,
          }))}
        />
      )}
      {delegate && r.signedAt === null && (
        <Section title="Commenter" level={3} lead={`Une question reçoit sa réponse en ${await answerDays(ctx.tx)} jours ouvrés au plus.`}>
          <FormView
            form={commentForm}
            action={`${here}/commenter`}
            submit="Publier le commentaire"
            formKey={ctx.key()}
            id="commenter"
            raw={wasComment ? refused?.raw : rawOf({ asks: 'yes' })}
            errors={wasComment ? refused?.errors : undefined}
          />
        </Section>
      )}
      {delegate && r.signedAt && <Notice title="Le compte rendu est signé des trois parties : les commentaires sont terminés." />}
    </Section>
  )
}
interface AnswersProps {
  ctx: Ctx
  c: Comment
  r: Review
  action: string
  refused?: Refused
}
function Answers({ ctx, c, r, action: to, refused }: AnswersProps) {
  const again = refused?.action.endsWith('/repondre') && refused.raw.comment?.[0] === c.id
  return (
    <>
      <p>
        <Clock c={c} today={ctx.today} />
      </p>
      {c.answers.map(a => (
        <blockquote class="answer">
          <P>{a.words}</P>
          <p class="muted">{typo(`${a.by}, le ${frDateTime(a.at)}`)}</p>
        </blockquote>
      ))}
      {mayWrite(ctx) && r.closedAt === null && (
        <Disclosure
          summary={c.answers.length ? 'Compléter la réponse' : 'Répondre'}
          open={Boolean(again) || (c.asks && c.answers.length === 0)}
        >
          <FormView
            form={answerForm}
            action={to}
            submit="Publier la réponse"
            formKey={ctx.key()}
            id={`repondre-${c.id}`}
            raw={again ? refused?.raw : rawOf({ comment: c.id })}
            errors={again ? refused?.errors : undefined}
          />
        </Disclosure>
      )}
    </>
  )
}

export const commentAction = action({
  path: '/c/:cpts/contrat/dialogues/:id/indicateurs/:code/commenter',
  access: commenters,
  form: commentForm,
  from: roomIndicatorPage,
  async submit(ctx, input): Promise<Outcome> {
    const { r, d } = await loadIndicator(ctx, ctx.params)
    if (ctx.who.kind !== 'member') throw notFound()
    const actor = { ...ctx, who: ctx.who }
    const written = await writeComment(ctx.tx, actor, { reviewId: r.id, code: d.code, asks: input.asks === 'yes', words: input.words })
    if (!written) return { errors: { '': 'Le compte rendu vient d’être signé des trois parties : les commentaires sont terminés.' } }
    if (written.dueOn) await tellAsked(ctx, r.id, d.code, written.dueOn)
    return {
      to: reviewHref(ctx, r.id, `/indicateurs/${d.code}`),
      notice: written.dueOn
        ? `Question publiée. La coordination a jusqu’au ${frDate(written.dueOn)} pour répondre ; elle en est prévenue.`
        : 'Remarque publiée.',
    }
  },
})
export const answerAction = action({
  path: '/c/:cpts/contrat/dialogues/:id/indicateurs/:code/repondre',
  access: writers,
  form: answerForm,
  from: roomIndicatorPage,
  async submit(ctx, input): Promise<Outcome> {
    const { r, d } = await loadIndicator(ctx, ctx.params)
    if (!isUuid(input.comment)) throw notFound()
    const answered = await writeAnswer(ctx.tx, ctx, { reviewId: r.id, commentId: input.comment, words: input.words })
    if (!answered) return { errors: { '': 'Ce dialogue est clos, ou ce commentaire n’est pas de cet indicateur.' } }
    await tellAnswered(ctx, r.id, answered.code, answered.authorId)
    const left = (await comments(ctx.tx, r.id)).filter(c => c.asks && c.answeredOn === null).length
    return {
      to: reviewHref(ctx, r.id, `/indicateurs/${d.code}`),
      notice: `Réponse publiée, la personne en est prévenue. ${left === 0 ? 'Plus aucune question n’attend.' : `${plural(left, 'question attend', 'questions attendent')} encore.`}`,
    }
  },
})
