/** The territory as everybody in the community sees it: map, communes, population, size. */
import { sizeRanges } from '#domain/size.ts'
import { anyMember, hasRole } from '#platform/access.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import {
  DataTable,
  Empty,
  Filters,
  frDate,
  frList,
  frNumber,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
  Stat,
  Stats,
  TerritoryMap,
  Timeline,
} from '#platform/ui/index.ts'
import { XLSX_TYPE, xlsx } from '#platform/xlsx.ts'
import {
  besideCentres,
  type Population,
  populationOf,
  type Size,
  type SizeDecision,
  sizeOf,
  type TerritoryCommune,
  yearsText,
} from '../rules.ts'
import { alsoClaimed, generalPractitioners, sizeDecisions, territory } from '../store.ts'

const INSEE = (p: Population) => `Source : Insee, populations de référence ${yearsText(p.years)}.`

export const territoryPage = page({
  path: '/c/:cpts/territoire',
  title: 'Territoire',
  access: anyMember,
  async show(ctx) {
    const communes = await territory(ctx.tx)
    const coordinator = hasRole(ctx.who, 'coordinator')
    if (communes.length === 0) return <Nothing home={ctx.home} coordinator={coordinator} />
    const decisions = await sizeDecisions(ctx.tx)
    const claimed = await alsoClaimed(ctx.tx)
    const doctors = await generalPractitioners(ctx.tx)
    const population = populationOf(communes)
    const size = sizeOf(population, decisions)
    const bodies = new Set(communes.flatMap(c => c.epciSiren ?? []))
    const gone = communes.filter(c => !c.known)
    return (
      <>
        <PageTitle
          title="Territoire"
          lead={`${plural(communes.length, 'commune', 'communes')}, ${plural(population.total, 'habitant', 'habitants')}.`}
          actions={
            coordinator && (
              <>
                <LinkButton href={`${ctx.home}/territoire/ajouter`}>Ajouter des communes</LinkButton>
                <LinkButton href={`${ctx.home}/territoire/taille`} kind="quiet">
                  Fixer la taille du contrat
                </LinkButton>
              </>
            )
          }
        />
        {gone.map(c => (
          <Notice tone="wait" title={`Le code ${c.code} n’est plus dans la liste des communes`}>
            {c.mergedInto
              ? `Cette commune fait désormais partie de ${c.mergedInto}. Retirez l’ancien code et ajoutez ${c.mergedInto}.`
              : 'Vérifiez ce code, puis retirez-le.'}
          </Notice>
        ))}
        {claimed.size > 0 && <Claimed communes={communes} claimed={claimed} />}
        <Stats>
          <Stat
            label="Population"
            value={population.total}
            unit="habitants"
            detail={
              population.unknown.length
                ? `Au moins : population inconnue pour ${frList(population.unknown)}.`
                : `Insee, population de référence ${yearsText(population.years)}`
            }
          />
          <Stat label="Communes" value={communes.length} detail={plural(bodies.size, 'intercommunalité', 'intercommunalités')} />
          <SizeStat size={size} />
        </Stats>
        <TerritoryPicture communes={communes} doctors={doctors} population={population} />
        <Communes ctx={ctx} communes={communes} claimed={claimed} coordinator={coordinator} population={population} />
        {decisions.length > 0 && <Decisions decisions={decisions} />}
      </>
    )
  },
})

function Nothing({ home, coordinator }: { home: string; coordinator: boolean }) {
  return (
    <>
      <PageTitle title="Territoire" />
      <Empty
        title="Aucune commune pour le moment"
        action={coordinator && <LinkButton href={`${home}/territoire/ajouter`}>Ajouter des communes</LinkButton>}
      >
        {coordinator
          ? 'Ajoutez vos communes par leur nom, un code postal ou une intercommunalité entière. La population et la taille du contrat en découlent.'
          : 'La coordination n’a pas encore choisi les communes de votre communauté.'}
      </Empty>
    </>
  )
}

function Claimed({ communes, claimed }: { communes: TerritoryCommune[]; claimed: Map<string, string[]> }) {
  const shared = communes.filter(c => claimed.has(c.code))
  return (
    <Notice
      tone="wait"
      title={shared.length === 1 ? 'Une commune est aussi dans une autre CPTS' : `${shared.length} communes sont aussi dans une autre CPTS`}
    >
      {shared.map(c => (
        <p>{`${c.name}\u202f: ${frList(claimed.get(c.code) ?? [])}.`}</p>
      ))}
      <p>Sa population compte des deux côtés. Voyez avec l’autre communauté et la CPAM laquelle la garde.</p>
    </Notice>
  )
}

function SizeStat({ size }: { size: Size }) {
  if (size.size === null) return null
  const { decision } = size
  return (
    <Stat
      label={decision ? 'Taille du contrat' : 'Taille déduite'}
      value={size.size}
      detail={
        decision
          ? `Décidée le ${frDate(decision.decidedOn)}${size.deduced === size.size ? ', comme la population le donne.' : `. La population donnerait la taille ${size.deduced ?? '?'}.`}`
          : `${sizeRanges[size.size]} (ACI)`
      }
    />
  )
}

function Communes(p: {
  ctx: Ctx
  communes: TerritoryCommune[]
  claimed: Map<string, string[]>
  coordinator: boolean
  population: Population
}) {
  const { home } = p.ctx
  const severalBodies = new Set(p.communes.map(c => c.epciName)).size > 1
  return (
    <Section
      title="Communes"
      count={p.communes.length}
      lead={INSEE(p.population)}
      actions={
        <Filters
          chips={[]}
          exports={[
            { label: 'Tableur (Excel)', href: `${home}/territoire.xlsx` },
            { label: 'Tableur (CSV)', href: `${home}/territoire.csv` },
          ]}
        />
      }
    >
      <DataTable
        caption="Communes du territoire"
        captionHidden
        rows={p.communes}
        rowId={c => `c-${c.code}`}
        columns={[
          {
            key: 'name',
            label: 'Commune',
            cell: c => (
              <>
                {c.name}
                {p.claimed.has(c.code) && <div class="note">{`Aussi dans\u202f: ${frList(p.claimed.get(c.code) ?? [])}`}</div>}
              </>
            ),
          },
          { key: 'postalCodes', label: 'Codes postaux', cell: c => c.postalCodes.join(', ') },
          ...(severalBodies ? [{ key: 'epciName', label: 'Intercommunalité', cell: (c: TerritoryCommune) => c.epciName ?? 'Aucune' }] : []),
          { key: 'code', label: 'Code Insee', tight: true },
          {
            key: 'population',
            label: 'Habitants',
            numeric: true,
            cell: c => (c.population === null ? 'Inconnue' : frNumber(c.population)),
          },
          { key: 'year', label: 'Année', numeric: true, cell: c => (c.populationYear ? String(c.populationYear) : '') },
          ...(p.coordinator
            ? [
                {
                  key: 'remove',
                  label: 'Changer',
                  tight: true,
                  cell: (c: TerritoryCommune) => (
                    <a href={`${home}/territoire/communes/${c.code}/retirer`} aria-label={`Retirer ${c.name}`}>
                      Retirer
                    </a>
                  ),
                },
              ]
            : []),
        ]}
        total={{ name: 'Territoire', population: frNumber(p.population.total) }}
      />
      {!severalBodies && p.communes[0]?.epciName && (
        <p class="muted">
          Toutes dans l’intercommunalité {p.communes[0].epciName} ({p.communes[0].epciSiren}).
        </p>
      )}
    </Section>
  )
}

function TerritoryPicture({
  communes,
  doctors,
  population,
}: {
  communes: TerritoryCommune[]
  doctors: Map<string, number>
  population: Population
}) {
  const placed = communes.flatMap(c => (c.lon === null || c.lat === null ? [] : [{ ...c, lon: c.lon, lat: c.lat }]))
  if (placed.length === 0) return null
  const without = communes.filter(c => !doctors.has(c.code)).length
  const title =
    without === 0
      ? 'Chaque commune a au moins un médecin généraliste'
      : without === communes.length
        ? 'Aucun médecin généraliste n’est connu sur le territoire'
        : `${plural(without, 'commune', 'communes')} sur ${frNumber(communes.length)} sans médecin généraliste`
  return (
    <Section title="Carte">
      <TerritoryMap
        title={title}
        communes={placed.map(c => ({ code: c.code, name: c.name, lon: c.lon, lat: c.lat, population: c.population ?? undefined }))}
        demand={placed.map(c => ({ code: c.code, count: Math.round((c.population ?? 0) / 1000) }))}
        doctors={besideCentres(placed)
          .filter(c => doctors.has(c.code))
          .map(c => ({
            id: c.code,
            lon: c.lon,
            lat: c.lat,
            label: `${c.name}\u202f: ${plural(doctors.get(c.code) ?? 0, 'médecin généraliste libéral', 'médecins généralistes libéraux')}`,
          }))}
        unit={['millier d’habitants', 'milliers d’habitants']}
        source={`Population ${yearsText(population.years)} (Insee) ; médecins généralistes libéraux de l’Annuaire Santé. Une marque par commune.`}
      />
    </Section>
  )
}

function Decisions({ decisions }: { decisions: SizeDecision[] }) {
  return (
    <Section title="Décisions sur la taille">
      <Timeline
        label="Décisions sur la taille"
        events={decisions.map(d => ({
          at: d.at,
          title: d.size ? `Taille ${d.size} retenue, décision du ${frDate(d.decidedOn)}` : 'Retour à la taille déduite de la population',
          who: d.by,
          detail: d.reason,
        }))}
      />
    </Section>
  )
}

const columns: SheetColumn<TerritoryCommune & { also: string }>[] = [
  { label: 'Code Insee', value: c => c.code },
  { label: 'Commune', value: c => c.name },
  { label: 'Codes postaux', value: c => c.postalCodes.join(', ') },
  { label: 'Département', value: c => c.department },
  { label: 'SIREN de l’intercommunalité', value: c => c.epciSiren },
  { label: 'Intercommunalité', value: c => c.epciName },
  { label: 'Population', value: c => c.population, type: 'number' },
  { label: 'Année de la population', value: c => c.populationYear, type: 'number' },
  { label: 'Dans le territoire depuis', value: c => c.since, type: 'date' },
  { label: 'Aussi dans', value: c => c.also },
]
async function sheet(ctx: Ctx) {
  const claimed = await alsoClaimed(ctx.tx)
  return (await territory(ctx.tx)).map(c => ({ ...c, also: (claimed.get(c.code) ?? []).join(', ') }))
}
export const territoryCsv = download({
  path: '/c/:cpts/territoire.csv',
  title: 'Communes du territoire (CSV)',
  access: anyMember,
  respond: async ctx => ({ name: `territoire-${ctx.params.cpts}.csv`, type: CSV_TYPE, body: csv(columns, await sheet(ctx)) }),
})
export const territoryXlsx = download({
  path: '/c/:cpts/territoire.xlsx',
  title: 'Communes du territoire (Excel)',
  access: anyMember,
  respond: async ctx => ({
    name: `territoire-${ctx.params.cpts}.xlsx`,
    type: XLSX_TYPE,
    body: await xlsx('Territoire', columns, await sheet(ctx)),
  }),
})
