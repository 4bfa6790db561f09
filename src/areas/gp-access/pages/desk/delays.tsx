/** How long people wait, by priority, age and commune: published each month, frozen, with what would point at somebody hidden. */
import { DOUBT, ROUND_TO, THRESHOLD } from '#domain/disclosure.ts'
import { open } from '#platform/access.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import { notFound } from '#platform/errors.ts'
import { isDay } from '#platform/fields.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import { DataTable, Disclosure, Empty, isFrench, LinkButton, PageTitle, Section, Stack } from '#platform/ui/index.ts'
import { type Breakdown, breakdownNames, type PublishedRow, type PublishedTable, type priorityBands } from '../../published.ts'
import { lastPublication, type Publication, publicationMonths, publicationOf } from '../../store/publications.ts'
import type { AgeGroup } from '../../waiting.ts'
import { type Say, sayIn, titled } from '../../words/index.ts'

/** The one of `?mois=2026-10`, or the last. */
async function asked(ctx: Pick<Ctx, 'tx' | 'query'>): Promise<Publication | null> {
  const month = ctx.query.get('mois')
  if (month === null) return lastPublication(ctx.tx)
  const found = isDay(`${month}-01`) ? await publicationOf(ctx.tx, `${month}-01`) : null
  if (!found) throw notFound()
  return found
}
const peopleText = (r: PublishedRow, say: Say) =>
  r.people === null ? say('delays.hidden') : say('delays.about', { number: say.number(r.people) })
const weeksText = (r: PublishedRow, say: Say) =>
  r.people === null ? say('delays.hidden') : r.weeks === null ? say('delays.notYet') : say('wait.weeks', { n: r.weeks })
/** What a row is called; a commune keeps its name. */
function labelOf(by: Breakdown, r: PublishedRow, say: Say) {
  if (r.key === '') return r.label
  if (by === 'priority') return say(`delays.band.${r.key as (typeof priorityBands)[number]}`)
  if (by === 'age') return say(`delays.age.${r.key as AgeGroup}`)
  return isFrench(say.lang) ? r.label : <bdi lang="fr">{r.label}</bdi>
}

/** What the tables say at a glance. */
function finding({ tables }: Publication, say: Say): string {
  const whole = tables.find(t => t.weeks !== null)
  return whole ? say('delays.half', { n: whole.weeks! }) : say('delays.long')
}

const Table = ({ table, current, say }: { table: PublishedTable; current: string; say: Say }) => (
  <Section
    title={say(`delays.${table.by}`)}
    lead={table.month === current ? undefined : say('delays.older', { month: say.month(table.month) })}
  >
    <DataTable
      caption={say(`delays.${table.by}`)}
      captionHidden
      rows={[...table.rows, { key: '', label: say('delays.all'), people: table.people, weeks: table.weeks }]}
      columns={[
        {
          key: 'label',
          label: table.by === 'commune' ? say('review.commune') : say(`delays.first.${table.by}`),
          cell: r => labelOf(table.by, r, say),
        },
        { key: 'weeks', label: say('delays.wait'), cell: r => weeksText(r, say) },
        { key: 'people', label: say('delays.people'), cell: r => peopleText(r, say) },
      ]}
    />
  </Section>
)

const How = ({ people, say }: { people: number; say: Say }) => (
  <Disclosure summary={say('delays.how')}>
    <ul class="listed">
      {[
        say('delays.how.who', { number: say.number(people) }),
        say('delays.how.median'),
        say('delays.how.rows', { least: THRESHOLD, round: ROUND_TO }),
        say('delays.how.inferred', { doubt: DOUBT }),
        say('delays.how.never'),
      ].map(line => (
        <li>{line}</li>
      ))}
    </ul>
  </Disclosure>
)

export const delaysPage = page({
  path: '/c/:cpts/delais',
  ...titled('rule.delays'),
  access: open,
  posture: 'site',
  spoken: 'open',
  async show(ctx) {
    const say = sayIn(ctx.lang)
    const [publication, months] = [await asked(ctx), await publicationMonths(ctx.tx)]
    if (!publication)
      return (
        <>
          <PageTitle title={say('rule.delays')} />
          <Empty title={say('delays.none')}>{say('delays.none.text', { cpts: ctx.cpts.name })}</Empty>
        </>
      )
    const month = publication.month.slice(0, 7)
    const lead = { cpts: ctx.cpts.name, month: say.month(publication.month), day: say.day(publication.publishedAt, { year: true }) }
    return (
      <>
        <PageTitle
          title={finding(publication, say)}
          lead={say('delays.lead', lead)}
          actions={
            <LinkButton href={`${ctx.home}/delais/export.csv?mois=${month}`} download>
              {say('delays.sheet')}
            </LinkButton>
          }
        />
        <Stack gap="loose">
          {publication.tables.map(table => (
            <Table table={table} current={publication.month} say={say} />
          ))}
          <How people={publication.people} say={say} />
          {months.length > 1 && (
            <p>
              {say('delays.months')}{' '}
              {months
                .filter(m => m !== publication.month)
                .map((m, i) => (
                  <>
                    {i > 0 && ' · '}
                    <a href={say.to(`${ctx.home}/delais?mois=${m.slice(0, 7)}`)}>{say.month(m)}</a>
                  </>
                ))}
            </p>
          )}
          <p>
            <a href={say.to(`${ctx.home}/comment-la-liste-est-ordonnee`)}>{say('rule.title')}</a>
          </p>
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
