/** Proposing one patient to one doctor by hand: who can, nearest first with places left; why not, for the others. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { type Patient, violation } from '#domain/assignment/index.ts'
import { travelMinutes } from '#domain/geo.ts'
import { members } from '#platform/access.ts'
import { conflict, notFound } from '#platform/errors.ts'
import { type Ctx, page } from '#platform/page.ts'
import { Disclosure, Empty, Facts, FormView, frMinutes, frName, LinkButton, PageTitle, plural } from '#platform/ui/index.ts'
import { violationText } from '../../explain.ts'
import { mayFollow, stateNames } from '../../rules.ts'
import { type DoctorWithPlaces, doctorsWithPlaces, waitingPatients } from '../../store/plans.ts'
import { propose } from '../../store/proposals.ts'
import { getRequest, stateConflict } from '../../store/requests.ts'
import { currentRule, settings } from '../../store/settings.ts'
import { siteOf } from '../site.ts'
import { proposeForm } from './forms.ts'
import { idOf, nameOf } from './words.tsx'

interface Candidate extends DoctorWithPlaces {
  minutes: number | null
  /** Why not; null when he can. */
  why: string | null
}
async function candidates(ctx: Ctx, id: string): Promise<{ patient: Patient; list: Candidate[] }> {
  const [rule, caps, doctors, communes] = await Promise.all([
    currentRule(ctx.tx),
    settings(ctx.tx),
    doctorsWithPlaces(ctx.tx, ctx.today),
    territoryCommunes(ctx.tx),
  ])
  const [patient] = await waitingPatients(ctx.tx, { now: ctx.now, rule, caps, only: id })
  if (!patient) throw notFound()
  const name = (code: string) => communes.find(c => c.code === code)?.name ?? code
  const list = doctors.map((d): Candidate => {
    const minutes = patient.place && d.doctor.place ? travelMinutes(patient.place, d.doctor.place) : null
    const v = violation(patient, d.doctor)
    const why = v ? violationText(v, name) : d.doctor.capacity.total > 0 ? null : fullText(d)
    return { ...d, minutes, why }
  })
  return {
    patient,
    list: list.toSorted((a, b) => (a.minutes ?? 999) - (b.minutes ?? 999) || a.stated.doctorName.localeCompare(b.stated.doctorName, 'fr')),
  }
}
const fullText = ({ stated: s }: DoctorWithPlaces) =>
  `Plus de place : ${plural(s.total, 'déclarée', 'déclarées')}, ${plural(s.used, 'prise', 'prises')}${s.pending ? `, ${s.pending} en attente de réponse` : ''}.`

export const proposePage = page({
  path: '/c/:cpts/demandes/:id/proposer',
  title: 'Proposer à un médecin',
  access: members('coordinator'),
  form: proposeForm,
  async show(ctx, refused) {
    const id = idOf(ctx.params.id)
    const r = await getRequest(ctx.tx, ctx, id)
    const { list } = await candidates(ctx, id)
    const path = `${ctx.home}/demandes/${id}`
    const can = list.filter(c => c.why === null)
    const cannot = list.filter(c => c.why !== null)
    const { proposalHours } = await settings(ctx.tx)
    const stands = mayFollow(r.state, 'proposed')
    return (
      <>
        <PageTitle
          back={{ label: nameOf(r), href: path }}
          title="Proposer à un médecin"
          lead={
            stands
              ? `Le médecin reçoit un lien, sans le nom du patient. Il a ${proposalHours} heures pour répondre.`
              : `Cette demande n’attend pas de médecin : « ${stateNames[r.state]} ».`
          }
        />
        {stands && can.length > 0 && (
          <FormView
            form={proposeForm}
            action={`${path}/proposer`}
            submit="Envoyer la proposition"
            formKey={ctx.key()}
            raw={refused?.raw ?? { doctor: [can[0]!.doctor.id] }}
            errors={refused?.errors}
            options={{
              doctor: can.map(c => ({
                value: c.doctor.id,
                label: `${c.stated.doctorName}, ${c.stated.commune}`,
                hint: `${frMinutes(c.minutes ?? 0)} de trajet (estimation) · ${plural(c.doctor.capacity.total, 'place', 'places')}`,
              })),
            }}
            secondary={
              <LinkButton kind="quiet" href={path}>
                Annuler
              </LinkButton>
            }
          />
        )}
        {stands && can.length === 0 && (
          <Empty
            title="Aucun médecin ne convient pour le moment"
            action={<LinkButton href={`${ctx.home}/medecins`}>Voir les places des médecins</LinkButton>}
          >
            {list.length === 0 ? 'Aucun médecin n’a de places déclarées en cours.' : 'La raison est donnée ci-dessous pour chacun.'}
          </Empty>
        )}
        {cannot.length > 0 && (
          <Disclosure summary={`Pourquoi pas les autres ? (${cannot.length})`} open={can.length === 0}>
            <Facts items={cannot.map(c => ({ label: `${c.stated.doctorName}, ${c.stated.commune}`, value: c.why }))} />
          </Disclosure>
        )}
      </>
    )
  },
  async submit(ctx, { doctor }) {
    const id = idOf(ctx.params.id)
    // Somebody was faster: that is said before anything about places, which he may have filled.
    if (!mayFollow((await getRequest(ctx.tx, ctx, id)).state, 'proposed')) throw await stateConflict(ctx.tx, id)
    const chosen = (await candidates(ctx, id)).list.find(c => c.doctor.id === doctor)
    if (!chosen) throw conflict('Ce médecin n’a plus de places déclarées en cours. Choisissez un autre médecin.')
    if (chosen.why) return { errors: { doctor: `${chosen.stated.doctorName} : ${chosen.why}` } }
    await propose(ctx.tx, ctx, siteOf(ctx), { requestId: id, membershipId: doctor, minutes: chosen.minutes })
    const { proposalHours } = await settings(ctx.tx)
    return {
      to: `${ctx.home}/demandes/${id}`,
      notice: `La proposition est partie. ${frName(chosen.stated.doctorName, 'Le')} a ${proposalHours} heures pour répondre ; sans réponse, le patient retrouve sa place.`,
    }
  },
})
