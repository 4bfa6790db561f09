/** The list as a file, filters kept. One audit line per person: each of them can read who took his name out. */
import { ageOn } from '#domain/priority.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import { type Ctx, download } from '#platform/page.ts'
import { frPhone } from '#platform/ui/index.ts'
import { XLSX_TYPE, xlsx } from '#platform/xlsx.ts'
import { exitNames, profileNames, profileOf, stateNames } from '../../rules.ts'
import { currentRule } from '../../store/settings.ts'
import { type WorkRow, workList } from '../../store/worklist.ts'
import { filterCodes, readFilter } from './filter.ts'
import { saidOf } from './words.tsx'

/** More than any list on a screen, and a bound on what leaves at once. */
const AT_MOST = 20_000
/** Lines of one audit statement. */
const BATCH = 500

const columns = (today: string): SheetColumn<WorkRow>[] => [
  { label: 'Numéro', value: r => r.number },
  { label: 'Nom de naissance', value: r => r.birthName },
  { label: 'Nom utilisé', value: r => r.usedName },
  { label: 'Prénoms', value: r => r.givenNames },
  { label: 'Date de naissance', value: r => r.birthDate, type: 'date' },
  { label: 'Âge', value: r => ageOn(r.birthDate, today), type: 'number' },
  { label: 'Téléphone', value: r => r.phone && frPhone(r.phone) },
  { label: 'Adresse électronique', value: r => r.email },
  { label: 'Code commune', value: r => r.communeCode },
  { label: 'Commune', value: r => r.commune },
  { label: 'Profil', value: r => profileNames[profileOf(r, ageOn(r.birthDate, today))] },
  { label: 'Situation', value: r => saidOf(r).join(', ') },
  { label: 'Points', value: r => r.score, type: 'number' },
  { label: 'Demande du', value: r => r.since, type: 'date' },
  { label: 'État', value: r => (r.exit ? exitNames[r.exit] : stateNames[r.state]) },
  { label: 'État depuis', value: r => r.stateAt, type: 'date' },
  { label: 'Médecin', value: r => r.doctorName },
  { label: 'Rendez-vous', value: r => r.appointmentOn, type: 'date' },
]

async function exported(ctx: Ctx, format: string): Promise<WorkRow[]> {
  const { filter } = readFilter(ctx.query)
  const list = await workList(ctx.tx, filter, { rule: await currentRule(ctx.tx), now: ctx.now, today: ctx.today }, AT_MOST, 0)
  await audit(ctx.tx, ctx, { action: 'request.list-export', detail: { format, rows: list.length, ...filterCodes(filter) } })
  for (let i = 0; i < list.length; i += BATCH)
    await audit(
      ctx.tx,
      ctx,
      ...list.slice(i, i + BATCH).map(r => ({ action: 'request.export', subject: { kind: 'request', id: r.id }, detail: { format } })),
    )
  return list
}

export const csvExport = download({
  path: '/c/:cpts/demandes/export.csv',
  title: 'Demandes (CSV)',
  access: members('coordinator'),
  respond: async ctx => ({ name: `demandes-${ctx.today}.csv`, type: CSV_TYPE, body: csv(columns(ctx.today), await exported(ctx, 'csv')) }),
})
export const xlsxExport = download({
  path: '/c/:cpts/demandes/export.xlsx',
  title: 'Demandes (XLSX)',
  access: members('coordinator'),
  respond: async ctx => ({
    name: `demandes-${ctx.today}.xlsx`,
    type: XLSX_TYPE,
    body: await xlsx('Demandes', columns(ctx.today), await exported(ctx, 'xlsx')),
  }),
})
