/** The desk: what waits for the coordinator, then the list. Filters, order and page live in the address. */
import { ageOn } from '#domain/priority.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { type Ctx, live, page } from '#platform/page.ts'
import {
  Button,
  type Column,
  Columns,
  Count,
  DataTable,
  Deadline,
  Disclosure,
  Filters,
  frDate,
  frNumber,
  frRelative,
  frUntil,
  LinkButton,
  NBSP,
  Pager,
  PageTitle,
  Tag,
  WaitingForMe,
  type WaitingItem,
} from '#platform/ui/index.ts'
import { profileNames } from '../../rules.ts'
import { currentRule } from '../../store/settings.ts'
import {
  badges,
  due,
  type Group,
  groups,
  type Overview,
  overview,
  type Task,
  type Waiting,
  type WorkFilter,
  type WorkRow,
  workList,
} from '../../store/worklist.ts'
import { filterCodes, hrefOf, PAGE_SIZE, profileCodes, readFilter, writeFilter } from './filter.ts'
import { ageText, flagsOf, nameOf, ShortState, waitedFor } from './words.tsx'

const groupNames: Record<Group, string> = {
  'en-cours': 'En cours',
  recues: 'Reçues',
  'a-completer': 'À compléter',
  'en-attente': 'En attente d’un médecin',
  proposees: 'Proposées',
  acceptees: 'Acceptées',
  'rendez-vous': 'Rendez-vous fixé',
  vues: 'Vues',
  closes: 'Closes',
  sorties: 'Sorties',
}
const taskNames: Record<Task | 'statement', [one: string, many: string]> = {
  check: ['demande reçue à vérifier', 'demandes reçues à vérifier'],
  complete: ['demande à compléter', 'demandes à compléter'],
  changed: ['patient dont la situation a changé', 'patients dont la situation a changé'],
  duplicate: ['doublon possible', 'doublons possibles'],
  expiring: ['proposition bientôt sans réponse', 'propositions bientôt sans réponse'],
  returned: ['patient revenu dans la liste après un refus ou un silence', 'patients revenus dans la liste après un refus ou un silence'],
  appointment: ['patient accepté, sans rendez-vous depuis 7 jours', 'patients acceptés, sans rendez-vous depuis 7 jours'],
  visit: ['rendez-vous passé : consultation à confirmer', 'rendez-vous passés : consultations à confirmer'],
  declaration: ['consultation sans déclaration depuis 30 jours', 'consultations sans déclaration depuis 30 jours'],
  statement: ['médecin dont les places sont à confirmer', 'médecins dont les places sont à confirmer'],
}

const since = (at: Date, now: Date) => (now.getTime() - at.getTime() < 6 * 24 * 3600_000 ? frRelative(at, now) : `depuis le ${frDate(at)}`)
/** One line of the column « Ce qui vous attend ». */
function waitingItem(w: Waiting, home: string, filter: WorkFilter, now: Date): WaitingItem {
  const late = due(w) < now.getTime()
  return {
    label: taskNames[w.task][w.n < 2 ? 0 : 1],
    count: w.n,
    href:
      w.task === 'statement'
        ? `${home}/medecins`
        : hrefOf(`${home}/demandes`, { ...filter, task: w.task, text: '', commune: '', profile: null, sort: 'state' }),
    tone: late ? 'late' : due(w) < now.getTime() + 24 * 3600_000 ? 'wait' : 'neutral',
    due:
      w.task === 'expiring'
        ? frUntil(w.at, now)
        : w.task === 'visit'
          ? `prévu le ${frDate(w.at)}`
          : w.task === 'statement'
            ? `le premier jusqu’au ${frDate(w.at)}`
            : `${w.n < 2 ? '' : 'la plus ancienne, '}${since(w.at, now)}`,
  }
}

/** Counters that follow by themselves, for the island `live`. */
export const liveCounts = live({
  path: '/c/:cpts/demandes/vivant',
  title: 'Compteurs des demandes',
  access: members('coordinator'),
  everySeconds: 15,
  counts: ctx => badges(ctx.tx, ctx),
})

export const listPage = page({
  path: '/c/:cpts/demandes',
  title: 'Demandes',
  access: members('coordinator'),
  islands: ['select-all'],
  async show(ctx) {
    const { filter, page: n } = readFilter(ctx.query)
    const rule = await currentRule(ctx.tx)
    const asked = { rule, now: ctx.now, today: ctx.today }
    const [all, found] = await Promise.all([overview(ctx.tx, asked), workList(ctx.tx, filter, asked, PAGE_SIZE, (n - 1) * PAGE_SIZE)])
    const total = found[0]?.total ?? 0
    await audit(ctx.tx, ctx, { action: 'request.list', detail: { total, page: n, ...filterCodes(filter) }, named: found.map(r => r.id) })
    const path = `${ctx.home}/demandes`
    return (
      <>
        <PageTitle
          title="Demandes"
          count={count(all, 'en-cours')}
          actions={
            <>
              <LinkButton href={`${ctx.home}/plan`}>Plan</LinkButton>
              <LinkButton href={`${path}/nouvelle`} kind="primary">
                Nouvelle demande
              </LinkButton>
            </>
          }
        />
        <Columns
          first="detail"
          detailLabel="Ce qui vous attend"
          detail={<WaitingForMe items={all.waiting.map(w => waitingItem(w, ctx.home, filter, ctx.now))} />}
          list={
            <>
              <Filters
                chips={chips(all, filter, path)}
                search={{ name: 'q', value: filter.text, placeholder: 'Nom ou numéro', hidden: without(writeFilter(filter), 'q') }}
                exports={[
                  { label: 'Tableur (XLSX)', href: hrefOf(`${path}/export.xlsx`, filter) },
                  { label: 'Texte (CSV)', href: hrefOf(`${path}/export.csv`, filter) },
                ]}
              />
              <Narrow filter={filter} all={all} path={path} />
              {total > 0 && <Batch action={`${path}/lot`} total={total} />}
              <List rows={found} ctx={ctx} filter={filter} />
              <Pager page={n} pages={Math.ceil(total / PAGE_SIZE)} hrefFor={p => hrefOf(path, filter, {}, p)} />
            </>
          }
        />
      </>
    )
  },
})

const count = (all: Overview, group: Group) => groups[group].reduce((sum, s) => sum + (all.states[s] ?? 0), 0)
const without = (o: Record<string, string>, ...names: string[]) => Object.fromEntries(Object.entries(o).filter(([k]) => !names.includes(k)))

/** The task being worked stands first among the chips; empty groups are left out. */
function chips(all: Overview, filter: WorkFilter, path: string) {
  const states = (Object.keys(groups) as Group[])
    .map(group => ({
      label: groupNames[group],
      href: hrefOf(path, filter, { group, task: null }),
      on: !filter.task && filter.group === group,
      count: count(all, group),
    }))
    .filter(c => c.count > 0 || c.on)
  if (!filter.task) return states
  const n = all.waiting.find(w => w.task === filter.task)?.n ?? 0
  const label = taskNames[filter.task][n < 2 ? 0 : 1]
  return [{ label: label.charAt(0).toUpperCase() + label.slice(1), href: hrefOf(path, filter), on: true, count: n }, ...states]
}

/** Commune, profile, order: a form for whoever has no pointer to spare on chips. */
function Narrow({ filter, all, path }: { filter: WorkFilter; all: Overview; path: string }) {
  const chosen = [
    filter.commune && (all.communes.find(c => c.code === filter.commune)?.name ?? filter.commune),
    filter.profile && profileNames[filter.profile],
  ].filter(Boolean)
  return (
    <Disclosure summary={chosen.length ? `Commune, profil : ${chosen.join(', ')}` : 'Commune, profil'} open={chosen.length > 0}>
      <form method="get" action={path} class="cluster">
        {Object.entries(without(writeFilter(filter), 'commune', 'profil')).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <label for="filter-commune">Commune</label>
        <select id="filter-commune" name="commune">
          <option value="">Toutes</option>
          {all.communes.map(c => (
            <option value={c.code} selected={c.code === filter.commune}>{`${c.name} (${frNumber(c.n)})`}</option>
          ))}
        </select>
        <label for="filter-profile">Profil</label>
        <select id="filter-profile" name="profil">
          <option value="">Tous</option>
          {(Object.keys(profileCodes) as (keyof typeof profileCodes)[]).map(p => (
            <option value={profileCodes[p]} selected={p === filter.profile}>
              {profileNames[p]}
            </option>
          ))}
        </select>
        <Button kind="secondary" small>
          Filtrer
        </Button>
        {chosen.length > 0 && (
          <LinkButton kind="quiet" small href={hrefOf(path, filter, { commune: '', profile: null })}>
            Tout montrer
          </LinkButton>
        )}
      </form>
    </Disclosure>
  )
}

/** What is done to the ticked rows: chosen here, listed and confirmed on the next page. */
function Batch({ action, total }: { action: string; total: number }) {
  return (
    <form id="lot" method="get" action={action} class="cluster">
      <Count n={total} one="demande" many="demandes" />
      <output class="muted" data-selected="id" data-one="choisie" data-many="choisies" />
      <label class="away" for="lot-faire">
        Pour les demandes choisies
      </label>
      <select id="lot-faire" name="faire">
        <option value="admettre">Déclarer recevables</option>
        <option value="completer">Demander de compléter</option>
        <option value="sortir">Sortir de la liste</option>
      </select>
      <Button kind="secondary" small>
        Continuer
      </Button>
    </form>
  )
}

function List({ rows, ctx, filter }: { rows: WorkRow[]; ctx: Ctx; filter: WorkFilter }) {
  const path = `${ctx.home}/demandes`
  const sorted = (sort: WorkFilter['sort'], way: 'asc' | 'desc') => ({
    sortHref: hrefOf(path, filter, { sort }),
    sorted: filter.sort === sort ? way : undefined,
  })
  const columns: Column<WorkRow>[] = [
    {
      key: 'name',
      label: 'Personne',
      cell: r => (
        <>
          {nameOf(r)}
          <div class="note">{`${ageText(ageOn(r.birthDate, ctx.today))} · ${r.number}`}</div>
        </>
      ),
    },
    {
      key: 'commune',
      label: 'Commune',
      cell: r => (
        <>
          {r.commune}
          <div class="note">{flagsOf(r).join(' · ')}</div>
        </>
      ),
    },
    { key: 'score', label: 'Points', numeric: true, ...sorted('priority', 'desc'), cell: r => frNumber(r.score) },
    { key: 'since', label: 'Attend depuis', tight: true, ...sorted('seniority', 'desc'), cell: r => waitedFor(r.since, ctx.now) },
    {
      key: 'state',
      label: 'État',
      ...sorted('state', 'desc'),
      cell: r => (
        <>
          <ShortState state={r.state} exit={r.exit} />
          {r.suspected && (
            <>
              {' '}
              <Tag tone="late">Doublon possible</Tag>
            </>
          )}
          <Where r={r} now={ctx.now} />
        </>
      ),
    },
  ]
  return (
    <DataTable
      caption="Demandes"
      captionHidden
      rows={rows}
      rowHref={r => `${path}/${r.id}`}
      columns={columns}
      select={{ name: 'id', value: r => r.id, label: nameOf, form: 'lot' }}
      empty={
        filter.text || filter.task || filter.commune || filter.profile
          ? {
              title: 'Aucune demande ne correspond',
              children: 'Essayez d’autres mots, ou retirez un filtre.',
              action: <LinkButton href={path}>Voir toute la liste</LinkButton>,
            }
          : {
              title: 'Aucune demande pour le moment',
              children: 'Elles arrivent par le formulaire public, par téléphone ou par une liste importée.',
            }
      }
    />
  )
}
function Where({ r, now }: { r: WorkRow; now: Date }) {
  if (r.expiresAt)
    return (
      <div class="note">
        {r.doctorName}, <Deadline at={r.expiresAt} now={now} />
      </div>
    )
  if (r.state === 'appointed' && r.appointmentOn) return <div class="note">{`${r.doctorName}, le${NBSP}${frDate(r.appointmentOn)}`}</div>
  return r.doctorName ? <div class="note">{r.doctorName}</div> : null
}
