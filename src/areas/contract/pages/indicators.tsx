/** Indicators: what each is, what it is worth in a year, and the events or proofs that make the number. */

import { type AccessCount, type AccessEvent, accessEvents } from '#areas/gp-access/index.ts'
import { type Ratio, sayRatio, targetOf, type Value } from '#domain/contract/index.ts'
import { hasRole } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import type { Ctx } from '#platform/page.ts'
import { page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Cluster,
  Count,
  DataTable,
  Empty,
  Facts,
  Filters,
  frDate,
  frNumber,
  frPercent,
  LinkButton,
  P,
  Pager,
  PageTitle,
  Section,
  Tag,
} from '#platform/ui/index.ts'
import { catalogue, type Definition, definitionOf, FEWEST, missionLabel, proofsFor, type Span, tellable, worth } from '../rules.ts'
import { type Account, accountOf } from '../store.ts'
import { FromDiagnosis, TakenFrom } from './from-diagnosis.tsx'
import { yearAsked, yearChips } from './money.tsx'
import { mayCount, mayWrite, readers, Tabs } from './words.tsx'

export const sourceWords: Record<Definition['source'], string> = {
  requests: 'Demandes enregistrées dans Trame',
  proofs: 'Preuves déposées dans Trame',
  import: 'Fichier de la CPAM ou de l’ARS',
}

/** @param count whether small numbers of people may be told */
export function valueText(count: boolean, d: Definition, value: Value): string {
  if (value.state === 'unavailable') return 'Non disponible'
  if (value.state === 'done') return value.done ? 'Oui' : 'Non'
  const { numerator, denominator } = value.ratio
  if (d.measure !== 'share') return frNumber(numerator / denominator)
  if (d.source === 'requests' && !count && !tellable(value.ratio))
    return denominator < FEWEST ? 'Petit effectif' : `environ ${frPercent(Math.round((20 * numerator) / denominator) / 20)}`
  return `${frPercent(numerator / denominator, 1)} (${frNumber(numerator)} sur ${frNumber(denominator)})`
}
export const targetText = (d: Definition, target: Ratio | null): string =>
  d.measure === 'done'
    ? 'fait'
    : target
      ? d.measure === 'share'
        ? frPercent(target.numerator / target.denominator)
        : sayRatio(target)
      : ''

export interface Line {
  d: Definition
  value: Value
  weight: number
  target: string
  baseline: string
  proofs: number
}
export function linesOf(account: Account, span: Span): Line[] {
  const evidence = account.evidence.get(span.year)
  return catalogue.flatMap((d): Line[] => {
    const chosen = account.chosen.find(c => c.code === d.code)
    if (!evidence) return []
    const e = evidence(d.code)
    const own = account.contract.indicators.find(i => i.id === d.code)
    return [
      {
        d,
        value: worth(d, span, e),
        weight: chosen?.weight ?? 0,
        target: own ? targetText(d, targetOf(own, span.year)) : '',
        baseline: chosen ? (chosen.baseline ? targetText(d, chosen.baseline) : (chosen.baselineMissing ?? '')) : '',
        proofs: proofsFor(d.code, span, e.proofs).length,
      },
    ]
  })
}
export const hrefOf = (ctx: Ctx, code: string, year: number) => `${ctx.home}/contrat/indicateur?code=${code}&annee=${year}`

export const indicatorsPage = page({
  path: '/c/:cpts/contrat/indicateurs',
  title: 'Indicateurs',
  access: readers,
  async show(ctx) {
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    const write = mayWrite(ctx)
    if (!account || account.statement.years.length === 0)
      return (
        <>
          <PageTitle title="Indicateurs" />
          <Tabs ctx={ctx} at="/contrat/indicateurs" />
          <Empty
            title="Aucun contrat signé n’est enregistré"
            action={write && <LinkButton href={`${ctx.home}/contrat/termes`}>Enregistrer la signature</LinkButton>}
          >
            Les indicateurs se lisent par année de contrat.
          </Empty>
        </>
      )
    const year = yearAsked(ctx, account)
    const lines = linesOf(account, year).filter(l => account.contract.terms.missions.includes(l.d.mission) || l.weight > 0)
    const chosen = lines.filter(l => l.weight > 0)
    const here = `${ctx.home}/contrat/indicateurs`
    return (
      <>
        <PageTitle
          title="Indicateurs"
          count={chosen.length}
          lead="Un chiffre est compté sur ce qui a eu lieu ; il s’ouvre sur ses événements ou ses preuves. Non disponible n’est jamais zéro."
        />
        <Tabs ctx={ctx} at="/contrat/indicateurs" />
        <Filters
          label="Années du contrat"
          chips={yearChips(account, year.year, ctx.today, n => `${here}?annee=${n}`)}
          exports={sheetLinks(here, `?annee=${year.year}`)}
        />
        <Section title="Au contrat" lead="Ceux-ci font la part variable, selon leur poids.">
          <IndicatorTable
            ctx={ctx}
            lines={chosen}
            year={year.year}
            empty={
              write ? 'Ouvrez un indicateur ci-dessous et donnez-lui le poids du contrat.' : 'La coordination ne les a pas encore saisis.'
            }
          />
        </Section>
        <Section title="Suivis sans poids" lead="Calculés ou saisis, ils n’entrent pas dans la part variable.">
          <IndicatorTable ctx={ctx} lines={lines.filter(l => l.weight === 0)} year={year.year} />
        </Section>
      </>
    )
  },
})

function IndicatorTable({ ctx, lines, year, empty }: { ctx: Ctx; lines: Line[]; year: number; empty?: string }) {
  return (
    <>
      <Count n={lines.length} one="indicateur" many="indicateurs" />
      <DataTable
        caption="Indicateurs de l’année"
        captionHidden
        rows={lines}
        rowHref={l => hrefOf(ctx, l.d.code, year)}
        columns={[
          { key: 'name', label: 'Indicateur', cell: l => l.d.name },
          { key: 'mission', label: 'Mission', cell: l => missionLabel(l.d.mission) },
          {
            key: 'value',
            label: 'Cette année',
            cell: l =>
              l.value.state === 'unavailable' ? (
                <>
                  <Tag tone="wait">Non disponible</Tag>
                  <div class="note">{l.value.reason}</div>
                </>
              ) : (
                valueText(mayCount(ctx), l.d, l.value)
              ),
          },
          { key: 'target', label: 'Cible', cell: l => l.target },
          { key: 'baseline', label: 'Départ (T0)', cell: l => l.baseline },
          { key: 'weight', label: 'Poids', numeric: true, cell: l => (l.weight ? frPercent(l.weight / 10_000) : '') },
          { key: 'source', label: 'Source', cell: l => sourceWords[l.d.source] },
        ]}
        empty={{ title: 'Aucun indicateur n’a de poids', children: empty }}
      />
    </>
  )
}

export const indicatorSheets = sheet<Line>({
  path: '/c/:cpts/contrat/indicateurs',
  title: 'Indicateurs',
  access: readers,
  columns: [
    { label: 'Indicateur', value: l => l.d.name },
    { label: 'Mission', value: l => missionLabel(l.d.mission) },
    { label: 'Valeur', value: l => (l.value.state === 'measured' ? sayRatio(l.value.ratio) : l.value.state === 'done' ? 'oui' : '') },
    { label: 'Non disponible, parce que', value: l => (l.value.state === 'unavailable' ? l.value.reason : '') },
    { label: 'Cible', value: l => l.target },
    { label: 'Départ (T0)', value: l => l.baseline },
    { label: 'Poids (%)', type: 'number', value: l => l.weight / 100 },
    { label: 'Numérateur', value: l => l.d.numerator },
    { label: 'Dénominateur', value: l => l.d.denominator ?? '' },
    { label: 'Source', value: l => sourceWords[l.d.source] },
    { label: 'Preuves', type: 'number', value: l => l.proofs },
  ],
  async rows(ctx, format) {
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    if (!account || account.statement.years.length === 0) return []
    const year = yearAsked(ctx, account)
    await audit(ctx.tx, ctx, { action: 'indicator.export', detail: { format, year: year.year } })
    // What leaves for who pays holds no small number of people.
    return linesOf(account, year).map(l =>
      l.d.source === 'requests' && l.value.state === 'measured' && !mayCount(ctx) && !tellable(l.value.ratio)
        ? { ...l, value: { state: 'unavailable', reason: `Moins de ${FEWEST} personnes : non communiqué` } as const }
        : l,
    )
  },
})

export function askedDefinition(ctx: Ctx): Definition {
  const d = definitionOf(ctx.query.get('code') ?? '')
  if (!d) throw notFound()
  return d
}
export const indicatorPage = page({
  path: '/c/:cpts/contrat/indicateur',
  title: 'Indicateur',
  access: readers,
  async show(given, refused) {
    // After a refusal the address has lost its query: the form knows.
    const query = refused && new URLSearchParams({ code: refused.raw.indicator?.[0] ?? '', annee: refused.raw.year?.[0] ?? '' })
    const ctx = query ? { ...given, query } : given
    const d = askedDefinition(ctx)
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    if (!account || account.statement.years.length === 0) throw notFound()
    const year = yearAsked(ctx, account)
    const [line] = linesOf(account, year).filter(l => l.d.code === d.code)
    if (!line) throw notFound()
    const chosen = account.chosen.find(c => c.code === d.code)
    return (
      <>
        <PageTitle
          title={d.name}
          back={{ label: 'Indicateurs', href: `${ctx.home}/contrat/indicateurs?annee=${year.year}` }}
          lead={`${missionLabel(d.mission)} · année ${year.year}, du ${frDate(year.from)} au ${frDate(year.to)}`}
          actions={mayWrite(ctx) && <Acts ctx={ctx} d={d} year={year.year} />}
        />
        <Facts
          columns={2}
          items={[
            {
              label: 'Cette année',
              value: valueText(mayCount(ctx), d, line.value),
              note: line.value.state === 'unavailable' ? line.value.reason : undefined,
            },
            { label: 'Cible', value: line.target, note: d.better === 'lower' ? 'Moins est mieux' : undefined },
            { label: 'Formule', value: d.denominator ? 'Numérateur ÷ dénominateur' : d.measure === 'done' ? 'Fait ou non' : 'Nombre' },
            {
              label: 'Poids dans la part variable',
              value: line.weight ? frPercent(line.weight / 10_000) : 'Aucun',
              note: chosen && `Saisi par ${chosen.by}, le ${frDate(chosen.at)}`,
            },
            { label: 'Numérateur', value: d.numerator },
            { label: 'Dénominateur', value: d.denominator ?? 'Sans objet' },
            { label: 'Source', value: sourceWords[d.source] },
            {
              label: 'Point de départ (T0)',
              value: line.baseline,
              note: chosen?.baselineFigureId && <TakenFrom ctx={ctx} id={chosen.baselineFigureId} />,
            },
          ]}
        />
        <History ctx={ctx} account={account} d={d} />
        {d.source === 'requests' && (
          <Events ctx={ctx} d={d} span={year} total={line.value.state === 'measured' ? line.value.ratio.denominator : 0} />
        )}
        {d.source === 'import' && <Sources ctx={ctx} account={account} d={d} year={year.year} />}
        <FromDiagnosis ctx={ctx} d={d} year={year.year} refused={refused} />
        <Proofs ctx={ctx} account={account} d={d} span={year} />
      </>
    )
  },
})

function Acts({ ctx, d, year }: { ctx: Ctx; d: Definition; year: number }) {
  const q = `?code=${d.code}&annee=${year}`
  return (
    <Cluster>
      {d.source === 'import' && (
        <LinkButton href={`${ctx.home}/contrat/indicateur/chiffre${q}`} kind="primary">
          Saisir un chiffre
        </LinkButton>
      )}
      {d.source === 'proofs' && (
        <LinkButton href={`${ctx.home}/contrat/preuves/ajouter?indicateur=${d.code}`} kind="primary">
          Déposer une preuve
        </LinkButton>
      )}
      <LinkButton href={`${ctx.home}/contrat/indicateur/regler${q}`}>Poids, cible, T0</LinkButton>
    </Cluster>
  )
}

function History({ ctx, account, d }: { ctx: Ctx; account: Account; d: Definition }) {
  const rows = account.spans
    .filter(s => account.evidence.has(s.year))
    .map(s => ({ ...s, value: worth(d, s, account.evidence.get(s.year)!(d.code)) }))
  return (
    <Section title="Année après année">
      <DataTable
        caption="Valeur par année de contrat"
        captionHidden
        rows={rows}
        rowHref={r => hrefOf(ctx, d.code, r.year)}
        columns={[
          { key: 'year', label: 'Année du contrat', cell: r => `Année ${r.year}` },
          { key: 'span', label: 'Du', tight: true, cell: r => `${frDate(r.from)} au ${frDate(r.to)}` },
          { key: 'value', label: 'Valeur', cell: r => valueText(mayCount(ctx), d, r.value) },
          { key: 'why', label: 'Pourquoi', cell: r => (r.value.state === 'unavailable' ? r.value.reason : '') },
        ]}
      />
    </Section>
  )
}

const PAGE = 50
const kindOf: Partial<Record<Definition['code'], AccessCount>> = { 'gp-found': 'found', 'gp-30-days': 'within-30', 'gp-ald': 'ald' }
/** The requests behind the number: the coordination opens each; the others read the count. */
async function Events({ ctx, d, span, total }: { ctx: Ctx; d: Definition; span: Span; total: number }) {
  if (!hasRole(ctx.who, 'coordinator'))
    return (
      <Section title="Ce qui fait ce chiffre">
        <P>Les demandes elles-mêmes ne sont ouvertes qu’à la coordination : aucun patient n’est nommé ici.</P>
      </Section>
    )
  const page = Math.max(1, Math.min(1000, Number(ctx.query.get('page')) || 1))
  const events = await accessEvents(ctx.tx, kindOf[d.code] ?? 'found', span.from, span.to, { limit: PAGE, offset: (page - 1) * PAGE })
  await audit(ctx.tx, ctx, { action: 'indicator.events', detail: { code: d.code, year: span.year, shown: events.length } })
  return (
    <Section title="Ce qui fait ce chiffre" count={total}>
      <DataTable
        caption="Demandes du calcul"
        captionHidden
        rows={events}
        rowHref={e => `${ctx.home}/demandes/${e.id}`}
        columns={[
          { key: 'since', label: 'Demande du', cell: (e: AccessEvent) => frDate(e.since) },
          { key: 'closed', label: 'Médecin traitant déclaré le', tight: true, cell: e => (e.closedAt ? frDate(e.closedAt) : '') },
          {
            key: 'counts',
            label: 'Au numérateur',
            cell: e => (e.counts ? <Tag tone="ok">Compte</Tag> : <Tag tone="neutral">Au dénominateur seulement</Tag>),
          },
        ]}
        empty={{ title: 'Aucune demande n’entre dans ce calcul', children: 'Le chiffre est non disponible, et non zéro.' }}
      />
      <Pager page={page} pages={Math.ceil(total / PAGE)} hrefFor={n => `${hrefOf(ctx, d.code, span.year)}&page=${n}`} />
    </Section>
  )
}

function Sources({ ctx, account, d, year }: { ctx: Ctx; account: Account; d: Definition; year: number }) {
  const held = account.evidence.get(year)?.(d.code).imported
  if (!held) return null
  return (
    <Section title="D’où vient ce chiffre">
      <Facts
        columns={2}
        items={[
          { label: 'Chiffre', value: held.ratio ? sayRatio(held.ratio) : null, note: held.unavailable ?? undefined },
          { label: 'Source', value: held.source, note: `Datée du ${frDate(held.extractedOn)}` },
          { label: 'Lien', value: held.diagnosisFigureId ? <TakenFrom ctx={ctx} id={held.diagnosisFigureId} /> : 'Saisi au contrat' },
          {
            label: 'Document',
            value: held.file && (
              <a href={`${ctx.home}/contrat/pieces/${held.file.id}`} download>
                {held.file.name}
              </a>
            ),
          },
          { label: 'Saisi par', value: held.by, note: frDate(held.at) },
        ]}
      />
    </Section>
  )
}

function Proofs({ ctx, account, d, span }: { ctx: Ctx; account: Account; d: Definition; span: Span }) {
  const proofs = proofsFor(d.code, span, account.evidence.get(span.year)!(d.code).proofs)
  return (
    <Section title="Preuves" count={proofs.length}>
      <DataTable
        caption="Preuves qui servent cet indicateur dans l’année"
        captionHidden
        rows={proofs}
        rowHref={p => `${ctx.home}/contrat/preuves/${p.id}`}
        columns={[
          { key: 'title', label: 'Ce que cela prouve' },
          { key: 'day', label: 'Date', tight: true, cell: p => frDate(p.day) },
          { key: 'no', label: 'Ligne du registre', numeric: true },
        ]}
        empty={{ title: 'Aucune preuve ne sert cet indicateur cette année-là' }}
      />
    </Section>
  )
}
