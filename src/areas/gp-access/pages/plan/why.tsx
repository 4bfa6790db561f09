/** « Pourquoi pas le Dr X ? » : the constraint that forbids the pair, or what imposing it would cost everybody else. */
import { explain, toInstance } from '#domain/assignment/index.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { page } from '#platform/page.ts'
import { Button, Callout, Cluster, Notice, PageTitle, Section, Stack, typo } from '#platform/ui/index.ts'
import { territoryCommunes } from '../../../territory/index.ts'
import { explanationLines, whyNotText } from '../../explain.ts'
import { whyNotAside } from '../../solving.ts'
import { getPlan, planDoctors, planInput, planPeople } from '../../store/plans.ts'
import { idOf, nameOf } from '../desk/words.tsx'

export const whyPage = page({
  path: '/c/:cpts/plan/:id/pourquoi',
  title: 'Pourquoi pas ce médecin ?',
  access: members('coordinator'),
  async show(ctx) {
    const kept = await getPlan(ctx.tx, idOf(ctx.params.id))
    const patient = idOf(ctx.query.get('patient') ?? '')
    if (!kept?.result) throw notFound()
    const { rests: _, ...plan } = kept.result
    if (!plan.pairs.some(p => p.patient === patient) && !plan.unplaced.some(u => u.patient === patient)) throw notFound()
    const [input, communes, everyone] = await Promise.all([
      planInput(ctx.tx, ctx.now),
      territoryCommunes(ctx.tx),
      planPeople(ctx.tx, kept.id, [...plan.pairs.map(p => p.patient), ...plan.unplaced.map(u => u.patient)]),
    ])
    const doctors = await planDoctors(
      ctx.tx,
      input.doctors.map(d => d.id),
    )
    const person = everyone.find(p => p.id === patient)
    if (!person) throw notFound()
    await audit(ctx.tx, ctx, { action: 'request.read', subject: { kind: 'request', id: patient }, detail: { plan: kept.id } })
    const back = { label: 'Le plan', href: `${ctx.home}/plan/${kept.id}` }
    if (!input.patients.some(p => p.id === patient))
      return (
        <Stack>
          <PageTitle back={back} title={nameOf(person)} />
          <Notice tone="wait">Ce patient n’attend plus de médecin : sa demande a avancé depuis ce plan.</Notice>
        </Stack>
      )
    const instance = toInstance(input.patients, input.doctors)
    const communeName = (code: string) => communes.find(c => c.code === code)?.name ?? code
    const doctorName = (id: string) => doctors.find(d => d.id === id)?.name ?? 'Un médecin'
    const pair = plan.pairs.find(p => p.patient === patient)
    const asked = ctx.query.get('medecin') ?? ''
    const doctor = isUuid(asked) && input.doctors.some(d => d.id === asked) ? asked : null
    const answer = doctor ? await whyNotAside({ plan, instance, patients: input.patients, doctors: input.doctors, patient, doctor }) : null
    const named = new Set<string>()
    const lines = explanationLines(explain(plan, instance, input.patients, input.doctors, patient), {
      doctorName,
      communeName,
      patientName: id => {
        named.add(id)
        return nameOf(everyone.find(p => p.id === id) ?? person)
      },
    })
    // Whoever is named beside him is looked at too.
    named.delete(patient)
    const beside = { action: 'request.named', detail: { beside: patient } }
    await audit(ctx.tx, ctx, ...[...named].map(id => ({ ...beside, subject: { kind: 'request', id } })))
    return (
      <Stack gap="loose">
        <PageTitle
          back={back}
          title={`${nameOf(person)} : pourquoi pas ce médecin ?`}
          lead={pair ? `Le plan propose ${doctorName(pair.doctor)}, à ${pair.minutes} min (estimation).` : 'Le plan ne propose personne.'}
        />
        <form method="get" class="form">
          <input type="hidden" name="patient" value={patient} />
          <div class="field">
            <label for="why-doctor">Médecin</label>
            <Cluster>
              <select id="why-doctor" name="medecin">
                {doctors
                  .filter(d => d.id !== pair?.doctor)
                  .map(d => (
                    <option value={d.id} selected={d.id === doctor}>{`${d.name}, ${d.commune}`}</option>
                  ))}
              </select>
              <Button>Demander</Button>
            </Cluster>
          </div>
        </form>
        {answer && doctor && <Callout title={doctorName(doctor)}>{whyNotText(answer, communeName)}</Callout>}
        <Section title="Ce qui a décidé">
          <ul class="listed">
            {lines.map(l => (
              <li>{typo(l)}</li>
            ))}
          </ul>
        </Section>
      </Stack>
    )
  },
})
