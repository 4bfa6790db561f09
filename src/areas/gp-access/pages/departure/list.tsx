/** Departures announced, and announcing one for a doctor who told it to the coordination. */

import { territoryCommunes } from '#areas/territory/index.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { type Outcome, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import { Callout, DataTable, Filters, FormView, frDate, frNumber, LinkButton, PageTitle, rawOf, Stack, Tag } from '#platform/ui/index.ts'
import { type DepartureLine, departures } from '../../store/departures.ts'
import { basisOf, readOnly } from '../../store/simulation.ts'
import { announceForm } from './fields.ts'
import { announced } from './mine.tsx'

const access = members('coordinator')
const stateOf = (d: DepartureLine, today: string): string =>
  d.cancelledAt ? 'Annulé' : d.leavesOn <= today ? 'Parti' : 'Transition en cours'

export const departuresSheets = sheet<{ d: DepartureLine; state: string }>({
  path: '/c/:cpts/departs',
  title: 'Départs',
  access,
  columns: [
    { label: 'Médecin', value: r => r.d.doctorName },
    { label: 'Départ le', value: r => r.d.leavesOn, type: 'date' },
    { label: 'Annoncé le', value: r => r.d.announcedAt, type: 'date' },
    { label: 'Patients suivis', value: r => r.d.patients, type: 'number' },
    { label: 'Ont demandé', value: r => r.d.asked, type: 'number' },
    { label: 'Ont un médecin', value: r => r.d.placed, type: 'number' },
    { label: 'État', value: r => r.state },
  ],
  async rows(ctx, format) {
    const all = await departures(ctx.tx)
    await audit(ctx.tx, ctx, { action: 'departure.list-export', detail: { format, rows: all.length } })
    return all.map(d => ({ d, state: stateOf(d, ctx.today) }))
  },
})
export const departuresPage = page({
  path: '/c/:cpts/departs',
  title: 'Départs',
  access,
  async show(ctx) {
    const all = await departures(ctx.tx)
    const path = `${ctx.home}/departs`
    return (
      <>
        <PageTitle
          title="Départs de médecins"
          count={all.length}
          lead="Un départ annoncé tôt se prépare : qui est concerné, dans quel ordre, vers qui."
          actions={
            <>
              <LinkButton kind="primary" href={`${path}/nouveau`}>
                Annoncer un départ
              </LinkButton>
              <LinkButton href={`${ctx.home}/simulation`}>Simuler d’abord</LinkButton>
            </>
          }
        />
        {all.length > 0 && <Filters chips={[]} exports={sheetLinks(path)} />}
        <DataTable
          caption="Départs de médecins"
          captionHidden
          rows={all}
          rowHref={d => `${path}/${d.id}`}
          columns={[
            { key: 'doctorName', label: 'Médecin' },
            { key: 'leavesOn', label: 'Départ le', tight: true, cell: d => frDate(d.leavesOn) },
            { key: 'patients', label: 'Patients suivis', numeric: true, cell: d => frNumber(d.patients) },
            { key: 'asked', label: 'Ont demandé', numeric: true, cell: d => frNumber(d.asked) },
            { key: 'placed', label: 'Ont un médecin', numeric: true, cell: d => frNumber(d.placed) },
            {
              key: 'state',
              label: 'État',
              cell: d => <Tag tone={d.cancelledAt ? 'stop' : d.leavesOn <= ctx.today ? 'late' : 'wait'}>{stateOf(d, ctx.today)}</Tag>,
            },
          ]}
          empty={{
            title: 'Aucun départ annoncé',
            children: 'Un médecin l’annonce depuis « Mon départ », ou vous le dit : saisissez-le ici.',
            action: <LinkButton href={`${path}/nouveau`}>Annoncer un départ</LinkButton>,
          }}
        />
      </>
    )
  },
})

export const announcePage = page({
  path: '/c/:cpts/departs/nouveau',
  title: 'Annoncer un départ',
  access,
  form: announceForm,
  async show(ctx, refused) {
    const [{ practising }, communes] = await Promise.all([readOnly(ctx.tx, tx => basisOf(tx, ctx.now, [])), territoryCommunes(ctx.tx)])
    const asked = ctx.query.get('medecin')
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: 'Départs', href: `${ctx.home}/departs` }}
          title="Annoncer un départ"
          lead="Ce que le médecin vous a dit : la date, et combien de patients il suit."
        />
        <Callout title="Ce qui se passe ensuite">
          Ses places se ferment aujourd’hui. Ceux qui attendaient sa réponse ou leur premier rendez-vous reviennent dans la liste, à leur
          place. Sa liste de patients n’est pas copiée : il leur écrit, et ceux qui le souhaitent demandent.
        </Callout>
        <FormView
          form={announceForm}
          action={`${ctx.home}/departs/nouveau`}
          formKey={ctx.key()}
          raw={refused?.raw ?? rawOf({ doctor: asked })}
          errors={refused?.errors}
          options={{
            doctor: practising.map(p => ({
              value: p.id,
              label: [p.name, communes.find(c => c.code === p.communeCode)?.name].filter(Boolean).join(', '),
            })),
          }}
          submit="Annoncer ce départ"
        />
      </Stack>
    )
  },
  async submit(ctx, { doctor, on, ...rest }): Promise<Outcome> {
    if (!/^[0-9a-f-]{36}$/.test(doctor)) return { errors: { doctor: 'Choisissez le médecin qui part.' } }
    return announced(ctx, doctor, on, rest, id => `${ctx.home}/departs/${id}`)
  },
})
