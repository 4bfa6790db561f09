/** Rules of payment: what each rests on, and confirming from the signed contract one that no text establishes. */
import { national, type Origin, provenanceNames, type RuleId, sayOrigin } from '#domain/contract/index.ts'
import { notFound } from '#platform/errors.ts'
import { keepFile } from '#platform/files.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { Count, DataTable, FormView, frDate, Notice, P, PageTitle, rawOf, Section, typo } from '#platform/ui/index.ts'
import { confirmForm, withdrawForm } from '../fields.ts'
import { type Confirmation, confirmations, confirmRule, holding, recordedSteps, withdrawConfirmation } from '../store.ts'
import { backToContract, cancelTo, From, mayWrite, readers, writers } from './words.tsx'

const here = (ctx: Ctx) => `${ctx.home}/contrat/confirmations`
const back = (ctx: Ctx) => ({ label: 'Règles de versement', href: here(ctx) })
const ruleOf = (id: string) => {
  const rule = national.rules.find(r => r.id === id)
  if (!rule) throw notFound()
  return rule
}

/** The label is in its own column. */
const restsOn = (o: Origin): string => sayOrigin(o).slice(provenanceNames[o.provenance].length + 2)

export const confirmationsPage = page({
  path: '/c/:cpts/contrat/confirmations',
  title: 'Règles de versement',
  access: readers,
  async show(ctx) {
    const all = await confirmations(ctx.tx)
    const held = new Map(all.filter(c => !c.withdrawn).map(c => [c.rule, c]))
    const write = mayWrite(ctx)
    const assumed = national.rules.filter(r => r.origin.provenance === 'assumed' && !held.has(r.id)).length
    return (
      <>
        <PageTitle
          title="Règles de versement"
          back={backToContract(ctx)}
          lead={
            assumed
              ? `${assumed} règles sur ${national.rules.length} sont supposées : aucun texte lu ne les établit. Votre contrat les dit peut-être.`
              : 'Chaque règle vient d’un texte publié ou de votre contrat signé.'
          }
        />
        <Count n={national.rules.length} one="règle" many="règles" />
        <DataTable
          caption="Règles de versement, et d’où elles viennent"
          captionHidden
          rows={national.rules}
          columns={[
            { key: 'says', label: 'Règle', cell: r => r.says },
            { key: 'from', label: 'Connu', cell: r => <From provenance={held.has(r.id) ? 'contract' : r.origin.provenance} /> },
            {
              key: 'why',
              label: 'Sur quoi elle repose',
              cell: r => (held.has(r.id) ? <Held ctx={ctx} c={held.get(r.id)!} /> : <P>{restsOn(r.origin)}</P>),
            },
            ...(write
              ? [
                  {
                    key: 'act',
                    label: 'Votre contrat',
                    cell: (r: (typeof national.rules)[number]) => (
                      <Act ctx={ctx} c={held.get(r.id)} id={r.id} assumed={r.origin.provenance === 'assumed'} />
                    ),
                  },
                ]
              : []),
          ]}
        />
        <Past all={all.filter(c => c.withdrawn)} />
      </>
    )
  },
})
function Held({ ctx, c }: { ctx: Ctx; c: Confirmation }) {
  return (
    <>
      <P>{`${c.article}, confirmé par ${c.by} le ${frDate(c.at)}.`}</P>
      <a href={`${ctx.home}/contrat/pieces/${c.file.id}`} download>
        {c.file.name}
      </a>
    </>
  )
}
function Act({ ctx, c, id, assumed }: { ctx: Ctx; c?: Confirmation; id: RuleId; assumed: boolean }) {
  const about = <span class="away"> : {typo(ruleOf(id).says)}</span>
  if (c)
    return (
      <a href={`${here(ctx)}/${c.id}/retirer`}>
        Retirer la confirmation
        {about}
      </a>
    )
  return assumed ? (
    <a href={`${here(ctx)}/confirmer?regle=${id}`}>
      Confirmer
      {about}
    </a>
  ) : null
}
function Past({ all }: { all: Confirmation[] }) {
  if (all.length === 0) return null
  return (
    <Section title="Confirmations retirées" count={all.length}>
      {all.map(c => (
        <Notice tone="stop" title={`${ruleOf(c.rule).says} Retirée le ${frDate(c.withdrawn!.at)} par ${c.withdrawn!.by}`}>
          {`${c.withdrawn!.reason} (confirmée le ${frDate(c.at)} par ${c.by} : ${c.article})`}
        </Notice>
      ))}
    </Section>
  )
}

export const confirmPage = page({
  path: '/c/:cpts/contrat/confirmations/confirmer',
  title: 'Confirmer une règle',
  access: writers,
  form: confirmForm,
  async show(ctx, refused) {
    const rule = ruleOf(refused?.raw.rule?.[0] ?? ctx.query.get('regle') ?? '')
    const paper = await signedPaper(ctx)
    return (
      <>
        <PageTitle
          title="Confirmer une règle"
          back={back(ctx)}
          lead={`${rule.says} Si votre contrat signé le dit, notez où : le mot « supposé » disparaît des montants qui n’en dépendaient que pour cela.`}
        />
        {paper && <Notice title="Document">{`Sans autre fichier, c’est « ${paper.name} », joint à la signature, qui fait foi.`}</Notice>}
        <FormView
          form={confirmForm}
          action={`${here(ctx)}/confirmer`}
          submit="Confirmer cette règle"
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf({ rule: rule.id })}
          errors={refused?.errors}
          secondary={cancelTo(here(ctx))}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const rule = ruleOf(input.rule)
    if (rule.origin.provenance !== 'assumed') return { errors: { '': 'Cette règle est publiée : elle n’a pas besoin d’être confirmée.' } }
    let file = (await signedPaper(ctx))?.id ?? null
    if (input.paper) {
      const kept = await keepFile(ctx.tx, ctx, input.paper)
      if (!kept.ok) return { errors: { paper: kept.error } }
      file = kept.file.id
    }
    if (!file) return { errors: { paper: 'Joignez le contrat signé : aucun document n’est attaché à sa signature.' } }
    await confirmRule(ctx.tx, ctx, { rule: rule.id, article: input.article, fileId: file })
    return { to: here(ctx), notice: 'Règle confirmée : les montants qui en dépendent sont recalculés.' }
  },
})
/** The document of the last terms signed. */
const signedPaper = async (ctx: Ctx) => holding(await recordedSteps(ctx.tx)).findLast(s => s.terms && s.file)?.file ?? null

export const confirmationWithdrawPage = page({
  path: '/c/:cpts/contrat/confirmations/:id/retirer',
  title: 'Retirer une confirmation',
  access: writers,
  form: withdrawForm,
  async show(ctx, refused) {
    const c = (await confirmations(ctx.tx)).find(x => x.id === ctx.params.id && !x.withdrawn)
    if (!c) throw notFound()
    return (
      <>
        <PageTitle
          title="Retirer la confirmation"
          back={back(ctx)}
          lead={`${ruleOf(c.rule).says} La règle redevient supposée ; cette confirmation reste dans l’historique.`}
        />
        <FormView
          form={withdrawForm}
          action={`${here(ctx)}/${c.id}/retirer`}
          submit="Retirer la confirmation"
          danger
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(here(ctx))}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const c = (await confirmations(ctx.tx)).find(x => x.id === ctx.params.id)
    if (!c || !(await withdrawConfirmation(ctx.tx, ctx, c.id, input.why))) throw notFound()
    return { to: here(ctx), notice: 'Confirmation retirée : la règle est de nouveau supposée.' }
  },
})
