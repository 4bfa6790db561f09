/** The plan of actions: what is done, by whom, when, on lines of time; what it costs, whom it serves, which figures. */
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Count,
  DataTable,
  Empty,
  Facts,
  Filters,
  FormView,
  frDate,
  frEuros,
  frList,
  type Lane,
  Lanes,
  LinkButton,
  Notice,
  P,
  PageTitle,
  plural,
  rawOf,
  Tag,
  type Tone,
} from '#platform/ui/index.ts'
import { actionForm, closeForm } from '../fields.ts'
import { type Action, type ActionState, actionState, beneficiaries, definitionOf, isMission, missionLabel, missions } from '../rules.ts'
import { actionSheet, actionSheets, closeAction, writeAction } from '../store.ts'
import { cancelTo, mayWrite, readers, Tabs, writers } from './words.tsx'

const stateWords: Record<ActionState, { tone: Tone; word: string }> = {
  planned: { tone: 'neutral', word: 'À venir' },
  running: { tone: 'wait', word: 'En cours' },
  late: { tone: 'late', word: 'Fin dépassée' },
  done: { tone: 'ok', word: 'Menée à bien' },
  'given-up': { tone: 'stop', word: 'Abandonnée' },
}
function State({ a, today }: { a: Action; today: string }) {
  const s = stateWords[actionState(a, today)]
  return <Tag tone={s.tone}>{s.word}</Tag>
}
const shown = async (ctx: Ctx) => {
  const all = await actionSheets(ctx.tx)
  const asked = ctx.query.get('mission') ?? ''
  const mission = isMission(asked) ? asked : null
  return { all, mission, some: mission ? all.filter(a => a.mission === mission) : all }
}
const budgetOf = (all: readonly Action[]) => all.reduce((n, a) => n + (a.budgetCents ?? 0), 0)

export const actionsPage = page({
  path: '/c/:cpts/contrat/actions',
  title: 'Plan d’actions',
  access: readers,
  async show(ctx) {
    const { all, mission, some } = await shown(ctx)
    const here = `${ctx.home}/contrat/actions`
    const write = mayWrite(ctx)
    const used = missions.filter(m => all.some(a => a.mission === m))
    return (
      <>
        <PageTitle
          title="Plan d’actions"
          count={all.length}
          actions={
            write && (
              <LinkButton href={`${here}/ajouter`} kind="primary">
                Ajouter une action
              </LinkButton>
            )
          }
        />
        <Tabs ctx={ctx} at="/contrat/actions" />
        {all.length === 0 ? (
          <Empty title="Aucune action n’est écrite">
            Une fiche par action : qui la porte, de quand à quand, pour qui, avec quel budget, pour quels indicateurs.
          </Empty>
        ) : (
          <>
            <Filters
              chips={[
                { label: 'Toutes', href: here, on: !mission, count: all.length },
                ...used.map(m => ({
                  label: missionLabel(m),
                  href: `${here}?mission=${m}`,
                  on: mission === m,
                  count: all.filter(a => a.mission === m).length,
                })),
              ]}
              exports={sheetLinks(here, mission ? `?mission=${mission}` : '')}
            />
            <Count n={some.length} of={all.length} one="action" many="actions" />
            <ActionTimeline ctx={ctx} actions={some} />
          </>
        )}
      </>
    )
  },
})

function finding(actions: readonly Action[], today: string): string {
  const of = (...states: ActionState[]) => actions.filter(a => states.includes(actionState(a, today))).length
  const late = of('late')
  const said = `${plural(of('running', 'late'), 'action en cours', 'actions en cours')}, ${of('done')} menées à bien, ${of('planned')} à venir`
  return late ? `${said} ; ${plural(late, 'fin est dépassée', 'fins sont dépassées')}` : said
}
function ActionTimeline({ ctx, actions }: { ctx: Ctx; actions: Action[] }) {
  if (actions.length === 0) return null
  const from = actions.map(a => a.startsOn).sort()[0]!
  const to = actions
    .map(a => (a.closed && a.closed.on > a.endsOn ? a.closed.on : a.endsOn))
    .sort()
    .at(-1)!
  const ordered = missions.flatMap(m => actions.filter(a => a.mission === m))
  const lane = (a: Action): Lane => {
    const state = actionState(a, ctx.today)
    const end = a.closed ? a.closed.on : a.endsOn
    const look = state === 'done' ? 'solid' : state === 'planned' ? 'frame' : state === 'given-up' ? 'hatch' : 'light'
    return {
      label: a.title,
      note: `${missionLabel(a.mission)} · ${a.owner}`,
      href: `${ctx.home}/contrat/actions/${a.id}`,
      spans: [
        {
          from: a.startsOn,
          to: end > a.startsOn ? end : a.startsOn,
          look,
          label: `${a.title}, du ${frDate(a.startsOn)} au ${frDate(end)}`,
        },
      ],
      marks: [{ day: a.endsOn, shape: state === 'late' ? 'late' : 'limit', label: `Fin prévue le ${frDate(a.endsOn)}` }],
    }
  }
  return (
    <Lanes
      title={finding(actions, ctx.today)}
      source={`Budget prévu : ${frEuros(budgetOf(actions))}.`}
      from={from}
      to={ctx.today > to ? ctx.today : to}
      today={ctx.today}
      lanes={ordered.map(lane)}
      words={{ solid: 'menée à bien', light: 'en cours', frame: 'à venir', hatch: 'abandonnée', limit: 'fin prévue', late: 'fin dépassée' }}
    >
      <DataTable
        caption="Actions, par mission"
        captionHidden
        rows={ordered}
        rowHref={a => `${ctx.home}/contrat/actions/${a.id}`}
        columns={[
          { key: 'title', label: 'Action' },
          { key: 'mission', label: 'Mission', cell: a => missionLabel(a.mission) },
          { key: 'owner', label: 'Portée par' },
          { key: 'from', label: 'Du', tight: true, cell: a => frDate(a.startsOn) },
          { key: 'to', label: 'Au', tight: true, cell: a => frDate(a.endsOn) },
          { key: 'budget', label: 'Budget', numeric: true, cell: a => (a.budgetCents === null ? '' : frEuros(a.budgetCents)) },
          { key: 'state', label: 'État', cell: a => <State a={a} today={ctx.today} /> },
        ]}
        total={{ budget: frEuros(budgetOf(actions)) }}
      />
    </Lanes>
  )
}

export const actionSheetsFile = sheet<Action & { today: string }>({
  path: '/c/:cpts/contrat/actions',
  title: 'Plan d’actions',
  access: readers,
  columns: [
    { label: 'Action', value: a => a.title },
    { label: 'Mission', value: a => missionLabel(a.mission) },
    { label: 'Portée par', value: a => a.owner },
    { label: 'Début', type: 'date', value: a => a.startsOn },
    { label: 'Fin prévue', type: 'date', value: a => a.endsOn },
    { label: 'Pour qui', value: a => a.beneficiaries.map(b => beneficiaries[b]).join(' ; ') },
    { label: 'Budget (€)', type: 'number', value: a => (a.budgetCents === null ? null : a.budgetCents / 100) },
    { label: 'Indicateurs', value: a => a.indicators.map(i => definitionOf(i)?.name ?? i).join(' ; ') },
    { label: 'État', value: a => stateWords[actionState(a, a.today)].word },
    { label: 'Résultat', value: a => a.closed?.note ?? '' },
  ],
  async rows(ctx, format) {
    const { some } = await shown(ctx)
    await audit(ctx.tx, ctx, { action: 'action.export', detail: { format, rows: some.length } })
    return some.map(a => ({ ...a, today: ctx.today }))
  },
})

export const addActionPage = page({
  path: '/c/:cpts/contrat/actions/ajouter',
  title: 'Ajouter une action',
  access: writers,
  form: actionForm,
  show: (ctx, refused) => (
    <>
      <PageTitle title="Ajouter une action" back={{ label: 'Plan d’actions', href: `${ctx.home}/contrat/actions` }} />
      <FormView
        form={actionForm}
        action={`${ctx.home}/contrat/actions/ajouter`}
        submit="Ajouter l’action"
        formKey={ctx.key()}
        raw={refused?.raw ?? rawOf({ mission: ctx.query.get('mission') })}
        errors={refused?.errors}
        secondary={cancelTo(`${ctx.home}/contrat/actions`)}
      />
    </>
  ),
  async submit(ctx, input): Promise<Outcome> {
    if (input.endsOn < input.startsOn)
      return { errors: { endsOn: `La fin ne peut pas être avant le début, le ${frDate(input.startsOn)}.` } }
    if (input.units !== null && input.indicators.length === 0)
      return { errors: { indicators: 'Cochez l’indicateur que l’action fait avancer.' } }
    const { budget, ...rest } = input
    const id = await writeAction(ctx.tx, ctx, { ...rest, budgetCents: budget })
    return { to: `${ctx.home}/contrat/actions/${id}`, notice: 'Action ajoutée au plan.' }
  },
})

async function actionOf(ctx: Ctx, id: string): Promise<Action> {
  const found = isUuid(id) && (await actionSheet(ctx.tx, id))
  if (!found) throw notFound()
  return found
}
export const actionPage = page({
  path: '/c/:cpts/contrat/actions/:id',
  title: 'Fiche action',
  access: readers,
  async show(ctx) {
    const a = await actionOf(ctx, ctx.params.id)
    return (
      <>
        <PageTitle
          title={a.title}
          back={{ label: 'Plan d’actions', href: `${ctx.home}/contrat/actions` }}
          lead={<State a={a} today={ctx.today} />}
          actions={
            mayWrite(ctx) &&
            !a.closed && (
              <LinkButton href={`${ctx.home}/contrat/actions/${a.id}/terminer`} kind="primary">
                Terminer l’action
              </LinkButton>
            )
          }
        />
        {a.closed && (
          <Notice tone={a.closed.how === 'done' ? 'ok' : 'stop'} title={`${stateWords[a.closed.how].word} le ${frDate(a.closed.on)}`}>
            <P>{a.closed.note}</P>
            <P muted>{`Noté par ${a.closed.by}`}</P>
          </Notice>
        )}
        <Facts
          columns={2}
          items={[
            { label: 'Mission', value: missionLabel(a.mission) },
            { label: 'Portée par', value: a.owner },
            { label: 'Calendrier', value: `Du ${frDate(a.startsOn)} au ${frDate(a.endsOn)}` },
            { label: 'Pour qui', value: frList(a.beneficiaries.map(b => beneficiaries[b])) },
            { label: 'Budget', value: a.budgetCents === null ? null : frEuros(a.budgetCents) },
            { label: 'Heures de travail', value: a.hours === null ? null : String(a.hours) },
            {
              label: 'Indicateurs servis',
              value: a.indicators.length
                ? a.indicators.map(i => (
                    <p>
                      <a href={`${ctx.home}/contrat/indicateur?code=${i}`}>{definitionOf(i)?.name ?? i}</a>
                    </p>
                  ))
                : null,
              note: a.units === null ? undefined : `Ajoute ${a.units} au premier`,
            },
            { label: 'Fiche écrite par', value: a.by },
          ]}
        />
      </>
    )
  },
})

export const closeActionPage = page({
  path: '/c/:cpts/contrat/actions/:id/terminer',
  title: 'Terminer une action',
  access: writers,
  form: closeForm,
  async show(ctx, refused) {
    const a = await actionOf(ctx, ctx.params.id)
    if (a.closed) throw notFound()
    return (
      <>
        <PageTitle title={`Terminer : ${a.title}`} back={{ label: 'Fiche action', href: `${ctx.home}/contrat/actions/${a.id}` }} />
        <FormView
          form={closeForm}
          action={`${ctx.home}/contrat/actions/${a.id}/terminer`}
          submit="Terminer l’action"
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(`${ctx.home}/contrat/actions/${a.id}`)}
        />
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const a = await actionOf(ctx, ctx.params.id)
    if (input.day > ctx.today) return { errors: { day: 'Cette date est dans le futur.' } }
    if (input.day < a.startsOn) return { errors: { day: `L’action commence le ${frDate(a.startsOn)} : elle ne peut pas finir avant.` } }
    if (!(await closeAction(ctx.tx, ctx, a.id, { on: input.day, how: input.how, note: input.note }))) throw notFound()
    return { to: `${ctx.home}/contrat/actions/${a.id}`, notice: 'Action terminée. Déposez ce qui le prouve dans les preuves.' }
  },
})
