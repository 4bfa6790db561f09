/** A doctor between two patients: one question, two large buttons, the reason list after a no, a thank-you that closes. */
import { type Access, link, members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Ctx, type Html, type Outcome, page, type Refused, type Route } from '#platform/page.ts'
import {
  BigAnswer,
  Button,
  Disclosure,
  Facts,
  FormView,
  frDate,
  frMinutes,
  frPhone,
  frUntil,
  PageTitle,
  Stack,
  Stations,
  typo,
} from '#platform/ui/index.ts'
import { languageName } from '../../fields.ts'
import { profileNames } from '../../rules.ts'
import { accept, appoint, declare, getProposal, type Proposal, putBack, refuse, seen } from '../../store/proposals.ts'
import { getRequest, type Request } from '../../store/requests.ts'
import { settings } from '../../store/settings.ts'
import { tellPatient } from '../../store/tracking.ts'
import { siteOf } from '../site.ts'
import { answerForm, appointmentForm, declaredForm, giveBackForm, refusalOptions, seenForm } from './fields.ts'
import { anonymous } from './store.ts'

/** A doctor's pages about one proposal exist twice: behind the signed link, and in the pages of a doctor who is signed in. */
interface At {
  base: string
  proposalId: string
}
const phone = async (ctx: Pick<Ctx, 'tx'>) => {
  const { phone: number } = await settings(ctx.tx)
  return number ? { number, who: 'Votre coordination' } : null
}
async function proposalOf(ctx: Ctx, at: At): Promise<Proposal> {
  const proposal = await getProposal(ctx.tx, at.proposalId)
  // A link is about one proposal; somebody signed in sees only those sent to him.
  if (!proposal || (ctx.who.kind === 'member' && proposal.membershipId !== ctx.who.membershipId)) throw notFound()
  return proposal
}

/** The page of a proposal and its later steps, under `path`; `at` says which proposal and under which address. */
function answerRoutes(path: string, access: Access, at: (ctx: Ctx) => At): Route[] {
  const answer = page({
    path,
    title: 'Un patient cherche un médecin traitant',
    access,
    posture: 'doctor',
    phone,
    form: answerForm,
    async show(ctx, refused) {
      const proposal = await proposalOf(ctx, at(ctx))
      if (proposal.state === 'accepted') return accepted(ctx, at(ctx), proposal, refused)
      if (proposal.state === 'pending' && proposal.expiresAt > ctx.now)
        return ctx.query.has('non') ? whyNot(ctx, at(ctx)) : question(ctx, at(ctx), proposal)
      return over(proposal)
    },
    async submit(ctx, { answer: said, reason }) {
      const proposal = await proposalOf(ctx, at(ctx))
      if (said === 'yes') {
        await accept(ctx.tx, ctx, proposal.id)
        await tellPatient(ctx.tx, ctx, siteOf(ctx), proposal.requestId)
        return { to: at(ctx).base, notice: 'Merci. Ce patient est désormais le vôtre ; voici comment le joindre.' }
      }
      if (!reason) return { to: `${at(ctx).base}?non` }
      await refuse(ctx.tx, ctx, proposal.id, reason)
      return { to: at(ctx).base }
    },
  })
  /** Steps after a yes. */
  const myRequest = async (ctx: Ctx): Promise<string> => {
    const proposal = await proposalOf(ctx, at(ctx))
    if (proposal.state !== 'accepted') throw conflict('Cette proposition n’est plus en cours.')
    return proposal.requestId
  }
  return [
    answer,
    action({
      path: `${path}/rendez-vous`,
      access,
      form: appointmentForm,
      from: answer,
      async submit(ctx, { day }) {
        if (day < ctx.today) return { errors: { day: 'Cette date est passée. Si la consultation a déjà eu lieu, indiquez-le plus bas.' } }
        const requestId = await myRequest(ctx)
        await appoint(ctx.tx, ctx, requestId, day)
        await tellPatient(ctx.tx, ctx, siteOf(ctx), requestId)
        return { to: at(ctx).base, notice: `Rendez-vous noté pour le ${frDate(day)}. Le patient le voit sur sa page.` }
      },
    }),
    action({
      path: `${path}/vu`,
      access,
      form: seenForm,
      from: answer,
      async submit(ctx, { day }) {
        if (day > ctx.today) return future
        await seen(ctx.tx, ctx, await myRequest(ctx), day)
        return { to: at(ctx).base, notice: 'Première consultation notée. Il reste la déclaration de médecin traitant.' }
      },
    }),
    action({
      path: `${path}/declare`,
      access,
      form: declaredForm,
      from: answer,
      async submit(ctx, { day }) {
        if (day > ctx.today) return future
        await declare(ctx.tx, ctx, await myRequest(ctx), day, 'doctor')
        return { to: at(ctx).base, notice: 'Déclaration notée. Merci.' }
      },
    }),
    action({
      path: `${path}/rendre`,
      access,
      form: giveBackForm,
      from: answer,
      async submit(ctx) {
        const requestId = await myRequest(ctx)
        await putBack(ctx.tx, ctx, requestId, 'doctor_gave_up')
        await tellPatient(ctx.tx, ctx, siteOf(ctx), requestId)
        return {
          title: 'Patient remis dans la liste',
          show: (
            <Stack>
              <PageTitle title="Ce patient est revenu dans la liste" />
              <p>{typo('Il garde toute son ancienneté et sera proposé à un autre médecin. Vous pouvez fermer cette page.')}</p>
            </Stack>
          ),
        }
      },
    }),
  ]
}
const future: Outcome = { errors: { day: 'Cette date est dans le futur. Indiquez le jour où cela a eu lieu.' } }

const param = (ctx: Ctx, name: string) => (ctx.params as Record<string, string>)[name] ?? ''
/** From the message: no account, no password. */
export const linkedAnswer = answerRoutes('/c/:cpts/proposition/:token', link('proposal'), ctx => ({
  base: `${ctx.home}/proposition/${param(ctx, 'token')}`,
  proposalId: ctx.who.kind === 'link' ? ctx.who.subjectId : '',
}))
/** From the doctor's own page. */
export const signedInAnswer = answerRoutes('/c/:cpts/mes-patients/:id', members('doctor'), ctx => ({
  base: `${ctx.home}/mes-patients/${param(ctx, 'id')}`,
  proposalId: isUuid(param(ctx, 'id')) ? param(ctx, 'id') : '00000000-0000-0000-0000-000000000000',
}))

async function question(ctx: Ctx, at: At, proposal: Proposal): Promise<Html> {
  const who = await anonymous(ctx.tx, proposal.requestId, proposal.membershipId, ctx.today)
  if (!who) throw notFound()
  await audit(ctx.tx, ctx, {
    action: 'proposal.read',
    subject: { kind: 'request', id: proposal.requestId },
    detail: { proposal: proposal.id },
  })
  return (
    <Stack gap="loose">
      <PageTitle
        title="Pouvez-vous devenir son médecin traitant ?"
        lead={`Vous avez ${frUntil(proposal.expiresAt, ctx.now)} pour répondre.`}
      />
      <Facts
        items={[
          { label: 'Âge', value: who.band },
          {
            label: 'Habite',
            value: proposal.minutes === null ? who.commune : `${who.commune}, à ${frMinutes(proposal.minutes)} environ (estimation)`,
          },
          { label: 'Profil', value: profileNames[proposal.profile] },
          ...(who.ald && proposal.profile !== 'ald' ? [{ label: 'ALD', value: 'Oui' }] : []),
          ...(who.languages.length ? [{ label: 'Langue', value: who.languages.map(languageName).join(' ou ') }] : []),
          ...(who.wheelchair ? [{ label: 'Accès', value: 'Fauteuil roulant' }] : []),
          ...(who.household
            ? [
                {
                  label: 'Foyer',
                  value: `${who.household} autre${who.household > 1 ? 's' : ''} personne${who.household > 1 ? 's' : ''} du foyer`,
                },
              ]
            : []),
        ]}
      />
      <BigAnswer action={at.base} formKey={ctx.key()} yes={{ value: 'yes', label: 'Oui, j’accepte' }} no={{ value: 'no', label: 'Non' }} />
      <p class="muted">
        {typo(
          'Le nom et le téléphone du patient s’affichent après un oui. Sans réponse, la proposition s’éteint d’elle-même : cela ne vous est pas compté.',
        )}
      </p>
    </Stack>
  )
}

function whyNot(ctx: Ctx, at: At): Html {
  return (
    <Stack gap="loose">
      <PageTitle title="Pour quelle raison ?" lead="Une seule touche, et c’est fini. Aucune justification ne vous sera demandée." />
      <form method="post" action={at.base} class="answers">
        <input type="hidden" name="_key" value={ctx.key()} />
        <input type="hidden" name="answer" value="no" />
        {refusalOptions.map(r => (
          <button type="submit" class="button big secondary" name="reason" value={r.value}>
            {typo(r.label)}
          </button>
        ))}
      </form>
      <p>
        <a href={at.base}>Revenir à la question</a>
      </p>
    </Stack>
  )
}

function over(proposal: Proposal): Html {
  const [title, text] = {
    refused: [
      'Merci de votre réponse',
      'Votre non est enregistré. Le patient reste à sa place dans la liste et sera proposé à un autre médecin. Vous pouvez fermer cette page.',
    ],
    withdrawn: [
      'Vous n’avez rien à faire',
      'Cette proposition a été retirée : le patient n’attend plus votre réponse. Vous pouvez fermer cette page.',
    ],
    expired: [
      'Le délai de réponse est passé',
      'Le patient est de nouveau dans la liste. Vous n’avez rien à faire, et votre silence ne vous est pas compté.',
    ],
    pending: [
      'Le délai de réponse est passé',
      'Le patient est de nouveau dans la liste. Vous n’avez rien à faire, et votre silence ne vous est pas compté.',
    ],
    accepted: ['', ''],
  }[proposal.state] as [string, string]
  return (
    <Stack>
      <PageTitle title={title} />
      <p>{typo(text)}</p>
    </Stack>
  )
}

async function accepted(ctx: Ctx, at: At, proposal: Proposal, refused?: Refused): Promise<Html> {
  const r = await getRequest(ctx.tx, ctx, proposal.requestId)
  return (
    <Stack gap="loose">
      <PageTitle title={`${r.givenNames} ${r.usedName ?? r.birthName}`} lead={stage(r)} />
      <Facts
        items={[
          { label: 'Né(e) le', value: frDate(r.birthDate) },
          ...(r.usedName ? [{ label: 'Nom de naissance', value: r.birthName }] : []),
          ...(r.phone ? [{ label: 'Téléphone', value: <a href={`tel:${r.phone}`}>{frPhone(r.phone)}</a> }] : []),
          ...(r.email ? [{ label: 'E-mail', value: <a href={`mailto:${r.email}`}>{r.email}</a> }] : []),
          ...(r.proxyName ? [{ label: 'Demande faite par', value: `${r.proxyName}${r.proxyContact ? `, ${r.proxyContact}` : ''}` }] : []),
          { label: 'Habite', value: r.commune },
        ]}
      />
      <Stations
        label="Où en est ce patient"
        steps={[
          { label: 'Accepté', state: 'done', at: proposal.answeredAt ? frDate(proposal.answeredAt) : undefined },
          {
            label: 'Rendez-vous',
            state: r.state === 'accepted' ? 'now' : 'done',
            detail: r.appointmentOn ? frDate(r.appointmentOn) : undefined,
          },
          {
            label: 'Première consultation',
            state: r.seenOn ? 'done' : r.state === 'appointed' ? 'now' : 'todo',
            detail: r.seenOn ? frDate(r.seenOn) : undefined,
          },
          {
            label: 'Déclaration',
            state: r.declaredOn ? 'done' : r.state === 'seen' ? 'now' : 'todo',
            detail: r.declaredOn ? frDate(r.declaredOn) : undefined,
          },
        ]}
      />
      {next(ctx, at, r, refused)}
    </Stack>
  )
}
const stage = (r: Request) =>
  ({
    accepted: 'Appelez ce patient, ou attendez son appel : il a votre nom. Notez ensuite le jour du rendez-vous.',
    appointed: `Premier rendez-vous le ${r.appointmentOn ? frDate(r.appointmentOn) : ''}. Dites-nous quand la consultation a eu lieu.`,
    seen: 'Il reste à déclarer que vous êtes son médecin traitant, sur amelipro ou par le formulaire papier.',
    closed: 'Tout est fait. Merci.',
  })[r.state as 'accepted'] ?? ''

/** The next thing to say, first; what may also happen, folded. */
function next(ctx: Ctx, at: At, r: Request, refused?: Refused): Html {
  const url = at.base
  const today = { day: [ctx.today] }
  /** What was just refused is shown where it was written. */
  const wrong = (verb: string) => (refused?.action.endsWith(`/${verb}`) ? refused : undefined)
  const didSee = (
    <FormView
      id="vu"
      form={seenForm}
      action={`${url}/vu`}
      formKey={ctx.key()}
      raw={wrong('vu')?.raw ?? today}
      errors={wrong('vu')?.errors}
      submit="La consultation a eu lieu"
    />
  )
  const didDeclare = !r.declaredOn && (
    <FormView
      id="declare"
      form={declaredForm}
      action={`${url}/declare`}
      formKey={ctx.key()}
      raw={wrong('declare')?.raw ?? today}
      errors={wrong('declare')?.errors}
      submit="La déclaration est faite"
    />
  )
  if (r.state === 'closed') return null
  return (
    <>
      {r.state === 'accepted' && (
        <FormView
          id="rdv"
          form={appointmentForm}
          action={`${url}/rendez-vous`}
          formKey={ctx.key()}
          raw={wrong('rendez-vous')?.raw}
          errors={wrong('rendez-vous')?.errors}
          submit="Enregistrer le rendez-vous"
        />
      )}
      {r.state === 'appointed' && didSee}
      {r.state === 'seen' && didDeclare}
      {r.state !== 'seen' && (
        <Disclosure
          summary={r.state === 'accepted' ? 'La consultation a déjà eu lieu, ou la déclaration est faite' : 'La déclaration est faite'}
          open={Boolean(wrong('vu') ?? wrong('declare'))}
        >
          {r.state === 'accepted' && didSee}
          {didDeclare}
        </Disclosure>
      )}
      <Disclosure summary="Je ne peux plus suivre ce patient">
        <p>{typo('Il revient à sa place dans la liste, avec toute son ancienneté ; la coordination le voit aussitôt.')}</p>
        <form method="post" action={`${url}/rendre`}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <input type="hidden" name="confirm" value="on" />
          <Button kind="danger">Le remettre dans la liste</Button>
        </form>
      </Disclosure>
    </>
  )
}
