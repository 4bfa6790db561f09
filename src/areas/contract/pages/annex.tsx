/** The amounts of the signed annex: typed once, locked with the paper, then they win over the national table. */
import { amountOf, type Heading, headings, type Terms as NationalTerms, national } from '#domain/contract/index.ts'
import { conflict, notFound } from '#platform/errors.ts'
import type { FieldSpec, Value } from '#platform/fields.ts'
import { keepFile } from '#platform/files.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Ctx, type Outcome, page, type Refused } from '#platform/page.ts'
import { DataTable, Facts, FormView, frDate, frDateTime, frEuros, LinkButton, Notice, PageTitle } from '#platform/ui/index.ts'
import { amountFields, annexForm, annexLines, withdrawForm } from '../fields.ts'
import { isMission, missionLabel, type Terms } from '../rules.ts'
import { type Annex, type AnnexAmount, annexes, holding, lockAnnex, type Recorded, recordedSteps, withdrawAnnex } from '../store.ts'
import { backToContract, cancelTo, eventWords, From, mayWrite, provenanceWords, readers, writers } from './words.tsx'

export const headingLabel = (h: Heading): string => (isMission(h) ? missionLabel(h) : 'Fonctionnement')
/** Terms as the kernel of the contract reads them, without any annex: what the national table alone gives. */
const bare = (t: Terms): NationalTerms => ({
  text: t.agreement,
  size: t.size,
  population: null,
  missions: t.missions,
  compensation: t.snpCompensation,
  annex: [],
})
const concerned = (t: Terms) =>
  Object.entries(annexLines).filter(
    ([, l]) => l.heading === 'running' || (t.missions.includes(l.heading) && (l.part !== 'compensation' || t.snpCompensation)),
  )

async function agreed(ctx: Ctx, id: string): Promise<{ step: Recorded & { terms: Terms }; annex: Annex | null; past: Annex[] }> {
  const step = holding(await recordedSteps(ctx.tx)).find(s => s.id === id)
  if (!step?.terms) throw notFound()
  const own = (await annexes(ctx.tx)).filter(a => a.eventId === step.id)
  return { step: { ...step, terms: step.terms }, annex: own.find(a => !a.withdrawn) ?? null, past: own.filter(a => a.withdrawn) }
}

export const annexPage = page({
  path: '/c/:cpts/contrat/annexe/:id',
  title: 'Annexe financière',
  access: readers,
  async show(ctx, refused) {
    const { step, annex, past } = await agreed(ctx, ctx.params.id)
    const of = `${eventWords[step.kind].toLowerCase()} le ${frDate(step.day)}`
    return (
      <>
        <PageTitle
          title="Annexe financière"
          back={backToContract(ctx)}
          lead={
            annex
              ? `Saisie et verrouillée (${of}) : ces montants l’emportent sur la table nationale.`
              : `Pas encore saisie (${of}). Recopiez les montants de l’annexe signée : ils l’emporteront sur la table nationale.`
          }
        />
        {annex ? <Locked ctx={ctx} annex={annex} terms={step.terms} /> : <Typing ctx={ctx} step={step} refused={refused} />}
        {past.map(a => (
          <Notice tone="stop" title={`Saisie retirée le ${frDate(a.withdrawn!.at)} par ${a.withdrawn!.by}`}>
            {a.withdrawn!.reason}
          </Notice>
        ))}
      </>
    )
  },
})

export const annexAction = action({
  path: '/c/:cpts/contrat/annexe/:id',
  access: writers,
  form: annexForm,
  from: annexPage,
  async submit(ctx, input): Promise<Outcome> {
    const { step, annex } = await agreed(ctx, ctx.params.id)
    if (annex) throw conflict('Cette annexe est déjà saisie et verrouillée. Retirez-la d’abord si elle comporte une erreur.')
    const amounts = amountsOf(step.terms, input)
    if (amounts.length === 0) return { errors: { running: 'Saisissez au moins un montant de l’annexe.' } }
    let file = step.file?.id ?? null
    if (input.paper) {
      const kept = await keepFile(ctx.tx, ctx, input.paper)
      if (!kept.ok) return { errors: { paper: kept.error } }
      file = kept.file.id
    }
    if (!file) return { errors: { paper: 'Joignez l’annexe signée : aucun document n’est attaché à cette signature.' } }
    await lockAnnex(ctx.tx, ctx, step.id, file, amounts)
    return {
      to: `${ctx.home}/contrat/annexe/${step.id}`,
      notice: `Annexe verrouillée : ${amounts.length} montants l’emportent désormais sur la table nationale.`,
    }
  },
})
function amountsOf(terms: Terms, input: Value<typeof annexForm>): AnnexAmount[] {
  const typed = input as unknown as Record<string, number | null>
  return concerned(terms).flatMap(([name, { heading, part, period }]) => {
    const cents = typed[name]
    return typeof cents === 'number' ? [{ heading, part, period, cents }] : []
  })
}

interface TypingProps {
  ctx: Ctx
  step: Recorded & { terms: Terms }
  refused?: Refused
}
function Typing({ ctx, step, refused }: TypingProps) {
  const lines = concerned(step.terms)
  const hint = (name: string) => {
    const l = annexLines[name]!
    const figure = amountOf(national, { terms: bare(step.terms), size: step.terms.size }, l.heading, l.part, l.period)
    return figure
      ? `Table nationale : ${frEuros(figure.cents)} (${provenanceWords[figure.provenance].word})`
      : 'Aucune source ne donne ce montant.'
  }
  if (!mayWrite(ctx))
    return (
      <Notice title="Les montants affichés sont ceux de la table nationale">La coordination n’a pas encore saisi l’annexe signée.</Notice>
    )
  const fields: Record<string, FieldSpec> = Object.fromEntries(lines.map(([name]) => [name, { ...amountFields[name]!, hint: hint(name) }]))
  return (
    <FormView
      form={{ fields: { ...fields, paper: annexForm.fields.paper! } }}
      action={`${ctx.home}/contrat/annexe/${step.id}`}
      submit="Verrouiller l’annexe"
      formKey={ctx.key()}
      raw={refused?.raw}
      errors={refused?.errors}
      groups={[
        ...headings
          .filter(h => lines.some(([, l]) => l.heading === h))
          .map(h => ({ legend: headingLabel(h), fields: lines.filter(([, l]) => l.heading === h).map(([name]) => name) })),
        {
          legend: 'Le document',
          lead: step.file ? `Sans autre fichier, c’est « ${step.file.name} », joint à la signature, qui fait foi.` : undefined,
          fields: ['paper'],
        },
      ]}
      secondary={cancelTo(`${ctx.home}/contrat`)}
    />
  )
}

function Locked({ ctx, annex, terms }: { ctx: Ctx; annex: Annex; terms: Terms }) {
  const rows = concerned(terms).map(([, l]) => {
    const typed = annex.amounts.find(a => a.heading === l.heading && a.part === l.part && a.period === l.period)
    const national_ = amountOf(national, { terms: bare(terms), size: terms.size }, l.heading, l.part, l.period)
    return { ...l, typed: typed?.cents ?? null, national: national_ }
  })
  return (
    <>
      <Facts
        columns={2}
        items={[
          { label: 'Saisie par', value: annex.by, note: frDateTime(annex.at) },
          {
            label: 'Document',
            value: (
              <a href={`${ctx.home}/contrat/pieces/${annex.file.id}`} download>
                {annex.file.name}
              </a>
            ),
            note: `SHA-256 ${annex.file.sha256.slice(0, 16)}…`,
          },
        ]}
      />
      <DataTable
        caption="Montants de l’annexe, à côté de la table nationale"
        rows={rows}
        columns={[
          { key: 'heading', label: 'Mission', cell: r => headingLabel(r.heading) },
          { key: 'label', label: 'Part' },
          { key: 'typed', label: 'Annexe signée', numeric: true, cell: r => (r.typed === null ? 'non saisi' : frEuros(r.typed)) },
          { key: 'national', label: 'Table nationale', numeric: true, cell: r => (r.national ? frEuros(r.national.cents) : 'inconnu') },
          {
            key: 'wins',
            label: 'Retenu',
            cell: r =>
              r.typed !== null ? <From provenance="contract" /> : r.national ? <From provenance={r.national.provenance} /> : 'rien',
          },
        ]}
      />
      {mayWrite(ctx) && (
        <LinkButton href={`${ctx.home}/contrat/annexe/${annex.eventId}/retirer`} kind="quiet">
          Retirer cette saisie pour la refaire
        </LinkButton>
      )}
    </>
  )
}

export const annexWithdrawPage = page({
  path: '/c/:cpts/contrat/annexe/:id/retirer',
  title: 'Retirer la saisie de l’annexe',
  access: writers,
  form: withdrawForm,
  async show(ctx, refused) {
    const { annex } = await agreed(ctx, ctx.params.id)
    if (!annex) throw notFound()
    return (
      <>
        <PageTitle
          title="Retirer la saisie de l’annexe"
          back={{ label: 'Annexe financière', href: `${ctx.home}/contrat/annexe/${ctx.params.id}` }}
          lead="Les montants redeviennent ceux de la table nationale tant que l’annexe n’est pas saisie à nouveau. Cette saisie reste dans l’historique."
        />
        <FormView
          form={withdrawForm}
          action={`${ctx.home}/contrat/annexe/${ctx.params.id}/retirer`}
          submit="Retirer cette saisie"
          danger
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(`${ctx.home}/contrat/annexe/${ctx.params.id}`)}
        />
      </>
    )
  },
  async submit(ctx, input) {
    if (!isUuid(ctx.params.id) || !(await withdrawAnnex(ctx.tx, ctx, ctx.params.id, input.why))) throw notFound()
    return { to: `${ctx.home}/contrat/annexe/${ctx.params.id}`, notice: 'Saisie retirée. Vous pouvez la refaire.' }
  },
})
