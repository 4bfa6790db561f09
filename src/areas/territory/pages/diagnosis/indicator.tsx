/** One indicator: what it is worth here and elsewhere, year after year, commune by commune, source by source, and every figure ever written. */
import { maybe, sql } from '#platform/db/types.ts'
import { notFound } from '#platform/errors.ts'
import { giveFile } from '#platform/files.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import { sheetLinks } from '#platform/sheet.ts'
import {
  Cluster,
  Count,
  DataTable,
  Disclosure,
  Empty,
  Facts,
  Filters,
  frDate,
  LinkButton,
  PageTitle,
  plural,
  Section,
  Stack,
  Tag,
  Trend,
  typo,
  ValueMap,
} from '#platform/ui/index.ts'
import { type Figure, type Indicator, inUnit, type Known, levelNames, themes } from '../../rules.ts'
import {
  askedIndicator,
  at,
  backToDiagnosis,
  counters,
  type Diagnosis,
  diagnosisFor,
  drawn,
  figureText,
  gapText,
  indicatorHref,
  LETTERS,
  mayCount,
  mayWrite,
  readers,
  textOf,
  unitText,
  valueText,
} from './words.tsx'
import { chooseHref } from './write.tsx'

export const diagnosisIndicatorPage = page({
  path: '/c/:cpts/diagnostic/indicateur',
  title: 'Indicateur du diagnostic',
  access: readers,
  async show(ctx) {
    const i = askedIndicator(ctx)
    const d = await diagnosisFor(ctx, { code: i.code })
    const years = [...new Set(d.known.map(k => k.year))].sort((a, b) => b - a)
    const year = years.find(y => String(y) === ctx.query.get('annee')) ?? years[0]
    const title = (
      <PageTitle
        title={i.name}
        back={backToDiagnosis(ctx)}
        lead={`${themes[i.theme]}. ${i.denominator ? `${i.numerator}, parmi : ${i.denominator.charAt(0).toLowerCase()}${i.denominator.slice(1)}` : i.numerator}${unitText(i) ? ` (${unitText(i)})` : ''}.`}
        actions={mayWrite(ctx) && <LinkButton href={at(ctx, `/chiffre?code=${i.code}`)}>Saisir un chiffre</LinkButton>}
      />
    )
    if (year === undefined)
      return (
        <>
          {title}
          <Empty
            title="Aucun chiffre pour cet indicateur"
            action={mayWrite(ctx) && <LinkButton href={at(ctx, '/importer')}>Importer un fichier</LinkButton>}
          >
            {d.all.length
              ? 'Ceux qui avaient été écrits ont été retirés ; ils sont dans l’historique.'
              : 'Saisissez-en un, ou importez un fichier.'}
          </Empty>
          <History ctx={ctx} i={i} d={d} />
        </>
      )
    const own = d.find({ code: i.code, level: 'community', place: '', year })
    return (
      <>
        {title}
        <Filters label="Années" chips={years.map(y => ({ label: String(y), href: indicatorHref(ctx, i.code, y), on: y === year }))} />
        {own && <Own ctx={ctx} i={i} d={d} k={own} />}
        <Years ctx={ctx} i={i} d={d} />
        <Communes i={i} d={d} year={year} />
        <Sources ctx={ctx} i={i} d={d} year={year} />
        <History ctx={ctx} i={i} d={d} />
      </>
    )
  },
})

interface Of {
  ctx: Ctx
  i: Indicator
  d: Diagnosis
}
const DocumentLink = ({ ctx, f }: { ctx: Ctx; f: Figure }) =>
  f.file && mayCount(ctx) ? (
    <a href={at(ctx, `/documents/${f.file.id}`)} download>
      {f.file.name}
    </a>
  ) : (
    (f.file?.name ?? null)
  )

function Own({ ctx, i, d, k }: Of & { k: Known }) {
  const f = k.used
  return (
    <Stack>
      <Facts
        columns={2}
        items={[
          {
            label: `${ctx.cpts.name}, ${k.year}`,
            value: figureText(i, f.worth, d.told(f), true),
            note: f.worth.kind === 'missing' ? f.worth.reason : unitText(i) || undefined,
          },
          {
            label: 'Source',
            value: f.source,
            note: `Extraite le ${frDate(f.extractedOn)}${k.choice ? `. Choisie par ${k.choice.by}, le ${frDate(k.choice.at)} : ${k.choice.reason}` : ''}`,
          },
          { label: 'Document', value: <DocumentLink ctx={ctx} f={f} />, note: `Saisi par ${f.by}, le ${frDate(f.at)}` },
          {
            label: 'Autres sources',
            value: k.sources.length > 1 ? plural(k.sources.length - 1, 'autre source', 'autres sources') : 'Aucune',
            note: k.gap === null ? undefined : `${gapText(i, k.gap)} d’écart`,
          },
        ]}
      />
      {mayWrite(ctx) && k.sources.length > 1 && (
        <Cluster>
          <LinkButton href={chooseHref(ctx, k)}>Choisir la source utilisée</LinkButton>
        </Cluster>
      )}
    </Stack>
  )
}

/** Every year between the first and the last: a hole in a series is seen. */
function Years({ ctx, i, d }: Of) {
  const wide = d.known.filter(k => k.level !== 'commune')
  if (wide.length === 0) return null
  const [first, last] = [Math.min(...wide.map(k => k.year)), Math.max(...wide.map(k => k.year))]
  const years = Array.from({ length: last - first + 1 }, (_, n) => first + n)
  const places = [{ level: 'community', place: '' } as const, ...(i.measure === 'count' ? [] : d.others)]
  const series = places.map(p => {
    const by = years.map(year => d.find({ ...p, code: i.code, year }))
    return {
      name: d.name(p),
      short: p.level === 'community' ? '' : LETTERS[p.level as keyof typeof LETTERS],
      values: by.map(k => drawn(d, i, k)),
      texts: by.map(k => textOf(d, i, k)),
    }
  })
  const own = series[0]!.values.filter(v => v !== null)
  const [from, to] = [own[0], own.at(-1)]
  const title =
    from === undefined || to === undefined
      ? 'Aucune valeur de la communauté'
      : own.length === 1
        ? `${valueText(i, to)} en ${years[series[0]!.values.indexOf(to)]}`
        : valueText(i, from) === valueText(i, to)
          ? `Stable à ${valueText(i, to)} de ${first} à ${last}`
          : `De ${valueText(i, from)} à ${valueText(i, to)} entre ${first} et ${last}`
  return (
    <Section title="Année après année">
      <Trend
        title={title}
        years={years}
        series={series.filter(s => s.values.some(v => v !== null)).slice(0, 4)}
        format={v => valueText(i, v)}
        source={`${ctx.cpts.name}, et les sources que la communauté utilise.`}
      />
    </Section>
  )
}

function Communes({ i, d, year }: Omit<Of, 'ctx'> & { year: number }) {
  const placed = d.communes.flatMap(c => (c.lon === null || c.lat === null ? [] : [{ ...c, lon: c.lon, lat: c.lat }]))
  const of = new Map(d.communes.map(c => [c.code, d.find({ code: i.code, level: 'commune', place: c.code, year })]))
  const values = [...of].flatMap(([code, k]) => (k && drawn(d, i, k) !== null ? [{ code, v: drawn(d, i, k) as number }] : []))
  if (values.length === 0 || placed.length === 0) return null
  const [low, high] = [values.reduce((a, b) => (b.v < a.v ? b : a)), values.reduce((a, b) => (b.v > a.v ? b : a))]
  const name = (code: string) => d.name({ level: 'commune', place: code })
  const untold = [...of.values()].some(k => k && k.used.worth.kind !== 'missing' && !d.told(k.used))
  return (
    <Section title="Par commune">
      <ValueMap
        title={
          values.length === 1
            ? `${name(low.code)} : ${valueText(i, low.v)}`
            : `De ${valueText(i, low.v)} (${name(low.code)}) à ${valueText(i, high.v)} (${name(high.code)})`
        }
        what={i.name}
        none={untold ? 'petit effectif, ou pas de chiffre' : 'pas de chiffre'}
        source={`${[...new Set([...of.values()].flatMap(k => (k ? [`${k.used.source}, ${frDate(k.used.extractedOn)}`] : [])))].slice(0, 3).join(' ; ')}.`}
        communes={placed.map(c => {
          const k = of.get(c.code)
          const value = drawn(d, i, k)
          const reason = k?.used.worth.kind === 'missing' ? ` : ${k.used.worth.reason}` : ''
          return {
            ...{ code: c.code, name: c.name, lon: c.lon, lat: c.lat, value },
            text: k ? `${figureText(i, k.used.worth, d.told(k.used), true)}${reason}` : 'Pas de chiffre',
            short: value === null ? '' : i.measure === 'share' ? valueText(i, value).replace(/.%$/, '') : valueText(i, value),
          }
        })}
      />
    </Section>
  )
}

/** Every source of every place of the year, the one used marked. */
function Sources({ ctx, i, d, year }: Of & { year: number }) {
  const of = d.known.filter(k => k.year === year).toSorted((a, b) => order(a) - order(b) || d.name(a).localeCompare(d.name(b), 'fr'))
  const lines = of.flatMap(k => k.sources.map(f => ({ k, f })))
  return (
    <Section title={`Sources de ${year}`} count={lines.length} id="sources">
      <Filters chips={[]} exports={sheetLinks(at(ctx, '/indicateur'), `?code=${i.code}&annee=${year}`)} />
      <Count n={lines.length} one="chiffre" many="chiffres" />
      <DataTable
        caption={`Chiffres de ${year}, par lieu et par source`}
        captionHidden
        rows={lines}
        columns={[
          {
            key: 'place',
            label: 'Lieu',
            cell: l =>
              l.f.level === 'commune' ? d.name(l.f) : `${levelNames[l.f.level]}${l.f.level === 'country' ? '' : ` : ${d.name(l.f)}`}`,
          },
          { key: 'value', label: 'Chiffre', cell: l => <Value i={i} d={d} f={l.f} /> },
          { key: 'source', label: 'Source', cell: l => l.f.source },
          { key: 'extractedOn', label: 'Extraite le', tight: true, cell: l => frDate(l.f.extractedOn) },
          {
            key: 'used',
            label: 'Usage',
            cell: l => {
              const word = l.f === l.k.used ? (l.k.choice ? 'Choisie' : 'Utilisée') : 'Gardée'
              return (
                <>
                  {l.k.sources.length > 1 && <Tag tone={l.f === l.k.used ? 'ok' : 'neutral'}>{word}</Tag>}
                  {l.f === l.k.used && l.k.gap !== null && (
                    <div class="note">
                      {mayWrite(ctx) ? (
                        <a href={chooseHref(ctx, l.k)}>{typo(`${gapText(i, l.k.gap)} d’écart : choisir`)}</a>
                      ) : (
                        `${gapText(i, l.k.gap)} d’écart`
                      )}
                    </div>
                  )}
                </>
              )
            },
          },
        ]}
      />
    </Section>
  )
}
const order = (k: Known) => ['community', 'department', 'region', 'country', 'commune'].indexOf(k.level)
function Value({ i, d, f }: { i: Indicator; d: Diagnosis; f: Figure }) {
  const told = d.told(f)
  return (
    <div>
      {figureText(i, f.worth, told, true)}
      {f.worth.kind === 'missing' && <div class="note">{f.worth.reason}</div>}
      {!told && inUnit(i, f.worth) !== null && <div class="note">Moins de onze personnes, ou déductible : lu par la coordination.</div>}
    </div>
  )
}

const SHOWN = 60
/** What was written, corrected and taken back, newest first. */
function History({ ctx, i, d }: Of) {
  if (d.all.length === 0) return null
  const lines = d.all.slice(0, SHOWN)
  return (
    <Section title="Historique" count={d.all.length} lead="Rien n’est remplacé : ce qui a été corrigé ou retiré reste lisible.">
      <Disclosure
        summary={d.all.length > SHOWN ? `Les ${SHOWN} derniers chiffres écrits` : 'Tout ce qui a été écrit'}
        open={d.all.some(f => f.withdrawn)}
      >
        <DataTable
          caption="Tout ce qui a été écrit"
          captionHidden
          rows={lines}
          columns={[
            { key: 'what', label: 'Lieu et année', cell: f => `${d.name(f)}, ${f.year}` },
            { key: 'value', label: 'Chiffre', cell: f => <Value i={i} d={d} f={f} /> },
            { key: 'source', label: 'Source', cell: f => `${f.source}, ${frDate(f.extractedOn)}` },
            { key: 'document', label: 'Document', cell: f => <DocumentLink ctx={ctx} f={f} /> },
            { key: 'by', label: 'Écrit', cell: f => `${frDate(f.at)}, ${f.by}` },
            {
              key: 'state',
              label: 'État',
              cell: f =>
                f.withdrawn ? (
                  <>
                    <Tag tone="stop">Retiré</Tag>
                    <div class="note">{`${f.withdrawn.reason} (${f.withdrawn.by}, ${frDate(f.withdrawn.at)})`}</div>
                  </>
                ) : mayWrite(ctx) ? (
                  <a href={at(ctx, `/chiffres/${f.id}/retirer`)} aria-label={`Retirer ${d.name(f)}, ${f.year}, ${f.source}`}>
                    Retirer
                  </a>
                ) : (
                  ''
                ),
            },
          ]}
        />
      </Disclosure>
    </Section>
  )
}

/** A document of the diagnosis: found among its own figures and imports, never by the identifier of a file alone. */
export const documentDownload = download({
  path: '/c/:cpts/diagnostic/documents/:id',
  title: 'Document du diagnostic',
  access: counters,
  async respond(ctx) {
    const { id } = ctx.params
    const ours =
      isUuid(id) &&
      (await maybe(
        ctx.tx,
        sql`select 1 where exists (select from app.diagnosis_figure where file_id = ${id}) or exists (select from app.diagnosis_import where file_id = ${id})`,
      ))
    if (!ours) throw notFound()
    return giveFile(ctx.tx, ctx, id)
  },
})
