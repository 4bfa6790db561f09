/** What the coordination records of the contract's life, and takes back when it was a mistake. */

import { territorySize } from '#areas/territory/index.ts'
import { notFound } from '#platform/errors.ts'
import { keepFile } from '#platform/files.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, download, type Outcome, page } from '#platform/page.ts'
import { FormView, frDate, PageTitle, rawOf } from '#platform/ui/index.ts'
import { stepForm, termsForm, withdrawForm } from '../fields.ts'
import { alertsOf, contradictions, lifeOf, parties, type Step, type Terms } from '../rules.ts'
import { contractFile, holding, recordedSteps, recordStep, type StepInput, withdrawStep } from '../store.ts'
import { alertText, backToContract, cancelTo, eventWords, readers, writers } from './words.tsx'

const lived = async (ctx: Ctx) => {
  const held = holding(await recordedSteps(ctx.tx))
  return { held, life: lifeOf(held, ctx.today) }
}

/** Keeps the document of a step, if one was given, then the step; a refusal of either is an error of the form. */
async function record(ctx: Ctx, step: Omit<StepInput, 'fileId'>, document: File | null): Promise<Outcome> {
  const errors = contradictions((await lived(ctx)).held, step, ctx.today)
  if (Object.keys(errors).length) return { errors }
  const kept = document && (await keepFile(ctx.tx, ctx, document))
  if (kept && !kept.ok) return { errors: { proof: kept.error } }
  await recordStep(ctx.tx, ctx, { ...step, fileId: kept ? kept.file.id : null })
  const [next] = alertsOf((await lived(ctx)).life, ctx.today)
  return {
    to: `${ctx.home}/contrat`,
    notice: `Étape enregistrée : ${eventWords[step.kind].toLowerCase()}.${next ? ` Ensuite : ${alertText(next)}.` : ''}`,
  }
}

export const stepPage = page({
  path: '/c/:cpts/contrat/etape',
  title: 'Enregistrer une étape',
  access: writers,
  form: stepForm,
  show: (ctx, refused) => (
    <>
      <PageTitle
        title="Enregistrer une étape"
        back={backToContract(ctx)}
        lead="Une étape passée peut être enregistrée après coup, avec sa vraie date."
      />
      <FormView
        form={stepForm}
        action={`${ctx.home}/contrat/etape`}
        submit="Enregistrer l’étape"
        formKey={ctx.key()}
        raw={refused?.raw ?? rawOf({ kind: ctx.query.get('etape'), mission: ctx.query.get('mission') })}
        errors={refused?.errors}
        secondary={cancelTo(`${ctx.home}/contrat`)}
      />
    </>
  ),
  async submit(ctx, input) {
    const ofMission = input.kind === 'mission-start' || input.kind === 'mission-deployed'
    if (ofMission && !input.mission) return { errors: { mission: 'Choisissez la mission.' } }
    const step: Step = { kind: input.kind, mission: ofMission ? input.mission : null, day: input.day, terms: null }
    return record(ctx, { ...step, note: input.note }, input.proof)
  },
})

export const termsPage = page({
  path: '/c/:cpts/contrat/termes',
  title: 'Contrat, avenant, renouvellement',
  access: writers,
  form: termsForm,
  async show(ctx, refused) {
    const { life } = await lived(ctx)
    const territory = await territorySize(ctx.tx)
    const t = life.terms
    const ended = life.period !== null && life.period.to <= ctx.today
    const before = rawOf({
      kind: life.period ? (ended ? 'renewal' : 'amendment') : 'signature',
      fromDay: ended ? life.period?.to : null,
      years: t?.years ?? 5,
      agreement: t?.agreement ?? 'avenant-2',
      size: t?.size ?? territory.size,
      sizeReason: t?.sizeReason,
      missions: t?.missions ?? ['access', 'pathways', 'prevention', 'crisis'],
      snp: t && (t.snpCompensation ? 'yes' : 'no'),
    })
    return (
      <>
        <PageTitle
          title="Contrat, avenant, renouvellement"
          back={backToContract(ctx)}
          lead={
            t
              ? 'Les termes d’aujourd’hui sont déjà remplis : changez ce que l’avenant ou le renouvellement change.'
              : 'Recopiez les termes du contrat signé. Les dates limites des missions et l’échéance en découlent.'
          }
        />
        <FormView
          form={termsForm}
          action={`${ctx.home}/contrat/termes`}
          submit="Enregistrer"
          formKey={ctx.key()}
          raw={refused?.raw ?? before}
          errors={refused?.errors}
          groups={[
            { legend: 'Ce qui est convenu', fields: ['years', 'agreement', 'size', 'sizeReason', 'missions', 'snp'] },
            { legend: 'Qui signe', lead: 'Nom et qualité, comme sur le contrat.', fields: ['community', 'fund', 'agency'] },
            { legend: 'Le document', fields: ['note', 'proof'] },
          ]}
          secondary={cancelTo(`${ctx.home}/contrat`)}
        />
      </>
    )
  },
  async submit(ctx, input) {
    const terms: Terms = {
      fromDay: input.fromDay ?? input.day,
      agreement: input.agreement,
      size: Number(input.size) as Terms['size'],
      sizeReason: input.sizeReason,
      years: input.years,
      missions: input.missions,
      snpCompensation: input.snp === 'yes',
    }
    const signatories = parties.flatMap(party => (input[party] ? [{ party, name: input[party] }] : []))
    return record(ctx, { kind: input.kind, mission: null, day: input.day, terms, note: input.note, signatories }, input.proof)
  },
})

export const withdrawPage = page({
  path: '/c/:cpts/contrat/etape/:id/retirer',
  title: 'Retirer une étape',
  access: writers,
  form: withdrawForm,
  async show(ctx, refused) {
    const step = (await lived(ctx)).held.find(s => s.id === ctx.params.id)
    if (!step) throw notFound()
    return (
      <>
        <PageTitle
          title={`Retirer : ${eventWords[step.kind].toLowerCase()}, le ${frDate(step.day)}`}
          back={backToContract(ctx)}
          lead="L’étape ne compte plus ; elle reste dans l’historique avec votre nom et la raison. Ce qui en découlait est recalculé."
        />
        <FormView
          form={withdrawForm}
          action={`${ctx.home}/contrat/etape/${step.id}/retirer`}
          submit="Retirer cette étape"
          danger
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(`${ctx.home}/contrat`)}
        />
      </>
    )
  },
  async submit(ctx, input) {
    if (!isUuid(ctx.params.id) || !(await withdrawStep(ctx.tx, ctx, ctx.params.id, input.why))) throw notFound()
    return { to: `${ctx.home}/contrat`, notice: 'L’étape est retirée. Les dates qui en dépendaient sont recalculées.' }
  },
})

export const piece = download({
  path: '/c/:cpts/contrat/pieces/:id',
  title: 'Document du contrat',
  access: readers,
  async respond(ctx) {
    const file = isUuid(ctx.params.id) ? await contractFile(ctx.tx, ctx, ctx.params.id) : null
    if (!file) throw notFound()
    return file
  },
})
