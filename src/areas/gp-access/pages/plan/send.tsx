/** Sending a plan: each line stands or falls alone; what moved on meanwhile is told, the rest leaves. */
import { violation } from '#domain/assignment/index.ts'
import { members } from '#platform/access.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { type Field, form, hidden } from '#platform/fields.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Outcome } from '#platform/page.ts'
import { DataTable, frName, Notice, PageTitle, plural, Section, Stack } from '#platform/ui/index.ts'
import { violationText } from '../../explain.ts'
import { eachLine } from '../../store/lines.ts'
import { linesToSend } from '../../store/plan-lines.ts'
import { doctorsWithPlaces, getPlan, planSent, waitingPatients } from '../../store/plans.ts'
import { propose } from '../../store/proposals.ts'
import { currentRule, settings } from '../../store/settings.ts'
import { idOf, nameOf } from '../desk/words.tsx'
import { siteOf } from '../site.ts'
import { planPage } from './plan.tsx'

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

export const sendAct = action({
  path: '/c/:cpts/plan/:id/envoyer',
  access: members('coordinator'),
  form: sendForm,
  from: planPage,
  async submit(ctx, { line, all }): Promise<Outcome> {
    const kept = await getPlan(ctx.tx, idOf(ctx.params.id))
    if (!kept?.result) throw notFound()
    const people = await linesToSend(ctx.tx, kept.id, all === 'yes' ? 'all' : line)
    const chosen = people.flatMap(p =>
      p.doctor === null || p.minutes === null ? [] : [{ patient: p.id, doctor: p.doctor, minutes: p.minutes }],
    )
    if (chosen.length === 0) return { errors: { '': 'Cochez au moins une proposition à envoyer.' } }
    const [rule, caps, stated] = await Promise.all([currentRule(ctx.tx), settings(ctx.tx), doctorsWithPlaces(ctx.tx, ctx.today)])
    const { proposalHours } = caps
    // Those chosen as they are now, in the list or not: the plan may rest on an older reading.
    const now = await waitingPatients(ctx.tx, { now: ctx.now, rule, caps, only: chosen.map(p => p.patient) })
    const stateOf = new Map(people.map(p => [p.id, p.state]))
    const waiting = new Map(now.filter(p => stateOf.get(p.id) === 'prioritised').map(p => [p.id, p]))
    const offered = new Map(stated.map(({ doctor }) => [doctor.id, { ...doctor, capacity: { ...doctor.capacity } }]))
    const named = new Map(people.map(p => [p.doctor, p.doctorName]))
    const doctorName = (id: string) => named.get(id) ?? 'Le médecin'
    // What was sent already by this plan is done, not failed: the button may be pressed again for the rest.
    const already = new Set(people.filter(p => p.sent).map(p => p.id))
    const todo = new Map(chosen.filter(p => !already.has(p.patient)).map(p => [p.patient, p]))
    const results = await eachLine(ctx.tx, [...todo.keys()], async id => {
      const pair = todo.get(id)!
      const patient = waiting.get(id)
      const doctor = offered.get(pair.doctor)
      // Somebody who no longer waits is refused by the statement itself, which says where he stands.
      if (patient) {
        if (!doctor) throw conflict(`${frName(doctorName(pair.doctor), 'Le')} n’a plus de places déclarées en cours.`)
        const v = violation(patient, doctor)
        if (v) throw conflict(`${doctorName(pair.doctor)} : ${violationText(v)}`)
        if (doctor.capacity.total < 1) throw conflict(`${frName(doctorName(pair.doctor), 'Le')} n’a plus de place.`)
      }
      await propose(ctx.tx, ctx, siteOf(ctx), { requestId: id, membershipId: pair.doctor, minutes: pair.minutes, planId: kept.id })
      if (patient && doctor) {
        doctor.capacity.total--
        const own = doctor.capacity[patient.profile]
        if (own !== undefined) doctor.capacity[patient.profile] = own - 1
      }
    })
    const failed = results.flatMap(r => (r.ok ? [] : [r]))
    const sent = results.length - failed.length
    if (sent > 0) await planSent(ctx.tx, ctx, kept.id, sent, failed.length)
    const told = `${plural(sent, 'proposition est partie', 'propositions sont parties')}. Les médecins ont ${proposalHours} heures pour répondre.`
    if (failed.length === 0)
      return { to: `${ctx.home}/plan/${kept.id}`, notice: sent === 0 ? 'Ces propositions étaient déjà parties.' : told }
    return {
      title: 'Plan envoyé en partie',
      show: (
        <Stack>
          <PageTitle title="Plan envoyé en partie" back={{ label: 'Le plan', href: `${ctx.home}/plan/${kept.id}` }} />
          <Notice tone={sent > 0 ? 'ok' : 'wait'}>{sent > 0 ? told : 'Rien n’est parti : tout a changé entre-temps.'}</Notice>
          <Section
            title="Ce qui n’est pas parti"
            count={failed.length}
            lead="Ces patients gardent leur place. Recalculez un plan pour eux."
          >
            <DataTable
              caption="Lignes non envoyées"
              captionHidden
              rows={failed}
              rowHref={r => `${ctx.home}/demandes/${r.id}`}
              columns={[
                { key: 'name', label: 'Patient', cell: r => nameOf(people.find(p => p.id === r.id)!) },
                { key: 'sentence', label: 'Pourquoi', cell: r => r.sentence },
              ]}
            />
          </Section>
        </Stack>
      ),
    }
  },
})
