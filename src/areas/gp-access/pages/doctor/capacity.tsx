/** How many new patients, which ones, until when: one gesture from a signed link, details for who wants them. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { link, members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import type { Raw } from '#platform/fields.ts'
import { mintLink } from '#platform/links.ts'
import { post } from '#platform/messages.ts'
import { action, type Ctx, type Html, type Outcome, page } from '#platform/page.ts'
import {
  DataTable,
  Deadline,
  Disclosure,
  Empty,
  FormView,
  frDate,
  LinkButton,
  PageTitle,
  plural,
  rawOf,
  Section,
  Stack,
  Tag,
  typo,
} from '#platform/ui/index.ts'
import { closedWords } from '../../departure.ts'
import { type State, stateNames } from '../../rules.ts'
import { type Capacity, type CapacityInput, capacityOf, lastDayOf, stateCapacity } from '../../store/capacities.ts'
import { pendingOf } from '../../store/proposals.ts'
import { settings } from '../../store/settings.ts'
import { capacityForm, noForm, quickForm } from './fields.ts'
import { doctor, minePending, oldCapacityLink } from './store.ts'

const addDays = (day: string, n: number) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)
/** Days a capacity link stays good. */
const LINK_DAYS = 30
const QUICK = [0, 1, 2, 3, 5, 10]

interface Subject {
  membershipId: string
  action: string
}
/** The statement as it stands, as a starting point for the next one. */
async function start(ctx: Ctx, s: Subject) {
  const [who, last, { capacityDays }, communes, leavesOn] = await Promise.all([
    doctor(ctx.tx, s.membershipId),
    capacityOf(ctx.tx, s.membershipId),
    settings(ctx.tx),
    territoryCommunes(ctx.tx),
    lastDayOf(ctx.tx, s.membershipId),
  ])
  if (!who) throw notFound()
  const communeCode = last?.communeCode ?? who.communeCode
  const until = addDays(ctx.today, capacityDays)
  // Who leaves answers until his last day; afterwards, for nothing any more.
  return { who, last, until: leavesOn && leavesOn >= ctx.today && leavesOn < until ? leavesOn : until, communeCode, communes, leavesOn }
}

async function ask(ctx: Ctx, s: Subject, refused?: { raw: Raw; errors: Record<string, string>; action: string }): Promise<Html> {
  const { who, last, until, communeCode, communes, leavesOn } = await start(ctx, s)
  if (leavesOn && leavesOn < ctx.today) return <PageTitle title="Vos places sont fermées" lead={closedWords(leavesOn, ctx.today)} />
  return (
    <Stack gap="loose">
      <PageTitle
        title="Combien de nouveaux patients pouvez-vous prendre ?"
        lead={`${who.name}, votre réponse vaut jusqu’au ${frDate(until)}, puis s’éteint d’elle-même.`}
      />
      {last && last.until >= ctx.today && (
        <p>
          <Tag tone="ok">En cours</Tag> {typo(standing(last))}
        </p>
      )}
      {communeCode && (
        <form method="post" action={s.action} class="answers">
          <input type="hidden" name="_key" value={ctx.key()} />
          {QUICK.map(n => (
            <button type="submit" class="button big secondary" name="total" value={String(n)}>
              {n === 0 ? 'Aucun en ce moment' : plural(n, 'patient', 'patients')}
            </button>
          ))}
        </form>
      )}
      <Disclosure summary="Un autre nombre, un profil, une autre date" open={Boolean(refused) || !communeCode}>
        <FormView
          form={capacityForm}
          action={`${s.action}/precis`}
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf(last ? { ...last, until } : { until, communeCode, wheelchair: true })}
          errors={refused?.errors}
          options={{ communeCode: communes.map(c => ({ value: c.code, label: c.name })) }}
          submit="Enregistrer mes places"
        />
      </Disclosure>
    </Stack>
  )
}
const standing = (c: Capacity) =>
  `${plural(c.total, 'place déclarée', 'places déclarées')}, ${plural(c.used, 'prise', 'prises')}, jusqu’au ${frDate(c.until)}.${c.pending ? ` ${plural(c.pending, 'proposition attend', 'propositions attendent')} votre réponse.` : ''}`

async function quick(ctx: Ctx, s: Subject, total: number): Promise<Outcome | null> {
  const { last, until, communeCode } = await start(ctx, s)
  if (!communeCode) return { errors: { communeCode: 'Indiquez votre lieu de consultation.' } }
  const kept: CapacityInput = last ?? {
    communeCode,
    total,
    adult: null,
    child: null,
    ald: null,
    home: null,
    minAge: null,
    maxAge: null,
    communes: [],
    languages: [],
    wheelchair: true,
    until,
  }
  // The number answers the question; what was said before of profiles, ages and languages still holds.
  return refusal(ctx, await stateCapacity(ctx.tx, ctx, s.membershipId, { ...kept, communeCode, total, until }, 'doctor'))
}
const refusal = (ctx: Ctx, done: { id: string } | { leavesOn: string }): Outcome | null =>
  'leavesOn' in done ? { errors: { until: closedWords(done.leavesOn, ctx.today) } } : null
async function precise(ctx: Ctx, s: Subject, input: Omit<CapacityInput, 'communes'>): Promise<Outcome | null> {
  const { last, communes } = await start(ctx, s)
  if (!communes.some(c => c.code === input.communeCode)) return { errors: { communeCode: 'Choisissez une commune du territoire.' } }
  if (input.until < ctx.today) return { errors: { until: 'Cette date est passée : choisissez une date à venir.' } }
  if (input.minAge !== null && input.maxAge !== null && input.minAge > input.maxAge)
    return { errors: { maxAge: 'L’âge le plus élevé est plus petit que l’âge le plus jeune.' } }
  return refusal(ctx, await stateCapacity(ctx.tx, ctx, s.membershipId, { ...input, communes: last?.communes ?? [] }, 'doctor'))
}
const said = (total: number, until: string) =>
  total === 0
    ? `C’est noté : aucun nouveau patient jusqu’au ${frDate(until)}.`
    : `C’est noté : ${plural(total, 'nouveau patient', 'nouveaux patients')}, jusqu’au ${frDate(until)}.`

/* From the signed link. */
const linked = (ctx: Ctx): Subject => ({
  membershipId: ctx.who.kind === 'link' ? ctx.who.subjectId : '',
  action: `${ctx.home}/places/${(ctx.params as { token: string }).token}`,
})
const thanks = (total: number, until: string, back: string): Outcome => ({
  title: 'Merci',
  show: (
    <Stack>
      <PageTitle title="Merci" lead={said(total, until)} />
      <p>{typo('Vous pouvez fermer cette page. Chaque patient vous sera proposé un par un ; vous restez libre de dire non.')}</p>
      <p>
        <a href={back}>Changer ma réponse</a>
      </p>
    </Stack>
  ),
})
export const places = page({
  path: '/c/:cpts/places/:token',
  title: 'Vos places',
  access: link('capacity'),
  posture: 'doctor',
  form: quickForm,
  show: (ctx, refused) => ask(ctx, linked(ctx), refused),
  async submit(ctx, { total }) {
    const s = linked(ctx)
    return (await quick(ctx, s, total)) ?? thanks(total, (await start(ctx, s)).until, s.action)
  },
})
export const placesPrecise = action({
  path: '/c/:cpts/places/:token/precis',
  access: link('capacity'),
  form: capacityForm,
  from: places,
  async submit(ctx, input) {
    const s = linked(ctx)
    return (await precise(ctx, s, input)) ?? thanks(input.total, input.until, s.action)
  },
})
/** An old link is worth a new one, sent to the doctor's address; who holds the old one learns nothing. */
export const renewLink = action({
  path: '/c/:cpts/lien/:token/renouveler',
  access: { kind: 'open' },
  form: noForm,
  from: places,
  perMinute: 5,
  async submit(ctx) {
    const old = await oldCapacityLink(ctx.tx, ctx.params.token)
    const who = old && (await doctor(ctx.tx, old.membershipId))
    if (who) await askCapacity(ctx, who.membershipId)
    return {
      title: 'Nouveau lien',
      show: (
        <Stack>
          <PageTitle
            title="Un nouveau lien est parti"
            lead="S’il était bien le vôtre, vous le recevez dans quelques minutes à l’adresse que votre communauté connaît."
          />
        </Stack>
      ),
    }
  },
})
/** Sends a doctor the question, with a link of his own. False when no address is known. */
export async function askCapacity(ctx: Pick<Ctx, 'tx' | 'now' | 'baseUrl' | 'home' | 'cpts'>, membershipId: string): Promise<boolean> {
  const who = await doctor(ctx.tx, membershipId)
  if (!who?.email) return false
  const token = await mintLink(ctx.tx, {
    purpose: 'capacity',
    subjectId: membershipId,
    now: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + LINK_DAYS * 86_400_000),
  })
  await post(ctx.tx, ctx.now, {
    reason: 'capacity',
    to: { address: who.email, label: who.name },
    subject: `${ctx.cpts.name} : combien de nouveaux patients pouvez-vous prendre ?`,
    body: `Bonjour,\n\nUne touche suffit pour dire combien de nouveaux patients vous pouvez prendre en ce moment, zéro compris :\n\n${ctx.baseUrl}${ctx.home}/places/${token}\n\nCe lien est à vous seul, pendant ${LINK_DAYS} jours.\n\n${ctx.cpts.name}`,
    subjectId: membershipId,
  })
  return true
}

/* Signed in. */
const mine = (ctx: Ctx): Subject => ({
  membershipId: ctx.who.kind === 'member' ? ctx.who.membershipId : '',
  action: `${ctx.home}/mes-places`,
})
export const myPlaces = page({
  path: '/c/:cpts/mes-places',
  title: 'Mes places',
  access: members('doctor'),
  posture: 'doctor',
  form: quickForm,
  show: (ctx, refused) => ask(ctx, mine(ctx), refused),
  async submit(ctx, { total }) {
    const s = mine(ctx)
    return (await quick(ctx, s, total)) ?? { to: `${ctx.home}/mes-patients`, notice: said(total, (await start(ctx, s)).until) }
  },
})
export const myPlacesPrecise = action({
  path: '/c/:cpts/mes-places/precis',
  access: members('doctor'),
  form: capacityForm,
  from: myPlaces,
  async submit(ctx, input) {
    return (await precise(ctx, mine(ctx), input)) ?? { to: `${ctx.home}/mes-patients`, notice: said(input.total, input.until) }
  },
})
export const myPatients = page({
  path: '/c/:cpts/mes-patients',
  title: 'Mes patients',
  access: members('doctor'),
  posture: 'doctor',
  async show(ctx) {
    const { membershipId } = mine(ctx)
    const [capacity, pending, patients] = await Promise.all([
      capacityOf(ctx.tx, membershipId),
      pendingOf(ctx.tx, membershipId),
      minePending(ctx.tx, membershipId),
    ])
    await audit(ctx.tx, ctx, { action: 'request.list', named: patients.map(p => p.requestId) })
    return (
      <Stack gap="loose">
        <PageTitle
          title="Mes patients"
          lead={capacity && capacity.until >= ctx.today ? standing(capacity) : 'Vous n’avez pas de places déclarées en ce moment.'}
          actions={
            <LinkButton kind={pending.length > 0 ? 'secondary' : 'primary'} href={`${ctx.home}/mes-places`}>
              Dire mes places
            </LinkButton>
          }
        />
        <Section title="Attendent votre réponse" count={pending.length}>
          {pending.length === 0 ? (
            <Empty title="Aucune proposition en attente">
              Chaque proposition arrive par message, avec un lien qui suffit pour répondre.
            </Empty>
          ) : (
            <ul class="asks">
              {pending.map((p, i) => (
                <li>
                  <div>
                    <p>Une personne cherche un médecin traitant</p>
                    <Deadline at={p.expiresAt} now={ctx.now} />
                  </div>
                  <LinkButton kind={i === 0 ? 'primary' : 'secondary'} href={`${ctx.home}/mes-patients/${p.id}`}>
                    Répondre
                  </LinkButton>
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title="Acceptés, à suivre" count={patients.length}>
          <DataTable
            caption="Patients acceptés dont la demande n’est pas close"
            captionHidden
            rows={patients}
            rowId={p => p.id}
            rowHref={p => `${ctx.home}/mes-patients/${p.id}`}
            columns={[
              { key: 'name', label: 'Personne' },
              { key: 'state', label: 'Où en est-on', cell: p => stateNames[p.state as State] },
              { key: 'appointmentOn', label: 'Rendez-vous', cell: p => (p.appointmentOn ? frDate(p.appointmentOn) : '—') },
            ]}
            empty={{ title: 'Aucun patient accepté en attente d’une suite' }}
          />
        </Section>
      </Stack>
    )
  },
})
