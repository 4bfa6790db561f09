/** The comparison between communities of one size: ours on the band of the others, what is hidden and why; and whether ours takes part. */
import { FEWEST_COMMUNITIES } from '#domain/comparison.ts'
import { audit } from '#platform/audit.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Count,
  DataTable,
  Disclosure,
  Empty,
  Filters,
  FormView,
  frDate,
  frList,
  frPercent,
  LinkButton,
  P,
  PageTitle,
  plural,
  Ranges,
  Section,
  Tag,
} from '#platform/ui/index.ts'
import { comparisonForm } from '../fields.ts'
import {
  compared,
  type Definition,
  definitionOf,
  isMission,
  type Mission,
  missionLabel,
  missions,
  percentOf,
  type Standing,
  standingOf,
  type TellingBand,
  yearDue,
} from '../rules.ts'
import { accountOf, chooseComparison, comparisonChoices, givenRates, ownLevels, tellingBands } from '../store.ts'
import { cancelTo, comparers, mayWrite, Tabs, writers } from './words.tsx'

const HERE = '/contrat/comparaison'
const percent = (n: number) => frPercent(n / 100)
const standingWords: Record<Standing, { tone: 'ok' | 'neutral' | 'wait'; word: string }> = {
  better: { tone: 'ok', word: 'Mieux que le milieu' },
  same: { tone: 'neutral', word: 'Au milieu' },
  worse: { tone: 'wait', word: 'Moins bien que le milieu' },
}

interface Row {
  d: Definition
  band: TellingBand | null
  /** In percent, as coarse as what the others gave. */
  own: number | null
}
interface Read {
  year: number
  years: number[]
  mission: Mission | null
  used: Mission[]
  /** Null while no contract year ended in that year. */
  size: number | null
  rows: Row[]
}
const queryOf = (year: number, mission: Mission | null) => `?annee=${year}${mission ? `&mission=${mission}` : ''}`

async function read(ctx: Ctx): Promise<Read> {
  const bands = await tellingBands(ctx.tx)
  const due = yearDue(ctx.today)
  const years = [...new Set([due, ...bands.map(b => b.year)])].sort((a, b) => b - a)
  const asked = Number(ctx.query.get('annee'))
  const year = years.includes(asked) ? asked : due
  const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
  const own = account && ownLevels(account, year)
  const named = ctx.query.get('mission') ?? ''
  const mission = isMission(named) ? named : null
  const used = missions.filter(m => compared.some(d => d.mission === m))
  const rows = compared
    .filter(d => !mission || d.mission === mission)
    .map((d): Row => {
      const level = own?.levels.get(d.code)
      return {
        d,
        band: bands.find(b => b.year === year && b.size === own?.size && b.code === d.code) ?? null,
        own: level === undefined ? null : percentOf(level),
      }
    })
  return { year, years, mission, used, size: own?.size ?? null, rows }
}

export const comparisonPage = page({
  path: '/c/:cpts/contrat/comparaison',
  title: 'Comparaison',
  access: comparers,
  async show(ctx) {
    const r = await read(ctx)
    const [choice] = await comparisonChoices(ctx.tx)
    const here = ctx.home + HERE
    const told = r.rows.filter(x => x.band)
    return (
      <>
        <PageTitle
          title="Comparaison"
          lead="Vos taux à côté de ceux des communautés de même taille. Aucune n’est nommée, et aucun de ses taux ne se retrouve."
          actions={
            mayWrite(ctx) && (
              <LinkButton href={`${here}/accord`} kind={choice?.agrees ? undefined : 'primary'}>
                {choice?.agrees ? 'Participation' : 'Participer'}
              </LinkButton>
            )
          }
        />
        <Tabs ctx={ctx} at={HERE} />
        <Filters
          label="Année et mission"
          chips={[
            ...r.years.map(y => ({ label: `${y}`, href: here + queryOf(y, r.mission), on: y === r.year })),
            { label: 'Toutes les missions', href: here + queryOf(r.year, null), on: !r.mission },
            ...r.used.map(m => ({ label: missionLabel(m), href: here + queryOf(r.year, m), on: r.mission === m })),
          ]}
          exports={sheetLinks(here, queryOf(r.year, r.mission))}
        />
        <P muted>
          {choice?.agrees
            ? `Votre communauté donne ses taux depuis le ${frDate(choice.at)}. Décision : ${choice.decision}`
            : 'Votre communauté ne donne pas ses taux. Vous lisez ce que les autres publient ensemble.'}
        </P>
        {r.size === null ? (
          <Empty title={`Aucune année de votre contrat ne s’est achevée en ${r.year}`}>
            On compare des années entières, selon la taille de la communauté à leur dernier jour.
          </Empty>
        ) : (
          <>
            {told.length > 0 && <Picture ctx={ctx} r={r} told={told} size={r.size} />}
            <Section
              title={
                told.length ? 'Les mêmes chiffres dans un tableau' : `Rien n’est encore publié pour les communautés de taille ${r.size}`
              }
              lead={told.length ? undefined : `Il en faut au moins ${FEWEST_COMMUNITIES} qui donnent le même taux la même année.`}
            >
              <Count n={told.length} of={r.rows.length} one="taux publié" many="taux publiés" />
              <ComparisonTable ctx={ctx} r={r} />
            </Section>
          </>
        )}
        <Disclosure summary="Ce qui est masqué, et pourquoi">
          <Hidden />
        </Disclosure>
      </>
    )
  },
})

function finding(told: readonly Row[], size: number): string {
  const stand = told.flatMap(x => (x.own === null ? [] : [standingOf(x.own, x.band!, x.d)]))
  if (stand.length === 0) return `Le milieu des communautés de taille ${size} ; vous n’avez pas de chiffre à y placer`
  const n = (s: Standing) => stand.filter(x => x === s).length
  const said = (['better', 'same', 'worse'] as const).filter(x => n(x) > 0)
  const words = { better: 'mieux que le milieu', same: 'au milieu', worse: 'moins bien que le milieu' }
  const parts = said.map((x, i) => `${words[x]} pour ${i === 0 ? plural(n(x), 'taux', 'taux') : n(x)}`)
  return `Parmi les communautés de taille ${size}, vous êtes ${frList(parts)}`
}
function Picture({ ctx, r, told, size }: { ctx: Ctx; r: Read; told: Row[]; size: number }) {
  return (
    <Ranges
      title={finding(told, size)}
      source={`Années de contrat achevées en ${r.year}. Tous les taux sont arrondis sur une même échelle.`}
      words={{ box: 'la moitié des communautés', middle: 'le milieu', own: 'vous' }}
      rows={told.map(({ d, band, own }) => ({
        label: d.name,
        href: `${ctx.home}/contrat/indicateur?code=${d.code}`,
        note: `${plural(band!.communities, 'communauté', 'communautés')}${d.better === 'lower' ? ' · moins est mieux' : ''}`,
        low: band!.low,
        middle: band!.middle,
        high: band!.high,
        own,
      }))}
    />
  )
}
const ownText = (x: Row) => (x.own === null ? 'Non disponible' : `environ ${percent(x.own)}`)
const rangeText = (b: TellingBand) => (b.low === null || b.high === null ? 'Masqués' : `${percent(b.low)} à ${percent(b.high)}`)
function ComparisonTable({ ctx, r }: { ctx: Ctx; r: Read }) {
  return (
    <DataTable
      caption={`Taux des communautés de taille ${r.size}, ${r.year}`}
      captionHidden
      rows={r.rows}
      rowHref={x => `${ctx.home}/contrat/indicateur?code=${x.d.code}`}
      columns={[
        { key: 'name', label: 'Indicateur', cell: x => x.d.name },
        { key: 'mission', label: 'Mission', cell: x => missionLabel(x.d.mission) },
        { key: 'own', label: 'Vous', numeric: true, cell: ownText },
        { key: 'middle', label: 'Milieu', numeric: true, cell: x => (x.band ? percent(x.band.middle) : <Tag tone="neutral">Masqué</Tag>) },
        { key: 'range', label: 'Quartiles', numeric: true, cell: x => (x.band ? rangeText(x.band) : '') },
        { key: 'n', label: 'Communautés', numeric: true, cell: x => x.band?.communities ?? '' },
        {
          key: 'stand',
          label: 'Où vous êtes',
          cell: x => {
            if (!x.band || x.own === null) return ''
            const s = standingWords[standingOf(x.own, x.band, x.d)]
            return <Tag tone={s.tone}>{s.word}</Tag>
          },
        },
      ]}
    />
  )
}
function Hidden() {
  return (
    <>
      <P>
        {`Un taux est masqué tant que moins de ${FEWEST_COMMUNITIES} communautés de même taille l’ont donné, ou tant que le publier permettrait à l’une d’elles de retrouver celui d’une autre : avec son propre taux, avec les publications précédentes, avec le départ ou l’arrivée d’une communauté.`}
      </P>
      <P>
        Avant chaque publication, Trame fait elle-même ces déductions. Si elles aboutissent, elle ne publie que le milieu ; si elles
        aboutissent encore, rien. Une année publiée ne change plus.
      </P>
      <P>
        Ce qui part d’une communauté : un taux arrondi par indicateur et par an, et sa taille. Ni numérateur, ni dénominateur, ni personne.
        Un taux calculé sur moins de onze personnes ne part pas.
      </P>
      <P>Ne sont comparées que les parts : un nombre de réunions dépend de la taille, un oui ou un non désigne.</P>
    </>
  )
}

export const comparisonSheets = sheet<Row & { year: number; size: number | null }>({
  path: '/c/:cpts/contrat/comparaison',
  title: 'Comparaison',
  access: comparers,
  columns: [
    { label: 'Année', value: x => x.year },
    { label: 'Taille', value: x => x.size ?? '' },
    { label: 'Indicateur', value: x => x.d.name },
    { label: 'Mission', value: x => missionLabel(x.d.mission) },
    { label: 'Vous (%)', type: 'number', value: x => x.own },
    { label: 'Premier quartile (%)', type: 'number', value: x => x.band?.low ?? null },
    { label: 'Milieu (%)', type: 'number', value: x => x.band?.middle ?? null },
    { label: 'Troisième quartile (%)', type: 'number', value: x => x.band?.high ?? null },
    { label: 'Communautés', type: 'number', value: x => x.band?.communities ?? null },
    { label: 'Masqué', value: x => (x.band ? (x.band.low === null ? 'quartiles' : '') : 'tout') },
  ],
  async rows(ctx, format) {
    const r = await read(ctx)
    await audit(ctx.tx, ctx, { action: 'comparison.export', detail: { format, year: r.year } })
    return r.rows.map(x => ({ ...x, year: r.year, size: r.size }))
  },
})

export const comparisonChoicePage = page({
  path: '/c/:cpts/contrat/comparaison/accord',
  title: 'Participer à la comparaison',
  access: writers,
  form: comparisonForm,
  async show(ctx, refused) {
    const choices = await comparisonChoices(ctx.tx)
    const given = await givenRates(ctx.tx)
    const here = ctx.home + HERE
    return (
      <>
        <PageTitle
          title="Participer à la comparaison"
          back={{ label: 'Comparaison', href: here }}
          lead="La décision revient à votre communauté. Elle se reprend quand vous voulez, avec effet à la prochaine publication."
        />
        <FormView
          form={comparisonForm}
          action={`${here}/accord`}
          submit="Enregistrer la décision"
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(here)}
        />
        <Section title="Ce qui part, ce qui est masqué">
          <Hidden />
        </Section>
        <Section title="Ce qui est parti de chez vous">
          <Count n={given.length} one="taux donné" many="taux donnés" />
          <DataTable
            caption="Taux donnés à une publication"
            captionHidden
            rows={given}
            columns={[
              { key: 'name', label: 'Indicateur', cell: g => definitionOf(g.code)?.name ?? g.code },
              { key: 'year', label: 'Année', tight: true, cell: g => String(g.year) },
              { key: 'percent', label: 'Taux, tel qu’il est parti', numeric: true, cell: g => percent(g.percent) },
              { key: 'size', label: 'Taille', numeric: true, cell: g => String(g.size) },
              { key: 'at', label: 'Le', tight: true, cell: g => frDate(g.at) },
            ]}
            empty={{
              title: 'Rien n’est parti de votre communauté',
              children: 'Un taux ne part que le jour où il est publié avec ceux des autres.',
            }}
          />
        </Section>
        {choices.length > 0 && (
          <Section title="Décisions" count={choices.length}>
            <DataTable
              caption="Décisions, la dernière d’abord"
              captionHidden
              rows={choices}
              columns={[
                {
                  key: 'agrees',
                  label: 'Participation',
                  cell: c => (c.agrees ? <Tag tone="ok">Donne ses taux</Tag> : <Tag tone="stop">Ne les donne plus</Tag>),
                },
                { key: 'decision', label: 'Décision', cell: c => c.decision },
                { key: 'by', label: 'Enregistrée par', cell: c => c.by },
                { key: 'at', label: 'Le', tight: true, cell: c => frDate(c.at) },
              ]}
            />
          </Section>
        )}
      </>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const agrees = input.agrees === 'yes'
    if (!(await chooseComparison(ctx.tx, ctx, { agrees, decision: input.decision })))
      return { errors: { agrees: agrees ? 'Votre communauté donne déjà ses taux.' : 'Votre communauté ne donne pas ses taux.' } }
    return {
      to: ctx.home + HERE,
      notice: agrees
        ? 'Décision enregistrée. Vos taux partiront à la prochaine publication, le premier du mois.'
        : 'Décision enregistrée. Plus aucun taux ne partira ; ce qui est publié le reste.',
    }
  },
})
