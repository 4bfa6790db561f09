/** The directory anyone may search: by need, commune and words. Two statements. */

import { besideCentres, territoryCommunes } from '#areas/territory/index.ts'
import { isCommuneCode } from '#domain/ids.ts'
import { DOCTOR } from '#domain/professions.ts'
import { anyMember, hasRole, open } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { CSV_TYPE, csv, type SheetColumn } from '#platform/csv.ts'
import type { Tx } from '#platform/db/types.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import {
  Bars,
  DataTable,
  Filters,
  frDate,
  frNumber,
  LinkButton,
  Pager,
  PageTitle,
  plural,
  Tag,
  TerritoryMap,
  type Tone,
  typo,
} from '#platform/ui/index.ts'
import { XLSX_TYPE, xlsx } from '#platform/xlsx.ts'
import {
  allPartners,
  contradicts,
  countNeeds,
  type NeedCount,
  type Note,
  needOf,
  occupation,
  partnerKinds,
  partnerWords,
} from '../rules.ts'
import { type DirectoryLine, type DirectoryPage, directoryPage, type Exercise, notesOf } from '../store.ts'
import {
  addressOf,
  addressText,
  asOfText,
  DirectoryLinks,
  exercises,
  lineName,
  PhoneLink,
  type Query,
  RPPS_SOURCE,
  vehiclesText,
  verifier,
} from './words.tsx'

const PER_PAGE = 25
/** What an export holds at most: every professional of the largest territories, several times over. */
const EVERYBODY = 50_000

/** A word and a shape beside somebody's name (« 3 places jusqu’au 31/12/2026 »), for the coordination: a doctor's places are not public. */
export interface Badge {
  tone: Tone
  text: string
}
/**
 * Given by another area: what to say of these people, if anything. At most one statement. Only the coordination reads it: who
 * takes patients stays inside the community.
 */
export type Badges = (tx: Tx, rpps: readonly string[], now: Date) => Promise<Map<string, Badge>>

export function queryOf(params: URLSearchParams): Query {
  const commune = params.get('commune') ?? ''
  const exercise = (Object.keys(exercises) as Exercise[]).find(e => exercises[e].key === (params.get('exercice') ?? ''))
  const page = Number(params.get('page') ?? 1)
  return {
    q: (params.get('q') ?? '')
      .normalize('NFC')
      .replace(/[\u0000-\u001f]/g, ' ')
      .trim()
      .slice(0, 80),
    need: needOf(params.get('besoin')),
    commune: isCommuneCode(commune) ? commune : null,
    exercise: exercise ?? 'town',
    map: params.get('carte') === '1',
    page: Number.isInteger(page) && page >= 1 && page <= 2000 ? page : 1,
  }
}
const asked = (q: Query) => ({ text: q.q, commune: q.commune, need: q.need, exercise: q.exercise })

export const listPage = (badges?: Badges) =>
  page({
    path: '/c/:cpts/annuaire',
    title: 'Annuaire',
    access: open,
    async show(ctx) {
      const q = queryOf(ctx.query)
      const found = await directoryPage(ctx.tx, { ...asked(q), limit: PER_PAGE, offset: (q.page - 1) * PER_PAGE })
      const people = [...new Set(found.lines.flatMap(l => (l.kind === 'person' ? l.id : [])))]
      const notes = await notesOf(ctx.tx, people)
      const said =
        badges && people.length && hasRole(ctx.who, 'coordinator') ? await badges(ctx.tx, people, ctx.now) : new Map<string, Badge>()
      const member = ctx.who.kind === 'member'
      const here = (o: Partial<Query>) => addressOf(ctx.home, { ...q, page: 1, ...o })
      const pages = Math.ceil(found.total / PER_PAGE)
      return (
        <>
          <PageTitle
            title="Annuaire"
            lead="Les professionnels de santé et les partenaires du territoire. En cas d’urgence vitale, appelez le 15."
          />
          <DirectoryLinks ctx={ctx} here="list" />
          <SearchForm ctx={ctx} q={q} found={found} />
          <Filters
            label="Filtres de l’annuaire"
            chips={chips(q, found, here)}
            exports={
              member
                ? [
                    { label: 'Tableur (Excel)', href: addressOf(ctx.home, { ...q, page: 1, map: false }, '.xlsx') },
                    { label: 'Tableur (CSV)', href: addressOf(ctx.home, { ...q, page: 1, map: false }, '.csv') },
                  ]
                : undefined
            }
          />
          {q.map && <Places ctx={ctx} q={q} found={found} />}
          <p class="muted tally" role="status">
            {countText(found)}
          </p>
          <DataTable
            caption={captionOf(q, found)}
            captionHidden
            rows={found.lines}
            rowHref={l => (l.kind === 'person' ? `${ctx.home}/annuaire/${l.id}` : undefined)}
            empty={{
              title: 'Personne ne répond à cette recherche',
              children: found.communes.length
                ? 'Essayez un autre métier, toutes les communes, ou seulement le début d’un nom.'
                : 'La communauté n’a pas encore choisi ses communes.',
              action: found.communes.length > 0 && <LinkButton href={`${ctx.home}/annuaire`}>Tout l’annuaire</LinkButton>,
            }}
            columns={[
              { key: 'name', label: 'Nom', cell: l => <NameCell line={l} badge={said.get(l.id)} notes={notes} /> },
              { key: 'where', label: 'Adresse', cell: l => <WhereCell ctx={ctx} line={l} found={found} notes={notes} /> },
              { key: 'phone', label: 'Téléphone', tight: true, cell: l => phoneCell(l, notes) },
            ]}
          />
          <Pager page={q.page} pages={pages} hrefFor={n => here({ page: n })} label="Pages de l’annuaire" />
        </>
      )
    },
  })

function SearchForm({ ctx, q, found }: { ctx: Ctx; q: Query; found: DirectoryPage }) {
  const counted = countNeeds(found.professions)
  const partners = partnerKinds.flatMap(kind => found.partners.find(p => p.kind === kind) ?? [])
  const chosen = (key: string) => q.need?.key === key
  const absent =
    q.need && !counted.some(c => chosen(c.need.key)) && !partners.some(p => chosen(partnerWords[p.kind].key)) && !chosen(allPartners.key)
  return (
    <search>
      <form method="get" action={`${ctx.home}/annuaire`} class="cluster">
        {q.exercise !== 'town' && <input type="hidden" name="exercice" value={exercises[q.exercise].key} />}
        {q.map && <input type="hidden" name="carte" value="1" />}
        <div class="field">
          <label for="besoin">Je cherche</label>
          <select id="besoin" name="besoin">
            <option value="">Tous les métiers et partenaires</option>
            {absent && q.need && (
              <option value={q.need.key} selected>
                {q.need.label} (0)
              </option>
            )}
            {counted.map(c => (
              <option value={c.need.key} selected={chosen(c.need.key)}>
                {c.need.label} ({frNumber(c.n)})
              </option>
            ))}
            {partners.length > 0 && (
              <optgroup label={allPartners.label}>
                <option value={allPartners.key} selected={chosen(allPartners.key)}>
                  {allPartners.label} ({frNumber(partners.reduce((s, p) => s + p.n, 0))})
                </option>
                {partners.map(p => (
                  <option value={partnerWords[p.kind].key} selected={chosen(partnerWords[p.kind].key)}>
                    {partnerWords[p.kind].label} ({frNumber(p.n)})
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </div>
        <div class="field">
          <label for="commune">Commune</label>
          <select id="commune" name="commune">
            <option value="">Tout le territoire</option>
            {found.communes.map(c => (
              <option value={c.code} selected={q.commune === c.code}>
                {c.name} ({frNumber(c.n)})
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="q">Nom, rue ou structure</label>
          <div class="search">
            <input type="search" id="q" name="q" value={q.q} maxlength={80} data-search />
            <button type="submit" class="button primary">
              Chercher
            </button>
          </div>
        </div>
      </form>
    </search>
  )
}

/** The needs most asked for stay one tap away. */
const QUICK = ['medecin-generaliste', 'infirmier', 'kinesitherapeute', 'pharmacien', 'chirurgien-dentiste', 'sage-femme', 'orthophoniste']
function chips(q: Query, found: DirectoryPage, here: (o: Partial<Query>) => string) {
  const counted = countNeeds(found.professions)
  const quick: NeedCount[] = counted.filter(c => QUICK.includes(c.need.key))
  const partners = found.partners.reduce((s, p) => s + p.n, 0)
  const list = [...quick, ...(partners ? [{ need: allPartners, n: partners }] : [])]
  const active = q.need && !list.some(c => c.need.key === q.need?.key)
  return [
    ...list.map(c => {
      const on = q.need?.key === c.need.key
      return { label: c.need.many, href: here({ need: on ? null : c.need }), on, count: c.n }
    }),
    ...(active && q.need ? [{ label: q.need.label, href: here({ need: null }), on: true }] : []),
    { label: exercises.all.label, href: here({ exercise: q.exercise === 'all' ? 'town' : 'all' }), on: q.exercise === 'all' },
    ...(q.exercise === 'liberal' ? [{ label: exercises.liberal.label, href: here({ exercise: 'town' }), on: true }] : []),
    { label: 'Carte', href: here({ map: !q.map, page: q.page }), on: q.map },
  ]
}
function countText(found: DirectoryPage): string {
  const partners = found.total === 0 ? 0 : found.lines.filter(l => l.kind === 'partner').length
  const people = plural(found.people, 'professionnel', 'professionnels')
  if (found.people === 0)
    return found.total === 0 ? 'Aucun résultat' : plural(found.total, 'structure ou partenaire', 'structures et partenaires')
  const places = found.total > found.people && partners === 0 ? `, ${plural(found.total, 'lieu d’exercice', 'lieux d’exercice')}` : ''
  return partners ? `${plural(found.total, 'ligne', 'lignes')}, dont ${people}` : people + places
}
const captionOf = (q: Query, found: DirectoryPage) =>
  [q.need?.many ?? 'Professionnels et partenaires', found.communes.find(c => c.code === q.commune)?.name].filter(Boolean).join(', ')

const noteAbout = (l: DirectoryLine, notes: readonly Note[], field: Note['field']) =>
  l.kind === 'person' ? notes.find(n => n.rpps === l.id && n.field === field) : undefined

function NameCell({ line, badge, notes }: { line: DirectoryLine; badge?: Badge; notes: readonly Note[] }) {
  if (line.kind === 'partner')
    return (
      <>
        {line.familyName}
        <div class="note">
          {partnerWords[line.partnerKind].label}
          {vehiclesText(line)}
        </div>
      </>
    )
  const stopped = noteAbout(line, notes, 'stopped')
  return (
    <>
      {lineName(line)}
      <div class="note">{occupation(line.professionCode, line.skills, line.profession ?? null)}</div>
      {stopped && <Tag tone="wait">{`N’exercerait plus depuis le ${frDate(stopped.value)}`}</Tag>}
      {badge && !stopped && <Tag tone={badge.tone}>{badge.text}</Tag>}
    </>
  )
}

/** The local number, when the community has verified one, stands first; the other is on the page of the person. */
function phoneCell(l: DirectoryLine, notes: readonly Note[]) {
  const local = noteAbout(l, notes, 'phone')
  const phone = local?.value ?? l.phone
  return phone ? <PhoneLink phone={phone} /> : <span class="muted">Non publié</span>
}
/** Where, and who says so since when. */
function WhereCell({ ctx, line, found, notes }: { ctx: Ctx; line: DirectoryLine; found: DirectoryPage; notes: readonly Note[] }) {
  return (
    <div>
      {addressText(line)}
      <div class="note">{typo(sourceText(ctx, line, found, notes))}</div>
    </div>
  )
}
function sourceText(ctx: Ctx, l: DirectoryLine, found: DirectoryPage, notes: readonly Note[]): string {
  if (l.kind === 'partner') return `${l.source}, vérifié le ${frDate(l.verifiedAt)} par ${verifier(ctx.who, l.verifiedBy)}`
  const phone = noteAbout(l, notes, 'phone')
  const differs = phone && contradicts(phone, { phones: l.phone ? [l.phone] : [], communes: [] })
  const local = phone ? ` ; téléphone vérifié le ${frDate(phone.verifiedAt)} par ${verifier(ctx.who, phone.verifiedBy)}` : ''
  return `${RPPS_SOURCE}, ${asOfText(found.asOf)}${local}${differs ? ' (les deux sources diffèrent)' : ''}`
}

/** How many in each commune, for the search under way: a map for doctors, bars for the rest. The only case of one statement more. */
async function Places({ ctx, q, found }: { ctx: Ctx; q: Query; found: DirectoryPage }) {
  const none = found.communes.filter(c => c.n === 0).length
  const what = q.need ? q.need.label.charAt(0).toLowerCase() + q.need.label.slice(1) : 'réponse à cette recherche'
  const title =
    none === 0
      ? 'Chaque commune a une réponse à cette recherche'
      : `${plural(none, 'commune', 'communes')} sur ${frNumber(found.communes.length)} sans ${what}`
  const source = `${RPPS_SOURCE}, ${asOfText(found.asOf)}. Lieux d’exercice, commune par commune.`
  if (!q.need?.professions.includes(DOCTOR))
    return (
      <Bars
        title={title}
        source={source}
        rows={[...found.communes]
          .sort((a, b) => b.n - a.n)
          .slice(0, MOST)
          .map(c => ({ label: c.name, values: [c.n], href: addressOf(ctx.home, { ...q, commune: c.code, map: false, page: 1 }) }))}
      />
    )
  const placed = (await territoryCommunes(ctx.tx)).flatMap(c =>
    c.lon === null || c.lat === null ? [] : [{ ...c, lon: c.lon, lat: c.lat }],
  )
  const counts = new Map(found.communes.map(c => [c.code, c.n]))
  return (
    <TerritoryMap
      title={title}
      source={source}
      communes={placed.map(c => ({ code: c.code, name: c.name, lon: c.lon, lat: c.lat, population: c.population ?? undefined }))}
      demand={placed.map(c => ({ code: c.code, count: Math.round((c.population ?? 0) / 1000) }))}
      unit={['millier d’habitants', 'milliers d’habitants']}
      doctors={besideCentres(placed)
        .filter(c => counts.get(c.code))
        .map(c => ({
          id: c.code,
          lon: c.lon,
          lat: c.lat,
          label: `${c.name}\u202f: ${plural(counts.get(c.code) ?? 0, 'réponse', 'réponses')}`,
        }))}
    />
  )
}
const MOST = 40

interface SheetRow {
  line: DirectoryLine
  asOf: string | null
}
const columns: SheetColumn<SheetRow>[] = [
  { label: 'Nom', value: r => lineName(r.line) },
  { label: 'RPPS', value: r => (r.line.kind === 'person' ? r.line.id : null) },
  {
    label: 'Métier ou type',
    value: r =>
      r.line.kind === 'person'
        ? occupation(r.line.professionCode, r.line.skills, r.line.profession ?? null)
        : partnerWords[r.line.partnerKind].label,
  },
  {
    label: 'Exercice',
    value: r => (r.line.kind === 'person' ? (r.line.mode === 'L' ? 'libéral' : r.line.mode === 'S' ? 'salarié' : null) : null),
  },
  { label: 'Adresse', value: r => addressText(r.line) },
  { label: 'Code postal', value: r => (r.line.kind === 'person' ? r.line.postalCode : null) },
  { label: 'Commune', value: r => r.line.commune },
  { label: 'Téléphone', value: r => r.line.phone },
  { label: 'Adresse électronique', value: r => (r.line.kind === 'partner' ? r.line.email : null) },
  { label: 'Ambulances', value: r => (r.line.kind === 'partner' ? r.line.ambulances : null), type: 'number' },
  { label: 'VSL', value: r => (r.line.kind === 'partner' ? r.line.vsl : null), type: 'number' },
  { label: 'Source', value: r => (r.line.kind === 'partner' ? r.line.source : RPPS_SOURCE) },
  { label: 'Vérifié le', value: r => (r.line.kind === 'partner' ? r.line.verifiedAt : r.asOf ? new Date(r.asOf) : null), type: 'date' },
]
async function sheet(ctx: Ctx, format: string): Promise<SheetRow[]> {
  const q = queryOf(ctx.query)
  const found = await directoryPage(ctx.tx, { ...asked(q), limit: EVERYBODY })
  await audit(ctx.tx, ctx, { action: 'directory.export', detail: { format, lines: found.lines.length, need: q.need?.key ?? null } })
  return found.lines.map(line => ({ line, asOf: found.asOf }))
}
export const listCsv = download({
  path: '/c/:cpts/annuaire.csv',
  title: 'Annuaire (CSV)',
  access: anyMember,
  respond: async ctx => ({ name: `annuaire-${ctx.params.cpts}.csv`, type: CSV_TYPE, body: csv(columns, await sheet(ctx, 'csv')) }),
})
export const listXlsx = download({
  path: '/c/:cpts/annuaire.xlsx',
  title: 'Annuaire (Excel)',
  access: anyMember,
  respond: async ctx => ({
    name: `annuaire-${ctx.params.cpts}.xlsx`,
    type: XLSX_TYPE,
    body: await xlsx('Annuaire', columns, await sheet(ctx, 'xlsx')),
  }),
})
