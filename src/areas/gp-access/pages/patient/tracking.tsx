/** The patient's page: where it stands, what comes next and when, leaving in one touch, who opened the file. No account, no cookie. */
import { link, open } from '../../../../platform/access.ts'
import { action, type Ctx, type Html, page, type Refused, type Route } from '../../../../platform/page.ts'
import {
  Button,
  Callout,
  DataTable,
  Disclosure,
  Facts,
  FormView,
  frDate,
  frDateTime,
  frDay,
  frPhone,
  LinkButton,
  Notice,
  PageTitle,
  Section,
  Stack,
  Stations,
  typo,
} from '../../../../platform/ui/index.ts'
import type { InterimLine } from '../../interim.ts'
import { exitNames, readNumber, waits } from '../../rules.ts'
import { type ByHand, changesOf, signed } from '../../store/by-hand.ts'
import { interimOf } from '../../store/interim.ts'
import { declare, leave, seen } from '../../store/proposals.ts'
import { getRequest, move, type Request } from '../../store/requests.ts'
import { settings } from '../../store/settings.ts'
import { type DoctorContact, doctorContact, findTracked, openings, openTracking } from '../../store/tracking.ts'
import type { WaitWords } from '../../waiting.ts'
import { dayForm, findForm, leaveForm, nothing } from './fields.ts'
import { interimAct, Meanwhile } from './interim.tsx'
import { WaitingTime, waitOf } from './waiting-time.tsx'

const phone = async (ctx: Pick<Ctx, 'tx'>) => {
  const { phone: number } = await settings(ctx.tx)
  return number ? { number } : null
}

export const find = page({
  path: '/c/:cpts/suivi',
  title: 'Suivre ma demande',
  access: open,
  posture: 'patient',
  phone,
  perMinute: 8,
  form: findForm,
  show: (ctx, refused) => (
    <Stack gap="loose">
      <PageTitle title="Suivre ma demande" lead="Votre numéro de suivi et votre date de naissance suffisent." />
      <FormView
        form={findForm}
        action={`${ctx.home}/suivi`}
        formKey={ctx.key()}
        raw={refused?.raw}
        errors={refused?.errors}
        submit="Voir où en est ma demande"
      />
      <p>{typo('Numéro perdu ? Appelez-nous : nous vous demanderons votre nom et votre date de naissance.')}</p>
    </Stack>
  ),
  async submit(ctx, { number, birthDate }) {
    const plain = readNumber(number)
    const found = plain && (await findTracked(ctx.tx, plain, birthDate))
    // One sentence for every failure: nobody learns which numbers exist.
    if (!found)
      return { errors: { number: 'Aucune demande n’a ce numéro et cette date de naissance. Vérifiez les deux, ou appelez-nous.' } }
    return { to: `${ctx.home}/suivi/${await openTracking(ctx.tx, found.id, ctx.now)}` }
  },
})

const PATH = '/c/:cpts/suivi/:token'
type TrackCtx = Omit<Ctx, 'params'> & { params: { token: string } }
const here = (ctx: TrackCtx) => `${ctx.home}/suivi/${ctx.params.token}`
const mine = (ctx: Pick<Ctx, 'who'>) => (ctx.who.kind === 'link' ? ctx.who.subjectId : '')

export const track = page({
  path: PATH,
  title: 'Ma demande',
  access: link('tracking'),
  posture: 'patient',
  phone,
  async show(ctx, refused) {
    const r = await getRequest(ctx.tx, ctx as unknown as Ctx, mine(ctx))
    const [doctor, seenBy, wait, meanwhile, changes] = await Promise.all([
      r.doctorMembershipId ? doctorContact(ctx.tx, r.doctorMembershipId) : null,
      openings(ctx.tx, r.id),
      waitOf(ctx, r),
      waits(r.state) ? interimOf(ctx.tx, r, ctx.now) : [],
      r.byHand === 0 ? [] : changesOf(ctx.tx, r.id),
    ])
    return view(ctx as never, r, { doctor, seenBy, wait, meanwhile, changes }, refused)
  },
})

/** The title says it: one sentence, then what comes next and when. */
function standing(r: Request, doctor: DoctorContact | null): { title: string; next: string } {
  switch (r.state) {
    case 'received':
      return {
        title: 'Votre demande est bien arrivée',
        next: 'La coordination la vérifie, puis elle prend sa place dans la liste. Vous n’avez rien à faire.',
      }
    case 'incomplete':
      return {
        title: 'Il manque une information',
        next: 'La coordination va vous appeler, ou appelez-la : une réponse suffit pour entrer dans la liste. Votre ancienneté ne change pas.',
      }
    case 'admissible':
    case 'prioritised':
      return {
        title: 'Vous êtes dans la liste d’attente',
        next: 'Dès qu’un médecin qui vous convient a de la place, nous lui proposons votre demande.',
      }
    case 'proposed':
      return {
        title: 'Un médecin a été sollicité',
        next: 'Il a quelques jours pour répondre. S’il ne peut pas, vous gardez exactement votre place, et nous en sollicitons un autre.',
      }
    case 'accepted':
      return {
        title: `${doctor?.name ?? 'Un médecin'} accepte de vous suivre`,
        next: 'Appelez son cabinet pour prendre rendez-vous. Prenez votre carte Vitale et vos ordonnances en cours.',
      }
    case 'appointed':
      return {
        title: r.appointmentOn ? `Rendez-vous ${frDay(r.appointmentOn)}` : 'Rendez-vous fixé',
        next: `Avec ${doctor?.name ?? 'votre médecin'}. Lors de ce rendez-vous, demandez-lui de se déclarer votre médecin traitant.`,
      }
    case 'seen':
      return {
        title: 'Il reste la déclaration',
        next: 'Votre médecin doit se déclarer votre médecin traitant, sur amelipro ou avec vous sur papier. Quand c’est fait, dites-le ici.',
      }
    case 'declared':
    case 'closed':
      return {
        title: 'Vous avez un médecin traitant',
        next: `${doctor?.name ?? 'Votre médecin'} est votre médecin traitant. Votre demande est close ; ces réponses seront effacées selon le calendrier publié.`,
      }
    case 'exited':
      return {
        title: 'Vous n’êtes plus dans la liste',
        next:
          r.exit === 'duplicate'
            ? 'Cette demande a été réunie avec une demande plus ancienne, qui garde votre ancienneté. Suivez-la avec son premier numéro, ou appelez-nous.'
            : `Raison : ${exitNames[r.exit!].toLowerCase()}. Si c’est une erreur, appelez-nous.`,
      }
  }
}

interface Around {
  doctor: DoctorContact | null
  seenBy: Awaited<ReturnType<typeof openings>>
  wait: WaitWords | null
  meanwhile: readonly InterimLine[]
  changes: readonly ByHand[]
}
function view(ctx: TrackCtx, r: Request, { doctor, seenBy, wait, meanwhile, changes }: Around, refused?: Refused): Html {
  const { title, next } = standing(r, doctor)
  const order = ['received', 'prioritised', 'proposed', 'accepted', 'appointed', 'seen', 'closed'] as const
  const labels = ['Reçue', 'Dans la liste', 'Médecin sollicité', 'Médecin trouvé', 'Rendez-vous', 'Consultation', 'Déclaration']
  const at =
    r.state === 'exited'
      ? -1
      : order.indexOf(
          ({ incomplete: 'received', admissible: 'prioritised', declared: 'closed' } as Record<string, (typeof order)[number]>)[r.state] ??
            (r.state as 'received'),
        )
  const waits = ['received', 'incomplete', 'admissible', 'prioritised', 'proposed', 'accepted', 'appointed'].includes(r.state)
  const undo = r.state === 'exited' && (r.exit === 'gave_up' || r.exit === 'has_doctor')
  const refusedDay = refused?.action.endsWith('/vu') ? refused : undefined
  const { key } = ctx
  return (
    <Stack gap="loose">
      {ctx.query.has('recue') && (
        <Callout title={`Votre numéro de suivi : ${r.number}`}>
          <p>{typo('Notez-le ou imprimez cette page : avec votre date de naissance, il ouvre cette page à tout moment.')}</p>
        </Callout>
      )}
      <PageTitle title={title} lead={next} />
      {refused && !refusedDay && (
        <Notice tone="late" title="Vérifiez">
          {Object.values(refused.errors).join(' ')}
        </Notice>
      )}
      {r.state === 'exited' ? null : (
        <Stations
          label="Où en est votre demande"
          vertical
          steps={order.map((_, i) => ({
            label: labels[i]!,
            state: i < at || r.state === 'closed' ? ('done' as const) : i === at ? ('now' as const) : ('todo' as const),
          }))}
        />
      )}
      {wait && <WaitingTime words={wait} home={ctx.home} />}
      {meanwhile.length > 0 && <Meanwhile lines={meanwhile} at={here(ctx)} newKey={key} />}
      {doctor && r.state !== 'exited' && (
        <Section title="Votre médecin">
          <Facts
            items={[
              { label: 'Nom', value: doctor.name },
              ...(doctor.phone ? [{ label: 'Téléphone', value: <a href={`tel:${doctor.phone}`}>{frPhone(doctor.phone)}</a> }] : []),
              ...(doctor.address ? [{ label: 'Adresse', value: doctor.address }] : []),
            ]}
          />
        </Section>
      )}
      {(r.state === 'accepted' || r.state === 'appointed') && (
        <FormView
          id="vu"
          form={dayForm}
          action={`${here(ctx)}/vu`}
          formKey={key()}
          raw={refusedDay?.raw ?? { day: [r.appointmentOn && r.appointmentOn <= ctx.today ? r.appointmentOn : ctx.today] }}
          errors={refusedDay?.errors}
          submit="J’ai vu le médecin"
        />
      )}
      {['accepted', 'appointed', 'seen'].includes(r.state) && !r.declaredOn && (
        <form method="post" action={`${here(ctx)}/declare`}>
          <input type="hidden" name="_key" value={key()} />
          <Button kind={r.state === 'seen' ? 'primary' : 'secondary'}>La déclaration de médecin traitant est faite</Button>
        </form>
      )}
      {undo && (
        <form method="post" action={`${here(ctx)}/revenir`}>
          <input type="hidden" name="_key" value={key()} />
          <Button>Revenir dans la liste, à ma place</Button>
        </form>
      )}
      {waits && (
        <form method="post" action={`${here(ctx)}/quitter`} class="cluster">
          <input type="hidden" name="_key" value={key()} />
          <Button kind="secondary" name="why" value="has_doctor">
            J’ai trouvé un médecin
          </Button>
          <Button kind="quiet" name="why" value="gave_up">
            Je ne cherche plus
          </Button>
        </form>
      )}
      <Disclosure summary="Ma demande">
        <Facts
          items={[
            { label: 'Numéro', value: r.number },
            { label: 'Depuis le', value: frDate(r.since) },
            { label: 'Personne', value: `${r.givenNames} ${r.usedName ?? r.birthName}` },
            { label: 'Commune', value: r.commune },
            ...(r.proxyName ? [{ label: 'Faite par', value: r.proxyName }] : []),
            ...changes
              .filter(c => !c.undoneAt)
              .map(c => ({
                label: `Points changés à la main : ${signed(c.points)}`,
                value: c.reason,
                note: `${c.by}, le ${frDate(c.at)}`,
              })),
          ]}
        />
        <p>{typo('Quelqu’un de votre foyer cherche aussi ? Donnez ce numéro dans sa demande : vous serez proposés au même médecin.')}</p>
        <p>
          <LinkButton href={`${ctx.home}/demande`}>Faire une demande pour quelqu’un de mon foyer</LinkButton>
        </p>
      </Disclosure>
      <Disclosure summary="Qui a ouvert mon dossier">
        <DataTable
          caption="Chaque ouverture de votre dossier, la plus récente en premier"
          rows={seenBy}
          rowId={o => `${o.at.getTime()}-${o.who}`}
          columns={[
            { key: 'who', label: 'Qui', cell: o => o.who },
            { key: 'at', label: 'Quand', cell: o => frDateTime(o.at) },
            {
              key: 'action',
              label: 'Quoi',
              cell: o => (o.action === 'proposal.read' ? 'Sans votre nom' : o.action.endsWith('.export') ? 'Export' : 'Dossier'),
            },
          ]}
          empty={{ title: 'Personne ne l’a encore ouvert' }}
        />
      </Disclosure>
    </Stack>
  )
}

const leaving = action({
  path: '/c/:cpts/suivi/:token/quitter',
  access: link('tracking'),
  form: leaveForm,
  from: track,
  async submit(ctx, { why }) {
    await leave(ctx.tx, ctx as never, mine(ctx), why, 'patient')
    return { to: here(ctx), notice: 'C’est noté. Vous pouvez revenir dans la liste, à votre place, avec le bouton ci-dessous.' }
  },
})
const comingBack = action({
  path: '/c/:cpts/suivi/:token/revenir',
  access: link('tracking'),
  form: nothing,
  from: track,
  async submit(ctx) {
    const r = await getRequest(ctx.tx, ctx as never, mine(ctx))
    // Merged, out of the territory, deceased: only the coordination can undo that.
    if (r.exit !== 'gave_up' && r.exit !== 'has_doctor') return { to: here(ctx) }
    await move(ctx.tx, ctx as never, r.id, { to: 'received', from: ['exited'], reason: 'patient' })
    return { to: here(ctx), notice: 'Vous êtes de nouveau dans la liste, avec la même ancienneté.' }
  },
})
const visited = action({
  path: '/c/:cpts/suivi/:token/vu',
  access: link('tracking'),
  form: dayForm,
  from: track,
  async submit(ctx, { day }) {
    if (day > ctx.today) return { errors: { day: 'Cette date est dans le futur : indiquez le jour où vous avez vu le médecin.' } }
    await seen(ctx.tx, ctx as never, mine(ctx), day)
    return { to: here(ctx), notice: 'Merci. Il reste la déclaration de médecin traitant.' }
  },
})
const declared = action({
  path: '/c/:cpts/suivi/:token/declare',
  access: link('tracking'),
  form: nothing,
  from: track,
  async submit(ctx) {
    await declare(ctx.tx, ctx as never, mine(ctx), ctx.today, 'patient')
    return { to: here(ctx), notice: 'Merci, c’est noté.' }
  },
})
export const trackingRoutes: readonly Route[] = [find, track, leaving, comingBack, visited, declared, interimAct(track)]
