/** A plan: its finding on the map, its proof level by level, each pair with what bound it, who stays without and why. */
import { explain, type Plan, toInstance } from '#domain/assignment/index.ts'
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { type Ctx, page } from '#platform/page.ts'
import { sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  Callout,
  Cluster,
  DataTable,
  Disclosure,
  ErrorSummary,
  Facts,
  frDateTime,
  frNumber,
  frPercent,
  LinkButton,
  NBSP,
  Notice,
  Pager,
  PageTitle,
  plural,
  Section,
  Stat,
  Stats,
  Tag,
  typo,
} from '#platform/ui/index.ts'
import { territoryCommunes } from '../../../territory/index.ts'
import { explanationLines, reasonText } from '../../explain.ts'
import { fingerprint, settled } from '../../solving.ts'
import { getPlan, type KeptPlan, type KeptResult, type PlanPerson, planDoctors, planInput, planPeople } from '../../store/plans.ts'
import { idOf, nameOf, StateTag } from '../desk/words.tsx'
import { PlanMap } from './map.tsx'

const PAGE = 100
/** A plan without an answer after this long will not get one: the process that computed it is gone. */
const GIVEN_UP_MS = 120_000

export const planPage = page({
  path: '/c/:cpts/plan/:id',
  title: 'Plan',
  access: members('coordinator'),
  islands: ['select-all'],
  async show(ctx, refused) {
    const id = idOf(ctx.params.id)
    let kept = await getPlan(ctx.tx, id)
    if (!kept) throw notFound()
    if (!kept.result) {
      await settled(id, 2_000)
      kept = (await getPlan(ctx.tx, id))!
    }
    return kept.result ? <Made kept={kept} result={kept.result} ctx={ctx} error={refused?.errors} /> : <Waiting kept={kept} ctx={ctx} />
  },
})

function Waiting({ kept, ctx }: { kept: KeptPlan; ctx: Ctx }) {
  const lost = ctx.now.getTime() - kept.createdAt.getTime() > GIVEN_UP_MS
  return (
    <>
      <PageTitle back={{ label: 'Plans', href: `${ctx.home}/plan` }} title={lost ? 'Le calcul s’est arrêté' : 'Le calcul est en cours'} />
      <Callout
        title={
          lost
            ? 'Ce plan n’a pas abouti.'
            : `${plural(kept.patients, 'patient', 'patients')}, ${plural(kept.doctors, 'médecin', 'médecins')} : quelques secondes.`
        }
        action={
          lost ? (
            <LinkButton kind="primary" href={`${ctx.home}/plan`}>
              Recommencer
            </LinkButton>
          ) : (
            <LinkButton kind="primary" href={`${ctx.home}/plan/${kept.id}`}>
              Voir où il en est
            </LinkButton>
          )
        }
      >
        {lost ? 'Rien n’est parti. Relancez le calcul.' : 'Vous pouvez quitter cette page : le plan vous attendra dans la liste des plans.'}
      </Callout>
    </>
  )
}

async function Made({ kept, result, ctx, error }: { kept: KeptPlan; result: KeptResult; ctx: Ctx; error?: Record<string, string> }) {
  const ids = [...result.pairs.map(p => p.patient), ...result.unplaced.map(u => u.patient)]
  const doctorIds = [
    ...new Set([
      ...result.pairs.map(p => p.doctor),
      ...result.unplaced.flatMap(u => (u.reason.kind === 'capacity' ? u.reason.doctors : [])),
    ]),
  ]
  const [input, communes, people, doctors] = await Promise.all([
    planInput(ctx.tx, ctx.now),
    territoryCommunes(ctx.tx),
    planPeople(ctx.tx, kept.id, ids),
    planDoctors(ctx.tx, doctorIds),
  ])
  await audit(ctx.tx, ctx, { action: 'plan.read', subject: { kind: 'plan', id: kept.id }, detail: { patients: ids.length } })
  const person = new Map(people.map(p => [p.id, p]))
  const all = new Map(
    [
      ...(await planDoctors(
        ctx.tx,
        input.doctors.map(d => d.id),
      )),
      ...doctors,
    ].map(d => [d.id, d]),
  )
  const stale = kept.sentAt === null && fingerprint(input.patients, input.doctors) !== result.rests
  const path = `${ctx.home}/plan/${kept.id}`
  const pages = Math.ceil(result.pairs.length / PAGE)
  const asked = Number(ctx.query.get('page') ?? 1)
  const n = Number.isInteger(asked) && asked >= 1 && asked <= pages ? asked : 1
  const byPoints = [...result.pairs].toSorted((a, b) => b.priority - a.priority || a.minutes - b.minutes)
  const shown = byPoints.slice((n - 1) * PAGE, n * PAGE)
  const open = result.pairs.filter(p => person.get(p.patient)?.state === 'prioritised').length
  const sent = people.filter(p => p.sent).length
  const explanations = explainShown(
    result,
    input,
    shown.map(p => p.patient),
    {
      doctorName: id => all.get(id)?.name ?? 'Un médecin',
      patientName: id => (person.has(id) ? nameOf(person.get(id)!) : 'un proche'),
      communeName: code => communes.find(c => c.code === code)?.name ?? code,
    },
  )
  return (
    <>
      <PageTitle
        back={{ label: 'Plans', href: `${ctx.home}/plan` }}
        title={`Plan du ${frDateTime(kept.createdAt)}`}
        lead={`${plural(result.pairs.length, 'patient a un médecin', 'patients ont un médecin')}, ${result.unplaced.length === 0 ? 'personne ne reste sans proposition' : `${plural(result.unplaced.length, 'reste', 'restent')} sans proposition`}.`}
      />
      {error && <ErrorSummary errors={error} />}
      {stale && (
        <Notice tone="late" title="La liste ou les places ont changé depuis ce plan">
          Ce qui tient encore peut partir ; le reste sera signalé. Pour un plan à jour, <a href={`${ctx.home}/plan`}>recalculez</a>.
        </Notice>
      )}
      {kept.sentAt && (
        <Notice tone="ok">
          {`${plural(sent, 'proposition envoyée', 'propositions envoyées')} (${frDateTime(kept.sentAt)}). Les réponses arrivent dans la liste des demandes.`}
        </Notice>
      )}
      <Proof result={result} />
      <PlanMap result={result} people={person} doctors={[...all.values()]} communes={communes} />
      <Section
        title="Propositions"
        count={result.pairs.length}
        actions={sheetLinks(`${path}/propositions`).map(l => <a href={l.href}>{l.label}</a>)}
        lead="Chaque médecin reçoit un lien par patient, sans son nom. Décochez ce qui ne doit pas partir."
      >
        <form method="post" action={`${path}/envoyer`} id="envoi">
          <input type="hidden" name="_key" value={ctx.key()} />
          {open > 0 && (
            <Cluster>
              <Button>{pages > 1 ? 'Envoyer les propositions cochées' : 'Envoyer les propositions'}</Button>
              {pages > 1 && (
                <Button kind="secondary" name="all" value="yes">
                  {`Envoyer les ${frNumber(open)}`}
                </Button>
              )}
              <output class="muted" data-selected="line" data-one="cochée" data-many="cochées" />
            </Cluster>
          )}
        </form>
        <DataTable
          caption="Propositions du plan"
          captionHidden
          rows={shown}
          select={
            open > 0
              ? {
                  name: 'line',
                  value: p => p.patient,
                  label: p => (person.has(p.patient) ? nameOf(person.get(p.patient)!) : 'ce patient'),
                  form: 'envoi',
                  checked: p => person.get(p.patient)?.state === 'prioritised',
                }
              : undefined
          }
          columns={[
            { key: 'patient', label: 'Patient', cell: p => <Who p={person.get(p.patient)} home={ctx.home} /> },
            { key: 'priority', label: 'Points', numeric: true, cell: p => frNumber(p.priority) },
            {
              key: 'doctor',
              label: 'Médecin',
              cell: p => (
                <>
                  {all.get(p.doctor)?.name}
                  <div class="note">{all.get(p.doctor)?.commune}</div>
                </>
              ),
            },
            { key: 'minutes', label: 'Trajet (estimation)', numeric: true, tight: true, cell: p => `${p.minutes}${NBSP}min` },
            {
              key: 'why',
              label: 'Pourquoi lui',
              cell: p => <Why lines={explanations.get(p.patient)} href={`${path}/pourquoi?patient=${p.patient}`} />,
            },
            { key: 'state', label: 'État', cell: p => <Now p={person.get(p.patient)} /> },
          ]}
          empty={{ title: 'Le plan ne propose personne', children: 'La raison est donnée ci-dessous pour chacun.' }}
        />
        <Pager page={n} pages={pages} hrefFor={k => `${path}?page=${k}`} />
      </Section>
      <Splits result={result} people={people} doctorName={id => all.get(id)?.name ?? 'un médecin'} />
      <Unplaced result={result} person={person} path={path} home={ctx.home} />
    </>
  )
}

function explainShown(
  result: Plan,
  input: Awaited<ReturnType<typeof planInput>>,
  ids: string[],
  words: Parameters<typeof explanationLines>[1],
) {
  const instance = toInstance(input.patients, input.doctors)
  const known = new Set(input.patients.map(p => p.id))
  return new Map(
    ids.filter(id => known.has(id)).map(id => [id, explanationLines(explain(result, instance, input.patients, input.doctors, id), words)]),
  )
}

function Proof({ result: { objective, bound, gap, pairs, proof } }: { result: KeptResult }) {
  const best = (value: number, limit: number) => (value === limit ? 'on ne peut pas faire mieux' : `au mieux ${frNumber(limit)}`)
  return (
    <Stats>
      <Stat label="Points servis" value={objective.priority} detail={best(objective.priority, bound.priority)} />
      <Stat
        label="Foyers séparés"
        value={objective.splits}
        detail={objective.splits === 0 ? 'chaque foyer a un seul médecin' : best(objective.splits, bound.splits)}
      />
      <Stat
        label="Trajet en tout (estimation)"
        value={objective.minutes}
        unit="min"
        detail={`${pairs.length ? Math.round(objective.minutes / pairs.length) : 0}${NBSP}min en moyenne ; ${best(objective.minutes, bound.minutes)}`}
      />
      <Stat
        label="Preuve"
        value={gap === 0 ? 'Optimal' : frPercent(gap, 1)}
        detail={
          gap === 0
            ? 'Optimal, prouvé : aucun autre plan ne fait mieux'
            : `à ${frPercent(gap, 1)} au plus du meilleur plan possible${proof.exhausted ? ', recherche arrêtée à son budget' : ''}`
        }
      />
    </Stats>
  )
}
function Who({ p, home }: { p?: PlanPerson; home: string }) {
  if (!p) return null
  return (
    <>
      <a href={`${home}/demandes/${p.id}`}>{nameOf(p)}</a>
      <div class="note">{[p.number, p.commune, ...(p.householdId ? ['foyer'] : [])].join(' · ')}</div>
    </>
  )
}
function Now({ p }: { p?: PlanPerson }) {
  if (!p) return <Tag tone="stop">Introuvable</Tag>
  if (p.sent) return <Tag tone="ok">Envoyée</Tag>
  return p.state === 'prioritised' ? <Tag tone="neutral">À envoyer</Tag> : <StateTag state={p.state} />
}
function Why({ lines, href }: { lines?: string[]; href: string }) {
  if (!lines) return null
  const another = <a href={href}>{typo('Pourquoi pas un autre ?')}</a>
  if (lines.length < 2)
    return (
      <>
        {typo(lines[0] ?? '')}
        <div class="note">{another}</div>
      </>
    )
  return (
    <Disclosure summary={`${lines.length} raisons`}>
      <ul class="listed">
        {lines.map(l => (
          <li>{typo(l)}</li>
        ))}
      </ul>
      {another}
    </Disclosure>
  )
}
function Splits({ result, people, doctorName }: { result: KeptResult; people: PlanPerson[]; doctorName: (id: string) => string }) {
  if (result.splits.length === 0) return null
  return (
    <Section
      title="Foyers séparés"
      count={result.splits.length}
      lead="Aucun médecin n’a assez de places pour tout le foyer sans priver quelqu’un de plus prioritaire."
    >
      <Facts
        items={result.splits.map(s => ({
          label: people
            .filter(p => p.householdId === s.household)
            .map(nameOf)
            .join(', '),
          value: s.doctors.map(doctorName).join(', '),
        }))}
      />
    </Section>
  )
}
function Unplaced({ result, person, path, home }: { result: KeptResult; person: Map<string, PlanPerson>; path: string; home: string }) {
  if (result.unplaced.length === 0) return null
  const rows = result.unplaced.slice(0, 500)
  return (
    <Section
      title="Sans proposition"
      count={result.unplaced.length}
      lead="Ils gardent leur place. Un médecin de plus, ou une place de plus, changerait la réponse."
    >
      <DataTable
        caption="Patients sans proposition"
        captionHidden
        rows={rows}
        columns={[
          { key: 'patient', label: 'Patient', cell: u => <Who p={person.get(u.patient)} home={home} /> },
          { key: 'reason', label: 'Pourquoi', cell: u => reasonText(u.reason) },
          {
            key: 'ask',
            label: 'Et si',
            cell: u => <a href={`${path}/pourquoi?patient=${u.patient}`}>{typo('Pourquoi pas ce médecin ?')}</a>,
          },
        ]}
      />
      {result.unplaced.length > rows.length && <p class="muted">{`Les ${frNumber(rows.length)} premiers sont montrés.`}</p>}
    </Section>
  )
}
