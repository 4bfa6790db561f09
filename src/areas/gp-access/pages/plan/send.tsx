/** Sending a plan: each line stands or falls alone; what moved on meanwhile is told, the rest leaves. Many lines are sent by a worker. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { type Field, form, hidden } from '#platform/fields.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Ctx, live, type Outcome, page } from '#platform/page.ts'
import { Button, DataTable, frDateTime, frNumber, LinkButton, Notice, PageTitle, plural, Section, Stack, typo } from '#platform/ui/index.ts'
import { linesToSend } from '../../store/plan-lines.ts'
import { getPlan, planSent } from '../../store/plans.ts'
import { askSending, lastSending, type Sending, sendLines, stopSending, type Unsent, unsentLines } from '../../store/sending.ts'
import { settings } from '../../store/settings.ts'
import { nothing } from '../desk/forms.ts'
import { idOf, nameOf } from '../desk/words.tsx'
import { siteOf } from '../site.ts'
import { planPage } from './plan.tsx'

/** Lines that leave with the page; more are sent by a worker. */
const AT_ONCE = 50
/** Lines that did not leave shown on the page; the others are counted, and are in the plan. */
const SHOWN = 100

/** The ticked boxes of a table: identifiers. */
const lines: Field<string[]> = {
  control: 'checkboxes',
  label: 'Propositions',
  required: false,
  check: raw =>
    raw.every(isUuid)
      ? { ok: true, value: [...new Set(raw)] }
      : { ok: false, error: 'Cette page a expiré. Rechargez-la puis recommencez.' },
}
const sendForm = form({ line: lines, all: hidden({ required: false }) })

const toldSent = (sent: number, hours: number) =>
  `${plural(sent, 'proposition est partie', 'propositions sont parties')}. Les médecins ont ${hours} heures pour répondre.`

export const sendAct = action({
  path: '/c/:cpts/plan/:id/envoyer',
  access: members('coordinator'),
  form: sendForm,
  from: planPage,
  async submit(ctx, { line, all }): Promise<Outcome> {
    const kept = await getPlan(ctx.tx, idOf(ctx.params.id))
    if (!kept?.result) throw notFound()
    const chosen = await linesToSend(ctx.tx, kept.id, all === 'yes' ? 'all' : line)
    if (chosen.length === 0) return { errors: { '': 'Cochez au moins une proposition à envoyer.' } }
    // What was sent already by this plan is done, not failed: the button may be pressed again for the rest.
    const todo = chosen.filter(p => !p.sent)
    const home = `${ctx.home}/plan/${kept.id}`
    if (todo.length === 0) return { to: home, notice: 'Ces propositions étaient déjà parties.' }
    const ids = todo.map(p => p.id)
    if (todo.length > AT_ONCE) {
      const { planId } = await askSending(ctx.tx, ctx, kept.id, ids)
      return { to: `${ctx.home}/plan/${planId}/envoi` }
    }
    const results = await sendLines(ctx.tx, ctx, siteOf(ctx), kept.id, ids)
    const failed = results.flatMap(r => (r.ok ? [] : [{ ...todo.find(p => p.id === r.id)!, sentence: r.sentence }]))
    const sent = results.length - failed.length
    if (sent > 0) await planSent(ctx.tx, ctx, kept.id, sent, failed.length)
    const { proposalHours } = await settings(ctx.tx)
    if (failed.length === 0) return { to: home, notice: toldSent(sent, proposalHours) }
    return {
      title: 'Plan envoyé en partie',
      show: (
        <Stack>
          <PageTitle title="Plan envoyé en partie" back={{ label: 'Le plan', href: home }} />
          <Notice tone={sent > 0 ? 'ok' : 'wait'}>
            {sent > 0 ? toldSent(sent, proposalHours) : 'Rien n’est parti : tout a changé entre-temps.'}
          </Notice>
          <NotSent ctx={ctx} items={failed} count={failed.length} />
        </Stack>
      ),
    }
  },
})

function NotSent({ ctx, items, count }: { ctx: Ctx; items: Unsent[]; count: number }) {
  return (
    <Section title="Ce qui n’est pas parti" count={count} lead="Ces patients gardent leur place. Recalculez un plan pour eux.">
      <DataTable
        caption="Lignes non envoyées"
        captionHidden
        rows={items}
        rowHref={r => `${ctx.home}/demandes/${r.id}`}
        columns={[
          { key: 'name', label: 'Patient', cell: r => nameOf(r) },
          { key: 'sentence', label: 'Pourquoi', cell: r => r.sentence },
        ]}
      />
      {count > items.length && <p class="muted">{`Les ${frNumber(items.length)} premiers sont montrés ; tous sont dans le plan.`}</p>}
    </Section>
  )
}

const isGoingOn = (s: Sending) => s.state === 'waiting' || s.state === 'running'
const percentOf = (s: Sending) => Math.floor((100 * (s.sent + s.unsent)) / s.total)
function leftOf(s: Sending): string {
  if (s.state === 'waiting') return 'L’envoi commence dans un instant.'
  return `${frNumber(s.sent)} sur ${frNumber(s.total)} parties${s.unsent > 0 ? `, ${plural(s.unsent, 'n’a pas pu partir', 'n’ont pas pu partir')}` : ''}.`
}

export const sendingPage = page({
  path: '/c/:cpts/plan/:id/envoi',
  title: 'Envoi d’un plan',
  access: members('coordinator'),
  islands: ['run'],
  async show(ctx) {
    const sending = await lastSending(ctx.tx, idOf(ctx.params.id))
    if (!sending) throw notFound()
    return isGoingOn(sending) ? <GoingOn ctx={ctx} sending={sending} /> : <Ended ctx={ctx} sending={sending} />
  },
})

function GoingOn({ ctx, sending: s }: { ctx: Ctx; sending: Sending }) {
  const path = `${ctx.home}/plan/${s.planId}`
  return (
    <>
      <PageTitle
        back={{ label: 'Le plan', href: path }}
        title="L’envoi est en cours"
        lead={`${plural(s.total, 'proposition', 'propositions')}, à la demande de ${s.askedLabel}. Vous pouvez quitter cette page : l’envoi continue.`}
      />
      <div class="run" data-run data-run-href={`${path}/envoi/vivant`}>
        {s.attempts > 1 && <Notice tone="wait">Le serveur s’était arrêté pendant l’envoi : il a repris où il en était.</Notice>}
        <label for="avancement">Avancement</label>
        <progress id="avancement" max="100" value={percentOf(s)} data-percent>
          {`${percentOf(s)} %`}
        </progress>
        <p role="status" data-left>
          {typo(leftOf(s))}
        </p>
      </div>
      <div class="cluster run-acts">
        <form method="post" action={`${path}/envoi/arreter`}>
          <input type="hidden" name="_key" value={ctx.key()} />
          <Button kind="secondary">Arrêter l’envoi</Button>
        </form>
        <LinkButton kind="quiet" href={`${path}/envoi`}>
          Voir où il en est
        </LinkButton>
      </div>
    </>
  )
}

const titles = {
  finished: 'L’envoi est terminé',
  stopped: 'L’envoi a été arrêté',
  failed: 'L’envoi a échoué',
  lost: 'L’envoi a été interrompu',
} as const

async function Ended({ ctx, sending: s }: { ctx: Ctx; sending: Sending }) {
  const path = `${ctx.home}/plan/${s.planId}`
  const [unsent, { proposalHours }] = await Promise.all([unsentLines(ctx.tx, s.id, SHOWN), settings(ctx.tx)])
  if (unsent.length > 0)
    await audit(ctx.tx, ctx, { action: 'plan.read-unsent', subject: { kind: 'plan', id: s.planId }, named: unsent.map(l => l.id) })
  const rest = s.total - s.sent - s.unsent
  return (
    <Stack>
      <PageTitle
        back={{ label: 'Le plan', href: path }}
        title={titles[s.state as keyof typeof titles]}
        lead={s.endedAt ? `${frDateTime(s.endedAt)}${s.endedLabel ? `, ${s.endedLabel}` : ''}.` : undefined}
      />
      <Notice tone={s.state === 'finished' && s.sent > 0 ? 'ok' : 'wait'}>
        {s.sent > 0 ? toldSent(s.sent, proposalHours) : 'Rien n’est parti.'}
        {rest > 0 &&
          ` ${plural(rest, 'reste à envoyer : elle est', 'restent à envoyer : elles sont')} toujours dans le plan, sous « À envoyer ».`}
      </Notice>
      {s.unsent > 0 && <NotSent ctx={ctx} items={unsent} count={s.unsent} />}
      <LinkButton href={rest > 0 ? `${path}?etat=a-envoyer#propositions` : path}>Revenir au plan</LinkButton>
    </Stack>
  )
}

/** What the island follows. */
export const liveSending = live({
  path: '/c/:cpts/plan/:id/envoi/vivant',
  title: 'Avancement d’un envoi',
  access: members('coordinator'),
  everySeconds: 1,
  async counts(ctx) {
    const s = await lastSending(ctx.tx, idOf(ctx.params.id))
    if (!s) throw notFound()
    return { step: `${s.state} ${s.attempts}`, open: isGoingOn(s) ? 1 : 0, percent: percentOf(s), left: typo(leftOf(s)) }
  },
})

export const stopSendingAct = action({
  path: '/c/:cpts/plan/:id/envoi/arreter',
  access: members('coordinator'),
  form: nothing,
  from: sendingPage,
  async submit(ctx) {
    const id = idOf(ctx.params.id)
    const sending = await lastSending(ctx.tx, id)
    if (!sending) throw notFound()
    const stopped = await stopSending(ctx.tx, ctx, id)
    return {
      to: `${ctx.home}/plan/${id}/envoi`,
      notice: stopped || sending.state === 'stopped' ? 'L’envoi est arrêté. Ce qui est parti est parti.' : 'L’envoi était déjà terminé.',
    }
  },
})
