/** The difference report: what the last imports of the national directory changed in the territory, and what contradicts us. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import { DataTable, Filters, frDate, frPhone, PageTitle, plural, Tag, type Tone, typo } from '#platform/ui/index.ts'
import { XLSX_TYPE, xlsx } from '#platform/xlsx.ts'
import { type MovementKind, movementKinds, movementWords, noteWords, occupation, sortedName } from '../rules.ts'
import { contradictions, directoryRuns, type Movement, movementsOf, type Run } from '../store.ts'
import { DirectoryLinks, RPPS_SOURCE } from './words.tsx'

const access = members('coordinator', 'board')
const tones: Record<MovementKind, Tone> = { arrival: 'ok', departure: 'stop', move: 'neutral', change: 'neutral', contradiction: 'wait' }

interface Report {
  runs: Run[]
  run: Run | undefined
  all: Movement[]
  shown: Movement[]
  kind: MovementKind | undefined
}
async function report(ctx: Ctx): Promise<Report> {
  const runs = await directoryRuns(ctx.tx)
  const wanted = Number(ctx.query.get('import'))
  const run = runs.find(r => r.id === wanted) ?? runs[0]
  const kind = movementKinds.find(k => movementWords[k].key === ctx.query.get('genre'))
  const all = [...(run ? await movementsOf(ctx.tx, run.id) : []), ...(await contradictions(ctx.tx))]
  return { runs, run, all, kind, shown: kind ? all.filter(m => m.kind === kind) : all }
}
const addressOf = (ctx: Ctx, run: Run | undefined, kind: MovementKind | undefined, file = '') => {
  const p = new URLSearchParams()
  if (run) p.set('import', String(run.id))
  if (kind) p.set('genre', movementWords[kind].key)
  return `${ctx.home}/annuaire/mouvements${file}${p.size ? `?${p}` : ''}`
}

export const movementsPage = page({
  path: '/c/:cpts/annuaire/mouvements',
  title: 'Mouvements de l’annuaire',
  access,
  async show(ctx) {
    const { runs, run, all, shown, kind } = await report(ctx)
    return (
      <>
        <PageTitle
          title="Mouvements de l’annuaire"
          lead="Ce que le dernier import de l’Annuaire Santé a changé sur votre territoire, et ce qu’il contredit."
        />
        <DirectoryLinks ctx={ctx} here="movements" />
        {runs.length > 1 && (
          <Filters
            label="Import"
            chips={runs.map((r, i) => ({
              label: i === 0 ? `Dernier import, ${frDate(r.finishedAt)}` : frDate(r.finishedAt),
              href: addressOf(ctx, r, kind),
              on: r === run,
            }))}
          />
        )}
        <Filters
          label="Genre de mouvement"
          chips={movementKinds.map(k => ({
            label: movementWords[k].many,
            href: addressOf(ctx, run, kind === k ? undefined : k),
            on: kind === k,
            count: all.filter(m => m.kind === k).length,
          }))}
          exports={
            all.length
              ? [
                  { label: 'Tableur (Excel)', href: addressOf(ctx, run, kind, '.xlsx') },
                  { label: 'Tableur (CSV)', href: addressOf(ctx, run, kind, '.csv') },
                ]
              : undefined
          }
        />
        {run && (
          <p class="muted tally">{`${plural(shown.length, 'ligne', 'lignes')}. ${RPPS_SOURCE}, import du ${frDate(run.finishedAt)}.`}</p>
        )}
        <DataTable
          caption="Mouvements"
          captionHidden
          rows={shown}
          rowHref={m => (m.here || m.note ? `${ctx.home}/annuaire/${m.rpps}` : undefined)}
          empty={{
            title: run ? 'Aucun mouvement' : 'Aucun import pour le moment',
            children: run
              ? 'Cet import n’a rien changé dans vos communes, et ne contredit aucun de vos constats.'
              : 'Les mouvements apparaîtront après le deuxième import de l’Annuaire Santé.',
          }}
          columns={[
            { key: 'name', label: 'Professionnel', cell: m => sortedName(m) },
            { key: 'kind', label: 'Mouvement', cell: m => <Tag tone={tones[m.kind]}>{movementWords[m.kind].one}</Tag> },
            { key: 'work', label: 'Métier', cell: m => occupation(m.professionCode, m.skills, m.profession) },
            { key: 'what', label: 'Ce qui change', cell: m => whatText(m) },
          ]}
        />
      </>
    )
  },
})

/** One sentence: from where, to where, or who says what. */
export function whatText(m: Movement): string {
  const { note, official } = m
  if (note && official) {
    const said =
      note.field === 'phone' ? frPhone(note.value) : note.field === 'stopped' ? `le ${frDate(note.value)}` : communeOf(m, note.value)
    const theirs =
      note.field === 'phone'
        ? official.phones.map(frPhone).join(', ')
        : official.communes.map(c => c.name).join(', ') || 'aucun lieu sur le territoire'
    return typo(`${noteWords[note.field]} : ${said} selon la communauté (${frDate(note.verifiedAt)}) ; ${theirs} selon l’Annuaire Santé.`)
  }
  switch (m.kind) {
    case 'arrival':
      return m.from ? `Vient de ${m.from}, exerce à ${m.to}` : `Exerce à ${m.to ?? 'une commune inconnue'}`
    case 'departure':
      return m.to ? `Quitte ${m.from} pour ${m.to}` : `N’exerce plus à ${m.from ?? 'une commune inconnue'}`
    case 'move':
      return `De ${m.from ?? '?'} à ${m.to ?? '?'}`
    default:
      return changeText(m)
  }
}
/** What the import counted of a change. */
function changeText({ detail = {} }: Movement): string {
  const parts = [
    detail.places_added ? plural(detail.places_added, 'lieu ajouté', 'lieux ajoutés') : '',
    detail.places_removed ? plural(detail.places_removed, 'lieu retiré', 'lieux retirés') : '',
    detail.places_changed ? plural(detail.places_changed, 'lieu modifié', 'lieux modifiés') : '',
    detail.person ? 'nom, civilité ou profession modifiés' : '',
  ].filter(Boolean)
  return parts.length ? parts.join(', ') : 'Lieu, téléphone ou profession modifiés'
}
const communeOf = (m: Movement, code: string): string => m.official?.communes.find(c => c.code === code)?.name ?? m.to ?? `code ${code}`

const columns: SheetColumn<Movement>[] = [
  { label: 'Mouvement', value: m => movementWords[m.kind].one },
  { label: 'Nom', value: m => sortedName(m) },
  { label: 'RPPS', value: m => m.rpps },
  { label: 'Métier', value: m => occupation(m.professionCode, m.skills, m.profession) },
  { label: 'De', value: m => m.from },
  { label: 'À', value: m => m.to },
  { label: 'Ce qui change', value: m => whatText(m) },
  { label: 'Source du constat', value: m => m.note?.source },
  { label: 'Constat vérifié le', value: m => m.note?.verifiedAt, type: 'date' },
]
async function sheet(ctx: Ctx, format: string): Promise<Movement[]> {
  const { shown, run } = await report(ctx)
  await audit(ctx.tx, ctx, { action: 'directory.export', detail: { format, lines: shown.length, movements: run?.id ?? null } })
  return shown
}
export const movementsCsv = download({
  path: '/c/:cpts/annuaire/mouvements.csv',
  title: 'Mouvements de l’annuaire (CSV)',
  access,
  respond: async ctx => ({ name: `mouvements-${ctx.params.cpts}.csv`, type: CSV_TYPE, body: csv(columns, await sheet(ctx, 'csv')) }),
})
export const movementsXlsx = download({
  path: '/c/:cpts/annuaire/mouvements.xlsx',
  title: 'Mouvements de l’annuaire (Excel)',
  access,
  respond: async ctx => ({
    name: `mouvements-${ctx.params.cpts}.xlsx`,
    type: XLSX_TYPE,
    body: await xlsx('Mouvements', columns, await sheet(ctx, 'xlsx')),
  }),
})
