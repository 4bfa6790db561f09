/** « Diagnostic »: each indicator of the year, the community beside its department, its region and France; the same as files. */
import { audit } from '#platform/audit.ts'
import type { SheetColumn } from '#platform/csv.ts'
import { type Ctx, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Cluster,
  Compare,
  Count,
  Disclosure,
  Empty,
  Filters,
  frDate,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
  Tag,
} from '#platform/ui/index.ts'
import { differ, type Figure, type Indicator, indicators, type Known, levelNames, type Theme, themes } from '../../rules.ts'
import { figureImports } from '../../store.ts'
import {
  askedIndicator,
  at,
  type Diagnosis,
  diagnosisFor,
  drawn,
  figureText,
  gapText,
  indicatorHref,
  LETTERS,
  mayWrite,
  readers,
  textOf,
  unitText,
  valueText,
} from './words.tsx'

interface Filter {
  theme: Theme | null
  year: number | null
  source: string | null
}
const queryOf = (f: Filter) => {
  const q = new URLSearchParams({
    ...(f.theme && { theme: f.theme }),
    ...(f.year && { annee: String(f.year) }),
    ...(f.source && { source: f.source }),
  }).toString()
  return q && `?${q}`
}
/** What the address asks; the latest year that has a figure of the community, or of anything, when it does not say. */
function askedOf(ctx: Pick<Ctx, 'query'>, all: readonly Figure[]): { filter: Filter; years: number[]; sources: string[] } {
  const standing = all.filter(f => !f.withdrawn)
  const years = [...new Set(standing.map(f => f.year))].sort((a, b) => b - a)
  const sources = [...new Set(standing.map(f => f.source))].sort((a, b) => a.localeCompare(b, 'fr'))
  const own = standing.filter(f => f.level === 'community').map(f => f.year)
  const year = years.find(y => String(y) === ctx.query.get('annee')) ?? (own.length ? Math.max(...own) : (years[0] ?? null))
  const theme = ctx.query.get('theme')
  return {
    filter: {
      theme: theme && theme in themes ? (theme as Theme) : null,
      year,
      source: sources.find(s => s === ctx.query.get('source')) ?? null,
    },
    years,
    sources,
  }
}

export const diagnosisPage = page({
  path: '/c/:cpts/diagnostic',
  title: 'Diagnostic',
  access: readers,
  async show(ctx) {
    const everything = await diagnosisFor(ctx, { wide: true })
    const { filter, years, sources } = askedOf(ctx, everything.all)
    const write = mayWrite(ctx)
    const waiting = write ? (await figureImports(ctx.tx)).filter(i => !i.closed) : []
    const title = (
      <PageTitle
        title="Diagnostic"
        lead="De quoi le territoire a besoin, d’après les chiffres publiés : chacun a sa source, sa date et son historique. Deux sources peuvent se contredire ; les deux restent."
        actions={write && <Acts ctx={ctx} />}
      />
    )
    const pending = waiting.map(i => (
      <Notice tone="wait" title={`Le fichier « ${i.file.name} » attend votre décision`}>
        <a href={at(ctx, `/imports/${i.id}`)}>Voir ce qu’il change, puis l’importer ou y renoncer</a>
      </Notice>
    ))
    if (filter.year === null)
      return (
        <>
          {title}
          {pending}
          <Empty
            title="Aucun chiffre n’est encore enregistré"
            action={write && <LinkButton href={at(ctx, '/importer')}>Importer un fichier</LinkButton>}
          >
            {write
              ? 'Relevez sur Rezone CPTS et C@rtoSanté les chiffres de vos communes, recopiez-les dans le fichier modèle, puis importez-le. Ou saisissez un premier chiffre.'
              : 'La coordination les importe de Rezone CPTS, de C@rtoSanté ou de l’Assurance maladie.'}
          </Empty>
        </>
      )
    const d = filter.source ? await diagnosisFor(ctx, { source: filter.source, wide: true }) : everything
    const year = filter.year
    const shown = indicators.filter(
      i => (!filter.theme || i.theme === filter.theme) && d.known.some(k => k.code === i.code && k.year === year && k.level !== 'commune'),
    )
    const without = indicators.filter(
      i => (!filter.theme || i.theme === filter.theme) && !d.known.some(k => k.code === i.code && k.year === year),
    )
    const here = at(ctx)
    const href = (o: Partial<Filter>) => here + queryOf({ ...filter, ...o })
    return (
      <>
        {title}
        {pending}
        <Filters
          label="Thèmes"
          chips={[
            { label: 'Tous les thèmes', href: href({ theme: null }), on: !filter.theme },
            ...Object.entries(themes).map(([theme, label]) => ({
              label,
              href: href({ theme: theme as Theme }),
              on: filter.theme === theme,
            })),
          ]}
          exports={sheetLinks(here, queryOf(filter))}
        />
        <Filters label="Années" chips={years.map(y => ({ label: String(y), href: href({ year: y }), on: y === year }))} />
        {sources.length > 1 && (
          <Filters
            label="Sources"
            chips={[
              { label: 'Toutes les sources', href: href({ source: null }), on: !filter.source },
              ...sources.map(source => ({ label: source, href: href({ source }), on: filter.source === source })),
            ]}
          />
        )}
        <Count n={shown.length} of={shown.length + without.length} one="indicateur" many="indicateurs" />
        {shown.length === 0 && (
          <Empty title={`Aucun chiffre pour ${year} avec ces filtres`}>
            Choisissez une autre année, un autre thème ou toutes les sources.
          </Empty>
        )}
        {(Object.keys(themes) as Theme[]).map(theme => (
          <ThemePicture ctx={ctx} d={d} year={year} theme={theme} shown={shown.filter(i => i.theme === theme)} />
        ))}
        {without.length > 0 && (
          <Disclosure summary={`${plural(without.length, 'indicateur', 'indicateurs')} sans chiffre pour ${year}`}>
            <ul class="steps">
              {without.map(i => (
                <li>
                  <a href={indicatorHref(ctx, i.code)}>{i.name}</a>
                </li>
              ))}
            </ul>
          </Disclosure>
        )}
      </>
    )
  },
})

const Acts = ({ ctx }: { ctx: Ctx }) => (
  <Cluster>
    <LinkButton href={at(ctx, '/importer')} kind="primary">
      Importer un fichier
    </LinkButton>
    <LinkButton href={at(ctx, '/chiffre')}>Saisir un chiffre</LinkButton>
  </Cluster>
)

interface ThemeProps {
  ctx: Ctx
  d: Diagnosis
  year: number
  theme: Theme
  shown: readonly Indicator[]
}
function ThemePicture({ ctx, d, year, theme, shown }: ThemeProps) {
  if (shown.length === 0) return null
  const own = (i: Indicator) => d.find({ code: i.code, level: 'community', place: '', year })
  const other = (i: Indicator) => d.others.map(o => d.find({ ...o, code: i.code, year }))
  return (
    <Section title={themes[theme]} count={shown.length}>
      <Compare
        title={finding(d, shown, year)}
        source={sourcesOf(shown.flatMap(i => [own(i), ...other(i)].flatMap(k => k ?? [])))}
        ours={ctx.cpts.name}
        others={d.others.map(o => ({ letter: LETTERS[o.level as keyof typeof LETTERS], name: d.name(o) }))}
        rows={shown.map(i => {
          const k = own(i)
          return {
            label: i.name,
            href: indicatorHref(ctx, i.code, year),
            note: <RowNote i={i} k={k} />,
            ours: { value: drawn(d, i, k), text: k ? textOf(d, i, k) : 'Pas de chiffre' },
            // Numbers of people of a whole country have no place on the scale of a territory.
            others: other(i).map(o => (o ? { value: i.measure === 'count' ? null : drawn(d, i, o), text: textOf(d, i, o) } : null)),
          }
        })}
      />
    </Section>
  )
}
function RowNote({ i, k }: { i: Indicator; k: Known | undefined }) {
  const reason = k?.used.worth.kind === 'missing' ? k.used.worth.reason : null
  if (!reason && !k?.gap && !unitText(i)) return null
  return (
    <>
      {unitText(i)}
      {reason && <div>{reason}</div>}
      {k?.gap && (
        <div>
          <Tag tone="wait">{`${k.sources.length} sources, ${gapText(i, k.gap)} d’écart`}</Tag>
        </div>
      )}
    </>
  )
}
/**
 * Of indicators where more or less is better, on how many the community does worse; of the others, the one that stands furthest
 * apart. Beside France, or beside what there is.
 */
function finding(d: Diagnosis, shown: readonly Indicator[], year: number): string {
  const reference = d.others.find(o => o.level === 'country') ?? d.others[0]
  const both = shown.flatMap(i => {
    const ours = drawn(d, i, d.find({ code: i.code, level: 'community', place: '', year }))
    const theirs = reference && i.measure !== 'count' ? drawn(d, i, d.find({ ...reference, code: i.code, year })) : null
    return ours !== null && theirs !== null ? [{ i, ours, theirs }] : []
  })
  if (both.length === 0 || !reference) return plural(shown.length, 'indicateur', 'indicateurs')
  const whom = reference.level === 'country' ? 'la France' : d.name(reference)
  const judged = both.filter(b => b.i.better)
  const worse = judged.filter(({ i, ours, theirs }) => differ(i, ours, theirs) && ours > theirs === (i.better === 'lower')).length
  if (judged.length === 0) {
    const [apart] = both.toSorted((a, b) => Math.abs(b.ours - b.theirs) / b.theirs - Math.abs(a.ours - a.theirs) / a.theirs)
    const { i, ours, theirs } = apart as (typeof both)[number]
    return `${i.name} : ${valueText(i, ours)}, contre ${valueText(i, theirs)} pour ${whom}`
  }
  if (worse === 0) return `${judged.length === 1 ? 'Au' : 'Partout au'} moins aussi favorable que ${whom}`
  if (worse === judged.length) return `${worse === 1 ? 'Moins' : 'Partout moins'} favorable que ${whom}`
  return `Moins favorable que ${whom} pour ${plural(worse, 'indicateur', 'indicateurs')} sur ${judged.length}`
}
const sourcesOf = (all: readonly Known[]): string =>
  `Sources : ${[...new Set(all.map(k => `${k.used.source}, ${frDate(k.used.extractedOn)}`))].slice(0, 6).join(' ; ')}.`

interface SheetLine {
  i: Indicator
  k: Known
  f: Figure
  d: Diagnosis
}
const counts = (l: SheetLine, part: 'numerator' | 'denominator') => (l.f.worth.kind === 'ratio' && l.d.told(l.f) ? l.f.worth[part] : null)
/** Every source of every place, in the order of the catalogue. */
const sheetLines = (d: Diagnosis, keep: (k: Known, i: Indicator) => boolean): SheetLine[] =>
  indicators.flatMap(i => d.known.filter(k => k.code === i.code && keep(k, i)).flatMap(k => k.sources.map(f => ({ i, k, f, d }))))
const columns: SheetColumn<SheetLine>[] = [
  { label: 'Thème', value: l => themes[l.i.theme] },
  { label: 'Code', value: l => l.i.code },
  { label: 'Indicateur', value: l => l.i.name },
  { label: 'Échelle', value: l => levelNames[l.f.level] },
  { label: 'Code du lieu', value: l => l.f.place },
  { label: 'Lieu', value: l => l.d.name(l.f) },
  { label: 'Année', type: 'number', value: l => l.f.year },
  { label: 'Valeur', type: 'number', value: l => roundedOf(l) },
  { label: 'Unité', value: l => l.i.unit },
  { label: 'Numérateur', type: 'number', value: l => counts(l, 'numerator') },
  { label: 'Dénominateur', type: 'number', value: l => counts(l, 'denominator') },
  {
    label: 'Non disponible',
    value: l => (l.f.worth.kind === 'missing' ? l.f.worth.reason : l.d.told(l.f) ? '' : figureText(l.i, l.f.worth, false)),
  },
  { label: 'Source', value: l => l.f.source },
  { label: 'Date d’extraction', type: 'date', value: l => l.f.extractedOn },
  { label: 'Document', value: l => l.f.file?.name },
  { label: 'Utilisée', value: l => (l.f === l.k.used ? 'oui' : 'non') },
  { label: 'Raison du choix', value: l => (l.f === l.k.used ? l.k.choice?.reason : '') },
]
export const diagnosisSheets = sheet<SheetLine>({
  path: '/c/:cpts/diagnostic',
  title: 'Diagnostic',
  access: readers,
  columns,
  async rows(ctx, format) {
    const { filter } = askedOf(ctx, (await diagnosisFor(ctx, { wide: true })).all)
    const d = await diagnosisFor(ctx, { source: filter.source })
    const lines = sheetLines(d, (k, i) => k.year === filter.year && (!filter.theme || i.theme === filter.theme))
    await audit(ctx.tx, ctx, { action: 'diagnosis.export', detail: { format, rows: lines.length } })
    return lines
  },
})
/** One indicator in one year. */
export const indicatorSheets = sheet<SheetLine>({
  path: '/c/:cpts/diagnostic/indicateur',
  title: 'Indicateur du diagnostic',
  access: readers,
  columns,
  async rows(ctx, format) {
    const i = askedIndicator(ctx)
    const d = await diagnosisFor(ctx, { code: i.code })
    const lines = sheetLines(d, k => String(k.year) === ctx.query.get('annee'))
    await audit(ctx.tx, ctx, { action: 'diagnosis.export', detail: { format, code: i.code, rows: lines.length } })
    return lines
  },
})
function roundedOf(l: SheetLine): number | null {
  const value = l.d.told(l.f) ? drawn(l.d, l.i, { ...l.k, used: l.f }) : null
  return value === null ? null : Math.round(value * 1000) / 1000
}
