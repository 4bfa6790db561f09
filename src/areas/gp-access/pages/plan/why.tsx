/** « Pourquoi pas le Dr X ? » : the constraint that forbids the pair, at once; or what imposing it would cost everybody else, worked out by the plan's worker. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { violation } from '#domain/assignment/index.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { choice, form, hidden } from '#platform/fields.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, page } from '#platform/page.ts'
import { Callout, FormView, frDateTime, frName, LinkButton, Notice, PageTitle, Section, Stack, typo } from '#platform/ui/index.ts'
import { explanationLines, whyNotText } from '../../explain.ts'
import type { Answer } from '../../solving.ts'
import { type PlanLine, planLine } from '../../store/plan-lines.ts'
import { askWhyNot, whyNotAsked } from '../../store/plan-runs.ts'
import { type DoctorWithPlaces, doctorsWithPlaces, getPlan, type KeptPlan, waitingPatients } from '../../store/plans.ts'
import { currentRule, settings } from '../../store/settings.ts'
import { idOf, nameOf } from '../desk/words.tsx'
import { namedIn, wordsOf } from './lines.tsx'

const askForm = form({ patient: hidden(), doctor: choice({ label: 'Médecin', control: 'select', missing: 'Choisissez un médecin.' }) })

/** The line asked about; 404 for somebody who is not in the plan. */
async function lineOf(ctx: Ctx<'/c/:cpts/plan/:id/pourquoi'>, patient: string): Promise<{ kept: KeptPlan; line: PlanLine }> {
  const kept = await getPlan(ctx.tx, idOf(ctx.params.id))
  const line = kept?.result ? await planLine(ctx.tx, kept.id, idOf(patient)) : null
  if (!kept || !line) throw notFound()
  return { kept, line }
}
/** What needs no solving: he is the plan's, he offers nothing, a constraint forbids the pair. Null when only solving says. */
async function atOnce(ctx: Ctx, line: PlanLine, offered: readonly DoctorWithPlaces[], doctor: string): Promise<Answer | null> {
  if (line.doctor === doctor) return { kind: 'proposed' }
  const offer = offered.find(d => d.doctor.id === doctor)?.doctor
  if (!offer) return { kind: 'noPlace' }
  const [rule, caps] = await Promise.all([currentRule(ctx.tx), settings(ctx.tx)])
  const [patient] = await waitingPatients(ctx.tx, { now: ctx.now, rule, caps, only: line.id })
  const forbidden = patient && violation(patient, offer)
  return forbidden ? { kind: 'impossible', violation: forbidden } : null
}

export const whyPage = page({
  path: '/c/:cpts/plan/:id/pourquoi',
  title: 'Pourquoi pas ce médecin ?',
  access: members('coordinator'),
  form: askForm,
  islands: ['run'],
  async show(ctx, refused) {
    const { kept, line } = await lineOf(ctx, ctx.query.get('patient') ?? refused?.raw.patient?.[0] ?? '')
    await audit(ctx.tx, ctx, { action: 'request.read', subject: { kind: 'request', id: line.id }, detail: { plan: kept.id } })
    const back = { label: 'Le plan', href: `${ctx.home}/plan/${kept.id}` }
    if (line.state !== 'prioritised')
      return (
        <Stack>
          <PageTitle back={back} title={nameOf(line)} />
          <Notice tone="wait">{whyNotText({ kind: 'left' })}</Notice>
        </Stack>
      )
    const [offered, communes, named] = await Promise.all([
      doctorsWithPlaces(ctx.tx, ctx.today),
      territoryCommunes(ctx.tx),
      namedIn(ctx.tx, [line]),
    ])
    // Whoever is named beside him is looked at too.
    const beside = { action: 'request.named', detail: { beside: line.id } }
    await audit(ctx.tx, ctx, ...[...named.names.keys()].map(id => ({ ...beside, subject: { kind: 'request', id } })))
    const words = wordsOf(named, communes, line.beforeName)
    const asked = ctx.query.get('medecin') ?? ''
    const about = isUuid(asked) ? (offered.find(d => d.doctor.id === asked) ?? null) : null
    const others = offered
      .filter(d => d.doctor.id !== line.doctor)
      .toSorted((a, b) => a.stated.doctorName.localeCompare(b.stated.doctorName, 'fr'))
    return (
      <Stack gap="loose">
        <PageTitle
          back={back}
          title={`${nameOf(line)} : pourquoi pas ce médecin ?`}
          lead={
            line.doctor
              ? `Le plan propose ${frName(line.doctorName ?? 'un médecin')}, à ${line.minutes} min (estimation).`
              : 'Le plan ne propose personne.'
          }
        />
        {about && <Answered ctx={ctx} line={line} planId={kept.id} about={about} offered={offered} communeName={words.communeName} />}
        {others.length > 0 && (
          <FormView
            form={askForm}
            action={`${ctx.home}/plan/${kept.id}/pourquoi`}
            submit="Demander"
            formKey={ctx.key()}
            raw={refused?.raw ?? { patient: [line.id], doctor: about ? [about.doctor.id] : [] }}
            errors={refused?.errors}
            options={{ doctor: others.map(d => ({ value: d.doctor.id, label: `${d.stated.doctorName}, ${d.stated.commune}` })) }}
          />
        )}
        <Section title="Ce qui a décidé">
          <ul class="listed">
            {explanationLines(line.why, words).map(l => (
              <li>{typo(l)}</li>
            ))}
          </ul>
        </Section>
      </Stack>
    )
  },
  async submit(ctx, { patient, doctor }) {
    const { kept, line } = await lineOf(ctx, patient)
    const offered = await doctorsWithPlaces(ctx.tx, ctx.today)
    if (!offered.some(d => d.doctor.id === doctor))
      return { errors: { doctor: 'Ce médecin n’a plus de places déclarées en cours. Choisissez-en un autre.' } }
    const subject = { kind: 'request', id: line.id }
    await audit(ctx.tx, ctx, { action: 'plan.why-not', subject, detail: { plan: kept.id, doctor } })
    if (line.state === 'prioritised' && !(await atOnce(ctx, line, offered, doctor)))
      await askWhyNot(ctx.tx, ctx, { planId: kept.id, request: line.id, doctor })
    return { to: `${ctx.home}/plan/${kept.id}/pourquoi?patient=${line.id}&medecin=${doctor}` }
  },
})

interface Answering {
  ctx: Ctx
  planId: string
  line: PlanLine
  about: DoctorWithPlaces
  offered: readonly DoctorWithPlaces[]
  communeName: (code: string) => string
}
async function Answered({ ctx, planId, line, about, offered, communeName }: Answering) {
  const doctor = about.doctor.id
  const known = await atOnce(ctx, line, offered, doctor)
  if (known) return <Callout title={about.stated.doctorName}>{whyNotText(known, communeName)}</Callout>
  const asked = await whyNotAsked(ctx.tx, { planId, request: line.id, doctor })
  if (!asked) return null
  if (asked.answer)
    return (
      <Callout title={about.stated.doctorName}>
        {whyNotText(asked.answer, communeName)}
        {asked.answeredAt && <p class="muted">{`Comparé au meilleur plan de la liste du ${frDateTime(asked.answeredAt)}.`}</p>}
      </Callout>
    )
  if (asked.givenUp) return <Notice tone="late">La comparaison n’a pas pu être faite. Demandez de nouveau.</Notice>
  const path = `${ctx.home}/plan/${planId}/pourquoi`
  const query = `?patient=${line.id}&medecin=${doctor}`
  return (
    <Callout
      title={about.stated.doctorName}
      action={
        <LinkButton kind="primary" href={path + query}>
          Voir la réponse
        </LinkButton>
      }
    >
      <p role="status" data-run-href={`${path}/vivant${query}`}>
        {typo('La liste entière est recalculée avec cette paire imposée. La réponse vient ici.')}
      </p>
    </Callout>
  )
}
