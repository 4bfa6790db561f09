/** The lines of a plan, a page at a time: who goes where and why, who stays without, who changes. Filters live in the address. */

import type { Tx } from '#platform/db/types.ts'
import { isUuid } from '#platform/ids.ts'
import type { Ctx } from '#platform/page.ts'
import { sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  Cluster,
  type Column,
  Count,
  DataTable,
  Disclosure,
  Filters,
  frNumber,
  NBSP,
  Pager,
  Section,
  Tag,
  typo,
} from '#platform/ui/index.ts'
import { explanationLines, reasonText } from '../../explain.ts'
import type { KeptResult } from '../../kept.ts'
import {
  type LineCounts,
  type LineFilter,
  lineCounts,
  type MapCommune,
  namesOf,
  type PlanLine,
  planLines,
  type View,
} from '../../store/plan-lines.ts'
import { type KeptPlan, type PlanDoctor, planDoctors } from '../../store/plans.ts'
import { nameOf, StateTag } from '../desk/words.tsx'

const PAGE = 50

/** The word of the address for each view; none for the first. */
const viewWords: Record<View, string> = { placed: '', open: 'a-envoyer', moved: 'changent', unplaced: 'sans' }
export interface Asked extends LineFilter {
  page: number
}
export function readLines(query: URLSearchParams): Asked {
  const views = Object.keys(viewWords) as View[]
  const page = Number(query.get('page') ?? 1)
  const doctor = query.get('medecin') ?? ''
  const commune = query.get('commune') ?? ''
  return {
    view: views.find(v => viewWords[v] === (query.get('etat') ?? '')) ?? 'placed',
    commune: /^[0-9AB]{5}$/.test(commune) ? commune : '',
    doctor: isUuid(doctor) ? doctor : '',
    page: Number.isInteger(page) && page >= 1 && page < 10_000 ? page : 1,
  }
}
const hrefOf = (path: string, { view, commune, doctor, page }: Asked) => {
  const query = new URLSearchParams()
  if (viewWords[view]) query.set('etat', viewWords[view])
  if (commune) query.set('commune', commune)
  if (doctor) query.set('medecin', doctor)
  if (page > 1) query.set('page', String(page))
  return `${path}${query.size > 0 ? `?${query}` : ''}#propositions`
}

export interface Shown {
  rows: PlanLine[]
  counts: LineCounts
  /** Doctors and people named in the reasons, by identifier. */
  doctors: Map<string, PlanDoctor>
  names: Map<string, string>
}
export async function shownLines(tx: Tx, planId: string, asked: Asked): Promise<Shown> {
  const [rows, counts] = await Promise.all([planLines(tx, planId, asked, PAGE, (asked.page - 1) * PAGE), lineCounts(tx, planId, asked)])
  return { rows, counts, ...(await namedIn(tx, rows)) }
}
/** Who is named in the reasons of some lines. */
export async function namedIn(tx: Tx, lines: readonly PlanLine[]): Promise<Pick<Shown, 'doctors' | 'names'>> {
  const whys = lines.map(l => l.why)
  const near = whys.flatMap(w => [...(w.passed ?? []), ...(w.impossible ?? [])].map(x => x.doctor))
  const [doctors, names] = await Promise.all([
    planDoctors(tx, [...new Set(near)]),
    namesOf(tx, [...new Set(whys.flatMap(w => w.together ?? []))]),
  ])
  return { doctors: new Map(doctors.map(d => [d.id, d])), names: new Map(names.map(n => [n.id, nameOf(n)])) }
}
export const wordsOf = (
  { doctors, names }: Pick<Shown, 'doctors' | 'names'>,
  communes: readonly { code: string; name: string }[],
  before?: string | null,
) => ({
  doctorName: (id: string) => doctors.get(id)?.name ?? 'Un médecin',
  patientName: (id: string) => names.get(id) ?? 'un proche',
  communeName: (code: string) => communes.find(c => c.code === code)?.name ?? code,
  before,
})

export function Lines({
  ctx,
  plan,
  result,
  asked,
  lines,
  communes,
}: {
  ctx: Ctx
  plan: KeptPlan
  result: KeptResult
  asked: Asked
  lines: Shown
  communes: readonly MapCommune[]
}) {
  const path = `${ctx.home}/plan/${plan.id}`
  const { counts } = lines
  const chip = (view: View, label: string, count: number) => ({
    label,
    count,
    on: asked.view === view,
    href: hrefOf(path, { ...asked, view, doctor: view === 'unplaced' ? '' : asked.doctor, page: 1 }),
  })
  const sending = asked.view !== 'unplaced' && lines.rows.some(l => l.state === 'prioritised')
  const pages = Math.ceil(counts.shown / PAGE)
  return (
    <Section
      id="propositions"
      title={asked.view === 'unplaced' ? 'Sans proposition' : 'Propositions'}
      count={asked.view === 'unplaced' ? result.unplaced : result.placed}
      lead={
        asked.view === 'unplaced'
          ? 'Ils gardent leur place. Un médecin de plus, ou une place de plus, changerait la réponse.'
          : 'Chaque médecin reçoit un lien par patient, sans son nom. Décochez ce qui ne doit pas partir.'
      }
    >
      <Filters
        label="Lignes du plan"
        chips={[
          chip('placed', 'Avec un médecin', result.placed),
          chip('open', 'À envoyer', counts.open),
          ...(result.stability ? [chip('moved', 'Changent de médecin', result.stability.moved)] : []),
          chip('unplaced', 'Sans proposition', result.unplaced),
        ]}
        exports={sheetLinks(`${path}/propositions`)}
      />
      <form method="get" action={`${path}#propositions`} class="cluster lines-filter">
        {viewWords[asked.view] && <input type="hidden" name="etat" value={viewWords[asked.view]} />}
        {asked.doctor && <input type="hidden" name="medecin" value={asked.doctor} />}
        <label for="commune-des-lignes">Commune</label>
        <select id="commune-des-lignes" name="commune">
          <option value="">Toutes</option>
          {communes
            .toSorted((a, b) => a.name.localeCompare(b.name, 'fr'))
            .map(c => (
              <option value={c.code} selected={c.code === asked.commune}>
                {c.name}
              </option>
            ))}
        </select>
        <Button kind="secondary">Filtrer</Button>
        {(asked.commune || asked.doctor) && <a href={hrefOf(path, { ...asked, commune: '', doctor: '', page: 1 })}>Tout montrer</a>}
        <Count n={counts.shown} one="ligne" many="lignes" />
      </form>
      <form method="post" action={`${path}/envoyer`} id="envoi">
        <input type="hidden" name="_key" value={ctx.key()} />
        {sending && (
          <Cluster>
            <Button>{counts.open > lines.rows.length ? 'Envoyer les propositions cochées' : 'Envoyer les propositions'}</Button>
            {counts.open > lines.rows.length && (
              <Button kind="secondary" name="all" value="yes">
                {`Envoyer les ${frNumber(counts.open)}`}
              </Button>
            )}
            <output class="muted" data-selected="line" data-one="cochée" data-many="cochées" />
          </Cluster>
        )}
      </form>
      <DataTable
        caption="Lignes du plan"
        captionHidden
        rows={lines.rows}
        select={
          sending ? { name: 'line', value: l => l.id, label: nameOf, form: 'envoi', checked: l => l.state === 'prioritised' } : undefined
        }
        columns={columnsOf({ path, home: ctx.home, asked, lines, communes })}
        empty={
          asked.commune || asked.doctor
            ? {
                title: 'Aucune ligne avec ce filtre',
                children: <a href={hrefOf(path, { ...asked, commune: '', doctor: '', page: 1 })}>Tout montrer</a>,
              }
            : asked.view === 'placed'
              ? { title: 'Le plan ne propose personne', children: 'La raison est donnée pour chacun sous « Sans proposition ».' }
              : { title: 'Aucune ligne ici' }
        }
      />
      <Pager page={asked.page} pages={pages} hrefFor={page => hrefOf(path, { ...asked, page })} />
    </Section>
  )
}

interface Drawing {
  path: string
  home: string
  asked: Asked
  lines: Shown
  communes: readonly MapCommune[]
}
function columnsOf({ path, home, asked, lines, communes }: Drawing): Column<PlanLine>[] {
  const why = (l: PlanLine) => `${path}/pourquoi?patient=${l.id}`
  const patient: Column<PlanLine> = { key: 'patient', label: 'Patient', cell: l => <Who l={l} home={home} /> }
  const points: Column<PlanLine> = { key: 'points', label: 'Points', numeric: true, cell: l => frNumber(l.points) }
  if (asked.view === 'unplaced')
    return [
      patient,
      points,
      { key: 'reason', label: 'Pourquoi', cell: l => (l.why.reason ? reasonText(l.why.reason) : '') },
      { key: 'ask', label: 'Et si', cell: l => <a href={why(l)}>{typo('Pourquoi pas ce médecin ?')}</a> },
      { key: 'state', label: 'État', cell: l => <Now l={l} /> },
    ]
  return [
    patient,
    points,
    {
      key: 'doctor',
      label: 'Médecin',
      tight: true,
      cell: l => (
        <>
          <a href={hrefOf(path, { ...asked, doctor: l.doctor ?? '', page: 1 })}>{l.doctorName}</a>
          <div class="note">{l.doctorCommune}</div>
        </>
      ),
    },
    ...(asked.view === 'moved' ? [{ key: 'before', label: 'Avant', cell: (l: PlanLine) => l.beforeName }] : []),
    { key: 'minutes', label: 'Trajet (estimation)', numeric: true, tight: true, cell: l => `${l.minutes}${NBSP}min` },
    {
      key: 'why',
      label: 'Pourquoi lui',
      cell: l => <Reasons lines={explanationLines(l.why, wordsOf(lines, communes, l.beforeName))} href={why(l)} />,
    },
    { key: 'state', label: 'État', cell: l => <Now l={l} /> },
  ]
}
function Who({ l, home }: { l: PlanLine; home: string }) {
  return (
    <>
      <a href={`${home}/demandes/${l.id}`}>{nameOf(l)}</a>
      <div class="note">{[l.number, l.commune, ...(l.householdId ? ['foyer'] : [])].join(' · ')}</div>
    </>
  )
}
function Now({ l }: { l: PlanLine }) {
  if (l.sent) return <Tag tone="ok">Envoyée</Tag>
  return l.state === 'prioritised' ? <Tag tone="neutral">{l.doctor ? 'À envoyer' : 'Attend'}</Tag> : <StateTag state={l.state} />
}
function Reasons({ lines, href }: { lines: string[]; href: string }) {
  const another = <a href={href}>{typo('Pourquoi pas un autre ?')}</a>
  if (lines.length < 2)
    return (
      <>
        {typo(lines[0] ?? '')}
        <div class="note">{another}</div>
      </>
    )
  return (
    <Disclosure summary={`${lines.length} raisons`}>
      <ul class="listed">
        {lines.map(l => (
          <li>{typo(l)}</li>
        ))}
      </ul>
      {another}
    </Disclosure>
  )
}
