/** What is done to several requests at once: listed first, then done line by line; a line that cannot is told, the others are done. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, type Outcome, page, type Refused } from '#platform/page.ts'
import { DataTable, Empty, FieldView, FormView, frName, LinkButton, Notice, PageTitle, plural, Section, Stack } from '#platform/ui/index.ts'
import { type Exit, mayFollow, type State } from '../../rules.ts'
import { eachLine, type LineResult } from '../../store/lines.ts'
import { leave } from '../../store/proposals.ts'
import { askToComplete } from '../../store/record.ts'
import { admit } from '../../store/requests.ts'
import { someRequests } from '../../store/worklist.ts'
import { siteOf } from '../site.ts'
import { bulkForm } from './forms.ts'
import { nameOf, StateTag } from './words.tsx'

/** More than a page of the list: what is ticked fits. */
const AT_MOST = 200
const doings = {
  admettre: { title: 'Déclarer recevables', to: 'admissible', submit: 'Déclarer recevables', what: 'Entre dans la liste, à son rang.' },
  completer: {
    title: 'Demander de compléter',
    to: 'incomplete',
    submit: 'Demander de compléter',
    what: 'Passe « à compléter » ; garde son rang.',
  },
  sortir: { title: 'Sortir de la liste', to: 'exited', submit: 'Sortir de la liste', what: 'Sort de la liste.' },
} as const satisfies Record<string, { title: string; to: State; submit: string; what: string }>
type Doing = keyof typeof doings
type Line = Awaited<ReturnType<typeof someRequests>>[number]

const idsOf = (text: string) => [...new Set(text.split(',').filter(isUuid))].slice(0, AT_MOST)

function asked(ctx: Ctx, refused?: Refused): { doing: Doing | null; ids: string[] } {
  const doing = refused?.raw.doing?.[0] ?? ctx.query.get('faire') ?? ''
  return {
    doing: Object.hasOwn(doings, doing) ? (doing as Doing) : null,
    ids: idsOf(refused ? (refused.raw.ids?.[0] ?? '') : ctx.query.getAll('id').join(',')),
  }
}
function whatHappens(r: Line, doing: Doing): string {
  const d = doings[doing]
  if (!mayFollow(r.state, d.to)) return 'Rien : son état ne le permet pas.'
  if (doing === 'completer') return r.email ? `${d.what} Un message lui part.` : `${d.what} À appeler : pas d’adresse électronique.`
  if (doing === 'sortir' && r.doctorName) return `${d.what} La place ${frName(r.doctorName, 'de')} lui est rendue.`
  return d.what
}

export const bulkPage = page({
  path: '/c/:cpts/demandes/lot',
  title: 'Plusieurs demandes',
  access: members('coordinator'),
  form: bulkForm,
  async show(ctx, refused) {
    const { doing, ids } = asked(ctx, refused)
    const list = `${ctx.home}/demandes`
    const rows = ids.length ? await someRequests(ctx.tx, ids) : []
    if (!doing || rows.length === 0)
      return (
        <Empty title="Aucune demande choisie" action={<LinkButton href={list}>Revenir à la liste</LinkButton>}>
          Cochez des demandes dans la liste, choisissez l’action, puis continuez. Un lot déjà envoyé n’est pas fait deux fois.
        </Empty>
      )
    await audit(ctx.tx, ctx, { action: 'request.list', detail: { batch: doing }, named: rows.map(r => r.id) })
    const d = doings[doing]
    const able = rows.filter(r => mayFollow(r.state, d.to)).length
    const { exit, missing } = bulkForm.fields
    return (
      <Stack>
        <PageTitle
          back={{ label: 'Demandes', href: list }}
          title={d.title}
          count={rows.length}
          lead={`Voici ce qui va se passer. ${able === rows.length ? '' : `${plural(rows.length - able, 'demande ne changera pas', 'demandes ne changeront pas')}.`}`}
        />
        <DataTable
          caption="Demandes choisies"
          captionHidden
          rows={rows}
          columns={[
            { key: 'name', label: 'Personne', cell: r => nameOf(r) },
            { key: 'number', label: 'Numéro', tight: true },
            { key: 'state', label: 'État', cell: r => <StateTag state={r.state} exit={r.exit} /> },
            { key: 'what', label: 'Ce qui va se passer', cell: r => whatHappens(r, doing) },
          ]}
        />
        {able === 0 ? (
          <Notice tone="wait">Aucune de ces demandes ne peut être traitée ainsi.</Notice>
        ) : (
          <FormView
            form={{ fields: {} }}
            action={`${list}/lot`}
            submit={`${d.submit} (${able})`}
            danger={doing === 'sortir'}
            formKey={ctx.key()}
            hidden={{ doing, ids: rows.map(r => r.id).join(',') }}
            errors={refused?.errors}
            secondary={
              <LinkButton kind="quiet" href={list}>
                Annuler
              </LinkButton>
            }
          >
            {doing === 'sortir' && (
              <FieldView name="exit" field={{ ...exit, required: true }} raw={refused?.raw.exit} error={refused?.errors.exit} />
            )}
            {doing === 'completer' && (
              <FieldView name="missing" field={{ ...missing, required: true }} raw={refused?.raw.missing} error={refused?.errors.missing} />
            )}
          </FormView>
        )}
      </Stack>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const ids = idsOf(input.ids)
    const rows = await someRequests(ctx.tx, ids)
    if (rows.length === 0) throw notFound()
    if (input.doing === 'sortir' && !input.exit) return { errors: { exit: 'Choisissez pourquoi ces demandes sortent de la liste.' } }
    if (input.doing === 'completer' && input.missing.length === 0) return { errors: { missing: 'Cochez ce qui manque.' } }
    const results = await eachLine(
      ctx.tx,
      rows.map(r => r.id),
      id => {
        switch (input.doing) {
          case 'admettre':
            return admit(ctx.tx, ctx, id)
          case 'completer':
            return askToComplete(ctx.tx, ctx, siteOf(ctx), id, input.missing)
          case 'sortir':
            return leave(ctx.tx, ctx, id, input.exit as Exit)
        }
      },
    )
    const done = results.filter(r => r.ok).length
    if (done === rows.length) return { to: `${ctx.home}/demandes`, notice: doneText(input.doing, done) }
    return {
      title: 'Lot traité en partie',
      show: <Partly rows={rows} results={results} done={doneText(input.doing, done)} home={ctx.home} />,
    }
  },
})

function doneText(doing: Doing, n: number): string {
  switch (doing) {
    case 'admettre':
      return `${plural(n, 'demande est entrée dans la liste', 'demandes sont entrées dans la liste')}. Le prochain plan en tient compte.`
    case 'completer':
      return `${plural(n, 'demande est', 'demandes sont')} à compléter. Appelez les patients sans adresse électronique.`
    case 'sortir':
      return `${plural(n, 'demande est sortie', 'demandes sont sorties')} de la liste.`
  }
}
function Partly({ rows, results, done, home }: { rows: Line[]; results: LineResult[]; done: string; home: string }) {
  const failed = results.flatMap(r => (r.ok ? [] : [{ ...rows.find(x => x.id === r.id)!, sentence: r.sentence }]))
  return (
    <Stack>
      <PageTitle title="Lot traité en partie" back={{ label: 'Demandes', href: `${home}/demandes` }} />
      <Notice tone="ok">{done}</Notice>
      <Section title="Ce qui n’a pas changé" count={failed.length}>
        <DataTable
          caption="Demandes inchangées"
          captionHidden
          rows={failed}
          rowHref={r => `${home}/demandes/${r.id}`}
          columns={[
            { key: 'name', label: 'Personne', cell: r => nameOf(r) },
            { key: 'number', label: 'Numéro', tight: true },
            { key: 'sentence', label: 'Pourquoi' },
          ]}
        />
      </Section>
    </Stack>
  )
}
