/** The record of one request: where it stands, what can be done now, what he said, what happened, who looked. */
import { ageOn, priority } from '#domain/priority.ts'
import { members } from '#platform/access.ts'
import { type Ctx, page } from '#platform/page.ts'
import {
  Cluster,
  Columns,
  Disclosure,
  Facts,
  frDate,
  frDay,
  frPhone,
  frRelative,
  frUntil,
  LinkButton,
  Notice,
  PageTitle,
  Points,
  Section,
  Stack,
  type Station,
  Stations,
  Timeline,
  type TimelineEvent,
} from '#platform/ui/index.ts'
import { languageName } from '../../fields.ts'
import { refusalNames, type State, stateNames, waits } from '../../rules.ts'
import { signed } from '../../store/by-hand.ts'
import { patientChanges } from '../../store/change.ts'
import { interimOf } from '../../store/interim.ts'
import { type RecordView, type Relative, recordView } from '../../store/record.ts'
import { ChangesToSee } from './changes.tsx'
import { InTheMeantime } from './meanwhile.tsx'
import { Actions } from './record-actions.tsx'
import { ageText, birthNameOf, idOf, nameOf, proxyText, reasonText, StateTag, saidOf, waitedFor } from './words.tsx'

export const recordPage = page({
  path: '/c/:cpts/demandes/:id',
  title: 'Demande',
  access: members('coordinator'),
  islands: ['dialog'],
  async show(ctx, refused) {
    const view = await recordView(ctx.tx, ctx, idOf(ctx.params.id))
    const { request: r } = view
    const age = ageOn(r.birthDate, ctx.today)
    const path = `${ctx.home}/demandes/${r.id}`
    const [meanwhile, changes] = await Promise.all([waits(r.state) ? interimOf(ctx.tx, r, ctx.now) : [], patientChanges(ctx.tx, r.id)])
    return (
      <>
        <PageTitle
          back={{ label: 'Demandes', href: `${ctx.home}/demandes` }}
          title={nameOf(r)}
          actions={
            <>
              <LinkButton href={`${path}/telephone`}>Par téléphone</LinkButton>
              <LinkButton href={`${path}/lettre.pdf`}>Lettre</LinkButton>
            </>
          }
          lead={
            <Cluster>
              <StateTag state={r.state} exit={r.exit} />
              <span>{[ageText(age), r.commune, `n° ${r.number}`, `attend depuis ${waitedFor(r.since, ctx.now)}`].join(' · ')}</span>
            </Cluster>
          }
        />
        <Suspicion view={view} path={path} home={ctx.home} />
        <ChangesToSee changes={changes} path={path} ctx={ctx} />
        <Columns
          detailLabel="Points, coordonnées et consultations du dossier"
          list={
            <>
              <Stations label="Le chemin de la demande" steps={stationsOf(view)} />
              <Actions view={view} ctx={ctx} refused={refused} />
              <Section
                title="Ce qu’il a dit"
                actions={
                  <LinkButton small kind="quiet" href={`${path}/modifier`}>
                    Modifier
                  </LinkButton>
                }
              >
                <Said view={view} />
              </Section>
              {meanwhile.length > 0 && <InTheMeantime lines={meanwhile} path={path} ctx={ctx} />}
              <Household view={view} home={ctx.home} />
              <Proposals view={view} ctx={ctx} />
              <Section title="Historique">
                <Timeline events={eventsOf(view)} />
              </Section>
            </>
          }
          detail={<Aside view={view} ctx={ctx} age={age} />}
        />
      </>
    )
  },
})

function Suspicion({ view, path, home }: { view: RecordView; path: string; home: string }) {
  const { request: r, relatives } = view
  const older = relatives.find(o => o.relation === 'older')
  const newer = relatives.filter(o => o.relation === 'newer')
  if (r.state === 'exited' && older)
    return (
      <Notice>
        Réunie avec la demande <a href={`${home}/demandes/${older.id}`}>{older.number}</a>, qui garde l’ancienneté.
      </Notice>
    )
  if (r.state === 'exited') return null
  return (
    <>
      {older && (
        <Notice tone="late" title="Doublon possible">
          {`La demande ${older.number}, du ${frDate(older.since)}, porte le même nom et la même date de naissance. `}
          <a href={`${path}/reunir`}>Comparer les deux demandes</a>
        </Notice>
      )}
      {newer.map(n => (
        <Notice tone="wait" title="Peut-être la même personne">
          {`La demande ${n.number}, du ${frDate(n.since)}, lui ressemble. `}
          <a href={`${home}/demandes/${n.id}/reunir`}>Comparer les deux demandes</a>
        </Notice>
      ))}
    </>
  )
}

const way: { label: string; reached: State[] }[] = [
  { label: 'Reçue', reached: ['received', 'incomplete'] },
  { label: 'Dans la liste', reached: ['admissible', 'prioritised'] },
  { label: 'Proposée', reached: ['proposed'] },
  { label: 'Acceptée', reached: ['accepted'] },
  { label: 'Rendez\u2060-\u2060vous', reached: ['appointed'] },
  { label: 'Vue', reached: ['seen'] },
  { label: 'Déclarée', reached: ['declared', 'closed'] },
]
/** The way up to now: a station is done when the request is past it; its day is the last time it stood there. */
function stationsOf({ request: r, events }: RecordView): Station[] {
  const last = r.state === 'exited' ? (events.find(e => e.to === 'exited')?.from ?? 'received') : r.state
  const here = way.findIndex(w => w.reached.includes(last))
  return way.map((w, i) => {
    const at = events.find(e => e.to && w.reached.includes(e.to))?.at
    const state = i < here ? 'done' : i > here ? 'todo' : r.state === 'closed' ? 'done' : r.state === 'exited' ? 'stopped' : 'now'
    const detail =
      i !== here
        ? undefined
        : r.state === 'incomplete'
          ? 'À compléter'
          : r.state === 'appointed' && r.appointmentOn
            ? `Le ${frDay(r.appointmentOn)}`
            : undefined
    return { label: w.label, state, at: i <= here && at ? frDate(at) : undefined, detail }
  })
}

function Said({ view: { request: r } }: { view: RecordView }) {
  const said = saidOf(r)
  const needs = [
    ...(r.languages.length ? [`Langue : ${r.languages.map(languageName).join(', ').toLowerCase()}`] : []),
    ...(r.wheelchair ? ['Cabinet accessible en fauteuil'] : []),
    ...(r.farther ? ['Accepte un médecin plus éloigné'] : []),
  ]
  return (
    <Facts
      columns={2}
      items={[
        { label: 'Situation', value: said.length ? said.join(', ') : 'Rien de coché' },
        { label: 'Besoins', value: needs.length ? needs.join(', ') : 'Aucun' },
      ]}
    />
  )
}

function Household({ view: { request: r, relatives }, home }: { view: RecordView; home: string }) {
  const members = relatives.filter((o: Relative) => o.relation === 'household')
  if (!r.householdId || members.length === 0) return null
  return (
    <Section title="Son foyer" lead="Les personnes d’un foyer sont proposées au même médecin quand c’est possible.">
      <Facts
        items={members.map(m => ({
          label: stateNames[m.state],
          value: <a href={`${home}/demandes/${m.id}`}>{nameOf(m)}</a>,
          note: m.doctorName ?? undefined,
        }))}
      />
    </Section>
  )
}

const answers = {
  pending: 'Attend la réponse',
  accepted: 'Acceptée',
  refused: 'Refusée',
  expired: 'Restée sans réponse',
  withdrawn: 'Retirée',
} as const
function Proposals({ view: { proposals }, ctx }: { view: RecordView; ctx: Ctx }) {
  if (proposals.length === 0) return null
  return (
    <Section title="Propositions" count={proposals.length}>
      <Facts
        items={proposals.map(p => ({
          label: p.doctorName,
          value: `${answers[p.state]}${p.state === 'pending' ? `, ${frUntil(p.expiresAt, ctx.now)}` : ''}`,
          note: [
            `envoyée le ${frDate(p.sentAt)} par ${p.sentByLabel}`,
            p.minutes !== null ? `${p.minutes} min de trajet (estimation)` : null,
            p.reason && p.state === 'refused' ? refusalNames[p.reason as keyof typeof refusalNames] : null,
          ]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
    </Section>
  )
}

function eventsOf({ events }: RecordView): TimelineEvent[] {
  const kinds = {
    contact: 'Contact',
    edit: 'Demande modifiée',
    merge: 'Deux demandes réunies',
    household: 'Foyer modifié',
    refusal: 'Refus',
    priority: 'Priorité changée à la main',
  } as const
  return events.map(e => ({
    at: e.at,
    title:
      e.kind === 'transition' && e.to
        ? stateNames[e.to]
        : e.reason?.startsWith('declared:')
          ? (reasonText(e.reason) ?? '')
          : kinds[e.kind as keyof typeof kinds],
    who: e.who,
    detail: e.reason && !e.reason.startsWith('declared:') ? reasonText(e.reason) : undefined,
    tone: e.to === 'exited' ? 'stop' : e.to === 'accepted' || e.to === 'closed' ? 'ok' : undefined,
  }))
}

function Aside({ view, ctx, age }: { view: RecordView; ctx: Ctx; age: number }) {
  const { request: r, rule, changes, openings } = view
  const points = priority(rule, r, age, r.since, ctx.now, r.byHand)
  const birthName = birthNameOf(r)
  return (
    <Stack gap="loose">
      <Section title="Points">
        <Points lines={points.lines} total={points.total} />
        <p class="note">
          <a href={`${ctx.home}/regle`}>{`Règle ${rule.version === 0 ? 'provisoire' : `n° ${rule.version}`}`}</a>
          {rule.version > 0 && `, décision ${rule.decision} du ${frDate(rule.decidedOn)}`}
        </p>
        {changes.length > 0 && (
          <Facts
            items={changes.map(c => ({
              label: `${signed(c.points)}, le ${frDate(c.at)}`,
              value: c.reason,
              note: c.undoneAt ? `${c.by} ; annulé le ${frDate(c.undoneAt)} par ${c.undoneBy}` : c.by,
            }))}
          />
        )}
        {waits(r.state) && (
          <LinkButton small kind="quiet" href={`${ctx.home}/demandes/${r.id}/priorite`}>
            Changer à la main
          </LinkButton>
        )}
      </Section>
      <Section title="Coordonnées">
        <Facts
          items={[
            { label: 'Naissance', value: frDate(r.birthDate), note: birthName ?? undefined },
            { label: 'Téléphone', value: r.phone && <a href={`tel:${r.phone}`}>{frPhone(r.phone)}</a> },
            { label: 'Adresse électronique', value: r.email && <a href={`mailto:${r.email}`}>{r.email}</a> },
            {
              label: 'Joindre de préférence',
              value: { phone: 'par téléphone', email: 'par courrier électronique', proxy: 'par la personne qui l’aide' }[
                r.preferredContact
              ],
            },
            ...(r.proxyKind
              ? [{ label: 'Demande faite par', value: proxyText(r.proxyKind, r.proxyName), note: r.proxyContact ?? undefined }]
              : []),
            {
              label: 'Accord donné',
              value: `le ${frDate(r.consentAt)}`,
              note: { patient: 'par lui-même', proxy: 'par la personne qui l’aide', coordinator: 'de vive voix, à la coordination' }[
                r.consentBy
              ],
            },
          ]}
        />
      </Section>
      <Disclosure summary={`Qui a ouvert ce dossier (${openings.length})`}>
        <Timeline
          label="Consultations du dossier"
          events={openings.map(o => ({
            at: o.at,
            title: o.who,
            detail: o.action === 'request.export' ? 'Export de la liste' : frRelative(o.at, ctx.now),
          }))}
        />
      </Disclosure>
    </Stack>
  )
}
