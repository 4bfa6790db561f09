/** How long people wait, by priority, age and commune: published each month, frozen, with what would point at somebody hidden. */
import { DOUBT, ROUND_TO, THRESHOLD } from '#domain/disclosure.ts'
import { open } from '#platform/access.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import { notFound } from '#platform/errors.ts'
import { isDay } from '#platform/fields.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import {
  DataTable,
  Disclosure,
  Empty,
  frDay,
  frMonth,
  frNumber,
  LinkButton,
  P,
  PageTitle,
  plural,
  Section,
  Stack,
  typo,
} from '#platform/ui/index.ts'
import { breakdownNames, firstColumn, type PublishedRow, type PublishedTable } from '../../published.ts'
import { lastPublication, type Publication, publicationMonths, publicationOf } from '../../store/publications.ts'

/** The one of `?mois=2026-10`, or the last. */
async function asked(ctx: Pick<Ctx, 'tx' | 'query'>): Promise<Publication | null> {
  const month = ctx.query.get('mois')
  if (month === null) return lastPublication(ctx.tx)
  const found = isDay(`${month}-01`) ? await publicationOf(ctx.tx, `${month}-01`) : null
  if (!found) throw notFound()
  return found
}
const weeks = (n: number) => plural(n, 'semaine', 'semaines')
const hiddenText = 'masqué'
const peopleText = (r: PublishedRow) => (r.people === null ? hiddenText : `environ ${frNumber(r.people)}`)
const weeksText = (r: PublishedRow) => (r.people === null ? hiddenText : r.weeks === null ? 'pas encore connue' : weeks(r.weeks))

/** What the tables say at a glance. */
function finding({ tables }: Publication): string {
  const whole = tables.find(t => t.weeks !== null)
  return whole
    ? `La moitié trouvent un médecin en ${weeks(whole.weeks!)}`
    : 'Trop de personnes attendent encore pour dire combien de temps il faut'
}

const Table = ({ table, current }: { table: PublishedTable; current: string }) => (
  <Section
    title={breakdownNames[table.by]}
    lead={
      table.month === current
        ? undefined
        : `Chiffres de ${frMonth(table.month)} : de plus récents permettraient de reconnaître quelqu’un, ils attendent d’être plus nombreux.`
    }
  >
    <DataTable
      caption={`Attente ${breakdownNames[table.by].toLowerCase()}`}
      captionHidden
      rows={[...table.rows, { key: '', label: 'Ensemble', people: table.people, weeks: table.weeks }]}
      columns={[
        { key: 'label', label: firstColumn[table.by] },
        { key: 'weeks', label: 'Attente médiane', cell: weeksText },
        { key: 'people', label: 'Personnes', cell: peopleText },
      ]}
    />
  </Section>
)

const How = ({ people }: { people: number }) => (
  <Disclosure summary="Comment ces chiffres sont faits, et ce qui est masqué">
    <ul class="listed">
      {[
        `Ils comptent les personnes vues en attente pendant les douze mois qui finissent avec le mois indiqué : environ ${frNumber(people)}.`,
        'L’attente va de la demande à l’accord d’un médecin. La médiane tient compte de ceux qui attendent encore (méthode de Kaplan et Meier) ; elle est arrondie à la semaine.',
        `Une ligne de moins de ${THRESHOLD} personnes est masquée. Une autre l’est parfois avec elle, pour qu’on ne la retrouve pas par soustraction. Les nombres de personnes sont arrondis à ${ROUND_TO} près.`,
        `Avant chaque publication, Trame cherche ce qu’un lecteur patient pourrait déduire de ce mois et des mois précédents : s’il pouvait placer une ligne masquée entre moins de ${DOUBT} valeurs, rien de nouveau n’est publié.`,
        'Une publication n’est jamais modifiée.',
      ].map(line => (
        <li>{typo(line)}</li>
      ))}
    </ul>
  </Disclosure>
)

export const delaysPage = page({
  path: '/c/:cpts/delais',
  title: 'Combien de temps on attend un médecin',
  access: open,
  posture: 'site',
  async show(ctx) {
    const [publication, months] = [await asked(ctx), await publicationMonths(ctx.tx)]
    if (!publication)
      return (
        <>
          <PageTitle title="Combien de temps on attend un médecin" />
          <Empty title="Rien n’est encore publié">
            {`Les attentes de ${ctx.cpts.name} paraissent au début de chaque mois, dès qu’assez de personnes sont concernées pour que personne ne soit reconnu.`}
          </Empty>
        </>
      )
    const month = publication.month.slice(0, 7)
    return (
      <>
        <PageTitle
          title={finding(publication)}
          lead={`Attente d’un médecin traitant à ${ctx.cpts.name}, douze mois jusqu’à ${frMonth(publication.month)}. Publié le ${frDay(publication.publishedAt, { year: true })}.`}
          actions={
            <LinkButton href={`${ctx.home}/delais/export.csv?mois=${month}`} download>
              Tableur (CSV)
            </LinkButton>
          }
        />
        <Stack gap="loose">
          {publication.tables.map(table => (
            <Table table={table} current={publication.month} />
          ))}
          <How people={publication.people} />
          {months.length > 1 && (
            <P>
              {typo('Autres mois : ')}
              {months
                .filter(m => m !== publication.month)
                .map((m, i) => (
                  <>
                    {i > 0 && ', '}
                    <a href={`?mois=${m.slice(0, 7)}`}>{frMonth(m)}</a>
                  </>
                ))}
            </P>
          )}
          <P>
            <a href={`${ctx.home}/comment-la-liste-est-ordonnee`}>Comment la liste est ordonnée</a>
          </P>
        </Stack>
      </>
    )
  },
})

type Line = PublishedRow & { table: PublishedTable }
const columns: SheetColumn<Line>[] = [
  { label: 'Tableau', value: l => breakdownNames[l.table.by] },
  { label: 'Mois', value: l => l.table.month.slice(0, 7) },
  { label: 'Code', value: l => l.key },
  { label: 'Ligne', value: l => l.label },
  { label: 'Attente médiane (semaines)', value: l => l.weeks, type: 'number' },
  { label: `Personnes (à ${ROUND_TO} près)`, value: l => l.people, type: 'number' },
  { label: 'Remarque', value: l => (l.people === null ? 'masqué' : l.weeks === null ? 'médiane pas encore connue' : '') },
]
export const delaysCsv = download({
  path: '/c/:cpts/delais/export.csv',
  title: 'Attentes publiées (CSV)',
  access: open,
  async respond(ctx) {
    const publication = await asked(ctx)
    if (!publication) throw notFound()
    const lines = publication.tables.flatMap(table => [
      ...table.rows.map(r => ({ ...r, table })),
      { key: '', label: 'Ensemble', people: table.people, weeks: table.weeks, table },
    ])
    return { name: `attentes-${publication.month.slice(0, 7)}.csv`, type: CSV_TYPE, body: csv(columns, lines) }
  },
})
export const delaysRoutes = [delaysPage, delaysCsv] as const
